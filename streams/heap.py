"""A process's heap, so that what is freed goes back to the system (glibc; measured with `make soak`)."""

import ctypes

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
ARENAS = 2
LARGE_BYTES = 1024 * 1024
"""What is as large goes back as soon as it is freed. glibc would raise this limit with each large piece that it sees, up to 32 MB,
and keep their room in the heaps of every thread: a worker held 220 MB after half an hour, a process of the pool 513 MB after an
article of 100,000 characters and not 258."""

_libc = ctypes.CDLL(None)


def bound() -> None:
    """Keep the heaps of this process small. To be called before it allocates much."""
    _libc.mallopt(M_ARENA_MAX, ARENAS)
    _libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def trim() -> None:
    """Give back the free pages between pieces in use; of a worker's 40 MB it takes a millisecond. Without it they grow for half an
    hour, from 2 to 16 MB, under what is in use all the time."""
    _libc.malloc_trim(0)
