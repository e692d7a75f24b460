"""Fit processors/events/confidence.json on judged records of open news, and print how well confidence tells right from wrong.

Usage: python -m tests.quality.fit_confidence [--data ../shared] [--write]

The records are those of the set "fit" in open_news.jsonl; tests/quality/open_news.py says what its fields are.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.document import EventDraft, events_of
from tests.quality.open_news import documents, key, labels

WEIGHTS = Path("processors/events/confidence.json")
RIDGE = 4.0
"""Penalty on squared weights: the strength of the belief that a sign says nothing."""
FOLDS = 10
Floats = NDArray[np.float64]


def fit(names: list[str], rows: list[dict[str, float]], right: Floats) -> Floats:
    """Weights of a logistic regression with a ridge (Newton's method); the bias is free."""
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    ridge = np.array([0.01 if name in {"bias", "strength"} else RIDGE for name in names])
    w = np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (right - p) - ridge * w
        w += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), gradient)
    return w


def predict(names: list[str], rows: list[dict[str, float]], w: Floats) -> Floats:
    x = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    result: Floats = 1 / (1 + np.exp(-x @ w))
    return result


def cross_validated(names: list[str], rows: list[dict[str, float]], right: Floats) -> Floats:
    """Each record's probability by weights that were fitted without its fold."""
    fold = np.arange(len(rows)) % FOLDS
    out = np.zeros(len(rows))
    for n in range(FOLDS):
        w = fit(names, [r for r, f in zip(rows, fold, strict=True) if f != n], right[fold != n])
        out[fold == n] = predict(names, [r for r, f in zip(rows, fold, strict=True) if f == n], w)
    return out


def reliability(p: Floats, right: Floats) -> Iterator[str]:
    """The reliability curve as rows of a Markdown table."""
    yield "| confidence | records | mean | right |\n|---|---|---|---|"
    for low, high in ((0, 0.4), (0.4, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1.01)):
        inside = (p >= low) & (p < high)
        if inside.any():
            yield f"| {low:.1f} to {min(high, 1):.1f} | {inside.sum()} | {p[inside].mean():.2f} | {right[inside].mean():.2f} |"


def row_of(draft: EventDraft) -> dict[str, float]:
    """The evidence of a draft as numbers: the strength as its log odds, within the range that was judged."""
    row = dict(draft.evidence)
    strength = min(max(row["strength"], 0.45), 0.97)
    return row | {"strength": float(np.log(strength / (1 - strength)))}


def report(judged: list[tuple[dict[str, float], bool]]) -> tuple[list[str], Floats]:
    """Print the cross-validated curve; return the weights fitted on everything."""
    rows, right = [row for row, _ in judged], np.array([float(good) for _, good in judged])
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, count in counts.items() if count >= 5)
    p = cross_validated(names, rows, right)
    print(
        f"{len(rows)} records, {right.mean():.3f} right; log loss {-(right * np.log(p) + (1 - right) * np.log(1 - p)).mean():.3f}"
    )
    print("\n".join(reliability(p, right)))
    order = np.argsort(-p)
    print(
        "most confident:",
        {share: round(float(right[order[: int(share * len(p))]].mean()), 3) for share in (0.25, 0.4, 0.5, 0.6, 0.75, 1.0)},
    )
    return names, fit(names, rows, right)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args()
    if not (options.data / "data").exists():
        print(f"no data at {options.data}: nothing measured")
        return
    fitted_on = labels("fit")
    by_key = {
        json.dumps([label[name] for name in ("article", "start", "type", "source", "target")]): label["right"]
        for label in fitted_on
    }
    judged = []
    for doc in documents(options.data, {label["article"] for label in fitted_on}):
        for draft in events_of(doc):
            found = json.dumps(list(key(doc, draft).values()))
            if draft.evidence and found in by_key:
                judged.append((row_of(draft), by_key[found]))
    print(f"{len(judged)} of {len(fitted_on)} judged records are still found as they were")
    names, w = report(judged)
    if options.write:
        WEIGHTS.write_text(
            json.dumps({name: round(float(value), 3) for name, value in zip(names, w, strict=True)}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
