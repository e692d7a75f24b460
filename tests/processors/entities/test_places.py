"""Places: which words name one, and which of the places of that name the article means."""

import time
from typing import Any

import pytest

from processors.entities import places
from schemas import PlaceMention


def found(parse: Any, text: str, **more: Any) -> dict[str, PlaceMention]:
    mentions = places.find(parse(text, **more))
    assert all(text[m.start : m.end] == m.text for m in mentions)
    return {mention.text: mention for mention in mentions}


def near(mention: PlaceMention, lat: float, lon: float, degrees: float = 1.0) -> bool:
    assert mention.lat is not None
    assert mention.lon is not None
    return abs(mention.lat - lat) < degrees and abs(mention.lon - lon) < degrees


def test_a_great_city_is_meant_where_nothing_else_is_said(parse: Any) -> None:
    place = found(parse, "The ministers met in Paris on Monday.")["Paris"]
    assert near(place, 48.86, 2.35)
    assert (place.country, place.admin1, place.name) == ("FRA", "Île-de-France", "Paris")
    assert place.geonames_id == 2988507


@pytest.mark.parametrize(
    ("text", "name", "lat", "lon"),
    [
        ("The fair in Paris, Texas, drew a crowd.", "Paris", 33.66, -95.56),
        ("The fair in Springfield, Ill., drew a crowd.", "Springfield", 39.8, -89.64),
        ("The fair in Portland, ME drew a crowd.", "Portland", 43.66, -70.26),
        ("The fair in London, Ontario, drew a crowd.", "London", 42.98, -81.23),
        ("SPRINGFIELD, Mo. -- The fair drew a crowd.", "SPRINGFIELD", 37.2, -93.3),
    ],
)
def test_the_area_that_follows_a_name_says_which_place_it_is(parse: Any, text: str, name: str, lat: float, lon: float) -> None:
    assert near(found(parse, text)[name], lat, lon)


def test_a_name_has_one_sense_in_an_article(parse: Any) -> None:
    text = "Fire destroyed a mill in Athens, Georgia, on Monday. Nobody in Athens was hurt, the fire chief said."
    mentions = [m for m in places.find(parse(text)) if m.text == "Athens"]
    assert len(mentions) == 2
    assert {m.admin1 for m in mentions} == {"Georgia"}


def test_neighbours_decide_between_towns_of_one_name(parse: Any) -> None:
    text = "Police from Gainesville, Ocala and Jacksonville searched the woods in Florida."
    assert found(parse, text)["Gainesville"].admin1 == "Florida"
    text = "Police from Gainesville, Denton and Fort Worth searched the woods in Texas."
    assert found(parse, text)["Gainesville"].admin1 == "Texas"


def test_georgia_is_the_country_among_its_neighbours_and_the_state_among_the_states(parse: Any) -> None:
    assert found(parse, "Troops from Georgia and Russia met near Tbilisi.")["Georgia"].country == "GEO"
    assert (
        found(parse, "Voters in Georgia, Alabama and Florida went to the polls, said officials in Atlanta.")["Georgia"].country
        == "USA"
    )


def test_the_outlets_country_and_town_count(parse: Any) -> None:
    text = "The council in Cambridge approved the budget."
    assert found(parse, text, url="https://www.cambridge-paper.co.uk/news/1")["Cambridge"].country == "GBR"
    text = "The council in Palestine approved the budget. The mayor had asked officials in Texas for help with the roads."
    assert found(parse, text, url="https://www.palestinepaper.com/news/1")["Palestine"].admin1 == "Texas"


def test_demonyms_and_acting_capitals_are_marked(parse: Any) -> None:
    mentions = found(parse, "The Russian minister left. Moscow denied the report. He flew to Berlin.")
    assert (mentions["Russian"].kind, mentions["Russian"].country) == ("demonym", "RUS")
    assert mentions["Moscow"].kind == "metonym"
    assert mentions["Berlin"].kind == "name"


def test_abbreviated_states_are_places_and_look_alikes_are_not(parse: Any) -> None:
    mentions = found(
        parse, "Crews from Huntington, W.Va., and Camden, N.J., came. The vase is from 100 B.C. and was sold in the U.S."
    )
    assert mentions["W.Va."].admin1 == "West Virginia"
    assert mentions["N.J."].admin1 == "New Jersey"
    assert mentions["U.S."].country == "USA"
    assert "B.C" not in "".join(mentions)


