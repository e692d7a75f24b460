"""Every metric, declared once. Names carry their unit; all are counted in the worker's own process, after the transaction that they
speak of has been committed, so that they are exact whatever the pool's processes do."""

from collections.abc import Iterable
from typing import get_args

from prometheus_client import Counter, Gauge, Histogram

from schemas import ClaimKind, Role
from streams.dead_letters import Reason
from streams.stages import STAGES, Count

RECORDS_IN = Counter("copydesk_records_in", "Input records whose results are committed", ["stage"])
RECORDS_OUT = Counter("copydesk_records_out", "Records published", ["stage", "topic"])
BYTES_IN = Counter("copydesk_in_bytes", "Bytes of input records whose results are committed", ["stage"])
DEAD_LETTERS = Counter("copydesk_dead_letters", "Records that could not be processed", ["stage", "reason"])
PROCESSING = Histogram(
    "copydesk_processing_seconds",
    "Time that a processor took on one record",
    ["stage"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)
COMMIT = Histogram(
    "copydesk_commit_seconds",
    "Time that one transaction took, from its first record to its commit",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
END_TO_END = Histogram(
    "copydesk_end_to_end_seconds",
    "Time from an article's arrival in Kafka to the commit of what the stage made of it",
    ["stage"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600),
)
LAG_RECORDS = Gauge("copydesk_lag_records", "Records of an input partition that are not committed yet", ["stage", "partition"])
LAG_SECONDS = Gauge("copydesk_lag_seconds", "Age of the oldest record that is not committed yet", ["stage", "partition"])
IN_FLIGHT = Gauge("copydesk_in_flight_records", "Records taken from Kafka and not committed yet", ["stage", "partition"])
RESTORED = Counter("copydesk_restored_records", "State records read back at a start or rebalance", ["stage"])
POOL_RETRIES = Counter("copydesk_pool_retries", "Articles tried again, alone, because a pool process ended on them")
TASKS = Gauge("copydesk_event_loop_tasks", "Tasks of the worker's event loop; one that only grows is a leak")
POOL_RESTARTS = Counter("copydesk_pool_restarts", "Pool processes replaced: died, out of time, over memory, or worn", ["cause"])
EXPIRED = Counter("copydesk_expired_records", "Input records that retention deleted before the stage had read them", ["stage"])
FUSE_BLOWN = Gauge("copydesk_fuse_blown", "1: the stage was stopped because too many records fail; the worker ends soon", ["stage"])

ARTICLES = Counter("copydesk_articles", "Articles by their role in a story", ["role"])
EVENTS = Counter("copydesk_events", "Events published", ["type"])
CLAIMS = Counter("copydesk_claims", "Claims published", ["kind"])
WITHDRAWN = Counter("copydesk_withdrawn", "Records withdrawn by corrections and kills", ["topic"])
LANGUAGES = Counter("copydesk_languages", "Articles cleaned, by language", ["language"])
REMOVED = Counter("copydesk_removed_spans", "Pieces removed from bodies", ["reason"])
SKIPPED = Counter("copydesk_skipped", "Articles that a stage passed over, by design", ["reason"])
UNREADABLE_DATES = Counter("copydesk_unreadable_dates", "Dates of raw articles that were dropped", ["field"])

_COUNTERS: dict[str, Counter] = {
    "roles": ARTICLES,
    "events": EVENTS,
    "claims": CLAIMS,
    "withdrawn": WITHDRAWN,
    "languages": LANGUAGES,
    "removed": REMOVED,
    "skipped": SKIPPED,
    "unreadable_dates": UNREADABLE_DATES,
}


def count(counts: Iterable[Count]) -> None:
    """Add what stages counted (streams.stages.Count)."""
    for name, label in counts:
        _COUNTERS[name].labels(label).inc()


def _begin_at_zero() -> None:
    """A series that appears with its first value has no increase in Prometheus: what alerts and ratios rest on begins at 0."""
    for stage in STAGES:
        for metric in (RECORDS_IN, PROCESSING, COMMIT, END_TO_END):
            metric.labels(stage)
        FUSE_BLOWN.labels(stage)
        EXPIRED.labels(stage)
        for reason in get_args(Reason):
            DEAD_LETTERS.labels(stage, reason)
    for role in get_args(Role):
        ARTICLES.labels(role)
    for kind in get_args(ClaimKind):
        CLAIMS.labels(kind)
    for topic in ("entities", "events", "claims"):
        WITHDRAWN.labels(topic)
    for cause in ("died", "time", "memory", "worn"):
        POOL_RESTARTS.labels(cause)
    for reason in ("redelivered", "language"):
        SKIPPED.labels(reason)


_begin_at_zero()
