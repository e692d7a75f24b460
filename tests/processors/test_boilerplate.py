"""What an outlet prints again and again is taken out; what is true again and again stays."""

import itertools
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors import boilerplate
from processors.boilerplate import ARTICLES, Imprint, Memory, without
from processors.cleaning import clean_and_imprint
from processors.text import TextView
from schemas import CleanArticle, RawArticle
from tests.processors.cleaning.articles import RECEIVED_AT, paragraphs

SUBJECTS = [
    ("Council approves cheaper ferry tickets", "The council voted for cheaper tickets on all ferries to the islands from June on."),
    ("Storm damages forty houses near Lakeside", "A storm tore the roofs from forty houses and cut the power for a night."),
    ("Brewery reopens after thirty years", "A brewery that had stood empty for thirty years sells beer again."),
    ("Two rowers reach the Azores", "Two rowers arrived on Sunday after fifty days alone on the ocean."),
    ("Hospital hires nurses from abroad", "The hospital has found sixty nurses in four countries, its director said."),
    ("Thieves steal a church bell", "Someone carried away a bell of two hundred kilograms without being heard."),
    ("School tries lessons in the forest", "Pupils of the third form spend every Thursday among the trees."),
    ("Railway to Northport is electric again", "Trains no longer change their engines at the border of the county."),
]
STRAP = "The Harbour Post is written by the people who live here and paid for by those who read it."


Shown = tuple[CleanArticle, Imprint]


def shown(body: str, **fields: object) -> Shown:
    return clean_and_imprint(RawArticle.model_validate({"uri": "test:1", "outlet": "o", "body": body} | fields), RECEIVED_AT)


def article(number: int, *lines: str, outlet: str = "Harbour Post", **fields: object) -> Shown:
    """An article about the subject of that number, with the lines between its paragraphs and its end."""
    title, lede = SUBJECTS[number % len(SUBJECTS)]
    more = f"Nobody had expected that, witness number {number} told this newspaper on the day after it had happened."
    return shown(paragraphs(lede, more, *lines), **{"uri": f"test:{outlet}:{number}", "title": title, "outlet": outlet} | fields)


def remembered(memory: Memory, articles: Iterable[Shown]) -> list[list[tuple[str, str]]]:
    """What the memory takes out of each article, in order: (reason, text)."""
    found = []
    for clean, imprint in articles:
        removed, _ = memory.recall(imprint)
        found.append([(line.reason, clean.body[line.start : line.end]) for line in removed])
    return found


def test_a_line_that_articles_about_different_things_repeat_is_boilerplate_from_the_fourth_on() -> None:
    assert remembered(Memory(), (article(n, STRAP) for n in range(6))) == [[], [], [], *[[("boilerplate", STRAP)]] * 3]


def test_each_outlet_has_lines_of_its_own() -> None:
    assert remembered(Memory(), (article(n, STRAP, outlet=f"Outlet {n}") for n in range(8))) == [[]] * 8


def test_the_title_of_another_article_is_a_promo() -> None:
    promo = SUBJECTS[0][0]
    assert remembered(Memory(), [article(0), article(1, promo)]) == [[], [("promo", promo)]]


def test_an_articles_own_title_stays() -> None:
    assert remembered(Memory(), [article(0), article(0, SUBJECTS[0][0], uri="test:again")]) == [[], []]


@pytest.mark.parametrize(
    "line",
    [
        "Northport 3, Lakeside 2",
        "1. FC Lakeside 34 22 7 5 73",
        "What happens next?",
        "Linda Kask, Harbour Post",
        "What we know so far:",
        "Anna:",
    ],
)
def test_a_result_a_subhead_a_speaker_and_a_label_stay_however_often_they_come(line: str) -> None:
    behind = "It was not the first time in {} years, and it will not be the last one, people in the town say."
    assert not any(remembered(Memory(), (article(n, line, behind.format(n)) for n in range(8))))


def test_the_background_that_follow_ups_of_one_story_repeat_stays() -> None:
    background = "The ferry sank in March with forty people on board, of whom the coastguard saved all but two within an hour."
    titles = [f"Ferry disaster: {word} hears the captain of the lost ship" for word in ("court", "council", "police", "mayor") * 4]
    articles = [article(n, background, title=title, uri=f"u{n}") for n, title in enumerate(titles)]
    assert not any(remembered(Memory(), articles))


def test_the_sentences_of_a_daily_forecast_stay() -> None:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    sentences = (
        "It will be cloudy at first, with some rain over the hills in the afternoon.",
        "Winds from the west will be light, and stronger along the coast after dark.",
        "Towards the weekend it will be getting colder in all parts of the country.",
    )
    forecasts = [shown(paragraphs(*sentences[n % 2 :]), title=f"{day}'s weather", uri=day) for n, day in enumerate(days)]
    assert not any(remembered(Memory(), forecasts))


