"""Python's own sleep, past libfaketime 0.9.10, which gets absolute sleeps wrong (EINVAL) where the monotonic clock is left alone.

On the path of workers whose clock is stepped, and of nothing else.
"""

import select
import time


def sleep(seconds: float) -> None:
    """As time.sleep."""
    select.select((), (), (), seconds)


time.sleep = sleep
