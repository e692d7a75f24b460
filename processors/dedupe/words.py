"""The words of a text as hashes: the same for a text in other typography, case or accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

WordHashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
"""Where in a text, in words."""

MAX_WORDS = 65_536
"""What comes after is not read: a copy of so long a text is known by its beginning."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")  # scripts without spaces between words: a character is a word
_ACCENTS = re.compile("[\u0300-\u036f]+")
_ASCII = re.compile("[\x00-\x7f]+")
_NOT_PLAIN = re.compile("[^\x00-\x7f“”—–]")
_APOSTROPHES = "'’‘ʼ`\u00ad\u200b"
_BREAK, OPEN, _CLOSE, STRAIGHT = "\x00", "\x01", "\x02", '"'
"""Where a paragraph ends, and quotation marks: the characters that stand for them while a text is cut in words."""
_WORD_OR_QUOTE = re.compile(rf"{_WORD.pattern}|[{OPEN}{_CLOSE}{STRAIGHT}]")
_USUAL = {"’": "", "“": OPEN, "”": _CLOSE, "—": " ", "–": " ", "‘": "", "\u00a0": " ", "…": " ", "•": " "} | {
    **dict.fromkeys("£€©®·°\u2009\u202f\ufeff", " "),
    **dict.fromkeys("„«", OPEN),
    "»": _CLOSE,
    "\u200b": "",
    "\u00ad": "",
}
"""What else than ASCII stands in most English texts, the most usual first."""
_LETTERS = bytes(byte if byte > 0x7F or chr(byte).isalnum() or chr(byte) == _BREAK else 0x20 for byte in range(256))
WITH_QUOTES = bytes(byte if chr(byte) in OPEN + _CLOSE + STRAIGHT else _LETTERS[byte] for byte in range(256))
_NOT_LETTERS = f" {_BREAK}{OPEN}{_CLOSE}{STRAIGHT}".encode()
_SPACE, _FIRST_LETTER = 0x20, 0x30
"""Of what is left of a text, bytes below the first letter are spaces and marks."""


_MOST_GROWTH = 4
"""A line that decomposes into more is made of the ligature of 18 letters (U+FDFA), 4 MB of which took 1 GB: it is read as it is."""


def _normalised(text: str) -> str:
    """Case, accents, apostrophes and the width of characters do not matter; other punctuation falls out with the split in
    words."""
    text = text.casefold()
    for mark in _APOSTROPHES:
        text = text.replace(mark, "")
    if not _NOT_PLAIN.search(text):
        return text
    plain = unicodedata.normalize("NFKD", text)
    return _ACCENTS.sub("", plain) if len(plain) <= _MOST_GROWTH * len(text) else text


def _hash_of(word: str) -> int:
    """The hash of a word: its CRC-32, odd for one with a number in it."""
    return crc32(word.encode("utf-8", "surrogatepass")) & ~1 | any(map(str.isdigit, word))


_LONG_WORD = 64
"""Bytes from which on a word is hashed by itself."""


def _crc_tables() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """CRC-32 is linear, so that of a word is the XOR of what each byte gives, by its distance to the word's end, and of what the
    length gives: (distance and byte, length)."""
    of_byte = np.zeros((_LONG_WORD, 256), np.uint32)
    of_length = np.zeros(_LONG_WORD, np.uint32)
    of_length[0] = crc32(b"")
    for length in range(1, _LONG_WORD):
        of_length[length] = crc32(bytes(length))
        of_byte[length - 1] = [crc32(bytes([byte]) + bytes(length - 1)) ^ int(of_length[length]) for byte in range(256)]
    return of_byte.ravel(), of_length


_CRC_OF_BYTE, _CRC_OF_LENGTH = _crc_tables()


class Cut(NamedTuple):
    """A text cut in words."""

    words: WordHashes
    marks: npt.NDArray[np.uint8]
    """What stands between them that is a break or, if asked for, a quotation mark."""
    places: Places
    """The words before each mark."""


def cut(pieces: Sequence[str], kept: bytes = _LETTERS) -> Cut:
    """The words of all pieces, with a break where a piece ends, and other marks that `kept` keeps."""
    text = _plain(pieces)
    data = text.encode("utf-8", "surrogatepass").translate(kept, b"'`")
    codes = np.frombuffer(data, np.uint8)
    is_letter = np.zeros(len(codes) + 2, np.bool_)
    np.greater_equal(codes, _FIRST_LETTER, out=is_letter[1:-1])
    starts, stops = (is_letter[1:] != is_letter[:-1]).nonzero()[0].reshape(-1, 2).T
    words = _hashed(data, starts, stops) if len(starts) else np.empty(0, np.uint64)
    if not text.isascii() and any(map(str.isdigit, set(_ASCII.sub("", text)))):
        for n, (start, stop) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
            if any(map(str.isdigit, data[start:stop].decode("utf-8", "surrogatepass"))):
                words[n] |= np.uint64(1)
    at = (codes < _FIRST_LETTER).nonzero()[0]
    at = at[codes[at] != _SPACE]
    return Cut(words, codes[at], starts.searchsorted(at))


def _plain(pieces: Sequence[str]) -> str:
    """All pieces as one text, normalised as far as is needed to cut it. The whole text goes through each step at once; only lines
    with letters beyond ASCII are normalised one by one."""
    text = _BREAK.join(pieces).replace(OPEN, " ").replace(_CLOSE, " ")
    if text.count(_BREAK) > max(len(pieces) - 1, 0):
        return _plain([piece.replace(_BREAK, " ") for piece in pieces])
    for usual, plain in _USUAL.items():
        if text.isascii():
            break
        text = text.replace(usual, plain)
    if text.isascii():
        return text.casefold()
    lines = text.split(_BREAK)
    return _BREAK.join(line.casefold() if line.isascii() else " ".join(_WORD_OR_QUOTE.findall(_normalised(line))) for line in lines)


def _hashed(data: bytes, starts: Places, stops: Places) -> WordHashes:
    """The hashes of words, which are all that `data` has of letters, as far as their ASCII letters tell."""
    letters, lengths = np.frombuffer(data.translate(None, _NOT_LETTERS), np.uint8), stops - starts
    ends = lengths.cumsum()
    at = (ends - 1).repeat(lengths)
    at -= np.arange(len(letters))
    is_long = lengths >= _LONG_WORD
    if is_long.any():
        np.minimum(at, _LONG_WORD - 1, out=at)
    at <<= 8
    at += letters
    until = np.bitwise_xor.accumulate(_CRC_OF_BYTE.take(at))[ends - 1]  # of all letters up to each word's last one
    words: WordHashes = until.astype(np.uint64)
    words[1:] ^= until[:-1]
    words ^= _CRC_OF_LENGTH.take(lengths, mode="clip")
    for n in is_long.nonzero()[0].tolist():
        words[n] = crc32(data[starts[n] : stops[n]])
    words &= ~np.uint64(1)
    words[ends.searchsorted((letters <= ord("9")).nonzero()[0], side="right")] |= np.uint64(1)
    return words


def words_of(text: str) -> WordHashes:
    """The words of a text as hashes, up to `MAX_WORDS`."""
    return cut([text]).words[:MAX_WORDS]


def title_words(title: str | None) -> tuple[int, ...]:
    """The words of a title that tell it from others (four letters or more, and numbers) as hashes, ascending, each once."""
    words = _WORD.findall(_normalised(title or ""))[:64]
    return tuple(sorted({_hash_of(word) for word in words if len(word) >= 4 or word[0].isdigit()}))
