"""The entities that an article names, and which of them a short name, an acronym or a last name means."""

from collections import defaultdict

from processors.entities.lexicon import COMPANY_FORMS, COMPANY_WORDS, NAMES, VAGUE, Known, first_name, role_ending
from processors.entities.model import Entity, Gender, Mention, Reading
from processors.entities.repair import Name, fused
from schemas import ActorKind

Form = tuple[str, ...]
_NAMESAKES = 50
"""How many people of one last name are told apart."""
_HONORIFICS: dict[str, Gender] = {
    **dict.fromkeys(("mr.", "mr", "sir", "lord"), "male"),
    **dict.fromkeys(("mrs.", "mrs", "ms.", "ms", "miss", "lady", "dame"), "female"),
}


class Registry:
    """Entities by the forms of their names. Made from all names, so that a last name before the full one finds it."""

    def __init__(self, reading: Reading, found: list[Name]) -> None:
        self._reading = reading
        self._people: dict[str, list[Entity]] = defaultdict(list)
        self._by_form: dict[tuple[ActorKind, Form], Entity] = {}
        for name in sorted(found, key=lambda n: n.start - n.end):  # the longest first
            form = self._form(name)
            if (name.kind, form) in self._by_form:
                continue
            if name.known:
                self._by_form[name.kind, form] = self._listed(name.known, form)
            elif name.kind == "person":
                self._add_person(form)
            else:
                self._add_other(name.kind, form)
                entity = self._by_form[name.kind, form]
                entity.country = entity.country or name.country
        for name in found:
            self._add_acronym(name)

    def mention(self, name: Name) -> Mention:
        """The mention that `name` is; of several people of one name, the one who was last spoken of."""
        form = self._form(name)
        entity = self._by_form.get((name.kind, form))
        if entity is None:
            candidates = (self._people[form[-1]] or self._people[form[0]])[-_NAMESAKES:]
            gender = honorific(self._reading, name.start)
            fitting = [c for c in candidates if not (gender and c.gender and c.gender != gender)] or candidates
            entity = max(fitting, key=lambda c: self._reading.last_seen.get(id(c), -1))
        token = self._reading.token
        inside = range(name.start, name.end)
        head = next((at for at in reversed(inside) if token[at].head.i not in inside), name.end - 1)
        short = entity.kind == "person" and len(form) < len(entity.name.split())
        return Mention(name.start, name.end, head, "short" if short else "name", [entity], _form_of(name))

    def _form(self, name: Name) -> Form:
        return fused(self._reading.tokens[name.start : name.end])

    def _listed(self, known: Known, form: Form) -> Entity:
        place = known.form in ("capital", "region")
        label = " ".join(form) if known.form == "capital" else known.name
        kind: ActorKind = "place" if place else known.kind
        if (kind, (label,)) not in self._by_form:
            entity = Entity(label, kind, known.country, known.role, plural=kind == "group", named=True, listed=True)
            entity.usual = known.usual
            entity.capital_of = known.name if known.form == "capital" else None
            self._by_form[kind, (label,)] = self._reading.new(entity)
            if known.role == "MED" and len(form) > 1:  # the Post
                self._by_form.setdefault((kind, form[-1:]), entity)
        return self._by_form[kind, (label,)]

    def _add_person(self, form: Form) -> None:
        first, last = form[0], form[-1]
        if len(form) == 1:
            if not self._people[last]:
                self._people[last].append(self._reading.new(Entity(last, "person", gender=first_name(last), named=True)))
            return
        entity = next((known for known in self._people[last][:_NAMESAKES] if _part_of(form, tuple(known.name.split()))), None)
        if entity is None:
            entity = self._reading.new(Entity(" ".join(form), "person", gender=first_name(first), named=True))
            for word in {first, last, *(middle for middle in form[1:-1] if len(middle) > 3 and not first_name(middle))}:
                self._people[word].append(entity)
        self._by_form["person", form] = entity

    def _add_other(self, kind: ActorKind, form: Form) -> None:
        core = tuple(word for word in form if word.lower() not in COMPANY_FORMS) or form
        entity = self._by_form.get((kind, core))
        if entity is None:
            entity = self._reading.new(Entity(_written(form), kind, plural=kind == "group", named=True))
            if kind == "organisation":
                self._describe(entity, form)
                initials = "".join(word[0] for word in core if word[:1].isupper())
                shorter = [core[:n] for n in range(1, len(core)) if core[n - 1][:1].isupper()]
                for short in [(initials,), *shorter] if len(core) > 1 else ():
                    if short not in NAMES and short[0].lower() not in ("university", "department", "ministry", "bank", "national"):
                        self._by_form.setdefault((kind, short), entity)
        self._by_form.setdefault((kind, core), entity)
        self._by_form[kind, form] = entity

    def _describe(self, entity: Entity, form: Form) -> None:
        """What an organisation's name says of it: *Ministry* of Defense, Boston *University*, *Russian* Railways."""
        lower = [word.lower() for word in form]
        stop = lower.index("of") if "of" in lower else len(lower)
        role = role_ending(lower, len(lower)) or role_ending(lower, stop)
        if role and role[1].sort == "body" and role[1].phrase not in VAGUE:
            entity.descriptions.add(role[1].phrase)
            entity.role = None if role[1].role == "UNK" else role[1].role
        elif len(lower) > 1 and lower[-1] in COMPANY_WORDS:
            entity.role = "BUS"
        for at in range(len(form)):
            known = NAMES.get(form[at : at + 1]) or NAMES.get(form[at : at + 2])
            if known and known.kind == "country":
                entity.country = known.country

    def _add_acronym(self, name: Name) -> None:
        """The International Criminal Court (ICC)."""
        tokens, at = self._reading.tokens, name.end
        if tokens[at + 2 : at + 3] == [")"] and tokens[at] == "(" and tokens[at + 1].isupper() and name.kind == "organisation":
            self._by_form["organisation", (tokens[at + 1],)] = self._by_form[name.kind, self._form(name)]


def _form_of(name: Name) -> str:
    return name.known.form if name.known else "name"


def honorific(reading: Reading, start: int) -> Gender | None:
    """What "Mr." or "Mrs." before the name says."""
    return _HONORIFICS.get(reading.lower[start - 1]) if start else None


def _written(form: Form) -> str:
    text = " ".join(form)
    for mark in (" 's", " ,", " -", "- "):
        text = text.replace(mark, mark.strip())
    return text


def _part_of(short: Form, full: Form) -> bool:
    """Whether the words of `short` stand in `full` in that order; "J." is part of "John"."""
    rest = iter(full)
    return all(any(other.startswith(word.rstrip(".")) for other in rest) for word in short)
