"""How time and memory outside HiGHS grow with the size of the model."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.alone import alone
from benchmarks.page import markdown, times
from capplan.formulation.build import build
from capplan.generate import Size, generate
from capplan.instance import Instance
from capplan.plan import solve
from capplan.solver.compiled import compile_model, paused_garbage_collector
from capplan.solver.highs import Session
from capplan.solver_options import SolverOptions

SIZES: tuple[Size, ...] = ("small", "county", "region")
SEED = 0
BYTES = 1 if sys.platform == "darwin" else 1024
"""Of one unit of ru_maxrss."""


@dataclass(frozen=True)
class Grown:
    """One size: CPU seconds to build, compile and pass; wall seconds of the tables; peak memory [MB] of both.

    `memory` is what build, compile and pass add to a process that holds the instance; `memory_tables` what a whole
    solve with today's capacity, HiGHS included, adds to that.
    """

    size: Size
    columns: int
    build: float
    hand_over: float
    tables: float
    memory: float
    memory_tables: float


def measure(sizes: Sequence[Size] = SIZES) -> list[Grown]:
    """Each size in a process of its own, one after the other."""
    return [alone(grown, size) for size in sizes]


def grown(size: Size) -> Grown:
    """Builds, compiles and passes an instance; then its tables, from a plan that is quickly found: today's."""
    instance = generate(size, SEED)
    before = peak_megabytes()
    columns, built, handed = _into_highs(instance)
    filled = peak_megabytes()
    plan = solve(instance, as_is=True, options=SolverOptions())
    used = peak_megabytes()
    return Grown(
        size, columns, built, handed, plan.seconds["tables"], filled - before, max(used - filled, 0.0)
    )


def _into_highs(instance: Instance) -> tuple[int, float, float]:
    with paused_garbage_collector():
        began = time.process_time()
        m = build(instance)
        built = time.process_time()
        compiled = compile_model(m)
        with Session(compiled, SolverOptions()):
            handed = time.process_time()
    return len(compiled.cost), built - began, handed - built


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES / 1e6


def report(found: list[Grown]) -> str:
    """Growth against the smallest size, and per column: growth is linear where the ratio per column is 1."""
    first = found[0]
    rows = [
        (
            one.size,
            f"{one.columns:,}",
            times(_time_per_column(one) / _time_per_column(first)),
            f"{one.build:.2f}",
            f"{one.hand_over:.2f}",
            f"{one.tables:.2f}",
            f"{1e6 * _time_per_column(one):.0f}",
            f"{one.memory:.0f}",
            f"{1e3 * one.memory / one.columns:.1f}",
            f"{one.memory_tables:.0f}",
        )
        for one in found
    ]
    head = (
        "size",
        "columns",
        f"time per column, ratio to {first.size}",
        "build, s",
        "hand-over, s",
        "tables, s",
        "time per column, µs",
        "memory, MB",
        "memory per column, kB",
        "solve adds, MB",
    )
    return markdown(head, rows)


def _time_per_column(one: Grown) -> float:
    return (one.build + one.hand_over + one.tables) / one.columns
