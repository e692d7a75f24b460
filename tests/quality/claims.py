"""Claims of news_12k against labels of our own (claims.jsonl: article ids, offsets and judgements, no text).

Usage: python tests/quality/claims.py [--data DIR] [--errors] [--fit]

A seeded sample: of the 70 articles of random.Random(6).sample(sorted(ids), 70), up to five claims each, chosen by
random.Random(article id), read in their article. `claim`: who and what stand in a relation of saying, thinking or wanting;
`checkable`: a fact-checker could check the content (numbers, causes, comparisons, past facts; no opinions, wishes, forecasts);
`speaker`: where the article names who it is (`name` where our name for it is another), null where nobody is named.

Prints how many speakers are right, and how `confidence` and `check_worthiness` fit the labels, cross-validated over articles.
`--fit` writes processors/claims/weights.json. Ends without a figure where the data is absent.
"""

import argparse
import gzip
import json
import re
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import processors.claims
from processors import nlp
from processors.claims import weights
from processors.cleaning import clean
from processors.extraction import extract
from schemas import RawArticle, StoryArticle

LABELS = Path(__file__).with_suffix(".jsonl")
WEIGHTS = Path(weights.__file__).parent / "weights.json"
PENALTY = 2.0
"""L2 on every weight but the start, of features from 0 to 1."""
PRIOR = {
    **dict.fromkeys(("number", "past", "cause"), 0.8),
    **dict.fromkeys(("comparison", "name", "quantity", "evidence"), 0.4),
    **dict.fromkeys(("future", "belief", "opinion"), -0.6),
    **dict.fromkeys(("intent", "question", "pleasantry", "infinitive"), -1.0),
    "frame": 1.0,
}
"""What weights are drawn to where labels are few: its author's judgement, from before there were labels."""
FOLDS = 10
Vector = npt.NDArray[np.float64]


def fit(features: list[dict[str, float]], labels: list[bool], names: list[str]) -> dict[str, float]:
    """Logistic regression by Newton's method."""
    x = np.array([[row.get(name, 0.0) for name in names] for row in features])
    y = np.array(labels, float)
    penalty = np.array([0.01 if name == "start" else PENALTY for name in names])
    prior: Vector = np.array([PRIOR.get(name, 0.0) for name in names])
    w = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + penalty * (w - prior)
        w -= np.linalg.solve((x.T * (p * (1 - p))) @ x + np.diag(penalty), gradient)
    return {name: round(float(value), 3) for name, value in zip(names, w, strict=True)}


def predicted(features: dict[str, float], w: dict[str, float]) -> float:
    return float(1 / (1 + np.exp(-sum(w.get(name, 0.0) * value for name, value in features.items()))))


def cross_validated(features: list[dict[str, float]], labels: list[bool], articles: list[str], names: list[str]) -> list[float]:
    """What each claim gets from weights that were fitted without its article."""
    fold = {article: number % FOLDS for number, article in enumerate(sorted(set(articles)))}
    out = [0.0] * len(labels)
    for held in range(FOLDS):
        inside = [i for i, article in enumerate(articles) if fold[article] != held]
        w = fit([features[i] for i in inside], [labels[i] for i in inside], names)
        for i, article in enumerate(articles):
            if fold[article] == held:
                out[i] = predicted(features[i], w)
    return out


def report(what: str, scores: list[float], labels: list[bool]) -> None:
    """Area under the curve, Brier score against the base rate's, and reliability by bins."""
    yes = [s for s, label in zip(scores, labels, strict=True) if label]
    no = [s for s, label in zip(scores, labels, strict=True) if not label]
    auc = sum((a > b) + (a == b) / 2 for a in yes for b in no) / max(1, len(yes) * len(no))
    brier = float(np.mean([(s - label) ** 2 for s, label in zip(scores, labels, strict=True)]))
    base = float(np.mean(labels))
    print(f"{what}: {len(labels)} labels, {base:.2f} yes; AUC {auc:.3f}, Brier {brier:.3f} (base rate {base * (1 - base):.3f})")
    order = np.argsort(scores)
    for part in np.array_split(order, 5):
        print(f"   said {np.mean([scores[i] for i in part]):.2f}  found {np.mean([labels[i] for i in part]):.2f}  ({len(part)})")


def words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if word not in ("the", "a", "an", "s", "mr", "mrs", "ms", "of")}


def same(name: str, truth: str) -> bool:
    """Whether two names are one, or one a longer form of the other."""
    mine, theirs = words(name), words(truth)
    initials = "".join(word[0] for word in name.split() if word[0].isupper())
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine or initials == truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--errors", action="store_true", help="print whose speaker is wrong, by article and offset")
    parser.add_argument("--fit", action="store_true", help="write the weights")
    options = parser.parse_args()
    path = options.data / "data" / "articles" / "news_12k.jsonl.gz"
    if not path.exists():
        print(f"no data at {path}: nothing measured")
        return
    labels: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in LABELS.read_text().splitlines():
        labels[(row := json.loads(line))["article"]].append(row)
    features: dict[str, list[dict[str, float]]] = {"claim": [], "check": []}
    truths: dict[str, list[bool]] = {"claim": [], "check": []}
    articles: list[str] = []
    speakers, lost = [0, 0], 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["id"] in labels]
    for row in rows:
        raw = RawArticle(uri=row["id"], outlet=row["outlet"] or "-", body=row["body"], title=row["title"] or None)
        article = StoryArticle(**clean(raw, datetime(2024, 1, 1, tzinfo=UTC)).model_dump(), story_id="-", role="original")
        claims = [claim for claim in extract(article).claims if claim.cue[0].field is None]
        found, describer = processors.claims.read(nlp.annotate(article))
        for label in labels[row["id"]]:
            start, end = label["cue"]
            met = [n for n, c in enumerate(claims) if c.cue[0].start < end and start < c.cue[-1].end]
            at = min(met, key=lambda n: abs(claims[n].cue[0].start - start), default=None)
            if at is None:
                lost += 1
                continue
            articles.append(row["id"])
            features["claim"].append(describer.claim_features(found[at]))
            features["check"].append(describer.check_features(found[at]))
            truths["claim"].append(label["claim"])
            truths["check"].append(label["checkable"])
            speaker, truth = claims[at].speaker, label["speaker"]
            if not label["claim"]:
                continue
            name = label.get("name") or (None if truth is None else article.body[slice(*truth)])
            right = speaker is None if name is None else speaker is not None and same(speaker.name, name)
            speakers[0] += right
            speakers[1] += 1
            if options.errors and not right:
                print(row["id"], label["cue"], "found:", speaker and speaker.name, "is:", name)
    print(f"speakers: {speakers[0] / speakers[1]:.3f} right of {speakers[1]}; {lost} labelled claims are not found any more")
    made = {}
    for kind in ("claim", "check"):
        names = sorted({name for row_features in features[kind] for name in row_features})
        report(kind, cross_validated(features[kind], truths[kind], articles, names), truths[kind])
        made[kind] = fit(features[kind], truths[kind], names)
    if options.fit:
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
