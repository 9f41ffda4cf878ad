"""A first plan of a large congested model: by diving, in quarters where the months allow it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capplan.search.dive_order import dive_in_order, in_longer_periods, transfer, with_fewer_wards
from capplan.search.incumbent import Incumbent
from capplan.search.openings import Openings, better_openings
from capplan.search.relaxation import Relaxation
from capplan.solver import highs
from capplan.solver.arrays import Floats
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome
from capplan.solver_options import SolverOptions

Price = Callable[[Floats, Floats | None], object]
"""Prices the whole numbers of some values, near some loads by line, and keeps the best plan."""
IMPROVING = 0.15
"""Share of the time limit that a first plan's openings may be improved for."""


def find_first_plan(relaxation: Relaxation, base: Compiled, price: Price) -> None:
    """Prices plans that dives come to; `base` is the model as it was compiled, without what was learnt since."""
    longer = in_longer_periods(relaxation.model, relaxation.compiled)
    if longer is None:
        dived = _dived(relaxation, relaxation.relax())
        if dived.values is not None:
            price(dived.values, None)
        return
    m, small = longer
    clock = relaxation.clock
    quarters = Relaxation(m, small, clock, Incumbent(clock), highs.solve)
    relaxed = quarters.relax()
    dived = _dived(quarters, relaxed)
    line_of = relaxation.learn(quarters)

    def by_the_month(values: Floats) -> None:
        of, plan = relaxation.model, values[: len(small.cost)]
        loads = (quarters.queues.load @ plan)[line_of]
        fixed = transfer(m, small, plan, of, base)
        price(fixed.column_lower, loads)
        if relaxation.incumbent.best is None:
            free = transfer(m, small, plan, of, base, with_wards=False)
            fewer = with_fewer_wards(of, free, clock)
            if fewer.values is not None:
                price(fewer.values, loads)

    if dived.values is None or relaxed.values is None:
        return
    by_the_month(dived.values)
    better = _with_better_openings(quarters, dived.values, relaxed.values)
    if better is not None:
        by_the_month(better)


def _dived(relaxation: Relaxation, relaxed: Outcome) -> Outcome:
    """The whole numbers that a dive through the relaxation comes to."""
    if relaxed.values is None:
        return relaxed
    return dive_in_order(relaxation.model, relaxation.extended.compiled, relaxed, relaxation.clock)


def _with_better_openings(relaxation: Relaxation, plan: Floats, wish: Floats) -> Floats | None:
    """Another dive, with units opened and closed until that saves nothing more; None where it found nothing."""
    compiled, clock = relaxation.extended.compiled, relaxation.clock
    limit = clock.options.time_limit
    until = np.inf if limit is None else clock.elapsed + IMPROVING * limit
    openings = Openings(relaxation.model, compiled)

    def options_left() -> SolverOptions | None:
        return None if clock.elapsed > until else clock.left

    better = better_openings(openings, compiled, plan, wish, options_left)
    if better is None:
        return None
    columns = openings.columns
    fixed = compiled.with_bounds(columns, better[columns], better[columns])
    relaxed = highs.solve(fixed.relaxed(), clock.left, lp_method="ipm")
    if relaxed.values is None:
        return None
    return dive_in_order(relaxation.model, fixed, relaxed, clock).values
