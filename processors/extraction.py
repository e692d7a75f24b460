"""From an article of a story to its records: entities, claims and events."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from processors import DEFAULT_MODEL, nlp
from processors.claims.lexicon import lexicon
from processors.claims.phrases import can_speak
from processors.document import ClaimDraft, EventDraft, Piece, claims_of, entities_of, events_of, view_of
from processors.events import DEFAULT_MIN_CONFIDENCE
from processors.headlines import headline, in_title, is_spoken
from processors.identity import Ids, carried, normalised
from schemas import Actor, Claim, Entities, Event, EventPlace, EventTime, Span, StoryArticle

_ALONE = frozenset({"i", "me", "my", "mine", "myself"})
_THIRD_PERSON = frozenset({"he", "she", "they"})
_NEAR_CHARS = 600
_RELATIVE = frozenset({"that", "which", "who"})
_LONGEST_PHRASE = 6
_LONGEST_REACH = 60
"""Words before a pronoun that are looked at."""
_MOST_NESTED = 4
_FIRST_PERSON = _ALONE | {"we", "us", "our", "ours", "ourselves"}
_PRONOUNS = _FIRST_PERSON | _THIRD_PERSON | {"it", "you", "who", "which", "that", "this"}
_NO_EVENTS = 2.0
"""No event is so sure: those in titles are told again in the text."""
_SENTENCE_CHARS_AROUND = 2_000
"""How much of an endless sentence stands in a record, before and behind its trigger."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The records of one article, claims and events in text order; claims in the title come first."""

    entities: Entities
    claims: list[Claim]
    events: list[Event]


def extract(article: StoryArticle, model: str = DEFAULT_MODEL, min_confidence: float | None = None) -> Extraction:
    """Extract from one article; events below `min_confidence` (None: the default) are left out."""
    ids = Ids(article.uri)
    records = _Records(article, nlp.annotate(article, model), min_confidence, ids)
    found = records.extraction()
    title = headline(article, records.view.text)
    if title is None:
        return found
    known = found.entities.people + found.entities.organisations
    said = _Records(title, nlp.annotate(title, model), _NO_EVENTS, ids).extraction().claims
    placed = [in_title(claim, article.title or "", known) for claim in said]
    return Extraction(found.entities, [*filter(is_spoken, placed), *found.claims], found.events)


