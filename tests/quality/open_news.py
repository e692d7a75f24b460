"""Events of open news, judged by eye: print what share is fully right, how far judges agree and what is wrong; draw more.

Usage: python -m tests.quality.open_news            what was judged (needs no data)
       python -m tests.quality.open_news --draw N --articles M --seed S [--data DIR]
                                                    print N records of M random articles that nobody has judged

open_news.jsonl has one judged record a line: the article's id, offsets of trigger, source and target in its body, type, and
judgements; never its text. `set` tells what the record is for:

fit     340 records that the weights of the confidence were first fitted on: `right` is the first judge's word, a lenient one
final   200 records of 112 articles, drawn to measure. The first judge judged them twice (`right`, `again`), the second once
        (`second`), without having seen the first's. 13 of them the rules no longer give, all of them wrong
fresh   100 records of 56 articles out of 85 that were drawn after all that; by the second judge only

wide    750 of the records from .40 on of 303 fresh articles, 150 each by one of five further judges (`judge`), who knew nothing of
        the others: `right`, else `wrong` and `cause`; `confidence` as the rules then gave it; `other`: the word of a second of them
held    150 records of 62 more articles by a sixth judge, which no rule and no weight has seen: to measure on
        `stale`, in these two: an actor's name or code is another one since, and what was judged of it says nothing now
blind   200 of the 430 records above the default (then .66) of 130 articles that nobody had seen, drawn when all rules stood:
        100 each by two new judges, who judged 40 of the other's too (`other`). What it shows was mended afterwards, a little

blind2  the same at a default of .70, of 150 further articles, once what "blind" shows had been mended: 200 of 414; two more judges
blind3  the same from .68 on, of 150 more articles, once what "blind2" shows had been mended: 200 of 457; two more judges
blind4  the same from .64 on, of 150 more articles, once what "blind3" shows had been mended: 200 of 449; two more judges

A record is right if type, source, target, direction and factuality are. `second` has what is `wrong`, the `cause`
and the `confidence` that the rules gave. Causes:

sense         a word in another sense: killed a story, left office when the term ended, released documents
not_event     a thing, an attitude, a number over years: a union's contract, promised cuts
hypothetical  a prediction, a purpose, a generic or supposed case told as fact or plan
coref         a pronoun or description taken for somebody else
merged        an actor that belongs to another mention of the merged event, in another sentence
parse         the wrong phrase: of a compound, an apposition, a passive without its agent, a purpose
relative      the antecedent of a relative or reduced clause is missing
content       whom a denial is about taken for whom it was made to
place, office a place or an office taken for the actor
coding, name  the actor is right, its name, kind or country is not
markup        captions of videos and links to other articles read as text
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from processors import nlp
from processors.cleaning import clean
from processors.document import EventDraft, entities_of, events_of, view_of
from processors.events import DEFAULT_MIN_CONFIDENCE
from schemas import RawArticle

LABELS = Path(__file__).with_name("open_news.jsonl")
NEWS = "data/articles/news_12k.jsonl.gz"
RESAMPLES = 2000


def labels(*sets: str) -> list[dict[str, Any]]:
    """The judged records of these sets."""
    return [label for label in map(json.loads, LABELS.read_text().splitlines()) if label["set"] in sets]


def verdict(label: dict[str, Any]) -> bool:
    """Whether a record is right: the stricter judge's word where there are two."""
    return not label["second"]["wrong"] if "second" in label else bool(label["right"])


def key(doc: Any, draft: EventDraft) -> dict[str, Any]:
    """What identifies a judged record: offsets in the article's body."""
    view, entities = view_of(doc), entities_of(doc)
    spans = [
        [[s.start, s.end] for piece in who for a in entities.actors(piece) for s in a.spans if s.start >= a.spans[0].start]
        for who in (draft.source, draft.target)
    ]  # not the noun before a pronoun
    return {
        "article": doc._.article.uri,
        "start": view.span(*draft.trigger).start,
        "type": draft.type,
        "source": spans[0],
        "target": spans[1],
    }


