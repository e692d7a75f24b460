"""The comparison itself, on records made by hand."""

from tests.chaos.verdict import Published, Verdict, compare, compare_state


def record(id: str, value: bytes = b"{}", key: bytes = b"k") -> Published:
    return Published("events", key, value, (("ce_id", id.encode()),))


A, B, C = record("a"), record("b"), record("c")


def counts(verdict: Verdict) -> tuple[int, int, int]:
    return verdict.missing, verdict.twice, verdict.different


def test_what_is_equal_is_clean() -> None:
    verdict = compare({0: [A, B], 1: [C]}, [C, A, B])
    assert verdict.clean
    assert verdict.records == 3


def test_a_record_that_is_not_there_is_missing() -> None:
    assert counts(compare({0: [A, B]}, [A])) == (1, 0, 0)


def test_a_record_that_is_there_once_more_is_twice() -> None:
    assert counts(compare({0: [A, B]}, [A, A, B])) == (0, 1, 0)


def test_records_repeated_after_a_restart_are_twice_and_not_out_of_order() -> None:
    assert counts(compare({0: [A, B]}, [A, B, A, B])) == (0, 2, 0)


def test_a_record_with_another_content_is_different_and_not_missing() -> None:
    assert counts(compare({0: [A, B]}, [A, record("b", b"[]")])) == (0, 0, 1)


def test_a_record_with_another_header_is_different() -> None:
    changed = A._replace(headers=(*A.headers, ("traceparent", b"00")))
    assert counts(compare({0: [A]}, [changed])) == (0, 0, 1)


def test_a_record_that_nothing_gives_is_different() -> None:
    assert counts(compare({0: [A]}, [A, B])) == (0, 0, 1)


def test_records_of_one_key_in_another_order_are_different() -> None:
    assert counts(compare({0: [A, B, C]}, [A, C, B])) == (0, 0, 1)


def test_the_order_of_two_lanes_is_free() -> None:
    assert compare({0: [A, B], 1: [C]}, [A, C, B]).clean


def test_a_record_that_is_wanted_twice_may_be_there_twice() -> None:
    assert compare({0: [A, B, A]}, [A, B, A]).clean
    assert counts(compare({0: [A, B, A]}, [A, B])) == (1, 0, 0)


def test_the_state_must_end_with_the_same_values() -> None:
    verdict = Verdict()
    compare_state({(0, "a"): 1, (0, "b"): 2, (0, "c"): 3}, {(0, "a"): 1, (0, "b"): 3, (0, "d"): 4}, verdict)
    assert counts(verdict) == (1, 0, 2)
