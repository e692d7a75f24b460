"""Whether a broker that is killed again and again loses the markers of committed transactions (KAFKA-20734).

    python -m tests.chaos.markers [--kills 6] [--jars FOLDER]

Ten producers commit transactions of nine partitions without pause while the single broker is killed and started. Prints how many
transactions the broker counted as complete without having written their markers; exit code 1 where there is one. `--jars`: another
Kafka's jars, in place of the pinned ones. Measured with 6 kills: 10 on 4.3.1, 5 on 4.4.0, none on 4.0.2; with 12, none on 4.1.2.
"""

import argparse
import os
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from unittest.mock import patch

from confluent_kafka import KafkaException, Producer

from streams.jars import class_path
from streams.kafka import EmbeddedKafka
from tests.kafka_tools import create_topics

PRODUCERS, TOPICS, PARTITIONS, IN_EACH = 10, ("a", "b", "c"), 8, 3
BETWEEN_S, TO_FINISH_S = 4.0, 5.0
SIGN = "likely deleted already"
"""What the broker writes of a partition whose markers it does not send."""


def commit_until(stopped: Event, broker: str, number: int) -> None:
    """Commit transactions, with a new producer after each error."""
    while not stopped.is_set():
        with suppress(KafkaException):
            producer = Producer({"bootstrap.servers": broker, "transactional.id": f"t{number}", "log_level": 0})
            producer.init_transactions(20)
            while not stopped.is_set():
                producer.begin_transaction()
                for topic in TOPICS:
                    for n in range(IN_EACH):
                        producer.produce(topic, b"x" * 300, partition=(number + n) % PARTITIONS)
                producer.commit_transaction(15)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--jars", type=Path)
    options = parser.parse_args()
    stopped = Event()
    with tempfile.TemporaryDirectory(prefix="copydesk-markers-") as folder, ThreadPoolExecutor(PRODUCERS) as threads:
        jars = sorted(options.jars.glob("*.jar")) if options.jars else class_path()
        kafka = EmbeddedKafka(Path(folder))
        with patch("streams.kafka.class_path", lambda *_: jars), kafka:
            create_topics(kafka.bootstrap, *TOPICS, partitions=PARTITIONS)
            for number in range(PRODUCERS):
                threads.submit(commit_until, stopped, kafka.bootstrap, number)
            for _ in range(options.kills):
                time.sleep(BETWEEN_S)
                os.kill(kafka.pid, signal.SIGKILL)
                kafka.stop()  # its guard goes with it
                kafka.start()
            time.sleep(TO_FINISH_S)
            stopped.set()
            lost = kafka.log_path.read_text(errors="replace").count(SIGN)
    print(f"{options.kills} kills, {lost} transactions without markers")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
