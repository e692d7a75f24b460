"""Names in a Doc: those that the model marked, those that it missed, and the listed names of countries and bodies."""

from bisect import bisect_left

from processors.document import view_of
from processors.entities.evidence import HAPPENINGS
from processors.entities.lexicon import (
    COMPANY_FORMS,
    MAX_WORDS,
    NAME_STARTS,
    REGIONS,
    ROLE_WORDS,
    Known,
    Words,
    first_name,
    listed,
    role_ending,
    words,
)
from processors.entities.model import Reading
from processors.entities.repair import Name, formally, fused, honored, repaired
from processors.tokens import Tokens
from schemas import ActorKind, PlaceMention

STORMS = frozenset({"Hurricane", "Typhoon", "Cyclone", "Storm"})
"""Before a name: nobody is called so."""


def find(reading: Reading, places: list[PlaceMention]) -> list[Name]:
    """The names of the Doc, in order, not overlapping; `places` are those that the gazetteer found."""
    t, words, lower = reading.tokens, reading.words, reading.lower
    at_places = _pieces(reading, places)
    named_places = {tuple(words[start:end]): place for (start, end), place in at_places.items() if place.kind == "name"}
    found = []
    covered = bytearray(len(words))
    marked = repaired(t, words, lower)
    bearers = {words[name.end - 1] for name in marked if name.kind == "person" and name.end - name.start > 1}
    bodies = {words[name.start] for name in marked if name.kind == "organisation" and _has_article(t, name.start)}
    part_of_place = {at for (start, end), place in at_places.items() if place.kind == "name" for at in range(start, end)}
    for name in marked:
        if (
            name.kind == "person"
            and (name.start, name.end) not in at_places
            and part_of_place.issuperset(range(name.start, name.end))
        ):
            continue  # French [Guiana]
        place = at_places.pop((name.start, name.end), None)
        if (name.kind == "person" and words[name.end - 1] in bearers) or words[name.start] in bodies:
            place = None
        if place is None and name.kind == "person" and words[name.end - 1] not in bearers:
            place = named_places.get(tuple(words[name.start : name.end]))
        if place and not (name.kind == "person" and (first_name(words[name.start]) or honored(lower, name.start))):
            name = name._replace(kind="group" if place.kind == "demonym" else "place", country=place.country)
        if STORMS.isdisjoint(words[max(0, name.start - 1) : name.start + 1]):
            found.append(name)
        covered[name.start : name.end] = b"\x01" * (name.end - name.start)
    for (start, end), place in at_places.items():
        if place.kind == "name" and not any(covered[start:end]):
            found.append(Name(start, end, "place", country=place.country))
            covered[start:end] = b"\x01" * (end - start)
    found += _missed(t, words, lower, found, covered)
    return sorted(_with_listed(t, words, found), key=lambda name: name.start)


def _pieces(reading: Reading, places: list[PlaceMention]) -> dict[tuple[int, int], PlaceMention]:
    """The places by the tokens that they begin at and end before."""
    view = view_of(reading.doc)
    pieces = {}
    for place in places:
        start = bisect_left(reading.tokens.start, place.start, key=view.offset)
        end = bisect_left(reading.tokens.start, place.end, key=view.offset)
        pieces[start, end] = place
    return pieces


def _missed(t: Tokens, words: list[str], lower: list[str], found: list[Name], covered: bytearray) -> list[Name]:
    """Capitalised words that the model left out: a name elsewhere in the article, with a first name, or with a title before."""
    forms: dict[Words, ActorKind] = {}
    for marked in found:
        if marked.kind in ("person", "organisation"):
            form = tuple(words[marked.start : marked.end])
            forms[form] = marked.kind
            if marked.kind == "person":
                for short in _short_forms(form):
                    forms.setdefault(short, "person")
            elif core := tuple(word for word in form if word.lower() not in COMPANY_FORMS):
                forms.setdefault(core, "organisation")
    starts = {form[0] for form in forms}
    missed: list[Name] = []
    after = 0
    for at, capital in enumerate(t.is_capital):
        if not capital or covered[at] or at < after:
            continue
        name = _known_form(t, words, at, forms, covered) if words[at] in starts else None
        name = name or _new_name(t, words, lower, at, covered)
        if name:
            missed.append(name)
            if name.kind == "person":
                for short in _short_forms(tuple(words[name.start : name.end])):
                    forms.setdefault(short, "person")
                    starts.add(short[0])
            after = name.end
    return missed


def _short_forms(form: Words) -> set[Words]:
    """The last names in a person's full name, hyphenated ones whole."""
    return {words(word) for word in fused(list(form))[1:] if len(word) > 3 and not first_name(word)}


def _known_form(t: Tokens, words: list[str], at: int, forms: dict[Words, ActorKind], covered: bytearray) -> Name | None:
    for stop in range(min(at + MAX_WORDS, len(words)), at, -1):
        form = tuple(words[at:stop])
        if form in forms and not any(covered[at:stop]) and t.pos[stop - 1] == "PROPN":
            return Name(at, stop, forms[form])
    return None


