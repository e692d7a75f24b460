"""Dedupe beside MinHash with locality-sensitive hashing, as datasketch and rensa offer it: pairs found and articles a second.

    python -m tests.benchmarks.dedupe_baselines --data ../shared [--articles 4000]

datasketch and rensa are not among our dependencies (`pip install datasketch rensa`); what is not installed is passed over. All get
the same clean texts and 5-grams of words; a copy is an article whose estimated Jaccard similarity with an earlier one reaches
the threshold. The copies are made by the `eval/score.py` of the data folder. Seconds are of the process's own time on one core,
from the clean text to the decision.
"""

import argparse
import gzip
import importlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from time import process_time
from typing import Any

from processors.cleaning import clean
from processors.dedupe import Stories, described
from processors.text import TextView
from schemas import CleanArticle, RawArticle

PERMUTATIONS = 128
NOW = datetime(2025, 1, 1, tzinfo=UTC)
Grouped = Callable[[list[tuple[CleanArticle, TextView]]], Iterable[str]]
"""Gives the story of each article."""


def ours(articles: list[tuple[CleanArticle, TextView]]) -> Iterable[str]:
    stories = Stories()
    for article, view in articles:
        fingerprint, paragraphs = described(view)
        decision, _ = stories.decide(article.model_copy(update={"fingerprint": fingerprint, "paragraphs": paragraphs}))
        yield decision.story_id if decision else article.uri


def shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[n : n + 5]) for n in range(max(1, len(words) - 4))}


def datasketch(threshold: float) -> Grouped:
    library = importlib.import_module("datasketch")

    def sketch(text: str) -> Any:
        minhash = library.MinHash(num_perm=PERMUTATIONS)
        minhash.update_batch([shingle.encode() for shingle in shingles(text)])
        return minhash

    return grouped(sketch, lambda: library.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS), threshold)


def rensa(threshold: float) -> Grouped:
    library = importlib.import_module("rensa")

    def sketch(text: str) -> Any:
        minhash = library.RMinHash(num_perm=PERMUTATIONS, seed=42)
        minhash.update(list(shingles(text)))
        return minhash

    bands = 16 if threshold >= 0.8 else 32
    return grouped(sketch, lambda: library.RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=bands), threshold)


def grouped(sketch: Callable[[str], Any], new_index: Callable[[], Any], threshold: float) -> Grouped:
    def group(articles: list[tuple[CleanArticle, TextView]]) -> Iterable[str]:
        index, sketches, stories = new_index(), list[Any](), list[str]()
        for n, (article, view) in enumerate(articles):
            mine = sketch(view.text)
            alike = [(mine.jaccard(sketches[int(at)]), -int(at)) for at in index.query(mine)]
            best = max(alike, default=(0.0, 0))
            stories.append(stories[-best[1]] if best[0] >= threshold else article.uri)
            sketches.append(mine)
            index.insert(n, mine)
            yield stories[-1]

    return group


def pairs(groups: Iterable[tuple[str, str]]) -> set[tuple[str, ...]]:
    members = defaultdict(list)
    for uri, story in groups:
        members[story].append(uri)
    return {pair for uris in members.values() for pair in combinations(sorted(uris), 2)}


def syndicated(folder: Path, count: int) -> list[tuple[CleanArticle, TextView, str]]:
    sys.path.append(str(folder / "eval"))
    with gzip.open(folder / "data" / "articles" / "news_12k.jsonl.gz", "rt", encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines]
    found = []
    for raw, original in importlib.import_module("score").syndicated(rows)[:count]:
        article = clean(RawArticle.model_validate({k: v for k, v in raw.items() if v is not None}), NOW)
        found.append((article, TextView(article.body, article.removed, article.repaired), original))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with data/ and eval/")
    parser.add_argument("--articles", type=int, default=4000)
    args = parser.parse_args()
    stream = syndicated(args.data, args.articles)
    gold = pairs((article.uri, original) for article, _, original in stream)
    articles = [(article, view) for article, view, _ in stream]
    methods: list[tuple[str, Callable[[], Grouped]]] = [("copydesk", lambda: ours)]
    for threshold in (0.8, 0.5):
        methods.append((f"datasketch, Jaccard {threshold}", lambda threshold=threshold: datasketch(threshold)))
        methods.append((f"rensa, Jaccard {threshold}", lambda threshold=threshold: rensa(threshold)))
    for name, method in methods:
        try:
            group = method()
        except ModuleNotFoundError as error:
            print(json.dumps({"method": name, "absent": str(error)}))
            continue
        began = process_time()
        stories = list(group(articles))
        took = process_time() - began
        mine = pairs(zip((article.uri for article, _ in articles), stories, strict=True))
        precision, recall = len(gold & mine) / max(1, len(mine)), len(gold & mine) / max(1, len(gold))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        figures = {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}
        print(
            json.dumps({"method": name, **figures, "pairs": len(gold), "articles_per_second": round(len(articles) / took)}),
            flush=True,
        )


if __name__ == "__main__":
    main()
