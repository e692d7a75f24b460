"""Kind, country and role of actors, where judges of open news found them wrong. Texts of our own."""

from tests.processors.entities.test_actors import actor, actors


def test_a_single_one_of_a_party_is_a_person_and_several_are_a_group() -> None:
    assert actor("A Florida Republican was condemned on Monday.", "A Florida Republican").kind == "person"
    assert actor("Republicans condemned the bill on Monday.", "Republicans").kind != "person"


def test_officials_abroad_are_not_of_the_articles_home() -> None:
    home = "The White House and the Pentagon said on Monday that Congress and the Senate had met. "
    assert actor(home + "Congress pleaded with officials in Peru.", "officials").country == "PER"
    assert actor(home + "Congress pleaded with officials in Peru and Chile.", "officials").country is None
    assert actor(home + "Congress pleaded with officials.", "officials").country == "USA"


def test_somebodys_forces_are_of_his_country_or_of_none_that_is_known() -> None:
    home = "The White House and the Pentagon said on Monday that Congress and the Senate had met. "
    assert actor(home + "Soleimani's forces killed nine men.", "Soleimani's forces").country is None
    assert actor(home + "Russian President Ivan Orlov wept. Orlov's forces killed nine men.", "Orlov's forces").country == "RUS"


def test_a_parliament_is_not_of_the_united_states() -> None:
    home = "The White House and the Pentagon said on Monday that Congress and the Senate had met. "
    assert actor(home + "Kevin Hart resigned from Parliament.", "Parliament").country is None


def test_the_president_of_a_club_is_no_business_and_not_the_president() -> None:
    text = (
        "President Ana Cruz spoke on Monday. Retired detective Lou Bell, president of the Veteran Runners Society, wept. "
        "The president's endorsement of Ivo Moss mattered."
    )
    assert actor(text, "Lou Bell").role in (None, "COP")
    assert actor(text, "The president").name == "Ana Cruz"


def test_a_nasty_guy_is_no_role() -> None:
    assert actor("Ted Hale is a nasty guy. Ted Hale left.", "Ted Hale").role is None
    assert actor("Ted Hale is a farmer. Ted Hale left.", "Ted Hale").role == "CVL"


def test_an_employee_of_somebody_is_not_he() -> None:
    text = "Konstantin Orlov was a longtime Russian employee of Mr. Hale, whose firm closed. Paul Hale wept."
    assert actor(text, "Paul Hale").country is None


def test_the_countrys_president_does_not_give_somebody_its_country() -> None:
    text = "Russia denied it on Monday. Ted Hale is the country's top law enforcement officer, said Ana Cruz. Ted Hale wept."
    assert actor(text, "Ted Hale").country is None


def test_a_persons_last_name_is_not_the_country_that_bears_it() -> None:
    text = "Jim Jordan spoke in Ohio. Dave Bell applauded Jordan on Monday. Troops left for Peru."
    assert (actor(text, "Jordan", 2).name, actor(text, "Jordan", 2).kind) == ("Jim Jordan", "person")
    assert actor("Dave Bell spoke in Ohio. Dave Bell visited Jordan on Monday.", "Jordan").kind == "country"


def test_a_first_name_that_is_a_title_too_is_part_of_the_name() -> None:
    assert actor("Brad Byrne defeated Dean Young in the primary.", "Dean Young").name == "Dean Young"
    assert actor("Dean Anna Young spoke at the university.", "Dean Anna Young").name == "Anna Young"


def test_his_allies_beside_somebody_are_his() -> None:
    text = "Rudy Bell spoke on Monday. Donald Hale and his allies seized the town."
    assert actors(text, "his")[0].name == "Donald Hale"


_HOME = "The White House and the Pentagon said on Monday that Congress and the Senate had met. "


def test_leaders_are_of_a_government_only_with_a_country() -> None:
    assert actor(_HOME + "Civil rights leaders criticized the bill.", "Civil rights leaders").role is None
    assert actor(_HOME + "Conservative leaders criticized the bill.", "Conservative leaders").country is None
    assert actor(_HOME + "Peruvian leaders criticized the bill.", "Peruvian leaders").role == "GOV"


def test_managers_are_a_business_only_where_the_phrase_says_so() -> None:
    assert actor("The speaker named the managers on Monday.", "the managers").role is None
    assert actor("Two hotel managers resigned on Monday.", "Two hotel managers").role == "BUS"


def test_a_team_is_of_sport_only_where_the_article_speaks_of_sport() -> None:
    assert actor("The leadership team called for an apology on Monday.", "The leadership team").role is None
    assert actor("The basketball league fined the team on Monday.", "the team").role == "SPT"


def test_officials_of_a_school_or_a_firm_are_no_government() -> None:
    assert actor("School officials criticized the bill.", "School officials").role is None
    assert actor("State officials criticized the bill.", "State officials").role == "GOV"


def test_who_would_be_or_is_no_governor_holds_no_office() -> None:
    assert actor("David Moss would be the first governor of his kind. David Moss wept.", "David Moss", 2).role is None
    assert actor("David Moss will be the oldest governor of Ohio. David Moss wept.", "David Moss", 2).role == "GOV"
    assert actor("David Moss is the governor of Ohio. David Moss wept.", "David Moss", 2).role == "GOV"


def test_how_many_they_are_does_not_say_what_they_are() -> None:
    assert actor("Dozens of senators criticized the bill.", "Dozens of senators").role == "LEG"
    assert actor("Dozens of captives criticized the bill.", "Dozens of captives").role is None
    assert actor("Dozens criticized the bill.", "Dozens").role == "CVL"


def test_troops_beside_another_state_are_not_of_the_articles_home() -> None:
    text = _HOME + "The United States said that Russia had detained 24 soldiers."
    assert actor(text, "24 soldiers").country is None
    assert actor(_HOME + "The Pentagon said that soldiers had left.", "soldiers").country == "USA"


def test_georgia_is_a_state_where_georgians_vote_in_atlanta() -> None:
    text = "Georgians voted in Atlanta on Monday. Ann Moss, a former Georgia secretary of state, wept. Ann Moss left."
    assert actor(text, "Ann Moss", 2).country == "USA"
    text = "Georgians voted in Tbilisi on Monday. Ann Moss, the Georgian foreign minister, wept. Ann Moss left."
    assert actor(text, "Ann Moss", 2).country == "GEO"
