"""What a solve spends outside HiGHS: reading, checking, building, tables, the run folder."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import highspy

import capplan
from benchmarks.alone import alone
from benchmarks.page import markdown
from capplan.generate import Size, generate
from capplan.instance import Instance
from capplan.plan import solve
from capplan.solver_options import SolverOptions

SEED = 0
SHARE_ALLOWED, SECONDS_ALLOWED = 0.15, 6.0


@dataclass(frozen=True)
class Stage:
    """One stage of a solve: wall seconds in all, and of these inside HiGHS."""

    name: str
    wall: float
    in_highs: float = 0.0

    @property
    def outside(self) -> float:
        """Seconds in capplan, Pyomo and pandas."""
        return max(self.wall - self.in_highs, 0.0)


def measure(size: Size = "county", seconds: float = 120.0) -> list[Stage]:
    """The stages of reading, checking, solving and saving a generated instance, in a process of its own."""
    found: list[Stage] = alone(stages, generate(size, SEED), seconds)
    return found


def stages(given: Instance, seconds: float) -> list[Stage]:
    """The stages in this process; the solve stops at capplan's default gap or after `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        capplan.write(given, Path(folder, "instance"))
        began = time.perf_counter()
        instance = capplan.read(Path(folder, "instance"))
        read = time.perf_counter()
        capplan.check(instance)
        checked = time.perf_counter()
        with timed_highs() as runs:
            plan = solve(instance, options=SolverOptions(time_limit=seconds))
        solved = time.perf_counter()
        capplan.write_run(plan, Path(folder, "run"))
        written = time.perf_counter()
    return [
        Stage("read", read - began),
        Stage("check", checked - read),
        *stages_of_solve(plan.seconds, checked, runs),
        Stage("write the run folder", written - solved),
    ]


@contextmanager
def timed_highs() -> Iterator[list[tuple[float, float]]]:
    """The begin and end of every run of HiGHS meanwhile."""
    runs: list[tuple[float, float]] = []
    run = highspy.Highs.run

    def timed(highs: Any) -> Any:
        began = time.perf_counter()
        try:
            return run(highs)
        finally:
            runs.append((began, time.perf_counter()))

    with patch.object(highspy.Highs, "run", timed):
        yield runs


def stages_of_solve(
    seconds: Mapping[str, float], began: float, runs: list[tuple[float, float]]
) -> list[Stage]:
    """A plan's stages, which follow each other, each with the runs of HiGHS that lie in it."""
    found = []
    for name, wall in seconds.items():
        inside = sum(end - start for start, end in runs if began <= (start + end) / 2 < began + wall)
        found.append(Stage(name, wall, inside))
        began += wall
    return found


def report(found: list[Stage]) -> str:
    """The share outside HiGHS, and the stages."""
    wall, outside = sum(stage.wall for stage in found), sum(stage.outside for stage in found)
    allowed = max(SHARE_ALLOWED * wall, SECONDS_ALLOWED)
    rows = [
        (s.name, f"{s.outside / wall:.1%}", f"{s.outside:.2f}", f"{s.in_highs:.2f}", f"{s.wall:.2f}")
        for s in found
    ]
    rows.append(("all", f"{outside / wall:.1%}", f"{outside:.2f}", f"{wall - outside:.2f}", f"{wall:.2f}"))
    head = ("stage", "outside HiGHS, share of all", "outside, s", "in HiGHS, s", "wall, s")
    verdict = "within" if outside <= allowed else "MORE THAN"
    return f"{markdown(head, rows)}\n\nOutside HiGHS: {outside:.1f} s, {verdict} the {allowed:.1f} s allowed."
