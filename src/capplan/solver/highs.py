"""HiGHS, the solver: the only module that knows it."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import highspy
import numpy as np
import scipy.sparse as sp
from highspy import HighsModelStatus as Status

from capplan.errors import SolverFailed, UsageError
from capplan.solver.arrays import Flags, Floats, Indices
from capplan.solver.compiled import Compiled
from capplan.solver.options import SolverOptions
from capplan.solver.outcome import Holds, Outcome, Progress, Stopped, known, relative_gap
from capplan.solver.watching import OnProgress, Watch, run_watched

LpMethod = Literal["choose", "simplex", "ipm"]

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
# HiGHS asks of every row that it holds to 1e-6 as it is written, but solves with rows that it has scaled: where
# coefficients are in thousands, it may end a search with "Solve error" at the very plan that it has proved.
_LARGEST_COEFFICIENT = 1000.0
# The relative gap decides; this only ends a search for less than a ten-thousandth of a penny.
_ABSOLUTE_GAP = 1e-6
_PROGRESS_SECONDS = 0.1


def solve(
    compiled: Compiled,
    options: SolverOptions,
    start: Floats | None = None,
    on_progress: OnProgress | None = None,
    lp_method: LpMethod = "choose",
    extra: Mapping[str, Any] | None = None,
    enough: float | None = None,
) -> Outcome:
    """Solve once. A model without integer columns is solved as an LP and has duals and reduced costs.

    start: values by column, NaN = unknown. extra: HiGHS options by their own names. enough: a bound at which a MIP
    stops, OTHER_LIMIT.
    on_progress is called in the calling thread: one to ten times a second, and at the end.
    Ctrl-C returns the best plan so far, INTERRUPTED; a second one raises KeyboardInterrupt.
    Raises UsageError for an option that HiGHS refuses, SolverFailed where HiGHS refuses the model.
    """
    with Session(compiled, options, extra) as session:
        outcome = session.run(lp_method=lp_method, start=start, on_progress=on_progress, enough=enough)
    stopped_early = outcome.stopped in {Stopped.TIME_LIMIT, Stopped.INTERRUPTED, Stopped.OTHER_LIMIT}
    if stopped_early and outcome.holds is Holds.NOTHING and start is not None and compiled.is_plan(start):
        # HiGHS looks at a start only after its presolve, and may have been stopped before.
        return _with_plan(outcome, start, compiled.objective_at(start))
    return outcome


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
        self._watch = Watch()
        self._highs = _new_highs(options, extra or {})
        _subscribe(self._highs, self._watch, self._sense)
        self._row_scale = _row_scale(compiled.A)
        _pass_model(self._highs, compiled, self._row_scale)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the model's memory back."""
        if not self._abandoned:
            self._highs.clear()

    def change_bounds(self, columns: Indices, lower: Floats | float, upper: Floats | float) -> None:
        """Set bounds of some columns."""
        size = len(columns)
        low, high = np.broadcast_to(lower, size), np.broadcast_to(upper, size)
        _accepted(self._highs.changeColsBounds(size, _ints(columns), _floats(low), _floats(high)), "bounds")

    def change_costs(self, columns: Indices, cost: Floats | float) -> None:
        """Set costs of some columns, to be minimised as in Compiled.cost."""
        self._cost[columns] = cost
        _accepted(self._highs.changeColsCost(len(columns), _ints(columns), self._cost[columns]), "costs")

    def set_integrality(self, columns: Indices, is_integer: Flags | bool) -> None:
        """Say which of some columns take whole numbers only."""
        self._is_integer[columns] = is_integer
        kinds = self._is_integer[columns].astype(np.uint8)
        _accepted(self._highs.changeColsIntegrality(len(columns), _ints(columns), kinds), "integrality")

    def add_rows(self, matrix: Any, lower: Floats, upper: Floats) -> None:
        """Append rows lower <= matrix @ x <= upper."""
        scale = _row_scale(matrix)
        rows = _scaled(matrix, scale)
        arrays = _ints(rows.indptr[:-1]), _ints(rows.indices), _floats(rows.data)
        low, high = _floats(lower * scale), _floats(upper * scale)
        _accepted(self._highs.addRows(rows.shape[0], low, high, rows.nnz, *arrays), "rows")
        self._row_scale = np.concatenate([self._row_scale, scale])

    def run(
        self,
        time_limit: float | None = None,
        gap: float | None = None,
        lp_method: LpMethod | None = None,
        start: Floats | None = None,
        on_progress: OnProgress | None = None,
        enough: float | None = None,
    ) -> Outcome:
        """Solve the model as it is now; time_limit (seconds) and gap default to the session's options.

        A start counts only while a column is integer: an LP goes on from its last basis.
        See `solve` for start, enough, on_progress, Ctrl-C and what is raised.
        """
        if self._abandoned:
            raise SolverFailed("this solver session was interrupted and did not stop: begin a new one")
        self._set_run_options(time_limit, gap, lp_method or "choose")
        if start is not None and self._is_integer.any():
            _pass_start(self._highs, start, len(self._cost))
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
        limit, gap, presolve = (self._option(name) for name in ("time_limit", "mip_rel_gap", "presolve"))
        method = lp_method if incumbent is not None else _OTHER_METHOD[lp_method]
        self._set_run_options(max(limit - seconds, _SECOND_TRY_SECONDS), gap, method)
        _set_options(self._highs, {"presolve": "off"})
        if incumbent is not None:
            _pass_start(self._highs, np.where(self._is_integer, incumbent[0], np.nan), len(self._cost))
        outcome = self._run(on_progress)
        if self._abandoned:
            return outcome
        _set_options(self._highs, {"presolve": presolve})
        bounds = [bound for bound in (proved, outcome.bound) if bound is not None]
        if outcome.values is None or not bounds:
            return outcome
        bound = max(bounds, key=lambda bound: self._sense * bound)
        return replace(outcome, bound=bound, gap=relative_gap(outcome.objective, bound))

    def _option(self, name: str) -> Any:
        return self._highs.getOptionValue(name)[1]

    def _set_run_options(self, time_limit: float | None, gap: float | None, lp_method: str) -> None:
        limit = self._options.time_limit if time_limit is None else time_limit
        # For a MIP `solver` has to stay "choose": HiGHS would otherwise solve its relaxation only.
        methods = {"solver": "choose", "mip_lp_solver": "choose"}
        methods["mip_lp_solver" if self._is_integer.any() else "solver"] = lp_method
        limits = {
            "time_limit": math.inf if limit is None else float(limit),
            "mip_rel_gap": float(self._options.gap if gap is None else gap),
        }
        _set_options(self._highs, methods | limits)

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
        return outcome if incumbent is None else _with_plan(outcome, *incumbent)

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
        outcome = _with_plan(outcome, _floats(solution.col_value), objective)
        return (
            outcome if is_mip or stopped is not Stopped.GAP_REACHED else self._with_duals(outcome, solution)
        )

    def _with_duals(self, outcome: Outcome, solution: Any) -> Outcome:
        row_duals, reduced_costs = _floats(solution.row_dual), _floats(solution.col_dual)
        return replace(
            outcome,
            bound=outcome.objective,
            gap=0.0,
            row_duals=self._sense * row_duals * self._row_scale,
            reduced_costs=self._sense * reduced_costs,
        )

    def _infeasible_or_unbounded(self) -> Outcome:
        """HiGHS's presolve left it open: a model that has a plan once nothing costs anything is unbounded."""
        everything = _ints(np.arange(len(self._cost)))
        self._highs.changeColsCost(len(everything), everything, np.zeros(len(everything)))
        outcome = self._run(None)
        if not self._abandoned:
            self._highs.changeColsCost(len(everything), everything, self._cost)
        stopped = Stopped.UNBOUNDED if outcome.stopped is Stopped.GAP_REACHED else outcome.stopped
        return Outcome(stopped, Holds.NOTHING, message=stopped.value)


