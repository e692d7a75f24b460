"""How many articles a second one core cleans: plain text, and HTML pages against trafilatura in the same run.

    python -m tests.benchmarks.bench_cleaning --data DATA [--limit 3000]

DATA is the folder that `make score` takes: `articles/news_12k.jsonl.gz` (`body`, `title`, `outlet`) and
`cleaning/us_news_html.jsonl.gz` (`html`). Seconds are of one core's processor time; a machine whose cores are busy, or are threads
of one core, is still slower: the time that a fixed piece of work takes is given with the figures, to compare runs by.
"""

import argparse
import gzip
import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

import trafilatura

from processors.boilerplate import Imprint, Memory
from processors.cleaning import clean_and_imprint
from processors.dedupe import described
from processors.errors import Unprocessable
from processors.text import TextView
from schemas import CleanArticle, RawArticle

RECEIVED_AT = datetime(2026, 3, 16, tzinfo=UTC)
WARM_UP = 500
"""Articles cleaned before the clock runs: patterns are compiled, words are known."""


def rows(path: Path, limit: int) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [json.loads(line) for line in islice(lines, limit)]


def seconds(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    began = process_time()
    for item in items:
        work(item)
    return process_time() - began


def fixed_work() -> float:
    """Seconds for a million matches of a short pattern."""
    word = re.compile(r"\w+")
    return seconds(word.match, ["harbour"] * 1_000_000)


def plain_text(data: Path, limit: int) -> None:
    raws = [
        RawArticle(uri=row["id"], outlet=row["outlet"], title=row["title"] or None, body=row["body"])
        for row in rows(data / "articles/news_12k.jsonl.gz", limit + WARM_UP)
    ]
    shown: list[tuple[CleanArticle, Imprint]] = []
    for raw in raws[:WARM_UP]:
        clean_and_imprint(raw, RECEIVED_AT)
    cleaning = seconds(lambda raw: shown.append(clean_and_imprint(raw, RECEIVED_AT)), raws[WARM_UP:])
    views = [TextView(article.body, article.removed, article.repaired) for article, _ in shown]
    describing = seconds(described, views)
    memory = Memory()
    recalling = seconds(lambda pair: memory.recall(pair[1]), shown)
    count = len(shown)
    print(
        f"plain text: {count / cleaning:,.0f} articles/s; {count / (cleaning - describing):,.0f} without the description for dedupe"
    )
    print(f"settling (what the outlet repeats): {count / recalling:,.0f} articles/s")


def pages(data: Path, limit: int) -> None:
    sources = [row["html"] for row in rows(data / "cleaning/us_news_html.jsonl.gz", limit)]

    def ours(source: str) -> None:
        with suppress(Unprocessable):
            clean_and_imprint(RawArticle(uri="u", outlet="o", body=source, content_type="text/html"), RECEIVED_AT)

    def theirs(source: str) -> None:
        trafilatura.extract(source, include_comments=False)

    ours(sources[0])
    theirs(sources[0])
    ours_s = theirs_s = 0.0
    for source in sources:  # page by page, so that a busy machine slows both
        theirs_s += seconds(theirs, [source])
        ours_s += seconds(ours, [source])
    print(f"HTML: {len(sources) / ours_s:.0f} pages/s; trafilatura {len(sources) / theirs_s:.0f}; ratio {theirs_s / ours_s:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=3000)
    arguments = parser.parse_args()
    print(f"fixed work: {fixed_work():.2f} s")
    plain_text(arguments.data, arguments.limit)
    pages(arguments.data, arguments.limit)
    print(f"fixed work: {fixed_work():.2f} s")


if __name__ == "__main__":
    main()