def _new_name(t: Tokens, words: list[str], lower: list[str], at: int, covered: bytearray) -> Name | None:
    stop = at
    while stop < min(at + 5, len(words)) and not covered[stop] and t.is_capital[stop] and t.pos[stop] == "PROPN":
        stop += 1
    if stop == at or role_ending(lower, stop, at) or lower[stop - 1] in HAPPENINGS:
        return None  # the Foreign Agent [Registration Act]
    titled = honored(lower, at)
    if (titled and (stop - at > 1 or formally(lower, at))) or (stop - at > 1 and first_name(words[at])):
        return Name(at, stop, "person")
    return Name(at, stop, "organisation") if stop - at > 1 and lower[stop - 1] in COMPANY_FORMS else None


def _with_listed(t: Tokens, words: list[str], found: list[Name]) -> list[Name]:
    """`found` and the listed names; where one lies inside the other, the longer stays."""
    by_start = {name.start: name for name in found}
    inside = {at: name for name in found for at in range(name.start, name.end)}
    last_names = {words[name.end - 1] for name in found if name.kind == "person" and name.end - name.start > 1}
    home = _georgia_is_a_country(words)
    result: list[Name] = []
    after = 0
    for at in sorted({at for at, word in enumerate(words) if word in NAME_STARTS} | by_start.keys()):
        if at < after:
            continue
        own = by_start.get(at)
        match = listed(words, at)
        if match:
            end, known = match
            form = tuple(words[at:end])
            if form in REGIONS and not home:
                known = REGIONS[form]
            last = inside.get(end - 1)
            other = inside.get(at)
            within = last is not None and last.end > end and last.start <= at  # part of a longer name
            person = other is not None and other.kind == "person" and (other.start < at or form[0] in last_names)
            if own and not person and len(form) == 1 and form[0] in last_names and _acts(t, at):  # [Ann] Jordan, not the country
                own, person = own._replace(kind="person", country=None), True
            common = form == ("House",) and _is_common_house(t, words, at)
            if common and own:
                own = None
            campaign = known.form == "nationals" and words[end : end + 1] == ["for"] and words[end + 1 : end + 2] != []
            if campaign and (stop := _end_of_title(words, end + 1)) > end + 1:  # Americans for Fair Taxes
                result.append(Name(at, stop, "organisation"))
                after = stop
                continue
            if within or person or common or (other is None and len(form) == 1 and not _is_name(t, words, at, known)):
                match = None
        if match:
            owner = _foreign_owner(words, result, at, known)
            if owner:  # Peru's Congress
                result[-1] = Name(owner.start, end, "organisation", country=owner.country)
            else:
                result.append(Name(at, end, known.kind, known))
            after = end
        elif own:
            result.append(own)
            after = own.end
    return result


def _has_article(t: Tokens, at: int) -> bool:
    """Whether it is initials with an article of their own: the VA is a body, VA a state."""
    initials = t.form[at].replace(".", "")
    return initials.isupper() and len(initials) > 1 and at > 0 and t.lower[at - 1] == "the" and t.head[at - 1] == at


def _acts(t: Tokens, at: int) -> bool:
    """Whether the token takes part in what a verb says, without a preposition."""
    return t.dep[at] in ("nsubj", "nsubjpass", "dobj", "dative") and t.pos[t.head[at]] == "VERB"


def _end_of_title(words: list[str], at: int) -> int:
    """Where the capitalised words that begin at the token end."""
    while at < len(words) and words[at][:1].isupper():
        at += 1
    return at


def _foreign_owner(words: list[str], result: list[Name], at: int, known: Known) -> Name | None:
    """The name of another country before a listed body: it is not the listed one."""
    last = result[-1] if result else None
    if known.kind != "organisation" or known.country is None or last is None or last.known is None:
        return None
    country = last.known.country
    adjacent = last.end == at or (last.end == at - 1 and words[at - 1] == "'s")
    if not adjacent or country in (None, known.country) or last.known.kind not in ("country", "place"):
        return None
    return last._replace(country=country)


def _is_name(t: Tokens, words: list[str], at: int, known: Known) -> bool:
    """Whether a listed word that the model did not mark is the name: "the West", not "West" or "the west"."""
    if known.kind in ("country", "place") or known.form in ("adjective", "nationals"):
        return t.pos[at] in ("PROPN", "ADJ", "NOUN")
    after_the = at > 0 and words[at - 1].lower() == "the"
    return t.pos[at] == "PROPN" and (after_the or known.kind != "group")


def _is_common_house(t: Tokens, words: list[str], at: int) -> bool:
    """ "House prices rose": no chamber, where a sentence begins and no word for its members follows."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return t.is_sentence_start(at) and t.head[at] == at + 1 and after.islower() and after not in ROLE_WORDS


def _georgia_is_a_country(words: list[str]) -> bool:
    if not {"Georgian", "Georgians"}.isdisjoint(words):  # Georgians vote in Atlanta too
        return {"Atlanta", "GOP", "Republican", "Republicans", "Democrats", "Gov."}.isdisjoint(words) or "Tbilisi" in words
    return "Tbilisi" in words
