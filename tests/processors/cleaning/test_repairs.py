"""How damaged text reads."""

import pytest

from processors.cleaning.lines import Lines
from processors.cleaning.repairs import repairs
from processors.text import TextView


def read(body: str) -> str:
    return TextView(body, repaired=repairs(body)).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Itâ€™s a â€œcoupâ€\x9d, he said.", "It’s a “coup”, he said."),
        ("The cafÃ© in MÃ¼nchen", "The café in München"),
        ("Â£40 million", "£40 million"),
        ("zero\u200bwidth and \u202eturned\u202c text\ufeff", "zerowidth and turned text"),
        ("soft\u00adhyphen", "softhyphen"),
        ("bread &amp; butter, it&#8217;s &quot;fine&quot;", 'bread & butter, it’s "fine"'),
        ("The mayor said that the harbour would\n\nopen on Tuesday.", "The mayor said that the harbour would open on Tuesday."),
    ],
)
def test_damage_is_repaired(body: str, text: str) -> None:
    assert read(body) == text


@pytest.mark.parametrize(
    "body",
    [
        "Škoda, Ærø, İstanbul, naïve, “quoted” – and €5",
        "می\u200cخواهم",  # a joiner that Persian writing needs
        "👩\u200d🚀 waved",
        "AT&T and R&D; profits rose",
        "The harbour opens on Tuesday.\n\niPhone sales fell in the same week.",
        "The harbour will open in the coming week\nNobody knows the hour",
    ],
)
def test_sound_text_is_left_alone(body: str) -> None:
    assert repairs(body) == []


def test_text_cut_to_one_width_becomes_paragraphs() -> None:
    body = (
        "The mayor of the town said on Tuesday that the harbour, which a storm had\n"
        "destroyed two years ago, was open again. Some 300 people came to see it in\n"
        "heavy rain. The work had cost 40 million euros, a third more than what the\n"
        "council had planned, and it had taken eight months longer than promised.\n\n"
        "The first ferry is to leave for Sweden on Friday morning if the wind lets\n"
        "Captain Example and his crew go, the port authority said in a statement to\n"
        "the press.\n"
    )
    assert [len(paragraph) > 150 for paragraph in read(body).strip().split("\n\n")] == [True, True]
    assert "\n" not in read(body).strip().replace("\n\n", "")


def test_a_control_character_before_a_line_end_joins_no_lines() -> None:
    body = "The harbour opened on Tuesday.\x1c\nThe ferry leaves on Friday."
    assert [line.text for line in Lines.of(body, joints=repairs(body)).lines] == body.split("\x1c\n")
