"""Events of short texts of our own: type, participants, factuality."""

import pytest
from spacy.tokens import Doc

from processors.document import EventDraft, events_of
from processors.events import DEFAULT_MIN_CONFIDENCE

from .conftest import Read

Row = tuple[str, str, str, str, str]


LIKELY = 0.48
"""These sentences test what is read; whether it is published is tested in test_precision.py and tests/quality."""


def rows(doc: Doc, least: float = LIKELY) -> list[Row]:
    """(type, trigger, source, target, factuality) of the events above a confidence."""

    def words(pieces: list[tuple[int, int]]) -> str:
        return ", ".join(doc.text[start:end] for start, end in pieces)

    def row(e: EventDraft) -> Row:
        return e.type, words([e.trigger]), words(e.source), words(e.target), e.factuality

    return [row(e) for e in events_of(doc) if e.confidence >= least]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army attacked the rebels near the border.", ("ASSAULT", "attacked", "The army", "the rebels")),
        ("Maria Lopez met Peter Brandt in Vienna.", ("CONSULT", "met", "Maria Lopez", "Peter Brandt")),
        ("The opposition leader was arrested by police.", ("COERCE", "arrested", "police", "The opposition leader")),
        ("Norway imposed sanctions on Belarus.", ("SANCTION", "sanctions", "Norway", "Belarus")),
        ("Canada condemned the attack on the embassy.", ("ACCUSE", "condemned", "Canada", "the attack")),
        ("Canada condemned Eritrea's attack on the embassy.", ("ACCUSE", "condemned", "Canada", "Eritrea")),
        ("France urged Iran to release the prisoners.", ("REQUEST", "urged", "France", "Iran")),
        ("The court accused the general of deporting villagers.", ("ACCUSE", "accused", "The court", "the general")),
        ("The rebels released 20 hostages.", ("RETREAT", "released", "The rebels", "20 hostages")),
        ("Turkey and Greece signed an agreement.", ("SUPPORT", "signed", "Turkey", "Greece")),
        ("The UN delivered aid to Somalia.", ("AID", "delivered", "The UN", "Somalia")),
        ("Two men robbed a bank in Lima.", ("CRIME", "robbed", "Two men", "a bank")),
        ("The Senate passed a bill that bans plastic bags.", ("LAW", "passed", "The Senate", "")),
        ("Mayor Ana Cruz resigned.", ("RESIGNATION", "resigned", "Mayor Ana Cruz", "")),
        ("Teachers in Quito went on strike.", ("PROTEST", "went", "Teachers in Quito", "")),
        ("Hurricane Ida killed 12 people.", ("DISASTER", "killed", "Hurricane Ida", "12 people")),
        ("The union called off the strike.", ("CONCEDE", "called", "The union", "")),
        ("Ghana eased tariffs on goods from Togo.", ("CONCEDE", "eased", "Ghana", "Togo")),
        ("The president declared a state of emergency in Sucre.", ("COERCE", "declared", "The president", "Sucre")),
        ("Rebels took over the town.", ("ASSAULT", "took", "Rebels", "the town")),
        ("Critics offered praise for the minister.", ("SUPPORT", "praise", "Critics", "the minister")),
        ("The minister received criticism from the union.", ("ACCUSE", "criticism", "the union", "The minister")),
        ("Japan and Kenya have agreed to share information on pirates.", ("AGREE", "agreed", "Japan", "Kenya")),
        ("Two reporters were expelled from Eritrea.", ("SANCTION", "expelled", "Eritrea", "Two reporters")),
        ("A judge ordered the sailors' release.", ("RETREAT", "ordered", "A judge", "the sailors")),
        ("Thousands of farmers protested the killing.", ("PROTEST", "protested", "Thousands of farmers", "the killing")),
        ("Chile protested the arrest of two reporters.", ("ACCUSE", "protested", "Chile", "the arrest of two reporters")),
    ],
)  # fmt: skip
def test_a_plain_sentence_gives_its_event(read: Read, text: str, expected: tuple[str, ...]) -> None:
    assert (*expected, "actual") in rows(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "The government has not condemned the invasion.",
        "If Poland attacked the ship, Spain would condemn it.",
        "Officials said the army might attack the town.",
        "Police prevented the protesters from attacking the embassy.",
        "The firm usually sues its rivals.",
        "Did the army attack the town?",
        "Reporters asked the minister whether the budget was safe.",
    ],
)
def test_what_did_not_happen_gives_nothing_by_default(read: Read, text: str) -> None:
    assert not rows(read(text), DEFAULT_MIN_CONFIDENCE)


def test_a_negated_act_gives_nothing_at_any_confidence(read: Read) -> None:
    assert not [row for row in rows(read("The company did not sue the city."), 0.0) if row[0] == "ACCUSE"]


def test_what_will_be_done_together_is_agreed_and_planned(read: Read) -> None:
    assert ("AGREE", "meet", "Japan", "South Korea", "planned") in rows(read("Japan will meet South Korea next week."))


def test_by_no_means_is_a_negation(read: Read) -> None:
    assert rows(read("By no means has the bishop endorsed the senator.")) == []


def test_what_comes_before_a_plan_is_not_done_yet(read: Read) -> None:
    assert rows(read("The plan is on hold before Congress gives the senator approval.")) == []


