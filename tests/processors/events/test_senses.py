"""Faults that judges found in records of open news, by general cause, with near misses that must stay. Texts of our own."""

import pytest
from spacy.tokens import Doc

from processors.document import entities_of, events_of
from processors.events import DEFAULT_MIN_CONFIDENCE

from .conftest import Read


def published(doc: Doc) -> list[str]:
    """The types of the events at the default threshold that are told as fact, plan or allegation."""
    return [
        e.type
        for e in events_of(doc)
        if e.type != "OTHER" and e.confidence >= DEFAULT_MIN_CONFIDENCE and e.factuality in {"actual", "planned", "alleged"}
    ]


def sides(doc: Doc, type_: str) -> list[tuple[list[str], list[str]]]:
    """The names of sources and targets of all events of this type."""
    who = entities_of(doc)
    return [
        ([a.name for piece in e.source for a in who.actors(piece)], [a.name for piece in e.target for a in who.actors(piece)])
        for e in events_of(doc)
        if e.type == type_
    ]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Rain fell. The affair derailed a decorated career in the army.", "ACCIDENT"),
        ("The ministry's website crashed on Monday.", "ACCIDENT"),
        ("Peru died on Tuesday, the columnist Ana Cruz wrote.", "DEATH"),
        ("The government is deploying new strategies against the drought.", "MOBILIZE"),
        ("The new government in Peru took over a year ago.", "ASSAULT"),
        ("Senator Ana Cruz raised $8 million in the first quarter.", "BUSINESS"),
        ("The court robbed the winners of an honest victory.", "CRIME"),
        ("President Ana Cruz insisted on coming to see the doctors.", "REQUEST"),
        ("President Ana Cruz ordered more officers to head to the border.", "COERCE"),
        ("Attorney General Ivo Bell ordered prosecutors to bring charges against smugglers.", "ACCUSE"),
        ("The United States has a security agreement with Britain.", "SUPPORT"),
        ("Presidents have routinely negotiated with lawmakers.", "CONSULT"),
        ("Ana Cruz accepted the position of assistant to the governor.", "AGREE"),
    ],
)
def test_a_word_that_only_looks_like_the_act_is_not_published_as_it(read: Read, text: str, type_: str) -> None:
    assert type_ not in published(read(text))


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("A freight train derailed near Lima on Monday.", "ACCIDENT"),
        ("A bus crashed near Lima on Monday.", "ACCIDENT"),
        ("Senator Ana Cruz died on Tuesday.", "DEATH"),
        ("Norway deployed 300 soldiers to the border on Monday.", "MOBILIZE"),
        ("The rebels took over the town of Mueda on Sunday.", "ASSAULT"),
        ("Acme Motors raised $8 million from investors in May.", "BUSINESS"),
        ("Gunmen robbed a bank in Lima on Monday.", "CRIME"),
        ("President Ana Cruz insisted on an apology from Norway.", "REQUEST"),
        ("A judge ordered the police to release the files.", "COERCE"),
        ("The United States signed a security agreement with Britain on Monday.", "SUPPORT"),
        ("Presidents of Chile and Peru met lawmakers on Monday.", "CONSULT"),
        ("Ana Cruz accepted the invitation of the governor of Ohio on Monday.", "AGREE"),
    ],
)
def test_the_act_itself_stays(read: Read, text: str, type_: str) -> None:
    assert type_ in [e.type for e in events_of(read(text)) if e.confidence >= 0.5]


def test_what_happens_when_they_meet_has_not_happened(read: Read) -> None:
    before = "Rain fell. The markets closed. "
    (planned,) = [
        e for e in events_of(read(before + "Much may change when Ana Cruz and Ivo Bell meet in Lima.")) if e.type == "CONSULT"
    ]
    (past,) = [e for e in events_of(read(before + "Much changed when Ana Cruz and Ivo Bell met in Lima.")) if e.type == "CONSULT"]
    assert (planned.factuality, past.factuality) == ("possible", "actual")


def test_what_is_blamed_on_somebody_is_his_fault(read: Read) -> None:
    assert sides(read("Ana Cruz blamed the problem on the contractors."), "ACCUSE") == [(["Ana Cruz"], ["contractors"])]
    assert sides(read("Ana Cruz blamed Ivo Bell for the problem."), "ACCUSE") == [(["Ana Cruz"], ["Ivo Bell"])]


