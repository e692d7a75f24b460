"""Who says what, in sentences of every frame."""

from collections.abc import Callable

import pytest

from tests.processors.claims.conftest import Claims

Read = Callable[[str], Claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The minister said that taxes will rise in April.", ("The minister", "said", "that taxes will rise in April")),
        (
            "Rivera told reporters on Monday that the bridge would stay closed.",
            ("Rivera", "told", "that the bridge would stay closed"),
        ),
        (
            "Many of the bridges, the mayor said, are older than the town.",
            ("the mayor", "said", "Many of the bridges / are older than the town"),
        ),
        ("Kovacs stressed during the talks that the bridge was safe.", ("Kovacs", "stressed", "that the bridge was safe")),
        ("Researchers who studied the bridge said it was weak.", ("Researchers who studied the bridge", "said", "it was weak")),
        ("A study found that 12 percent of bridges are unsafe.", ("A study", "found", "that 12 percent of bridges are unsafe")),
        ("The union criticized the plan as a gift to the owners.", ("The union", "criticized", "the plan as a gift to the owners")),
        ("Kovacs wants to close the bridge for a year.", ("Kovacs", "wants", "to close the bridge for a year")),
        ("Kovacs urged the council to close the bridge.", ("Kovacs", "urged", "the council to close the bridge")),
        ("Kovacs is confident that the bridge will open in May.", ("Kovacs", "is confident", "that the bridge will open in May")),
        ("He is accused of taking bribes from three builders.", ("", "is accused", "He / of taking bribes from three builders")),
        ("The bridge seems safe.", ("", "seems", "The bridge / safe")),
        ("Kovacs was critical of the new bridge.", ("Kovacs", "was critical of", "the new bridge")),
        ("Kovacs is a fierce critic of the new bridge.", ("Kovacs", "is a fierce critic of", "the new bridge")),
        ("The bridge was built in haste, the Post reported in 1991.", ("the Post", "reported", "The bridge was built in haste")),
        ("Kovacs called for calm when she spoke in Oslo on Monday.", ("Kovacs", "called for", "calm")),
        (
            "Kovacs said that the bridge was old, but that it would stand.",
            ("Kovacs", "said", "that the bridge was old, but that it would stand"),
        ),
        ("REPORTER: Will the bridge be closed tomorrow?", ("REPORTER", ":", "Will the bridge be closed tomorrow?")),
    ],
)
def test_source_cue_and_content_are_found(read: Read, text: str, expected: tuple[str, str, str]) -> None:
    assert read(text).triples() == [expected]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ('"We will build the bridge," the mayor said.', "the mayor", ['"We will build the bridge,"']),
        ('"We will build the bridge," said Anna Kovacs.', "Anna Kovacs", ['"We will build the bridge,"']),
        ('Police said: "We found nothing."', "Police", ['"We found nothing."']),
        ('"We build it," the mayor said. "It takes two years."', "the mayor", ['"We build it,"', '"It takes two years."']),
        ('The plan is "a disaster," Kovacs said.', "Kovacs", ['The plan is "a disaster,"']),
        (
            "“The first thing is money.\n\n“The second is time,” Kovacs said.",
            "Kovacs",
            ["“The first thing is money.", "“The second is time,”"],
        ),
        ('"It is late," Kovacs said.\n\n"We should have left."', "Kovacs", ['"It is late,"', '"We should have left."']),
        ('"It is late," said retired driver Ben Kovacs.', "retired driver Ben Kovacs", ['"It is late,"']),
        ('"I did not sleep," he said as some people laughed.', "he", ['"I did not sleep,"']),
        ('"I did not sleep," he said, shaking his head.', "he", ['"I did not sleep,"']),
        (
            "“We build it,” she said of the bridge, “but it takes two years.”",
            "she",
            ["“We build it,”", "“but it takes two years.”"],
        ),
        ('Kovacs agreed. "The bridge is old and weak."', "Kovacs", ['"The bridge is old and weak."']),
        ('As Kovacs put it, "The bridge is old and weak."', "Kovacs", ['"The bridge is old and weak."']),
        ('He wrote this: "The bridge is old and weak."', "He", ['"The bridge is old and weak."']),
        ("“It is late,” Kovacs said. “That Was Anna Berg.”", "Kovacs", ["“It is late,”", "“That Was Anna Berg.”"]),
    ],
)
def test_quotes_go_to_their_speaker(read: Read, text: str, source: str, content: list[str]) -> None:
    claims = read(text)
    claim = claims.only()
    assert claims.words(claim.source) == [source]
    assert claims.words(claim.content) == content


