"""What must not be published: words in another sense, what did not happen, actors of something else. Texts of our own."""

import pytest
from spacy.tokens import Doc

from processors.document import events_of
from processors.events import DEFAULT_MIN_CONFIDENCE

from .conftest import Read


def published(doc: Doc, type_: str) -> list[tuple[list[str], list[str]]]:
    """Sources and targets, as written, of the events of this type at the default threshold that are told as fact or plan."""
    return [
        ([doc.text[slice(*piece)] for piece in e.source], [doc.text[slice(*piece)] for piece in e.target])
        for e in events_of(doc)
        if e.type == type_ and e.confidence >= DEFAULT_MIN_CONFIDENCE and e.factuality in {"actual", "planned", "alleged"}
    ]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("The editors killed her article about the mayor.", "ASSAULT"),
        ("The senator shot the mayor's climate proposal with a rifle in an advertisement.", "ASSAULT"),
        ("Protesters hung an effigy of Governor Tom Hale outside the capitol.", "ASSAULT"),
        ("The ministry released 300 of Hale's emails on Monday.", "RETREAT"),
        ("Only one document from the archive was released.", "RETREAT"),
        ("Carla Nunez left office in 2009 with high approval ratings.", "RESIGNATION"),
        ("Marta Ruiz announced a campaign to teach children to swim.", "ELECTION"),
        ("Republican senators cast votes against the nominee on Tuesday.", "ELECTION"),
        ("President Ana Cruz lifted the arms embargo against Chad.", "SANCTION"),
        ("The political earthquake that struck California changed the party.", "DISASTER"),
        ("The moderator assured Peter Brandt that he would be heard.", "SUPPORT"),
    ],
)
def test_a_word_in_another_sense_is_no_event_of_its_usual_type(read: Read, text: str, type_: str) -> None:
    assert published(read(text), type_) == []


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("The rebels released 20 hostages.", "RETREAT"),
        ("Police shot a man in Lima.", "ASSAULT"),
        ("Marta Ruiz announced a presidential campaign.", "ELECTION"),
        ("President Ana Cruz lifted the arms embargo against Chad.", "CONCEDE"),
        ("An earthquake struck California.", "DISASTER"),
    ],
)
def test_the_usual_sense_stays(read: Read, text: str, type_: str) -> None:
    assert published(read(text), type_)


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("The quake struck the valley at dawn.", "quake"),
        ("The blaze killed nine people in Lima.", "fire"),
        ("Floods in the delta killed nine people.", "flood"),
        ("The cyclone struck the coast of Madagascar.", "storm"),
    ],
)
def test_what_struck_says_which_disaster_it_was(read: Read, text: str, mode: str) -> None:
    found = [(e.type, e.mode) for e in events_of(read(text)) if e.confidence >= DEFAULT_MIN_CONFIDENCE]
    assert found == [("DISASTER", mode)]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Rain fell. The markets closed. The odds of being killed by a gunman are small.", "ASSAULT"),
        ("Rain fell. The markets closed. About 40 people are killed by police every year.", "ASSAULT"),
        ("The president of Chad called for the ban on flights to be lifted.", "CONCEDE"),
        ("Rosa Diaz will win the election in May.", "ELECTION"),
        ("Rain fell. The markets closed. The president is elected for a five-year term.", "ELECTION"),
        ("Promised cuts have a way of never being made.", "AGREE"),
        ("A meeting between Ana Cruz and Ivo Bell could help the region.", "CONSULT"),
    ],
)
def test_what_is_supposed_predicted_or_counted_did_not_happen(read: Read, text: str, type_: str) -> None:
    assert published(read(text), type_) == []


def test_a_meeting_that_will_be_held_is_still_a_plan(read: Read) -> None:
    events = [e for e in events_of(read("Rosa Diaz will meet Prime Minister Ivo Bell on Tuesday.")) if e.type != "OTHER"]
    assert [(e.factuality, bool(e.source), bool(e.target)) for e in events] == [("planned", True, True)]


@pytest.mark.parametrize(
    ("text", "type_", "target"),
    [
        ("Hale urged Bell's running mate, Rita Moss, to focus on jobs.", "REQUEST", ["Rita Moss"]),
        ("Norway criticised the Lima climate accord.", "ACCUSE", ["the Lima climate accord"]),
        ("Chad denied spying on Ghana.", "REJECT", []),
        ("The army denied that its troops fired on civilians in Douala.", "REJECT", []),
        ("Moss asked his followers on Twitter to read the letter.", "REQUEST", ["his followers"]),
    ],
)
def test_the_target_is_whom_the_verb_takes(read: Read, text: str, type_: str, target: list[str]) -> None:
    events = [e for e in events_of(read(text)) if e.type == type_]
    assert [[text[slice(*piece)] for piece in e.target] for e in events] == [target]


def test_two_names_in_apposition_are_two_actors(read: Read) -> None:
    text = "The gunmen, Omar Reid and Paul Stone, wounded a guard."
    (event,) = [e for e in events_of(read(text)) if e.type == "ASSAULT"]
    assert [text[slice(*piece)] for piece in event.source] == ["Omar Reid", "Paul Stone"]


def test_a_city_is_not_who_holds_its_election(read: Read) -> None:
    assert all(source == [] for source, _ in published(read("The city's general election was held in 2001."), "ELECTION"))


def test_a_record_has_the_actors_of_its_own_mention_only(read: Read) -> None:
    text = "President Ana Cruz signed the Clean Water bill. Later, President Ana Cruz also signed an order on roads."
    for event in events_of(read(text)):
        start, end = (0, text.index("Later")) if event.trigger[0] < text.index("Later") else (text.index("Later"), len(text))
        assert all(start <= piece[0] < end for piece in (*event.source, *event.target))
