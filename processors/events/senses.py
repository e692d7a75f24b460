"""Which sense of a word holds: by the topic of the text and the class of the participants."""

from processors.document import entities_of
from processors.events.lexicon import Entry, Lexicon
from processors.events.parse import Parse
from schemas import Actor

TOPIC_SENTENCE_WORDS = 2
"""Different words of a topic in a sentence that make it one of that topic."""
TOPIC_TEXT_WORDS = 5
"""Different words of a topic in an article that may make it one of that topic …"""
TOPIC_TEXT_SHARE = 0.012
"""… where they are at least this share of its words."""
_NONE: frozenset[str] = frozenset()
_DISASTERS = frozenset({"disaster", "quake", "blaze", "flooding"})
"""Classes of classes.toml whose words also stand for what is only like them."""


class Senses:
    """Chooses among the entries of a word in one Doc."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        self.parse = parse
        self.lexicon = lexicon
        self._entities = entities_of(parse.doc)
        self._classes: dict[int, frozenset[str]] = {}
        self._actors: dict[int, list[Actor]] = {}
        self._topics = self._find_topics()

    def _find_topics(self) -> list[frozenset[str]]:
        """The topics of each sentence; the article's topics are every sentence's."""
        p = self.parse
        by_word = self.lexicon.topics_of_words
        text: dict[str, list[str]] = {}
        sentences: list[dict[str, set[str]]] = []
        for start, end in p.sentences:
            found: dict[str, set[str]] = {}
            for low in p.lower[start:end]:
                for topic in by_word.get(low, ()):
                    found.setdefault(topic, set()).add(low)
                    text.setdefault(topic, []).append(low)
            sentences.append(found)
        enough = TOPIC_TEXT_SHARE * len(p.lower)
        whole = {t for t, words in text.items() if len(set(words)) >= TOPIC_TEXT_WORDS and len(words) >= enough}
        return [frozenset(whole | {t for t, words in found.items() if len(words) >= TOPIC_SENTENCE_WORDS}) for found in sentences]

    def topics(self, i: int) -> frozenset[str]:
        """The topics of the sentence of token `i`."""
        return self._topics[self.parse.sentence[i]]

    def actors(self, head: int) -> list[Actor]:
        """Who the noun phrase of `head` stands for."""
        if head not in self._actors:
            self._actors[head] = self._entities.actors(self.parse.phrase(head))
        return self._actors[head]

    def is_a(self, head: int, name: str) -> bool:
        """Whether the noun phrase of `head` belongs to a class of classes.toml."""
        if head not in self._classes:
            self._classes[head] = self._told_by_words(head)
        return name in self._classes[head] or self._told_by_actors(head, name)

    def _is_figurative(self, head: int) -> bool:
        """Whether it is one of its kind in a figure of speech only: a political earthquake."""
        p = self.parse
        return any(p.lemma[k] in self.lexicon.grammar["figurative"] for k in p.children(head, "amod", "compound", "nmod"))

    def _told_by_words(self, head: int) -> frozenset[str]:
        """The classes that words and label of the noun phrase tell."""
        p, known = self.parse, self.lexicon.classes_of_words
        inner = p.content_head(head)
        words = {p.lemma[inner], p.lower[inner]}
        if p.pos[inner] == "PROPN":
            words.add(_singular(p.lower[inner]))  # Gunmen, where it begins the sentence
            words.update(p.lower[k] for k in p.children(inner, "compound"))  # Hurricane Ida, Senator Cole
        elif p.pos[inner] == "NOUN":
            words.update(p.lower[inner].split("-"))
        told = self.lexicon.classes_of_entities.get(p.entity[inner], _NONE).union(*(known.get(word, _NONE) for word in words))
        return told - _DISASTERS if not told.isdisjoint(_DISASTERS) and self._is_figurative(head) else told

    def _told_by_actors(self, head: int, name: str) -> bool:
        """Whether it is a name of those whose roles or kinds are of the class."""
        parts = self.lexicon.classes[name]
        if not ("roles" in parts or "kinds" in parts) or self.parse.pos[self.parse.content_head(head)] != "PROPN":
            return False
        roles, kinds = parts.get("roles", _NONE), parts.get("kinds", _NONE)
        return any((a.role is not None and a.role in roles) or a.kind in kinds for a in self.actors(head))

    def is_same_government(self, ruler: int, body: int) -> bool:
        """Whether the body belongs to the government in which the first, a person, serves: a president's agencies."""
        one, other = self.actors(ruler)[0], self.actors(body)[0]
        governs = one.kind == "person" and other.kind == "organisation" and one.role == other.role == "GOV"
        return governs and one.country is not None and one.country == other.country

    def is_unknown(self, head: int, strict: bool = False) -> bool:
        """Whether it may be of any class of actors: a name or pronoun of which nothing is known, or a noun not known as a thing
        (`strict`: no noun)."""
        p = self.parse
        if p.pos[head] in {"PROPN", "PRON"}:
            return not p.entity[head]
        return not strict and not self.is_a(head, "thing")

    def _fits(self, heads: list[int], wanted: frozenset[str], unwanted: frozenset[str], strict: bool = False) -> bool:
        if unwanted and any(self.is_a(h, name) for h in heads[:1] for name in unwanted):
            return False
        if not wanted:
            return True
        if not heads:
            return "unknown" in wanted or strict
        return any(self.is_unknown(h, strict) if name == "unknown" else self.is_a(h, name) for h in heads[:1] for name in wanted)

    def choose(
        self, entries: list[Entry], at: int, source: list[int], target: list[int], transitive: bool = False, direct: bool = False
    ) -> Entry | None:
        """The entry whose filters hold best for the participants (noun heads); None where none holds. Of equals the first."""
        best, best_score = None, -1
        topics = self.topics(at)
        for entry in entries:
            if (entry.only_in and not entry.only_in & topics) or entry.not_in & topics:
                continue
            if entry.intransitive and (direct if entry.specific else transitive):
                continue
            if entry.transitive and not target:
                continue
            if not self._fits(source, entry.source, entry.source_not) or not self._fits(
                target, entry.target, entry.target_not, strict=True
            ):
                continue
            score = (
                4 * bool(entry.only_in)
                + 2 * (bool(entry.source and source) + bool(entry.target and target) + entry.specific)
                + entry.detect
            )
            if score > best_score:
                best, best_score = entry, score
        return best


def _singular(plural: str) -> str:
    """The singular of a plural that is tagged as a name."""
    return plural[:-3] + "man" if plural.endswith("men") else plural.removesuffix("s")
