"""What 2 MB of one hostile thing cost: `python -m tests.fuzz.large [WAY]`, a line each; exit code 1 where one costs too much.

Too much is: more processor time than in proportion to a quarter of it (tests/timing.py), or more memory than a process of the pool
may hold. It is one process, as in the pool, so what an earlier thing left behind counts.
"""

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from schemas import MAX_ARTICLE_BYTES
from streams.settings import Settings
from tests.fuzz.material import HTML_UNITS, UNITS
from tests.fuzz.test_linear_time import HEAD, PAGE_HEAD, cleaned, extracted, read, repeated
from tests.timing import MOST_TIMES_SLOWER, times_slower

CHARS = 2_000_000
"""As far as an article may have so many bytes."""
MOST_MB: int = Settings.model_fields["process_memory_mb"].default
WAYS: dict[str, tuple[Callable[[str], object], Mapping[str, str], str]] = {
    "clean": (cleaned, UNITS, HEAD),
    "page": (read, HTML_UNITS, PAGE_HEAD),
    "extract": (extracted, UNITS, HEAD),
}


def costs_too_much(
    way: str, work: Callable[[str], object], units: Mapping[str, str], head: str = "", chars: int = CHARS
) -> list[str]:
    """The units that do, with a line printed for each of all."""
    found = []
    for name, unit in units.items():
        most_chars = min(chars, MAX_ARTICLE_BYTES * len(unit) // len(unit.encode()))
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        began = time.process_time()
        slower = times_slower(work, repeated(unit, most_chars // 4, head), repeated(unit, most_chars, head))
        seconds, peak_mb = time.process_time() - began, _peak_mb()
        too_much = slower >= MOST_TIMES_SLOWER or peak_mb > MOST_MB
        if too_much:
            found.append(f"{way} {name}")
        growth = f"{slower:.1f} times for 4 times the text" if slower else "too quick to tell its growth"
        print(f"{way:<8} {name:<28} {seconds:6.1f} s   {peak_mb:5.0f} MB   {growth}{'   TOO MUCH' * too_much}", flush=True)
    return found


def _peak_mb() -> float:
    """The most memory that this process held since its peak began anew."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def main(ways: list[str]) -> int:
    found = []
    for way in ways or WAYS:
        work, units, head = WAYS[way]
        work(repeated("A word. ", 1_000, head))  # what is loaded once is no part of what a text costs
        found += costs_too_much(way, work, units, head)
    print(f"too dear: {', '.join(found)}" if found else "nothing is too dear")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
