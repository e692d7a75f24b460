"""A parse as plain lists: quick to read, and every walk over it bounded."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from spacy.attrs import DEP, ENT_TYPE, HEAD, IDX, LOWER, ORTH, POS, SENT_START, SPACY, TAG
from spacy.tokens import Doc

MAX_CHILDREN = 48
"""Children kept a side of a token, nearest first: a sentence of a million words must not cost a million squared."""
MAX_CLIMB = 6

VERBAL = frozenset({"VERB", "AUX"})
SUBJECTS = frozenset({"nsubj", "csubj", "expl"})


class Parse:
    """The tokens of one Doc by number: words, tags, heads, edges, children and character offsets."""

    def __init__(self, doc: Doc) -> None:
        strings = doc.vocab.strings
        columns = doc.to_array([ORTH, LOWER, TAG, POS, DEP, ENT_TYPE, HEAD, IDX, SENT_START, SPACY]).reshape(len(doc), 10).T
        orth, lower, tags, pos, deps, entities = (_decode(column, strings) for column in columns[:6])
        self.words: list[str] = orth
        self.text = "".join([word + " " if space else word for word, space in zip(orth, columns[9].tolist(), strict=True)])
        """doc.text, which spaCy would join token by token."""
        self.lower: list[str] = lower
        self.tags: list[str] = tags
        self.pos: list[str] = pos
        self.deps: list[str] = deps
        self.entities: list[str] = entities
        self.starts: list[int] = columns[7].tolist()
        self.ends: list[int] = [start + len(word) for start, word in zip(self.starts, orth, strict=True)]
        relative = columns[6].astype(np.int64).tolist()
        self.heads: list[int] = [i + offset for i, offset in enumerate(relative)]
        begins = [i for i, start in enumerate(columns[8].astype(np.int64).tolist()) if start == 1 or i == 0]
        self.sentences: list[tuple[int, int]] = list(zip(begins, [*begins[1:], len(doc)], strict=True)) if begins else []
        self.sentence_of: list[int] = [0] * len(doc)
        for number, (start, end) in enumerate(self.sentences):
            self.sentence_of[start:end] = [number] * (end - start)
        before: list[list[int]] = [[] for _ in orth]
        self._after: list[list[int]] = [[] for _ in orth]
        for i, head in enumerate(self.heads):
            if head < i:
                if len(self._after[head]) < MAX_CHILDREN:
                    self._after[head].append(i)
            elif head > i:
                before[head].append(i)
        self._before = [children[-MAX_CHILDREN:] for children in before]
        self.left, self.right = _edges(self.heads)
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


def _decode(column: Any, strings: Any) -> list[str]:
    known = {key: strings[key] for key in set(column.tolist())}
    return [known[key] for key in column.tolist()]


def _edges(heads: list[int]) -> tuple[list[int], list[int]]:
    """For each token the first token of its subtree and the one after its last, leaves first."""
    left, right = list(range(len(heads))), list(range(1, len(heads) + 1))
    waiting = [0] * len(heads)
    for i, head in enumerate(heads):
        if head != i:
            waiting[head] += 1
    ready = [i for i, children in enumerate(waiting) if not children]
    while ready:
        i = ready.pop()
        head = heads[i]
        if head == i:
            continue
        left[head], right[head] = min(left[head], left[i]), max(right[head], right[i])
        waiting[head] -= 1
        if not waiting[head]:
            ready.append(head)
    return left, right