def test_a_verb_joined_to_a_gerund_has_the_subject_of_its_sentence(read: Read) -> None:
    text = "A court convicted the mayor, Ann Lee, of taking bribes from a builder and sentenced her to two years in prison."
    assert ("COERCE", "sentenced", "A court", "her", "actual") in rows(read(text))


def test_who_announces_a_resignation_does_not_resign(read: Read) -> None:
    assert ("RESIGNATION", "Ann Lee") in {
        (row[0], row[2]) for row in rows(read("The president announced the resignation of Ann Lee."))
    }


def test_a_refusal_is_aimed_at_whose_act_it_waits_for(read: Read) -> None:
    assert ("REJECT", "end", "The miners", "the firm", "actual") in rows(
        read("The miners will not end the strike until the firm pays them."), 0.2
    )


def test_who_offers_troops_agrees_and_does_not_threaten(read: Read) -> None:
    assert "AGREE" in {row[0] for row in rows(read("Kenya offered to send troops to Haiti."))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("British and French envoys met on Monday.", ("CONSULT", "British", "French")),
        ("The UN began a mediation effort between Kenya and Uganda.", ("CONSULT", "The UN", "Kenya, Uganda")),
        ("The rebels refused talks with the government.", ("REJECT", "The rebels", "the government")),
        ("The UN called for the government to resign.", ("REQUEST", "The UN", "the government")),
        ("Italy refused to allow the ship to dock.", ("REJECT", "Italy", "the ship")),
        ("The miners called off the strike after an agreement with the firm.", ("CONCEDE", "The miners", "the firm")),
        ("The army will begin a military operation against the rebels.", ("THREATEN", "The army", "the rebels")),
    ],
)  # fmt: skip
def test_the_other_side_is_found_in_many_constructions(read: Read, text: str, expected: tuple[str, ...]) -> None:
    assert expected in {(row[0], *row[2:4]) for row in rows(read(text), 0.2)}


def test_who_is_called_to_be_apologized_to_is_the_target(read: Read) -> None:
    assert ("SUPPORT", "The premier", "Ann Lee") in {
        (row[0], *row[2:4]) for row in rows(read("The premier called Ann Lee to apologize for the delay."), 0.05)
    }


def test_a_hostile_plan_is_a_threat_with_its_chain(read: Read) -> None:
    doc = read("Sweden will impose sanctions on Belarus.")
    event = next(e for e in events_of(doc) if e.confidence >= DEFAULT_MIN_CONFIDENCE)
    assert (event.type, event.operators, event.factuality) == ("THREATEN", ["future", "SANCTION"], "planned")


def test_what_somebody_is_accused_of_is_alleged_and_theirs(read: Read) -> None:
    found = rows(read("The court accused the general of deporting villagers."), 0.3)
    assert ("COERCE", "deporting", "the general", "villagers", "alleged") in found


def test_what_somebody_denies_is_denied(read: Read) -> None:
    found = rows(read("Russia denied attacking the hospital."), 0.0)
    assert ("REJECT", "actual") in {(row[0], row[4]) for row in found}
    assert ("ASSAULT", "denied") in {(row[0], row[4]) for row in found}


@pytest.mark.parametrize(
    ("text", "type_", "source", "target"),
    [
        ("The talks between Kenya and Uganda lasted two days.", "CONSULT", "Kenya", "Uganda"),
        ("Moscow's war on Ukraine enters another year.", "ASSAULT", "Moscow", "Ukraine"),
        ("The killing of the mayor by gunmen shocked the town.", "ASSAULT", "gunmen", "the mayor"),
        ("The mayor's murder by gunmen shocked the town.", "ASSAULT", "gunmen", "The mayor"),
    ],
)
def test_a_noun_denotes_an_event_with_its_participants(read: Read, text: str, type_: str, source: str, target: str) -> None:
    assert (type_, source, target) in {(row[0], row[2], row[3]) for row in rows(read(text))}


def test_a_sense_is_chosen_by_who_acts(read: Read) -> None:
    assert [row[0] for row in rows(read("Protesters clashed with police in Lima."))] == ["PROTEST"]
    assert [row[0] for row in rows(read("The rebels clashed with soldiers in Lima."))] == ["ASSAULT"]


def test_a_match_that_is_won_is_sport_and_no_assault(read: Read) -> None:
    text = "The Tigers beat the Bears on Sunday in a game of 12 innings, and the coach praised the team's pitcher."
    types = {row[1]: row[0] for row in rows(read(text), 0.3)}
    assert types["beat"] == "SPORT"


def test_who_a_relative_clause_describes_is_its_subject(read: Read) -> None:
    assert ("ASSAULT", "attacked", "the soldiers", "the village", "actual") in rows(
        read("Police found the soldiers who attacked the village."), 0.5
    )


def test_they_who_report_are_they_who_did_it(read: Read) -> None:
    assert ("ASSAULT", "killed", "The army", "three fighters", "actual") in rows(
        read("The army said it killed three fighters."), 0.5
    )


def test_an_event_that_no_entry_types_is_other_and_stays_below_the_default(read: Read) -> None:
    doc = read("The committee examined the cupboard.")
    assert [row[:2] for row in rows(doc, 0.0)] == [("OTHER", "examined")]
    assert not rows(doc)
