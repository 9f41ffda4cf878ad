"""That a model has no plan is said only where two ways say so: solvers have called models with plans infeasible.

The first way is the search. The second is arithmetic of our own: rows that add up to more than bounds allow. Where
that shows nothing, as where only whole numbers are in the way, HiGHS is asked for any plan at all, without presolve.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from capplan.results.status import Holds, Stopped
from capplan.solver import highs
from capplan.solver.arrays import Floats
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome
from capplan.solver.watching import OnProgress
from capplan.solver_options import SolverOptions

TOLERANCE = 1e-6
"""By how much a plan may miss each row and bound."""
ROUNDING = 1e-12
"""How much of the terms of a sum computing may lose, with room to spare."""
NO_MORE_THAN = 1e9
"""No plan counts more of anything [people, beds, hours, £]: for columns without a bound."""
SECONDS = 300.0
"""Without presolve a search over whole numbers may never end: so long it may take where there is no time limit."""
EXACT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
WITHOUT_PRESOLVE = {"presolve": "off"}


def solve(
    compiled: Compiled,
    options: SolverOptions,
    start: Floats | None = None,
    on_progress: OnProgress | None = None,
    lp_method: highs.LpMethod = "choose",
    enough: float | None = None,
) -> Outcome:
    """As `highs.solve`, and where that says INFEASIBLE, `confirmed`."""
    clock = Clock.started(options)
    outcome = highs.solve(compiled, options, start, on_progress, lp_method, enough=enough)
    return confirmed(compiled, outcome, clock, start, on_progress, lp_method, enough)


def confirmed(
    compiled: Compiled,
    outcome: Outcome,
    clock: Clock,
    start: Floats | None = None,
    on_progress: OnProgress | None = None,
    lp_method: highs.LpMethod = "choose",
    enough: float | None = None,
) -> Outcome:
    """The outcome as it is, unless it is INFEASIBLE; then what a second way says in the time left.

    INFEASIBLE where that says the same; the cheapest plan from there on where it has one; else UNCONFIRMED. The
    message says which. A start that is a plan refutes the outcome by itself.
    """
    if outcome.stopped is not Stopped.INFEASIBLE:
        return outcome
    second = _second(compiled, outcome, clock, start, lp_method)
    if second.values is not None:
        plan = second.values
        second = highs.solve(compiled, clock.left, plan, on_progress, lp_method, WITHOUT_PRESOLVE, enough)
        if second.values is None:
            second = Outcome(Stopped.OTHER_LIMIT, Holds.NOTHING).with_plan(plan, compiled.objective_at(plan))
    return replace(second, seconds=clock.elapsed)


def _second(
    compiled: Compiled, first: Outcome, clock: Clock, start: Floats | None, lp_method: highs.LpMethod
) -> Outcome:
    """INFEASIBLE, UNCONFIRMED, or the values of any plan."""
    if start is not None and compiled.is_plan(start):
        return replace(first, values=start)
    second = highs.solve(_elastic(compiled), clock.left, lp_method="ipm", extra=EXACT)
    if second.row_duals is not None and contradict(compiled, second.row_duals):
        return replace(first, message=f"{first.message}: rows and bounds contradict each other")
    if second.stopped is not Stopped.INTERRUPTED:
        second = _any_plan(compiled, clock.left, lp_method)
    if second.stopped is Stopped.INFEASIBLE:
        return replace(first, message=f"{first.message}, without presolve too")
    if second.values is not None:
        return replace(first, values=second.values)
    message = f"{first.message}, not confirmed: {second.stopped.value}"
    return Outcome(Stopped.UNCONFIRMED, Holds.NOTHING, message=message)


def _any_plan(compiled: Compiled, options: SolverOptions, lp_method: highs.LpMethod) -> Outcome:
    """What HiGHS finds without presolve where nothing costs anything: that is answered soonest."""
    within = replace(options, time_limit=options.time_limit or SECONDS)
    costless = compiled.with_cost(np.zeros_like(compiled.cost))
    return highs.solve(costless, within, lp_method=lp_method, extra=WITHOUT_PRESOLVE)


def _elastic(compiled: Compiled) -> Compiled:
    """The relaxation in which rows may be missed, by as little as can be: it has a solution, and prices of the rows.

    What a row is missed by is counted in units of its largest coefficient. To be solved by interior point: of
    programs without a plan simplex has been seen to find no end, with presolve and without.
    """
    rows = sp.csr_array(compiled.A)
    largest = np.ones(rows.shape[0])
    np.maximum.at(largest, np.repeat(np.arange(len(largest)), np.diff(rows.indptr)), np.abs(rows.data))
    too_little, too_much = (np.flatnonzero(np.isfinite(x)) for x in (compiled.row_lower, compiled.row_upper))
    missed, size = np.concatenate([too_little, too_much]), len(too_little) + len(too_much)
    units = np.concatenate([largest[too_little], -largest[too_much]])
    parts = sp.csr_array((units, (missed, np.arange(size))), shape=(rows.shape[0], size))
    return replace(
        compiled,
        A=sp.hstack([rows, parts], format="csr"),
        column_lower=np.concatenate([compiled.column_lower, np.zeros(size)]),
        column_upper=np.concatenate([compiled.column_upper, np.full(size, np.inf)]),
        cost=np.concatenate([np.zeros_like(compiled.cost), np.ones(size)]),
        offset=0.0,
        sense=1,
        is_integer=np.zeros(len(compiled.cost) + size, dtype=np.bool_),
    )


def contradict(compiled: Compiled, weights: Floats) -> bool:
    """Whether the rows, each times its weight, add up to more than the bounds of the columns allow (Farkas).

        asked = sum_i weights[i] * (row_lower[i] where weights[i] > 0, row_upper[i] where < 0)
        allowed = sum_j sums[j] * (column_upper[j] where sums[j] > 0, column_lower[j] where < 0)

    with sums[j] = sum_i weights[i] * A[i,j]. No plan exists if asked > allowed, be each row and bound missed by
    TOLERANCE.
    """
    weights = np.where(np.isfinite(compiled.row_lower), weights, np.minimum(weights, 0.0))
    weights = np.where(np.isfinite(compiled.row_upper), weights, np.maximum(weights, 0.0))
    sides = np.where(weights > 0, compiled.row_lower, compiled.row_upper)
    asked = weights * np.where(weights == 0, 0.0, sides)
    sums = compiled.A.T @ weights
    bounds = np.where(sums > 0, compiled.column_upper, compiled.column_lower)
    allowed = sums * np.where(np.isfinite(bounds), bounds, np.sign(sums) * NO_MORE_THAN)
    missed = TOLERANCE * (np.abs(weights).sum() + np.abs(sums).sum())
    missed += ROUNDING * (np.abs(asked).sum() + np.abs(allowed).sum())
    return bool(asked.sum() - allowed.sum() > missed)
