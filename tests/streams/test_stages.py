"""What a stage makes of one record after another, without Kafka."""

from collections import Counter
from datetime import datetime
from typing import Any

import orjson
import pytest

from processors.boilerplate import Imprint
from processors.cleaning import clean_and_imprint
from processors.extraction import extract
from schemas import CleanArticle, RawArticle, StoryArticle
from streams.local import settle
from streams.records import Incoming, Outgoing
from streams.stages import STAGES, Options, Product, run

RECEIVED_AT_MS = 1_775_660_000_000  # 8 April 2026
ARTICLE: dict[str, object] = {
    "uri": "urn:newsml:meridian-wire.example:20260408:MW2231",
    "outlet": "Meridian Wire",
    "body": "LUSAKA – Zambia and Malawi signed an agreement on Wednesday to reopen the railway between Chipata and Mchinji.\n\n"
    "“This line feeds two countries,” Transport Minister Esther Banda told reporters in Lusaka.",
    "published_at": "2026-04-08T13:20:00Z",
}


def flow(*articles: dict[str, object]) -> list[Outgoing]:
    """What the stages publish for raw articles, in order."""
    records, options = [Outgoing("articles.raw", None, orjson.dumps(article)) for article in articles], Options()
    for stage in STAGES.values():
        memory = stage.new_state()
        inputs = [record for record in records if record.topic == stage.source.name]
        for offset, record in enumerate(inputs):
            incoming = Incoming(record.topic, 0, offset, RECEIVED_AT_MS, record.key, record.value or b"", record.headers)
            records += settle(stage, memory, incoming, run(stage.name, incoming, options), options, Counter())
    return records


def test_a_kill_without_text_withdraws_every_record_of_its_article() -> None:
    records = flow(ARTICLE, {"uri": ARTICLE["uri"], "outlet": "Meridian Wire", "body": "", "version": 2, "pub_status": "canceled"})
    last = {(record.topic, record.key): record.value for record in records if record.topic in ("entities", "events", "claims")}
    assert {topic for topic, _ in last} == {"entities", "events", "claims"}
    assert set(last.values()) == {None}


def test_a_copy_that_was_killed_without_text_does_not_take_over() -> None:
    body = (
        f"{ARTICLE['body']}\n\nThe line will carry copper and maize to the port of Nacala, and the two governments will share the "
    )
    body += "cost of forty million dollars over three years, she said. The bridge fell when the river rose by six metres."
    copy = {"uri": "https://lakeshore-times.example/a", "outlet": "Lakeshore Times", "published_at": "2026-04-08T14:02:00Z"}
    kill = {"body": "", "version": 2, "pub_status": "canceled", "published_at": None}
    records = flow(ARTICLE | {"body": body}, ARTICLE | copy | {"body": body}, ARTICLE | copy | kill, ARTICLE | kill)
    roles = [orjson.loads(record.value or b"")["role"] for record in records if record.topic == "stories"]
    assert roles == ["original", "copy", "kill", "kill"]
    last = {(record.topic, record.key): record.value for record in records if record.topic in ("entities", "events", "claims")}
    assert set(last.values()) == {None}


def test_an_article_in_another_language_is_a_story_and_is_not_extracted() -> None:
    body = "Sambia und Malawi haben am Mittwoch vereinbart, die Eisenbahn zwischen Chipata und Mchinji wieder zu öffnen."
    records = flow(ARTICLE | {"body": body, "language": "de"})
    assert [record.topic for record in records] == ["articles.raw", "articles.clean", "stories"]


def test_a_correction_in_another_language_withdraws_what_was_published_of_the_article() -> None:
    body = "Sambia und Malawi haben am Mittwoch vereinbart, die Eisenbahn zwischen Chipata und Mchinji wieder zu öffnen."
    records = flow(ARTICLE, ARTICLE | {"body": body, "language": "de", "version": 2})
    last = {(record.topic, record.key): record.value for record in records if record.topic in ("entities", "events", "claims")}
    assert {topic for topic, _ in last} == {"entities", "events", "claims"}
    assert set(last.values()) == {None}
    digests = [orjson.loads(record.value or b"") for record in records if record.topic == "digests"]
    assert [digest["pub_status"] for digest in digests] == ["usable", "canceled"]


def test_an_article_that_makes_a_processor_raise_is_a_dead_letter_and_the_next_is_unaffected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fragile(raw: RawArticle, received_at: datetime) -> tuple[CleanArticle, Imprint]:
        if raw.uri == "bad":
            raise ZeroDivisionError("a bug")
        return clean_and_imprint(raw, received_at)

    monkeypatch.setattr("processors.cleaning.clean_and_imprint", fragile)
    records = flow(ARTICLE | {"uri": "bad"}, ARTICLE)
    (letter,) = [record for record in records if record.topic == "articles.raw-dlq"]
    headers = {name: value.decode() for name, value in letter.headers}
    assert letter.value == orjson.dumps(ARTICLE | {"uri": "bad"})
    assert (headers["dlq_reason"], headers["dlq_exception"], headers["dlq_detail"]) == ("exception", "ZeroDivisionError", "a bug")
    assert "fragile" in headers["dlq_trace"]
    assert [record.topic for record in records].count("articles.clean") == 1
    assert any(record.topic == "events" for record in records)


def test_a_copy_that_cannot_take_over_is_the_dead_letter_and_the_next_copy_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(article: StoryArticle, *options: Any) -> Any:
        if article.uri == "copy-1":
            raise ZeroDivisionError("a bug")
        return extract(article, *options)

    monkeypatch.setattr("processors.extraction.extract", fragile)
    text = (
        str(ARTICLE["body"])
        + "\n\n"
        + "\n\n".join(f"Paragraph {n} says what the {n} engineers of line {n} saw." for n in range(20))
    )
    story = ARTICLE | {"body": text}
    copies = [story | {"uri": f"copy-{n}", "outlet": f"Outlet {n}"} for n in (1, 2)]
    records = flow(
        story, *copies, {"uri": ARTICLE["uri"], "outlet": "Meridian Wire", "body": "", "version": 2, "pub_status": "canceled"}
    )
    (letter,) = [record for record in records if record.topic == "stories-dlq"]
    assert orjson.loads(letter.value or b"")["uri"] == "copy-1"
    alive = [orjson.loads(record.value) for record in records if record.topic == "entities" and record.value]
    assert alive[-1]["article_uri"] == "copy-2"


def test_headers_of_a_feed_cannot_stop_a_stage() -> None:
    record = Incoming(
        "articles.raw", 0, 0, RECEIVED_AT_MS, None, orjson.dumps(ARTICLE), (("ce_receivedat", b"yesterday"), ("x", b""))
    )
    product = run("clean", record, Options())
    assert isinstance(product, Product)
    assert dict(product.outputs[0].headers)["ce_receivedat"] == b"2026-04-08T14:53:20Z"
