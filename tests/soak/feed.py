"""Articles without end, generated: of every length, copies, corrections, kills, and things that are no articles.

Event time runs fast, so that what the stages remember of the last three days turns over several times in a soak.
"""

import random
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson

START = datetime(2000, 1, 1, tzinfo=UTC)
"""So long ago that event time does not reach the present in a soak: what lies ahead of it does not move the stages' clocks."""
NAMES = ("Mara Lind", "Jon Ferro", "Ana Kovac", "Peter Osei", "Lena Brandt", "Omar Said", "Ruth Keller", "Ivan Petrov")
PLACES = ("Paris", "Nairobi", "Lima", "Hanoi", "Berlin", "Cairo", "Ottawa", "Kyiv", "Madrid", "Oslo")
VERBS = ("met", "accused", "praised", "criticised", "arrested", "attacked", "supported", "warned", "visited", "sued")
THINGS = ("the council", "the government", "protesters", "the opposition", "police", "a trade union", "the ministry", "rebels")
LENGTHS_CHARS = ((0.85, 1_500), (0.97, 8_000), (0.998, 40_000), (1.0, 2_000_000))
"""Cumulative share of articles up to so many characters: 2 in 1,000 have megabytes."""
REMEMBERED = 200
DAYS_PER_1000 = 60.0
"""50 articles fill dedupe's window of 72 hours, 500 the ledger's 30 days; on a busy machine a worker does that in some minutes."""


def sentence(rng: random.Random) -> str:
    """One that has an event in it, and now and then a quotation."""
    said = f"{rng.choice(NAMES)} {rng.choice(VERBS)} {rng.choice(THINGS)} in {rng.choice(PLACES)} over plan {rng.randrange(10**6)}"
    if rng.random() < 0.2:
        return f'"The vote on item {rng.randrange(10**6)} will be held next week," {rng.choice(NAMES)} said.'
    return f"{said}."


def body(rng: random.Random) -> str:
    """A text of a length as the feed has them; long ones repeat stretches, which makes them quick to write."""
    share = rng.random()
    length = rng.uniform(0.2, 1) * next(most for upto, most in LENGTHS_CHARS if share <= upto)
    stretch = " ".join(sentence(rng) + ("\n\n" if rng.random() < 0.25 else "") for _ in range(int(min(length, 60_000) / 75) + 1))
    return "\n\n".join([stretch] * int(max(1, length / 60_000)))


def articles(seed: int, days_per_1000: float = DAYS_PER_1000) -> Iterator[tuple[bytes, bytes]]:
    """(outlet, record) without end; the same seed gives the same."""
    rng = random.Random(seed)
    earlier: deque[dict[str, object]] = deque(maxlen=REMEMBERED)
    number = 0
    while True:
        number += 1
        outlet = f"Outlet {rng.randrange(24)}"
        at = (START + timedelta(days=days_per_1000 * number / 1000)).isoformat()
        kind = rng.random()
        if kind < 0.02:
            yield (
                outlet.encode(),
                rng.choice((b"not JSON", b'{"outlet": "x"}', b"\xff\xfe", b'{"uri": "a", "outlet": "b", "body": ""}')),
            )
            continue
        article: dict[str, object] = {"uri": f"urn:soak:{seed}:{number}", "outlet": outlet, "language": "en", "body": body(rng)}
        if earlier and kind < 0.30:  # a copy in another outlet
            article["body"] = rng.choice(earlier)["body"]
        elif earlier and kind < 0.40:  # a correction or a kill
            article = dict(rng.choice(earlier))
            article["version"] = number
            outlet = str(article["outlet"])
            if kind < 0.34:
                article["pub_status"] = "canceled"
            else:
                article["body"] = f"{article['body']}\n\n{sentence(rng)}"
        article["published_at"] = at
        if len(str(article["body"])) < 100_000:
            earlier.append(article)
        yield outlet.encode(), orjson.dumps(article)
