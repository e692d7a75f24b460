"""A parse as plain lists: quick to read, and every walk over it bounded."""

from collections.abc import Iterator

from spacy.tokens import Doc

from processors.document import tokens_of

MAX_CHILDREN = 48
"""Children kept a side of a token, nearest first: a sentence of a million words must not cost a million squared."""
MAX_CLIMB = 6

VERBAL = frozenset({"VERB", "AUX"})
SUBJECTS = frozenset({"nsubj", "csubj", "expl"})


class Parse:
    """The tokens of one Doc by number: words, tags, heads, edges, children and character offsets."""

    def __init__(self, doc: Doc) -> None:
        tokens = tokens_of(doc)
        self.text = tokens.text
        self.words, self.lower, self.tags, self.pos = tokens.form, tokens.lower, tokens.tag, tokens.pos
        self.deps, self.entities, self.heads = tokens.dep, tokens.entity, tokens.head
        self.starts, self.ends = tokens.start, tokens.end
        self.sentences, self.sentence_of = tokens.sentences, tokens.sentence
        self.left, self.right = tokens.left, tokens.right
        before: list[list[int]] = [[] for _ in self.words]
        self._after: list[list[int]] = [[] for _ in self.words]
        for i, head in enumerate(self.heads):
            if head < i:
                if len(self._after[head]) < MAX_CHILDREN:
                    self._after[head].append(i)
            elif head > i:
                before[head].append(i)
        self._before = [children[-MAX_CHILDREN:] for children in before]
        self._first: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.words)

    def sentence(self, i: int) -> tuple[int, int]:
        """The token range of the sentence of token `i`."""
        return self.sentences[self.sentence_of[i]]

    def children(self, i: int) -> list[int]:
        """In text order."""
        return self._before[i] + self._after[i]

    def lefts(self, i: int) -> list[int]:
        """Children before token `i`."""
        return self._before[i]

    def rights(self, i: int) -> list[int]:
        """Children after token `i`."""
        return self._after[i]

    def is_known(self, i: int) -> bool:
        """Whether the word at `i` has stood in the text before."""
        if not self._first:
            for n, word in enumerate(self.lower):
                self._first.setdefault(word, n)
        return self._first[self.lower[i]] < i

    def is_edge(self, i: int) -> bool:
        """Whether a sentence ends at token `i`."""
        return i + 1 == len(self) or self.sentence_of[i] != self.sentence_of[i + 1]

    def child(self, i: int, *deps: str) -> int | None:
        """The first child in one of these relations."""
        return next((c for c in self.children(i) if self.deps[c] in deps), None)

    def ancestors(self, i: int) -> Iterator[int]:
        """Heads above token `i`, at most MAX_CLIMB."""
        for _ in range(MAX_CLIMB):
            head = self.heads[i]
            if head == i:
                return
            yield head
            i = head

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The token range without blanks and punctuation at its edges; quotation marks and opening brackets stay."""
        while start < end and (self.words[start].isspace() or self.words[start] in _LEADING):
            start += 1
        while end > start and (self.words[end - 1].isspace() or self.words[end - 1] in _TRAILING):
            end -= 1
        return start, end

    def piece(self, start: int, end: int) -> tuple[int, int]:
        """The characters of a token range that is not empty."""
        return self.starts[start], self.ends[end - 1]


_LEADING = frozenset({",", ";", "-", "--", "—", "–", ".", ":", ")", "]", "...", "…"})
_TRAILING = frozenset({",", ";", "-", "--", "—", "–", ".", ":", "(", "["})
