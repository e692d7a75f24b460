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
        ("The fire destroyed two houses.", "fire"),
        ("Wildfires burned 20 homes in Chile.", "fire"),
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
        ("Rosa Fulton wants the president of Chad to investigate the case.", "ACCUSE"),
        ("The group is no longer sharing evidence with Ana Cruz.", "COOPERATE"),
        ("No president has been impeached and then sought reelection.", "ELECTION"),
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
        ("The judge, whom Ana Cruz accused of lying, resigned.", "ACCUSE", ["The judge"]),
        ("The union called for the city of Lima to work with the county.", "REQUEST", ["the city of Lima"]),
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


def test_what_somebody_is_blamed_for_happened(read: Read) -> None:
    (event,) = [e for e in events_of(read("Ministers blamed Ana Cruz for the resignation of Ivo Bell.")) if e.type == "RESIGNATION"]
    assert event.factuality == "actual"


def test_who_voted_for_somebody_voted_in_an_election(read: Read) -> None:
    events = [e for e in events_of(read("Most farmers in Ohio voted for Ivo Bell.")) if e.type != "OTHER"]
    assert [e.type for e in events] == ["ELECTION"]


def test_who_is_found_not_guilty_is_not_charged(read: Read) -> None:
    events = [e for e in events_of(read("Ana Cruz was found not guilty by the jury.")) if e.type != "OTHER"]
    assert [(e.type, e.mode) for e in events] == [("COURT", "acquit")]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Jane Cruz beat Thomas Bell in this district by eight points.", ("ELECTION", "win")),
        ("Mayor Bill Foster was defeated by challenger Rick Moss.", ("ELECTION", "win")),
        ("Police beat protesters in the capital on Sunday.", ("ASSAULT", "beat")),
    ],
)
def test_who_beats_a_rival_in_a_campaign_hurts_nobody(read: Read, sentence: str, kind: tuple[str, str]) -> None:
    campaign = "The campaign for the Senate went on. Republican voters and Democrats watched the election and the polls. "
    (event,) = [e for e in events_of(read(campaign + sentence)) if e.trigger[0] > len(campaign) and e.type != "OTHER"]
    assert (event.type, event.mode) == kind


def test_a_senator_from_somewhere_is_who_did_it(read: Read) -> None:
    text = "It is a letter by Senator Ron Moss of Oregon, who endorsed Ana Cruz."
    (event,) = [e for e in events_of(read(text)) if e.type == "SUPPORT"]
    assert [text[slice(*piece)] for piece in event.source] == ["Senator Ron Moss of Oregon"]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Gunmen attacked a convoy in northern Mozambique on Sunday, killing nine people.", "ASSAULT"),
        ("Chile and Peru signed a water treaty in Arica on Monday.", "SUPPORT"),
        ("Police in Antwerp arrested three men over a diamond robbery.", "COERCE"),
        ("The finance minister of Ghana resigned on Friday.", "RESIGNATION"),
        ("Parliament passed a law against plastic bags on Tuesday.", "LAW"),
        ("Thousands of farmers protested against the government in Quito.", "PROTEST"),
        ("Norway condemned the arrest of two reporters.", "ACCUSE"),
        ("A court in Lima sentenced the former president to eight years in prison.", "COERCE"),
        ("Foreign ministers of Chad and Niger met in Geneva on Thursday.", "CONSULT"),
    ],
)
def test_a_plain_lead_of_an_agency_is_published(read: Read, text: str, type_: str) -> None:
    assert published(read(text), type_)
