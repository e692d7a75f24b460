from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.dedupe import index as index_module
from processors.dedupe import segments as segments_module
from processors.dedupe.fingerprint import OPENING_BIT, Hashes
from processors.dedupe.index import Index

Marked = dict[int, bool]
"""Hashes, and whether each is marked as of the opening."""
HASH = st.one_of(st.integers(0, 40), st.integers(0, 2**32 - 1)).map(lambda value: value & ~int(OPENING_BIT))
HASHES = st.dictionaries(HASH, st.booleans(), max_size=12)


@pytest.fixture(autouse=True)
def small_segments() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "_FRESH", 4)
        patch.setattr(index_module, "_LARGEST", 32)
        patch.setattr(index_module, "_PIECE", 8)
        patch.setattr(segments_module, "_IN_PART", 4)
        yield


def found(index: Index, hashes: Marked) -> set[tuple[int, int, bool]]:
    asked = sorted(hashes)
    positions, numbers, marks = (each.tolist() for each in index.hits(np.array(asked, np.uint32)))
    pairs = [(asked[at], number, mark) for at, number, mark in zip(positions, numbers, marks, strict=True)]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


def values(hashes: Marked) -> Hashes:
    return np.array([value | (int(OPENING_BIT) if hashes[value] else 0) for value in sorted(hashes)], np.uint32)


@settings(deadline=None)
@given(st.lists(st.tuples(HASHES, st.integers(1, 5), st.sets(st.integers(0, 80), max_size=4)), max_size=80), HASHES)
def test_it_finds_what_a_plain_dict_finds(steps: list[tuple[Marked, int, set[int]]], asked: Marked) -> None:
    index, held, number = Index(), dict[int, Marked](), 0
    for hashes, gap, gone in steps:
        number += gap
        index.add(number, values(hashes))
        held[number] = hashes
        for n in gone:
            index.discard(n)
            held.pop(n, None)
    for hashes in (asked, *(step[0] for step in steps[:10])):
        assert found(index, hashes) == {
            (value, n, mark) for n, kept in held.items() for value, mark in kept.items() if value in hashes
        }
    assert len(index) == len(held)


@settings(deadline=None)
@given(st.lists(st.tuples(HASHES, st.integers(1, 5), st.sets(st.integers(0, 160), max_size=4)), max_size=80), st.integers(0, 80))
def test_one_filled_at_once_goes_on_as_one_that_grew(steps: list[tuple[Marked, int, set[int]]], filled: int) -> None:
    grown, index, number = Index(), Index(), 0
    articles = []
    for marked, gap, gone in steps:
        number += gap
        articles.append((number, values(marked), gone))
    index.fill(filled, ((number, hashes) for number, hashes, _ in articles[:filled]))
    for at, (number, hashes, gone) in enumerate(articles):
        grown.add(number, hashes)
        if at >= filled:
            index.add(number, hashes)
        if at >= filled - 1:
            for n in gone:
                grown.discard(n)
                index.discard(n)
    for marked, *_ in steps:
        assert found(index, marked) == found(grown, marked)
    assert len(index) == len(grown)


def test_segments_stay_few_while_articles_come_and_go() -> None:
    """One in eight of the window at most, and below that one of each size and those that are about to be merged."""
    for window in (500, 4000):
        index, most = Index(), 0
        for n in range(3 * window):
            index.add(n, np.arange(n * 7, n * 7 + 5, dtype=np.uint32) << 5)
            index.discard(n - window)
            most = max(most, len(index._segments))
        assert most <= 8 + 3 + 2 * np.log2(max(window // 8, 32) / 4)


def test_an_article_that_comes_waits_for_a_part_of_a_merge_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments_module, "_IN_PART", 16)
    index, parts = Index(), []
    for n in range(2000):
        before = {id(merge): merge.part for merge in index._merges}
        index.add(n, np.arange(n * 7, n * 7 + 5, dtype=np.uint32) << 5)
        parts.append(sum(merge.part - before.get(id(merge), 0) for merge in index._merges))
    assert max(len(segment) for segment in index._segments) > 100 * max(parts)


def test_forgetting_gives_memory_back() -> None:
    index = Index()
    sizes = []
    for n in range(4000):
        index.add(n, np.arange(n * 7, n * 7 + 50, dtype=np.uint32))
        index.discard(n - 100)
        sizes.append(index.size_bytes)
    assert max(sizes[2000:]) <= 1.5 * max(sizes[:1000])
    assert len(index) == 100


def test_hashes_that_crowd_where_16_bits_cannot_count_them_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "_FRESH", 512)
    monkeypatch.setattr(segments_module, "_IN_PART", 32_768)
    index, hashes = Index(), np.arange(200, dtype=np.uint32) << 5
    for n in range(512):
        index.add(n, hashes)
    positions, numbers, _ = index.hits(hashes)
    assert len(index._segments) == 1
    assert sorted(zip(positions.tolist(), numbers.tolist(), strict=True)) == [(at, n) for at in range(200) for n in range(512)]


def test_a_hash_takes_about_five_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "_FRESH", 512)
    monkeypatch.setattr(index_module, "_LARGEST", 32_768)
    monkeypatch.setattr(segments_module, "_IN_PART", 32_768)
    random = np.random.default_rng(5)
    index = Index()
    for n in range(8192):
        index.add(n, np.unique(random.integers(0, 2**32, 80, np.uint32)))
    assert index.size_bytes < 8192 * 80 * 5.8
