"""The people of an article, and which of several of one last name a short name means: "President Hart", "Mr. Hart", "Hart"."""

from collections import defaultdict
from dataclasses import dataclass, field

from processors.entities.lexicon import GENDERED, KIN, first_name, role_ending
from processors.entities.model import Entity, Gender, Reading
from processors.entities.repair import Name, fused

Form = tuple[str, ...]
_MOST = 50
"""How many people of one last name are told apart."""
_GENERATIONS = frozenset(("jr.", "jr", "sr.", "sr", "ii", "iii", "iv"))
"""Last words of names, in lower case, of those who share the rest with a parent."""
_OWNERS = frozenset(("his", "her", "their", "my", "our", "whose", "the"))
_HONORIFICS: dict[str, Gender] = {
    **dict.fromkeys(("mr.", "mr", "sir", "lord"), "male"),
    **dict.fromkeys(("mrs.", "mrs", "ms.", "ms", "miss", "lady", "dame"), "female"),
}


@dataclass(slots=True)
class _Bearer:
    """Someone of a name, and what stands around it wherever it is written in full."""

    entity: Entity
    first: int
    """The token of the first mention."""
    offices: set[str] = field(default_factory=set)
    mentions: int = 0
    as_kin: int = 0
    """Mentions as somebody's wife or son."""
    junior: bool = False

    @property
    def is_relative(self) -> bool:
        """Whether the last name alone means somebody else, where there is one."""
        return not self.offices and (self.junior or self.as_kin * 2 >= self.mentions > 0)

    def fits(self, office: str | None, gender: Gender | None) -> bool:
        """Whether somebody with that title may be he."""
        agrees = not gender or self.entity.gender in (None, gender)
        return agrees and not (office and self.is_relative)

    def holds(self, office: str) -> bool:
        return any(office in own or own in office for own in self.offices)


class People:
    """Everybody by the forms of their names; made from all names, so that a last name before the full one finds it."""

    def __init__(self, reading: Reading, found: list[Name]) -> None:
        self._reading = reading
        self._bearers: dict[str, list[_Bearer]] = defaultdict(list)
        """By each of their names: first, last, middle."""
        self._by_form: dict[Form, _Bearer] = {}
        self._short: set[Entity] = set()
        full = [name for name in found if name.end - name.start > 1]
        for name in sorted(full, key=lambda n: n.start - n.end):  # the longest first
            if len(form := self._form(name)) > 1:
                self._add(form, name)
        for name in found:
            if len(form := self._form(name)) == 1:
                self._add_short(form[0], name)

    def of(self, name: Name) -> Entity:
        """Whom `name` means; of several who fit its title, the one who was last spoken of."""
        form = self._form(name)
        if form in self._by_form:
            return self._by_form[form].entity
        fitting = self._fitting(form[-1], name.start) or self._fitting(form[0], name.start) or self._bearers[form[-1]]
        return max(fitting, key=lambda b: (self._reading.last_seen.get(id(b.entity), -1), b.mentions)).entity

    def _form(self, name: Name) -> Form:
        return fused(self._reading.words[name.start : name.end])

    def _fitting(self, word: str, start: int) -> list[_Bearer]:
        """Those called so, whom the title before the name at `start` fits best; relatives only where nobody else was named yet."""
        bearers = self._bearers[word][-_MOST:]
        office, gender = self._title(start)
        fitting = [b for b in bearers if b.fits(office, gender)] or bearers
        fitting = [b for b in fitting if office and b.holds(office)] or fitting
        others = [b for b in fitting if not b.is_relative or word == b.entity.name.split()[0]]
        return others if any(b.first <= start for b in others) else fitting

    def _title(self, start: int) -> tuple[str | None, Gender | None]:
        """The office before the name at `start`, and the gender that it or "Mr." tells."""
        title = role_ending(self._reading.lower, start) if start else None
        office = title[1].phrase if title and title[1].sort == "person" and title[1].phrase not in KIN else None
        return office, honorific(self._reading, start) or (GENDERED.get(office.split()[-1]) if office else None)

    def _add(self, form: Form, name: Name) -> None:
        bearer = self._by_form.get(form) or next((b for b in self._bearers[form[0]][:_MOST] if _is_part(form, b)), None)
        junior = form[-1].lower() in _GENERATIONS and len(form) > 2
        last = form[-2] if junior else form[-1]
        bearer = bearer or next((b for b in self._bearers[last][:_MOST] if _is_part(form, b)), None)
        if bearer is None:
            entity = self._reading.new(Entity(" ".join(form), "person", gender=first_name(form[0]), named=True))
            bearer = _Bearer(entity, name.start, junior=junior)
            for word in {form[0], last, *(middle for middle in form[1:-1] if len(middle) > 3 and not first_name(middle))}:
                self._bearers[word].append(bearer)
        self._by_form[form] = bearer
        office, gender = self._title(name.start)
        bearer.first = min(bearer.first, name.start)
        bearer.mentions += 1
        bearer.as_kin += self._is_kin(name)
        bearer.entity.gender = gender or bearer.entity.gender
        if office:
            bearer.offices.add(office)

    def _add_short(self, word: str, name: Name) -> None:
        """Someone who is never named in full: nobody is called so, or only people whom the title does not fit."""
        bearers = self._bearers[word]
        office, gender = self._title(name.start)
        known = [b for b in bearers if b.fits(office, gender) and not b.is_relative]
        if len(known) == 1 and (office or gender):
            known[0].first = min(known[0].first, name.start)
        relatives = all(b.is_relative and word != b.entity.name.split()[0] and name.start < b.first for b in bearers)
        if not relatives and any(b.fits(office, gender) for b in bearers):
            return
        entity = self._reading.new(Entity(word, "person", gender=gender or first_name(word), named=True))
        bearers.append(_Bearer(entity, name.start, {office} if office else set(), mentions=1))

    def _is_kin(self, name: Name) -> bool:
        """Whether it is somebody's relative: "his wife, Mary Hart", "Mary Hart, his wife"."""
        lower, after = self._reading.lower, self._reading.lower[name.end : name.end + 4]
        before = name.start - (name.start > 0 and lower[name.start - 1] == ",")
        kin_before = not KIN.isdisjoint((*lower[max(0, before - 1) : before], " ".join(lower[max(0, before - 2) : before])))
        return kin_before or (after[:1] == [","] and not _OWNERS.isdisjoint(after[1:2]) and not KIN.isdisjoint(after[2:]))


def honorific(reading: Reading, start: int) -> Gender | None:
    """What "Mr." or "Mrs." before the name says."""
    return _HONORIFICS.get(reading.lower[start - 1]) if start else None


def _is_part(short: Form, bearer: _Bearer) -> bool:
    """Whether the words of `short` stand in the bearer's name in that order; "J." is part of "John", but a Jr. is the son."""
    full = bearer.entity.name.split()
    if bearer.junior and short[-1].lower() not in _GENERATIONS:
        return False
    rest = iter(full)
    return all(any(other.startswith(word.rstrip(".")) for other in rest) for word in short)
