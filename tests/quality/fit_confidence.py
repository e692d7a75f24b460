"""Fit processors/events/confidence.json on judged records of open news, and print how well confidence tells right from wrong.

Usage: python -m tests.quality.fit_confidence [--data ../shared] [--write]

Fitted on the sets wide, final, fresh and fit of open_news.jsonl (tests/quality/open_news.py says what they are) and on the leads of
wire_leads.txt. The first judge of "fit" was lenient: a sign of its own takes that up. The set "held" is only measured on: its
articles and its judge take no part.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.document import EventDraft, events_of
from processors.events.confidence import JUDGED_FROM, log_odds
from tests.quality import wire_leads
from tests.quality.open_news import documents, key, labels, verdict

WEIGHTS = Path("processors/events/confidence.json")
RIDGE = 8.0
"""Penalty on squared weights: the strength of the belief that a sign says nothing."""
FREE = frozenset({"bias", "strength"})
"""Weights that are hardly penalised."""
LEAST = 8
"""Judged records that must show a sign for it to get a weight."""
LENIENT = "lenient judge"
LEADS_COUNT = 3
"""How often each lead counts: enough that what agencies report passes, at no cost on judged records."""
FOLDS = 10
FITTED, HELD = ("wide", "final", "fresh", "fit"), "held"
Floats = NDArray[np.float64]
Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A record as the rules give it now, and what was judged of it."""

    row: Row
    right: bool
    article: str
    set: str


def row_of(draft: EventDraft) -> Row:
    """The evidence of a draft as numbers."""
    row = dict(draft.evidence)
    return row | {"strength": log_odds(row["strength"])}


def matrix(rows: list[Row], names: list[str]) -> Floats:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def fit(judged: list[Judged]) -> dict[str, float]:
    """Weights of a logistic regression with a ridge (Newton's method)."""
    counts = Counter(name for one in judged for name in one.row)
    names = sorted(name for name, count in counts.items() if count >= LEAST)
    x, right = matrix([one.row for one in judged], names), np.array([float(one.right) for one in judged])
    ridge = np.array([0.01 if name in FREE else RIDGE for name in names])
    w = np.zeros(len(names))
    for _ in range(8):
        p = 1 / (1 + np.exp(-x @ w))
        w += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), x.T @ (right - p) - ridge * w)
    return dict(zip(names, w.tolist(), strict=True))


def predict(weights: dict[str, float], rows: list[Row]) -> Floats:
    names = list(weights)
    result: Floats = 1 / (1 + np.exp(-matrix(rows, names) @ np.array([weights[name] for name in names])))
    return result


def cross_validated(judged: list[Judged]) -> Floats:
    """Each record's probability by weights that were fitted without the articles of its fold."""
    number = {article: n % FOLDS for n, article in enumerate(sorted({one.article for one in judged}))}
    out = np.zeros(len(judged))
    for n in range(FOLDS):
        inside = np.array([number[one.article] == n for one in judged])
        weights = fit([one for one in judged if number[one.article] != n])
        out[inside] = predict(weights, [one.row for one in judged if number[one.article] == n])
    return out


def reliability(p: Floats, right: Floats) -> Iterator[str]:
    """The reliability curve as rows of a Markdown table."""
    yield "| confidence | records | mean | right |\n|---|---|---|---|"
    for low, high in ((0, 0.3), (0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1.01)):
        inside = (p >= low) & (p < high)
        if inside.any():
            yield f"| {low:.1f} to {min(high, 1):.1f} | {inside.sum()} | {p[inside].mean():.2f} | {right[inside].mean():.2f} |"


def area(p: Floats, right: Floats) -> float:
    """The chance that a right record is more confident than a wrong one."""
    good, bad = p[right == 1], p[right == 0]
    return float((good[:, None] > bad[None, :]).mean() + 0.5 * (good[:, None] == bad[None, :]).mean())


def report(name: str, p: Floats, right: Floats, density: dict[float, float]) -> None:
    """Print the curve, and what share is right above each threshold, with the records per 100 sentences that it leaves."""
    loss = -(right * np.log(p) + (1 - right) * np.log(1 - p)).mean()
    print(f"{name}: {len(p)} records, {right.mean():.3f} right; log loss {loss:.3f}, AUC {area(p, right):.3f}")
    print("\n".join(reliability(p, right)))
    for threshold, per_100 in density.items():
        above = p >= threshold
        if above.any():
            print(
                f"  from {threshold:.2f}: {above.sum():3d} judged, {right[above].mean():.3f} right; {per_100:.1f} per 100 sentences"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args()
    if not (options.data / "data").exists():
        print(f"no data at {options.data}: nothing measured")
        return
    known = labels(*FITTED, HELD)
    by_key = {json.dumps([label[name] for name in ("article", "start", "type", "source", "target")]): label for label in known}
    set_of = {label["article"]: label["set"] for label in known}
    judged: list[Judged] = []
    everything: dict[str, list[Row]] = {}
    sentences: Counter[str] = Counter()
    for doc in documents(options.data, set(set_of)):
        name = set_of[doc._.article.uri]
        sentences[name] += sum(1 for _ in doc.sents)
        for draft in events_of(doc):
            if draft.type == "OTHER":
                continue
            row = row_of(draft)
            everything.setdefault(name, []).append(row | {"share": dict(draft.evidence)["strength"] / JUDGED_FROM})
            label = by_key.get(json.dumps(list(key(doc, draft).values())))
            if label is not None and not label.get("stale"):
                row = row | ({LENIENT: 1.0} if label["set"] == "fit" else {})
                judged.append(Judged(row, verdict(label), label["article"], label["set"]))
    print(f"{len(judged)} of {len(known)} judged records are still found as they were")
    leads = [Judged(row_of(draft), True, lead, "leads") for lead, draft in wire_leads.read() if draft is not None]
    learnt = [*(one for one in judged if one.set != HELD), *leads * LEADS_COUNT]
    weights = fit(learnt)
    for name, those, p in (
        ("wide, cross-validated", [one.set == "wide" for one in learnt], cross_validated(learnt)),
        ("held", [one.set == HELD for one in judged], predict(weights, [one.row for one in judged])),
    ):
        right = np.array([float(one.right) for one in (learnt if len(those) == len(learnt) else judged)])
        chosen = np.array(those)
        near = name.partition(",")[0]
        all_p = predict(weights, everything[near]) * np.array([min(r["share"], 1.0) for r in everything[near]])
        density = {t: 100 * float((all_p >= t).sum()) / sentences[near] for t in (0.4, 0.5, 0.6, 0.64, 0.71, 0.76)}
        report(name, p[chosen], right[chosen], density)
    if options.write:
        del weights[LENIENT]
        WEIGHTS.write_text(json.dumps({name: round(value, 3) for name, value in sorted(weights.items())}, indent=1) + "\n")


if __name__ == "__main__":
    main()
