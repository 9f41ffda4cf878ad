"""What an instance costs at best, to the penny."""

from __future__ import annotations

from math import inf

from capplan.errors import Infeasible
from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.plan import solve
from capplan.search.find_plan import find_plan, polish
from capplan.solver import Holds, SolverOptions
from capplan.solver.compiled import compile_model

EXACT = SolverOptions(gap=1e-9, threads=1)


def planned_cost(instance: Instance, *, as_is: bool = False, best_effort: bool = False) -> float:
    """Cost of the plan [£], infinite where there is none."""
    try:
        plan = solve(instance, as_is=as_is, best_effort=best_effort, options=EXACT, with_today=False)
    except Infeasible:
        return inf
    return plan.objective


def model_cost(instance: Instance, *, is_aggregated: bool = True) -> float:
    """Least cost of the model [£], infinite where nothing is feasible; quicker than a plan with its tables."""
    m = build(instance, is_aggregated=is_aggregated)
    try:
        compiled = compile_model(m)
    except Infeasible:
        return inf
    compiled, outcome = find_plan(m, compiled, EXACT)
    if outcome.holds is Holds.NOTHING:
        return inf
    priced = polish(compiled, outcome, EXACT).objective
    assert priced is not None
    return priced