@pytest.mark.parametrize(
    "text",
    [
        "Jack Houston said so. Houston had left early.",
        "He lives on Dallas Street near the river.",
        "She told the Washington Post about it.",
        "The police may march in august company.",
    ],
)
def test_persons_roads_newspapers_and_words_are_no_places(parse: Any, text: str) -> None:
    assert found(parse, text) == {}


def test_a_county_is_the_one_of_the_state_named(parse: Any) -> None:
    county = found(parse, "A deputy of Lincoln County, Oregon, was hurt.")["Lincoln County"]
    assert near(county, 44.6, -124.0)
    assert county.admin1 == "Oregon"


def test_seas_and_continents_have_a_point_and_no_country(parse: Any) -> None:
    sea = found(parse, "The ship sank in the Black Sea.")["Black Sea"]
    assert near(sea, 43, 34)
    assert sea.country is None


def test_a_river_of_a_towns_name_is_not_the_town(parse: Any) -> None:
    assert "Salem" not in found(parse, "Two boys drowned in the Salem River on Monday.")


def test_many_american_places_do_not_make_a_great_country_a_hamlet(parse: Any) -> None:
    text = "Officials in Dayton, Columbus, Toledo, Chicago and New York asked about his work in Russia and Paris."
    mentions = found(parse, text)
    assert mentions["Russia"].country == "RUS"
    assert mentions["Paris"].country == "FRA"


def test_a_countys_bare_name_is_the_county_that_the_article_names(parse: Any) -> None:
    text = "Deputies in DeKalb County, Georgia, made an arrest. Schools in DeKalb were closed."
    assert found(parse, text)["DeKalb"].admin1 == "Georgia"


def test_a_list_of_states_is_no_containment(parse: Any) -> None:
    mentions = found(parse, "Storms hit Nevada, Missouri and Texas, Pennsylvania and Ohio on Monday.")
    assert {mentions[name].admin1 for name in ("Nevada", "Texas")} == {"Nevada", "Texas"}


def test_an_english_county_is_a_place(parse: Any) -> None:
    kent = found(parse, "Police in Kent said the lorry was found near London.")["Kent"]
    assert (kent.country, kent.admin1) == ("GBR", "England")


def test_the_same_text_gives_the_same_places(parse: Any) -> None:
    text = "Crews from Springfield, Dayton, Columbus and Salem met in Ohio."
    assert places.find(parse(text)) == places.find(parse(text))


def test_a_long_text_of_names_is_read_in_linear_time(parse: Any) -> None:
    took = []
    for size in (4_000, 16_000):
        doc = parse("Springfield, St. Paul of the Salem and Dayton West Kent " * (size // 10), parser=False)
        for token in doc:
            token.pos_, token.tag_ = "PROPN", "NNP"
        began = time.perf_counter()
        places.find(doc)
        took.append(time.perf_counter() - began)
    assert took[1] < 10 * took[0] + 0.5


def test_a_text_without_words_has_no_places(parse: Any) -> None:
    for text in (" ", "\n\n", ". , ;", "(((((", "'" * 1000):
        assert places.find(parse(text)) == []


def test_a_great_town_outweighs_a_namesake_in_the_state_named(parse: Any) -> None:
    assert found(parse, "The mayor of Cleveland met the governor of Texas.")["Cleveland"].admin1 == "Ohio"


def test_a_capital_is_its_own_country_s_where_another_holds_a_namesake(parse: Any) -> None:
    text = "Canada and its province of Ontario sent ministers to London on Monday. They met the British prime minister."
    assert [(m.name, m.country) for m in places.find(parse(text)) if m.text == "London"] == [("London", "GBR")]


def test_a_town_that_the_recogniser_takes_for_a_person_is_a_place_where_the_text_says_so(parse: Any) -> None:
    assert ("Mueda", "MOZ") in [(m.name, m.country) for m in places.find(parse("Rebels attacked the town of Mueda in Mozambique."))]
