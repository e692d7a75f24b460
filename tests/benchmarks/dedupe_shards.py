"""A simulation of dedupe beyond one partition a language: the index in shards by hash, the decisions merged.

    python -m tests.benchmarks.dedupe_shards [--data ARTICLES.jsonl.gz] [--articles 20000] [--shards 1 4 8] [--batch 256]

A shard holds the hashes of one range, of all articles. It takes a batch of articles, adds their hashes of its range, looks all up
at once, and gives each article the holders that came before it. One decider joins the holders of all shards, which are those that
one index would have found, and decides. Shown: whether all decisions and state records are those of one index; articles a second of
the slowest shard (its own time alone, as if it had a core of its own), and of the decider.
"""

import argparse
import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from time import process_time

import numpy as np

from processors.dedupe import Stories, described
from processors.dedupe.fingerprint import Hashes, anywhere
from processors.dedupe.index import Hits, Index
from tests.benchmarks.bench_dedupe import stream, views


class Shards(Index):
    """Several indices in place of one; what is found for a batch waits until its articles are decided."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._shards = [Index() for _ in range(count)]
        self.seconds = [0.0] * count
        self._found: list[Hits] = []

    def take(self, first: int, batch: Sequence[Hashes]) -> None:
        """Look up a batch of articles, numbered from `first` on."""
        per_shard = [self._asked(n, first, batch) for n in range(len(self._shards))]
        for at in range(len(batch)):
            positions, numbers, marks = zip(*(found[at] for found in per_shard), strict=True)
            self._found.append((np.concatenate(positions), np.concatenate(numbers), np.concatenate(marks)))

    def _asked(self, shard: int, first: int, batch: Sequence[Hashes]) -> list[Hits]:
        began = process_time()
        count, index = len(self._shards), self._shards[shard]
        low, high = (1 << 32) * shard // count, (1 << 32) * (shard + 1) // count
        bounds = [
            np.searchsorted(hashes, [low, high]) if high < 1 << 32 else (np.searchsorted(hashes, low), len(hashes))
            for hashes in batch
        ]
        mine = [hashes[start:end] for hashes, (start, end) in zip(batch, bounds, strict=True)]
        for n, hashes in enumerate(mine):
            index.add(first + n, hashes)
        asking = np.repeat(np.arange(len(batch)), [len(hashes) for hashes in mine])
        offsets = np.concatenate([np.arange(start, end) for start, end in bounds])
        positions, numbers, marks = index.hits(anywhere(np.concatenate(mine)))
        earlier = np.flatnonzero(numbers < first + asking[positions])
        order = earlier[np.argsort(asking[positions[earlier]], kind="stable")]
        positions, numbers, marks = positions[order], numbers[order], marks[order]
        cuts = np.searchsorted(asking[positions], np.arange(1, len(batch)))
        found = list(zip(*(np.split(part, cuts) for part in (offsets[positions], numbers, marks)), strict=True))
        self.seconds[shard] += process_time() - began
        return found

    def add(self, number: int, hashes: Hashes) -> None:
        """The shards did."""

    def hits(self, hashes: Hashes) -> Hits:
        """What was found for the next article."""
        return self._found.pop(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--batch", type=int, default=256)
    args = parser.parse_args()
    texts = [described(view) for view in views(args.data)]
    one = Stories()
    expected = [one.decide(article) for article in stream(texts, args.articles)]
    for count in args.shards:
        stories, shards, number, equal, spent = Stories(), Shards(count), 0, True, 0.0
        stories._window("en")._index = shards
        articles = stream(texts, args.articles)
        while batch := list(islice(articles, args.batch)):
            shards.take(number, [np.array(article.fingerprint, np.uint32) for article in batch])
            began = process_time()
            decided = [stories.decide(article) for article in batch]
            spent += process_time() - began
            equal &= decided == expected[number : number + len(batch)]
            number += len(batch)
        figures = {
            "shards": count,
            "decisions_equal": equal,
            "articles_per_second_of_the_slowest_shard": round(number / max(shards.seconds)),
            "articles_per_second_of_a_decider": round(number / spent),
        }
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
