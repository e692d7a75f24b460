"""Datelines, as agencies and papers write them."""

import pytest

from processors.cleaning.marks import dateline_length
from tests.processors.cleaning.articles import LAST, SECOND, cleaned, marked, paragraphs


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON (Reuters) —",
        "NEW YORK (AP) -",
        "WASHINGTON, May 14 (Reuters) -",
        "Moscow, Russia -",
        "BEIRUT —",
        "ST. PAUL, Minn. (AP) --",
        "RIO DE JANEIRO, Brazil, 14 May (Reuters) –",
        "(CNN) —",
        "JERUSALEM —",
    ],
)
def test_a_dateline_ends_with_its_dash(dateline: str) -> None:
    assert dateline_length(f"{dateline} The government said on Tuesday that it would resign.") == len(dateline)


def test_a_dateline_without_spaces_is_found() -> None:
    assert dateline_length("WASHINGTON—The government said on Tuesday that it would resign.") == len("WASHINGTON—")


@pytest.mark.parametrize(
    "text",
    [
        "The government said on Tuesday that it would resign.",
        "Some ministers – among them Kask – said on Tuesday that they would resign.",
        "Jean-Luc Example said on Tuesday that he would resign.",
        "The Workers Party (WP) said on Tuesday that it would resign.",
        "Prime Minister Ann Example (left) said on Tuesday that she would resign.",
    ],
)
def test_prose_has_no_dateline(text: str) -> None:
    assert dateline_length(text) == 0


def test_only_the_first_dateline_is_marked() -> None:
    article = cleaned(paragraphs(f"OSLO (Reuters) - {SECOND}", f"OSLO (Reuters) - {LAST}"))
    assert marked(article) == [("dateline", "OSLO (Reuters) -")]
