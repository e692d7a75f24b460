"""Claims in titles."""

from datetime import UTC, datetime

import pytest

from processors.extraction import extract
from schemas import Claim, StoryArticle

BODY = "OSLO (AP) — Mayor Anna Kovacs said on Monday that the old bridge will close in May. Drivers were angry about the plan."


def claims(title: str | None, body: str = BODY) -> list[Claim]:
    article = StoryArticle(
        uri="a",
        version=1,
        pub_status="usable",
        outlet="o",
        title=title,
        body=body,
        language="en",
        published_at=datetime(2026, 4, 8, tzinfo=UTC),
        story_id="s",
        role="original",
    )
    return extract(article).claims


def in_title(title: str, body: str = BODY) -> list[tuple[str, str, str]]:
    """Source, cue and content of the claims in the title."""
    found = [c for c in claims(title, body) if c.cue[0].field == "title"]
    for claim in found:
        for span in (*claim.source, *claim.cue, *claim.content):
            assert span.field == "title"
            assert title[span.start : span.end] == span.text
    return [(" ".join(s.text for s in c.source), c.cue[0].text, " / ".join(s.text for s in c.content)) for c in found]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Kovacs says old bridge will close in May", ("Kovacs", "says", "old bridge will close in May")),
        ("Kovacs Says Old Bridge Will Close in May", ("Kovacs", "Says", "Old Bridge Will Close in May")),
        ("Drivers criticize plan to close the bridge", ("Drivers", "criticize", "plan to close the bridge")),
    ],
)
def test_a_claim_in_the_title_has_its_spans_there(title: str, expected: tuple[str, str, str]) -> None:
    assert in_title(title) == [expected]


def test_a_speaker_in_the_title_is_whom_the_body_names_in_full() -> None:
    claim = claims("Kovacs says old bridge will close in May")[0]
    assert claim.speaker is not None
    assert (claim.speaker.name, claim.speaker.text, claim.speaker.spans[0].field) == ("Anna Kovacs", "Kovacs", "title")


def test_a_title_that_is_the_first_line_of_the_body_is_read_once() -> None:
    title = "Kovacs says old bridge will close in May"
    assert in_title(title, f"{title}.\n\n{BODY}") == []


@pytest.mark.parametrize("rubric", ["OPINION", "CORRECTED", "City Desk", "The Harbour interview"])
def test_a_rubric_before_a_colon_speaks_for_nobody(rubric: str) -> None:
    assert in_title(f"{rubric}: The old bridge is a danger to all of us") == []


@pytest.mark.parametrize("speaker", ["Kovacs", "Poll"])
def test_a_person_or_a_document_before_a_colon_speaks(speaker: str) -> None:
    assert in_title(f"{speaker}: The old bridge will close in May") == [(speaker, ":", "The old bridge will close in May")]


def test_claims_of_the_body_keep_their_ids_whatever_the_title_says() -> None:
    without, with_title = claims(None), claims("Kovacs said on Monday that the old bridge will close in May")
    assert [c.id for c in with_title if c.cue[0].field is None] == [c.id for c in without]
    assert len({c.id for c in with_title}) == len(with_title)


def test_a_title_without_an_end_is_not_read() -> None:
    assert in_title("Kovacs says that the bridge will close. " * 20) == []
