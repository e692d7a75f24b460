"""How long a stage needs to read its state back from a real Kafka until it can decide.

    python -m tests.benchmarks.bench_recovery [--records 1000000] [--versions 1] [--stages dedupe extract] [--data ARTICLES.jsonl]

One partition of the stage's state topic gets so many live keys, each written `--versions` times, in transactions of 200 records as
a lane commits them. Then, each in a process of its own: the state restored from the broker alone, restored while a snapshot is
written, and restored from that snapshot. Seconds of the clock and of the process's own CPU, split into reading the log and building
the state; the peak of the process's memory; the longest time that the event loop did not get its turn meanwhile.

The dedupe records are of fingerprints as in bench_dedupe. A ledger record holds the ids of 21 records, as an article of the sample
feed gives; one in six has a copy of 3,000 characters standing by.
"""

import argparse
import asyncio
import json
import logging
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson
from confluent_kafka import Producer

from processors.dedupe import described
from processors.dedupe.stories import story_id
from processors.ledger import Version
from schemas import CleanArticle
from streams.kafka import EmbeddedKafka
from streams.settings import Settings
from streams.stages import STAGES
from streams.state import restore
from streams.topics import BY_NAME
from tests.benchmarks.bench_dedupe import records, stream, views
from tests.kafka_tools import create_topics
from tests.processors.dedupe.newsroom import START

IN_TRANSACTION = 200


def dedupe_records(count: int, versions: int, data: Path | None) -> Iterator[tuple[bytes, bytes]]:
    """State records of dedupe, as `Window.remember` gives them; one in three is of a copy."""
    texts = [described(view) for view in views(data)]
    for version in range(versions):
        for key, record in records(texts, count, seed=version):
            record["number"] += version * count
            yield key.encode(), orjson.dumps(record)


def extract_records(count: int, versions: int, data: Path | None) -> Iterator[tuple[bytes, bytes]]:
    """State records of extraction, as the ledger gives them."""
    chance = random.Random(4)
    pool = [("events", 11), ("claims", 9), ("entities", 1)]
    copy = "x" * 3000
    number = 0
    for _ in range(versions):
        for at in range(count):
            uri = f"urn:newsml:outlet-{at % 5000}.example:20240501:{at}"
            ids = [(topic, f"{chance.getrandbits(80):020x}") for topic, each in pool for _ in range(each)]
            record = {
                "clock": (START + timedelta(seconds=number // 10)).isoformat(),
                "active": uri,
                "published": ids,
                "standbys": {f"{uri}/copy": copy} if at % 6 == 0 else {},
            }
            number += 1
            yield story_id(uri).encode(), orjson.dumps(record)


def publish(broker: str, topic: str, records: Iterator[tuple[bytes, bytes]]) -> tuple[int, int]:
    """Write the records in transactions; returns (records, bytes)."""
    producer = Producer({"bootstrap.servers": broker, "transactional.id": topic, "linger.ms": 5})
    producer.init_transactions(60)
    count = size_bytes = 0
    producer.begin_transaction()
    for key, value in records:
        producer.produce(topic, value, key, 0)
        count, size_bytes = count + 1, size_bytes + len(key) + len(value)
        if count % IN_TRANSACTION == 0:
            producer.commit_transaction()
            producer.begin_transaction()
    producer.commit_transaction()
    return count, size_bytes


async def measured(stage_name: str, broker: str, state_dir: Path | None) -> dict[str, float | str]:
    """Restore, decide once, and say what it took."""
    stage, settings = STAGES[stage_name], Settings(broker=broker, state_dir=state_dir)
    state = stage.new_state()
    longest_pause_s, reading_done_s, share = 0.0, 0.0, 0.0
    began, cpu = time.perf_counter(), time.process_time()

    def on_progress(now: float) -> None:
        nonlocal reading_done_s, share
        if share < 0.5 <= now:
            reading_done_s = time.perf_counter() - began
        share = now

    async def heart() -> None:
        nonlocal longest_pause_s
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.02)
            longest_pause_s = max(longest_pause_s, time.perf_counter() - before - 0.02)

    beating = asyncio.create_task(heart())
    await restore(state, stage, 0, settings, on_progress)
    restored_s = time.perf_counter() - began
    decide(state)
    took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    beating.cancel()
    return {
        "seconds": round(took_s, 1),
        "cpu_seconds": round(cpu_s, 1),
        "reading_seconds": round(reading_done_s, 1),
        "building_seconds": round(restored_s - reading_done_s, 1),
        "first_decision_seconds": round(took_s - restored_s, 2),
        "longest_pause_of_the_loop_seconds": round(longest_pause_s, 2),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def decide(state: object) -> None:
    """The first decision."""
    if hasattr(state, "decide"):
        article: CleanArticle = next(stream([([1 << 20, 1 << 21], [])], 1, seed=2))
        state.decide(article.model_copy(update={"uri": "urn:first"}))
    elif hasattr(state, "settle"):
        state.settle(Version("urn:first", "story-first", "original", "usable", START), "{}", [("events", "e")])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--versions", type=int, default=1)
    parser.add_argument("--stages", nargs="+", default=["dedupe", "extract"], choices=["dedupe", "extract"])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--child", nargs=3, metavar=("STAGE", "BROKER", "STATE_DIR"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        logging.basicConfig(level=logging.WARNING)
        stage, broker, folder = args.child
        print(json.dumps(asyncio.run(measured(stage, broker, Path(folder) if folder else None))))
        return
    with EmbeddedKafka() as kafka, tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        for stage in args.stages:
            topic = f"{stage}.state"
            create_topics(kafka.bootstrap, topic, config=BY_NAME[topic].config(1))
            made = {"dedupe": dedupe_records, "extract": extract_records}[stage](args.records, args.versions, args.data)
            count, size_bytes = publish(kafka.bootstrap, topic, made)
            print(json.dumps({"stage": stage, "records": count, "bytes_each": round(size_bytes / count)}), flush=True)
            for what, state_dir in (("broker", ""), ("broker, writing a snapshot", folder), ("snapshot", folder)):
                command = [sys.executable, "-m", "tests.benchmarks.bench_recovery", "--child", stage, kafka.bootstrap, state_dir]
                output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
                print(json.dumps({"from": what} | json.loads(output)), flush=True)


if __name__ == "__main__":
    main()
