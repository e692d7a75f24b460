"""What kind of claim an attribution is: direct or not, its class, polarity, certainty, check-worthiness, addressee, repetition."""

from bisect import bisect_left
from collections import Counter
from math import log

from processors.claims.beside import QuoteIndex
from processors.claims.candidate import Attribution
from processors.claims.lexicon import Lexicon
from processors.claims.parse import VERBAL, Parse
from processors.claims.phrases import animacy
from processors.claims.weights import score
from processors.document import ClaimDraft, Piece
from schemas import ClaimClass, ClaimKind

_NEXT_TO_ALL = 0.9
_HERE = frozenset({"i", "we", "you", "me", "us", "my", "our", "your"})
_SHORT_CHARS = 12
_MOST_AROUND = 8
"""Contents around a cue that are looked at."""
_LONGEST_CONTENT = 250
"""Tokens of a content that are looked at."""
_LONGEST_REPEATED = 60
_SHINGLE, _LEAST_SHARED = 4, 0.6
_PRONOUNS = frozenset({"he", "she", "they", "it", "we", "i", "you", "who"})


class Describer:
    """Makes ClaimDrafts of the attributions of one Doc."""

    def __init__(self, parse: Parse, index: QuoteIndex, lexicon: Lexicon) -> None:
        self.parse, self.index, self.lexicon = parse, index, lexicon

    def drafts(self, attributions: list[Attribution]) -> list[ClaimDraft]:
        """A draft for each attribution, in the same order."""
        repeats, within = self._repeats(attributions), _around(attributions)
        return [self._draft(*described) for described in zip(attributions, repeats, within, strict=True)]

    def _draft(self, a: Attribution, repeats: int | None, within: int | None) -> ClaimDraft:
        content = sorted(a.content)
        tokens = self._tokens(content)
        addressee = a.candidate.addressee or self._hearer(a)
        return ClaimDraft(
            source=a.source,
            cue=a.cue,
            content=content,
            kind=self._kind(a, content),
            claim_class=self._class(a),
            polarity=self._polarity(a),
            certainty=self._certainty(a, tokens),
            check_worthiness=round(score("check", self.check_features(a)), 2),
            nested=a.nested,
            within=within,
            repeats=repeats,
            addressee=None if addressee is None else self.parse.piece(*addressee),
            confidence=score("claim", self.claim_features(a)),
        )

    def _tokens(self, pieces: list[Piece]) -> list[int]:
        starts = self.parse.starts
        tokens: list[int] = []
        for start, end in pieces:
            first = bisect_left(starts, start)
            tokens += range(first, min(bisect_left(starts, end), first + _LONGEST_CONTENT))
        return tokens

    def _kind(self, a: Attribution, content: list[Piece]) -> ClaimKind:
        """By the share of the content that stands in quotation marks."""
        if a.candidate.frame == "colon":
            return "direct"
        length = sum(end - start for start, end in content)
        quoted = sum(min(end, q.end) - max(start, q.start) for start, end in content for q in self.index.overlapping(start, end))
        return "indirect" if not quoted else "direct" if quoted >= _NEXT_TO_ALL * length else "mixed"

    def _class(self, a: Attribution) -> ClaimClass:
        claim_class = a.candidate.verb.claim_class
        if claim_class == "evidence":  # "he suggested that …" is no evidence
            who = animacy(self.parse, self.lexicon, a.candidate.source, a.candidate.speaker)
            return "statement" if who == "person" else "evidence"
        return claim_class

    def _polarity(self, a: Attribution) -> str:
        words = self.parse.lower[slice(*a.candidate.cue)]
        negations = sum(word in self.lexicon.hedges["not"] for word in words)
        negations += a.candidate.verb.lemma in self.lexicon.hedges["negative"]
        return "negative" if negations % 2 else "positive"

    def _certainty(self, a: Attribution, tokens: list[int]) -> str:
        """The weakest of the cue's and of the content's main verb's hedges."""
        p, hedges = self.parse, self.lexicon.hedges
        words = set(p.lower[slice(*a.candidate.cue)]) | {a.candidate.verb.lemma}
        inside = set(tokens)
        root = next((i for i in tokens if p.heads[i] not in inside or p.heads[i] == i), None)
        if root is not None and a.candidate.frame not in {"infinitive", "object_infinitive"}:
            words |= {p.lower[c] for c in p.lefts(root) if p.deps[c] in {"aux", "advmod"}} | {p.lower[root]}
        return "possible" if words & hedges["possible"] else "probable" if words & hedges["probable"] else "certain"

    def check_features(self, a: Attribution) -> dict[str, float]:
        """What the content has that can be checked, or speaks against it; lexicon.toml [check] has the words."""
        p, tokens = self.parse, self._tokens(sorted(a.content))
        has = {p.lower[i] for i in tokens}
        tags = {p.tags[i] for i in tokens}
        features = {name: bool(has & listed) for name, listed in self.lexicon.check_words.items()}
        features |= {
            "number": "CD" in tags,
            "comparison": bool(tags & {"JJR", "JJS", "RBR", "RBS"}),
            "past": "VBD" in tags or bool(tags & {"VBN"} and has & {"has", "have", "had", "was", "were", "been"}),
            "name": any(p.entities[i] for i in tokens),
            "question": "?" in has,
            "clause": any(p.pos[i] in VERBAL for i in tokens),
            "infinitive": a.candidate.frame in {"infinitive", "object_infinitive"},
            self._class(a): True,
        }
        return {"start": 1.0, "length": min(len(tokens), 40) / 40} | {name: float(value) for name, value in features.items()}

    def claim_features(self, a: Attribution) -> dict[str, float]:
        """What makes it likelier or less likely that the attribution is one."""
        p, speaker = self.parse, a.candidate.speaker
        who = animacy(p, self.lexicon, a.candidate.source, speaker)
        features = {
            "nested": a.nested,
            "quoted": a.quoted,
            "in_quotes": self.index.of_token[a.candidate.anchor] >= 0,
            "first_or_second_person": speaker is not None and p.lower[speaker] in _HERE,
            "thing": bool(a.source) and who in {"thing", "it", "none"},
            "document": who == "document",
            "short": sum(end - start for start, end in a.content) < _SHORT_CHARS,
            "modal": any(p.tags[i] == "MD" for i in range(*a.candidate.cue)),
        }
        prior = log(a.confidence / (1 - a.confidence))
        return {"start": 1.0, "frame": prior} | {name: float(value) for name, value in features.items()}

    def _hearer(self, a: Attribution) -> tuple[int, int] | None:
        """To whom: said to reporters, wrote to the committee."""
        p, anchor = self.parse, a.candidate.anchor
        if a.candidate.passive or "quote" not in a.candidate.verb.frames:
            return None
        for c in p.rights(anchor):
            if p.deps[c] in {"prep", "dative"} and p.lower[c] == "to" and (hearer := p.child(c, "pobj")) is not None:
                phrase = (p.left[hearer], p.right[hearer])
                inside = any(start <= p.starts[phrase[0]] < end for start, end in a.content)
                if not inside and animacy(p, self.lexicon, phrase, hearer) == "person":
                    return phrase
        return None

    def _repeats(self, attributions: list[Attribution]) -> list[int | None]:
        """For each attribution the first one before it of the same speaker that shares most of its words, four at a time."""
        first: dict[tuple[str, ...], int] = {}
        shingles: list[set[tuple[str, ...]]] = []
        repeats: list[int | None] = []
        for number, a in enumerate(attributions):
            words = [self.parse.lower[i] for i in self._tokens(sorted(a.content)) if self.parse.words[i][0].isalnum()]
            words = words[:_LONGEST_REPEATED]
            mine = {tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
            shingles.append(mine)
            votes = Counter(first[s] for s in mine if s in first)
            best = None
            for other, shared in votes.most_common(1):
                most = shared >= _LEAST_SHARED * min(len(mine), len(shingles[other]))
                if most and _same_voice(self._voice(a), self._voice(attributions[other])) and not _overlap(a, attributions[other]):
                    best = other if repeats[other] is None else repeats[other]
            repeats.append(best)
            for shingle in mine:
                first.setdefault(shingle, number)
        return repeats

    def _voice(self, a: Attribution) -> str:
        return "" if a.candidate.speaker is None else self.parse.lower[a.candidate.speaker]


def _around(attributions: list[Attribution]) -> list[int | None]:
    """For each nested attribution the innermost other one in whose content its cue stands."""
    pieces = [(start, -end, n) for n, a in enumerate(attributions) for start, end in a.content]
    cues = [(a.cue[0][0], 1, n) for n, a in enumerate(attributions) if a.nested]  # behind the pieces that begin there
    around: list[int | None] = [None] * len(attributions)
    open_pieces: list[tuple[int, int]] = []
    for at, stop, n in sorted(pieces + cues):
        while open_pieces and open_pieces[-1][0] <= at:
            open_pieces.pop()
        if stop < 0:
            open_pieces.append((-stop, n))
        else:
            near = open_pieces[-_MOST_AROUND:]
            around[n] = next((other for end, other in reversed(near) if other != n and end > at), None)
    return around


def _same_voice(one: str, other: str) -> bool:
    return bool(one and other) and (one == other or one in _PRONOUNS or other in _PRONOUNS)


def _overlap(one: Attribution, other: Attribution) -> bool:
    """Whether one claim's words stand in the other's: the outer and the nested claim, not a repetition."""
    return min(one.content)[0] < max(other.content)[1] and min(other.content)[0] < max(one.content)[1]
