"""Lines that cleaning removed and kept, drawn at random to be judged by eye, and what the judgements say.

    python -m tests.quality.cleaning_by_eye draw --data DATA --seed 1
    python -m tests.quality.cleaning_by_eye count

`draw` cleans `articles/news_12k.jsonl.gz` of DATA in its order, takes 500 articles and of these 100 removed pieces and 100 kept
lines, and prints each with the text around it. `cleaning_by_eye.tsv` keeps the judgements: seed, kind, article id, start,
end, label (right, wrong, unsure) — never the text, which is the publishers'.
"""

import argparse
import csv
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from processors.boilerplate import Memory, without
from processors.cleaning import clean_and_imprint
from processors.cleaning.lines import Lines
from processors.text import outside
from schemas import CleanArticle, Range, RawArticle

LABELS = Path(__file__).with_suffix(".tsv")
RECEIVED_AT = datetime(2026, 3, 16, tzinfo=UTC)
ARTICLES, EACH = 500, 100
CONTEXT_CHARS = 90


def cleaned(data: Path) -> Iterator[CleanArticle]:
    """Every article as the clean stage publishes it."""
    memory = Memory()
    with gzip.open(data / "articles/news_12k.jsonl.gz", "rt", encoding="utf8") as rows:
        for row in map(json.loads, rows):
            authors = [name for name in map(str.strip, row["authors"].split(",")) if name]
            raw = RawArticle(uri=row["id"], outlet=row["outlet"], title=row["title"] or None, body=row["body"], authors=authors)
            article, imprint = clean_and_imprint(raw, RECEIVED_AT)
            repeated, _ = memory.recall(imprint)
            yield without(article, repeated) if repeated else article


def pieces(article: CleanArticle) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]]:
    """What was removed (start, end, reason), and the lines that were kept."""
    removed = [(piece.start, piece.end, piece.reason) for piece in article.removed]
    lines = Lines.of(article.body, article.title, article.repaired).lines
    kept = outside([Range(start=line.start, end=line.end) for line in lines], article.removed)
    return removed, [(line.start, line.end, "") for line in kept]


def draw(data: Path, seed: int) -> None:
    """Print the drawn pieces; the same seed draws the same as long as cleaning does the same."""
    pick = random.Random(seed)
    articles = list(cleaned(data))
    chosen = pick.sample(articles, ARTICLES)
    for kind, which in (("removed", 0), ("kept", 1)):
        candidates = [(article, piece) for article in chosen for piece in pieces(article)[which]]
        for article, (start, end, reason) in pick.sample(candidates, EACH):
            body = article.body
            before, after = body[max(0, start - CONTEXT_CHARS) : start], body[end : end + CONTEXT_CHARS]
            print(f"{seed}\t{kind}\t{article.uri}\t{start}\t{end}\t{reason}")
            print(f"    … {before.strip()!r}\n    >>> {body[start:end]!r}\n    {after.strip()!r} …")


def count() -> None:
    """Print the share of right judgements of each round."""
    with LABELS.open(encoding="utf8", newline="") as file:
        labels = Counter((row["seed"], row["kind"], row["label"]) for row in csv.DictReader(file, delimiter="\t"))
    for seed, kind in sorted({(seed, kind) for seed, kind, _ in labels}):
        right, wrong, unsure = (labels[seed, kind, label] for label in ("right", "wrong", "unsure"))
        print(f"seed {seed}, {kind}: {right} right, {wrong} wrong, {unsure} unsure ({right / (right + wrong + unsure):.0%})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "count"])
    parser.add_argument("--data", type=Path, help="as for `make score`")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.what == "count":
        count()
    elif arguments.data is None:
        parser.error("draw needs --data")
    else:
        draw(arguments.data, arguments.seed)


if __name__ == "__main__":
    main()
