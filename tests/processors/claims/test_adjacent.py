"""Quotes beside a word of speech that the parse does not join to them."""

from collections.abc import Callable

import pytest

from tests.processors.claims.conftest import Claims

Read = Callable[[str], Claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '"Friend, let me be blunt. I can win this race. Donald can\'t," the email read.',
            ("the email", "read", '"Friend, let me be blunt. I can win this race. Donald can\'t,"'),
        ),
        (
            '"Is the mayor going to answer at last? He should resign in disgrace!" the head of the union, Ana Sol, tweeted Sunday.',
            (
                "the head of the union, Ana Sol,",
                "tweeted",
                '"Is the mayor going to answer at last? He should resign in disgrace!"',
            ),
        ),
        (
            "“The bridge was closed for a week, and nobody told us.”\nWe asked again. “We will not wait any longer.” Sol said.",
            ("Sol", "said", "“We will not wait any longer.”"),
        ),
        (
            "Ana Sol, the director of the museum, said in a statement. “There are no old bridges to see. It is a pity.”",
            ("Ana Sol, the director of the museum,", "said", "“There are no old bridges to see. It is a pity.”"),
        ),
        (
            "In response to the fire, Mayor Ana Sol issued the following statement:\n\n“We mourn with all of you. This must end.”",
            ("Mayor Ana Sol", "issued the following statement:", "“We mourn with all of you. This must end.”"),
        ),
    ],
)
def test_a_quote_goes_to_the_word_of_speech_beside_it(read: Read, text: str, expected: tuple[str, str, str]) -> None:
    assert expected in read(text).triples()


def test_a_sentence_that_begins_behind_a_quote_does_not_claim_it(read: Read) -> None:
    assert read("“We will not wait any longer.” The senator said the bridge was old.").triples() == [
        ("The senator", "said", "the bridge was old")
    ]


def test_a_quote_with_a_cue_in_commas_is_without_what_stands_before_the_speaker(read: Read) -> None:
    claims = read('Asked whether he would fire the engineer, Sol said, "Probably."')
    assert ("Sol", "said", '"Probably."') in claims.triples()


def test_a_quote_in_brackets_does_not_take_the_sentence_before_it(read: Read) -> None:
    claims = read('The vote angered many members ("I want my dues back," wrote Ana Sol, a teacher in Lima).')
    assert [content for _, _, content in claims.triples()] == ['"I want my dues back,"']


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Sol left. “We wait,” said Sol, who leads the union.", "Sol, who leads the union"),
        ("Sol left. Sol, who leads the union, said the bridge was old.", "Sol"),
        ("“We wait,” said Sol, who said he was ill.", "Sol"),
    ],
)
def test_who_a_known_speaker_is_belongs_to_him_in_short_behind_the_verb(read: Read, text: str, source: str) -> None:
    assert source in [claim[0] for claim in read(text).triples()]


def test_a_label_before_a_quote_ends_what_another_says(read: Read) -> None:
    text = "The polls predicted the result of the vote - Ana Sol: “The surveys were right for once, and most voters knew it.”"
    assert read(text).triples() == [
        ("The polls", "predicted", "the result of the vote"),
        ("Ana Sol", ":", "“The surveys were right for once, and most voters knew it.”"),
    ]