def write_lp(compiled: Compiled, path: Path) -> None:
    """Write the model as an LP file, names as in Pyomo but for the signs that the format reserves.

    Raises UsageError where the file cannot be written.
    """
    _open_for_writing(path, "path")
    highs = _new_highs(SolverOptions(), {})
    _pass_model(highs, compiled, np.ones(compiled.A.shape[0]))
    for column, name in enumerate(_lp_names(compiled.column_names)):
        highs.passColName(column, name)
    for row, name in enumerate(_lp_names(compiled.row_names)):
        highs.passRowName(row, name)
    _accepted(highs.writeModel(str(path)), "path")


def _lp_names(names: Sequence[str]) -> Iterator[str]:
    """The names without the signs that the LP format reserves, still all different."""
    taken: set[str] = set()
    for position, name in enumerate(names):
        plain = re.sub(r"[^A-Za-z0-9_.,()]", "_", name.replace("[", "(").replace("]", ")"))
        unique = plain if plain not in taken else f"{plain}_{position}"
        taken.add(unique)
        yield unique


def _new_highs(options: SolverOptions, extra: Mapping[str, Any]) -> highspy.Highs:
    # highspy's constructor has no types.
    new: Callable[[], highspy.Highs] = highspy.Highs
    highs = new()
    highs.silent()
    settings: dict[str, Any] = {"random_seed": options.seed, "mip_abs_gap": _ABSOLUTE_GAP}
    if options.threads is not None:
        settings["threads"] = options.threads
    _set_options(highs, settings | dict(extra))
    if options.log_file is not None:
        _open_for_writing(options.log_file, "log_file")
        _set_options(highs, {"log_to_console": False, "log_file": str(options.log_file), "output_flag": True})
    return highs


