"""The gazetteer: places of the world by name, from GeoNames (CC BY 4.0; build_gazetteer.py made the files).

Towns (some 280,000 names) stay in a sorted file that is mapped into memory and bisected: nothing is parsed at start, and the
processes of a pool share its pages. Countries, their first-level divisions, counties and large regions are few and are held in a
dictionary.
"""

import mmap
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Literal

TOWNS = Path(__file__).with_name("towns.tsv")
AREAS = Path(__file__).with_name("areas.tsv")
PlaceClass = Literal["town", "other", "country", "division", "county", "region"]
"""`other`: a town under another name than its first."""

_MARKS = re.compile(r"[.'’‘`]")
_SPACES = re.compile(r"[\s\-‐‑–]+")
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "twp": "township"}
_KILOMETRES_ROUND = 12742
"""The Earth's mean diameter."""


@lru_cache(maxsize=1 << 16)
def normal(name: str) -> str:
    """The form under which a name is listed: lower case, no accents, apostrophes or stops, `St.` written out."""
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    words = _SPACES.sub(" ", _MARKS.sub("", text)).strip().split(" ")
    return " ".join(_SHORT.get(word, word) if len(words) > 1 else word for word in words)


@dataclass(frozen=True, slots=True)
class Entry:
    """One place."""

    name: str
    geonames_id: int | None
    lat: float
    lon: float
    division: str
    """GeoNames first-level code: `US.TX`; a country's own is its ISO 3166-1 alpha-2 code, a region's is empty."""
    population: int
    place_class: PlaceClass

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2; empty for regions."""
        return self.division[:2]


def kilometres(a: Entry, b: Entry) -> float:
    """Great-circle distance."""
    la, lo, lb, lp = map(radians, (a.lat, a.lon, b.lat, b.lon))
    return _KILOMETRES_ROUND * asin(sqrt(min(1.0, sin((lb - la) / 2) ** 2 + cos(la) * cos(lb) * sin((lp - lo) / 2) ** 2)))


class Gazetteer:
    """Look-up of places by name. Raises OSError where the data files are missing."""

    def __init__(self) -> None:
        self._file = TOWNS.open("rb")
        self._towns = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self.areas: dict[str, list[Entry]] = {}
        self.divisions: dict[str, Entry] = {}
        self.countries: dict[str, Entry] = {}
        self.alpha3: dict[str, str] = {}
        for row in AREAS.read_text(encoding="utf8").splitlines():
            key, name, identity, lat, lon, code, population, kind = row.split("\t")
            place_class: PlaceClass = kind if kind in ("division", "county", "region") else "country"  # type: ignore[assignment]
            entry = Entry(name, int(identity) or None, float(lat), float(lon), code, int(population), place_class)
            self.areas.setdefault(key, []).append(entry)
            if place_class == "country":
                self.countries[code], self.alpha3[code] = entry, kind
            elif place_class == "division":
                self.divisions[code] = entry

    def towns(self, key: str) -> list[Entry]:
        """The towns listed under a name in its `normal` form."""
        prefix = key.encode() + b"\t"
        data = self._towns
        low, high = 0, len(data)
        while low < high:  # the first line that is not before the prefix
            start = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = data.find(b"\n", start) + 1
            if data[start : start + len(prefix)] < prefix:
                low = end
            else:
                high = start
        found = []
        while data[low : low + len(prefix)] == prefix:
            end = data.find(b"\n", low)
            _, name, identity, lat, lon, code, population, kind = data[low:end].decode().split("\t")
            place_class: PlaceClass = "other" if kind == "other" else "town"
            found.append(Entry(name, int(identity) or None, float(lat), float(lon), code, int(population), place_class))
            low = end + 1
        return found

    def admin1(self, entry: Entry) -> str | None:
        """The name of the first-level division that the place lies in."""
        division = self.divisions.get(entry.division)
        return division.name if division else None


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, opened once a process."""
    return Gazetteer()
