"""Names in a Doc: those that the model marked, those that it missed, and the listed names of countries and bodies."""

from spacy.tokens import Doc

from processors.entities.lexicon import COMPANY_FORMS, GENDER, MAX_WORDS, REGIONS, Known, Words, listed
from processors.entities.repair import Name, repaired
from schemas import ActorKind


def find(doc: Doc) -> list[Name]:
    """The names of `doc`, in order, not overlapping."""
    tokens = [token.text.replace("’", "'") for token in doc]
    found = repaired(doc, tokens, [token.lower() for token in tokens])
    covered = bytearray(len(tokens))
    for name in found:
        covered[name.start : name.end] = b"\x01" * (name.end - name.start)
    found += _missed(doc, tokens, found, covered)
    return sorted(_with_listed(doc, tokens, found))


def _missed(doc: Doc, tokens: list[str], found: list[Name], covered: bytearray) -> list[Name]:
    """Capitalised words that the model left out and that are a name elsewhere in the article, or begin with a first name."""
    forms: dict[Words, ActorKind] = {}
    for name in found:
        if name.kind in ("person", "organisation"):
            form = tuple(tokens[name.start : name.end])
            forms[form] = name.kind
            if name.kind == "person":
                forms.setdefault(form[-1:], "person")
            elif core := tuple(word for word in form if word.lower() not in COMPANY_FORMS):
                forms.setdefault(core, "organisation")
    starts = {form[0] for form in forms}
    missed = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if covered[at] or not token[:1].isupper():
            at += 1
            continue
        end = 0
        if token in starts:
            for stop in range(min(at + MAX_WORDS, len(tokens)), at, -1):
                form = tuple(tokens[at:stop])
                if form in forms and not any(covered[at:stop]) and doc[stop - 1].pos_ == "PROPN":
                    end = stop
                    missed.append(Name(at, end, forms[form]))
                    break
        if not end and token in GENDER and doc[at].pos_ == "PROPN":
            stop = at + 1
            while (
                stop < min(at + 4, len(tokens)) and not covered[stop] and tokens[stop][:1].isupper() and doc[stop].pos_ == "PROPN"
            ):
                stop += 1
            if stop - at > 1:
                end = stop
                missed.append(Name(at, end, "person"))
        at = max(end, at + 1)
    return missed


def _with_listed(doc: Doc, tokens: list[str], found: list[Name]) -> list[Name]:
    """`found` and the listed names; where one lies inside the other, the longer stays."""
    by_start = {name.start: name for name in found}
    inside = {at: name for name in found for at in range(name.start, name.end)}
    last_names = {tokens[name.end - 1] for name in found if name.kind == "person" and name.end - name.start > 1}
    home = _georgia_is_a_country(tokens)
    result: list[Name] = []
    at = 0
    while at < len(tokens):
        own = by_start.get(at)
        match = listed(tokens, at)
        if match:
            end, known = match
            form = tuple(tokens[at:end])
            if form in REGIONS and not home:
                known = REGIONS[form]
            last = inside.get(end - 1)
            other = inside.get(at)
            within = last is not None and last.end > end and last.start <= at  # part of a longer name
            person = other is not None and other.kind == "person" and (other.start < at or form[0] in last_names)
            if within or person or (other is None and len(form) == 1 and not _is_name(doc, tokens, at, known)):
                match = None
        if match:
            result.append(Name(at, end, known.kind, known))
            at = end
        elif own:
            result.append(own)
            at = own.end
        else:
            at += 1
    return result


def _is_name(doc: Doc, tokens: list[str], at: int, known: Known) -> bool:
    """Whether a listed word that the model did not mark is the name: "the West", not "West" or "the west"."""
    if known.kind in ("country", "place") or known.form in ("adjective", "nationals"):
        return doc[at].pos_ in ("PROPN", "ADJ", "NOUN")
    after_the = at > 0 and tokens[at - 1].lower() == "the"
    return doc[at].pos_ == "PROPN" and (after_the or known.kind != "group")


def _georgia_is_a_country(tokens: list[str]) -> bool:
    return not {"Georgian", "Georgians", "Tbilisi"}.isdisjoint(tokens)
