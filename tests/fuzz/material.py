"""Hostile articles, made from bytes: each byte is a choice, so that a fuzzer which changes bytes changes articles.

Random text is turned away by the first JSON or HTML parser. These articles are built from sentences of the house's own sample feed,
from the furniture of news pages, and from what has broken parsers before; between them stand raw characters from the fuzzer.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import orjson

FEED = Path(__file__).parents[2] / "deploy" / "sample_feed" / "feed.jsonl"
Item = TypeVar("Item")


class Choices:
    """Bytes as a row of choices; when they are used up, each choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def number(self, below: int) -> int:
        """0 to `below` - 1."""
        width = 1 if below <= 256 else 2 if below <= 65_536 else 9
        return int.from_bytes(self.take(width), "big") % below

    def of(self, options: Sequence[Item]) -> Item:
        return options[self.number(len(options))]

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def rarely(self) -> bool:
        """One time in eight."""
        return self.number(8) == 7


UNITS: dict[str, str] = {
    "one word": "a",
    "capitals": "A",
    "digits": "1",
    "blanks": " ",
    "no-break spaces": "\u00a0",
    "line ends": "\n",
    "carriage returns": "\r\n",
    "line separators": "\u2028",
    "vertical tabs": "\x0b",
    "one-letter lines": "a\n",
    "one-letter paragraphs": "A\n\n",
    "blank lines": " \n",
    "one-letter words": "x ",
    "straight quotes": '"',
    "opening quotes": "“",
    "single quotes": "'",
    "opening single quotes": "‘",
    "quoted letters": '"a" ',
    "quotes and cues": "“a,” he said. ",
    "guillemets": "«a» ",
    "brackets": "(",
    "square brackets": "[",
    "closed brackets": "()",
    "letters in brackets": "(a) ",
    "dashes": "—",
    "spaced dashes": "- ",
    "full stops": ".",
    "dots and letters": "a.",
    "commas": "a, ",
    "semicolons": "; ",
    "slashes": "a/",
    "at signs": "a@",
    "hyphens": "a-",
    "ampersands": "&",
    "entities": "&amp;",
    "numeric entities": "&#8217;",
    "broken entities": "&a",
    "mojibake": "Ã©",
    "mojibake of three": "ï¿½",
    "zero-width spaces": "\u200b",
    "zero-width joiners": "a\u200d",
    "direction marks": "\u202e\u05d0",
    "accents alone": "\u0301",
    "accented letters": "a\u0301",
    "control characters": "\x01",
    "byte order marks": "\ufeff",
    "dotted capital i": "\u0130",
    "ligatures": "\ufdfa",
    "sharp s": "ẞß",
    "families": "👩‍👩‍👧",
    "astral letters": "𝐀𝒷 ",
    "Arabic": "\u0627\u0644 ",
    "Arabic digits": "٢٠٢٤ ",
    "Chinese": "中文",
    "Thai": "ไทย",
    "numbers": "12 ",
    "number words": "two hundred ",
    "money": "$5 ",
    "times": "05:31\n",
    "dates": "May 14, 2024 ",
    "days": "May 14, ",
    "years": "2020 ",
    "weeks": "last week ",
    "short years": "in 80 and ",
    "slashed dates": "1/1/20 ",
    "weekdays": "Monday ",
    "datelines": "LONDON, May 14 (Reuters) - ",
    "ledes": "LONDON, May 14 (Reuters) - The harbour was opened again on this day here.\n\n",
    "bylines": "By Ann Example\n",
    "captions": "A ferry waits at the quay. Ann Example/Getty Images\n",
    "captions with dates": "A ferry waits on May 14, 2024. Ann Example/Getty Images\n\n",
    "credits": "(Reporting by Ann Example; Editing by Bob Example)\n",
    "promos": "Read more: of it\n",
    "headings of lists": "Related\n",
    "headlines": "Ten Harbours To See Before They Sink\n",
    "shouted headlines": "TEN HARBOURS TO SEE BEFORE THEY SINK AGAIN\n",
    "newsletters": "Sign up for our newsletter\n",
    "items": "- a b c\n",
    "twins": "Alpha beta gamma delta epsilon zeta eta theta.\n",
    "cut lines": "the long line of the agency goes on and on until it is sixty\n",
    "paragraphs": "The mayor said on Tuesday that 40 people came to the harbour.\n\n",
    "he said": "he said, ",
    "nested saying": "said that he ",
    "relative saying": "which said that ",
    "according to": "according to the minister ",
    "pronouns": "He told him that she ",
    "names": "Ann Example and ",
    "countries": "Russia, China, ",
    "places": "Paris, ",
    "offices": "President Ann Example, the ",
    "titles": "Prime Minister ",
    "possessives": "Ann's ",
    "of the": "of the ",
    "attacks": "the army attacked the town and ",
    "links": "http://a.b/c ",
    "smileys": ":) ",
}
"""What a hostile text repeats."""

