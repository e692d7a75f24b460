"""Who acts: names, offices, countries and roles, from the words of the article alone."""

from datetime import UTC, datetime
from functools import cache

import pytest
from spacy.tokens import Doc

from processors.document import entities_of
from processors.entities.repair import repaired
from processors.nlp import pipeline
from processors.text import TextView
from processors.tokens import Tokens
from schemas import Actor, CleanArticle, Mark


@cache
def read(text: str, dateline: int = 0) -> Doc:
    """The Doc of an article that begins with a dateline of so many characters."""
    marks = [Mark(start=0, end=dateline, kind="dateline")] if dateline else []
    day = datetime(2024, 5, 6, tzinfo=UTC)
    article = CleanArticle(
        uri="a", version=1, pub_status="usable", outlet="o", body=text, language="en", published_at=day, marks=marks
    )
    nlp = pipeline()
    doc = nlp.make_doc(text)
    doc._.article, doc._.view = article, TextView(text)
    return nlp(doc, disable=["copydesk_claims", "copydesk_events"])


def actors(text: str, phrase: str, occurrence: int = 1, dateline: int = 0) -> list[Actor]:
    """The actors of the `occurrence`th `phrase` of `text`."""
    start = -1
    for _ in range(occurrence):
        start = text.index(phrase, start + 1)
    return entities_of(read(text, dateline)).actors((start, start + len(phrase)))


def actor(text: str, phrase: str, occurrence: int = 1) -> Actor:
    (found,) = actors(text, phrase, occurrence)
    return found


def test_an_office_before_the_name_gives_role_and_country_and_is_left_out_of_the_name() -> None:
    found = actor("Norwegian Prime Minister Kari Solberg met reporters.", "Norwegian Prime Minister Kari Solberg")
    assert (found.name, found.kind, found.country, found.role) == ("Kari Solberg", "person", "NOR", "GOV")


def test_what_an_article_says_once_of_a_person_holds_for_every_mention() -> None:
    text = "Kari Solberg spoke first. Solberg, the Norwegian prime minister, was clear. Later Solberg left."
    assert [(a.country, a.role) for n in (1, 2, 3) for a in actors(text, "Solberg", n)] == [("NOR", "GOV")] * 3


def test_the_name_in_an_apposition_is_who_acts() -> None:
    text = "Kenyan President Daniel Otieno received his Ugandan counterpart Grace Namuli in Mombasa."
    found = actor(text, "his Ugandan counterpart Grace Namuli")
    assert (found.name, found.country, found.role) == ("Grace Namuli", "UGA", "GOV")


def test_an_office_that_only_one_country_has_gives_the_country() -> None:
    assert actor("Secretary of State Peter Hall flew home.", "Secretary of State Peter Hall").country == "USA"


def test_a_former_president_keeps_the_country_and_loses_the_role() -> None:
    found = actor("Former Peruvian President Luis Vega was charged.", "Former Peruvian President Luis Vega")
    assert (found.name, found.country, found.role) == ("Luis Vega", "PER", None)


def test_a_plural_title_is_borne_by_all_names_joined_to_it() -> None:
    text = "Sens. Martha Hale and Robert Finch, both from the Midwest, said they would vote against it."
    assert [(a.name, a.role) for a in actors(text, "Martha Hale and Robert Finch")] == [
        ("Martha Hale", "LEG"),
        ("Robert Finch", "LEG"),
    ]


@pytest.mark.parametrize(
    ("phrase", "name"),
    [("Moscow", "Russia"), ("The Kremlin", "Russia"), ("Beijing", "China"), ("The White House", "United States")],
)
def test_a_capital_or_seat_that_acts_is_its_government(phrase: str, name: str) -> None:
    found = actor(f"{phrase} rejected the offer on Friday.", phrase)
    assert (found.name, found.kind, found.role, found.resolved_from) == (name, "country", "GOV", "metonym")


def test_the_government_of_a_country_is_the_country() -> None:
    found = actor("The Brazilian government cut taxes.", "The Brazilian government")
    assert (found.name, found.country, found.role, found.resolved_from) == ("Brazil", "BRA", "GOV", "demonym")


@pytest.mark.parametrize(
    ("phrase", "country", "role", "kind"),
    [
        ("Russian officials", "RUS", "GOV", "group"),
        ("Turkish troops", "TUR", "MIL", "group"),
        ("Haitian police", "HTI", "COP", "organisation"),
        ("The Indian foreign ministry", "IND", "GOV", "organisation"),
        ("A French court", "FRA", "JUD", "organisation"),
        ("Colombian rebels", "COL", "REB", "group"),
        ("A German carmaker", "DEU", "BUS", "organisation"),
    ],
)
def test_a_description_is_coded_by_its_noun_and_its_demonym(phrase: str, country: str, role: str, kind: str) -> None:
    found = actor(f"{phrase} said nothing on Friday.", phrase)
    assert (found.country, found.role, found.kind) == (country, role, kind)


def test_a_spokesman_has_the_role_and_country_of_whom_he_speaks_for() -> None:
    found = actor("A spokesman for the Pentagon declined to comment.", "A spokesman for the Pentagon")
    assert (found.country, found.role) == ("USA", "MIL")


def test_a_coordination_has_an_actor_for_each_conjunct_with_its_own_span() -> None:
    text = "France, Germany and the U.S. signed the treaty."
    found = actors(text, "France, Germany and the U.S.")
    assert [(a.name, a.country) for a in found] == [("France", "FRA"), ("Germany", "DEU"), ("United States", "USA")]
    assert [[s.text for s in a.spans] for a in found] == [["France"], ["Germany"], ["the U.S."]]


