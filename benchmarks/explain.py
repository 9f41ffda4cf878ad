"""How long an explanation takes at county size, beside the solve of the same instance."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import capplan
from benchmarks.alone import alone
from benchmarks.page import markdown, times
from capplan.errors import Infeasible
from capplan.explain import explain_infeasible
from capplan.generate import Size, generate
from capplan.instance import Instance
from capplan.overrides import apply_overrides
from capplan.solver_options import SolverOptions

SEED = 0
ALLOWED = 3.0
NEAR = 0.02
"""How near the solve goes; nearer, it takes longer, and the explanation looks better beside it."""
PLANTED = {
    "beds in all, and notice": ("limits[limit=step_down_beds].max = 50",),
    "a rate that may not be missed": (
        "targets[target=diversion_rate].value = 0.99",
        "targets[target=diversion_rate].shortfall_gbp =",
    ),
}
"""What takes the plan away from a generated county, by name."""


@dataclass(frozen=True)
class Explained:
    """One instance without a plan: seconds until that is known, of the explanation, and what it found."""

    name: str
    seconds_to_know: float
    seconds: float
    conflicts: int
    mends: int


def measure(size: Size = "county") -> tuple[float, list[Explained]]:
    """Seconds of the solve of the instance as it is, and the explanations; one after the other, one thread."""
    instance = generate(size, SEED)
    options = SolverOptions(threads=1)
    return alone(solved, instance, options), [
        alone(explained, name, instance, sets, options) for name, sets in PLANTED.items()
    ]


def solved(instance: Instance, options: SolverOptions) -> float:
    """Seconds of a solve to NEAR, from the instance to the tables."""
    began = time.perf_counter()
    capplan.solve(instance, gap=NEAR, time_limit=300.0, threads=options.threads)
    return time.perf_counter() - began


def explained(name: str, instance: Instance, sets: Sequence[str], options: SolverOptions) -> Explained:
    """Takes the plan away and explains that."""
    without_plan = apply_overrides(instance, sets)
    began = time.perf_counter()
    try:
        capplan.solve(without_plan, time_limit=300.0, threads=options.threads)
    except Infeasible:
        known = time.perf_counter()
    else:
        raise ValueError(f"{name} takes no plan away")
    found = explain_infeasible(without_plan, options)
    ended = time.perf_counter()
    mends = sum(bool(mend.changes) for mend in found.mends)
    return Explained(name, known - began, ended - known, len(found.conflicts), mends)


def report(found: tuple[float, list[Explained]]) -> str:
    """Every explanation beside the solve of the instance that has a plan."""
    solve, explanations = found
    rows = [
        (
            one.name,
            f"{one.seconds:.0f}",
            times(one.seconds / solve),
            f"{one.seconds_to_know:.0f}",
            one.conflicts,
            one.mends,
        )
        for one in explanations
    ]
    head = ("what has no plan", "explained, s", "of the solve", "known to have none, s", "conflicts", "mends")
    worst = max(one.seconds for one in explanations) / solve
    verdict = "within" if worst <= ALLOWED else "MORE THAN"
    return (
        f"{markdown(head, rows)}\n\nThe instance with its plan is solved to {NEAR:.0%} in {solve:.0f} s; the longest "
        f"explanation takes {times(worst)} that, {verdict} the {times(ALLOWED)} allowed."
    )
