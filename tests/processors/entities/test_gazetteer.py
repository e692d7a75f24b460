"""The gazetteer: every name is found, whatever its accents and its place in the file."""

import time

from hypothesis import given
from hypothesis import strategies as st

from processors.entities.gazetteer import TOWNS, Gazetteer, gazetteer, kilometres, normal


def test_a_name_is_found_under_its_normal_form() -> None:
    for written in ("São Paulo", "Sao Paulo", "SAO PAULO"):
        assert {e.country for e in gazetteer().towns(normal(written))} >= {"BR"}
    assert normal("St. Louis") == normal("Saint Louis") == "saint louis"
    assert normal("Coeur d'Alene") == normal("Coeur d’Alene")


def test_every_listed_town_is_found_by_its_key() -> None:
    lines = TOWNS.read_bytes().split(b"\n")[:-1]
    assert lines == sorted(lines), "the file is bisected"
    known = gazetteer()
    for line in (lines[0], lines[-1], *lines[:: len(lines) // 500]):
        key, name, *_ = line.decode().split("\t")
        assert name in {entry.name for entry in known.towns(key)}


def test_what_is_not_listed_is_not_found() -> None:
    for key in ("", "a", "zzzzz", "springfiel", "springfield\t", "\n", "paris texas"):
        assert gazetteer().towns(key) == []


@given(st.text(max_size=30))
def test_any_text_may_be_looked_up(text: str) -> None:
    for entry in gazetteer().towns(normal(text)):
        assert -90 <= entry.lat <= 90
        assert -180 <= entry.lon <= 180


def test_countries_divisions_and_counties_have_points_where_they_lie() -> None:
    areas = gazetteer().areas
    (texas,) = (e for e in areas["texas"] if e.place_class == "division")
    (germany,) = areas["germany"]
    berlin = max(gazetteer().towns("berlin"), key=lambda e: e.population)
    assert kilometres(texas, next(e for e in gazetteer().towns("austin") if e.division == "US.TX")) < 300
    assert kilometres(germany, berlin) < 400
    assert gazetteer().alpha3["DE"] == "DEU"
    counties = {e.division for e in areas["lincoln county"]}
    assert {"US.MS", "US.OR", "US.ME"} <= counties


def test_a_town_lies_in_a_named_division() -> None:
    (lyon,) = (e for e in gazetteer().towns("lyon") if e.country == "FR")
    assert gazetteer().admin1(lyon) == "Auvergne-Rhône-Alpes"


def test_it_opens_in_a_moment() -> None:
    began = time.perf_counter()
    Gazetteer()
    assert time.perf_counter() - began < 1
