"""Which place a name stands for, settled for all names of an article together.

Every candidate has a score: how often news means it (its size), whether the text names the state or country that holds it, and
whether it lies where the outlet is at home. Then the names support each other by relaxation labelling (Rosenfeld, Hummel and Zucker
1976): candidates near to likely candidates of other names gain, for a few rounds. A name has one sense in an article.
"""

import tomllib
from collections import Counter
from math import log10
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from processors.entities.gazetteer import Entry, gazetteer
from processors.entities.place_names import Name, capitals, holds
from schemas import CleanArticle

_PRIOR = {"country": 9.0, "region": 9.0, "county": 5.0}
_LARGE_DIVISIONS = ("US", "CA", "AU", "GB")
"""Countries whose first-level divisions news names without the country."""
_MAX_CHOICES = 40
"""Candidates that are kept of one name."""
_MAX_CANDIDATES = 600
"""Candidates that are weighed against each other; of the names beyond (far down a very long article) each is settled by itself."""
_ROUNDS = 3
_SUPPORT = 2.5
"""What the support of a sure candidate at no distance is worth, in orders of magnitude of inhabitants."""
_NEAR_KM = 60.0
_SAME_DIVISION, _SAME_COUNTRY = 0.5, 0.15
_MOST_NEAR, _MOST_FELLOWS = 3.0, 3.0
"""Where support ends to grow, so that many American places do not make Russia the one in Ohio."""
_KM_PER_DEGREE = 111.2
_GREAT = 300_000
"""Inhabitants from which a town is known beyond its country, so that a namesake needs more to be meant."""
_CAPITAL = 200_000
"""Inhabitants from which a town of a capital's name, in its country, is taken for the capital."""


def _prior(entry: Entry) -> float:
    """How often the world's news means this place by its name, roughly a logarithm of its size."""
    if entry.place_class == "division":
        return 7.5 if entry.country in _LARGE_DIVISIONS else 5.5
    if entry.place_class == "country":
        return 2.0 + log10(entry.population + 100)
    if entry.place_class in _PRIOR:
        return _PRIOR[entry.place_class]
    return log10(entry.population + 100) - (2.0 if entry.place_class == "other" else 0.0)


def choices(name: Name) -> list[Entry]:
    """The places that a name may stand for: those within the area that follows it, where there are such."""
    allowed = [entry for entry in name.entries if any(holds(area, entry) for area in name.within)] or name.entries
    return sorted(allowed, key=lambda e: (-_prior(e), e.lat))[:_MAX_CHOICES]


_HOMES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("outlets.toml").read_text(encoding="utf8"))


class _Home:
    """What the outlet's address says of where it is at home.

    `abroad`: the text names a country other than the US; `american`: it names a state or county of the US.
    """

    def __init__(self, article: CleanArticle, abroad: bool, american: bool) -> None:
        host = urlsplit((article.url or "").strip()).hostname or article.outlet
        labels = host.lower().removeprefix("www.").split(".")
        suffix = {"uk": "GB"}.get(labels[-1], labels[-1].upper())
        self.country = suffix if suffix in gazetteer().countries else ""
        self.words = "".join(labels[:-1]).replace("-", "")
        homes = {code for code, words in _HOMES.items() if not set(labels[:-1]).isdisjoint(words)}
        if self.country:
            homes = {code for code in homes if code.startswith(self.country)}
        self.division = homes.pop() if len(homes) == 1 else ""
        self.american = not self.country and (american or not abroad) and self.division[:2] in ("", "US")

    def bonus(self, entry: Entry, key: str) -> float:
        """What a place gains by lying where the outlet is."""
        bonus = 0.0
        if self.division and entry.division == self.division:
            bonus += 3.0
        if self.country and entry.country == self.country:
            bonus += 3.0 if entry.place_class == "country" else 1.5
        if self.american and entry.country == "US" and entry.place_class in ("town", "county"):
            bonus += 1.0
            if len(key) > 4 and key.replace(" ", "") in self.words:
                bonus += 4.0  # the Palestine Herald's Palestine is its town
        return bonus


def _likely(scores: NDArray[np.float32], starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.float32]:
    """The softmax of the scores of each name's candidates."""
    weights = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    likely: NDArray[np.float32] = weights / np.repeat(np.add.reduceat(weights, starts), sizes)
    return likely


