"""The way to a plan: tighten the relaxation, dive to a first plan, search on from there, price what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from capplan.errors import SolverFailed, UsageError
from capplan.formulation.model import Model
from capplan.results.status import Holds, Progress, Stopped
from capplan.search import congested
from capplan.search.dive_order import (
    STOPPED_EARLY,
    dive_in_order,
    in_longer_periods,
    transfer,
    with_fewer_wards,
)
from capplan.search.lazy_rows import LazyRows
from capplan.solver import highs, second_way
from capplan.solver.arrays import Floats
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome
from capplan.solver.watching import OnProgress
from capplan.solver_options import SolverOptions

LARGE = 10_000
"""Columns from which interior point beats simplex on the relaxation and a start of our own pays."""
ROUNDS = 1
"""How often rows that a relaxation breaks are looked for."""
TIGHT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}


def find_plan(
    model: Model,
    compiled: Compiled,
    options: SolverOptions,
    on_progress: OnProgress | None = None,
    start: Floats | None = None,
) -> tuple[Compiled, Outcome]:
    """Searches for the cheapest plan from a start, if there is one (values by column).

    Returns the model that was solved last (lazy rows may have been added to it) and its outcome. Progress counts
    from the beginning of the search. That there is no plan is confirmed on a second way. Raises UsageError where
    another solver is asked for what only HiGHS can.
    """
    if model.BED_LISTS:
        return congested.find_plan(model, compiled, options, on_progress, start)
    if options.solver.lower() != "highs":
        return compiled, _by_another(model, compiled, options, on_progress)
    method: highs.LpMethod = "ipm" if len(compiled.cost) >= LARGE else "choose"
    if compiled.is_settled:
        return compiled, second_way.solve(compiled.relaxed(), options, None, on_progress, method)
    search = _Search(model, compiled, options, on_progress)
    if len(compiled.cost) < LARGE:
        return search.directly(start)
    return search.from_first_plan(start)


class _Search:
    """One search: its clock, and the model with the lazy rows found so far."""

    def __init__(
        self, model: Model, compiled: Compiled, options: SolverOptions, on_progress: OnProgress | None
    ) -> None:
        self._model, self._compiled = model, compiled
        self._clock = Clock.started(options)
        self._report = _since(self._clock, on_progress)
        self._lazy = LazyRows(model, compiled)

    def directly(self, start: Floats | None) -> tuple[Compiled, Outcome]:
        """Small models: lazy rows, then HiGHS."""
        if len(self._lazy):
            self._compiled, relaxed = _relax(self._compiled, self._lazy, self._clock)
            if relaxed.values is None:
                return self._compiled, relaxed
        return self._compiled, second_way.solve(self._compiled, self._clock.left, start, self._report)

    def from_first_plan(self, start: Floats | None) -> tuple[Compiled, Outcome]:
        """Large models: a first plan of our own, from which HiGHS goes on."""
        if start is None:
            first = self._by_quarters() or self._by_diving()
            if first.stopped in (*STOPPED_EARLY, Stopped.INFEASIBLE, Stopped.UNCONFIRMED):
                return self._compiled, first
            if first.holds is not Holds.NOTHING:
                start = first.values
                self._report(Progress(0.0, first.objective))
        return self._compiled, second_way.solve(self._compiled, self._clock.left, start, self._report, "ipm")

    def _by_quarters(self) -> Outcome | None:
        """Dives in quarters, where the plan's months allow it, and prices the capacity found by the month.

        None where that is not possible or leads nowhere.
        """
        longer = in_longer_periods(self._model, self._compiled)
        if longer is None:
            return None
        of, (m, quarterly) = self._model, longer
        # What has no plan in quarters is asked by the month: no need to be sure.
        quarterly, relaxed = _relax(quarterly, LazyRows(m, quarterly), self._clock, highs.solve)
        if relaxed.values is None:
            return relaxed if relaxed.stopped in STOPPED_EARLY else None
        dived = dive_in_order(m, quarterly, relaxed, self._clock)
        if dived.values is None:
            return dived if dived.stopped in STOPPED_EARLY else None
        fixed = transfer(m, quarterly, dived.values, of, self._compiled)
        priced = highs.solve(fixed, self._clock.left, lp_method="ipm")
        if priced.stopped is Stopped.INFEASIBLE:
            free = transfer(m, quarterly, dived.values, of, self._compiled, with_wards=False)
            priced = with_fewer_wards(of, free, self._clock)
        return priced if priced.values is not None or priced.stopped in STOPPED_EARLY else None

    def _by_diving(self) -> Outcome:
        """Dives on the model itself."""
        self._compiled, relaxed = _relax(self._compiled, self._lazy, self._clock)
        if relaxed.values is None:
            return relaxed
        return dive_in_order(self._model, self._compiled, relaxed, self._clock)


def _since(clock: Clock, on_progress: OnProgress | None) -> OnProgress:
    """Reports progress with the time of the whole search."""

    def report(progress: Progress) -> None:
        if on_progress is not None:
            on_progress(replace(progress, seconds=clock.elapsed))

    return report


def _by_another(
    model: Model, compiled: Compiled, options: SolverOptions, on_progress: OnProgress | None
) -> Outcome:
    if compiled.extra_row_names or compiled.has_other_cost:
        raise UsageError(f"best effort needs the solver highs, not {options.solver}")
    from capplan.solver import other

    clock = Clock.started(options)
    outcome = other.solve_with_pyomo(model, compiled, options, None, on_progress)
    return second_way.confirmed(compiled, outcome, clock, on_progress=on_progress)


def _relax(
    compiled: Compiled, lazy: LazyRows, clock: Clock, solve: Callable[..., Outcome] = second_way.solve
) -> tuple[Compiled, Outcome]:
    """The relaxation, with the lazy rows that it breaks added until it breaks none, or few.

    By interior point, small models too: where there is no plan simplex may find no end.
    """
    outcome = solve(compiled.relaxed(), clock.left, lp_method="ipm")
    for _ in range(ROUNDS):
        broken = lazy.broken(outcome.values) if outcome.values is not None else np.array([], dtype=int)
        if not len(broken):
            break
        compiled = lazy.added_to(compiled, broken)
        outcome = solve(compiled.relaxed(), clock.left, lp_method="ipm")
    return compiled, outcome


def polish(compiled: Compiled, outcome: Outcome, options: SolverOptions) -> Outcome:
    """The plan with whole numbers rounded and everything else optimal for them: an LP, so it has shadow prices.

    Raises SolverFailed where the rounded plan is none (numbers of very different size in the instance).
    """
    if outcome.values is None:
        raise SolverFailed("there is no plan to price")
    if compiled.is_settled and outcome.row_duals is not None:
        return outcome
    fixed = compiled.with_integers_fixed(outcome.values)
    once = replace(options, time_limit=None)
    is_large = len(compiled.cost) >= LARGE
    method: highs.LpMethod = "ipm" if is_large else "choose"
    # Crossover from interior point ends in a corner, exact enough; tighter would double its time.
    for tolerances in ({},) if is_large else (TIGHT, {}):
        priced = highs.solve(fixed, once, lp_method=method, extra=tolerances)
        if priced.holds is not Holds.NOTHING:
            return priced
    raise SolverFailed(
        "the plan's whole numbers, once rounded, fit no plan: check for numbers of very different size"
    )
