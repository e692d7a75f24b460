"""The entities that an article names, and which of them a short name, an acronym or a last name means."""

from processors.entities.lexicon import COMPANY_FORMS, COMPANY_WORDS, NAMES, VAGUE, Known, role_ending
from processors.entities.model import Entity, Mention, Reading
from processors.entities.namesakes import People
from processors.entities.repair import Name, fused
from schemas import ActorKind

Form = tuple[str, ...]


class Registry:
    """Entities by the forms of their names. Made from all names, so that a last name before the full one finds it."""

    def __init__(self, reading: Reading, found: list[Name]) -> None:
        self._reading = reading
        self._by_form: dict[tuple[ActorKind, Form], Entity] = {}
        for name in sorted(found, key=lambda n: n.start - n.end):  # the longest first
            form = self._form(name)
            if (name.kind, form) in self._by_form:
                continue
            if name.known:
                self._by_form[name.kind, form] = self._listed(name.known, form)
            elif name.kind != "person":
                self._add_other(name.kind, form)
                entity = self._by_form[name.kind, form]
                entity.country = entity.country or name.country
        self._people = People(reading, [name for name in found if name.kind == "person" and not name.known])
        for name in found:
            self._add_acronym(name)

    def mention(self, name: Name) -> Mention:
        """The mention that `name` is."""
        form = self._form(name)
        entity = self._by_form.get((name.kind, form)) or self._people.of(name)
        heads = self._reading.tokens.head
        inside = range(name.start, name.end)
        head = next((at for at in reversed(inside) if heads[at] not in inside), name.end - 1)
        short = entity.kind == "person" and len(form) < len(entity.name.split())
        return Mention(name.start, name.end, head, "short" if short else "name", [entity], _form_of(name))

    def _form(self, name: Name) -> Form:
        return fused(self._reading.words[name.start : name.end])

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

    def _add_other(self, kind: ActorKind, form: Form) -> None:
        core = tuple(word for word in form if word.lower() not in COMPANY_FORMS) or form
        entity = self._by_form.get((kind, core))
        if entity is None:
            entity = self._reading.new(Entity(_written(form), kind, plural=kind == "group", named=True))
            if kind == "organisation":
                self._describe(entity, form)
                initials = "".join(word[0] for word in core if word[:1].isupper())
                shorter = [core[:n] for n in range(1, len(core)) if core[n - 1][:1].isupper()]
                for short in [(initials,), *shorter] if len(core) > 1 and "'s" not in core else ():
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
        words, at = self._reading.words, name.end
        if words[at + 2 : at + 3] == [")"] and words[at] == "(" and words[at + 1].isupper() and name.kind == "organisation":
            self._by_form["organisation", (words[at + 1],)] = self._by_form[name.kind, self._form(name)]


def _form_of(name: Name) -> str:
    return name.known.form if name.known else "name"


def _written(form: Form) -> str:
    text = " ".join(form)
    for mark in (" 's", " ,", " -", "- "):
        text = text.replace(mark, mark.strip())
    return text