def test_whose_endorsement_somebody_wins_gives_it(read: Read) -> None:
    for text in ("Ana Cruz won the endorsement of Ivo Bell on Monday.", "Ana Cruz won Ivo Bell's endorsement on Monday."):
        assert sides(read(text), "SUPPORT") == [(["Ivo Bell"], ["Ana Cruz"])]
    assert sides(read("Ivo Bell endorsed Ana Cruz on Monday."), "SUPPORT") == [(["Ivo Bell"], ["Ana Cruz"])]


def test_on_whose_behalf_it_is_done_is_no_target(read: Read) -> None:
    assert all("Ivo Bell" not in target for _, target in sides(read("Volunteers made calls on behalf of Ivo Bell."), "CONSULT"))


def test_who_is_to_be_questioned_was_not_asked(read: Read) -> None:
    asked = events_of(read("Russia asked in 2011 that Ivo Bell be questioned."))
    assert all(not e.target or e.confidence < DEFAULT_MIN_CONFIDENCE for e in asked)
    assert sides(read("Russia asked Ivo Bell to resign."), "REQUEST") == [(["Russia"], ["Ivo Bell"])]


def test_a_relative_clause_is_about_the_nearest_of_several_and_about_people(read: Read) -> None:
    text = "It is a dispute between Ana Cruz and several states that have passed new election laws."
    assert [source for source, _ in sides(read(text), "LAW")] == [["several states"]]
    text = "Ana Cruz showed pictures of lawmakers from both parties whom she accused of fraud."
    assert [target for _, target in sides(read(text), "ACCUSE")] == [["lawmakers"]]


def test_the_boat_that_was_hit_is_not_its_country(read: Read) -> None:
    text = "The tanker collided with an Iranian fishing boat on Saturday."
    assert [target for _, target in sides(read(text), "ACCIDENT")] == [["an Iranian fishing boat"]]


def test_what_killed_is_the_attack_and_not_where_it_was(read: Read) -> None:
    for text in (
        "The bombing at the Boston Marathon that killed three people shocked the city.",
        "An attack on a ship that killed 46 sailors ended it.",
    ):
        found = sides(read(text), "ASSAULT") + sides(read(text), "ACCIDENT")
        assert all("ship" not in name and "Marathon" not in name for source, _ in found for name in source)
    assert published(read("A ship that capsized killed 46 sailors off Chile.")) != []


def test_who_is_killed_by_somebody_is_the_target_where_the_parser_makes_him_the_subject(read: Read) -> None:
    text = "His death makes him the highest-ranking foreign commander assassinated by the United States since 1943."
    assert [target for source, target in sides(read(text), "ASSAULT") if "United States" in source] != []


def test_who_seizes_on_a_report_takes_nothing(read: Read) -> None:
    assert "COERCE" not in published(read("Hale and his allies have seized on a recent New York Times report that a man lied."))
    assert "COERCE" in published(read("Police seized the ship of Ivo Bell on Monday."))


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Rain fell. Senator Ana Cruz elected not to speak about the storm.", "ELECTION"),
        ("Senator Ana Cruz held a strong voice in the Ohio primary.", "ELECTION"),
        ("A player tested positive for cocaine on Monday.", "HEALTH"),
        ("Senator Ana Cruz shared a joke with Ivo Bell on Monday.", "COOPERATE"),
        ("The white powder tested positive for cocaine on Monday.", "HEALTH"),
        ("Ana Cruz received numerous calls from her friends on Monday.", "REQUEST"),
        ("The new coronavirus was declared a global emergency by the World Health Organization.", "COERCE"),
        ("Senator Ivo Bell repeatedly promised that Mexico would pay for the wall.", "AGREE"),
        ("Senators in the Republican Party vowed to sue Ivo Bell on Monday.", "AGREE"),
        ("Police blocked the road to Lima on Monday.", "PROTEST"),
        ("The candidate Ivo Bell was cleared by the police on Monday.", "ASSAULT"),
        ("Eight men raped a woman in Lima on Monday.", "ACCUSE"),
        ("Senator Ana Cruz did not endorse Ivo Bell.", "REJECT"),
        ("There was a clear clash between Norway and Britain over clout in trade.", "ASSAULT"),
        ("An old people's home was struck by artillery fire.", "DISASTER"),
        ("More than 900 people visited emergency rooms on Monday.", "CONSULT"),
        ("Ana Cruz has met more senators than she has met with President Ivo Bell.", "CONSULT"),
    ],
)
def test_the_same_word_with_another_complement_is_another_act(read: Read, text: str, type_: str) -> None:
    found = published(read(text))
    assert type_ not in found or (type_ == "CONSULT" and found.count(type_) == 1)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Voters in Ohio elected Senator Ana Cruz on Tuesday.", "ELECTION"),
        ("Ohio held a primary on Tuesday.", "ELECTION"),
        ("Norway shared intelligence with Britain on Monday.", "COOPERATE"),
        ("Senator Ana Cruz tested positive for the coronavirus on Monday.", "HEALTH"),
        ("President Ana Cruz declared a state of emergency in Peru on Monday.", "COERCE"),
        ("Norway promised to send aid to Peru on Monday.", "AGREE"),
        ("Senators in the Republican Party vowed to sue Ivo Bell on Monday.", "THREATEN"),
        ("Protesters blocked the road to Lima on Monday.", "PROTEST"),
        ("The candidate Ivo Bell was cleared by the police on Monday.", "COURT"),
        ("Eight men raped a woman in Lima on Monday.", "ASSAULT"),
        ("Soldiers clashed with rebels in Mueda on Monday.", "ASSAULT"),
        ("Senator Ana Cruz does not support Ivo Bell.", "REJECT"),
    ],
)
def test_with_its_own_complement_it_stays(read: Read, text: str, type_: str) -> None:
    assert type_ in [e.type for e in events_of(read(text)) if e.confidence >= 0.5]


