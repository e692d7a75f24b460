"""From HTML pages to articles."""

from datetime import UTC, datetime

import pytest

from processors.errors import Unprocessable
from tests.processors.cleaning.articles import LAST, LEDE, RECEIVED_AT, SECOND, THIRD, cleaned, removed

TITLE = "Harbour opens after two years of work"
METADATA = f"""
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite", "name": "Example"}},
 {{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "2024-05-13T18:30:00+03:00",
  "author": [{{"@type": "Person", "name": "Ann Example"}}, {{"@type": "Person", "name": "Bob Example"}}]}}]}}</script>
"""


def page(*blocks: str, head: str = METADATA) -> str:
    text = "".join(block if block.startswith("<") else f"<p>{block}</p>" for block in blocks)
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
    return (
        f"<!doctype html><html lang='en-GB'><head><title>{TITLE} | The Daily Example</title>{head}</head>"
        f"<body>{menu}<main><article><h1>{TITLE}</h1>{text}</article></main><footer>Contact us</footer></body></html>"
    )


ARTICLE = (LEDE, SECOND, THIRD, LAST)


def of_page(source: str, **fields: object):  # type: ignore[no-untyped-def]
    return cleaned(source, content_type="text/html", **fields)


def test_the_body_is_the_pages_text_without_its_title() -> None:
    assert of_page(page(*ARTICLE)).body == "\n".join(ARTICLE)


def test_the_page_fills_what_the_feed_left_empty() -> None:
    article = of_page(page(*ARTICLE))
    assert article.title == TITLE
    assert article.authors == ["Ann Example", "Bob Example"]
    assert article.published_at == datetime(2024, 5, 13, 15, 30, tzinfo=UTC)
    assert article.language == "en"


def test_the_feeds_word_is_stronger_than_the_pages() -> None:
    stated = datetime(2024, 5, 12, tzinfo=UTC)
    article = of_page(page(*ARTICLE), title="Harbour opens", authors=["Carl Example"], published_at=stated)
    assert (article.title, article.authors, article.published_at) == ("Harbour opens", ["Carl Example"], stated)


def test_meta_elements_do_where_there_is_no_json() -> None:
    head = (
        f"<meta property='og:title' content='{TITLE}'><meta name='author' content='Ann Example'>"
        "<meta property='article:published_time' content='2024-05-13T18:30:00Z'>"
    )
    article = of_page(page(*ARTICLE, head=head))
    assert (article.title, article.authors) == (TITLE, ["Ann Example"])
    assert article.published_at == datetime(2024, 5, 13, 18, 30, tzinfo=UTC)


def test_an_unreadable_date_leaves_the_instant_of_arrival() -> None:
    head = "<meta property='article:published_time' content='yesterday'><script type='application/ld+json'>{oops</script>"
    assert of_page(page(*ARTICLE, head=head)).published_at == RECEIVED_AT


def test_furniture_in_a_page_is_removed_by_the_same_steps() -> None:
    article = of_page(page(LEDE, SECOND, "Read more: Storm leaves thousands without power", THIRD, LAST))
    assert removed(article) == [("promo", "Read more: Storm leaves thousands without power")]


@pytest.mark.parametrize(
    "source",
    ["<html></html>", "<html><body><script>var a = 1;</script></body></html>", "<" * 1_000, "<div>" * 20_000, "<!-- nothing -->"],
)
def test_a_page_without_text_is_refused_with_a_reason(source: str) -> None:
    with pytest.raises(Unprocessable, match=r"HTML") as caught:
        of_page(source)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    ["<p>" + LEDE, page(*ARTICLE)[:-200], "<p>\x00" + LEDE + "</b></i></p>", "<?xml version='1.0' encoding='x'?><p>" + LEDE],
)
def test_a_malformed_page_with_text_is_read(source: str) -> None:
    assert "Mayor Linda Kask opened" in of_page(source).body


@pytest.mark.parametrize("element", ["noscript", "dialog", "button"])
def test_an_element_that_never_holds_prose_is_left_out_unless_it_has_swallowed_the_article(element: str) -> None:
    beside = page(*ARTICLE, f"<{element}><p>Allow notifications from this site, please.</p></{element}>")
    assert of_page(beside).body == "\n".join(ARTICLE)
    assert SECOND in of_page(page(f"<{element}>", *ARTICLE)).body


def test_a_fragment_as_rss_feeds_send_it_is_read() -> None:
    assert of_page("".join(f"<p>{text}</p>" for text in ARTICLE)).body == "\n".join(ARTICLE)


def test_a_killed_page_without_a_body_passes() -> None:
    assert cleaned("", content_type="text/html", pub_status="canceled").body == ""


def test_of_a_page_with_very_many_elements_the_paragraphs_are_read() -> None:
    posts = "".join(
        f"<div><b>{n}</b><p>The wind turned at {n} o'clock, <i>the harbour master wrote</i>.</p></div>" for n in range(9_000)
    )
    article = of_page(page(LEDE, f"<nav><p>Home</p></nav>{posts}", SECOND))
    lines = article.body.split("\n")
    assert (lines[0], lines[1], lines[-1]) == (LEDE, "The wind turned at 0 o'clock, the harbour master wrote.", SECOND)
    assert len(lines) == 9_002
