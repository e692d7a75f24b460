"""What holds for any text: ranges are sound, the same text gives the same article, and no text takes long."""

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.errors import Unprocessable
from processors.text import TextView
from tests.processors.cleaning.articles import LAST, LEDE, SECOND, THIRD, cleaned
from tests.timing import MOST_TIMES_SLOWER, times_slower

LINES = st.sampled_from(
    [
        LEDE,
        SECOND,
        THIRD,
        LAST,
        "Read more",
        "Related",
        "Ten Harbours To See Before They Sink",
        "Sign up for our newsletter",
        "(Reporting by Ann Example; Editing by Bob Example)",
        "A ferry waits at the quay. Ann Example/Getty Images",
        "By Ann Example",
        "May 14, 2024",
        "LONDON (Reuters) — The harbour is open again, the port authority said.",
        "Correction: The cost was misstated.",
        "itâ€™s &amp;",
        "",
        " \t",
        "\u200b",
        "- item",
        "…",
    ]
)
ENDS = st.sampled_from(["\n", "\n\n", "\r\n", "\n \n", "\u2028"])
FEED = st.lists(st.tuples(LINES, ENDS), min_size=1, max_size=30).map(lambda pairs: "".join(line + end for line, end in pairs))
ANY = st.one_of(FEED, st.text(min_size=1, max_size=400), st.tuples(FEED, st.text(max_size=80), FEED).map("".join))


@given(ANY.filter(str.strip))
@settings(max_examples=150, deadline=None)
def test_ranges_are_sorted_apart_and_inside_the_body(body: str) -> None:
    article = cleaned(body)
    assert article.body == body
    for ranges in (article.removed, article.repaired):
        assert all(0 <= r.start < r.end <= len(body) for r in ranges)
        assert all(a.end <= b.start for a, b in pairwise(ranges))
    assert all(0 <= m.start < m.end <= len(body) for m in article.marks)
    gone = {i for r in article.removed for i in range(r.start, r.end)}
    assert not any(i in gone for r in (*article.marks, *article.repaired) for i in range(r.start, r.end))
    assert not any(body[r.start].isspace() or body[r.end - 1].isspace() for r in article.removed)
    TextView(body, article.removed, article.repaired)


@given(ANY.filter(str.strip))
@settings(max_examples=40, deadline=None)
def test_the_same_text_gives_the_same_article(body: str) -> None:
    assert cleaned(body) == cleaned(body)


HOSTILE = {
    "one word": "a" * 400_000,
    "quotes": '"' * 400_000,
    "brackets": "(" * 200_000 + ")" * 200_000,
    "spaces": "x" + " " * 400_000 + "x",
    "line ends": "\n" * 200_000 + "x",
    "lines of one letter": "a\nb\n" * 500_000,
    "capitals": "ABC " * 100_000,
    "names": "By " + "Abc " * 100_000,
    "dates": "May 14, " * 50_000,
    "photo credits": ("photo (AP " * 80 + "\n") * 400,
    "commas": "a, " * 130_000,
    "mojibake": "Ã©â€™" * 40_000,
    "entities": "&amp" * 100_000,
    "hints": ("sign up for follow @ " * 40 + "\n") * 500,
    "promos": "Read more: of it\n" * 20_000,
    "paragraphs": "\n\n".join(f"Line number {n} says that something happened here again." for n in range(7_000)),
    "doubled lines": "".join(f"a b c d {n}\na b c d {n} e\n" for n in range(12_000)),
    "one paragraph again and again": (SECOND + "\n") * 3_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_length_only(name: str) -> None:
    cleaned(LEDE)  # the phrases are compiled
    small, large = (f"{LEDE}\n{HOSTILE[name][: len(HOSTILE[name]) // parts]}" for parts in (4, 1))
    assert times_slower(cleaned, small, large) < MOST_TIMES_SLOWER


@pytest.mark.parametrize(
    "source", ["<div>" * 20_000 + LEDE, "<b>" * 20_000 + LEDE, "<a " + "x=1 " * 50_000 + ">" + LEDE, "<p>" * 20_000]
)
def test_a_hostile_page_takes_time_that_grows_with_its_length_only(source: str) -> None:
    def read(page: str) -> None:
        with contextlib.suppress(Unprocessable):
            cleaned(page, content_type="text/html")

    assert times_slower(read, source[: len(source) // 4], source) < MOST_TIMES_SLOWER
