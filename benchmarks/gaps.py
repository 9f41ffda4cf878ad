"""How fast plans and bounds improve: capplan's search against the plain formulation, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Barrier

from benchmarks.alone import together
from capplan.formulation.build import build
from capplan.generate import Size, generate
from capplan.instance import Instance
from capplan.results.status import Progress
from capplan.search.find_plan import find_plan
from capplan.solver import highs
from capplan.solver.compiled import compile_model, paused_garbage_collector
from capplan.solver.outcome import Outcome
from capplan.solver_options import SolverOptions

CADENCES = {3: "quarterly decisions", 12: "yearly decisions"}
GAP = 0.001
CAPPLAN, PLAIN = "capplan", "plain"


@dataclass(frozen=True)
class Point:
    """The best plan and the best bound known after some seconds [£]; None = not known yet."""

    seconds: float
    plan: float | None
    bound: float | None


@dataclass(frozen=True)
class Race:
    """Both searches on one instance, side by side: how each got on, by name."""

    every: int
    seed: int
    points: Mapping[str, Sequence[Point]]


class Log:
    """The points of one search; its clock begins with the build."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.points = [Point(0.0, None, None)]

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    def add(self, news: Progress | Outcome) -> None:
        """Notes what is better than what was known."""
        last = self.points[-1]
        plan = _better(min, last.plan, news.objective)
        bound = _better(max, last.bound, news.bound)
        if (plan, bound) != (last.plan, last.bound):
            self.points.append(Point(self.seconds, plan, bound))


def _better(best: Callable[..., float], old: float | None, new: float | None) -> float | None:
    known = [number for number in (old, new) if number is not None]
    return best(known) if known else None


def measure(
    seeds: int, seconds: float, size: Size = "county", on_race: Callable[[str], object] = lambda _: None
) -> list[Race]:
    """A race for each cadence and seed, one after the other; `on_race` is told of each before it begins."""
    pairs = [(every, seed) for every in CADENCES for seed in range(seeds)]
    races = []
    for number, (every, seed) in enumerate(pairs, start=1):
        on_race(f"race {number} of {len(pairs)}: {size}, {CADENCES[every]}, seed {seed}, {seconds:g} s")
        instance = generate(size, seed, capacity_changes_every=every)
        races.append(Race(every, seed, side_by_side(instance, seconds)))
    return races


def side_by_side(instance: Instance, seconds: float) -> dict[str, list[Point]]:
    """capplan's search against the plain formulation."""
    return race(instance, seconds, {CAPPLAN: by_capplan, PLAIN: by_plain_formulation})


def race(
    instance: Instance, seconds: float, searches: Mapping[str, Callable[..., list[Point]]]
) -> dict[str, list[Point]]:
    """The searches at the same time, in a process and on a core each: they see the same machine."""
    return together({name: (search, (instance, seconds)) for name, search in searches.items()})


def by_capplan(barrier: Barrier, instance: Instance, seconds: float) -> list[Point]:
    """How capplan's own search gets on."""
    barrier.wait()
    log = Log()
    with paused_garbage_collector():
        m = build(instance)
        compiled = compile_model(m)
        _, outcome = find_plan(m, compiled, options_within(seconds - log.seconds), log.add)
        log.add(outcome)
    return log.points


def by_plain_formulation(barrier: Barrier, instance: Instance, seconds: float) -> list[Point]:
    """How HiGHS gets on by itself with every locality and hospital kept apart, at its default settings."""
    barrier.wait()
    log = Log()
    with paused_garbage_collector():
        compiled = compile_model(build(instance, is_aggregated=False))
        log.add(highs.solve(compiled, options_within(seconds - log.seconds), on_progress=log.add))
    return log.points


def options_within(seconds: float) -> SolverOptions:
    """One thread, and the time that is left."""
    return SolverOptions(gap=GAP, time_limit=max(seconds, 0.01), threads=1)
