"""The stages: which processor belongs to which topic.

A stage has two halves. `work` is the dear one: pure, run in any process, on any record, in any order. `settle` is the cheap one:
run in the order of the input partition, with what the stage remembers of it; what it gives is published in one transaction with
the state and the input's offset. Both are the same with and without Kafka.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson

from processors import DEFAULT_MODEL, LANGUAGE
from processors.boilerplate import Memory, without
from processors.dedupe import Decision, Stories
from processors.identity import carried
from processors.ledger import Ledger, RecordKey, Settlement, Version
from processors.linking import Links
from schemas import MAX_ARTICLE_BYTES, CleanArticle, Digest, RawArticle, StoryArticle, Withdrawn
from streams.dead_letters import Failure, Rejected, dead_letter, parse
from streams.records import Incoming, Outgoing, cloudevent
from streams.topics import (
    ARTICLES_CLEAN,
    CLAIMS,
    DIGESTS,
    ENTITIES,
    EVENTS,
    MAX_RECORD_BYTES,
    OCCURRENCES,
    QUOTES,
    SOURCES,
    STORIES,
    Topic,
)

DECISION_BYTES = 64 * 1024
"""Room for what dedupe adds to a clean article."""
Count = tuple[str, str]
"""(metric, label): one more of it; see metrics.py."""
Changes = list[tuple[str, dict[str, Any] | None]]
NO_LIMITS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Options:
    """What an operator may choose about the processors."""

    model: str = DEFAULT_MODEL
    min_confidence: float | None = None
    dedupe: bool = True


@dataclass(slots=True)
class Product:
    """What `work` made of one record."""

    outputs: list[Outgoing] = field(default_factory=list)
    article: Any = None
    """What `settle` needs to know of the article."""
    counts: list[Count] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(slots=True)
class Settled:
    """What is to be published for one record, and remembered."""

    outputs: list[Outgoing] = field(default_factory=list)
    changes: Changes = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    remembered: list[Outgoing] = field(default_factory=list)
    """The changes as records of the stage's state topic; `conclude` fills it in."""
    rejected: Failure | None = None
    """Why there is a dead letter among the outputs."""
    state_is_suspect: bool = False
    """Whether settling failed half-way: the state must be read back as it was committed before the next record is settled."""
    again: Incoming | None = None
    """A record that `work` must be done on now, and settled, before the next one (a copy that takes over)."""


class State(Protocol):
    """What a stage remembers of one input partition."""

    def restore(self, key: str, value: dict[str, Any] | None) -> None:
        """Take back one change; the later of a key wins, None forgets it. They come in the order in which they were made."""

    def restored(self) -> None:
        """All changes were taken back: be ready to decide. Takes its time, and is called in another thread."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the stream."""

    name: str
    source: Topic
    work: Callable[[Incoming, Options], Product]
    settle: Callable[[Any, Incoming, Product, Options], Settled]
    new_state: Callable[[], State]
    in_pool: bool
    """Whether `work` is dear enough for a process of the pool."""
    abandon: Callable[[Any, Incoming], Settled] = lambda state, record: Settled()
    """What follows where `work` failed on a record that `settle` asked to do now."""

    def conclude(
        self,
        state: State,
        record: Incoming,
        product: Product | Failure,
        options: Options,
        *,
        asked: bool = False,
        prefix: str = "",
        limits: Mapping[str, int] = NO_LIMITS,
    ) -> Settled:
        """Settle a product; a failure, an error in settling, or an output that its topic does not take, is a dead letter.

        `asked`: the record is one that an earlier `again` named. `prefix` is that of the cluster's topics. `limits`: what topics
        take (bytes a record) where that is less than `MAX_RECORD_BYTES`.
        """
        if isinstance(product, Product):
            product = self._too_large(product.outputs, limits) or product
        if isinstance(product, Failure):
            settled = self._remember(self.abandon(state, record) if asked else Settled())
            return self._reject(settled, record, product, prefix)
        try:
            settled = self._remember(self.settle(state, record, product, options))
        except MemoryError:  # of the system, not of the article
            raise
        except Exception as error:
            return self._reject(Settled(state_is_suspect=True), record, Failure.of(error), prefix)
        failure = self._too_large([*settled.outputs, *settled.remembered], limits)
        if failure is not None:
            return self._reject(Settled(state_is_suspect=True), record, failure, prefix)
        return settled

    def _remember(self, settled: Settled) -> Settled:
        topic = f"{self.name}.state"
        settled.remembered = [
            Outgoing(topic, key.encode(), None if value is None else orjson.dumps(value)) for key, value in settled.changes
        ]
        return settled

    def _too_large(self, outputs: list[Outgoing], limits: Mapping[str, int]) -> Failure | None:
        for output in outputs:
            limit_bytes = limits.get(output.topic, MAX_RECORD_BYTES)
            if output.size_bytes > limit_bytes:
                detail = f"what {self.name} makes of it has {output.size_bytes} bytes; {output.topic} takes {limit_bytes}"
                return Failure("too-large", "", detail)
        return None

    def _reject(self, settled: Settled, record: Incoming, failure: Failure, prefix: str) -> Settled:
        settled.outputs.append(dead_letter(record, self.name, failure, prefix))
        settled.rejected = failure
        return settled


