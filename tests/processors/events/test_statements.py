"""What is only said, promised, disputed or asked: general faults of open news and near misses that must stay. Texts of our own."""

import pytest

from processors.document import events_of

from .conftest import Read
from .test_senses import published, sides


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Senator Ana Cruz promised a border wall during the campaign.", "AGREE"),
        ("Senator Ana Cruz unveiled a plan that she promised would pay for itself.", "AGREE"),
        ("Ana Cruz agreed with Ivo Bell, but pointed to the economy.", "AGREE"),
        ("As a cardinal, Ana Cruz clashed with the government of Peru over taxes.", "PROTEST"),
        ("As a cardinal, Ana Cruz clashed with the government of Peru over taxes.", "ASSAULT"),
        ("Senator Ana Cruz honored Ivo Bell for his example.", "AWARD"),
        ("The ministry warned consumers not to buy the drug.", "THREATEN"),
        ("Republicans left the room, instead of criticizing Senator Ana Cruz.", "ACCUSE"),
        ("Senator Ana Cruz made Peru look weak by not defending Norway.", "REJECT"),
        ("“Has Senator Ana Cruz resigned and nobody told us?” Ivo Bell wrote on Sunday.", "RESIGNATION"),
    ],
)
def test_what_is_only_said_is_not_published_as_an_act(read: Read, text: str, type_: str) -> None:
    assert type_ not in published(read("Rain fell. Rain fell. " + text))


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Norway promised Peru an embassy on Monday.", "AGREE"),
        ("Senator Ana Cruz pledged to work with Norway on Monday.", "AGREE"),
        ("Norway agreed with Peru on a treaty on Monday.", "SUPPORT"),
        ("Protesters clashed with police in Lima on Monday.", "PROTEST"),
        ("Norway warned Peru on Monday.", "THREATEN"),
        ("“It is over,” Ivo Bell said after Senator Ana Cruz resigned on Sunday.", "RESIGNATION"),
    ],
)
def test_what_is_done_stays_published(read: Read, text: str, type_: str) -> None:
    assert type_ in [e.type for e in events_of(read("Rain fell. Rain fell. " + text)) if e.confidence >= 0.5]


@pytest.mark.parametrize(
    ("text", "type_", "factuality"),
    [
        ("Ana Cruz testified on Monday that Ivo Bell assaulted her in Lima.", "ASSAULT", "alleged"),
        ("Ivo Bell attacked Ana Cruz in Lima, according to her testimony.", "ASSAULT", "alleged"),
        ("Ivo Bell attacked Ana Cruz in Lima, according to the police.", "ASSAULT", "actual"),
        ("Senator Ana Cruz said she will be stepping down and resigning from the senate.", "RESIGNATION", "planned"),
        ("Ivo Bell denied having information about Ana Cruz's allegations against him.", "ACCUSE", "actual"),
        ("Ivo Bell denied that Norway attacked Peru.", "ASSAULT", "denied"),
    ],
)
def test_testimony_and_announcements_are_no_facts(read: Read, text: str, type_: str, factuality: str) -> None:
    surest = max((e for e in events_of(read("Rain fell. " + text)) if e.type == type_), key=lambda e: e.confidence)
    assert surest.factuality == factuality


@pytest.mark.parametrize(
    ("text", "type_", "target"),
    [
        ("A committee of the senate is investigating the Lima attack.", "ACCUSE", "Peru"),
        ("A committee is investigating the 2012 attack on the Norwegian compound in Lima.", "ACCUSE", "Norway"),
        ("On Tuesday, the day that voters went to the polls, Ana Cruz met Ivo Bell.", "ELECTION", "the day"),
    ],
)
def test_where_it_was_and_whom_it_hit_are_not_whom_it_is_done_to(read: Read, text: str, type_: str, target: str) -> None:
    assert all(target not in targets for _, targets in sides(read("Rain fell. " + text), type_))


@pytest.mark.parametrize(
    ("text", "type_", "target"),
    [
        ("Norway is investigating Peru.", "ACCUSE", "Peru"),
        ("Norway condemned the Russian attack on Peru.", "ACCUSE", "Russia"),
        ("The mayor Ivo Bell signed the petition urging Senator Ana Cruz to resign.", "REQUEST", "Ana Cruz"),
    ],
)
def test_whom_it_is_done_to_stays(read: Read, text: str, type_: str, target: str) -> None:
    assert any(target in targets for _, targets in sides(read("Rain fell. " + text), type_))
