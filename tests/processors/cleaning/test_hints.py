from hypothesis import given, settings
from hypothesis import strategies as st

from processors.cleaning import hints
from processors.cleaning.hints import Hints

WORDS = st.text("abc @é", min_size=1, max_size=9)


@given(st.lists(WORDS, min_size=1, max_size=8), st.text("abc @é\n", max_size=60))
@settings(deadline=None)
def test_the_hints_found_are_those_that_stand_in_the_text(words: list[str], text: str) -> None:
    assert {word for _, found in Hints((word, word) for word in words).find(text) for word in found} == {
        w for w in words if w in text
    }


def test_a_hint_is_found_where_it_stands_also_across_two_blocks() -> None:
    text = "x" * (hints._BLOCK_CHARS - 3) + "newsletter" + "x" * 50
    assert [text[max(0, at - 9) : at + 10].count("newsletter") for at, _ in Hints([("newsletter", 1)]).find(text)] == [1]


def test_a_hint_gives_all_its_values() -> None:
    assert [list(found) for _, found in Hints([("inbox", 1), ("inbox", 2), ("other", 3)]).find("in your inbox")] == [[1, 2]]
