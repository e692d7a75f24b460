"""What coreference works with: entities, their mentions, and how far an article has been read."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from spacy.tokens import Doc

from processors.document import article_of, tokens_of, view_of
from processors.entities.lexicon import AMBIGUOUS_OFFICERS, AMBIGUOUS_PLAYERS, POLICE_SIGNS, SAYING, SPORT_SIGNS, RoleWord
from processors.tokens import Tokens, straight
from schemas import ActorKind, ActorRole

Gender = Literal["female", "male"]
How = Literal["name", "short", "pronoun", "description"]
"""How a mention says whom it means: by the full name, a part of it, a pronoun, or a description."""
SUBJECTS = frozenset(("nsubj", "nsubjpass"))
_WINDOW = 40
"""How many mentions back a pronoun or description looks."""
_MAX_CHILDREN = 24


@dataclass(slots=True, eq=False)
class Entity:
    """Someone or something that an article speaks of."""

    name: str
    kind: ActorKind
    country: str | None = None
    role: ActorRole | None = None
    gender: Gender | None = None
    plural: bool = False
    named: bool = False
    listed: bool = False
    """Its country and role come from the data files, not from the text."""
    usual: bool = False
    """The country is a guess: lexicon.Known.usual."""
    capital_of: str | None = None
    """The state that the place is the capital of: where it acts, that state does."""
    descriptions: set[str] = field(default_factory=set)
    """Role phrases that the article gives it: president, company."""
    states: set[str] = field(default_factory=set)
    """Places that the article gives it: the Texas senator, Jane Doe (R-Texas), Utah's Jane Doe."""
    owner: "Entity | None" = None
    """Whose it is, where the text says so: Hale's forces."""
    elsewhere: bool = False
    """It is where the text says, and so not of the article's home: officials in Peru and Chile."""
    mentions: list["Mention"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Mention:
    """Tokens `start` to `end` (exclusive), with their syntactic `head`, mean `entities` (several: "the two leaders")."""

    start: int
    end: int
    head: int
    how: How
    entities: list[Entity]
    form: str = "name"
    """Of listed names lexicon.Known.form: name, adjective, nationals, capital, …; "government" of "the Russian government"."""
    anchor: int = -1
    """The token that tells the mention's place in the clause: with a title before the name it may be the title's."""

    def __post_init__(self) -> None:
        if self.anchor < 0:
            self.anchor = self.head


@dataclass(slots=True)
class Phrase:
    """A noun phrase around the role phrase at tokens `role_start` to `role_end`; it begins at token `start`."""

    start: int
    role_start: int
    role_end: int
    head: int
    role: RoleWord | None
    country: str | None = None
    state: Entity | None = None
    """The country or place that gave `country`."""
    where: Entity | None = None
    """The country or place where they are: officials in Peru."""
    several: bool = False
    """They are in more than one country."""
    indirect: bool = False
    """`country` is that of "the country", which may be any."""
    belongs_to: Entity | None = None
    """The organisation or person in it: "Apple's chief executive", "a spokesman for the ministry"."""
    possessor: int | None = None
    """The token of a possessive pronoun: "his lawyer"."""
    definite: bool = False
    former: bool = False
    count: int | None = None
    end: int = 0
    """Where the name in its complement ends: "a spokesman for the [Home Office]"."""
    companion: bool = False
    """A common noun before the role says whose it is: school officials, civil rights leaders."""
    qualified: bool = False
    """It has words that tell it from others of its kind: "the parent company", "a company in Ohio"."""


class Reading:
    """A Doc, read from left to right up to some token: the mentions so far, and which one covers each token."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.tokens = tokens_of(doc)
        self.words = straight(self.tokens.form)
        self.lower = straight(self.tokens.lower)
        self.mention_at: list[Mention | None] = [None] * len(doc)
        self.ahead: dict[int, Mention] = {}
        """The names not read yet, by each of their tokens: a description may stand before the name that it needs."""
        self.titles: dict[int, Phrase] = {}
        """Plural titles by the head of the first name that they stand before: all names joined to it bear them."""
        self.police = not POLICE_SIGNS.isdisjoint(self.lower)
        """Whether it speaks of police at all: else its officers and agents are others'."""
        self.sport = not SPORT_SIGNS.isdisjoint(self.lower)
        """Whether it speaks of sport at all: else its teams and players are others'."""
        self.entities: list[Entity] = []
        self.last_seen: dict[int, int] = {}
        """By id of the entity, the token of its last mention."""
        self._recent: list[Mention] = []
        self.quoted = _quoted(self.words)
        """1 for the tokens inside quotation marks."""
        self.dateline = _dateline(doc, self.tokens)
        """1 for the tokens of a dateline: its places do nothing."""
        self._speaker = [self._speaker_of(*sentence) for sentence in self.tokens.sentences]

    def new(self, entity: Entity) -> Entity:
        """Register an entity."""
        self.entities.append(entity)
        return entity

    def add(self, mention: Mention) -> None:
        """Take up a mention; a description leaves the names inside it."""
        for at in range(mention.start, mention.end):
            if mention.how != "description" or self.mention_at[at] is None:
                self.mention_at[at] = mention
        self.mention_at[mention.head] = mention
        for entity in mention.entities:
            entity.mentions.append(mention)
            self.last_seen[id(entity)] = mention.head
        if mention.form != "adjective" and not self.dateline[mention.head]:
            self._recent.append(mention)

    def meaning_at(self, at: int) -> Mention | None:
        """The mention at a token, be it a name that is still to come."""
        return self.mention_at[at] or self.ahead.get(at)

    def merge(self, described: Entity, named: Entity) -> None:
        """`described` turns out to be `named`: its mentions go over."""
        for mention in described.mentions:
            mention.entities = [named if entity is described else entity for entity in mention.entities]
        named.mentions += described.mentions
        named.descriptions |= described.descriptions
        named.states |= described.states
        described.mentions = []

    def recent(self, at: int, sentences: int) -> Iterator[Mention]:
        """Mentions before the token at `at`, nearest first, at most so many sentences back."""
        for mention in reversed(self._recent[-_WINDOW:]):
            if self.distance(at, mention) > sentences:
                break
            yield mention

    def is_subject_before(self, at: int, mention: Mention) -> bool:
        """Whether the mention is a subject in the sentence before the token's."""
        return self.distance(at, mention) == 1 and self.tokens.dep[mention.anchor] in SUBJECTS

    def sentence(self, mention: Mention) -> int:
        """The number of the mention's sentence."""
        return self.tokens.sentence[mention.head]

    def distance(self, at: int, mention: Mention) -> int:
        """Sentences between the mention and the token."""
        return self.tokens.sentence[at] - self.tokens.sentence[mention.head]

    def speaker(self, at: int) -> int | None:
        """The subject of the verb of saying in the token's sentence, outside quotation marks; else that of the sentence before."""
        number = self.tokens.sentence[at]
        own = self._speaker[number]
        return own if own is not None or not number else self._speaker[number - 1]

    def role(self, role: RoleWord) -> RoleWord:
        """The role as this article means it: agents are of the police, players of sport, where it speaks of police or sport."""
        unclear = role.role == "COP" and role.phrase in AMBIGUOUS_OFFICERS and not self.police
        unclear |= role.role == "SPT" and role.phrase in AMBIGUOUS_PLAYERS and not self.sport
        return replace(role, role="UNK") if unclear else role

    def _speaker_of(self, start: int, end: int) -> int | None:
        head = self.tokens.head
        root = next((at for at in range(start, end) if head[at] == at), start)
        if self.tokens.lemma[root].lower() not in SAYING or self.quoted[root]:
            return None
        return next((at for at in self.children(root) if self.tokens.dep[at] == "nsubj" and not self.quoted[at]), None)

    def children(self, at: int) -> Sequence[int]:
        """The children of a token, as indices, at most so many."""
        return self.tokens.kids[at][:_MAX_CHILDREN]

    def right_of(self, head: int) -> list[int]:
        """The token's children after it, at most so many."""
        return [at for at in self.children(head) if at > head]


def _quoted(words: list[str]) -> bytearray:
    """Which tokens stand between quotation marks; a new paragraph closes them."""
    quoted = bytearray(len(words))
    inside = False
    for at, text in enumerate(words):
        if text in ("“", "``") or (text == '"' and not inside):
            inside = True
        elif text in ("”", '"', "''") or "\n" in text:
            inside = False
        quoted[at] = inside
    return quoted


def _dateline(doc: Doc, tokens: Tokens) -> bytearray:
    """Which tokens stand in a dateline."""
    inside = bytearray(len(tokens.form))
    view = view_of(doc)
    for mark in article_of(doc).marks:
        if mark.kind == "dateline":
            first = bisect_left(tokens.start, mark.start, key=view.offset)
            last = bisect_left(tokens.start, mark.end, key=view.offset)
            inside[first:last] = b"\x01" * (last - first)
    return inside
