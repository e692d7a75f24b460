from hypothesis import given, settings
from hypothesis import strategies as st

from processors.dedupe.entries import NEVER, Entries, Entry
from processors.dedupe.matching import Sizes

NAMES = st.one_of(st.sampled_from(["a", "b", "a\x00", "aa", "\ud800", "é" * 300]), st.text(min_size=1, max_size=8))
CLOCK = st.one_of(st.sampled_from([NEVER, 0, 1, 2**32 - 1]), st.integers(NEVER, 2**40))
ENTRIES = st.builds(
    Entry,
    uri=NAMES,
    version=st.one_of(st.integers(0, 9), st.integers(0, 10**200)),
    role=st.sampled_from(["original", "copy", "update", "kill"]),
    outlet=NAMES,
    story=st.one_of(st.none(), st.just(""), NAMES),
    released=st.booleans(),
    sizes=st.one_of(st.none(), st.builds(Sizes, *[st.integers(0, 99)] * 5), st.builds(Sizes, *[st.integers(0, 2**32 - 1)] * 5)),
    title=st.lists(st.integers(0, 2**32 - 1), max_size=3).map(tuple),
    outline=st.binary(max_size=8),
    timeline=st.sampled_from([0, 1]),
    clocks=st.tuples(CLOCK, CLOCK),
)


@settings(deadline=None)
@given(st.lists(st.tuples(ENTRIES, st.sampled_from([1, 1, 900]), st.booleans()), max_size=60))
def test_entries_come_back_as_they_were_put_by_number_and_by_uri(steps: list[tuple[Entry, int, bool]]) -> None:
    entries, held, number = Entries(), dict[str, Entry](), 0
    for entry, gap, goes in steps:
        number += gap
        entry.number = number
        if entry.uri in held:
            entries.drop(held.pop(entry.uri))
        entries.put(entry)
        held[entry.uri] = entry
        if goes:
            gone = held.pop(min(held))
            entries.drop(gone)
            assert entries.get(gone.uri) is None
    assert len(entries) == len(held)
    for uri, entry in held.items():
        assert entries.get(uri) == entries.at(entry.number) == entry
    assert entries.get("nobody's") is None


def test_many_come_and_go_and_the_memory_is_given_back() -> None:
    entries, held = Entries(), list[Entry]()
    for number in range(20_000):
        entry = Entry(f"uri:{number}", 1, "original", "o", None, True, None, (), b"", 0, number=number)
        entries.put(entry)
        held.append(entry)
        if number >= 3000:
            entries.drop(held[number - 3000])
    assert len(entries) == 3000
    assert len(entries._chunks) <= 4
    assert len(entries._numbers._keys) <= 16_384
    assert all((found := entries.get(entry.uri)) and found.number == entry.number for entry in held[-3000:])
    assert all(entries.get(entry.uri) is None for entry in held[:-3000])
