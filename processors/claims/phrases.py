"""Which words a source and a cue have, read from the parse: noun phrases of speakers and verb groups."""

from processors.claims.lexicon import Lexicon
from processors.claims.parse import SUBJECTS, VERBAL, Parse

Range = tuple[int, int]
"""A range of token numbers, end exclusive."""

_ADVERBS_OUTSIDE = frozenset(
    {"when", "how", "why", "where", "so", "but", "then", "as", "while", "and", "or", "if", "because", "since"}
)
_SAYS = frozenset({"said", "says", "told", "added", "noted", "spoke"})
_CONTACTED = frozenset({"called", "contacted", "emailed", "messaged", "phoned", "texted", "wrote"})
_SHORT_CLAUSE, _LONGEST_CLAUSE = 12, 60
_QUOTES = frozenset({'"', "“", "”", "‘", "’", "'", "``", "''"})
_PERSONAL = frozenset(["i", "you", "he", "she", "we", "they", "who", "my", "your", "his", "her", "our", "their", "whose"])
_NAMED = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_AGENT_ENDINGS = ("er", "ers", "or", "ors")
_PERSON_ENDINGS = ("man", "men", "woman", "women", "ist", "ists", "ian", "ians", "crat", "crats")


def noun_phrase(p: Parse, head: int, verb: int | None = None) -> Range:
    """The words of a speaker: without what a dash, a participle or ", who …" adds, cut at the verb."""
    start, end = p.left[head], p.right[head]
    if p.tags[head] in {"WP", "WDT", "PRP", "PRP$"}:
        return head, head + 1
    for c in p.lefts(head):
        if p.deps[c] in {"cc", "mark", "advmod", "punct", "prep"} and p.left[c] == start:
            start = p.right[c]
    for c in p.rights(head):
        opened_by_comma = p.words[max(p.left[c] - 1, 0)] == ","
        dash = p.deps[c] == "punct" and p.words[c] in {"-", "--", "—", "–", ":"}
        participle = p.deps[c] in {"acl", "advcl"} and p.tags[c] == "VBG" and opened_by_comma
        aside = p.deps[c] == "relcl" and opened_by_comma and _is_aside(p, head, c, inverted=verb is not None and verb < head)
        if dash or participle or aside:
            end = min(end, p.left[c])
    if verb is not None:
        if start <= verb < head:
            start = verb + 1
        elif head < verb < end:
            end = verb
    start, end = p.trim(start, end)
    while start < head and p.words[start] in _QUOTES:
        start += 1
    return (start, end) if start <= head < end else (head, head + 1)


def _is_aside(p: Parse, head: int, clause: int, *, inverted: bool) -> bool:
    """Whether ", who …" is not part of a speaker's name: of whom the reader knows, or what he said besides.

    Behind the verb ("…," said Sol, who is the mayor) a short one belongs to him in any case.
    """
    start, end = p.left[clause], p.right[clause]
    if any(p.lower[i] in _SAYS for i in range(start, min(end, start + _LONGEST_CLAUSE))):
        return True
    return p.is_known(head) and not (inverted and end - start <= _SHORT_CLAUSE)


def verb_group(p: Parse, verb: int) -> Range:
    """The verb with the auxiliaries, negation and adverbs right before it and the particle right after it."""
    start, end = verb, verb + 1
    while start > 0 and (p.heads[start - 1] == verb or p.pos[start - 1] in {"AUX", "ADV", "PART"}) and _in_group(p, start - 1):
        start -= 1
    if end in p.rights(verb) and p.deps[end] == "prt":
        end += 1
    return start, end


def _in_group(p: Parse, i: int) -> bool:
    if p.lower[i] in _ADVERBS_OUTSIDE and not (p.lower[i] == "since" and p.pos[i - 1] == "AUX"):
        return False
    return p.deps[i] in {"aux", "auxpass", "neg", "advmod"} and p.left[i] == i and not p.is_edge(i)


def subject(p: Parse, verb: int) -> int | None:
    """The head of the verb's subject, its own or the one it shares with the verbs above it."""
    passive = p.child(verb, "auxpass") is not None
    for _ in range(6):
        found = p.child(verb, "nsubj", "nsubjpass", "csubj")
        if found is not None:
            return found
        head, dep = p.heads[verb], p.deps[verb]
        if head == verb:
            return None
        if dep == "acl":
            if p.tags[verb] != "VBG":
                return None
            above = next((a for a in p.ancestors(head) if p.pos[a] in VERBAL), head)
            several = p.lower[verb] in {"saying", "telling"} and p.tags[head] == "NNS"
            if (several or p.lower[above] in _CONTACTED) and p.deps[head] in {"dobj", "dative", "pobj"}:
                teller = p.child(above, "nsubj")
                return head if teller is None else teller  # sent a message to supporters saying …, phoned the agency asking …
            return head
        if dep in {"xcomp", "advcl", "conj"} and p.pos[head] in VERBAL:
            if dep == "xcomp" and p.child(head, "dobj") is not None and not passive:
                return p.child(head, "dobj")
            verb = head
        elif dep == "pcomp" and p.pos[p.heads[head]] in VERBAL:
            verb = p.heads[head]
        elif dep in {"prep", "pcomp"}:
            verb = head
        else:
            return None
    return None


def animacy(p: Parse, lexicon: Lexicon, source: Range | None, head: int | None) -> str:
    """Whether a source can speak: "person", "document", "it", "thing" or "none"."""
    if source is None or head is None:
        return "none"
    word = p.lower[head]
    if word in _PERSONAL:
        return "person"
    if word == "it":
        return "it"
    if word in {"that", "which"} and p.tags[head] == "WDT":
        clause = p.heads[head]
        if p.deps[clause] != "relcl":
            return "it"
        head = p.heads[clause]
        word = p.lower[head]
    if p.entities[head] in _NAMED:
        return "person"
    singular = _singular(word)
    if word in lexicon.animate or singular in lexicon.animate or word.endswith(_PERSON_ENDINGS):
        return "person"
    if word in lexicon.documents or singular in lexicon.documents:
        return "document"
    if word in lexicon.never:
        return "thing"
    if p.pos[head] == "PROPN" or word.endswith(_AGENT_ENDINGS) or p.pos[head] == "NUM":
        return "person"
    return "thing"


def can_speak(noun: str, lexicon: Lexicon) -> bool:
    """Whether a common noun is of persons or bodies, by the lists and by its ending."""
    singular = _singular(noun)
    listed = noun in lexicon.animate or singular in lexicon.animate
    written = noun in lexicon.documents or singular in lexicon.documents or noun in lexicon.never
    return listed or (noun.endswith((*_PERSON_ENDINGS, *_AGENT_ENDINGS)) and not written)


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def is_subject(p: Parse, i: int) -> bool:
    return p.deps[i] in SUBJECTS
