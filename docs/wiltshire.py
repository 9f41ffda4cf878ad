"""Solve the Wiltshire plan with every scenario, and keep the numbers that docs/wiltshire.md shows.

    python -m docs.wiltshire --solve           # everything: minutes (make wiltshire)
    python -m docs.wiltshire --solve base      # some of it; the rest is taken from the runs that are there
    python -m docs.wiltshire                   # only collect the numbers anew

Runs are kept in results/wiltshire-2017-page; docs/wiltshire.json holds the numbers, and make docs writes the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pandas import isna

import capplan
from capplan.errors import Infeasible, Severity
from capplan.files import read
from capplan.formulation.model import build
from capplan.instance import Instance
from capplan.overrides import apply_overrides
from capplan.plan import Plan, solve
from capplan.runs import fingerprint, read_run
from capplan.solver import highs
from capplan.solver.compiled import compile_model, paused_garbage_collector
from capplan.solver.options import SolverOptions
from capplan.sources import sources
from docs.wiltshire_numbers import YEARS, capacity_numbers, run_numbers

REPOSITORY = Path(__file__).parents[1]
INSTANCE = REPOSITORY / "instances" / "wiltshire-2017"
NUMBERS = Path(__file__).with_name("wiltshire.json")
RUNS = REPOSITORY / "results" / "wiltshire-2017-page"
AS_IS, BASE = "as_is", "base"
OPTIONS = SolverOptions(gap=0.003, time_limit=600.0, threads=1)
"""Nearer to the optimum than `capplan solve` goes unasked: scenarios are compared with each other."""

OTHER_RUNS: dict[str, tuple[str, ...]] = {"far_borders": ("cross_cover.travel_share = 0.5",)}
"""Runs that are no scenario of the instance: whole crews matter, so no relaxation will do."""
WHAT_IFS: dict[str, tuple[str, ...]] = {
    "one worker more": ("limits[limit=rsw_workers].max = 31",),
    "one worker fewer": ("limits[limit=rsw_workers].max = 29",),
    "one early crew more": ("limits[limit=bridging_early].max = 3",),
    "one late crew more": ("limits[limit=bridging_late].max = 3",),
    "one night crew more": ("limits[limit=bridging_night].max = 3",),
    "one bed more": ("limits[limit=ict_beds].max = 71",),
    "one bed fewer": ("limits[limit=ict_beds].min = 69",),
    "one admission more": ("targets[target=ict_month].value = 61",),
    "one discharge more": ("targets[target=rsw_week].value = 22",),
    "no floor for areas": ("targets[target=ict_in_every_area].is_imposed = false",),
    "no conversion": ("targets[target=ch_half_step_up].is_imposed = false",),
    "fifteen more": ("targets[target=ch_extra_month].is_imposed = true",),
    "fifteen more, no conversion": (
        "targets[target=ch_extra_month].is_imposed = true",
        "targets[target=ch_half_step_up].is_imposed = false",
    ),
}
"""Changes whose worth the page states, by the name it calls them."""


def main(arguments: Sequence[str]) -> int:
    """Solves what is asked for and writes the numbers; returns the exit code."""
    instance = read(INSTANCE)
    known = (AS_IS, BASE, *instance.scenarios["scenario"], *OTHER_RUNS)
    asked = [name for name in arguments if name != "--solve"]
    if unknown := [name for name in asked if name not in known]:
        print(f"no such run: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in (asked or known) if "--solve" in arguments else ():
        _solve(instance, name)
    numbers = collect(instance, known)
    text = json.dumps(numbers, indent=1, ensure_ascii=False, allow_nan=False)
    NUMBERS.write_text(text + "\n", encoding="utf-8")
    print(f"{NUMBERS.name} written: now make docs")
    return 0


def collect(instance: Instance, names: Sequence[str]) -> dict[str, Any]:
    """Every number of the page, from the saved runs, the instance and the relaxations of the what-ifs."""
    found = sources(instance)
    runs = {name: read_run(RUNS / name) for name in names}
    if runs[BASE].info["fingerprint"] != fingerprint(instance):
        raise SystemExit(f"the runs in {RUNS} are of another instance: run make wiltshire")
    return {
        "fingerprint": fingerprint(instance),
        "gap": OPTIONS.gap,
        "document": _document(instance),
        "check": {
            f"{p.rule}_{p.value}": f"{p.place} row {p.row}, {p.column}: {p.message}"
            for p in capplan.check(instance)
            if p.severity is Severity.WARNING
        },
        "sources": {kind: int(count) for kind, count in found["kind"].value_counts().items()},
        "runs": {name: run_numbers(run) for name, run in runs.items()},
        "capacity": {name: capacity_numbers(runs[name]) for name in (AS_IS, BASE)},
        "what_ifs": _what_ifs(instance),
    }


def _document(instance: Instance) -> dict[str, tuple[float | None, float]]:
    """Today's number and the target of each line, a year [people]."""
    targets = instance.targets.set_index("target").loc[list(YEARS)]
    found = {}
    for name, row in targets.iterrows():
        months = 12 if row["unit"] == "per_month" else 1
        before = None if isna(row["baseline"]) else months * row["baseline"]
        increase = before or 0.0 if row["value_is"] == "increase" else 0.0
        found[name] = (before, increase + months * row["value"])
    return found


def _solve(instance: Instance, name: str) -> None:
    print(f"{name} ...", end=" ", flush=True)
    changes = OTHER_RUNS.get(name, ())
    scenario = name if name in set(instance.scenarios["scenario"]) else None
    plan = _plan(capplan.change(instance, *changes, scenario=scenario), as_is=name == AS_IS)
    capplan.write_run(plan, RUNS / name, overrides=changes, scenario=scenario)
    effort = ", best effort" if plan.is_best_effort else ""
    print(f"£{plan.objective:,.0f}{effort}, {sum(plan.seconds.values()):.0f} s")


def _plan(question: Instance, *, as_is: bool) -> Plan:
    try:
        return solve(question, as_is=as_is, options=OPTIONS)
    except Infeasible:
        return solve(question, best_effort=True, options=OPTIONS)


def _what_ifs(instance: Instance) -> Mapping[str, float | None]:
    """What each change adds to the least cost [£], whole numbers let go; None where nothing is feasible."""
    least = _relaxed_cost(instance)
    if least is None:
        raise SystemExit("the plan has no relaxation to compare with")
    costs = {name: _relaxed_cost(apply_overrides(instance, changes)) for name, changes in WHAT_IFS.items()}
    return {name: None if cost is None else round(cost - least) for name, cost in costs.items()}


def _relaxed_cost(instance: Instance) -> float | None:
    """The least cost where beds, posts and crews need not be whole numbers: exact, so small changes show."""
    with paused_garbage_collector():
        compiled = compile_model(build(instance)).relaxed()
        outcome = highs.solve(compiled, replace(OPTIONS, time_limit=None), lp_method="ipm")
    return None if outcome.values is None else outcome.objective


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
