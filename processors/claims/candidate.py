"""What the readers of verbs, nouns and adverbs find: candidates, what becomes of them, and how far clauses reach."""

from dataclasses import dataclass, field

from processors.claims.lexicon import Verb
from processors.claims.parse import MAX_CLIMB, Parse
from processors.claims.phrases import Range
from processors.document import Piece

MARKS = frozenset({"that", "whether", "if"})
_ADVERBIAL = frozenset({"as", "after", "before", "while", "because", "since", "although", "though", "until", "unless"})

OPENERS = frozenset({"but", "and", "however", "nevertheless", "so", "now", "meanwhile", "still", "yet", "moreover", "also"})
"""Words of the journalist's that open a sentence."""
_JOINTS = frozenset({"and", "but", "or"})


@dataclass(slots=True)
class Candidate:
    """One reading of one word as a cue. Ranges count tokens."""

    anchor: int
    frame: str
    verb: Verb
    cue: Range
    source: Range | None
    speaker: int | None
    """The head of the source."""
    content: list[Range] = field(default_factory=list)
    addressee: Range | None = None
    passive: bool = False


@dataclass(slots=True)
class Attribution:
    """A source, a cue and a content in characters, before it is described as a claim."""

    source: list[Piece]
    cue: list[Piece]
    content: list[Piece]
    candidate: Candidate
    confidence: float
    quoted: bool = False
    nested: bool = False
    paragraph: int = 0
    tokens: list[int] = field(default_factory=list)


def extent(p: Parse, verb: int, start: int) -> int:
    """Where a content that begins at token `start` ends: past the verb's last adjunct, before a second verb joined to it."""
    end = start
    for c in p.rights(verb):
        if p.right[c] <= start:
            continue
        dep = p.deps[c]
        if dep == "cc" and c + 1 < len(p) and p.deps[c + 1] == "mark" and p.lower[c + 1] in MARKS:
            continue  # said he was in pain, but that he would go on
        if dep == "conj" and p.deps[p.left[c]] == "mark" and p.lower[p.left[c]] in MARKS:
            end = max(end, p.right[c])
            continue
        if dep in {"cc", "conj"}:
            break
        if dep == "punct":
            if p.words[c] in {"-", "--", "—", "–", ";"}:
                break
            continue
        if dep == "advcl" and p.tags[c] == "VBG" and p.words[p.left[c] - 1] == ",":
            break
        if dep not in {"nsubj", "csubj", "expl"}:
            end = max(end, p.right[c])
    return end


def words(p: Parse, start: int, end: int) -> list[Range]:
    """The range from `start` to `end` without punctuation at its edges, as a list of one, or of none where nothing is left."""
    start, end = p.trim(start, end)
    while end > start and p.lower[end - 1] in _JOINTS:
        start, end = p.trim(start, end - 1)
    return [(start, end)] if start < end else []


def adverbial(p: Parse, clause: int) -> bool:
    """A clause of time or reason that the parser takes for a complement: he said as some booed."""
    first = p.left[clause]
    if p.lower[first] == "when":  # "he did not say when it opens" is a complement, "he said when asked" is not
        return p.child(clause, "nsubj", "nsubjpass") is None
    return p.heads[first] == clause and p.deps[first] in {"mark", "advmod"} and p.lower[first] in _ADVERBIAL


def hung_clause(p: Parse, adjunct: int) -> int | None:
    """Where "that …" begins which the parser hung on a noun before it: stressed during the talks that Russia was open."""
    for _ in range(MAX_CLIMB):
        for c in p.rights(adjunct):
            if p.deps[c] in {"relcl", "acl", "ccomp"} and p.lower[p.left[c]] == "that":
                topic = p.child(c, "nsubj", "nsubjpass", "expl")
                return p.left[c] if topic is not None and topic > p.left[c] else None
        last = [c for c in p.rights(adjunct) if p.deps[c] in {"pobj", "prep"}]
        if not last:
            return None
        adjunct = last[-1]
    return None


def clause_start(p: Parse, clause: int) -> int:
    """The clause's conjunction where it has one, else its first word."""
    for c in p.lefts(clause):
        if p.deps[c] == "mark" and p.lower[c] in MARKS:
            return c
    return p.left[clause]
