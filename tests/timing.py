"""Whether time grows with the length only, on any machine: sizes are compared with each other in one run, in processor time."""

import gc
import time
from collections.abc import Callable

MOST_TIMES_SLOWER = 8.0
"""For four times the text: linear gives 4, quadratic 16."""
WORTH_MEASURING_S = 0.15
"""What takes less at the greater size is not told from noise."""
REPEATS = 4


def times_slower(work: Callable[[str], object], small: str, large: str) -> float:
    """How many times longer the large text takes; 0 where that is too short to be told.

    The garbage collector rests meanwhile: how often it looks at all objects of the test session is not the text's affair.
    """
    least = {small: float("inf"), large: float("inf")}
    for _ in range(REPEATS):
        for size in (small, large):
            gc.collect()
            gc.disable()
            try:
                began = time.process_time()
                work(size)
                least[size] = min(least[size], time.process_time() - began)
            finally:
                gc.enable()
        if least[large] < WORTH_MEASURING_S or least[large] < MOST_TIMES_SLOWER * least[small]:
            break
    return 0.0 if least[large] < WORTH_MEASURING_S else least[large] / least[small]
