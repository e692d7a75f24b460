"""The dependency parse as plain lists, and the few walks over it that the rules need. Every walk is bounded."""

from collections.abc import Iterator

from spacy.tokens import Doc

from processors.document import Piece, tokens_of
from processors.events.lexicon import Lexicon
from processors.tokens import straight

MAX_WALK = 12
"""Steps of a walk over conjuncts or governors: a broken parse must not hang us."""

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_AFTER_PHRASE = frozenset({"relcl", "acl", "appos", "advcl", "punct"})
_OUTSIDE_PHRASE = frozenset({"relcl", "acl", "appos", "cc", "conj", "prep", "punct", "advcl", "preconj"})


class Parse:
    """The tokens of a Doc as parallel lists (index = token), which plain Python reads far faster than Token objects."""

    def __init__(self, doc: Doc, lexicon: Lexicon) -> None:
        tokens = tokens_of(doc)
        lemmas, known = lexicon.lemmas, lexicon.known
        self.doc = doc
        self.skipped: set[int] = set()
        """Tokens that are no participants and no part of one: datelines."""
        self.of_heads = lexicon.grammar["of_heads"]
        self.agreements = lexicon.grammar["agreements"]
        self.affairs = lexicon.grammar["affairs"]
        self.lower = straight(tokens.lower)
        self.tag, self.pos, self.dep = tokens.tag.copy(), tokens.pos.copy(), tokens.dep.copy()  # to be mended below
        self.head, self.kids, self.entity = tokens.head, tokens.kids, tokens.entity
        self.start, self.end = tokens.start, tokens.end
        self.sentence, self.sentences = tokens.sentence, tokens.sentences
        # The small model's lemmatizer makes "hop" of "hopes", "rap" of "raped": inflections of our own verbs come first.
        self.lemma = [
            lemma if (lemma := parsed.lower()) in known and lemmas.get(low) != lemma + "e" else lemmas.get(low, lemma)
            for parsed, low in zip(tokens.lemma, self.lower, strict=True)
        ]
        self.name_at: dict[int, tuple[int, int]] = {}
        """First and last token of the name that a token is the first or last of."""
        for start, end, label in tokens.names:
            if label in {"PERSON", "ORG", "GPE", "FAC"} and not any(
                tokens.dep[i] == "cc" or tokens.form[i].isspace() for i in range(start, end)
            ):
                self.name_at[start] = self.name_at[end - 1] = start, end - 1
        for i, dep in enumerate(self.dep):  # a clause before a semicolon is no complement of the one behind it
            if dep == "ccomp" and any(i < k < self.head[i] and self.lower[k] == ";" for k in self.kids[self.head[i]]):
                self.dep[i] = "parataxis"
        for i, tag in enumerate(self.tag):  # "the calls", tagged as a verb
            if tag in {"VBZ", "VBP"} and self.pos[i] == "VERB":
                relations = {self.dep[k] for k in self.kids[i]}
                if relations & {"compound", "amod", "det", "poss", "nmod"} and not relations & {
                    "nsubj",
                    "nsubjpass",
                    "aux",
                    "dobj",
                }:
                    self.pos[i], self.tag[i] = "NOUN", "NNS"

    def child(self, i: int, *deps: str) -> int | None:
        """The first child of `i` by one of these relations."""
        dep = self.dep
        for k in self.kids[i]:
            if dep[k] in deps:
                return k
        return None

    def children(self, i: int, *deps: str) -> list[int]:
        """All children of `i` by one of these relations."""
        dep = self.dep
        return [k for k in self.kids[i] if dep[k] in deps]

    def objects(self, i: int, *prepositions: str) -> list[int]:
        """Objects of the prepositions among the children of `i`; of any, where none is named. "From across": the inner too."""
        found = []
        for k in self.kids[i]:
            if self.dep[k] in {"prep", "agent", "dative"} and (not prepositions or self.lower[k] in prepositions):
                found += self.children(k, "pobj")
                for inner in self.children(k, "prep"):
                    found += self.children(inner, "pobj")
        return found

    def conjuncts(self, i: int) -> list[int]:
        """`i` and what is coordinated with it after it."""
        found, at = [i], i
        for _ in range(MAX_WALK):
            following = self.child(at, "conj")
            if following is None or following in found:
                break
            found.append(following)
            at = following
        return found

    def first_conjunct(self, i: int) -> int:
        """The first member of the coordination that `i` belongs to."""
        for _ in range(MAX_WALK):
            if self.dep[i] != "conj":
                break
            i = self.head[i]
        return i

    def ancestors(self, i: int) -> Iterator[int]:
        """The governors of `i`, nearest first, at most MAX_WALK."""
        for _ in range(MAX_WALK):
            head = self.head[i]
            if head == i:
                return
            yield head
            i = head

    def joined_to_object(self, verb: int) -> int | None:
        """The subject that the parser joins to the object before: dismissed one adviser, and other [advisers] have left."""
        first = min([verb, *self.children(verb, "aux", "auxpass")])
        if self.tag[verb] not in {"VBD", "VBZ", "VBP"} and first == verb:
            return None
        before, after = first - 1, self.head[verb]
        while before > after and self.pos[before] == "ADV":
            before -= 1
        joined = before > after and self.dep[before] == "conj" and self.pos[before] in NOMINAL
        objects = self.children(after, "dobj") if joined and self.child(after, "nsubj") is not None else []
        return before if any(before in self.conjuncts(k) for k in objects) else None

    def subtree(self, i: int, limit: int = 60) -> list[int]:
        """`i` and what depends on it, in no order, at most `limit` tokens."""
        found, at = [i], 0
        while at < len(found) and len(found) < limit:
            found += self.kids[found[at]]
            at += 1
        return found[:limit]

    def phrase(self, i: int) -> Piece:
        """The noun phrase of head `i` with what stands before it and its of-phrase, without clauses, appositions and conjuncts."""
        left = right = i
        for k in self.kids[i]:
            if self.dep[k] in _OUTSIDE_PHRASE:
                if k > i and self.dep[k] == "prep":
                    inner = self.child(k, "pobj")
                    if (self.lower[k] == "of" and self._is_part_of_name(i, inner)) or (
                        k == i + 1 and self._tells_where(i, k, inner)
                    ):
                        right = max(right, self._last(k))
                continue
            if k < i:
                left = min(left, self._first(k))
        name = self.name_at.get(i)
        if name is not None:  # "Abdel Fattah al-Sisi", whose parts the parser does not join
            left, right = min(left, name[0]), max(right, name[1])
        if self.skipped:
            left = next((k + 1 for k in range(i - 1, left - 1, -1) if k in self.skipped), left)
        while left < i and self.pos[left] in {"PUNCT", "SPACE"}:
            left += 1
        return self.start[left], self.end[right]

    def _is_part_of_name(self, head: int, inner: int | None) -> bool:
        """Whether an of-phrase belongs to the phrase: "Bank of Peru", "chief of staff"; not "convicted Lena Ford of fraud"."""
        return inner is not None and (self.pos[head] != "PROPN" or self.pos[inner] == "PROPN")

    def _tells_where(self, head: int, preposition: int, inner: int | None) -> bool:
        """Whether it says which people: "villagers in Chad", "workers from Mexico"."""
        plural = self.tag[head] == "NNS" and inner is not None
        return plural and self.lower[preposition] in {"in", "from"} and self.entity[inner or 0] in {"GPE", "LOC"}

    def clause(self, i: int) -> int:
        """The verb of the clause in which `i` stands; `i` itself where it is one or there is none."""
        if self.pos[i] in {"VERB", "AUX"}:
            return i
        return next((k for k in self.ancestors(i) if self.pos[k] in {"VERB", "AUX"}), i)

    def _first(self, i: int) -> int:
        for _ in range(MAX_WALK):
            kids = self.kids[i]
            if not kids or kids[0] > i:
                break
            i = kids[0]
        return i

    def _last(self, i: int) -> int:
        for _ in range(MAX_WALK):
            after = next((k for k in reversed(self.kids[i]) if self.dep[k] not in _AFTER_PHRASE), i)
            if after <= i:
                break
            i = after
        return i

    def names_of(self, i: int) -> list[int]:
        """The names in apposition to a description: "the brothers, Ann and Ben Lee"; else `i`."""
        name = self.name_of(i)
        return [name] if name == i else [k for k in self.conjuncts(name) if self.pos[k] == "PROPN"]

    def name_of(self, i: int) -> int:
        """Where a description has a name in apposition ("his counterpart, Ann Lee"), the name's head; else `i`."""
        if self.pos[i] == "NOUN":
            for k in self.kids[i]:
                if self.dep[k] == "appos" and self.pos[k] == "PROPN":
                    return k
        return i

    def is_named_after(self, noun: int, place: int) -> bool:
        """Whether `place` only names an agreement or an affair: the Paris accord, the Whitewater scandal."""
        if self.lemma[noun] in self.affairs and self.dep[place] in {"compound", "nmod"}:
            return True
        return self.dep[place] in {"compound", "nmod"} and self.entity[place] == "GPE" and self.lemma[noun] in self.agreements

    def content_head(self, i: int) -> int:
        """The noun that says who: of "dozens of protesters" the protesters."""
        if self.lemma[i] in self.of_heads or (self.pos[i] == "NUM" and self.tag[i] == "CD"):
            inner = self.objects(i, "of")
            if inner:
                return inner[0]
        return i
