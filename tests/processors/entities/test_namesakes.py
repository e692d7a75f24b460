"""Which of several people of one last name is meant, and who cannot be."""

import pytest

from processors.document import entities_of
from processors.nlp import annotate
from schemas import CleanArticle
from tests.processors.entities.test_actors import actor, actors, read


def test_a_president_is_not_his_wife_who_alone_is_named_in_full() -> None:
    text = "President Orlov spoke on Friday. Orlov denied it. First lady Maria Orlov smiled. Mr. Orlov left. Then Orlov rang."
    assert [actor(text, "Orlov", n).name for n in (1, 2, 4, 5)] == ["Orlov"] * 4
    assert (actor(text, "Maria Orlov").name, actor(text, "President Orlov").role) == ("Maria Orlov", "GOV")


def test_the_last_name_is_the_one_who_is_nobodys_relative() -> None:
    text = "Senator Paul Hart lost his son, Tom Hart, in May. Tom Hart was 40. Hart may run for mayor."
    assert actor(text, "Hart", 4).name == "Paul Hart"


def test_a_wife_who_is_mostly_named_for_herself_keeps_her_name() -> None:
    text = "Ruth Bell runs the firm. Ruth Bell, his wife, won. Ruth Bell said so. Her husband, Paul Bell, cooks. Bell said no."
    assert actor(text, "Bell", 5).name == "Ruth Bell"


def test_a_last_name_before_anybody_else_of_the_family_is_named_is_the_relatives() -> None:
    text = "First lady Anna Hart sang on Monday. Hart said she was glad. Governor Paul Hart was not there."
    assert actor(text, "Hart", 2).name == "Anna Hart"


def test_a_son_of_the_same_name_is_another() -> None:
    text = "Peter Hart won on Monday. Peter Hart Jr. praised his father. Hart thanked the voters."
    assert (actor(text, "Peter Hart").name, actor(text, "Peter Hart Jr.").name) == ("Peter Hart", "Peter Hart Jr.")
    assert actor(text, "Hart", 3).name == "Peter Hart"


def test_an_office_tells_two_of_one_name_apart() -> None:
    text = "Governor Paul Hart met Senator Anna Hart on Monday. Senator Hart spoke. Governor Hart listened."
    assert (actor(text, "Senator Hart").name, actor(text, "Governor Hart").name) == ("Anna Hart", "Paul Hart")


def test_a_title_may_stand_with_the_last_name_alone() -> None:
    text = "Anna Hart of Ohio spoke. Senator Hart said no. Ms. Hart left."
    assert {actor(text, phrase).name for phrase in ("Senator Hart", "Ms. Hart")} == {"Anna Hart"}


def test_they_are_not_whom_they_do_something_to() -> None:
    text = "Iran and the miners of Acme Corp. are linked, Paul Berg said. They have hosted Acme Corp. for years."
    assert "Acme Corp." not in {a.name for a in actors(text, "They")}


def test_him_is_not_who_does_it_where_the_verb_shares_a_subject() -> None:
    text = "Mark Dunn and Tom Baker ran. Baker makes trouble for Dunn even after supporting him."
    assert actor(text, "him").name == "Mark Dunn"


def test_she_is_not_whom_she_tries_to_protect() -> None:
    text = "Anna Bell spoke to Ruth Hale on Monday. She was trying to protect Ruth Hale."
    assert actor(text, "She").name == "Anna Bell"


def test_he_is_not_whom_he_says_something_of() -> None:
    text = "Tom Baker interviewed Mark Dunn on Monday. He said that Dunn was wrong."
    assert actor(text, "He").name == "Tom Baker"


def test_a_senator_of_one_state_is_not_of_another() -> None:
    text = "Sen. Mark Dunn (R-Texas) and Ohio's Sen. Tom Baker spoke. Utah's Sen. Paul Berg left. The Texas senator said no."
    assert actor(text, "The Texas senator").name == "Mark Dunn"


@pytest.mark.parametrize("text", ["Just one Republican, Anna Hale, voted no.", "Anna Hale, a Democrat, voted no."])
def test_a_single_member_of_a_party_who_is_named_is_a_person(text: str) -> None:
    phrase = "one Republican" if "Republican" in text else "a Democrat"
    assert (actor(text, phrase).name, actor(text, phrase).kind) == ("Anna Hale", "person")


def test_someone_who_did_it_is_nobody_named() -> None:
    text = "Mark Dunn threatened someone who had criticized him."
    assert (actor(text, "who").name, actor(text, "him").name) == ("who", "Mark Dunn")


def test_they_are_no_single_person() -> None:
    assert "Mark Dunn" not in {a.name for a in actors("Mark Dunn spoke on Monday. They rejected the plan.", "They")}
    assert actor("A person may lose control of their life.", "their").name == "person"


def test_the_last_name_of_a_head_of_state_is_a_persons() -> None:
    assert actor("The tariffs of Trump hurt Acme Corp. on Monday.", "Trump").kind == "person"


def test_somebody_of_a_body_is_a_person() -> None:
    text = "Quite rightly, Americans for Fair Taxes's Anna Hale is lashing out at the plan."
    assert actor(text, "Americans for Fair Taxes's Anna Hale").name == "Anna Hale"


def test_people_for_something_are_a_body() -> None:
    text = "Americans for Fair Taxes rejected the plan on Monday."
    assert (actor(text, "Americans for Fair Taxes").name, actor(text, "Americans for Fair Taxes").kind) == (
        "Americans for Fair Taxes",
        "organisation",
    )


def test_the_verb_of_a_headline_is_no_part_of_the_name() -> None:
    text = "Mark Dunn Dismisses The Plan\n\nMark Dunn rejected the plan on Monday. Dunn said it was bad."
    assert {a.name for a in entities_of(read(text)).people} == {"Mark Dunn"}


def test_the_first_person_in_a_quotation_is_who_says_it() -> None:
    text = 'Mark Dunn spoke on Monday. "I opposed the plan of Acme Corp.," Dunn said.'
    article = CleanArticle(
        uri="a", version=1, pub_status="usable", outlet="o", body=text, language="en", published_at="2024-05-06T00:00:00Z"
    )
    at = text.index("I opposed")
    (found,) = entities_of(annotate(article)).actors((at, at + 1))
    assert (found.name, found.text, found.resolved_from) == ("Mark Dunn", "I", "pronoun")
