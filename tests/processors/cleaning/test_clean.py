"""What cleaning removes and keeps, on texts of our own writing."""

from datetime import UTC, datetime, timedelta

import pytest

from processors.cleaning import event_time
from processors.text import TextView
from schemas import RawArticle
from tests.processors.cleaning.articles import (
    LAST,
    LEDE,
    RECEIVED_AT,
    SECOND,
    THIRD,
    behind,
    between,
    cleaned,
    marked,
    paragraphs,
    removed,
)

CAPTION = "Mayor Linda Kask (r.) cuts the ribbon at the new harbour in Harbourville on Tuesday."
TEASER = "Council splits over plans for a second bridge to the islands"


def test_clean_text_is_kept_whole() -> None:
    article = cleaned(paragraphs(LEDE, SECOND, THIRD, LAST))
    assert removed(article) == []
    assert article.repaired == []


def test_a_caption_printed_twice_is_removed_twice() -> None:
    article = between(f"{CAPTION}\n{CAPTION}  © Mart Tamm / BNS / AFP")
    assert removed(article) == [("caption", CAPTION), ("caption", f"{CAPTION}  © Mart Tamm / BNS / AFP")]


def test_a_headline_repeated_behind_a_name_is_a_promo() -> None:
    article = between(f"{TEASER}\nIslands {TEASER}")
    assert removed(article) == [("promo", TEASER), ("promo", f"Islands {TEASER}")]


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("caption", "FILE PHOTO: The old harbour of Harbourville after the storm, March 3, 2022. REUTERS/Ann Example/File Photo"),
        ("caption", "A ferry waits at the quay (Photo: Ann Example, The Daily Example)"),
        ("caption", "The harbour seen from the air. Ann Example/Getty Images"),
        ("caption", "Enlarge this image toggle caption Ann Example/AP Ann Example/AP"),
        ("caption", "Cover photo: Ann Example / SPUTNIK / AFP"),
        ("promo", "Read more: Storm leaves thousands without power"),
        ("promo", "READ MORE"),
        ("promo", "ADVERTISEMENT"),
        ("promo", "Story continues below"),
        ("promo", "RELATED: Storm leaves thousands without power"),
        ("promo", "PORT AUTHORITY CHIEF BLASTS COUNCIL OVER FERRY DELAYS AND RISING COSTS"),
        ("subscription", "Sign up for our morning newsletter and never miss a story."),
        ("subscription", "Subscribe today to support our journalism"),
        ("subscription", "Get the biggest stories of the day delivered to your inbox."),
        ("social", "Share on Facebook Tweet"),
        ("social", "Follow Ann Example on Twitter: @annexample"),
        ("social", "27 comments"),
    ],
)
def test_furniture_between_paragraphs_is_removed(reason: str, line: str) -> None:
    assert removed(between(line)) == [(reason, line)]


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("credit", "(Reporting by Ann Example; Editing by Bob Example)"),
        ("credit", "Ann Example and Bob Example contributed to this report."),
        ("credit", "Copyright 2024 The Daily Example. All rights reserved."),
        ("bio", "Ann Example is a senior correspondent at The Daily Example and writes about the sea."),
        ("contact", "Write to Ann Example at ann@example.org"),
        ("byline", "By Ann Example, Harbourville"),
        ("promo", "More on Linda Kask:"),
    ],
)
def test_furniture_behind_the_end_is_removed(reason: str, line: str) -> None:
    assert removed(behind(line)) == [(reason, line)]


def test_what_the_last_paragraph_says_of_a_politician_stays() -> None:
    assert removed(behind("Mr. Tamm is a frequent critic of the editor, and Ms. Kask deflected questions about the race.")) == []


def test_the_authors_name_above_the_text_is_a_byline_and_between_a_speakers_name() -> None:
    article = cleaned(paragraphs("Ann Example and Bob Example", LEDE, SECOND), authors=["Ann Example", "Bob Example"])
    assert removed(article) == [("byline", "Ann Example and Bob Example")]
    interview = cleaned(paragraphs("Ann Example", LEDE, "Linda Kask", SECOND, "Ann Example", THIRD), authors=["Ann Example"])
    assert removed(interview) == []


