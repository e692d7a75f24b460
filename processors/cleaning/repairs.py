"""Repairs: how damaged pieces of the body read. The body itself is never changed."""

import html
import re
from collections.abc import Iterator

import ftfy

from processors.cleaning.lines import breaks_inside_sentences, is_printable
from schemas import Repair

_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1f\x7f]+"
)
_JOINERS = re.compile("(?<=[A-Za-z])[\u200c\u200d]+(?=[A-Za-z])")
"""They belong to Persian, Indic and emoji writing: only between Latin letters are they leftovers."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,20});")
_AS_LATIN = "\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
"""What continuation bytes of UTF-8 become when they are read as Windows-1252 or Latin-1."""
_MOJIBAKE_LEAD_BYTE = b"\xc3"
"""Of the UTF-8 of what a mojibake begins with: to look for one byte takes a tenth of the pattern's time."""
_MOJIBAKE_LEAD = re.compile(f"[\xc2-\xf0][{_AS_LATIN}]")
_MOJIBAKE = re.compile(f"(?:[\xc2-\xdf][{_AS_LATIN}]|[\xe0-\xef][{_AS_LATIN}]{{2}}|\xf0[{_AS_LATIN}]{{3}})+")


def repairs(body: str) -> list[Repair]:
    """All repairs of `body`, sorted, not overlapping; of two that overlap the one that begins first."""
    found = list(breaks_inside_sentences(body))
    if "&" in body:
        found += _entities(body)
    if not is_printable(body):
        found += _invisible(body)
    if not body.isascii() and _MOJIBAKE_LEAD_BYTE in body.encode("utf-8", "surrogatepass"):
        found += _mojibake(body)
    kept: list[Repair] = []
    for repair in sorted(found, key=lambda repair: (repair.start, -repair.end)):
        if not kept or repair.start >= kept[-1].end:
            kept.append(repair)
    return kept


def _invisible(body: str) -> Iterator[Repair]:
    """Zero-width characters, direction marks, soft hyphens and control characters read as nothing."""
    for pattern in (_INVISIBLE, _JOINERS) if "\u200c" in body or "\u200d" in body else (_INVISIBLE,):
        for m in pattern.finditer(body):
            yield Repair(start=m.start(), end=m.end(), replacement="")


def _entities(body: str) -> Iterator[Repair]:
    """Character references that an extractor left in the text: `&amp;`, `&#8217;`."""
    for m in _ENTITY.finditer(body):
        if (character := html.unescape(m[0])) != m[0]:
            yield Repair(start=m.start(), end=m.end(), replacement=character)


def _mojibake(body: str) -> Iterator[Repair]:
    """Characters that were decoded with the wrong encoding (ftfy, https://ftfy.readthedocs.io)."""
    if not _MOJIBAKE_LEAD.search(body):
        return
    for m in _MOJIBAKE.finditer(body):
        if (fixed := ftfy.fix_encoding(m[0])) != m[0]:
            yield Repair(start=m.start(), end=m.end(), replacement=fixed)