def _nearness(entries: list[Entry]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much each place speaks for each other (1 at no distance, 1/2 at _NEAR_KM, more in one division); who share a country."""
    lat = np.array([e.lat for e in entries], dtype=np.float32)
    lon = np.array([e.lon for e in entries], dtype=np.float32)
    east = (lon[:, None] - lon[None, :] + 180) % 360 - 180
    east *= np.cos(np.radians(lat))[:, None]
    square = (east * east + (lat[:, None] - lat[None, :]) ** 2) * np.float32((_KM_PER_DEGREE / _NEAR_KM) ** 2)
    divisions: dict[str, int] = {}
    countries: dict[str, int] = {}
    division = np.array(
        [divisions.setdefault(e.division, len(divisions)) if "." in e.division else -1 - i for i, e in enumerate(entries)]
    )
    country = np.array([countries.setdefault(e.country, len(countries)) if e.country else -1 - i for i, e in enumerate(entries)])
    near: NDArray[np.float32] = 1 / (1 + square)
    near += np.float32(_SAME_DIVISION) * (division[:, None] == division[None, :])
    return near, (country[:, None] == country[None, :]).astype(np.float32)


def settle(names: dict[str, Name], article: CleanArticle, named: Counter[str]) -> dict[str, tuple[Entry, float]]:
    """The place for each name, by key, and how much the sure names support it (0 to 4).

    `named` counts the divisions and countries that the text names beyond doubt, by code.
    """
    countries, seats, alpha3 = {code[:2] for code in named}, capitals(), gazetteer().alpha3
    american = any(code.startswith("US.") for code in named) or any(
        name.sure and (name.entries[0].place_class, name.entries[0].country) == ("county", "US") for name in names.values()
    )
    home = _Home(article, abroad=bool(countries - {"US"}), american=american)

    def first_score(entry: Entry, name: Name) -> float:
        score = _prior(entry) + home.bonus(entry, name.key)
        if entry in name.usual:
            score += 3.0
        if entry.population > _GREAT:
            score += 0.7
        if entry.population > _CAPITAL and alpha3.get(entry.country) == seats.get(name.key, ""):
            score += 2.5 if entry.country in countries else 1.0
        if entry.place_class != "country":
            score += min(1.5, 0.5 * named[entry.division])
            score += 1.2 if entry.country in countries else 0.0
        else:
            score += 0.5 if named[entry.division] > 1 else 0.0
        return score

    settled: dict[str, tuple[Entry, float]] = {}
    entries: list[Entry] = []
    scores: list[float] = []
    groups: list[tuple[str, int, int]] = []
    for key, name in names.items():
        found = choices(name)
        first = [first_score(entry, name) for entry in found]
        if len(entries) + len(found) <= _MAX_CANDIDATES:
            groups.append((key, len(entries), len(found)))
            entries += found
            scores += first
        else:
            settled[key] = found[first.index(max(first))], 0.0
    if not groups:
        return settled

    starts, sizes = np.array([g[1] for g in groups]), np.array([g[2] for g in groups])
    base = np.array(scores, dtype=np.float32)
    own = np.repeat(np.arange(len(groups)), sizes)
    sure = np.repeat(np.array([1.0 if names[g[0]].sure else 0.3 for g in groups], dtype=np.float32), sizes)
    near, fellow = _nearness(entries)

    def support_from(weights: NDArray[np.float32], relation: NDArray[np.float32], most: float) -> NDArray[np.float32]:
        from_each = np.maximum.reduceat(relation * weights[None, :], starts, axis=1)
        from_each[np.arange(len(entries)), own] = 0
        total: NDArray[np.float32] = np.minimum(from_each.sum(axis=1), most)
        return total

    score, support = base, np.zeros_like(base)
    for _ in range(_ROUNDS):
        weights = _likely(score, starts, sizes) * sure
        support = support_from(weights, near, _MOST_NEAR) + np.float32(_SAME_COUNTRY) * support_from(weights, fellow, _MOST_FELLOWS)
        score = base + np.float32(_SUPPORT) * support
    for key, start, size in groups:
        best = start + int(np.argmax(score[start : start + size]))
        settled[key] = entries[best], float(support[best])
    return settled
