"""How fast claims are found, beside the parse that they need: make bench-claims (ARGS="--articles FILE --number N").

FILE: raw articles as JSON lines (default: the sample feed). Articles a second on one core, of spaCy's pipeline alone and of the
claims component (rules, weights, description) on the same Docs, in turns; the median of several rounds.
"""

import argparse
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import processors.claims
from processors import nlp
from processors.cleaning import clean
from processors.errors import Unprocessable
from schemas import CleanArticle, RawArticle

FEED = Path(__file__).parents[2] / "deploy" / "sample_feed" / "feed.jsonl"
ROUNDS = 5


def articles(path: Path, number: int) -> list[CleanArticle]:
    """The first usable English articles of a file."""
    found: list[CleanArticle] = []
    for line in path.read_bytes().splitlines():
        try:
            article = clean(RawArticle.from_json(line), datetime(2026, 4, 8, tzinfo=UTC))
        except (ValueError, Unprocessable):
            continue
        if article.language == "en" and article.pub_status == "usable":
            found.append(article)
        if len(found) == number:
            break
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=FEED)
    parser.add_argument("--number", type=int, default=60)
    options = parser.parse_args()
    chosen = articles(options.articles, options.number)
    docs = [nlp.annotate(article) for article in chosen]
    words = sum(len(doc) for doc in docs)
    language = nlp.pipeline()
    parse_s, claims_s = [], []
    with language.select_pipes(disable=["copydesk_entities", "copydesk_claims", "copydesk_events", "copydesk_layout"]):
        for _ in range(ROUNDS):
            began = time.process_time()
            for doc in docs:
                language(doc.text)
            parse_s.append(time.process_time() - began)
            began = time.process_time()
            for doc in docs:
                processors.claims.annotate(doc)
            claims_s.append(time.process_time() - began)
    parse, claims = statistics.median(parse_s), statistics.median(claims_s)
    print(f"{len(docs)} articles of {words / len(docs):.0f} tokens, CPU time")
    print(f"spaCy  {len(docs) / parse:6.1f} articles/s")
    print(f"claims {len(docs) / claims:6.1f} articles/s, {words / claims:,.0f} tokens/s, {claims / parse:.1%} of the parse")


if __name__ == "__main__":
    main()