def documents(data: Path, wanted: set[str]) -> Iterator[Any]:
    """The articles of news_12k with these ids, annotated."""
    with gzip.open(data / NEWS, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["id"] in wanted:
                fields = {name: row[name] or None for name in ("outlet", "url", "title", "body", "published_at")}
                raw = RawArticle(uri=row["id"], version=1, pub_status="usable", content_type="text/plain", authors=[], **fields)
                yield nlp.annotate(clean(raw, datetime(2020, 6, 1, tzinfo=UTC)))


def shown(doc: Any, event: EventDraft) -> str:
    """A record to be judged: its key, what it says, and the text around its trigger."""
    entities, (start, end) = entities_of(doc), event.trigger
    source, target = (
        [f"{actor.name} [{actor.kind} {actor.country} {actor.role}]" for piece in side for actor in entities.actors(piece)]
        for side in (event.source, event.target)
    )
    text = f"{doc.text[max(0, start - 400) : start]}»{doc.text[start:end]}«{doc.text[end : end + 260]}"
    says = f"{event.type} {event.factuality} {event.operators} {event.confidence:.3f}  {source} → {target}"
    return f"{json.dumps(key(doc, event))}\n  {says}\n  {' '.join(text.split())}\n"


def draw(data: Path, records: int, articles: int, seed: int) -> None:
    """Print random ones of the events at the default threshold of random articles that no judged record is from."""
    with gzip.open(data / NEWS, "rt", encoding="utf-8") as lines:
        ids = {json.loads(line)["id"] for line in lines}
    unseen = sorted(ids - {label["article"] for label in labels("fit", "final", "fresh", "wide", "held", "blind")})
    random = Random(seed)
    found = [
        shown(doc, event)
        for doc in documents(data, set(random.sample(unseen, articles)))
        for event in events_of(doc)
        if event.confidence >= DEFAULT_MIN_CONFIDENCE
    ]
    print("\n".join(random.sample(found, min(records, len(found)))))


def agreement(a: list[bool], b: list[bool]) -> tuple[float, float]:
    """The share of records on which two judgements agree, and Cohen's kappa."""
    observed = sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
    p, q = sum(a) / len(a), sum(b) / len(b)
    chance = p * q + (1 - p) * (1 - q)
    return observed, (observed - chance) / (1 - chance)


def interval(judged: list[dict[str, Any]], right: list[bool]) -> tuple[float, float]:
    """95 % interval of the share that is right, by resampling articles: records of one article are not independent."""
    by_article: dict[str, list[bool]] = {}
    for label, good in zip(judged, right, strict=True):
        by_article.setdefault(label["article"], []).append(good)
    groups, random = list(by_article.values()), Random(0)
    shares = []
    for _ in range(RESAMPLES):
        drawn = [good for group in random.choices(groups, k=len(groups)) for good in group]
        shares.append(sum(drawn) / len(drawn))
    shares.sort()
    return shares[RESAMPLES // 40], shares[-RESAMPLES // 40]


def share(judged: list[dict[str, Any]], right: list[bool]) -> str:
    low, high = interval(judged, right)
    return f"{sum(right) / len(right):.3f} fully right ({low:.2f} to {high:.2f})"


def causes_of(words: list[dict[str, Any]]) -> str:
    """Why records are wrong, with counts, the most frequent first."""
    return ", ".join(f"{cause} {count}" for cause, count in Counter(w["cause"] for w in words if w.get("wrong")).most_common())


def report() -> None:
    """Print shares, agreement, what the second judge found wrong, and whether confidence tells right from wrong."""
    final = labels("final")
    first, again = [label["right"] for label in final], [label["again"] for label in final]
    for name in ("final", "fresh"):
        judged = labels(name)
        second = [not label["second"]["wrong"] for label in judged]
        print(f"{name}: {len(judged)} records of {len({label['article'] for label in judged})} articles")
        print("  second judge:", share(judged, second))
        if name == "final":
            print("  first judge: ", share(judged, first))
            print("  first, again:", share(judged, again))
            print("  first and second agree on {:.3f}, kappa {:.2f}".format(*agreement(first, second)))
            print("  first and itself agree on {:.3f}, kappa {:.2f}".format(*agreement(first, again)))
        parts = Counter(part for label in judged for part in label["second"]["wrong"])
        print("  wrong:", ", ".join(f"{part} {count}" for part, count in parts.most_common()))
        print("  cause:", causes_of([label["second"] for label in judged]))
    for name in ("wide", "held"):
        judged = labels(name)
        print(
            f"{name}: {len(judged)} records of {len({label['article'] for label in judged})} articles, from a confidence of .40 on"
        )
        print("  six judges:", share(judged, [label["right"] for label in judged]))
        print("  cause:", causes_of(judged))
    twice = [label for label in labels("wide", "held") if "other" in label]
    print("{} judged by two of the six, who agree on {:.3f}, kappa {:.2f}".format(
        len(twice), *agreement([label["right"] for label in twice], [label["other"] for label in twice])
    ))  # fmt: skip
    print("confidence as it was before these were fitted on, records, right (wide and held)")
    for low, high in pairwise((0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 1.0)):
        within = [label["right"] for label in labels("wide", "held") if low <= label["confidence"] < high]
        print(f"  {low:.2f} to {high:.2f}  {len(within):3d}  {sum(within) / len(within):.2f}")


def report_blind() -> None:
    """Print the measures of rules that had not seen the articles, with and without the actors that are only coded wrongly."""
    for name in ("blind", "blind2", "blind3", "blind4"):
        blind = labels(name)
        twice = [label for label in blind if "other" in label]
        named = [label["right"] or label["wrong"] == ["coding"] for label in blind]
        print(f"{name}: {len(blind)} records of {len({label['article'] for label in blind})} articles, above the default")
        print("  two judges:", share(blind, [label["right"] for label in blind]))
        print("  name, kind, country and role of the right actors aside:", share(blind, named))
        for least in (0.64, 0.68, 0.7, 0.75):
            sure = [label["right"] for label in blind if label["confidence"] >= least]
            print(f"  from {least}: {sum(sure) / len(sure):.3f} of {len(sure)}")
        print("  cause:", causes_of(blind))
        print("  {} judged by both, who agree on {:.3f}, kappa {:.2f}".format(
            len(twice), *agreement([label["right"] for label in twice], [label["other"] for label in twice])
        ))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", type=int, metavar="RECORDS")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    options = parser.parse_args()
    if options.draw is None:
        report()
        report_blind()
    elif (options.data / NEWS).exists():
        draw(options.data, options.draw, options.articles, options.seed)
    else:
        print(f"no data at {options.data}: nothing drawn")


if __name__ == "__main__":
    main()
