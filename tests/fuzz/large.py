"""What 2 MB of one hostile thing cost: `python -m tests.fuzz.large` prints a line each, seconds of processor time and memory."""

import resource
import sys
import time
from collections.abc import Callable

from tests.fuzz.material import HTML_UNITS, UNITS
from tests.fuzz.test_linear_time import HEAD, PAGE_HEAD, cleaned, extracted, read, repeated

CHARS = 2_000_000
WAYS: dict[str, tuple[Callable[[str], object], dict[str, str], str]] = {
    "clean": (cleaned, UNITS, HEAD),
    "page": (read, HTML_UNITS, PAGE_HEAD),
    "extract": (extracted, UNITS, HEAD),
}


def main(ways: list[str]) -> None:
    for way in ways or WAYS:
        work, units, head = WAYS[way]
        for name, unit in units.items():
            body, began = repeated(unit, CHARS, head), time.process_time()
            work(body)
            peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{way:<8} {name:<28} {time.process_time() - began:6.1f} s   {peak_mb} MB at most so far", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
