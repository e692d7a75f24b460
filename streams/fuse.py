"""The fuse of a lane: it stops a stage that rejects too much, before a broken deployment drains a topic into dead letters.

What counts is *who is to blame*. A fault of the program counts each time. A feed that pushes what is no article counts once,
however often it does: one feed gone mad must not stop the others. So a fuse blows when many articles, or many feeds, fail.
"""

from collections import Counter, deque
from collections.abc import Hashable

from streams.dead_letters import Failure
from streams.records import Incoming
from streams.topics import ARTICLES_RAW

SAMPLE = 200
"""Of how many records the share is taken."""
FEED_FAULTS = frozenset({"encoding", "json", "schema", "too-large", "unprocessable"})
"""In what a feed has pushed; in what a stage of ours has written they are faults of the program."""


class FuseBlown(RuntimeError):
    """Too many records fail: the stage must stop, and a person look."""


class Fuse:
    """Blows after `run` culprits without a success between them, or where culprits are more than `share` of the last `SAMPLE`
    records (1: never for its share)."""

    def __init__(self, run: int, share: float) -> None:
        self._run, self._share = run, share
        self._since_success: set[Hashable] = set()
        self._last: deque[Hashable | None] = deque()
        self._culprits: Counter[Hashable] = Counter()

    def passed(self) -> None:
        """A record went through."""
        self._since_success.clear()
        self._add(None)

    def rejected(self, record: Incoming, failure: Failure) -> None:
        """A record became a dead letter. Raises `FuseBlown`."""
        by_feed = record.topic == ARTICLES_RAW.name and failure.reason in FEED_FAULTS
        culprit: Hashable = ("feed", record.key) if by_feed else record.offset
        self._since_success.add(culprit)
        self._add(culprit)
        if len(self._since_success) >= self._run:
            raise FuseBlown(f"{len(self._since_success)} in a row could not be processed, the last for {_reason(failure)}")
        considered = self._last.count(None) + len(self._culprits)
        if considered >= SAMPLE // 2 and len(self._culprits) > self._share * considered:
            raise FuseBlown(
                f"{len(self._culprits)} of the last {considered} could not be processed, the last for {_reason(failure)}"
            )

    def _add(self, culprit: Hashable | None) -> None:
        self._last.append(culprit)
        if culprit is not None:
            self._culprits[culprit] += 1
        if len(self._last) > SAMPLE:
            oldest = self._last.popleft()
            if oldest is not None:
                self._culprits[oldest] -= 1
                if not self._culprits[oldest]:
                    del self._culprits[oldest]


def _reason(failure: Failure) -> str:
    return f"{failure.reason}: {failure.detail}"[:300]
