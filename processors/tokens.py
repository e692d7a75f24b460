"""The tokens of a Doc as parallel lists, read once: plain Python reads them far faster than it makes Token objects."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spacy.attrs import DEP, ENT_TYPE, HEAD, IDX, LEMMA, LOWER, ORTH, POS, SENT_START, SPACY, TAG
from spacy.tokens import Doc

_ATTRIBUTES = [ORTH, LOWER, LEMMA, TAG, POS, DEP, ENT_TYPE, HEAD, IDX, SENT_START, SPACY]

MAX_CHILDREN = 100
"""A list of ten thousand items must not make every look at its head long."""


class Tokens:
    """What the parse says of each token (index = token)."""

    def __init__(self, doc: Doc) -> None:
        columns = doc.to_array(_ATTRIBUTES).reshape(len(doc), len(_ATTRIBUTES)).T
        self.form, self.lower, self.lemma, self.tag, self.pos, self.dep, self.entity = _decoded(columns[:7], doc.vocab.strings)
        self.is_capital: list[bool] = [form[0].isupper() for form in self.form]
        self.head: list[int] = (columns[7].astype(np.int64) + np.arange(len(doc))).tolist()
        """The token itself where nothing governs it."""
        self.start: list[int] = columns[8].tolist()
        """Offset in the Doc's text; `end` is exclusive."""
        self.end: list[int] = [start + len(form) for start, form in zip(self.start, self.form, strict=True)]
        self.is_spaced: list[bool] = (columns[10] != 0).tolist()
        """Whether a space follows."""
        self.text = "".join([form + " " if spaced else form for form, spaced in zip(self.form, self.is_spaced, strict=True)])
        """doc.text, which spaCy would join token by token."""
        begins = [i for i, start in enumerate(columns[9].tolist()) if start == 1 or i == 0]
        self.sentences: list[tuple[int, int]] = list(zip(begins, [*begins[1:], len(doc)], strict=True)) if begins else []
        """First token, and the one after the last."""
        self.sentence: list[int] = [number for number, (start, end) in enumerate(self.sentences) for _ in range(start, end)]
        self.names: list[tuple[int, int, str]] = [(name.start, name.end, name.label_) for name in doc.ents]
        """Tokens and label of each name that the model marked."""
        children: dict[int, list[int]] = {}
        for i, head in enumerate(self.head):
            if head != i and len(siblings := children.setdefault(head, [])) < MAX_CHILDREN:
                siblings.append(i)
        self.kids: list[Sequence[int]] = [children.get(i, ()) for i in range(len(self.form))]
        """The children of each token in text order, at most MAX_CHILDREN."""
        self.left, self.right = _edges(self.head)
        """The first token of what depends on the token, itself included, and the one after the last."""

    def piece(self, start: int, end: int) -> tuple[int, int]:
        """The characters of a token range that is not empty."""
        return self.start[start], self.end[end - 1]

    def is_sentence_start(self, i: int) -> bool:
        """Whether a sentence begins at token `i`."""
        return self.sentences[self.sentence[i]][0] == i


def straight(words: list[str]) -> list[str]:
    """The words with straight apostrophes."""
    return [word.replace("’", "'") if "’" in word else word for word in words]


def _decoded(columns: Any, strings: Any) -> list[list[str]]:
    """The strings behind columns of their numbers; each is looked up once."""
    rows: list[list[int]] = columns.tolist()
    known = {number: strings[number] for number in set().union(*rows)}
    return [list(map(known.__getitem__, row)) for row in rows]


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