def run(stage: str, record: Incoming, options: Options) -> Product | Failure:
    """Do a stage's work on one record; an error in the article is a `Failure`, not an exception."""
    began = time.perf_counter()
    try:
        product = STAGES[stage].work(record, options)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:  # an error in one article is a dead letter, whatever it is
        return Failure.of(error)
    product.seconds = time.perf_counter() - began
    return product


def _clean(record: Incoming, options: Options) -> Product:
    from processors.cleaning import clean_and_imprint  # only where it runs: the worker itself starts in half the time without it

    raw = parse(RawArticle, record.value)
    if len(raw.body) > MAX_ARTICLE_BYTES or len(raw.body.encode()) > MAX_ARTICLE_BYTES:
        raise Rejected("too-large", f"the body has {len(raw.body.encode())} bytes; it may have {MAX_ARTICLE_BYTES}")
    article, imprint = clean_and_imprint(raw, record.received_at)
    output = cloudevent(
        ARTICLES_CLEAN.name,
        article.language,
        f"{article.uri}@{article.version}",
        article.published_at,
        article.to_json(),
        record.passed_on,
    )
    counts = [("unreadable_dates", name) for name in raw.unreadable_dates] + [("languages", article.language)]
    counts += [("removed", removed.reason) for removed in article.removed]
    return Product([output], imprint, counts)


def _forget_boilerplate(state: Memory, record: Incoming, product: Product, options: Options) -> Settled:
    """Take out of the article what its outlet repeats."""
    removed, changes = state.recall(product.article)
    outputs = product.outputs
    if removed:
        article = without(CleanArticle.from_json(outputs[0].value or b""), removed)
        outputs = [replace(outputs[0], value=article.to_json())]
    return Settled(outputs, changes, [*product.counts, *(("removed", line.reason) for line in removed)])


def _read_clean(record: Incoming, options: Options) -> Product:
    if len(record.value) > MAX_RECORD_BYTES - DECISION_BYTES:
        raise Rejected("too-large", f"{len(record.value)} bytes; with the decision it would be too large for {STORIES.name}")
    return Product(article=parse(CleanArticle, record.value))


def _dedupe(state: Stories, record: Incoming, product: Product, options: Options) -> Settled:
    article: CleanArticle = product.article
    decision: Decision | None
    if options.dedupe:
        decision, changes = state.decide(article)
    else:
        role = "kill" if article.pub_status == "canceled" else "original"
        decision, changes = Decision(story_id=article.uri, role=role), []  # type: ignore[arg-type]
    if decision is None:
        return Settled(changes=changes, counts=[("skipped", "redelivered")])
    output = cloudevent(
        STORIES.name,
        decision.story_id,
        f"{article.uri}@{article.version}",
        article.published_at,
        orjson.dumps(orjson.loads(record.value) | decision.fields()),
        record.passed_on,
    )
    return Settled([output], changes, [("roles", decision.role)])


def _extract(record: Incoming, options: Options) -> Product:
    from processors.extraction import extract  # as in _clean
    from processors.linking.digest import digest

    article = parse(StoryArticle, record.value)
    dated = article.dated_by != "arrival"
    version = Version(article.uri, article.story_id, article.role, article.pub_status, article.published_at, dated)
    about = Extracted(article, version, None)
    if about.in_other_language:
        about.keys = []
        return Product([_no_digest(article, record)], about, [("skipped", "language")])
    if article.pub_status != "usable" or article.role not in ("original", "update"):
        return Product(article=about)
    found = extract(article, options.model, options.min_confidence)
    outputs, counts = [], []
    for topic, key, item in (
        (ENTITIES, article.uri, found.entities),
        *((CLAIMS, claim.id, claim) for claim in found.claims),
        *((EVENTS, event.id, event) for event in found.events),
    ):
        id = f"{item.id}@{article.version}"
        outputs.append(cloudevent(topic.name, key, id, article.published_at, item.to_json(), record.passed_on))
    counts += [("claims", claim.kind) for claim in found.claims] + [("events", event.type) for event in found.events]
    about.keys = [(output.topic, (output.key or b"").decode()) for output in outputs]
    outputs.append(_digest(digest(article, found.claims, found.events), record))
    return Product(outputs, about, counts)


