"""Settings: one object, made from the environment (`COPYDESK_…`) once and passed down."""

import re
from functools import cache
from os import cpu_count
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from processors import DEFAULT_MODEL
from streams.security import Security

_ADDRESS = re.compile(r"[^,\s]+:\d{1,5}")


class Settings(Security):
    """Every setting is an environment variable: `broker` is `COPYDESK_BROKER`."""

    model_config = SettingsConfigDict(env_prefix="COPYDESK_", frozen=True, hide_input_in_errors=True)

    broker: str = Field("127.0.0.1:9092", description="host:port of the Kafka brokers, comma separated")
    topic_prefix: str = Field("", description="put before every topic name")
    group: str = Field("copydesk", description="consumer groups are GROUP.STAGE, transactional ids GROUP.STAGE-PARTITION")
    stages: str = Field("clean,dedupe,extract,link", description="the stages that a worker runs, comma separated")
    instance: str | None = Field(None, description="stable name of this replica: a restart then causes no rebalance")
    partitions: int = Field(4, ge=1, description="partitions of topics that are created with many")
    replication_factor: int = Field(1, ge=1, description="of topics that are created")
    min_insync_replicas: int = Field(1, ge=1, description="of topics that are created")
    retention_days: int | None = Field(
        None, ge=1, description="of topics that are created and not compacted; unset: 7 or 30, by topic"
    )
    pool_processes: int = Field(cpu_count() or 1, ge=1, description="processes that run processors")
    task_timeout_s: float = Field(120, gt=0, description="an article that takes longer is retried alone once, then a dead letter")
    tasks_per_process: int = Field(2000, ge=1, description="a pool process is replaced after so many articles")
    process_memory_mb: int = Field(
        1024, ge=1, description="a pool process that holds more is replaced: 4 times its size after the first articles (230 MB)"
    )
    window: int = Field(64, ge=1, description="articles of one partition that may be under way at once")
    buffer_bytes: int = Field(
        16 * 1024 * 1024, ge=1, description="bytes of one stage that may wait between Kafka and its partitions"
    )
    window_bytes: int = Field(16 * 1024 * 1024, ge=1, description="bytes of one partition that may be under way at once")
    commit_interval_ms: int = Field(50, ge=0, description="results are gathered so long into one transaction")
    commit_records: int = Field(200, ge=1, description="most input records in one transaction")
    transaction_timeout_ms: int = Field(15_000, ge=1000, description="a dead worker's open transaction ends after so long")
    session_timeout_s: float = Field(6, gt=0, le=300, description="a worker silent for so long loses its partitions")
    drain_s: float = Field(5, gt=0, description="how long a stop or rebalance waits for articles under way")
    fuse_run: int = Field(100, ge=1, description="a stage stops when so many articles (or feeds) in a row cannot be processed")
    fuse_share: float = Field(0.5, gt=0, le=1, description="or more than this share of the last 200; 1: never for its share")
    fuse_hold_s: float = Field(60, ge=0, description="a worker whose fuse blew answers /metrics so long before it ends with code 4")
    state_dir: Path | None = Field(
        None, description="folder for snapshots of state, so that a restart reads only what came since; unset: none are kept"
    )
    model: str = Field(DEFAULT_MODEL, description="an installed spaCy pipeline for English")
    min_confidence: float | None = Field(None, ge=0, le=1, description="events below it are left out; unset: the measured default")
    http_host: str = Field("127.0.0.1", description="where /metrics, /live and /ready are served")
    http_port: int = Field(9108, ge=0, le=65535, description="0: any free port, which the log names")

    @field_validator("broker")
    @classmethod
    def _has_addresses(cls, broker: str) -> str:
        if not all(_ADDRESS.fullmatch(address.strip()) for address in broker.split(",")):
            raise ValueError("write host:port, several comma separated")
        return broker

    @property
    def stage_names(self) -> list[str]:
        """The stages that a worker runs."""
        return [name.strip() for name in self.stages.split(",") if name.strip()]

    def topic(self, name: str) -> str:
        """The name that a topic has on this cluster."""
        return self.topic_prefix + name


def explain(error: ValidationError) -> str:
    """What is wrong with the settings, by variable, and never with what they hold."""
    return "; ".join(
        ": ".join([*(f"COPYDESK_{str(name).upper()}" for name in wrong["loc"][:1]), wrong["msg"].removeprefix("Value error, ")])
        for wrong in error.errors(include_input=False, include_url=False)
    )


@cache
def settings() -> Settings:
    """The settings of this process. Raises `pydantic.ValidationError` where the environment has a wrong one."""
    return Settings()
