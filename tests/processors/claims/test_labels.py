"""Who says what by layout: labels, signatures, posts."""

from collections.abc import Callable

import pytest

from tests.processors.claims.conftest import Claims

Read = Callable[[str], Claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The bridge is old.\n\n“We will build a new bridge in May.”\n\n– Anna Kovacs",
            [("Anna Kovacs", "–", "“We will build a new bridge in May.”")],
        ),
        (
            'Kovacs: "We will build a new bridge." Berg: "We will not pay for it."',
            [("Kovacs", ":", '"We will build a new bridge."'), ("Berg", ":", '"We will not pay for it."')],
        ),
        (
            "The bridge is closed until Monday pic.twitter.com/x — Oslo Roads (@osloroads) May 5, 2026",
            [("Oslo Roads (@osloroads)", "—", "The bridge is closed until Monday pic.twitter.com/x")],
        ),
    ],
)
def test_layout_names_the_speaker(read: Read, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(text).triples() == expected


def test_a_list_of_names_behind_a_place_is_nobodys_speech(read: Read) -> None:
    assert read("Who took part in the survey:\n\nIowa: Anna Kovacs, Ben Berg, Carl Lind, Dora Sol and Eva Holm.").triples() == []
