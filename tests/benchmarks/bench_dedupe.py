"""How fast dedupe decides, what it remembers costs, and how long that takes to restore, as the window grows.

    python -m tests.benchmarks.bench_dedupe [--data ARTICLES.jsonl[.gz]] [--sizes 10000 100000] [--decisions 5000]

The articles are made from the fingerprints and paragraphs of 500 clean texts, taken evenly from `--data` (JSON lines with `id`,
`outlet`, `title`, `body`), of made-up prose without it; one in three is of a copy of an earlier one. All are of one language and
inside one window. The window is filled from state records, as after a restart, and so many articles are then decided. Figures a
size: seconds to restore, the JSON's parsing included; decisions a second at the full window and the longest; bytes an article, of
the process and of the index alone. Seconds are of one core's time, so that a busy machine gives nearly the same figures.
"""

import argparse
import gzip
import json
import random
import resource
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import orjson

from processors.cleaning import clean
from processors.dedupe import Stories, described
from processors.dedupe.entries import NEVER, Entry
from processors.dedupe.fingerprint import Hashes
from processors.dedupe.matching import Sizes
from processors.dedupe.paragraphs import packed
from processors.dedupe.window import _record
from processors.text import TextView
from schemas import CleanArticle, Paragraph, RawArticle
from streams import heap
from tests.processors.dedupe.newsroom import START, Reporter, text

_TEXTS = 500


def views(data: Path | None) -> list[TextView]:
    """Texts to take fingerprints from."""
    if data is None:
        reporter = Reporter(3)
        return [TextView(text(reporter.story(reporter.random.randint(3, 25)))) for _ in range(_TEXTS)]
    with (gzip.open if data.suffix == ".gz" else open)(data, "rt", encoding="utf8") as lines:
        rows = list(lines)
    found = []
    for row in map(json.loads, rows[:: max(1, len(rows) // _TEXTS)]):
        raw = RawArticle(uri=row["id"], outlet=row["outlet"], title=row.get("title") or None, body=row["body"])
        article = clean(raw, START)
        found.append(TextView(article.body, article.removed, article.repaired))
    return found


_RECENT = 500
"""Articles that may be copied at a time; few, so that what the benchmark holds does not count."""
_KINDS = np.uint32(0b11111)
"""What the lowest bits of a value say, which stays when it is moved."""
Description = tuple[list[int], list[Paragraph]]
"""The fingerprint and the paragraphs of a text."""


def stream(texts: list[Description], count: int, seed: int = 1) -> Iterator[CleanArticle]:
    """Articles as dedupe sees them: the values of a real text moved to unused ones, or a part of an earlier article's."""
    pick = random.Random(seed)
    recent: list[tuple[Hashes, list[Paragraph]]] = []
    for n in range(count):
        if recent and pick.random() < 1 / 3:
            values, paragraphs = pick.choice(recent)
            if pick.random() < 0.5:
                share = pick.uniform(0.4, 0.9)
                values = values[: max(4, int(len(values) * share))]
                paragraphs = paragraphs[: max(1, int(len(paragraphs) * share))]
        else:
            fingerprint, paragraphs = pick.choice(texts)
            values, moved = np.array(fingerprint, np.uint32), pick.getrandbits(32)
            values = np.unique((values & _KINDS) | ((values ^ np.uint32(moved)) & ~_KINDS))
            paragraphs = [
                Paragraph.model_construct(start=p.start, end=p.end, sketch=[each ^ moved >> 16 for each in p.sketch])
                for p in paragraphs
            ]
            if len(recent) < _RECENT:
                recent.append((values, paragraphs))
            else:
                recent[n % _RECENT] = values, paragraphs
        yield CleanArticle.model_construct(
            uri=f"urn:newsml:outlet-{n % 5000}.example:20240501:{n}",
            version=1,
            pub_status="usable",
            outlet=f"outlet-{n % 5000}.example",
            title=f"Title number {n}",
            body="",
            language="en",
            published_at=START,
            fingerprint=values.tolist(),
            paragraphs=paragraphs,
            removed=[],
            repaired=[],
        )


def records(texts: list[Description], count: int, seed: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
    """State records as `Window.remember` gives them; one in three is of a copy."""
    pick = random.Random(seed)
    known = [(np.array(fingerprint, np.uint32), packed(paragraphs)) for fingerprint, paragraphs in texts]
    started = int(START.timestamp())
    values, outline = known[0]
    for number in range(count):
        is_copy = number % 3 == 2
        if not is_copy:
            values, outline = pick.choice(known)
            values = np.sort((values & _KINDS) | ((values ^ np.uint32(pick.getrandbits(32))) & ~_KINDS))
        uri = f"urn:newsml:outlet-{number % 5000}.example:20240501:{number}"
        entry = Entry(
            uri=uri,
            version=1,
            role="copy" if is_copy else "original",
            outlet=f"outlet-{number % 5000}.example",
            story=f"urn:newsml:outlet-{(number - 1) % 5000}.example:20240501:{number - 1}" if is_copy else None,
            released=True,
            sizes=Sizes.of(values),
            title=(),
            outline=outline,
            timeline=0,
            number=number,
            clocks=(started, NEVER),
        )
        yield f"en/{uri}", _record(entry, values)


def memory_bytes() -> int:
    """Resident now, where the heap is kept as a worker keeps it (Linux); elsewhere the most there ever was."""
    heap.trim()
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(texts: list[Description], size: int, decisions: int) -> dict[str, float | int]:
    stories = Stories()
    before = memory_bytes()
    restoring = 0.0
    for key, record in records(texts, size):
        value = orjson.dumps(record)
        began = process_time()
        stories.restore(key, orjson.loads(value))
        restoring += process_time() - began
    began = process_time()
    stories.restored()
    restoring += process_time() - began
    restored = memory_bytes()
    spent = []
    for article in stream(texts, decisions, seed=2):
        article = article.model_copy(update={"uri": f"new/{article.uri}"})
        began = process_time()
        stories.decide(article)
        spent.append(process_time() - began)
    return {
        "articles": size,
        "restore_seconds": round(restoring, 1),
        "decisions_per_second": round(decisions / sum(spent)),
        "longest_decision_ms": round(1000 * max(spent), 1),
        "process_bytes_per_article": round((memory_bytes() - before) / (size + decisions)),
        "process_bytes_per_article_when_restored": round((restored - before) / size),
        "index_bytes_per_article": round(stories.index_size_bytes / (size + decisions)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--decisions", type=int, default=5000)
    args = parser.parse_args()
    heap.bound()
    found = views(args.data)
    began = process_time()
    texts = [described(view) for view in found]
    took = process_time() - began
    means = (round(float(np.mean([len(text[part]) for text in texts])), 1) for part in range(2))
    names = "texts", "described_per_second", "values_each", "paragraphs_each"
    print(json.dumps(dict(zip(names, (len(texts), round(len(texts) / took), *means), strict=True))))
    for size in args.sizes:
        print(json.dumps(measure(texts, size, args.decisions)), flush=True)


if __name__ == "__main__":
    main()
