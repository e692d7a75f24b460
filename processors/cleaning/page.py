"""From an HTML page to the article on it: its text, and what the page says of title, authors, date and language."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from processors.cleaning.lines import Lines
from processors.errors import Unprocessable
from schemas import RawArticle

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it reports of a page is in Unprocessable

_ELEMENTS = etree.XPath("count(//*) + count(//comment())")
_SCRIPTS = etree.XPath("//*/script[not(@type='application/ld+json')]")
_HEAD = etree.XPath("//head/*[not(self::script)]")
_WITHOUT_TEXT = ("style", "svg", "iframe", "link")
_NOT_PROSE = (
    *("footer", "menu", "noscript", "dialog", "object", "applet", "noindex", "marquee", "frameset"),
    *("button", "select", "input", "label", "legend", "option", "optgroup", "datalist", "textarea", "progress", "output"),
    *("embed", "video", "audio", "canvas", "picture", "source", "track", "map", "area", "param"),
)
"""What trafilatura drops wherever it stands, less what may tell the article's place (aside, nav) or hold a part (form, figure)."""
_JSON_LD = etree.XPath("//script[@type='application/ld+json']/text()")
_META = etree.XPath("//meta[@content]")
_HEADINGS = etree.XPath("//h1")
_HEAD_TITLE = etree.XPath("string(//head/title)")
_PARAGRAPHS = etree.XPath("//p[not(ancestor::p or ancestor::nav or ancestor::aside or ancestor::footer or ancestor::form)]")
_TIMES = etree.XPath("(//time/@datetime)[position() <= 3]")
_ARTICLE_TYPE = re.compile(r"Article|Posting|Report|Review")
_NOT_IN_HTML = re.compile("[\x00\ud800-\udfff]")
_ROOT = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_HEAD_CHARS = 5_000
_SEPARATOR = re.compile(r"\s+[|•·»–—-]\s+|\s+::\s+")
_WORD = re.compile(r"\w+")
_LINES_ABOVE_TEXT = 4
_MAX_JSON_NODES = 2_000
_MAX_ELEMENTS = 30_000
"""Of a page with more, only the paragraphs are read (a live page of a day has 10,000): trafilatura takes the square of them."""
_MANY_ELEMENTS = 8_000
"""With more, trafilatura's slow second opinion (justext) is left out: 5,500 small tables take it 7 s."""
_MISSED_SHARE = 1.5
"""With so many times the prose, the wide reading has found an article that the narrow one missed."""
_SAME_ARTICLE_SHARE = 0.6
"""Fewer of the narrow reading's lines in the wide one: the two are of different parts of the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """An article as its page has it. What the page does not say is None or empty."""

    text: str
    title: str | None
    authors: list[str]
    published_at: datetime | None
    language: str | None


def read_page(source: str, url: str | None = None) -> Page:
    """The article on an HTML page.

    The text is trafilatura's (https://trafilatura.readthedocs.io), read twice, less a heading that is the page's title; of a page
    with very many elements it is all paragraphs.
    Raises Unprocessable where the page cannot be parsed or holds no text.
    """
    try:
        tree = trafilatura.load_html(_whole(_NOT_IN_HTML.sub("", source)))
        if tree is None:
            raise Unprocessable("the body is not an HTML page")
        stated = _Stated(tree)
        text = _text(tree, url)
    except (etree.LxmlError, RecursionError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, Unprocessable):
            raise
        raise Unprocessable(f"the HTML page cannot be parsed: {type(error).__name__}") from error
    if not _WORD.search(text):
        raise Unprocessable("no text found in the HTML page")
    title = stated.title
    return Page(_without_title(text, stated.titles), title, stated.authors, stated.published_at, stated.language)


def _whole(source: str) -> str:
    """A page of a fragment, which is what RSS feeds send."""
    return source if _ROOT.search(source[:_HEAD_CHARS]) else f"<html><body><article>{source}</article></body></html>"


def _text(tree: HtmlElement, url: str | None) -> str:
    """The page's text: what trafilatura finds when it looks for all of it, between the first and last lines that it is sure of.

    Looking for recall it finds paragraphs that it misses otherwise, but takes teasers and forms above and below the article
    with them; looking for precision it knows best where the article begins and ends. Four pages in ten need no second look.
    """
    elements = _ELEMENTS(tree)
    if elements > _MAX_ELEMENTS:
        return "\n".join(text for paragraph in _PARAGRAPHS(tree) if (text := " ".join("".join(paragraph.itertext()).split())))
    many = elements > _MANY_ELEMENTS
    _drop_what_is_never_read(tree)
    wide = trafilatura.extract(tree, url=url, include_comments=False, favor_recall=True, fast=many) or ""
    found = Lines.of(wide).lines
    if found and found[0].is_prose and found[-1].is_prose:  # teasers and forms hardly are: no need to look for the ends
        return wide
    narrow = trafilatura.extract(tree, url=url, include_comments=False, favor_precision=True, fast=True) or ""
    if not wide or not narrow:
        return wide or narrow
    sure_words = _prose_words(narrow)
    if not sure_words or _prose_words(wide) > _MISSED_SHARE * sure_words:
        return wide
    lines, sure = wide.split("\n"), {_letters(line) for line in narrow.split("\n")} - {""}
    common = [n for n, line in enumerate(lines) if _letters(line) in sure]
    if sum(len(lines[n]) for n in common) < _SAME_ARTICLE_SHARE * len(narrow):
        return narrow
    return "\n".join(lines[common[0] : common[-1] + 1])


def _drop_what_is_never_read(tree: HtmlElement) -> None:
    """Scripts, styles, menus, buttons: each reading would copy them, search them and drop them. JSON-LD may hold the text.

    A page with half of its paragraphs in such elements keeps them: one that is never closed swallows the article.
    """
    etree.strip_elements(tree, *_WITHOUT_TEXT, with_tail=False)
    for element in (*_SCRIPTS(tree), *_HEAD(tree)):
        element.drop_tree()
    inside = [any(outer.tag in _NOT_PROSE for outer in paragraph.iterancestors()) for paragraph in tree.iter("p")]
    if 2 * sum(inside) < len(inside):
        etree.strip_elements(tree, *_NOT_PROSE, with_tail=False)


def _prose_words(text: str) -> int:
    return sum(line.word_count for line in Lines.of(text).lines if line.is_prose)


def _letters(line: str) -> str:
    return "".join(_WORD.findall(line.lower()))


def _without_title(text: str, titles: list[str]) -> str:
    """The text less a first heading that is the page's title, and what stands above it (section, label)."""
    lines = text.split("\n")
    wanted = [_words(title) for title in titles]
    for n, line in enumerate(lines[:_LINES_ABOVE_TEXT]):
        words = _words(line)
        if len(words) > 60:
            break
        if any(_same(words, title) for title in wanted):
            return "\n".join(lines[n + 1 :]) if len(lines) > n + 1 else text
    return text


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower()[:1_000])