@dataclass(slots=True)
class Extracted:
    """What the ledger must know of an extracted article."""

    article: StoryArticle
    version: Version
    keys: list[RecordKey] | None
    """The records that extraction gave; None where it did not run."""

    @property
    def in_other_language(self) -> bool:
        """Whether extraction leaves the article alone. A kill often has no text, and so no language, and still ends its story."""
        return self.article.pub_status == "usable" and self.article.language != LANGUAGE


def _settle_extraction(state: Ledger, record: Incoming, product: Product, options: Options) -> Settled:
    about: Extracted = product.article
    if about.in_other_language and not state.speaks(about.version):  # else it corrects what was published in ours
        return Settled(counts=product.counts)
    settlement = state.settle(about.version, record.value.decode(), about.keys)
    settled = _follow_up(settlement, record)
    if settlement.publish:
        settled.outputs, settled.counts = product.outputs, product.counts
    elif settlement.withdraw:
        settled.outputs = [_no_digest(about.article, record)]
    settled.outputs = [*settled.outputs, *(out for key in settlement.withdraw for out in _withdrawal(key, about.article, record))]
    settled.counts = [*settled.counts, *(("withdrawn", topic) for topic, _ in settlement.withdraw)]
    return settled


def _abandon_promotion(state: Ledger, record: Incoming) -> Settled:
    """The copy that was to take over cannot be extracted: the next one's turn."""
    copy = orjson.loads(record.value)
    return _follow_up(state.abandon(copy["story_id"], copy["uri"]), record)


def _follow_up(settlement: Settlement, record: Incoming) -> Settled:
    """What a settlement has the stage remember, and do next."""
    settled = Settled(changes=settlement.changes)
    if settlement.promote is not None:
        settled.again = replace(record, value=orjson.dumps(orjson.loads(settlement.promote) | {"role": "original"}))
    return settled


def _withdrawal(key: RecordKey, article: StoryArticle, record: Incoming) -> tuple[Outgoing, Outgoing]:
    """The record that says so, and the tombstone."""
    topic, id = key
    withdrawn = Withdrawn(**_withdrawn(id, article))
    event_id = f"{id}@{article.version}"
    return (
        cloudevent(topic, id, f"{event_id}-withdrawn", article.published_at, withdrawn.to_json(), record.passed_on),
        cloudevent(topic, id, f"{event_id}-tombstone", article.published_at, None, record.passed_on),
    )


def _withdrawn(id: str, article: StoryArticle) -> dict[str, Any]:
    """What a record says of which nothing else is left."""
    return carried(id, article) | {"pub_status": "canceled"}


def _digest(digest: Digest, record: Incoming) -> Outgoing:
    id = f"{digest.article_uri}@{digest.article_version}-{digest.pub_status}"
    return cloudevent(DIGESTS.name, digest.story_id, id, digest.published_at, digest.to_json(), record.passed_on)


def _no_digest(article: StoryArticle, record: Incoming) -> Outgoing:
    """Takes the story's digest back."""
    return _digest(Digest(**_withdrawn(article.story_id, article)), record)


def _read_digest(record: Incoming, options: Options) -> Product:
    return Product(article=parse(Digest, record.value))


def _link(state: Links, record: Incoming, product: Product, options: Options) -> Settled:
    linked = state.follow(product.article)
    outputs = []
    found = [(QUOTES.name, quote) for quote in linked.quotes] + [(OCCURRENCES.name, joined) for joined in linked.occurrences]
    for topic, item in found:
        id = f"{item.id}@{item.version}"
        outputs.append(cloudevent(topic, item.id, id, item.last_seen, item.to_json(), record.passed_on))
        if item.pub_status == "canceled":
            outputs.append(cloudevent(topic, item.id, f"{id}-tombstone", item.last_seen, None, record.passed_on))
    return Settled(outputs, linked.changes)


CLEAN = Stage("clean", SOURCES["clean"], _clean, _forget_boilerplate, Memory, in_pool=True)
DEDUPE = Stage("dedupe", SOURCES["dedupe"], _read_clean, _dedupe, Stories, in_pool=False)
EXTRACT = Stage("extract", SOURCES["extract"], _extract, _settle_extraction, Ledger, in_pool=True, abandon=_abandon_promotion)
LINK = Stage("link", SOURCES["link"], _read_digest, _link, Links, in_pool=False)
STAGES = {stage.name: stage for stage in (CLEAN, DEDUPE, EXTRACT, LINK)}
"""In the order of the flow."""
