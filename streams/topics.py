"""Every topic, declared once: key, partitions, retention, and the record it carries."""

from dataclasses import dataclass

from schemas import Claim, CleanArticle, Digest, Entities, Event, Occurrence, Quote, RawArticle, Record, StoryArticle, Withdrawn

MAX_RECORD_BYTES = 8 * 1024 * 1024
"""What topics allow; an article may have 4 MiB (schemas.MAX_ARTICLE_BYTES)."""
REASON_BYTES = 64 * 1024
"""Room for what a dead letter's headers say."""
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `partitions` None: as many as the setting `partitions` says."""

    name: str
    description: str
    key: str
    partitions: int | None = None
    compacted: bool = False
    retention_days: int = 7
    max_record_bytes: int = MAX_RECORD_BYTES
    models: tuple[type[Record], ...] = ()

    def config(self, min_insync_replicas: int, retention_days: int | None = None) -> dict[str, str]:
        """The topic's configuration on the broker; `retention_days` in place of the topic's own."""
        config = {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "max.message.bytes": str(self.max_record_bytes),
            "min.insync.replicas": str(min_insync_replicas),
            "compression.type": "producer",
            "message.timestamp.type": "LogAppendTime",  # a broker refuses what a worker with a fast clock stamps
        }
        if self.compacted:  # readers have a day to see a tombstone before it goes
            config |= {"delete.retention.ms": str(DAY_MS), "min.cleanable.dirty.ratio": "0.2", "segment.ms": str(DAY_MS)}
        else:
            config["retention.ms"] = str((retention_days or self.retention_days) * DAY_MS)
        return config


ARTICLES_RAW = Topic("articles.raw", "what feeds push", key="outlet", models=(RawArticle,))
ARTICLES_CLEAN = Topic(
    "articles.clean", "body, removed spans, language, fingerprint", key="language", partitions=2, models=(CleanArticle,)
)
STORIES = Topic("stories", "the clean article with its story and role", key="story id", retention_days=30, models=(StoryArticle,))
ENTITIES = Topic(
    "entities", "people, organisations, places, dates", key="article uri", compacted=True, models=(Entities, Withdrawn)
)
EVENTS = Topic("events", "who did what to whom", key="event id", compacted=True, models=(Event, Withdrawn))
CLAIMS = Topic("claims", "who says what", key="claim id", compacted=True, models=(Claim, Withdrawn))
DIGESTS = Topic(
    "digests", "what joining stories needs of each, in one order for all", key="story id", partitions=1, models=(Digest,)
)
OCCURRENCES = Topic(
    "occurrences", "events of several stories that report one occurrence", key="occurrence id", compacted=True, models=(Occurrence,)
)
QUOTES = Topic("quotes", "one quote followed over stories", key="quote id", compacted=True, models=(Quote,))


def dead_letters(source: Topic) -> Topic:
    """Where records of `source` go that its stage cannot process."""
    return Topic(
        f"{source.name}-dlq",
        f"records of {source.name} that could not be processed",
        key="as read",
        partitions=1,
        retention_days=30,
        max_record_bytes=MAX_RECORD_BYTES + REASON_BYTES,
    )


def state(stage: str, source: Topic) -> Topic:
    """What a stage must remember; partitioned as its input."""
    return Topic(
        f"{stage}.state", f"what {stage} remembers", key="as the stage needs", partitions=source.partitions, compacted=True
    )


FLOW = (ARTICLES_RAW, ARTICLES_CLEAN, STORIES, ENTITIES, EVENTS, CLAIMS, DIGESTS, OCCURRENCES, QUOTES)
SOURCES = {"clean": ARTICLES_RAW, "dedupe": ARTICLES_CLEAN, "extract": STORIES, "link": DIGESTS}
"""The topic that each stage reads."""
OUTPUTS = {
    "clean": (ARTICLES_CLEAN,),
    "dedupe": (STORIES,),
    "extract": (ENTITIES, EVENTS, CLAIMS, DIGESTS),
    "link": (QUOTES, OCCURRENCES),
}
"""The topics that each stage writes, its dead letters and state left out."""


def of_stage(stage: str) -> tuple[Topic, ...]:
    """Every topic that a stage reads or writes."""
    source = SOURCES[stage]
    return (source, *OUTPUTS[stage], dead_letters(source), state(stage, source))


ALL = (
    *FLOW,
    *(dead_letters(source) for source in SOURCES.values()),
    *(state(stage, source) for stage, source in SOURCES.items()),
)
BY_NAME = {topic.name: topic for topic in ALL}