def test_labels_of_videos_around_a_paragraph_leave_it() -> None:
    article = cleaned(paragraphs(LEDE, "YouTube", SECOND, "YouTube", THIRD, "YouTube", LAST))
    assert [text for _, text in removed(article)] == ["YouTube"] * 3


def test_a_list_of_other_articles_goes_with_its_heading() -> None:
    lines = ("You may also like...", "Ten harbours to see before they sink", "Why ferries are late in spring")
    assert removed(behind(*lines)) == [("promo", line) for line in lines]


def test_a_list_of_other_articles_ends_where_the_text_goes_on() -> None:
    article = between("Related", "Ten harbours to see before they sink")
    assert [text for _, text in removed(article)] == ["Related", "Ten harbours to see before they sink"]


def test_short_lines_after_the_agencys_last_words_go_too() -> None:
    lines = ("(Reporting by Ann Example; Editing by Bob Example)", "Our newsroom", "Harbours")
    assert [text for _, text in removed(behind(*lines))] == list(lines)


def test_a_paragraph_in_a_block_of_appeals_goes_with_it() -> None:
    block = (
        "Your donation supports our work.",
        "People read this newspaper for the news that they get from nobody else, and for the way in which it is told.",
        "Please contribute here.",
        "Make a monthly commitment to the newspaper that you read.",
    )
    assert [text for _, text in removed(behind(*block))] == list(block)


def test_a_last_paragraph_between_an_appeal_and_an_address_stays() -> None:
    article = cleaned(paragraphs(LEDE, SECOND, THIRD, "Sign up for our newsletter.", LAST, "Contact us at ann@example.org."))
    assert LAST not in [text for _, text in removed(article)]


def test_a_pull_quote_goes_and_its_paragraph_stays() -> None:
    quote = "Nobody in the town had believed that the harbour would ever open again."
    article = cleaned(paragraphs(LEDE, quote, SECOND, f"{THIRD} {quote} It did.", LAST))
    assert removed(article) == [("duplicate", quote)]


def test_a_short_quote_as_a_subhead_stays() -> None:
    assert removed(between("“We have learned what the sea can do”")) == []


def test_a_paragraph_printed_again_is_removed_once() -> None:
    assert removed(cleaned(paragraphs(LEDE, SECOND, THIRD, SECOND, LAST))) == [("duplicate", SECOND)]


def test_a_question_asked_of_everybody_stays() -> None:
    question = "What did you do on the night of the storm, and what is it that you remember best of all that happened then?"
    assert removed(cleaned(paragraphs(LEDE, question, SECOND, question, THIRD, question, LAST))) == []


@pytest.mark.parametrize(
    "line",
    [
        "Read the statement again, Kask told the council, and you will find no promise in it.",
        "Related companies of the builder had been fined twice before, the newspaper Example reported.",
        "Follow-up work on the northern quay will begin in June, the port authority said.",
        "Share prices of the builder fell by a tenth on Monday after the costs had become known.",
        "Sign-ups for the first ferry were closed after an hour, according to its owner.",
        "The council gave a short reply to the newspaper (AP and BNS carried it in full).",
        "Comments by the former mayor caused anger in the town.",
        "By Friday, the wind had calmed.",
        "It is impossible to subscribe to the old advice for the harbour today, an engineer of the port said.",
        "If you enjoy having a good argument, the council's report on the harbour gives you plenty to chew over.",
    ],
)
def test_prose_that_begins_like_furniture_stays(line: str) -> None:
    assert removed(between(line)) == []


@pytest.mark.parametrize("items", [("- Tallinn 12", "- Tartu 9", "- Narva 4"), ("1) Red Boat", "2) Blue Boat", "3) Old Boat")])
def test_lists_stay(items: tuple[str, ...]) -> None:
    assert removed(behind(*items)) == []


def test_an_article_in_capitals_loses_nothing() -> None:
    assert removed(cleaned(paragraphs(LEDE, SECOND, TEASER, THIRD, LAST).upper())) == []


