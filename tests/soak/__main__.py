"""`make soak`: a worker with all stages at full load, and whether its memory, file descriptors, threads and tasks stay flat.

    python -m tests.soak [MINUTES]

Writes build/soak.json (all samples and the verdict) and prints a line a series. Exit code 1 where one is not flat, or where
the worker ended or made no progress.
"""

import asyncio
import sys
import time
from itertools import islice
from pathlib import Path

import orjson
from confluent_kafka import Producer

from streams.cluster import create_topics
from streams.kafka import EmbeddedKafka
from streams.stages import STAGES
from tests.soak.feed import articles
from tests.soak.flatness import faults, growth, sparkline
from tests.soak.proc import family, fds, rss_mb, threads
from tests.worker_tools import Worker, committed_offsets, settings_for

EVERY_S = 5.0
AHEAD_RECORDS = 400
"""Raw articles that wait in Kafka at least: the worker never runs dry."""
STALL_S = 300
RETENTION = {
    "log.retention.bytes": str(256 * 2**20),
    "log.segment.bytes": str(32 * 2**20),
    "log.retention.check.interval.ms": "10000",
}


def sample(pid: int, metrics: dict[str, float]) -> dict[str, float]:
    """One moment of the worker and its processes."""
    worker, *others = family(pid)
    return {
        "worker_rss_mb": rss_mb(worker),
        "processes_rss_mb": sum(map(rss_mb, others)),
        "largest_process_rss_mb": max(map(rss_mb, others), default=0),
        "processes": len(others),
        "worker_fds": fds(worker),
        "processes_fds": sum(map(fds, others)),
        "worker_threads": threads(worker),
        "worker_tasks": metrics.get("copydesk_event_loop_tasks{}", 0),
        "pool_restarts": sum(value for name, value in metrics.items() if name.startswith("copydesk_pool_restarts_total")),
        "pool_retries": metrics.get("copydesk_pool_retries_total{}", 0),
    } | {f"committed_{stage}": metrics.get(f"copydesk_records_in_total{{stage={stage}}}", 0) for stage in STAGES}


JUDGED = ("worker_rss_mb", "processes_rss_mb", "worker_fds", "processes_fds", "worker_threads", "worker_tasks")
OF_WORK_IN_HAND = frozenset({"processes_rss_mb"})
"""Peaks when two processes have a large article each."""


def soak(minutes: float, report: Path) -> list[str]:
    """Run it; returns what is not as it should be."""
    with EmbeddedKafka(settings=RETENTION) as kafka:
        settings = settings_for(kafka.bootstrap, "soak.", pool_processes=2, tasks_per_process=300, instance="soak")
        asyncio.run(create_topics(settings))
        producer = Producer({"bootstrap.servers": kafka.bootstrap, "message.max.bytes": 8 * 2**20, "linger.ms": 20})
        feed = articles(20261125)
        produced, samples, times = 0, [], []
        with Worker(settings) as worker:
            assert worker.process is not None
            began = seen = time.monotonic()
            done = -1
            while (elapsed := time.monotonic() - began) < 60 * minutes:
                committed = committed_offsets(settings, STAGES["clean"])
                for outlet, record in islice(feed, max(0, committed + AHEAD_RECORDS - produced)):
                    producer.produce(settings.topic("articles.raw"), record, outlet)
                    produced += 1
                producer.flush(30)
                if worker.process.poll() is not None:
                    return [f"the worker ended with {worker.process.returncode}:\n{worker.log.read_text()[-3000:]}"]
                samples.append(sample(worker.process.pid, worker.metrics()))
                times.append(elapsed)
                progress = sum(samples[-1][f"committed_{stage}"] for stage in STAGES)
                if progress != done:
                    done, seen = progress, time.monotonic()
                elif time.monotonic() - seen > STALL_S:
                    return [f"no progress for {STALL_S} s"]
                if len(samples) % 12 == 0:
                    _write(report, settings.model_dump(), times, samples, None)
                time.sleep(EVERY_S)
            stopped = worker.stop(120)
        found = [
            fault
            for name in JUDGED
            for fault in faults(name, times, [one[name] for one in samples], peaks=name not in OF_WORK_IN_HAND)
        ]
        found += [f"the worker stopped with {stopped}"] * (stopped != 0)
        _write(report, settings.model_dump(), times, samples, found)
        for name in samples[0]:
            values = [one[name] for one in samples]
            print(f"{name:24} {min(values):9.1f} … {max(values):9.1f} {growth(times, values):+8.2%}/30min {sparkline(values)}")
        return found


def _write(
    report: Path, settings: dict[str, object], times: list[float], samples: list[dict[str, float]], found: list[str] | None
) -> None:
    report.parent.mkdir(parents=True, exist_ok=True)
    content = {"settings": settings, "faults": found, "times_s": times, "samples": samples}
    report.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    problems = soak(float(sys.argv[1]) if len(sys.argv) > 1 else 30, Path("build/soak.json"))
    print("\n".join(problems) or "flat")
    sys.exit(1 if problems else 0)
