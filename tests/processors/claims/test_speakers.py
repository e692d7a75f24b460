"""Who speaks, where the words beside the cue do not say it themselves; quotes of paragraphs that lost their break."""

from datetime import UTC, datetime

from processors.claims.quotes import find
from processors.extraction import extract
from schemas import Claim, StoryArticle


def claims(body: str) -> dict[str, Claim]:
    """The claims of a text by their cue."""
    day = datetime(2026, 4, 8, tzinfo=UTC)
    article = StoryArticle(
        uri="a",
        version=1,
        pub_status="usable",
        outlet="o",
        body=body,
        language="en",
        published_at=day,
        story_id="s",
        role="original",
    )
    return {claim.cue[0].text: claim for claim in extract(article).claims}


def speaker(claim: Claim) -> str | None:
    return None if claim.speaker is None else claim.speaker.name


def test_i_within_what_somebody_says_is_he() -> None:
    found = claims("“I think that the dam will hold,” Mayor Anna Berg told reporters in Oslo on Monday.")
    assert speaker(found["think"]) == speaker(found["told"]) == "Anna Berg"


def test_i_is_who_is_quoted_and_not_the_paper_that_reports_it() -> None:
    found = claims("“I think that the dam will hold,” Mayor Anna Berg said on Monday, according to the Oslo Times.")
    assert speaker(found["think"]) == speaker(found["said"]) == "Anna Berg"


def test_what_a_speaker_is_doing_is_not_he() -> None:
    text = "Standing in the parking lot of a development up the street from the studios, Berg, the former scout, said it was late."
    assert claims(text)["said"].source[0].text == "Berg, the former scout,"


def test_a_plan_which_says_something_is_the_source_and_not_the_pronoun() -> None:
    found = claims("A recent peace initiative from Beijing, which called for a ceasefire, was dismissed on Tuesday.")
    assert [span.text for span in found["called for"].source] == ["A recent peace initiative from Beijing"]


def test_a_speaker_between_the_quote_and_the_cue_has_his_whole_office() -> None:
    text = "“We will not measure it by spending,” Office of Management and Budget (OMB) Director Mick Hale told reporters."
    assert claims(text)["told"].source[0].text == "Office of Management and Budget (OMB) Director Mick Hale"


def test_a_quote_in_what_was_only_noted_is_not_what_is_said() -> None:
    found = claims("Noting that Keller had called the disease a “foreign virus,” Berg warned against “xenophobia.”")
    assert [span.text for span in found["warned against"].content] == ["“xenophobia.”"]


def test_a_paragraph_that_lost_its_break_ends_a_quote_and_begins_the_next() -> None:
    text = 'She spoke on Monday. "They do not like their chances in May."They have had enough of us," said Berg.'
    assert [text[quote.start : quote.end] for quote in find(text)] == [
        '"They do not like their chances in May.',
        '"They have had enough of us,"',
    ]


def test_they_within_a_claim_are_the_plural_that_acts_before_them_in_the_sentence() -> None:
    found = claims(
        "Anna Berg, a banker, said many donors are moving to the rival because they feel that the country is in trouble."
    )
    assert speaker(found["feel"]) == "many donors"


def test_they_are_not_one_person_who_spoke_before() -> None:
    found = claims("Anna Berg said the dam would hold because “they know that it is old.”")
    assert speaker(found["know"]) != "Anna Berg"


def test_who_contacts_somebody_asking_is_who_asks() -> None:
    found = claims("On Monday, a reporter with the outlet contacted the agency asking about the documents.")
    assert found["asking about"].source[0].text == "a reporter with the outlet"
