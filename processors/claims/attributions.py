"""From candidates to attributions: quotes joined to their cues, overlaps resolved, quotes that go on linked to their speaker."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from processors.claims.adjacent import adjacent
from processors.claims.beside import QuoteIndex
from processors.claims.candidate import Attribution, Candidate
from processors.claims.candidates import candidates
from processors.claims.gate import CONFIDENCE, QUOTING, accept
from processors.claims.labels import labelled
from processors.claims.lexicon import Lexicon
from processors.claims.parse import Parse
from processors.claims.phrases import Range, animacy, noun_phrase
from processors.claims.quotes import Quote
from processors.document import Piece

_NOMINAL = frozenset({"PRON", "PROPN", "NOUN", "DET", "ADJ", "NUM"})
_WITHIN_NOUN_PHRASE = frozenset({"compound", "amod", "nmod", "poss", "det", "nummod", "advmod", "case"})
_SAID = frozenset({"clause", "told"})
_COMPARISONS = frozenset({"compared", "despite", "given", "however", "double"})
_ALWAYS_QUOTING = frozenset({"according", "fixed"})
_LONGEST_SCAN = 120
_LONGEST_SOURCE = 20
_WHEN = frozenset(["when", "as", "after", "before", "while", "because", "since", "although", "though"])
_ACTS = frozenset({"object", "infinitive", "object_infinitive", "preposition", "far_preposition", "object_preposition"}) | {
    *("as", "predicate", "adjective")
}
"""Frames whose content does not hold a clause of time or reason that hangs on the cue."""
_ASIDES = dict.fromkeys(("when", "where"), _SAID) | {
    word: _SAID | {"object", "preposition", "infinitive", "object_infinitive"}
    for word in ("while", "although", "though", "which", "who", "whose")
}
"""Words that open a clause of the journalist's at the end of a content in these frames."""


