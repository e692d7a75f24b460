"""Who does it and to whom, where the nearest noun is not the one. Texts of our own."""

import pytest

from processors.document import entities_of, events_of
from processors.events import DEFAULT_MIN_CONFIDENCE

from .conftest import Read

Sides = tuple[list[str], list[str]]


def sides(read: Read, text: str, type_: str, trigger: str) -> Sides:
    """The names of source and target of the event of this type at the trigger."""
    doc = read(text)
    entities = entities_of(doc)
    event = next(e for e in events_of(doc) if e.type == type_ and doc.text[slice(*e.trigger)] == trigger)
    source, target = ([a.name for piece in side for a in entities.actors(piece)] for side in (event.source, event.target))
    return source, target


@pytest.mark.parametrize(
    ("text", "type_", "trigger", "expected"),
    [
        ("Police fired tear gas at protesters in Lima.", "ASSAULT", "fired", (["Police"], ["protesters"])),
        ("Police fired rubber bullets into the crowd.", "ASSAULT", "fired", (["Police"], ["crowd"])),
        ("Rebels attacked the soldiers with rockets.", "ASSAULT", "attacked", (["Rebels"], ["soldiers"])),
    ],
)
def test_what_is_fired_is_not_whom_it_hits(read: Read, text: str, type_: str, trigger: str, expected: Sides) -> None:
    source, target = sides(read, text, type_, trigger)
    assert (source, [name.removeprefix("the ") for name in target]) == expected


@pytest.mark.parametrize(
    ("text", "trigger", "target"),
    [
        ("Senator Ana Cole sent a letter to Mayor Tom Hale requesting information on the contracts.", "requesting", ["Tom Hale"]),
        ("Senator Ana Cole wrote to Mayor Tom Hale requesting information on the refugees.", "requesting", ["Tom Hale"]),
        ("Senator Ana Cole sent a letter to Mayor Tom Hale.", "", []),
        ("Mayor Tom Hale lied. Democrats are calling for his resignation.", "calling", ["Tom Hale"]),
        ("Democrats are calling for Mayor Tom Hale's resignation.", "calling", ["Tom Hale"]),
        ("The ministry is urging those who live near the river to leave.", "urging", ["those"]),
        ("Ana Cole pleaded for passage of the IMF reform package.", "pleaded", []),
        ("The senator is demanding that gun control advocates focus on safety.", "demanding", ["gun control advocates"]),
        ("Ana Cole pleaded with the IMF for help.", "pleaded", ["International Monetary Fund"]),
        ("On Twitter, Ana Cole demanded a trial of the officers.", "demanded", ["officers"]),
    ],
)
def test_a_request_is_made_to_who_is_to_grant_it(read: Read, text: str, trigger: str, target: list[str]) -> None:
    if trigger:
        assert [name.removeprefix("the ") for name in sides(read, text, "REQUEST", trigger)[1]] == target
    else:
        assert not [e for e in events_of(read(text)) if e.type == "REQUEST"]


@pytest.mark.parametrize(
    ("text", "type_", "trigger", "source"),
    [
        ("Ana Cole attended the meeting, said one aide, and defended Tom Hale.", "SUPPORT", "defended", ["Ana Cole"]),
        ("Ana Cole spoke on Monday and defended Tom Hale.", "SUPPORT", "defended", ["Ana Cole"]),
        ("Mayor Tom Hale fired one adviser and other advisers have resigned.", "RESIGNATION", "resigned", ["other advisers"]),
        ("Mayor Tom Hale met Ana Cole and has resigned.", "RESIGNATION", "resigned", ["Tom Hale"]),
        ("Tom Hale was arrested and pleaded guilty in a court in Lima.", "COURT", "pleaded", ["Tom Hale"]),
    ],
)
def test_a_joined_verb_has_the_subject_that_the_sentence_gives_it(
    read: Read, text: str, type_: str, trigger: str, source: list[str]
) -> None:
    assert sides(read, text, type_, trigger)[0] == source


def test_who_was_approached_and_asked_is_the_one_who_was_asked(read: Read) -> None:
    assert sides(read, "Tom Hale was approached and asked to cooperate with the police.", "REQUEST", "asked") == ([], ["Tom Hale"])
    assert sides(read, "Tom Hale approached and asked Ana Cole to resign.", "REQUEST", "asked") == (["Tom Hale"], ["Ana Cole"])


def test_who_left_a_thing_behind_is_not_whom_it_is_taken_from_but_who_did_the_act_is_blamed(read: Read) -> None:
    text = "The army condemned the attack carried out by rebels."
    assert sides(read, text, "ACCUSE", "condemned") == (["army"], ["rebels"])
    assert sides(read, "The Senate rejected a law passed by the House.", "REJECT", "rejected")[1] != ["House of Representatives"]


def test_a_complaint_is_not_made_against_the_board_that_it_is_filed_with(read: Read) -> None:
    assert sides(read, "Tom Hale filed a complaint with the Labor Board on Monday.", "ACCUSE", "filed")[1] == []
    assert sides(read, "Tom Hale filed a complaint against the Labor Board on Monday.", "ACCUSE", "filed")[1] == ["Labor Board"]


def test_where_a_trip_went_is_not_who_is_investigated(read: Read) -> None:
    doc = read("The Ethics Committee opened an investigation of a 2013 trip to Chad.")
    published = [e for e in events_of(doc) if e.type == "ACCUSE" and e.confidence >= DEFAULT_MIN_CONFIDENCE]
    assert "Chad" not in [doc.text[slice(*piece)] for e in published for piece in e.target]


def test_a_scandal_is_not_the_bridge_that_it_is_named_after(read: Read) -> None:
    text = "Tom Hale was arrested by a committee investigating the Lima Bridge scandal."
    assert sides(read, text, "ACCUSE", "investigating")[1] == ["the Lima Bridge scandal"]


def test_a_senators_service_is_the_senator_and_the_postal_service_a_body(read: Read) -> None:
    assert sides(read, "Ana Cole praised Tom Hale's service in the Senate.", "SUPPORT", "praised")[1] == ["Tom Hale"]
    assert sides(read, "Ana Cole praised the intelligence service.", "SUPPORT", "praised")[1] == ["intelligence service"]