def test_a_very_short_item_stays() -> None:
    assert removed(cleaned("Harbour reopens")) == []


def test_the_body_is_never_changed() -> None:
    body = "\n \ufeffRead more\r\n\r\nA\u200bB &amp; C â€™ x\n"
    assert cleaned(body).body == body


def test_a_date_that_is_missing_or_lies_ahead_gives_no_event_time() -> None:
    def raw(**dates: object) -> RawArticle:
        return RawArticle.model_validate({"uri": "u", "outlet": "o", "body": "b"} | dates)

    stated = datetime(2024, 5, 1, tzinfo=UTC)
    assert event_time(raw(), RECEIVED_AT) is None
    assert event_time(raw(published_at=stated), RECEIVED_AT) == stated
    assert event_time(raw(version_created=stated), RECEIVED_AT) == stated
    assert event_time(raw(published_at=RECEIVED_AT + timedelta(hours=2)), RECEIVED_AT) is None


def test_an_undated_article_has_the_instant_of_its_arrival() -> None:
    assert cleaned(LEDE).published_at == RECEIVED_AT


def test_headline_subhead_dateline_and_correction_stay_and_are_marked() -> None:
    title = "Harbour opens after two years of work"
    note = "Correction: An earlier version of this article misstated the cost of the work."
    article = cleaned(paragraphs(title, LEDE, SECOND, "A storm that nobody forgets", THIRD, LAST, note), title=title)
    assert removed(article) == []
    assert marked(article) == [
        ("headline", title),
        ("dateline", "Harbourville, Estonia -"),
        ("subhead", "A storm that nobody forgets"),
        ("correction", note),
    ]


def test_headlines_put_into_a_sentence_behind_a_name_go_and_the_sentence_stays() -> None:
    insert = " Linda Anna KaskCouncil splits over second bridge Harbour chief quits: report Kask's rivals say 'never' MORE"
    sentence = (
        f"The plan of Mayor Linda Kask{insert}’s council and of Ann Example Ann (Annie) ExampleFerries late MORE (Ind.) failed."
    )
    article = between(sentence)
    assert removed(article) == [("promo", insert), ("promo", " Ann (Annie) ExampleFerries late MORE")]
    view = TextView(article.body, article.removed, article.repaired)
    assert "The plan of Mayor Linda Kask’s council and of Ann Example (Ind.) failed." in view.text


@pytest.mark.parametrize(
    "sentence",
    [
        "Mayor Linda Kask asked for MORE of everything, and Kask got it in the end, the council said.",
        "She bought a MacBook from a McDonald and said that iPhoneX was MORE than enough for her at her age.",
    ],
)
def test_a_sentence_with_more_in_capitals_stays_whole(sentence: str) -> None:
    assert removed(between(sentence)) == []


@pytest.mark.parametrize(
    "line",
    [
        "segunda-feira, 22 de janeiro de 2018 às 0:13",
        "Dienstag, 14. Mai 2024, 12:30 Uhr",
        "mardi 14 mai 2024 à 12:30",
        "14 maggio 2024",
    ],
)
def test_the_date_of_the_page_above_the_text_goes_in_other_languages_too(line: str) -> None:
    assert removed(cleaned(paragraphs(line, LEDE, SECOND, LAST))) == [("byline", line)]


def test_contributors_on_lines_of_their_own_go_with_what_they_did() -> None:
    lines = ("—Ann Example,", "Bob Example, Cid Example", "and Dan Example", "contributed to this article.")
    assert removed(behind(*lines)) == [("credit", line) for line in lines]


def test_a_note_of_a_live_page_is_text_and_a_date_that_is_announced_too() -> None:
    assert removed(between("[Updated at 11:20 a.m. ET] There are a lot of flags in the harbour today.")) == []
    assert removed(cleaned(paragraphs("What follows may never happen, but it could:", "Jan. 20, 2025", LEDE, SECOND, LAST))) == []
    assert removed(cleaned(paragraphs("Updated at 5:12 p.m. ET", LEDE, SECOND, LAST))) == [("byline", "Updated at 5:12 p.m. ET")]
