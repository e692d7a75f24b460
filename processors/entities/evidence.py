"""What an article's own words say of a name's kind, where the model's label and they disagree.

A label of the small model is a guess from a few words. An age or "who" makes a person; "the town of", "River" or "province" make a
place; a word that stands capitalised only where a sentence begins, and is common elsewhere, is no name at all.
"""

import tomllib
from pathlib import Path

from spacy.lang.lex_attrs import is_quote

from processors.entities.lexicon import COMPANY_FORMS, COMPANY_WORDS, HONORIFICS, ROLE_WORDS, first_name, role_ending
from processors.tokens import Tokens
from schemas import ActorKind

_WORDS = {
    name: frozenset(words) for name, words in tomllib.loads(Path(__file__).with_name("evidence.toml").read_text("utf8")).items()
}
PLACE_NOUNS = _WORDS["places"]
"""Nouns, in lower case, for what places are: town, province."""
_FEATURES, _LEADING_FEATURES = _WORDS["features"], _WORDS["leading_features"]
HAPPENINGS = _WORDS["happenings"]
"""Last words, in lower case, of names of what happens, is won, signed or passed."""
_BARE_NOUNS, _PORTFOLIOS = _WORDS["bare_nouns"], _WORDS["portfolios"]
MAKERS = _WORDS["makers"]
"""Words, in lower case, for firms that stand before their names."""
LEADERS = _WORDS["leaders"]
"""Last names that are persons' where nothing else tells it."""
_OF_COMPANIES = COMPANY_WORDS | COMPANY_FORMS
_NOUNS = frozenset(("NN", "NNS", "JJ", "JJR", "RB", "VB", "VBD", "VBG", "VBN", "VBZ", "IN", "CD", "UH"))
_OWNING = frozenset(("the", "a", "its", "his", "her", "their", "deputy", "'s"))
_ONES = frozenset(("his", "her", "himself", "herself"))
_NEAR = 15
"""How many tokens behind a name its own pronoun is looked for."""
_MAX_AGE = 120
_MOST_INITIALS = 6
_MOST_WORDS = 4
"""Words of a person's name, of which an age or "who" tells that it is one."""


class Evidence:
    """One article's words, looked at around names."""

    def __init__(self, t: Tokens, words: list[str], lower: list[str]) -> None:
        self._t, self._words, self._lower = t, words, lower
        self._common = {text for text in set(words) if text.islower()}
        self._inside = {text for at, text in enumerate(words) if t.is_capital[at] and not self._begins(at)}
        """Words that are capitalised within a sentence."""

    def kind(self, start: int, end: int, marked: ActorKind) -> ActorKind | None:
        """The kind that the words around or in the tokens from `start` to `end` (exclusive) tell; None where none do.

        `marked` is what the model takes them for.
        """
        lower = self._lower
        person = marked == "person" and first_name(self._words[start]) is not None
        feature = (lower[end - 1] in _FEATURES and lower[end - 2] != "-") or lower[start] in _LEADING_FEATURES
        if end - start > 1 and feature and not person and "of" not in lower[start:end]:
            return "place"  # [the Tana River]
        led = start > 1 and lower[start - 1] == "of" and lower[start - 2] in PLACE_NOUNS
        if led and start > 2 and lower[start - 3] not in ("a", "his", "her", "their"):
            return "place"  # the town of [Mueda]
        after = self._words[end] if end < len(lower) and self._t.head[end - 1] == end else ""
        if (after in PLACE_NOUNS or after in _FEATURES) and not person:
            return "place"  # [Cabo Delgado] province
        if start > 1 and lower[start - 1] == "," and (title := role_ending(lower, start - 1)) and self._is_plain(start, end):
            sort = title[1].sort  # its chairman, [Jane Doe], and the ferry company, [Sea Crossings],
            if sort in ("person", "body") and title[1].role != "BUS" and lower[title[0] - 1] in _OWNING:
                return "person" if sort == "person" else "organisation"
        return "person" if self._is_plain(start, end) and self._has_age_or_who(end) else None

    def is_one(self, at: int) -> bool:
        """Whether the name at the token is the subject of a clause that goes on with "his" or "her" before it names anyone else."""
        t = self._t
        verb = t.head[at]
        if t.dep[at] != "nsubj" or verb < at:
            return False
        for i in range(at + 1, min(at + _NEAR, t.right[verb])):
            if t.entity[i] or t.pos[i] == "PROPN":
                return False
            if t.lower[i] in _ONES:
                return True
        return False

    def is_body(self, start: int, end: int) -> bool:
        """Whether it is initials with an article of their own, as places do not have: the VA, the E.P.A."""
        text = self._words[start].replace(".", "")
        alone = end - start == 1 and start > 0 and self._lower[start - 1] == "the" and self._t.head[start - 1] == start
        return alone and text.isalpha() and text.isupper() and 1 < len(text) <= _MOST_INITIALS

    def is_no_name(self, start: int, end: int, marked: ActorKind) -> bool:
        """Whether it is a common word that is capitalised because a sentence begins, or what happens: a cup, a marathon."""
        text, word = self._words[start], self._lower[start]
        if first_name(text) and (marked == "person" or end - start == 1):
            return False
        titled = end < len(self._lower) and self._lower[end] in ROLE_WORDS
        if self._lower[end - 1] in _PORTFOLIOS and marked == "organisation" and (titled or end - start == 1):
            return True
        if end - start == 1 and text.isupper() and len(text) > 3 and word in self._common:
            return True  # a line in capitals
        if "of" in self._lower[start:end]:
            return False
        if end - start > 1 or not self._begins(start) or text in self._inside or text.isupper() or word in HONORIFICS:
            return self._lower[end - 1] in HAPPENINGS
        return word in self._common or word in _BARE_NOUNS or self._t.tag[start] in _NOUNS

    def _begins(self, at: int) -> bool:
        """Whether a sentence, a line or a quotation begins at the token."""
        if at == 0 or self._t.is_sentence_start(at):
            return True
        before = self._t.form[at - 1]
        return is_quote(before) or before.isspace() or before in (":", "—", "–", "•", "-", "|")

    def _is_plain(self, start: int, end: int) -> bool:
        """Two to four capitalised words, none of which bodies are called by."""
        words = self._words[start:end]
        return (
            2 <= len(words) <= _MOST_WORDS
            and all(word.replace("-", "").replace(".", "").isalpha() and word[0].isupper() and not word.isupper() for word in words)
            and self._lower[end - 1] not in _OF_COMPANIES
            and not any(role_ending(self._lower, stop, start) for stop in range(start + 1, end + 1))
        )

    def _has_age_or_who(self, end: int) -> bool:
        """Jane Doe, 34, … or Jane Doe, who …"""
        if self._lower[end : end + 1] != [","] or end + 1 >= len(self._lower):
            return False
        after = self._lower[end + 1]
        age = (
            after.isdigit()
            and len(after) < 4
            and 0 < int(after) < _MAX_AGE
            and self._lower[end + 2 : end + 3] in ([","], ["."], ["and"])
        )
        return after == "who" or age
