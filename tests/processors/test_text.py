"""A view of a text leads back to the body."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from processors.text import TextView
from schemas import Range, Repair


def pieces(body: str, cuts: list[int]) -> list[tuple[int, int]]:
    """Disjoint ranges of the body between sorted cuts, every other one."""
    points = sorted({min(cut, len(body)) for cut in cuts})
    return list(zip(points[::2], points[1::2], strict=False))


views = st.builds(
    lambda body, cuts, kinds: TextView(
        body,
        [Range(start=a, end=b) for n, (a, b) in enumerate(pieces(body, cuts)) if kinds >> n & 1],
        [Repair(start=a, end=b, replacement="~" * (n % 3)) for n, (a, b) in enumerate(pieces(body, cuts)) if not kinds >> n & 1],
    ),
    st.text(max_size=60),
    st.lists(st.integers(0, 60), max_size=8),
    st.integers(0, 255),
)


def test_what_is_removed_is_left_out_and_what_is_repaired_reads_as_its_replacement() -> None:
    view = TextView("abc DEF ghi", [Range(start=4, end=8)], [Repair(start=0, end=1, replacement="XX")])
    assert view.text == "XXbc ghi"
    assert [span.text for span in view.spans(0, len(view.text))] == ["abc", "ghi"]


def test_a_span_over_a_removed_piece_is_one_range_of_the_body() -> None:
    view = TextView("abc DEF ghi", [Range(start=4, end=8)])
    assert view.span(0, 7).text == "abc DEF ghi"


@given(views, st.integers(0, 80), st.integers(0, 80))
def test_every_span_is_what_the_body_has_there_and_spans_are_in_order(view: TextView, a: int, b: int) -> None:
    start, end = sorted((min(a, len(view.text)), min(b, len(view.text))))
    spans = view.spans(start, end)
    assert all(view.body[span.start : span.end] == span.text and span.text.strip() == span.text != "" for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(views)
def test_offsets_never_go_back(view: TextView) -> None:
    offsets = [view.offset(position) for position in range(len(view.text))]
    assert offsets == sorted(offsets)


@given(st.text(max_size=60))
def test_a_view_that_changes_nothing_is_the_body(body: str) -> None:
    view = TextView(body)
    assert view.text == body
    assert all(view.offset(position) == position for position in range(len(body)))


@given(views)
def test_the_reading_of_the_body_is_the_text(view: TextView) -> None:
    assert view.reading(0, len(view.body)) == view.text


@given(views, st.integers(0, 80), st.integers(0, 80))
def test_the_reading_of_a_piece_is_what_the_text_has_between_its_ends(view: TextView, a: int, b: int) -> None:
    start, end = sorted((min(a, len(view.text)), min(b, len(view.text))))
    assert view.text[start:end] in view.reading(*view.range(start, end))