@pytest.mark.parametrize(
    "quote", ['"The wind comes back," Kask said.', '"The sea can do that, and we know it," the mayor told us then.']
)
def test_a_quote_used_five_times_stays(quote: str) -> None:
    assert not any(remembered(Memory(), (article(n, quote) for n in range(5))))


def test_versions_and_copies_of_one_article_count_once() -> None:
    versions = [article(0, STRAP, version=n) for n in range(6)]
    copies = [article(0, STRAP, uri=f"copy {n}", title=f"{SUBJECTS[n][0]}") for n in range(6)]
    assert not any(remembered(Memory(), [*versions, *copies]))


def test_an_article_that_is_hardly_more_than_repeated_lines_keeps_them() -> None:
    notices = [shown(STRAP, uri=f"u{n}", title=SUBJECTS[n][0]) for n in range(8)]
    assert not any(remembered(Memory(), notices))


def test_an_outlet_forgets_a_line_that_it_no_longer_prints() -> None:
    memory = Memory()
    remembered(memory, (article(n, STRAP) for n in range(8)))
    remembered(memory, (article(n) for n in range(8, 8 + ARTICLES)))
    assert remembered(memory, [article(4, STRAP, uri="late")]) == [[]]


def test_what_is_left_of_an_article_is_sound_and_has_its_own_fingerprint() -> None:
    memory = Memory()
    remembered(memory, (article(n, STRAP) for n in range(5)))
    dirty, imprint = article(5, STRAP, "Read more", "It\u200bs last para&amp;graph says that the wind will calm tomorrow.")
    removed, _ = memory.recall(imprint)
    clean = without(dirty, removed)
    assert [(r.reason, clean.body[r.start : r.end]) for r in clean.removed] == [("boilerplate", STRAP), ("promo", "Read more")]
    same, _ = article(5, "It\u200bs last para&amp;graph says that the wind will calm tomorrow.")
    assert clean.fingerprint == same.fingerprint
    assert [clean.body[r.start : r.end] for r in clean.repaired] == ["\u200b", "&amp;"]
    words = [TextView(a.body, a.removed, a.repaired).text.split() for a in (clean, same)]
    assert words[0] == words[1]


LINES = [STRAP, "Follow the Harbour Post wherever you are", "Ann Example", SUBJECTS[0][0], SUBJECTS[3][0], "A line of its own"]
Feed = list[tuple[int, str, list[str]]]
FEED = st.lists(
    st.tuples(st.integers(0, 15), st.sampled_from("abc"), st.lists(st.sampled_from(LINES), max_size=4)), min_size=1, max_size=40
)


def imprints(feed: Feed) -> list[Imprint]:
    return [article(number, *lines, outlet=outlet)[1] for number, outlet, lines in feed]


def log(memory: Memory, articles: Iterable[Imprint]) -> list[Any]:
    return [memory.recall(article) for article in articles]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory that is full soon."""
    monkeypatch.setattr(boilerplate, "ARTICLES", 6)
    monkeypatch.setattr(boilerplate, "OUTLETS", 2)


@pytest.mark.usefixtures("small")
@given(FEED, st.data())
@settings(max_examples=60)
def test_the_same_input_in_the_same_order_decides_the_same_with_a_restart_anywhere(feed: Feed, data: st.DataObject) -> None:
    articles = imprints(feed)
    whole = log(Memory(), articles)
    stop = data.draw(st.integers(0, len(articles)))
    live = Memory()
    topic: dict[str, bytes | None] = {}
    for _, changes in log(live, articles[:stop]):
        for key, value in changes:
            topic.pop(key, None)
            topic[key] = None if value is None else orjson.dumps(value)
    compacted = [(key, orjson.loads(value)) for key, value in data.draw(st.permutations(list(topic.items()))) if value is not None]
    again = Memory()
    for key, value in compacted:
        again.restore(key, value)
    again.restored()
    assert log(again, articles[stop:]) == whole[stop:]


@pytest.mark.usefixtures("small")
@given(FEED)
@settings(max_examples=40)
def test_the_state_topic_holds_no_more_than_the_memory_may(feed: Feed) -> None:
    topic: dict[str, Any] = {}
    for key, value in itertools.chain.from_iterable(changes for _, changes in log(Memory(), imprints(feed))):
        topic[key] = value
        alive = {key for key, value in topic.items() if value is not None}
        assert len(alive) <= 3 * 6
    assert len({key.partition("/")[2] for key, value in topic.items() if value is not None}) <= 2


def test_a_state_record_is_small_however_long_the_article() -> None:
    _, long = shown("\n".join(f"Line {'abcdefghij'[n % 10]} of the long list of people" for n in range(5_000)), title="T " * 500)
    ((_, value),) = Memory().recall(long)[1]
    assert len(orjson.dumps(value)) < 1_000