class Cover:
    """The contents of outermost attributions, asked which of them covers a character; they may touch and lie in one another."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def piece(self, at: int) -> Piece | None:
        """The piece that covers character `at`."""
        i = bisect_right(self._starts, at) - 1
        return (self._starts[i], self._ends[i]) if i >= 0 and at < self._ends[i] else None

    def add(self, pieces: list[Piece]) -> None:
        """Add pieces; those that overlap become one."""
        for start, end in pieces:
            first = bisect_right(self._ends, start)
            last = bisect_left(self._starts, end)
            if first < last:
                start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
            self._starts[first:last], self._ends[first:last] = [start], [end]


class Reader:
    """Reads the attributions of one Doc."""

    def __init__(self, parse: Parse, quotes: list[Quote], lexicon: Lexicon) -> None:
        self.parse, self.quotes, self.lexicon = parse, quotes, lexicon
        self.index = QuoteIndex(parse, quotes, lexicon)
        self._same_speaker: dict[int, tuple[Range, int]] = {}

    def read(self) -> list[Attribution]:
        by_anchor: dict[int, list[Candidate]] = {}
        for candidate in candidates(self.parse, self.lexicon):
            by_anchor.setdefault(candidate.anchor, []).append(candidate)
        found = [attribution for readings in by_anchor.values() if (attribution := self._best(readings)) is not None]
        found = self._with_adjacent(_once(found))
        labels = sorted(labelled(self.parse, self.quotes, self.lexicon), key=lambda a: a.source)
        found = self._up_to_labels(found, labels)
        quoted = {piece for a in found if a.quoted for piece in a.content}
        found += [a for a in labels if a.content[0] not in quoted]
        return sorted(self._resolve(found), key=lambda attribution: attribution.cue)

    def _up_to_labels(self, found: list[Attribution], labels: list[Attribution]) -> list[Attribution]:
        """With contents that end before a label and the quote that it names the speaker of: The experts agree – Sol: "…" """
        starts = [label.source[0][0] for label in labels]
        for a in found:
            pieces = []
            for start, end in a.content:
                at = bisect_right(starts, max(start, a.cue[0][1]))
                if at > 0 and a.cue[0][1] <= starts[at - 1] and labels[at - 1].content[0] == (start, end):
                    continue
                if at < len(labels) and labels[at].content[0][1] <= end:
                    end = start + len(self.parse.text[start : starts[at]].rstrip(" \n-–—,"))
                if end > start:
                    pieces.append((start, end))
            a.content = pieces
        return [a for a in found if a.content]

    def _with_adjacent(self, found: list[Attribution]) -> list[Attribution]:
        """With the quotes that no content meets given to the word of speech beside them, for its other reading."""
        own = self.index.of_token
        claimed = {number for a in found for number in self.index.numbers(a.content) if own[a.candidate.anchor] != number}
        more = [self._attribution(candidate, [number], CONFIDENCE["quoted"]) for candidate, number in adjacent(self.index, claimed)]
        anchors = {a.candidate.anchor for a in more}
        quoting = {a.candidate.anchor for a in found if a.quoted}
        kept = [a for a in found if a.quoted or a.candidate.anchor not in anchors]
        return kept + [a for a in more if a.candidate.anchor not in quoting]

    def _best(self, readings: list[Candidate]) -> Attribution | None:
        for candidate in readings:
            self._mend_source(candidate)
            self._stretch_source(candidate)
            beside = self.index.beside(candidate) if candidate.verb.frames & QUOTING or candidate.frame in _ALWAYS_QUOTING else []
            who = animacy(self.parse, self.lexicon, candidate.source, candidate.speaker)
            if confidence := accept(candidate, who, quoted=bool(beside)):
                attribution = self._attribution(candidate, beside, confidence)
                if attribution.content:
                    return attribution
        return None

    def _mend_source(self, candidate: Candidate) -> None:
        """A speaker does not stand in the words that he speaks: where the parser says so, who stands beside the cue is taken."""
        p = self.parse
        if candidate.anchor in self._same_speaker:
            candidate.source, candidate.speaker = self._same_speaker[candidate.anchor]
        speaker = candidate.speaker
        if candidate.passive or self.index.of_token[candidate.anchor] >= 0 or "quote" not in candidate.verb.frames:
            return
        start, end = candidate.cue
        across = (
            speaker is not None and speaker < start - 2 and 0 <= self.index.of_token[start - 2] == self.index.next_after(speaker)
        )
        if speaker is not None and self.index.of_token[speaker] < 0 and not (across and p.pos[start - 1] in {"PRON", "PROPN"}):
            return
        candidate.source = candidate.speaker = None
        for beside in (start - 1, end):
            if 0 <= beside < len(p) and self._nominal(beside) and self.index.of_token[beside] < 0:
                head = beside
                while p.deps[head] in _WITHIN_NOUN_PHRASE and p.heads[head] > head and p.heads[head] - beside < 8:
                    head = p.heads[head]
                if p.pos[head] in {"DET", "ADJ", "VERB"} or (beside == start - 1 and head > beside):
                    continue
                candidate.source, candidate.speaker = noun_phrase(p, head, candidate.anchor), head
                return

    def _stretch_source(self, candidate: Candidate) -> None:
        """A speaker begins where the quote before him ends: "…," Office of the Budget (OMB) Director Ana Sol said. Of "a step
        critics say" and "the complaint Sol says" he is the last noun; of "the plan, which says" he is the plan."""
        self._without_participle(candidate)
        p, source, speaker = self.parse, candidate.source, candidate.speaker
        if source is None or speaker is None or candidate.passive:
            return
        candidate.source = source = self._without_quote(source, speaker)
        relative = p.deps[p.heads[speaker]] == "relcl" and p.lower[speaker] == "which"
        antecedent = p.heads[p.heads[speaker]] if relative else None
        if antecedent is not None and p.deps[antecedent] == "pobj" and p.deps[p.heads[antecedent]] == "prep":
            whole = p.heads[p.heads[antecedent]]  # the parser hangs it on the last name: an initiative from Oslo, which
            antecedent = whole if animacy(p, self.lexicon, (whole, whole + 1), whole) == "document" else antecedent
        if antecedent is not None and antecedent < speaker:
            phrase = noun_phrase(p, antecedent, p.heads[speaker])
            phrase = p.trim(phrase[0], min(phrase[1], source[0]))
            if phrase[0] < phrase[1] and animacy(p, self.lexicon, phrase, antecedent) == "document":
                candidate.source, candidate.speaker = phrase, antecedent
            return
        if p.lower[source[0]] in {"a", "an"} and p.tags[speaker] in {"NNS", "NNPS"} and source[1] == candidate.cue[0]:
            candidate.source = (speaker, source[1])
            return
        name = speaker
        while name > source[0] and p.entities[name - 1] == "PERSON" == p.entities[speaker]:
            name -= 1
        before = p.lower[name - 1] if name > source[0] else ""
        if p.entities[speaker] == "PERSON" and before and p.tags[name - 1] == "NN" and p.lower[source[0]] in {"a", "an", "the"}:
            if before not in self.lexicon.animate and not before.endswith(("er", "or", "ist", "man", "woman")):
                candidate.source = (name, source[1])
            return
        if source[1] != candidate.cue[0] or "quote" not in candidate.verb.frames:
            return
        i = source[0] - 1
        while i >= 0 and self.index.of_token[i] < 0 and source[0] - i < _LONGEST_SOURCE:
            if p.pos[i] in {"VERB", "AUX", "SCONJ"} or p.words[i] in {".", ";", ":"} or "\n" in p.words[i]:
                return
            i -= 1
        if 0 <= i < source[0] - 1 and self.index.of_token[i] >= 0 and self.index.ends_speech(self.index.of_token[i]):
            first = i + 2 if p.words[i + 1].isspace() or p.words[i + 1] == "," else i + 1
            if first < source[0] and p.pos[first] in _NOMINAL:
                candidate.source = (first, source[1])

    def _without_quote(self, source: Range, speaker: int) -> Range:
        """Without a clause that quotes the speaker: Sol, who vowed, “…”"""
        p, (start, end) = self.parse, source
        cut = next((i for i in range(speaker + 1, min(end, speaker + _LONGEST_SCAN)) if self.index.of_token[i] >= 0), end)
        while cut < end and cut > speaker + 1 and p.tags[cut] not in {"WP", "WDT"}:
            cut -= 1
        start, cut = p.trim(start, cut)
        return (start, cut) if start <= speaker < cut else source

    def _without_participle(self, candidate: Candidate) -> None:
        """Standing at the gate, Sol, the mayor, said: the parser takes what he does for who speaks."""
        p, source = self.parse, candidate.source
        if source is None or candidate.speaker != source[0] or p.tags[source[0]] != "VBG":
            return
        comma = next((i for i in range(source[0] + 1, source[1]) if p.words[i] == ","), source[1])
        head = next((i for i in range(comma + 1, source[1]) if p.pos[i] in {"PROPN", "NOUN", "PRON"}), None)
        if head is not None:
            while head + 1 < source[1] and p.pos[head + 1] in {"PROPN", "NOUN"}:
                head += 1
            candidate.source, candidate.speaker = p.trim(comma + 1, source[1]), head

    def _nominal(self, i: int) -> bool:
        """Whether a speaker may begin or end at token `i`: a noun phrase's word, or a capital that the tagger misjudged."""
        p = self.parse
        return p.pos[i] in _NOMINAL or p.deps[i] == "amod" or (p.words[i][0].isupper() and p.pos[i] in {"ADV", "INTJ", "X"})

    def _attribution(self, candidate: Candidate, beside: list[int], confidence: float) -> Attribution:
        p = self.parse
        cue = p.piece(*candidate.cue)
        source = [] if candidate.source is None else [p.piece(*candidate.source)]
        if p.text[cue[1] : cue[1] + 1] == ":":
            cue = (cue[0], cue[1] + 1)
        if (
            source
            and p.text[source[0][1] : source[0][1] + 1] == ","
            and "," in p.text[source[0][0] : source[0][1]]
            and source[0][1] < cue[0]
        ):
            source = [(source[0][0], source[0][1] + 1)]
        if not beside and candidate.content and not candidate.passive:
            candidate.content[-1] = self._without_asides(candidate, *candidate.content[-1])
        content = [p.piece(*piece) for piece in candidate.content]
        if candidate.frame == "parenthetical" and self.index.is_speech(content[-1]):
            content = content[-1:]  # Asked for his reasons, he said, "None."
        if beside:
            content = self.index.content(candidate, beside, content)
        content = self.index.widen(content, [cue, *source])
        return Attribution(source, [cue], content, candidate, confidence, bool(beside))

    def _without_asides(self, candidate: Candidate, start: int, end: int) -> Range:
        """The content up to where the journalist goes on: a last ", which …" or ", while …", ", adding …", "and predicted that …".

        A second cue that is cut off so has the same speaker.
        """
        p, verbs = self.parse, self.lexicon.verbs
        if candidate.frame in _ACTS:  # pledged to stay as he stopped in Oslo
            begins = [p.left[c] for c in p.rights(candidate.anchor) if p.deps[c] == "advcl" and self._says_when(c)]
            begins = [begin for begin in begins if begin + 1 < len(p) and self.index.of_token[begin + 1] < 0]
            end = min([end, *(begin for begin in begins if begin > start)])
            start, end = p.trim(start, end)
        for i in range(start + 2, min(end, start + _LONGEST_SCAN)):
            if self.index.of_token[i] >= 0:
                continue
            word, comma = p.lower[i], p.words[i - 1] == ","
            if p.tags[i] == "VBG" and self._quote_ended(i) and (said := verbs.get(p.lower[i])) is not None and said.reports:
                return p.trim(start, i)  # in a "revolutionary mood," alluding to …
            if comma and word in _ASIDES and candidate.frame in _ASIDES[word] and p.right[self._clause_of(i)] >= end - 1:
                return p.trim(start, i)
            if comma and word in _COMPARISONS and candidate.frame in _SAID and p.right[i] >= end - 1:
                return p.trim(start, i)
            cue = i if comma and p.tags[i] == "VBG" else None
            if word in {"and", "but"}:
                cue = next((j for j in range(i + 1, min(i + 3, end)) if p.tags[j] == p.tags[candidate.anchor]), None)
            verb = None if cue is None else verbs.get(p.lower[cue])
            if (
                cue is None
                or verb is None
                or verb.claim_class not in {"statement", "accusation", "intent"}
                or not verb.frames & {"clause", "quote"}
            ):
                continue
            parallel = word == "and" and p.tags[cue] == "VBD" and not any(p.tags[j] == "VBD" for j in range(start, i))
            if p.child(cue, "nsubj") is None and (parallel or p.deps[cue] == "advcl" or p.child(cue, "ccomp") is not None):
                if candidate.source is not None and candidate.speaker is not None:
                    self._same_speaker[cue] = (candidate.source, candidate.speaker)
                return p.trim(start, i)
        return start, end

    def _says_when(self, clause: int) -> bool:
        """Whether a clause says when, why or against what something was done, and has a subject of its own."""
        p = self.parse
        first = next((i for i in range(p.left[clause], clause) if p.lower[i] in _WHEN), None)
        return first is not None and p.child(clause, "nsubj", "nsubjpass") is not None

    def _quote_ended(self, i: int) -> bool:
        """Whether a quote with a comma at its end stands right before token `i`."""
        before = self.index.of_token[i - 1]
        return before >= 0 and self.index.last_letter(before) == ","

    def _clause_of(self, i: int) -> int:
        """The verb of the subordinate clause that the word at `i` opens; `i` where there is none."""
        return next((head for head in self.parse.ancestors(i) if self.parse.deps[head] in {"relcl", "advcl"}), i)

    def _resolve(self, found: Iterable[Attribution]) -> list[Attribution]:
        """Outermost first: an attribution whose cue lies in another's content is nested and reaches no further than it."""

        def depth(attribution: Attribution) -> int:
            if attribution.candidate.frame == "according":  # frames its sentence, wherever the parser hangs it
                return -1
            return sum(1 for _ in self.parse.ancestors(attribution.candidate.anchor))

        kept: list[Attribution] = []
        outer = Cover()
        for attribution in sorted(found, key=lambda a: (depth(a), a.cue)):
            around = outer.piece(attribution.cue[0][0])
            if around is None and self.index.of_token[attribution.candidate.anchor] >= 0:
                continue
            attribution.nested = around is not None
            if around is not None:
                clipped = [(max(a, around[0]), min(b, around[1])) for a, b in attribution.content]
                attribution.content = [(a, b) for a, b in clipped if a < b] or attribution.content
            else:
                outer.add(attribution.content)
            kept.append(attribution)
        return kept


def _once(found: list[Attribution]) -> list[Attribution]:
    """Without those that only lead in a quote whose speaker is named behind it: Berg fired back: "…," he said."""
    behind = {a.content[0] for a in found if a.quoted and a.content[0][1] <= a.cue[0][0]}
    return [a for a in found if not (a.quoted and a.content[0] in behind and a.content[0][0] >= a.cue[0][1])]
