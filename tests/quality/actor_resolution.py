"""How often `Entities.actors` names the right one: pronouns, descriptions and names of MEANTIME (Wikinews, CC BY 4.0).

Usage: python tests/quality/actor_resolution.py [--data DIR] [--errors]

Of each gold mention whose chain has a name, the actor is right when its name is one of the chain's. Ends without a figure where the
data is absent.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from processors.document import Piece, entities_of
from processors.entities.lexicon import NAMES, words
from processors.nlp import annotate
from schemas import CleanArticle

PRONOUNS = frozenset("he she it they him her them his its their who which that himself whose".split())  # noqa: SIM905
SPEAKERS = frozenset("i we my our us me you your myself ourselves".split())  # noqa: SIM905


class Gold(NamedTuple):
    """A gold mention, and the names that its chain has."""

    piece: Piece
    sort: str
    names: frozenset[str]


def sort_of(text: str) -> str:
    """pronoun, name or description; speaker for I and we, which are the claims' matter."""
    if text.lower() in PRONOUNS:
        return "pronoun"
    if text.lower() in SPEAKERS:
        return "speaker"
    content = [word for word in text.split() if word.lower() not in ("the", "of", "and", "'s", "for", "a")]
    return "name" if content and all(word[0].isupper() or word[0].isdigit() for word in content) else "description"


def canonical(name: str) -> str:
    """A listed name's canonical form, in lower case without article and possessive."""
    plain = " ".join(name.removeprefix("The ").removeprefix("the ").replace(" 's", "").split())
    known = NAMES.get(words(plain))
    return (known.name if known else plain).lower()


def gold(article: dict[str, Any]) -> Iterator[Gold]:
    """The mentions of `article` that have a name in their chain."""
    mentions = {m["id"]: m for m in article["mentions"] if m["tag"] == "ENTITY_MENTION" and m["spans"]}
    for relation in article["relations"]:
        chain = [mentions[i] for i in relation["source"] if i in mentions] if relation["tag"] == "REFERS_TO" else []
        names = frozenset(canonical(m["text"]) for m in chain if sort_of(m["text"]) == "name")
        for m in chain if names else ():
            yield Gold((m["spans"][0][0], m["spans"][-1][1]), sort_of(m["text"]), names)


def same(name: str, names: frozenset[str]) -> bool:
    """Whether `name` is one of `names`, or a longer or shorter form of one."""
    mine = set(canonical(name).split())
    initials = "".join(word[0] for word in canonical(name).split())
    return any(mine <= set(other.split()) or set(other.split()) <= mine or other == initials for other in names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--errors", action="store_true", help="print what was resolved wrongly")
    options = parser.parse_args()
    path = options.data / "data" / "events" / "meantime_dev.jsonl.gz"
    if not path.exists():
        print(f"no data at {path}: nothing measured")
        return
    total, right, resolved = Counter[str](), Counter[str](), Counter[str]()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    for article in articles:
        text = article["text"]
        day = datetime(2010, 1, 1, tzinfo=UTC)
        doc = annotate(
            CleanArticle(uri=article["id"], version=1, pub_status="usable", outlet="-", body=text, language="en", published_at=day)
        )
        for mention in gold(article):
            if mention.sort == "speaker":
                continue
            actor = entities_of(doc).actors(mention.piece)[0]
            total[mention.sort] += 1
            resolved[mention.sort] += actor.resolved_from is not None
            hit = any(same(actor.name, mention.names) for actor in entities_of(doc).actors(mention.piece))
            right[mention.sort] += hit
            if options.errors and not hit:
                start, end = mention.piece
                context = " ".join(f"{text[max(0, start - 90) : start]}[[{text[start:end]}]]{text[end : end + 40]}".split())
                print(f"{mention.sort:12}{actor.name!r} not {sorted(mention.names)}: {context}")
    for sort in total:
        print(f"{sort:12} {total[sort]:5}  right {right[sort] / total[sort]:.3f}  resolved {resolved[sort] / total[sort]:.3f}")


if __name__ == "__main__":
    main()