@pytest.mark.parametrize(
    "text", ["The river rose by two metres overnight.", 'The council painted the word "no" on the bridge.', "", "\n\n", "Said."]
)
def test_text_that_attributes_nothing_has_no_claims(read: Read, text: str) -> None:
    assert read(text) == []


def test_of_claims_within_claims_the_outermost_is_not_nested(read: Read) -> None:
    claims = read("Kovacs said she believed that the bridge was safe, according to two newspapers.")
    assert [source for source, _, _ in claims.triples()] == ["two newspapers"]
    nested = claims.triples(nested=True)
    assert ("Kovacs", "said", "she believed that the bridge was safe") in nested
    assert ("she", "believed", "that the bridge was safe") in nested


def test_a_second_cue_after_a_comma_has_the_same_speaker(read: Read) -> None:
    assert read("Kovacs said that the bridge was safe, adding that it would open in May.").triples() == [
        ("Kovacs", "said", "that the bridge was safe"),
        ("Kovacs", "adding", "that it would open in May"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"It is late," she said.', "direct"),
        ('She said it was "much too late" for that.', "mixed"),
        ("She said it was late.", "indirect"),
    ],
)
def test_kind_is_by_the_share_in_quotation_marks(read: Read, text: str, kind: str) -> None:
    assert read(text).only().kind == kind


@pytest.mark.parametrize(
    ("text", "claim_class"),
    [
        ("She said that it was late.", "statement"),
        ("She believes that it is late.", "belief"),
        ("She wants to leave early.", "intent"),
        ("The poll shows that few people agree.", "evidence"),
        ("She suggested that they leave.", "statement"),
        ("The union criticized the plan.", "accusation"),
    ],
)
def test_class_is_the_cues_own(read: Read, text: str, claim_class: str) -> None:
    assert read(text).only().claim_class == claim_class


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("The company said that it had paid.", "positive"),
        ("The company denied that it had paid.", "negative"),
        ("The company did not say when the plant would reopen.", "negative"),
        ("The company did not deny that it had paid.", "positive"),
    ],
)
def test_denials_and_silence_are_negative(read: Read, text: str, polarity: str) -> None:
    assert read(text).only().polarity == polarity


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Rivera said the bridge was damaged by the flood.", "certain"),
        ("Rivera said the bridge may have been damaged by the flood.", "possible"),
        ("Rivera thinks the bridge was damaged by the flood.", "probable"),
    ],
)
def test_hedges_lower_certainty(read: Read, text: str, certainty: str) -> None:
    assert read(text).only().certainty == certainty


def test_numbers_and_causes_are_worthier_of_a_check_than_thanks(read: Read) -> None:
    fact = read("Rivera said that unemployment fell to 4 percent because factories hired workers.").only().check_worthiness
    opinion = read("Rivera said the town should be patient.").only().check_worthiness
    thanks = read('"Thank you all for coming," Rivera said.').only().check_worthiness
    assert fact is not None
    assert opinion is not None
    assert thanks is not None
    assert fact > 0.7 > opinion > thanks


def test_who_is_told_is_the_addressee(read: Read) -> None:
    claims = read("Rivera told the council that the bridge would stay closed.")
    addressee = claims.only().addressee
    assert addressee is not None
    assert claims.words([addressee]) == ["the council"]


def test_a_claim_said_twice_repeats_the_first(read: Read) -> None:
    claims = read(
        "Kovacs said on Monday that the bridge was closed because of rust in 14 beams.\n\n"
        "On Tuesday she said again that the bridge was closed because of rust in 14 beams."
    )
    assert [claim.repeats for claim in claims] == [None, 0]


def test_another_speakers_same_words_are_no_repetition(read: Read) -> None:
    claims = read(
        "Kovacs said that the bridge was closed because of rust in 14 beams.\n\n"
        "Rivera said that the bridge was closed because of rust in 14 beams."
    )
    assert [claim.repeats for claim in claims] == [None, None]