def _same(words: list[str], title: list[str]) -> bool:
    """Equal, or one begins with the other, or most words are shared (a title shortened for search engines)."""
    if min(len(words), len(title)) < 2:
        return False
    shorter = min(len(words), len(title))
    if words[:shorter] == title[:shorter] and shorter >= min(4, len(words)):
        return len(words) <= len(title) + 12
    shared = len(set(words) & set(title))
    return shared >= 4 and shared * 2 > 1.5 * max(len(set(words)), len(set(title)))


class _Stated:
    """What a page says of its article in JSON-LD and meta elements."""

    def __init__(self, tree: HtmlElement) -> None:
        self._meta: dict[str, str] = {}
        for element in _META(tree):
            name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
            if name and element.get("content").strip():
                self._meta.setdefault(name, element.get("content").strip())
        self._articles = [
            node for script in _JSON_LD(tree) for node in _nodes(script) if _ARTICLE_TYPE.search(str(node.get("@type", "")))
        ]
        self._headings = [" ".join(heading.itertext()) for heading in _HEADINGS(tree)[:4]]
        self._head_title = _HEAD_TITLE(tree).strip()
        self._times = [str(time) for time in _TIMES(tree)]
        self.language = _primary_language(tree.get("lang") or self._meta.get("og:locale") or self._meta.get("content-language"))

    def _from_articles(self, name: str) -> Iterator[Any]:
        return (node[name] for node in self._articles if node.get(name))

    @property
    def titles(self) -> list[str]:
        """Every form of the title on the page, the best first."""
        found = [value for value in self._from_articles("headline") if isinstance(value, str)]
        found += [self._meta[name] for name in ("og:title", "twitter:title", "dc.title") if name in self._meta]
        found += [*self._headings, _SEPARATOR.split(self._head_title)[0], self._head_title]
        return [" ".join(title.split()) for title in found if title.strip()]

    @property
    def title(self) -> str | None:
        return next(iter(self.titles), None)

    @property
    def authors(self) -> list[str]:
        names: list[str] = []
        for value in self._from_articles("author"):
            names += [
                author if isinstance(author, str) else str(author.get("name") or "")
                for author in (value if isinstance(value, list) else [value])
                if isinstance(author, str | dict)
            ]
            break
        names = (
            names
            or [self._meta[name] for name in ("author", "article:author", "dc.creator", "parsely-author") if name in self._meta][:1]
        )
        clean = [" ".join(name.split()) for name in names]
        return list(dict.fromkeys(name for name in clean if 2 < len(name) <= 100 and "://" not in name))

    @property
    def published_at(self) -> datetime | None:
        names = (
            "article:published_time",
            "datepublished",
            "date",
            "dc.date.issued",
            "parsely-pub-date",
            "pubdate",
            "sailthru.date",
            "og:published_time",
        )
        stated = [*self._from_articles("datePublished"), *(self._meta[name] for name in names if name in self._meta), *self._times]
        return next((instant for value in stated if (instant := _instant(value))), None)


def _instant(value: Any) -> datetime | None:
    """Read as `articles.raw` reads dates: ISO 8601 or RFC 2822."""
    if not isinstance(value, str):
        return None
    return RawArticle.model_validate({"uri": "-", "outlet": "-", "body": "-", "published_at": value}).published_at


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD script, outermost first, at most so many; none where it is not JSON."""
    try:
        queue: list[Any] = [orjson.loads(script.strip())]
    except orjson.JSONDecodeError:
        return
    for _ in range(_MAX_JSON_NODES):
        if not queue:
            return
        node = queue.pop(0)
        if isinstance(node, list):
            queue += node
        elif isinstance(node, dict):
            yield node
            queue += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if isinstance(node.get(key), list | dict)]


def _primary_language(tag: str | None) -> str | None:
    """`en` of `en-US`; None where it is not a language tag."""
    primary = re.split(r"[-_]", (tag or "").strip().lower())[0]
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else None