class _Records:
    """Makes records of the drafts on one Doc."""

    def __init__(self, article: StoryArticle, doc: Doc, min_confidence: float | None, ids: Ids | None = None) -> None:
        self.article, self.doc, self.view, self.entities = article, doc, view_of(doc), entities_of(doc)
        least = DEFAULT_MIN_CONFIDENCE if min_confidence is None else min_confidence
        self.claim_drafts = claims_of(doc)
        self.claim_starts = [draft.cue[0][0] for draft in self.claim_drafts]
        self.event_drafts = [draft for draft in events_of(doc) if draft.confidence >= least]
        ids = ids or Ids(article.uri)
        self.claim_ids = [
            ids.next("claim", self.words(draft.cue), self.words(draft.content), self.words(draft.source))
            for draft in self.claim_drafts
        ]
        self.event_ids = [
            ids.next("event", draft.type, normalised(self.sentence(draft.trigger)), self.words([draft.trigger]))
            for draft in self.event_drafts
        ]

    def extraction(self) -> Extraction:
        entities = Entities(
            **carried(self.article.uri, self.article),
            people=self.entities.people,
            organisations=self.entities.organisations,
            places=self.entities.places,
            dates=self.entities.dates,
        )
        claims = [self.claim(n, draft) for n, draft in enumerate(self.claim_drafts)]
        events = [self.event(id, draft) for id, draft in zip(self.event_ids, self.event_drafts, strict=True)]
        return Extraction(entities, claims, events)

    def claim(self, number: int, draft: ClaimDraft) -> Claim:
        return Claim(
            **carried(self.claim_ids[number], self.article),
            source=self.spans(draft.source),
            speaker=self.speaker(draft),
            cue=self.spans(draft.cue),
            content=self.spans(draft.content),
            kind=draft.kind,
            claim_class=draft.claim_class,
            polarity=draft.polarity,
            certainty=draft.certainty,
            check_worthiness=draft.check_worthiness,
            nested=draft.nested or None,
            repeats=None if draft.repeats is None else self.claim_ids[draft.repeats],
            addressee=None if draft.addressee is None else self.entities.actors(draft.addressee)[0],
            event_ids=[id for id, event in zip(self.event_ids, self.event_drafts, strict=True) if event.claim == number],
            confidence=round(draft.confidence, 3),
        )

    def speaker(self, draft: ClaimDraft, depth: int = 0) -> Actor | None:
        """Who the source is. "I" and "we" within what somebody says are he; a pronoun that nothing else explains is who spoke
        last, nearby."""
        actors = self.actors(draft.source)
        if not actors:
            return None
        they = actors[0].name.lower() == "they"
        if they and (several := self.plural_subject(draft.source[0])) is not None:
            meant = self.entities.actors(several)[0]
            return meant.model_copy(update={"spans": actors[0].spans, "text": actors[0].text, "resolved_from": "context"})
        if actors[0].name.lower() in _THIRD_PERSON:
            at = bisect_left(self.claim_starts, draft.cue[0][0]) - 1
            while at >= 0 and self.claim_drafts[at].nested:
                at -= 1
            near = at >= 0 and draft.cue[0][0] - self.claim_starts[at] <= _NEAR_CHARS
            others = self.actors(self.claim_drafts[at].source) if near else []
            one_person = len(others) == 1 and others[0].kind == "person"
            if others and others[0].name.lower() not in _PRONOUNS and not (they and one_person):
                return others[0].model_copy(update={"spans": actors[0].spans, "text": actors[0].text, "resolved_from": "context"})
            return actors[0]
        if actors[0].name.lower() in _RELATIVE and (noun := self.antecedent(draft.source[0])) is not None:
            return self.entities.actors(noun)[0].model_copy(update={"spans": actors[0].spans, "text": actors[0].text})
        outer = None if draft.within is None else self.claim_drafts[draft.within]
        first_person = outer is not None and depth < _MOST_NESTED and actors[0].text.lower() in _FIRST_PERSON
        if outer is not None and first_person and (speaker := self.speaker(outer, depth + 1)) is not None:
            how: Literal["pronoun", "context"] = "pronoun" if actors[0].text.lower() in _ALONE else "context"
            return speaker.model_copy(update={"spans": actors[0].spans, "text": actors[0].text, "resolved_from": how})
        return actors[0]

    def plural_subject(self, pronoun: Piece) -> Piece | None:
        """The nearest plural that acts before "they" in its sentence: the donors switch because they feel …"""
        found = self.doc.char_span(*pronoun)
        if found is None or len(found) != 1:
            return None
        for token in reversed(self.doc[max(found.sent.start, found.start - _LONGEST_REACH) : found.start]):
            if token.tag_ in ("NNS", "NNPS") and token.dep_ in ("nsubj", "nsubjpass") and can_speak(token.lower_, lexicon()):
                first = next((child for child in token.lefts if token.i - child.i <= _LONGEST_PHRASE), token)
                return first.idx, token.idx + len(token)
        return None

    def antecedent(self, pronoun: Piece) -> Piece | None:
        """The noun phrase that a relative pronoun stands for: new evidence that suggests …"""
        found = self.doc.char_span(*pronoun)
        if found is None or len(found) != 1:
            return None
        clause = found[0].head
        if clause.dep_ != "relcl" or clause.head.i >= found[0].i:
            return None
        noun = clause.head
        first = next((child for child in noun.lefts if noun.i - child.i <= _LONGEST_PHRASE), noun)
        return first.idx, noun.idx + len(noun)

    def event(self, id: str, draft: EventDraft) -> Event:
        place, time = None, None
        if draft.place is not None:
            piece, found = draft.place
            place = EventPlace(**found.model_dump(), span=None if piece is None else self.view.span(*piece))
        if draft.time is not None:
            piece, value = draft.time
            time = EventTime(span=None if piece is None else self.view.span(*piece), value=value)
        return Event(
            **carried(id, self.article),
            type=draft.type,
            mode=draft.mode,
            trigger=self.view.span(*draft.trigger),
            sentence=self.sentence_span(draft.trigger),
            mentions=[self.view.span(*piece) for piece in sorted({draft.trigger, *draft.mentions})],
            operators=draft.operators,
            source=self.actors(draft.source),
            target=self.actors(draft.target),
            place=place,
            time=time,
            factuality=draft.factuality,
            factuality_cue=None if draft.factuality_cue is None else self.view.span(*draft.factuality_cue),
            claim_id=None if draft.claim is None else self.claim_ids[draft.claim],
            confidence=round(draft.confidence, 3),
        )

    def actors(self, pieces: list[Piece]) -> list[Actor]:
        return [actor for piece in pieces for actor in self.entities.actors(piece)]

    def spans(self, pieces: list[Piece]) -> list[Span]:
        return [span for piece in pieces for span in self.view.spans(*piece)]

    def words(self, pieces: list[Piece]) -> str:
        return normalised(" ".join(self.view.text[start:end] for start, end in pieces))

    def sentence_range(self, piece: Piece) -> Piece:
        found = self.doc.char_span(*piece, alignment_mode="expand")
        assert found is not None, f"no token at {piece}"
        sentence = found.sent
        start = max(sentence.start_char, piece[0] - _SENTENCE_CHARS_AROUND)
        end = min(sentence.end_char, piece[1] + _SENTENCE_CHARS_AROUND)
        text = self.view.text[start:end]
        return start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())

    def sentence(self, piece: Piece) -> str:
        start, end = self.sentence_range(piece)
        return self.view.text[start:end]

    def sentence_span(self, piece: Piece) -> Span:
        return self.view.span(*self.sentence_range(piece))
