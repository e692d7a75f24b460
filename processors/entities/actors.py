"""Actors of noun phrases: what a piece of the text stands for, with name, kind, country and role."""

from bisect import bisect_left, bisect_right
from typing import Any

from spacy.lang.lex_attrs import is_quote
from spacy.tokens import Doc

from processors.document import Piece, claims_of, view_of
from processors.entities.lexicon import DEFINITE, OWNED, role_ending
from processors.entities.model import Entity, Mention, Reading
from processors.entities.offices import coded
from processors.entities.phrases import describe
from schemas import Actor, ActorKind

_MAX_TOKENS = 60
"""A longer noun phrase is read up to here."""
_FIRST_PERSON = frozenset(("i", "me", "myself", "we", "us", "ourselves"))
_ONE = frozenset(("a", "an", "one", "another"))
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET"))


class Actors:
    """Codes noun phrases of one Doc, after coreference."""

    def __init__(self, doc: Doc, reading: Reading) -> None:
        self.doc = doc
        self._view = view_of(doc)
        self._reading = reading
        self._tokens = reading.tokens

    def of(self, piece: Piece) -> list[Actor]:
        """The actors of the noun phrase at `piece`, one for each conjunct or each person that a plural means. Never empty."""
        t = self._tokens
        first = max(bisect_right(t.start, piece[0]) - 1, 0)
        last = min(bisect_left(t.start, piece[1]), first + _MAX_TOKENS)
        while first < last and (t.form[first].isspace() or is_quote(t.form[first]) or self._reading.dateline[first]):
            first += 1
        if first >= last:
            return [self._as_written(piece)]
        heads = self._conjuncts(self._head(first, last), last)
        if len(heads) == 1:
            return self._coded(heads[0], first, last, piece)
        actors: list[Actor] = []
        for n, head in enumerate(heads):
            start = first if n == 0 else max(t.left[head], heads[n - 1] + 1)
            stop = last if n == len(heads) - 1 else max(head + 1, t.left[heads[n + 1]])
            while stop > head + 1 and (t.dep[stop - 1] in ("cc", "punct") or t.form[stop - 1].isspace()):
                stop -= 1
            end = t.end[stop - 1] if stop < last else piece[1]
            actors += self._coded(head, start, stop, (max(t.start[start], piece[0]), end))
        return actors

    def _head(self, first: int, last: int) -> int:
        """The token of the piece that hangs outside it; a noun where there are several."""
        head, pos = self._tokens.head, self._tokens.pos
        outside = [at for at in range(first, last) if not first <= head[at] < last or head[at] == at]
        return next((at for at in outside if pos[at] in _NOMINAL), outside[0] if outside else last - 1)

    def _conjuncts(self, head: int, last: int) -> list[int]:
        t, heads = self._tokens, [head]
        for at in range(head + 1, last):
            if t.dep[at] == "conj" and t.head[at] in heads and t.pos[at] in _NOMINAL:
                heads.append(at)
        return heads

    def _coded(self, head: int, first: int, last: int, piece: Piece) -> list[Actor]:
        t, lower = self._tokens, self._reading.lower
        if lower[head] in _FIRST_PERSON and (speaker := self._speaker(head)):
            written = self._as_written(piece)
            how = "pronoun" if lower[head] in ("i", "me") else "context"  # we: he and others
            return [speaker.model_copy(update={"spans": written.spans, "text": written.text, "resolved_from": how})]
        mention = self._mention(head, first, last)
        if mention and mention.entities[0].kind != "unknown":
            actors = [self._actor(entity, mention, piece) for entity in mention.entities]
            return [self._member(head, actors[0], piece)] if self._is_one_of_a_group(head, mention) else actors
        phrase = describe(self._reading, head)
        at = self._reading.mention_at
        after = at[phrase.role_end] if phrase.role and phrase.role_end < len(at) else None
        if after and after.start == phrase.role_end and after.how in ("name", "short"):  # "the engineering group Acme"
            return [self._actor(entity, after, piece) for entity in after.entities]
        owner = phrase.belongs_to or phrase.state or (self._entity(phrase.possessor) if phrase.possessor is not None else None)
        owned = t.lemma[head].lower() in OWNED
        if owner and owned:
            return [self._as_written(piece, **_identity(owner), resolved_from="context")]
        body = role_ending(lower, head, phrase.start) if owned else None
        if body and body[1].sort == "body":  # a defence ministry statement
            return self._coded(head - 1, body[0], head, t.piece(body[0], head))
        if phrase.role and (phrase.definite or phrase.role.phrase not in DEFINITE):
            role, country = coded(phrase)
            return [self._as_written(piece, role=role, country=country)]
        return [self._as_written(piece, country=phrase.country)]

    def _mention(self, head: int, first: int, last: int) -> Mention | None:
        """The mention that the phrase is: of its head, or of a name in apposition to it."""
        t, at = self._tokens, self._reading.mention_at
        own = at[head]
        if own and own.entities[0].kind == "group" and t.tag[head] in ("NN", "NNP") and (one := self._same_as(head)):
            return one
        end = own.end if own else last
        whose = at[last - 1] if end + 1 < last and self._reading.lower[end] == "'s" else None
        if whose and whose.start == end + 1 and whose.how in ("name", "short") and whose.entities[0].kind == "person":
            return whose  # Americans for Fair Taxes's Jane Doe
        if own and own.how in ("name", "short", "pronoun"):
            return own
        for i in range(first, last):
            mention = at[i]
            if mention and mention.how in ("name", "short") and mention.entities[0].kind == "person" and mention.end <= last:
                name = mention.head
                if t.head[name] == head < name and t.dep[name] in ("appos", "compound", "nmod", "flat"):
                    return mention
        return own

    def _is_one_of_a_group(self, head: int, mention: Mention) -> bool:
        """Whether it is a single one of a people or party: a Florida Republican."""
        alone = mention.entities[0].kind == "group" and self._tokens.tag[head] in ("NN", "NNP")
        return alone and any(self._reading.lower[at] in _ONE for at in self._reading.children(head))

    def _member(self, head: int, group: Actor, piece: Piece) -> Actor:
        phrase = describe(self._reading, head)
        role, country = coded(phrase) if phrase.role else (None, None)
        written = self._as_written(piece)
        return written.model_copy(update={"kind": "person", "country": country or group.country, "role": role or group.role})

    def _same_as(self, head: int) -> Mention | None:
        """The person whom a single member of a group stands in apposition to: Jane Doe, a Democrat; one Democrat, Jane Doe."""
        t = self._tokens
        beside = [at for at in self._reading.right_of(head) if t.dep[at] == "appos"]
        if t.dep[head] == "appos" and t.head[head] < head:
            beside.append(t.head[head])
        mentions = (self._reading.mention_at[i] for i in beside)
        return next((m for m in mentions if m and m.how in ("name", "short") and m.entities[0].kind == "person"), None)

    def _speaker(self, pronoun: int) -> Actor | None:
        """Whose words the quoted first person stands in: the source of the innermost claim around it that names somebody."""
        around = [
            (claim.content[-1][1] - claim.content[0][0], claim.source[0])
            for claim in (claims_of(self.doc) if self._reading.quoted[pronoun] else ())
            if claim.source and any(start <= self._tokens.start[pronoun] < end for start, end in claim.content)
        ]
        text = self._tokens.text
        named = (source for _, source in sorted(around) if _FIRST_PERSON.isdisjoint(text[slice(*source)].lower().split()))
        speakers = (self.of(source)[0] for source in named)
        return next((speaker for speaker in speakers if speaker.kind != "unknown"), None)

    def _entity(self, at: int) -> Entity | None:
        mention = self._reading.mention_at[at]
        return mention.entities[0] if mention else None

    def _actor(self, entity: Entity, mention: Mention, piece: Piece) -> Actor:
        identity = _identity(entity)
        how: str | None = {"pronoun": "pronoun", "short": "name"}.get(mention.how)
        if mention.form in ("capital", "seat"):
            how = "metonym"
        elif mention.form in ("nationals", "adjective", "government"):
            how = "demonym"
        elif mention.how == "name" and identity["name"] not in " ".join(self._view.text[slice(*piece)].split()):
            how = "name"
        elif mention.how == "description":
            how = "description" if mention is not entity.mentions[0] else None
        noun = self._antecedent(entity, mention) if mention.how == "pronoun" else None
        spans = [*self._view.spans(*piece), *(self._view.spans(*noun) if noun is not None else ())]
        return self._as_written(piece, **identity, resolved_from=how, spans=spans)

    def _antecedent(self, entity: Entity, pronoun: Mention) -> Piece | None:
        """Where the pronoun's sentence names whom it stands for, nearest before it."""
        t, at = self._tokens, pronoun.start - 1
        while at >= max(0, pronoun.start - _MAX_TOKENS) and not t.is_sentence_start(at + 1):
            mention = self._reading.mention_at[at]
            if mention is not None and mention.how != "pronoun" and entity in mention.entities:
                return t.piece(mention.start, mention.end)
            at -= 1
        return None

    def _as_written(self, piece: Piece, **known: Any) -> Actor:
        """The actor at `piece`, with what is `known` of it."""
        text = self._view.text[slice(*piece)]
        written: dict[str, Any] = {"text": text, "name": " ".join(text.split())}
        if "spans" not in known:
            written["spans"] = self._view.spans(*piece)
        return Actor(**(written | known))


def _identity(entity: Entity) -> dict[str, Any]:
    """An actor's fields that the entity gives; a capital acts for its state."""
    if entity.capital_of:
        return {"name": entity.capital_of, "kind": "country", "country": entity.country, "role": "GOV"}
    return {"name": entity.name, "kind": entity.kind, "country": entity.country, "role": entity.role}


def listing(doc: Doc, reading: Reading, kind: ActorKind) -> list[Actor]:
    """The named entities of one kind with all their mentions, sorted by the first."""
    view = view_of(doc)
    actors = []
    for entity in reading.entities:
        mentions = sorted(entity.mentions, key=lambda mention: mention.start)
        if entity.kind != kind or not entity.named or not mentions:
            continue
        pieces = [reading.tokens.piece(m.start, m.end) for m in mentions]
        spans = [span for piece in pieces for span in view.spans(*piece)]
        if spans:
            text = view.text[slice(*pieces[0])]
            actors.append((pieces[0], Actor(spans=spans, text=text, **_identity(entity))))
    return [actor for _, actor in sorted(actors, key=lambda found: found[0])]
