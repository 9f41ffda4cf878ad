"""Run a measurement in a process of its own: what ran before leaves neither memory nor garbage to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

SPAWN = get_context("spawn")
PATIENCE = 600.0
"""Seconds to wait for the others at the start: one of them may have failed."""


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns in a fresh process, while nothing else of ours runs."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(function, *arguments).result()


def together(calls: Mapping[str, tuple[Callable[..., Any], Sequence[Any]]]) -> dict[str, Any]:
    """What each call returns, each in a process of its own at the same time, by name.

    A function is given a barrier before its own arguments: it waits there until all are ready to be timed.
    """
    pools = {name: ProcessPoolExecutor(1, mp_context=SPAWN) for name in calls}
    with SPAWN.Manager() as manager:
        barrier = manager.Barrier(len(calls), timeout=PATIENCE)
        try:
            futures = {
                name: pools[name].submit(function, barrier, *arguments)
                for name, (function, arguments) in calls.items()
            }
            return {name: future.result() for name, future in futures.items()}
        finally:
            for pool in pools.values():
                pool.shutdown()
