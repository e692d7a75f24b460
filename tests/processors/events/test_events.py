"""Events of short texts of our own: type, participants, factuality."""

from datetime import UTC, datetime

import pytest

from processors.document import EventDraft, events_of
from processors.events import DEFAULT_MIN_CONFIDENCE
from processors.events.lexicon import lexicon
from processors.nlp import annotate
from schemas import CleanArticle


def events(text: str, least: float = DEFAULT_MIN_CONFIDENCE) -> list[tuple[str, str, str, str, str]]:
    """(type, trigger, source, target, factuality) of the events above a confidence."""
    article = CleanArticle(
        uri="a", version=1, pub_status="usable", outlet="o", body=text, language="en", published_at=datetime(2024, 5, 6, tzinfo=UTC)
    )
    doc = annotate(article)

    def words(pieces: list[tuple[int, int]]) -> str:
        return ", ".join(doc.text[start:end] for start, end in pieces)

    def row(e: EventDraft) -> tuple[str, str, str, str, str]:
        return e.type, words([e.trigger]), words(e.source), words(e.target), e.factuality

    return [row(e) for e in events_of(doc) if e.confidence >= least]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army attacked the rebels near the border.", ("ASSAULT", "attacked", "The army", "the rebels", "actual")),
        ("Maria Lopez met Peter Brandt in Vienna.", ("CONSULT", "met", "Maria Lopez", "Peter Brandt", "actual")),
        ("The opposition leader was arrested by police.", ("COERCE", "arrested", "police", "The opposition leader", "actual")),
        ("Norway imposed sanctions on Belarus.", ("SANCTION", "sanctions", "Norway", "Belarus", "actual")),
        ("Canada condemned the attack on the embassy.", ("ACCUSE", "condemned", "Canada", "the embassy", "actual")),
        ("France urged Iran to release the prisoners.", ("REQUEST", "urged", "France", "Iran", "actual")),
        ("The troops killed two farmers and burned a school.", ("ASSAULT", "killed", "The troops", "two farmers", "actual")),
    ],
)  # fmt: skip
def test_a_plain_sentence_gives_its_event(text: str, expected: tuple[str, ...]) -> None:
    assert expected in events(text)


def test_what_will_be_done_together_is_agreed_and_planned() -> None:
    assert ("AGREE", "meet", "Japan", "South Korea", "planned") in events("Japan will meet South Korea next week.", 0.3)


def test_a_negated_act_is_no_event() -> None:
    assert not events("The government has not condemned the invasion.")
    assert not [e for e in events("The company did not sue the city.", 0.0) if e[0] == "ACCUSE"]


def test_what_somebody_is_accused_of_is_alleged() -> None:
    found = events("The court accused the general of deporting villagers.", 0.3)
    assert ("ACCUSE", "accused", "The court", "the general", "actual") in found
    assert ("COERCE", "deporting", "the general", "villagers", "alleged") in found


def test_hypothetical_text_gives_nothing_by_default() -> None:
    assert not events("If Poland attacked the ship, Spain would condemn it.")


def test_talks_between_two_have_a_source_and_a_target() -> None:
    assert ("CONSULT", "talks", "Kenya", "Uganda", "actual") in events("The talks between Kenya and Uganda lasted two days.", 0.3)


def test_mentions_of_one_event_are_one_draft() -> None:
    found = [e for e in events("Norway condemned Belarus. Norway also condemned Belarus on Friday.") if e[0] == "ACCUSE"]
    assert len(found) == 1


def test_the_data_files_agree_with_each_other() -> None:
    lex = lexicon()
    assert lex.size >= 900
    assert lex.types.keys() >= {"AGREE", "CONCEDE", "RETREAT", "ELECTION", "OTHER"}
    assert lex.lemmas["hopes"] == "hope"
