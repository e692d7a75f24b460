"""A newsroom's feed in miniature: short articles of our own sentences, with all that makes state and order matter."""

import random
from collections.abc import Iterator
from typing import Any

import orjson

PEOPLE = ("Anna Berg", "Tomas Keller", "Maria Lopes", "Viktor Nagy", "Helen Brooks", "Samir Haddad", "Ingrid Dahl", "Paul Okafor")
OFFICES = ("Prime Minister", "President", "Foreign Minister", "Finance Minister", "Governor", "Mayor")
PLACES = ("Paris", "Oslo", "Lisbon", "Nairobi", "Warsaw", "Toronto", "Jakarta", "Madrid", "Cairo", "Lima")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
THINGS = ("a trade deal", "a ceasefire", "the new budget", "a border treaty", "the flood relief plan", "a wage agreement")
SENTENCES = (
    "{office} {person} said on {day} that the government would send {number} soldiers to {place}.",
    "Police in {place} arrested {number} protesters on {day} after a march for {thing}.",
    '"We will not sign {thing} before the vote in {place}," {person} told reporters.',
    "{person} met {other} in {place} on {day} and signed {thing} worth {number} million euros.",
    "At least {number} people were killed when a bridge collapsed near {place}, officials said.",
    "{other} accused {person} of hiding {number} reports about {thing}.",
    "The union in {place} announced a strike of {number} workers over {thing}.",
    "{office} {other} denied that {number} troops had attacked the harbour of {place}.",
)
OUTLETS = 23
NOT_ARTICLES = (b"{not json", b'{"uri": "only-a-uri"}', b"\xff\xfe", b"[]", b'{"uri": "u", "outlet": "Outlet 1", "body": ""}')


def feed(seed: int) -> Iterator[tuple[bytes, bytes]]:
    """Endless (outlet, raw article): new ones, copies, corrections, kills, deliveries made twice, and what is no article."""
    rng = random.Random(seed)
    recent: list[dict[str, Any]] = []
    number = 0
    while True:
        number += 1
        chance = rng.random()
        if recent and chance < 0.14:
            fields = rng.choice(recent) | {"uri": f"copy-{number}", "outlet": _outlet(rng)}
        elif recent and chance < 0.24:
            fields = _next_version(rng.choice(recent), rng)
        elif recent and chance < 0.29:
            fields = _next_version(rng.choice(recent), rng) | {"pub_status": "canceled", "body": ""}
        elif recent and chance < 0.31:
            fields = rng.choice(recent)
        elif chance < 0.34:
            yield _outlet(rng).encode(), rng.choice(NOT_ARTICLES)
            continue
        else:
            fields = _new(number, rng)
        if fields["body"]:
            recent = [*recent[-40:], fields]
        yield fields["outlet"].encode(), orjson.dumps(fields | {"published_at": _instant(number)})


def _new(number: int, rng: random.Random) -> dict[str, Any]:
    paragraphs = [_sentence(rng) + " " + _sentence(rng) for _ in range(rng.randint(2, 3))]
    fields: dict[str, Any] = {"uri": f"article-{number}", "version": 1, "outlet": _outlet(rng), "title": _sentence(rng)[:60]}
    if rng.random() < 0.12:
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        page = f"<html><body><nav>Home | World</nav><article><h1>News</h1>{text}</article><footer>About us</footer></body></html>"
        return fields | {"content_type": "text/html", "body": page}
    return fields | {"body": "\n\n".join(paragraphs), "language": "en"}


def _next_version(fields: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    body = str(fields["body"])
    changed = body.replace("</p>", f" {_sentence(rng)}</p>", 1) if "</p>" in body else f"{body}\n\n{_sentence(rng)}"
    return fields | {"version": int(fields["version"]) + 1, "body": changed}


def _sentence(rng: random.Random) -> str:
    person, other = rng.sample(PEOPLE, 2)
    words = {"office": OFFICES, "day": DAYS, "place": PLACES, "thing": THINGS}
    return rng.choice(SENTENCES).format(
        person=person, other=other, number=rng.randint(3, 900), **{name: rng.choice(choices) for name, choices in words.items()}
    )


def _outlet(rng: random.Random) -> str:
    return f"Outlet {rng.randrange(OUTLETS)}"


def _instant(number: int) -> str:
    minutes = number // 4
    return f"2026-03-{16 + minutes // 1440 % 10:02}T{minutes // 60 % 24:02}:{minutes % 60:02}:00Z"
