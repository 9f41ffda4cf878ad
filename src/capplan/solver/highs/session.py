"""A HiGHS that holds a model: changes to it, runs, and what came of them in the terms of this package."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import highspy
import numpy as np
from highspy import HighsModelStatus as Status

from capplan.errors import SolverFailed
from capplan.results.status import Holds, Progress, Stopped
from capplan.solver.arrays import Flags, Floats, Indices, Matrix
from capplan.solver.compiled import Compiled
from capplan.solver.highs.callbacks import subscribe
from capplan.solver.highs.model_input import (
    accepted,
    floats,
    ints,
    new_highs,
    pass_model,
    pass_start,
    set_options,
)
from capplan.solver.highs.scaling import row_scale, scaled
from capplan.solver.outcome import Outcome, known, relative_gap
from capplan.solver.watching import OnProgress, Watch, run_watched
from capplan.solver_options import SolverOptions

LpMethod = Literal["choose", "simplex", "ipm"]

NO_END = highspy.kHighsIInf
_STOPPED = {
    Status.kOptimal: Stopped.GAP_REACHED,
    Status.kModelEmpty: Stopped.GAP_REACHED,
    Status.kInfeasible: Stopped.INFEASIBLE,
    Status.kUnbounded: Stopped.UNBOUNDED,
    Status.kTimeLimit: Stopped.TIME_LIMIT,
    Status.kInterrupt: Stopped.INTERRUPTED,
    Status.kIterationLimit: Stopped.OTHER_LIMIT,
    Status.kSolutionLimit: Stopped.OTHER_LIMIT,
    Status.kObjectiveBound: Stopped.OTHER_LIMIT,
    Status.kObjectiveTarget: Stopped.OTHER_LIMIT,
}
_GAVE_UP = frozenset({Status.kSolveError, Status.kUnknown, Status.kPostsolveError, Status.kPresolveError})
_OTHER_METHOD: Mapping[LpMethod, LpMethod] = {"choose": "ipm", "simplex": "ipm", "ipm": "simplex"}
# What a second try has at least, even where the time limit is over.
_SECOND_TRY_SECONDS = 5.0


class Session:
    """One HiGHS that holds a model and solves it again and again with changes, each time from the last basis.

    Changes touch the session only, not the Compiled it was made from.
    To be closed: `with Session(...) as session`.
    """

    def __init__(
        self, compiled: Compiled, options: SolverOptions, extra: Mapping[str, Any] | None = None
    ) -> None:
        self._options = options
        self._sense = compiled.sense
        self._is_integer = compiled.is_integer.copy()
        self._cost = compiled.cost.copy()
        self._offset = compiled.offset
        self._abandoned = False
        self._limit = math.inf
        self._watch = Watch()
        self._highs = new_highs(options, extra or {})
        subscribe(self._highs, self._watch, self._sense)
        self._row_scale = row_scale(compiled.A)
        pass_model(self._highs, compiled, self._row_scale)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the model's memory back."""
        if not self._abandoned:
            self._highs.clear()

    def forget(self) -> None:
        """Begin the next run from nothing, with presolve, and not from the last basis or plan."""
        self._highs.clearSolver()

    def change_bounds(self, columns: Indices, lower: Floats | float, upper: Floats | float) -> None:
        """Set bounds of some columns."""
        size = len(columns)
        low, high = np.broadcast_to(lower, size), np.broadcast_to(upper, size)
        accepted(self._highs.changeColsBounds(size, ints(columns), floats(low), floats(high)), "bounds")

    def change_costs(self, columns: Indices, cost: Floats | float) -> None:
        """Set costs of some columns, to be minimised as in Compiled.cost."""
        self._cost[columns] = cost
        accepted(self._highs.changeColsCost(len(columns), ints(columns), self._cost[columns]), "costs")

    def set_integrality(self, columns: Indices, is_integer: Flags | bool) -> None:
        """Say which of some columns take whole numbers only."""
        self._is_integer[columns] = is_integer
        kinds = self._is_integer[columns].astype(np.uint8)
        accepted(self._highs.changeColsIntegrality(len(columns), ints(columns), kinds), "integrality")

    def add_rows(self, matrix: Matrix, lower: Floats, upper: Floats) -> None:
        """Append rows lower <= matrix @ x <= upper."""
        scale = row_scale(matrix)
        rows = scaled(matrix, scale)
        arrays = ints(rows.indptr[:-1]), ints(rows.indices), floats(rows.data)
        low, high = floats(lower * scale), floats(upper * scale)
        accepted(self._highs.addRows(rows.shape[0], low, high, rows.nnz, *arrays), "rows")
        self._row_scale = np.concatenate([self._row_scale, scale])

    def run(
        self,
        time_limit: float | None = None,
        gap: float | None = None,
        lp_method: LpMethod | None = None,
        start: Floats | None = None,
        on_progress: OnProgress | None = None,
        enough: float | None = None,
        iterations: int | None = None,
    ) -> Outcome:
        """Solve the model as it is now; time_limit (seconds) and gap default to the session's options.

        A start counts only while a column is integer: an LP goes on from its last basis, for so many `iterations` of
        the simplex method at the most.
        See `solve` for start, enough, on_progress, Ctrl-C and what is raised.
        """
        if self._abandoned:
            raise SolverFailed("this solver session was interrupted and did not stop: begin a new one")
        self._set_run_options(time_limit, gap, lp_method or "choose")
        set_options(self._highs, {"simplex_iteration_limit": NO_END if iterations is None else iterations})
        if start is not None and self._is_integer.any():
            pass_start(self._highs, start, len(self._cost))
        began = time.monotonic()
        outcome = self._run(on_progress, enough)
        if not self._abandoned and self._highs.getModelStatus() == Status.kUnboundedOrInfeasible:
            outcome = self._infeasible_or_unbounded()
        if not self._abandoned and self._highs.getModelStatus() in _GAVE_UP:
            outcome = self._run_again(lp_method or "choose", time.monotonic() - began, on_progress)
        outcome = replace(outcome, seconds=time.monotonic() - began)
        if on_progress is not None:
            numbers = outcome.objective, outcome.bound, outcome.gap, outcome.nodes
            on_progress(Progress(outcome.seconds, *numbers))
        return outcome

    def _run_again(self, lp_method: LpMethod, seconds: float, on_progress: OnProgress | None) -> Outcome:
        """HiGHS gave up after some seconds: once more without presolve, in the time left, from its best plan.

        An LP, and a MIP that came to no plan, by the other LP method. What was proved before still holds.
        """
        incumbent, proved = self._watch.incumbent, self._watch.latest.bound
        self._highs.clearSolver()
        gap, presolve = (self._option(name) for name in ("mip_rel_gap", "presolve"))
        method = lp_method if incumbent is not None else _OTHER_METHOD[lp_method]
        self._set_run_options(max(self._limit - seconds, _SECOND_TRY_SECONDS), gap, method)
        set_options(self._highs, {"presolve": "off"})
        if incumbent is not None:
            pass_start(self._highs, np.where(self._is_integer, incumbent[0], np.nan), len(self._cost))
        outcome = self._run(on_progress)
        if self._abandoned:
            return outcome
        set_options(self._highs, {"presolve": presolve})
        bounds = [bound for bound in (proved, outcome.bound) if bound is not None]
        if outcome.values is None or not bounds:
            return outcome
        bound = max(bounds, key=lambda bound: self._sense * bound)
        return replace(outcome, bound=bound, gap=relative_gap(outcome.objective, bound))

    def _option(self, name: str) -> Any:
        return self._highs.getOptionValue(name)[1]

    def _set_run_options(self, time_limit: float | None, gap: float | None, lp_method: str) -> None:
        limit = self._options.time_limit if time_limit is None else time_limit
        self._limit = math.inf if limit is None else float(limit)
        # Of linear programs HiGHS counts the seconds of all its runs, of others those of each.
        before = 0.0 if self._is_integer.any() else self._highs.getRunTime()
        # For a MIP `solver` has to stay "choose": HiGHS would otherwise solve its relaxation only.
        methods = {"solver": "choose", "mip_lp_solver": "choose"}
        methods["mip_lp_solver" if self._is_integer.any() else "solver"] = lp_method
        limits = {
            "time_limit": before + self._limit,
            "mip_rel_gap": float(self._options.gap if gap is None else gap),
        }
        set_options(self._highs, methods | limits)

    def _run(self, on_progress: OnProgress | None, enough: float | None = None) -> Outcome:
        self._watch.reset(enough)
        if run_watched(self._highs.run, self._watch, on_progress):
            outcome = self._read()
            is_own_stop = self._watch.is_enough and outcome.stopped is Stopped.INTERRUPTED
            return replace(outcome, stopped=Stopped.OTHER_LIMIT) if is_own_stop else outcome
        self._abandoned = True
        latest, incumbent = self._watch.latest, self._watch.incumbent
        message = "Interrupted; HiGHS did not stop in time and ends by itself"
        outcome = Outcome(
            Stopped.INTERRUPTED, Holds.NOTHING, bound=latest.bound, nodes=latest.nodes, message=message
        )
        return outcome if incumbent is None else outcome.with_plan(*incumbent)

    def _read(self) -> Outcome:
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        stopped = _STOPPED.get(status, Stopped.FAILED)
        text, nodes = self._highs.modelStatusToString(status), max(0, int(info.mip_node_count))
        outcome = Outcome(stopped, Holds.NOTHING, nodes=nodes, message=text)
        if stopped in {Stopped.INFEASIBLE, Stopped.UNBOUNDED}:
            return outcome
        is_mip = bool(self._is_integer.any())
        bound = known(info.mip_dual_bound) if is_mip else None
        outcome = replace(outcome, bound=None if bound is None else self._sense * bound)
        empty = status == Status.kModelEmpty
        if not empty and info.primal_solution_status != int(highspy.kSolutionStatusFeasible):
            return outcome
        # HiGHS forgets the offset of a model without columns.
        objective = self._sense * (self._offset if empty else info.objective_function_value)
        solution = self._highs.getSolution()
        outcome = outcome.with_plan(floats(solution.col_value), objective)
        return (
            outcome if is_mip or stopped is not Stopped.GAP_REACHED else self._with_duals(outcome, solution)
        )

    def _with_duals(self, outcome: Outcome, solution: Any) -> Outcome:
        row_duals, reduced_costs = floats(solution.row_dual), floats(solution.col_dual)
        return replace(
            outcome,
            bound=outcome.objective,
            gap=0.0,
            row_duals=self._sense * row_duals * self._row_scale,
            reduced_costs=self._sense * reduced_costs,
        )

    def _infeasible_or_unbounded(self) -> Outcome:
        """HiGHS's presolve left it open: a model that has a plan once nothing costs anything is unbounded."""
        everything = ints(np.arange(len(self._cost)))
        self._highs.changeColsCost(len(everything), everything, np.zeros(len(everything)))
        outcome = self._run(None)
        if not self._abandoned:
            self._highs.changeColsCost(len(everything), everything, self._cost)
        stopped = Stopped.UNBOUNDED if outcome.stopped is Stopped.GAP_REACHED else outcome.stopped
        return Outcome(stopped, Holds.NOTHING, message=stopped.value)
