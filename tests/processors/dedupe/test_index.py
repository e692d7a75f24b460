from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.dedupe import index as index_module
from processors.dedupe.index import Index

HASHES = st.lists(st.one_of(st.integers(0, 40), st.integers(0, 2**32 - 1)), max_size=12, unique=True).map(sorted)


@pytest.fixture(autouse=True)
def small_segments() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "_FRESH", 4)
        patch.setattr(index_module, "_LARGEST", 32)
        patch.setattr(index_module, "_PIECE", 8)
        yield


def found(index: Index, hashes: list[int]) -> set[tuple[int, int]]:
    positions, numbers = index.hits(np.array(hashes, np.uint32))
    pairs = [(hashes[at], number) for at, number in zip(positions.tolist(), numbers.tolist(), strict=True)]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


@settings(deadline=None)
@given(st.lists(st.tuples(HASHES, st.integers(1, 5), st.sets(st.integers(0, 80), max_size=4)), max_size=80), HASHES)
def test_it_finds_what_a_plain_dict_finds(steps: list[tuple[list[int], int, set[int]]], asked: list[int]) -> None:
    index, held, number = Index(), dict[int, list[int]](), 0
    for hashes, gap, gone in steps:
        number += gap
        index.add(number, np.array(hashes, np.uint32))
        held[number] = hashes
        for n in gone:
            index.discard(n)
            held.pop(n, None)
    for hashes in (asked, *(step[0] for step in steps[:10])):
        assert found(index, hashes) == {(value, n) for n, kept in held.items() for value in kept if value in hashes}
    assert len(index) == len(held)


@settings(deadline=None)
@given(st.lists(st.tuples(HASHES, st.integers(1, 5), st.sets(st.integers(0, 160), max_size=4)), max_size=80), st.integers(0, 80))
def test_one_filled_at_once_goes_on_as_one_that_grew(steps: list[tuple[list[int], int, set[int]]], filled: int) -> None:
    grown, index, number = Index(), Index(), 0
    articles = []
    for hashes, gap, gone in steps:
        number += gap
        articles.append((number, np.array(hashes, np.uint32), gone))
    index.fill([(number, hashes) for number, hashes, _ in articles[:filled]])
    for at, (number, hashes, gone) in enumerate(articles):
        grown.add(number, hashes)
        if at >= filled:
            index.add(number, hashes)
        if at >= filled - 1:
            for n in gone:
                grown.discard(n)
                index.discard(n)
    for hashes, *_ in steps:
        assert found(index, hashes) == found(grown, hashes)
    assert len(index) == len(grown)


def test_forgetting_gives_memory_back() -> None:
    index = Index()
    sizes = []
    for n in range(4000):
        index.add(n, np.arange(n * 7, n * 7 + 50, dtype=np.uint32))
        index.discard(n - 100)
        sizes.append(index.size_bytes)
    assert max(sizes[2000:]) <= 1.5 * max(sizes[:1000])
    assert len(index) == 100


def test_a_hash_takes_about_five_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "_FRESH", 512)
    monkeypatch.setattr(index_module, "_LARGEST", 131_072)
    random = np.random.default_rng(5)
    index = Index()
    for n in range(8192):
        index.add(n, np.unique(random.integers(0, 2**32, 80, np.uint32)))
    assert index.size_bytes < 8192 * 80 * 5.8