@pytest.mark.parametrize(
    ("text", "type_", "factuality"),
    [
        ("Rain fell. Rain fell. On Monday Ana Cruz announced he'd hired Ivo Bell.", "APPOINTMENT", "actual"),
        ("Ana Cruz said she'd hire Ivo Bell on Monday.", "APPOINTMENT", "planned"),
        ("Senator Ana Cruz announced last week she was retiring from the senate.", "RESIGNATION", "planned"),
        ("Senator Ana Cruz announced last week that she had resigned.", "RESIGNATION", "actual"),
        ("Ana Cruz offered her resignation to President Ivo Bell.", "RESIGNATION", "planned"),
        ("Ana Cruz tendered her resignation to President Ivo Bell.", "RESIGNATION", "actual"),
        ("The allegation that Ana Cruz was assaulted by Ivo Bell has hurt him.", "ASSAULT", "alleged"),
        ("Prosecutors say that Ivo Bell assaulted Ana Cruz in Lima.", "ASSAULT", "alleged"),
        ("A friend says that Ivo Bell assaulted Ana Cruz in Lima.", "ASSAULT", "actual"),
        ("Prosecutors insist that Ivo Bell murdered Ana Cruz in Lima.", "ASSAULT", "alleged"),
        ("Ivo Bell is said to have met Ana Cruz in Lima.", "CONSULT", "alleged"),
        ("Ivo Bell violated the law, the ministry said.", "REJECT", "alleged"),
        ("No senator could have gotten the bill enacted.", "LAW", "possible"),
        ("President Ana Cruz tried to fire the secretary in June.", "RESIGNATION", "possible"),
        ("President Ana Cruz fired the secretary in June.", "RESIGNATION", "actual"),
        ("Ana Cruz would be angry at those senators who endorsed Ivo Bell.", "SUPPORT", "actual"),
        ("All would have been gone had Democrats won the election.", "ELECTION", "possible"),
        ("All was gone when Democrats had won the election.", "ELECTION", "actual"),
        ("Democrats focus on winning back the senate majority.", "ELECTION", "possible"),
        ("Ivo Bell wrote the case for Ana Cruz winning the election.", "ELECTION", "possible"),
        ("Ivo Bell thanked voters after Ana Cruz won the election.", "ELECTION", "actual"),
        ("The plan would not be unveiled until after Norway and Peru agreed on a treaty.", "SUPPORT", "possible"),
        ("The plan was unveiled after Norway and Peru agreed on a treaty.", "SUPPORT", "actual"),
        ("Employers hope that the new law will be adopted by the senate.", "LAW", "possible"),
        ("Ivo Bell can anticipate tweets accusing Ana Cruz of fraud.", "ACCUSE", "possible"),
        ("Ivo Bell posted tweets accusing Ana Cruz of fraud.", "ACCUSE", "actual"),
        ("Democrats may be eager to sign a law on spending.", "LAW", "possible"),
    ],
)
def test_whether_it_happened_is_told_by_what_governs_it(read: Read, text: str, type_: str, factuality: str) -> None:
    surest = max((e for e in events_of(read(text)) if e.type == type_), key=lambda e: e.confidence)
    assert surest.factuality == factuality