def test_a_body_known_under_an_acronym_has_its_full_name() -> None:
    text = "The Lakeland Farm Board (LFB) met on Monday. The LFB sued the state."
    assert actor(text, "The LFB").name == "Lakeland Farm Board"


def test_what_one_proposes_stands_for_its_owner() -> None:
    found = actor("A peace proposal from Ankara was rejected.", "A peace proposal from Ankara")
    assert (found.name, found.resolved_from) == ("Turkey", "context")


def test_a_statement_stands_for_the_body_whose_it_is() -> None:
    found = actor("A defence ministry statement named no one.", "A defence ministry statement")
    assert (found.name, found.role) == ("defence ministry", "GOV")


def test_officials_without_a_country_are_of_the_country_that_the_article_is_at_home_in() -> None:
    text = "The Pentagon briefed Congress and the State Department on Monday. President Alan Reed agreed with the FBI."
    assert actor(text, "President Alan Reed").country == "USA"


def test_an_official_named_beside_another_country_is_given_none() -> None:
    text = "The Pentagon briefed Congress and the State Department on Monday. In Russia, President Oleg Panin shrugged."
    assert actor(text, "President Oleg Panin").country is None


def test_a_phrase_of_which_nothing_is_known_keeps_its_words() -> None:
    found = actor("An odd silence followed.", "An odd silence")
    assert (found.name, found.kind, found.text) == ("An odd silence", "unknown", "An odd silence")


def test_people_and_organisations_are_listed_with_all_mentions_in_the_order_of_the_first() -> None:
    text = "Acme Corp. hired Ruth Bell on Monday. She said the company would grow. Bell is an engineer."
    entities = entities_of(read(text))
    assert [(a.name, [s.text for s in a.spans][:3]) for a in entities.people] == [("Ruth Bell", ["Ruth Bell", "She", "Bell"])]
    assert [(a.name, [s.text for s in a.spans]) for a in entities.organisations] == [("Acme Corp.", ["Acme Corp.", "the company"])]
    assert all(text[s.start : s.end] == s.text for a in (*entities.people, *entities.organisations) for s in a.spans)


def test_a_pronoun_stands_also_where_its_sentence_names_who_it_is() -> None:
    found = actor("The court sentenced Ruth Bell after police jailed her.", "her")
    assert [span.text for span in found.spans] == ["her", "Ruth Bell"]
    assert [span.text for span in actor("Ruth Bell was jailed. The court freed her.", "her").spans] == ["her"]


def listed(text: str) -> tuple[list[str], list[str]]:
    """The names of the people and of the organisations."""
    found = entities_of(read(text))
    return [a.name for a in found.people], [a.name for a in found.organisations]


@pytest.mark.parametrize(
    "text",
    [
        "Turnout reached 61 percent on Sunday. Officials had feared a low turnout.",
        "Rebels attacked the town of Mueda on Monday. Mueda lies in the north.",
        "Thousands ran in the Nairobi Marathon on Sunday.",
        "Boys fish in the Tana River. The Tana River is low.",
        "House prices fell by two percent in March.",
    ],
)
def test_common_words_towns_rivers_and_races_are_no_people_and_no_organisations(text: str) -> None:
    assert listed(text) == ([], [])


def test_the_house_is_the_chamber() -> None:
    assert listed("The House passed the bill on Monday.")[1] == ["House of Representatives"]


@pytest.mark.parametrize(
    "text",
    [
        "Tomasi Vunipola Fainu, 34, scored twice on Sunday.",
        "Tomasi Vunipola Fainu, who scored twice, left the field.",
    ],
)
def test_an_age_or_who_after_a_name_shows_a_person(text: str) -> None:
    assert listed(text) == (["Tomasi Vunipola Fainu"], [])


def test_a_name_that_the_model_cut_is_one_where_its_end_is_named_alone() -> None:
    words = ["Philemon", "Kiprotich", "Rono", "won", ".", "Rono", "wept", "."]
    doc = Doc(
        pipeline().vocab,
        words,
        pos=["PROPN", "PROPN", "PROPN", "VERB", "PUNCT", "PROPN", "VERB", "PUNCT"],
        deps=["compound", "compound", "nsubj", "ROOT", "punct", "nsubj", "ROOT", "punct"],
        heads=[2, 2, 3, 3, 3, 6, 6, 6],
        ents=["B-PERSON", "I-PERSON", "O", "O", "O", "B-PERSON", "O", "O"],
    )
    names = repaired(Tokens(doc), words, [word.lower() for word in words])
    assert [(words[name.start : name.end], name.kind) for name in names] == [(words[:3], "person"), (["Rono"], "person")]


def test_officers_are_of_the_police_where_the_article_speaks_of_police() -> None:
    assert actor("Police said an officer was hurt on Monday.", "an officer").role == "COP"
    assert actor("The bank said an officer had lent too much.", "an officer").role is None
    assert actor("Police praised the medical officer on Monday.", "the medical officer").role == "HLH"


@pytest.mark.parametrize("initials", ["VA", "E.P.A."])
def test_initials_with_an_article_of_their_own_are_a_body(initials: str) -> None:
    text = f"In drafting its rule, the {initials} endorsed a report by Kentucky in May."
    assert {actor.kind for actor in actors(text, initials)} == {"organisation"}


def test_a_doctors_title_is_no_profession_and_a_critic_is_no_journalist() -> None:
    text = "Dr. Kessler, his security adviser, reached an agreement. Ana Cruz accused her critics of treason."
    assert [actor.role for actor in actors(text, "Kessler")] != ["HLH"]
    assert [actor.role for actor in actors(text, "critics")] == [None]


def test_a_law_on_agents_is_no_agent() -> None:
    text = "Tom Hale broke the Foreign Agent Registration Act on Monday."
    assert [a.name for a in entities_of(read(text)).people] == ["Tom Hale"]
