"""Whom pronouns and descriptions mean."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.document import entities_of
from processors.entities.coref import read as resolve
from tests.processors.entities.test_actors import actor, actors, read
from tests.timing import MOST_TIMES_SLOWER, times_slower


def test_he_is_the_last_subject_of_his_gender() -> None:
    text = "Maria Lopez met Carlos Ruiz on Monday. He said nothing. She said a lot."
    assert (actor(text, "He").name, actor(text, "She").name) == ("Carlos Ruiz", "Maria Lopez")


def test_he_said_continues_with_the_speaker_and_not_with_whom_he_spoke_of() -> None:
    text = (
        "President Viktor Orlov left on Friday. Foreign Minister Paul Berg said on Monday that nobody wanted to hold Orlov "
        "responsible. He said that was a mistake."
    )
    found = actor(text, "He")
    assert (found.name, found.resolved_from) == ("Paul Berg", "pronoun")


def test_he_in_a_quotation_is_not_the_one_who_says_it() -> None:
    text = 'Tom Baker praised the work of Mark Dunn. "He thinks before he speaks," Baker said.'
    assert actor(text, "He").name == "Mark Dunn"


def test_he_said_is_not_whom_the_quotation_names() -> None:
    text = 'Tom Baker spoke on Friday. "I will not argue with Mark Dunn," he said.'
    assert actor(text, "he").name == "Tom Baker"


def test_the_two_ministers_are_a_minister_and_his_counterpart() -> None:
    text = (
        "Turkish Foreign Minister Selim Kaya received his Egyptian counterpart, Nadia Fahmy, and the two ministers signed a deal."
    )
    assert [a.name for a in actors(text, "the two ministers")] == ["Selim Kaya", "Nadia Fahmy"]


def test_the_presidents_of_two_states_are_two_presidents() -> None:
    text = "The presidents of Chile and Peru met in Lima. The two presidents signed a deal."
    assert [(a.name, a.country, a.role) for a in actors(text, "The presidents of Chile and Peru")] == [
        ("president of Chile", "CHL", "GOV"),
        ("president of Peru", "PER", "GOV"),
    ]
    assert [a.country for a in actors(text, "The two presidents")] == ["CHL", "PER"]


def test_a_tower_is_no_person() -> None:
    text = "Ruth Bell went to Brandt Tower on Monday. She left at noon."
    assert actor(text, "Brandt Tower").kind != "person"


def test_it_is_the_body_and_not_the_person() -> None:
    text = "Acme Corp. fired Ruth Bell on Monday. It said sales had fallen."
    assert actor(text, "It").name == "Acme Corp."


def test_it_means_no_one_where_a_clause_follows() -> None:
    text = "Acme Corp. fired Ruth Bell on Monday. It is clear that sales have fallen."
    assert actor(text, "It").resolved_from is None


def test_their_means_the_two_who_met() -> None:
    text = "Kari Solberg received Erik Lund on Friday before their talks in Oslo."
    assert {a.name for a in actors(text, "their")} == {"Kari Solberg", "Erik Lund"}


def test_both_means_the_last_two_persons() -> None:
    text = "Kari Solberg received Erik Lund on Friday. Both smiled."
    assert {a.name for a in actors(text, "Both")} == {"Kari Solberg", "Erik Lund"}


def test_two_heads_of_state_are_the_two_who_hold_such_an_office() -> None:
    text = (
        "Kenyan President Daniel Otieno received Ugandan President Grace Namuli. Dancer Rose Achieng performed. "
        "The two heads of state signed a treaty."
    )
    assert {a.name for a in actors(text, "The two heads of state")} == {"Daniel Otieno", "Grace Namuli"}


def test_a_description_with_a_country_means_the_leader_of_that_country() -> None:
    text = "Kenyan President Daniel Otieno met Ugandan President Grace Namuli. The Kenyan leader spoke. The Ugandan leader did not."
    assert (actor(text, "The Kenyan leader").name, actor(text, "The Ugandan leader").name) == ("Daniel Otieno", "Grace Namuli")


def test_a_description_that_fits_no_one_stays_itself() -> None:
    text = "Kenyan President Daniel Otieno arrived. The Peruvian leader did not."
    found = actor(text, "The Peruvian leader")
    assert (found.name, found.country, found.role) == ("Peruvian leader", "PER", "GOV")


def test_the_ministry_is_the_one_that_is_called_so() -> None:
    text = "The Ministry of Fisheries fined Acme Corp. on Monday. The ministry said the firm had lied."
    assert (actor(text, "The ministry").name, actor(text, "the firm").name) == ("Ministry of Fisheries", "Acme Corp.")


def test_an_office_holder_named_after_the_office_is_the_same_person() -> None:
    text = "Kenya will buy ships, its defence minister said. Defence Minister Asha Mwangi spoke in Mombasa."
    found = actor(text, "its defence minister")
    assert (found.name, found.country) == ("Asha Mwangi", "KEN")
    assert actor(text, "Defence Minister Asha Mwangi").country == "KEN"


def test_the_two_companies_and_the_country_are_those_named_before() -> None:
    text = "Acme Corp. and Bolt Inc. signed a deal in Japan on Monday. The two companies said the country would benefit."
    assert [a.name for a in actors(text, "The two companies")] == ["Acme Corp.", "Bolt Inc."]
    found = actor(text, "the country")
    assert (found.name, found.resolved_from) == ("Japan", "description")


def test_who_means_the_noun_before_it() -> None:
    text = "Ruth Bell, who founded Acme Corp., resigned."
    assert actor(text, "who").name == "Ruth Bell"


def test_a_last_name_goes_with_the_title_that_fits() -> None:
    text = "John Hart and his wife Mary Hart ran the farm. Mr. Hart died in May. Mrs. Hart sold it."
    assert (actor(text, "Mr. Hart").name, actor(text, "Mrs. Hart").name) == ("John Hart", "Mary Hart")


def test_the_place_of_a_dateline_does_nothing() -> None:
    text = "NAIROBI, Kenya - Rebels and villagers met. They agreed."
    (found,) = actors(text, "They", dateline=len("NAIROBI, Kenya -"))
    assert found.country is None


PIECES = (
    *("he", "Both", "the two", "Mr.", "Smith", "Acme", "(", ")", "\"", "“", "\n\n", "who", "and", ",", "of", "President"),
    *("the", "said", "Russian", "U.S.", "Paris", "its", "'s", "-", "😀", "x" * 40),
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_text_is_read_and_any_piece_of_it_has_actors(pieces: list[str]) -> None:
    text = " ".join(pieces) or "."
    entities = entities_of(read(text))
    for start in range(0, len(text), 7):
        for found in entities.actors((start, min(len(text), start + 20))):
            assert all(text[s.start : s.end] == s.text for s in found.spans)


@pytest.mark.parametrize("unit", ["the president of ", 'Mr. Smith said "', "( Acme Corp. ", "his ", "who said ", "John Smith and "])
def test_the_time_grows_no_faster_than_the_text(unit: str) -> None:
    small, large = unit * 200, unit * 800
    docs = {text: read(text) for text in (small, large)}
    assert times_slower(lambda text: resolve(docs[text], []), small, large) < MOST_TIMES_SLOWER


def test_whose_help_one_is_thanked_for_is_who_is_thanked() -> None:
    assert actor("Senator Paul Hart thanked Mayor Tom Hale for his strong support of the bill.", "his").name == "Tom Hale"
    assert actor("Senator Paul Hart met Mayor Tom Hale in his office.", "his").name == "Paul Hart"


def test_his_support_of_somebodys_bill_is_somebody_elses() -> None:
    text = "Mayor Tom Hale spoke on Monday. Senator Paul Hart praised his support of Hart's bill."
    assert actor(text, "his").name == "Tom Hale"