def _set_options(highs: highspy.Highs, settings: Mapping[str, Any]) -> None:
    for name, value in settings.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise UsageError(f"HiGHS does not accept {name} = {value!r}: give another value, or leave it out")


def _open_for_writing(path: Path, setting: str) -> None:
    try:
        path.open("a").close()
    except OSError as error:
        raise UsageError(f"{setting}: {path} cannot be written ({error.strerror})") from error


def _subscribe(highs: highspy.Highs, watch: Watch, sense: int) -> None:
    """Have HiGHS read and write the watch (and no more: it would keep a whole session alive)."""

    def look(event: highspy.HighsCallbackEvent) -> None:
        # HiGHS keeps the last answer, so that "go on" has to be said too.
        event.interrupt(watch.stop.is_set())

    def tell(event: highspy.HighsCallbackEvent) -> None:
        look(event)
        out = event.data_out
        if out.running_time - watch.latest.seconds >= _PROGRESS_SECONDS:
            objective, bound = known(out.mip_primal_bound), known(out.mip_dual_bound)
            objective = None if objective is None else sense * objective
            bound = None if bound is None else sense * bound
            numbers = objective, bound, relative_gap(objective, bound)
            watch.latest = Progress(out.running_time, *numbers, nodes=int(out.mip_node_count))
        bound = known(out.mip_dual_bound)
        if watch.enough is not None and bound is not None and bound >= sense * watch.enough:
            watch.is_enough = True
            event.interrupt(True)

    def keep(event: highspy.HighsCallbackEvent) -> None:
        out = event.data_out
        watch.incumbent = np.array(out.mip_solution), sense * out.objective_function_value

    highs.cbSimplexInterrupt.subscribe(look)
    highs.cbIpmInterrupt.subscribe(look)
    highs.cbMipInterrupt.subscribe(tell)
    highs.cbMipImprovingSolution.subscribe(keep)


def _row_scale(matrix: Any) -> Floats:
    """What each row is multiplied by for HiGHS: 1, but for rows with large coefficients.

    Those by one over the square root of the largest, as HiGHS would scale a row that also has a 1; by a power of two,
    so that no digit changes.
    """
    rows = sp.csr_array(matrix)
    largest = np.zeros(rows.shape[0])
    np.maximum.at(largest, np.repeat(np.arange(len(largest)), np.diff(rows.indptr)), np.abs(rows.data))
    powers = np.round(np.log2(np.sqrt(np.maximum(largest, _LARGEST_COEFFICIENT))))
    return np.where(largest > _LARGEST_COEFFICIENT, np.exp2(-powers), 1.0)


def _scaled(matrix: Any, scale: Floats) -> Any:
    """The rows times their scale; as they are where no scale differs from 1."""
    rows = sp.csr_array(matrix)
    return rows if (scale == 1).all() else sp.csr_array(sp.diags_array(scale) @ rows)


def _pass_model(highs: highspy.Highs, compiled: Compiled, scale: Floats) -> None:
    rows, columns = compiled.A.shape
    bounds = compiled.column_lower, compiled.column_upper
    row_bounds = compiled.row_lower * scale, compiled.row_upper * scale
    if any(np.isnan(numbers).any() for numbers in (compiled.cost, compiled.A.data, *bounds, *row_bounds)):
        raise SolverFailed("the model has a cost, coefficient or bound that is not a number")
    matrix = _scaled(compiled.A, scale)
    status = highs.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        compiled.offset,
        compiled.cost,
        *bounds,
        *row_bounds,
        _ints(matrix.indptr),
        _ints(matrix.indices),
        _floats(matrix.data),
        _ints(compiled.is_integer),
    )
    _accepted(status, "model")


def _pass_start(highs: highspy.Highs, start: Floats, size: int) -> None:
    if len(start) != size:
        raise ValueError(f"the start has {len(start)} values, the model {size} columns")
    given = np.flatnonzero(~np.isnan(start))
    if len(given) < size:
        highs.setSolution(len(given), _ints(given), _floats(start[given]))
        return
    solution = highspy.HighsSolution()
    solution.col_value = _floats(start)
    highs.setSolution(solution)


def _with_plan(outcome: Outcome, values: Floats, objective: float) -> Outcome:
    proved = outcome.stopped is Stopped.GAP_REACHED
    return replace(
        outcome,
        holds=Holds.OPTIMAL_PLAN if proved else Holds.FEASIBLE_PLAN,
        objective=objective,
        gap=relative_gap(objective, outcome.bound),
        values=values,
    )


def _accepted(status: highspy.HighsStatus, what: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverFailed(f"HiGHS does not accept the {what}")


def _ints(numbers: Any) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.ascontiguousarray(numbers, dtype=np.int32)


def _floats(numbers: Any) -> Floats:
    return np.ascontiguousarray(numbers, dtype=np.float64)
