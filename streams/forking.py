"""The server that the pool's processes are forked from.

A module of its own, so that a worker can start it before all else: it takes two seconds to import what they need, while the worker
imports its own.
"""

import multiprocessing
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext


@cache
def context() -> ForkServerContext:
    """Where the pool's processes come from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["streams.stages", "processors.cleaning", "processors.extraction"])
    return context


def start() -> None:
    """Start the server, if it does not run yet."""
    context()
    forkserver.ensure_running()
