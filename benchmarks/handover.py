"""How long a large model takes from the instance into HiGHS, against Pyomo's own interfaces."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pyomo.contrib.appsi.solvers import Highs as Appsi
from pyomo.contrib.solver.solvers.highs import Highs as Contrib

from benchmarks.alone import alone
from benchmarks.page import markdown, times
from capplan.formulation.build import build
from capplan.generate import Size, generate
from capplan.instance import Instance
from capplan.solver.compiled import compile_model, paused_garbage_collector
from capplan.solver.highs import Session
from capplan.solver_options import SolverOptions

SIZE: Size = "region"
PERIODS, SEED = 60, 0
PYOMO = {"Pyomo, `appsi`": Appsi, "Pyomo, `contrib.solver`": Contrib}
CAPPLAN = "capplan"


@dataclass(frozen=True)
class HandOver:
    """CPU seconds of one way into HiGHS; rows and columns as HiGHS has them."""

    way: str
    rows: int
    columns: int
    build: float
    hand_over: float

    @property
    def together(self) -> float:
        """Build and hand-over."""
        return self.build + self.hand_over


def measure(size: Size = SIZE, periods: int = PERIODS) -> list[HandOver]:
    """capplan's way and Pyomo's, one after the other, each in a process of its own."""
    return [alone(hand_over, way, size, periods) for way in (CAPPLAN, *PYOMO)]


def hand_over(way: str, size: Size, periods: int) -> HandOver:
    """Builds the model of a generated instance and hands it over in one of the ways."""
    instance = generate(size, SEED, periods=periods)
    if way != CAPPLAN:
        return _measured(way, instance)
    with paused_garbage_collector():
        return _measured(way, instance)


def _measured(way: str, instance: Instance) -> HandOver:
    # CPU seconds: one thread works in all of this, and what else the machine does counts little.
    began = time.process_time()
    m = build(instance)
    built = time.process_time()
    rows, columns = _by_capplan(m) if way == CAPPLAN else _by_pyomo(way, m)
    return HandOver(way, rows, columns, built - began, time.process_time() - built)


def _by_capplan(m: Any) -> tuple[int, int]:
    compiled = compile_model(m)
    with Session(compiled, SolverOptions()):
        rows, columns = compiled.A.shape
        return rows, columns


def _by_pyomo(way: str, m: Any) -> tuple[int, int]:
    solver = PYOMO[way]()
    solver.set_instance(m)
    highs = solver._solver_model  # nothing public holds it
    return highs.getNumRow(), highs.getNumCol()


def report(found: list[HandOver]) -> str:
    """How many times as long Pyomo's interfaces take, and the seconds of each step."""
    ours = found[0]
    rows = [
        (
            f"{way.way} ({way.rows:,} rows, {way.columns:,} columns)",
            times(way.hand_over / ours.hand_over),
            times(way.together / ours.together),
            f"{way.build:.1f}",
            f"{way.hand_over:.1f}",
            f"{way.together:.1f}",
        )
        for way in found
    ]
    head = (
        "way",
        "hand-over, ratio",
        "build and hand-over, ratio",
        "build, s",
        "hand-over, s",
        "together, s",
    )
    return markdown(head, rows)
