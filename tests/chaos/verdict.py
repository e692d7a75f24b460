"""What a stage published against what it must have published: the same stage without Kafka, over its input in offset order."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from streams.records import Incoming
from streams.settings import Settings
from streams.stages import Options, Stage, run
from streams.topics import OUTPUTS, dead_letters, state
from tests.kafka_tools import Read, read_topic

EXAMPLES = 5
EXAMPLE_CHARS = 400


class Published(NamedTuple):
    """A record as it counts here: with its headers, without its place."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @property
    def identity(self) -> Hashable:
        """What makes two records the same one, whatever stands in them: a CloudEvent's id, a dead letter's place."""
        named = dict(self.headers)
        if "dlq_stage" in named:
            return self.topic, named["dlq_partition"], named["dlq_offset"]
        return self.topic, self.key, named.get("ce_id")


@dataclass(slots=True)
class Verdict:
    """How one stage did. `different` counts records whose content, order or place among the expected ones is wrong, and keys of
    the state whose last value is."""

    records: int = 0
    missing: int = 0
    twice: int = 0
    different: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is missing, twice or different."""
        return not (self.missing or self.twice or self.different)

    def note(self, what: str, record: object) -> None:
        """Keep an example, for who looks into it."""
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{what}: {record}"[:EXAMPLE_CHARS])


@dataclass(slots=True)
class Local:
    """What a stage makes of its input without Kafka."""

    outputs: dict[int, list[Published]] = field(default_factory=dict)
    """Input partition → records, in order."""
    state: dict[tuple[int, str], Any] = field(default_factory=dict)
    """(partition, key) → the last value; a key that was forgotten is absent."""


def run_locally(settings: Settings, stage: Stage, inputs: Iterable[Read]) -> Local:
    """Run a stage over what its input topic holds, partition by partition in offset order."""
    options = Options(settings.model, settings.min_confidence)
    local = Local()
    memories: dict[int, Any] = {}
    for read in sorted(inputs, key=lambda read: (read.partition, read.offset)):
        memory = memories.setdefault(read.partition, stage.new_state())
        outputs = local.outputs.setdefault(read.partition, [])
        record = Incoming(
            stage.source.name, read.partition, read.offset, read.timestamp, read.key, read.value or b"", tuple(read.headers)
        )
        again: Incoming | None = record
        while again is not None:
            product = run(stage.name, again, options)
            settled = stage.conclude(memory, again, product, options, asked=again is not record, prefix=settings.topic_prefix)
            outputs += [Published(out.topic, out.key, out.value, out.headers) for out in settled.outputs]
            for key, value in settled.changes:
                if value is None:
                    local.state.pop((read.partition, key), None)
                else:
                    local.state[read.partition, key] = orjson.loads(orjson.dumps(value))
            again = settled.again
    return local


def compare(wanted: dict[int, list[Published]], found: list[Published]) -> Verdict:
    """`wanted`: per lane, in order; `found`: as read, so that records of one key are in order."""
    verdict = Verdict(records=sum(map(len, wanted.values())))
    expected = Counter(record for records in wanted.values() for record in records)
    got = Counter(found)
    lacking, extra = expected - got, got - expected
    by_identity: dict[Hashable, list[Published]] = defaultdict(list)
    for record in lacking.elements():
        by_identity[record.identity].append(record)
    for record in extra.elements():
        if expected[record]:
            verdict.twice += 1
            verdict.note("twice", record)
        elif by_identity[record.identity]:
            verdict.different += 1
            verdict.note("different", f"{record} instead of {by_identity[record.identity].pop()}")
        else:
            verdict.different += 1
            verdict.note("not expected at all", record)
    for records in by_identity.values():
        for record in records:
            verdict.missing += 1
            verdict.note("missing", record)
    _compare_order(wanted, found, verdict)
    return verdict


def _compare_order(wanted: dict[int, list[Published]], found: list[Published], verdict: Verdict) -> None:
    """Records of one key and one lane must stand in the lane's order. Records that several lanes publish alike say nothing."""
    lanes: dict[Published, set[int]] = defaultdict(set)
    for lane, records in wanted.items():
        for record in records:
            lanes[record].add(lane)

    def sequences(records: Iterable[Published]) -> dict[Hashable, list[Published]]:
        kept: dict[Hashable, list[Published]] = defaultdict(list)
        for record in records:
            if len(lanes.get(record, ())) == 1:
                sequence = kept[record.topic, record.key, *lanes[record]]
                if record not in sequence[-1:]:  # a record that is there twice is counted already
                    sequence.append(record)
        return kept

    right = sequences(record for records in wanted.values() for record in records)
    for group, sequence in sequences(found).items():
        if sequence != right[group] and Counter(sequence) == Counter(right[group]):
            verdict.different += 1
            verdict.note("out of order", group)


def compare_state(wanted: dict[tuple[int, str], Any], found: dict[tuple[int, str], Any], verdict: Verdict) -> None:
    """Add to a verdict how the last values of a state topic differ."""
    verdict.records += len(wanted)
    for key in wanted.keys() | found.keys():
        if key not in found:
            verdict.missing += 1
            verdict.note("state missing", key)
        elif key not in wanted or wanted[key] != found[key]:
            verdict.different += 1
            verdict.note("state different", f"{key}: {found[key]} instead of {wanted.get(key)}")


def judge(settings: Settings, stage: Stage) -> Verdict:
    """Compare what the stage's topics hold, read committed, with what it makes of its input without Kafka."""
    local = run_locally(settings, stage, read_topic(settings.broker, settings.topic(stage.source.name)))
    verdict = compare(
        local.outputs,
        [
            Published(topic, read.key, read.value, tuple(read.headers))
            for topic in (*(topic.name for topic in OUTPUTS[stage.name]), dead_letters(stage.source).name)
            for read in read_topic(settings.broker, settings.topic(topic))
        ],
    )
    last: dict[tuple[int, str], Any] = {}
    for read in read_topic(settings.broker, settings.topic(state(stage.name, stage.source).name)):
        place = read.partition, (read.key or b"").decode()
        if read.value is None:
            last.pop(place, None)
        else:
            last[place] = orjson.loads(read.value)
    compare_state(local.state, last, verdict)
    return verdict
