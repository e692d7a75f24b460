"""How fast the rules are beside the parse that they need: make bench-rules (ARGS="--articles FILE --number N").

FILE: raw articles as JSON lines (default: the sample feed), joined or cut at paragraphs to about 800 tokens. CPU time of spaCy's
pipeline alone and of entities, claims and events on the same Docs, in turns; the median of several rounds. On a busy machine only
the ratio holds.
"""

import argparse
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import processors.claims
import processors.entities
import processors.events
from processors import nlp
from processors.cleaning import clean
from processors.errors import Unprocessable
from schemas import CleanArticle, RawArticle

FEED = Path(__file__).parents[2] / "deploy" / "sample_feed" / "feed.jsonl"
ROUNDS = 5
TOKENS = 800
RULES = {
    "entities": processors.entities.annotate,
    "claims": processors.claims.annotate,
    "events": processors.events.annotate,
}


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


def of_one_length(found: list[CleanArticle], number: int) -> list[CleanArticle]:
    """Articles of about TOKENS tokens, made of the paragraphs of those found, in order."""
    made: list[CleanArticle] = []
    paragraphs: list[str] = []
    words = 0
    for paragraph in (p for article in found for p in article.body.split("\n") if p.strip()):
        paragraphs.append(paragraph)
        words += len(paragraph.split())
        if words * 1.15 >= TOKENS:
            made.append(
                CleanArticle(
                    uri=f"bench-{len(made)}", version=1, pub_status="usable", outlet="bench", body="\n\n".join(paragraphs),
                    language="en", marks=[], published_at=datetime(2026, 4, 8, tzinfo=UTC),
                )
            )  # fmt: skip
            paragraphs, words = [], 0
    return made[:number]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=FEED)
    parser.add_argument("--number", type=int, default=30)
    options = parser.parse_args()
    docs = [nlp.annotate(article) for article in of_one_length(articles(options.articles, 10 * options.number), options.number)]
    words = sum(len(doc) for doc in docs)
    language = nlp.pipeline()
    parse_s: list[float] = []
    rules_s: dict[str, list[float]] = {name: [] for name in RULES}
    with language.select_pipes(disable=["copydesk_entities", "copydesk_claims", "copydesk_events", "copydesk_layout"]):
        for _ in range(ROUNDS):
            began = time.process_time()
            for doc in docs:
                language(doc.text)
            parse_s.append(time.process_time() - began)
            for doc in docs:
                doc._.tokens = None  # to be read again by the rules that come first
            for name, annotate in RULES.items():
                began = time.process_time()
                for doc in docs:
                    annotate(doc)
                rules_s[name].append(time.process_time() - began)
    parse = statistics.median(parse_s)
    print(f"{len(docs)} articles of {words / len(docs):.0f} tokens, CPU time")
    print(f"spaCy     {len(docs) / parse:6.1f} articles/s")
    for name, seconds in rules_s.items():
        print(
            f"{name:9} {len(docs) / statistics.median(seconds):6.1f} articles/s, {statistics.median(seconds) / parse:.1%} of spaCy"
        )
    rules = sum(statistics.median(seconds) for seconds in rules_s.values())
    print(f"all rules {len(docs) / rules:6.1f} articles/s, {rules / parse:.1%} of spaCy")


if __name__ == "__main__":
    main()