_TAGS = """
    a abbr article aside b blockquote body br center code dd del div dl dt em fieldset figcaption figure font footer form h1 h2
    h3 head header hr html i iframe img input ins li link main math meta nav noscript object ol option p path pre q ruby s
    script section select small span strong style sub sup svg table tbody td template textarea th thead time title tr tt u ul
    video"""
TAGS = _TAGS.split()

HTML_UNITS: dict[str, str] = {
    **{f"<{tag}> never closed": f"<{tag}>" for tag in ("div", "p", "b", "span", "table", "li", "a", "blockquote", "em", "article")},
    **{
        f"<{tag}>": f"<{tag}>a b c</{tag}> " for tag in ("div", "b", "a", "blockquote", "del", "h1", "code", "pre", "td", "li", "q")
    },
    "paragraphs": "<p>Some words are here to be read on the way.</p>",
    "nested paragraphs": "<div><p>a b c",
    "line breaks": "a<br>",
    "line breaks alone": "<br>",
    "rulers": "<hr>",
    "tables": "<table><tr><td>a b</td></tr></table>",
    "nested cells": "<table><tr><td>",
    "lists": "<ul><li>a</li></ul>",
    "nested lists": "<ul><li>",
    "definitions": "<dl><dt>a<dd>b",
    "sections": "<section><h2>a</h2><p>Some words are here to be read on the way.</p></section>",
    "figures": "<figure><img src=a.jpg><figcaption>A caption</figcaption></figure>",
    "links in paragraphs": "<p><a href='/x'>Some words are here</a></p>",
    "attributes": "<p a=b c=d>",
    "metas": "<meta name=a content=b>",
    "scripts": "<script type='application/ld+json'>{}</script>",
    "comments": "<!-- a -->",
    "open comments": "<!--",
    "less-than signs": "<",
    "greater-than signs": ">",
    "entities": "&amp;",
    "escaped tags": "&lt;div&gt;",
    "cdata": "<![CDATA[",
    "instructions": "<?php ",
    "one word": "a",
    "words": "a b ",
    "lines": "a\n",
    "times": "<time datetime='2024-01-01'>x</time>",
    "forms": "<form><input>",
}
"""What a hostile page repeats."""

ENDS = (". ", "\n\n", "\n", " ", "", "\r\n", ", ", ".\n", "\u2028", "\n \n", " — ", ": ", ".” ", "?\n\n")
INSTANTS = (
    "2026-03-16T08:05:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2024-02-29",
    "Mon, 16 Mar 2026 08:05:00 GMT", "2026-03-16T08:05:00-12:00", "1969-12-31T23:59:59.999999Z", "2026-W12-1", "", "soon",
    "20260316T080500", "2026-03-16T24:00:00", "Mon, 32 Mar 99999 08:05:00 +9999", "1900-01-01T00:00:00Z", "9999-12-31T00:00:00Z",
)  # fmt: skip
LANGUAGES = (None, "en", "de", "en-US", "EN", "zz", "", "zh-Hans", "x" * 50, "sr_Latn", "\u0130")


@cache
def articles() -> list[dict[str, Any]]:
    """The readable articles of the sample feed."""
    found = []
    for line in FEED.read_bytes().splitlines():
        try:
            article = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(article, dict) and isinstance(article.get("body"), str):
            found.append(article)
    assert len(found) > 50
    return found


@cache
def sentences() -> list[str]:
    """The sentences of the sample feed and, between them, what is not prose."""
    plain = [article["body"] for article in articles() if article.get("content_type") != "text/html"]
    return sorted({part for body in plain for part in re.split(r"(?<=[.”?])\s|\n+", body) if part})


