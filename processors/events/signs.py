"""What speaks for or against an event beside the strength of its parts: names of signs, on which the confidence is fitted.

Not here because they told nothing more on judged records: the form and depth of the clause, quotation, topics, first-person texts,
modals and negations near by, rival antecedents, verbs or commas in between, the reliability of each construction by itself.
"""

from processors.events.arguments import Argument
from processors.events.candidates import ACTOR_ENTITIES
from processors.events.factuality import HEADLINES
from processors.events.parse import Parse
from processors.events.reading import Reading
from processors.events.roles import Roles
from processors.events.senses import Senses

LONG = 40
"""Tokens of a long sentence."""
FAR = 8
"""Tokens between the target and the trigger from which on it stands far."""
_PERSONS = {
    form: person
    for person, forms in {
        "I": "i we us me my our", "you": "you your", "it": "it its", "they": "they their them", "he": "he she his her him",
    }.items()
    for form in forms.split()
}  # fmt: skip
_HAVE = frozenset({"has", "have", "had", "'ve", "'d"})


class Signs:
    """Finds the signs of the events of one Doc."""

    def __init__(self, parse: Parse, senses: Senses, roles: Roles) -> None:
        self.parse = parse
        self.senses = senses
        self.roles = roles

    def of(self, r: Reading, source: Argument, target: Argument, dated: bool, placed: bool) -> list[str]:
        """The names of the signs that hold; `dated`, `placed`: whether its clause says when and where."""
        p, entry = self.parse, r.entry
        heads = [argument.heads[0] for argument in (source, target) if argument]
        auxiliaries = {p.lower[k] for k in p.kids[r.holder] if p.dep[k] in {"aux", "auxpass"}}
        start, end = p.sentences[p.sentence[r.trigger]]
        pair = bool(source) and len(self.senses.actors(source.heads[0])) > 1  # their meeting, where "their" is two
        signs = {
            f"type {r.type}": True,
            "bare operator" if entry is None else ("word " if entry.detect else "pair ") + entry.trust: True,
            "companion": entry is not None and entry.specific,
            "pair alone": entry is not None and not entry.detect and not target and not pair,
            "perfect": bool(auxiliaries & _HAVE),
            "progressive": p.tag[r.holder] == "VBG" and bool(auxiliaries),
            "present": p.tag[r.holder] in {"VBZ", "VBP"} and p.sentence[r.holder] > HEADLINES,
            "relative": p.dep[r.holder] == "relcl" and p.head[r.holder] in source.heads,
            "dated": dated,
            "placed": placed,
            "nobody": not heads,
            "both named": len(heads) == 2 and all(p.entity[h] in ACTOR_ENTITIES for h in heads),
            "lacks target": not target and not pair and r.mode != "mediate" and self.roles.lexicon.types[r.type].needs_target,
            "long sentence": end - start > LONG,
        }
        found = ["bias", *(name for name, holds in signs.items() if holds)]
        return found + self._participant("source", source, r) + self._participant("target", target, r)

    def _participant(self, side: str, argument: Argument, r: Reading) -> list[str]:
        """Who it is, and how the text names it."""
        if not argument:
            return [f"{side} none"]
        p, head = self.parse, argument.heads[0]
        pos, low = p.pos[head], p.lower[head]
        actors = self.senses.actors(head)
        actor = actors[0]
        is_actor = self.roles.candidates.is_actor(head)
        signs = {
            f"is {actor.kind}": True,
            f"role {actor.role}": side == "target",
            "in a country": actor.country is not None,
        }
        if pos == "PRON":
            signs |= {"pronoun": True, "unresolved": actor.name.lower() == low}
        elif pos == "PROPN":
            signs |= {"name": True, "unknown name": self.roles.candidates.is_unknown_name(head)}
        else:
            bare = is_actor and p.child(head, "det", "poss", "nummod", "compound") is None
            signs |= {
                "thing": not is_actor,
                "bare": bare and p.tag[head] != "NNS",
                "bare plural": bare and p.tag[head] == "NNS",
                "indefinite": any(p.lower[k] in {"a", "an"} for k in p.kids[head]),
                "counted": p.child(head, "nummod") is not None,
            }
        signs |= {
            "several": len(argument.heads) > 1 or len(actors) > 1,
            "far": side == "target" and abs(head - r.trigger) > FAR,
            "behind": (head > r.trigger) == (side == "source"),
            f"'{_PERSONS.get(low)}'": pos == "PRON" and len(actors) == 1 and low in _PERSONS,
        }
        return [f"{side} {name}" for name, holds in signs.items() if holds]
