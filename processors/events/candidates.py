"""Who can take part in an event: the actors that noun phrases name or are about."""

from processors.events.arguments import NOBODY, Argument
from processors.events.parse import Parse
from processors.events.senses import Senses

_ACTOR_CLASSES = ("person", "group", "state", "armed", "crowd", "court", "team")
ACTOR_ENTITIES = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC"})
PLACES = frozenset({"GPE", "LOC", "FAC"})
PERSON_ENDINGS = ("ician", "ist", "woman", "worker", "maker", "keeper")
"""Endings of nouns that mean people."""
REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves", "myself", "yourself", "ourselves", "each", "other", "another"})
_TIMES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL"})
OWN = frozenset({"its", "their", "his", "her", "our", "my", "own"})
"""Possessives that mostly mean the subject."""


class Candidates:
    """Tells actors from other noun phrases in one parse."""

    def __init__(self, parse: Parse, senses: Senses) -> None:
        self.parse = parse
        self.senses = senses
        self.nobody = senses.lexicon.grammar["nobody"]
        self.deeds = senses.lexicon.grammar["deeds"]
        self.adverbial = senses.lexicon.grammar["adverbial"]
        self._actor: dict[int, bool] = {}

    def is_actor(self, head: int) -> bool:
        """Whether the noun phrase of `head` is one who can act: a name, a person, a body of people."""
        if head not in self._actor:
            self._actor[head] = self._is_actor(head)
        return self._actor[head]

    def _is_actor(self, head: int) -> bool:
        p = self.parse
        inner = p.content_head(head)
        if p.lower[head] == "those" and any(p.lower[k] == "who" for c in p.children(head, "relcl") for k in p.kids[c]):
            return True
        owner = p.child(inner, "poss") if p.lemma[inner] in self.deeds else None
        if owner is not None and self.senses.actors(owner)[0].kind == "person":
            return False
        if p.entity[inner] in _TIMES or p.lower[head] in REFLEXIVE or p.lower[head] in self.nobody:
            return False
        if p.entity[inner] in ACTOR_ENTITIES or p.pos[inner] == "PRON":
            return True
        if p.pos[inner] == "PROPN":
            return True
        return p.lemma[inner].endswith(PERSON_ENDINGS) or any(self.senses.is_a(head, name) for name in _ACTOR_CLASSES)

    def is_unknown_name(self, head: int) -> bool:
        """Whether it is a name of which nothing tells what it names; not "Gunmen", tagged as one where it begins the sentence."""
        p = self.parse
        return p.pos[head] == "PROPN" and not p.entity[head] and not any(self.senses.is_a(head, name) for name in _ACTOR_CLASSES)

    def actor_in(self, head: int) -> int | None:
        """The actor that a phrase is about: itself, or whose act it is ("the government's decision", "Russian aggression")."""
        p = self.parse
        if self.is_actor(head):
            return p.name_of(head)
        if p.lemma[head] in self.adverbial:
            return None
        for k in (
            *(
                k
                for k in p.children(head, "poss")
                if p.lower[k] not in OWN and not any(p.lower[d] in {"a", "an"} for d in p.kids[k])
            ),
            *p.objects(head, "by"),
            *(k for c in self.done(head) for k in p.objects(c, "by")),
            *p.objects(head, "of", "from", "against", "on", "into"),
        ):
            if self.is_actor(k):
                return k
        for k in p.children(head, "compound", "amod", "nmod", "appos"):
            if p.entity[k] in ACTOR_ENTITIES - {"FAC"} and not p.is_named_after(head, k):
                return k  # not Paris of the Paris accord
        return None

    def done(self, head: int) -> list[int]:
        """The participles that say who did the act that the noun is: the attack carried out by them; not a bill passed by them."""
        p, lexicon = self.parse, self.senses.lexicon
        if p.lemma[head] not in lexicon.known or p.lemma[head] in lexicon.grammar["documents"]:
            return []
        return [c for c in p.children(head, "acl") if p.tag[c] == "VBN"]

    def actors(self, argument: Argument) -> Argument:
        heads = [actor for h in argument.heads if (actor := self.actor_in(h)) is not None]
        return Argument(heads, argument.reliability) if heads else NOBODY

    def blamed(self, argument: Argument) -> Argument:
        """Whom blame or an inquiry is aimed at: of an attack who made it, else the attack; not where it was or whom it hit."""
        p = self.parse
        heads = []
        for h in argument.heads:
            if p.lemma[h] in self.senses.lexicon.grammar["happenings"] and p.pos[h] == "NOUN":
                doers = [*p.children(h, "poss"), *p.objects(h, "by"), *(k for c in self.done(h) for k in p.objects(c, "by"))]
                doers += [k for k in p.children(h, "amod") if p.entity[k] == "NORP"]
                heads += [k for k in doers if self.is_actor(k)][:1] or ([] if self.is_placed(h) else [h])
            elif (actor := self.actor_in(h)) is not None:
                heads.append(actor)
        return Argument(heads, argument.reliability) if heads else NOBODY

    def is_placed(self, head: int) -> bool:
        """Whether it is what happened at the place before it: the Lima attack."""
        p = self.parse
        place = any(p.entity[k] in PLACES for k in p.children(head, "compound", "nmod"))
        return place and p.lemma[head] in self.senses.lexicon.grammar["happenings"]

    def is_beside(self, head: int) -> bool:
        """Whether a phrase tells with whom a complaint is filed, or a day: the day that they went to the polls."""
        p = self.parse
        governor = p.head[p.head[head]]
        filing = self.senses.lexicon.grammar["filing"] & {p.lemma[governor], p.lemma[p.head[governor]]}
        return (p.lower[p.head[head]] == "with" and bool(filing)) or p.lemma[head] in self.senses.lexicon.grammar["periods"]

    def is_own(self, heads: list[int]) -> bool:
        """Whether it is the subject's own: its troops."""
        p = self.parse
        return any(p.lower[k] in {"its", "their"} for h in heads for k in p.children(p.content_head(h), "poss"))