def text(choices: Choices, parts: int) -> str:
    """A text of up to so many parts."""
    made: list[str] = []
    for _ in range(choices.number(parts) + 1):
        kind = choices.number(8)
        if kind <= 2:
            made.append(choices.of(sentences()))
        elif kind == 3:
            unit = choices.of(list(UNITS.values()))
            made.append(unit * (choices.number(256) + 1 if choices.rarely() else choices.number(8) + 1))
        elif kind == 4:
            made.append(choices.take(choices.number(24)).decode("utf-8", "replace"))
        elif kind == 5:
            made.append("".join(chr(c) for _ in range(choices.number(8)) if not 0xD800 <= (c := choices.number(0x3000)) < 0xE000))
        elif kind == 6:
            sentence = choices.of(sentences())
            at = choices.number(256) % len(sentence)
            made.append(choices.of((sentence[:at], sentence[at:], sentence.upper(), sentence[at : at + 1])))
        else:
            made.append(" ".join(choices.of(UNITS_AS_WORDS) for _ in range(choices.number(6) + 1)))
        made.append(choices.of(ENDS))
    return "".join(made)


UNITS_AS_WORDS = sorted({unit.strip() for unit in UNITS.values() if unit.strip()})


def page(choices: Choices, parts: int) -> str:
    """An HTML page or a piece of one."""
    made: list[str] = [choices.of(("", "<html><head><title>T - Site</title></head><body>", "<!DOCTYPE html>", "<article>"))]
    for _ in range(choices.number(parts) + 1):
        kind = choices.number(8)
        if kind <= 2:
            made.append(f"<p>{choices.of(sentences())}</p>")
        elif kind == 3:
            tag = choices.of(TAGS)
            made.append(f"<{choices.of(('', '/'))}{tag}{choices.of(('', ' class=x', ' href=', ' lang=en', ' /', ' content'))}>")
        elif kind == 4:
            made.append(text(choices, 2))
        elif kind == 5:
            made.append(choices.of(list(HTML_UNITS.values())) * (choices.number(64) + 1))
        elif kind == 6:
            node = json_value(choices, 2)
            made.append(
                f"<script type='application/ld+json'>{orjson.dumps(node, option=orjson.OPT_NON_STR_KEYS).decode()}</script>"
            )
        else:
            name = choices.of(("og:title", "author", "date", "article:published_time", "content-language", "og:locale"))
            made.append(f'<meta property="{name}" content="{choices.of((*INSTANTS, "A B", "Tram line - Site", "en_US"))}">')
    return "".join(made)


KEYS = ("headline", "author", "datePublished", "@type", "@graph", "name", "mainEntity", "mainEntityOfPage")


def json_value(choices: Choices, depth: int) -> Any:
    """Any JSON value, with the keys that pages and feeds use."""
    kind = choices.number(8)
    if depth and kind <= 2:
        return {choices.of(KEYS): json_value(choices, depth - 1) for _ in range(choices.number(4))} | {"@type": "NewsArticle"}
    if depth and kind == 3:
        return [json_value(choices, depth - 1) for _ in range(choices.number(4))]
    return choices.of((None, True, 0, -1, 2**63, 1.5, "", "NewsArticle", "x\u0000", choices.of(INSTANTS), choices.of(sentences())))


def raw(choices: Choices, parts: int, *, html: bool = False) -> dict[str, Any]:
    """The fields of a valid raw article."""
    body = page(choices, parts) if html else text(choices, parts)
    return {
        "uri": f"fuzz:{choices.number(4)}",
        "version": choices.number(4),
        "outlet": choices.of(("Northline Agency", "Harbor Gazette", "ا", "x")),
        "title": choices.of((None, "", choices.of(sentences()), body[:40])),
        "body": body if body.strip() else "x",
        "content_type": "text/html" if html else "text/plain",
        "language": choices.of(LANGUAGES),
        "published_at": choices.of(INSTANTS),
        "version_created": choices.of(INSTANTS),
        "authors": choices.of(([], ["Ann Example"], ["", " "], [choices.of(sentences())])),
        "pub_status": "usable",
    }


def record(choices: Choices, valid: dict[str, Any]) -> bytes:
    """A record of a topic as its worst feed would send it: a valid one with fields changed and bytes broken."""
    changed = dict(valid)
    for _ in range(choices.number(4)):
        key = choices.of([*valid, "unreadable_dates", "removed", "fingerprint", "role", "\ud7ff"])
        if choices.rarely():
            changed.pop(key, None)
        else:
            changed[key] = json_value(choices, 3)
    value = orjson.dumps(changed)
    for _ in range(choices.number(3)):
        at = choices.number(65_536) % (len(value) + 1)
        broken = choices.of(
            (b"\xff", b'"', b"\\ud800", b"\\u0000", b"\x00", b"{" * 2_000, b"1e999", b"[" * 1_100, b"\xed\xa0\x80", b"")
        )
        value = value[:at] + broken + value[at + choices.number(4) :]
    return value
