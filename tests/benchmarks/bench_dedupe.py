"""How fast dedupe decides, and what it remembers costs, as the window grows.

    python -m tests.benchmarks.bench_dedupe [--data ARTICLES.jsonl[.gz]] [--sizes 10000 100000] [--restore]

The articles' fingerprints are made from those of `--data` (JSON lines with `body`), of made-up prose without it; one in three is
of a copy of an earlier one, whole or cut. All are of one language and inside one window. Figures a size: fingerprints and
decisions a second (also of the last tenth, at the full window), bytes an article (of the process, and of the index alone),
seconds to restore. Seconds are of one core's time, so that a busy machine gives the same figures.
"""

import argparse
import gzip
import json
import random
import resource
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import numpy as np

from processors.dedupe import Changes, Stories, described
from processors.dedupe.fingerprint import Hashes
from processors.text import TextView
from schemas import CleanArticle, Paragraph
from tests.processors.dedupe.newsroom import START, Reporter, text


def bodies(data: Path | None) -> list[str]:
    """At most 2,000 texts to take fingerprints from."""
    if data is None:
        reporter = Reporter(3)
        return [text(reporter.story(reporter.random.randint(3, 25))) for _ in range(400)]
    with (gzip.open if data.suffix == ".gz" else open)(data, "rt", encoding="utf8") as lines:
        return [json.loads(line)["body"] for line, _ in zip(lines, range(2000), strict=False)]


_RECENT = 500
"""Articles that may be copied at a time; few, so that what the benchmark holds does not count."""
Description = tuple[list[int], list[Paragraph]]
"""The fingerprint and the paragraphs of a text."""


def stream(texts: list[Description], count: int, seed: int = 1) -> Iterator[CleanArticle]:
    """Articles as dedupe sees them: the values of a real text moved to unused ones, or a part of an earlier article's."""
    pick = random.Random(seed)
    kinds = np.uint32(0b11111)  # what the lowest bits say stays
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
            values = np.unique((values & kinds) | ((values ^ np.uint32(moved)) & ~kinds))
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


def memory_bytes() -> int:
    """Resident now (Linux); elsewhere the most there ever was."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(texts: list[Description], size: int, *, restore: bool) -> dict[str, float | int]:
    stories, log = Stories(), Changes()
    articles = stream(texts, size)
    before, spent, last = memory_bytes(), 0.0, 0.0
    for n, each in enumerate(articles):
        began = process_time()
        _, changes = stories.decide(each)
        took = process_time() - began
        spent += took
        last += took if n >= 0.9 * size else 0.0
        if restore:
            log += changes
    figures: dict[str, float | int] = {
        "articles": size,
        "decisions_per_second": round(size / spent),
        "decisions_per_second_at_full_window": round(0.1 * size / last),
        "index_bytes_per_article": round(stories.index_size_bytes / size),
    }
    if not restore:
        return figures | {"process_bytes_per_article": round((memory_bytes() - before) / size)}
    began = process_time()
    again = Stories()
    for key, value in log:
        again.restore(key, value)
    again.decide(next(stream(texts, 1, seed=2)))
    return figures | {"restore_seconds": round(process_time() - began, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--restore", action="store_true", help="measure recovery instead of memory (the log is kept)")
    args = parser.parse_args()
    found = bodies(args.data)
    began = process_time()
    texts = [described(TextView(body)) for body in found]
    took = process_time() - began
    means = (round(float(np.mean([len(text[part]) for text in texts])), 1) for part in range(2))
    names = "texts", "described_per_second", "values_each", "paragraphs_each"
    print(json.dumps(dict(zip(names, (len(texts), round(len(texts) / took), *means), strict=True))))
    for size in args.sizes:
        print(json.dumps(measure(texts, size, restore=args.restore)), flush=True)


if __name__ == "__main__":
    main()
