"""Any other solver that Pyomo can drive, by its name: cbc, glpk, scip, gurobi_direct, cplex, xpress, ..."""

from __future__ import annotations

import io
import logging
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import ApplicationError
from pyomo.common.log import LoggingIntercept
from pyomo.opt import TerminationCondition as Condition
from pyomo.opt.base.solvers import OptSolver

from capplan.errors import SolverFailed, UsageError
from capplan.results.status import Holds, Progress, Stopped
from capplan.solver.arrays import Floats
from capplan.solver.compiled import Compiled, current_values, load
from capplan.solver.outcome import Outcome, known
from capplan.solver.watching import OnProgress
from capplan.solver_options import SolverOptions

_STOPPED = {
    Condition.optimal: Stopped.GAP_REACHED,
    Condition.globallyOptimal: Stopped.GAP_REACHED,
    Condition.infeasible: Stopped.INFEASIBLE,
    Condition.unbounded: Stopped.UNBOUNDED,
    Condition.maxTimeLimit: Stopped.TIME_LIMIT,
    Condition.maxIterations: Stopped.OTHER_LIMIT,
    Condition.maxEvaluations: Stopped.OTHER_LIMIT,
    Condition.userInterrupt: Stopped.INTERRUPTED,
}
# Solvers keep rows to 1e-6 of their own scaling, which may be a little more in ours.
_TOLERANCE = 1e-5


@dataclass(frozen=True)
class _Dialect:
    """What a solver calls its program and our options (None: it has no such option)."""

    program: str
    gap: str
    time_limit: str
    threads: str | None
    seed: str
    install: str = ""


_DIALECTS = {
    "cbc": _Dialect("cbc", "ratio", "sec", "threads", "randomCbcSeed", "pip install cbcbox"),
    "cplex": _Dialect("cplex", "mip_tolerances_mipgap", "timelimit", "threads", "randomseed"),
    "glpk": _Dialect("glpsol", "mipgap", "tmlim", None, "seed"),
    "gurobi": _Dialect("gurobi", "MIPGap", "TimeLimit", "Threads", "Seed", "pip install gurobipy"),
    "scip": _Dialect("scip", "limits/gap", "limits/time", None, "randomization/randomseedshift"),
    "xpress": _Dialect("xpress", "miprelstop", "maxtime", "threads", "randomseed", "pip install xpress"),
}
_CHOICE = f"try one of highs, {', '.join(_DIALECTS)}"


def solve_with_pyomo(
    model: pyo.ConcreteModel,
    compiled: Compiled,
    options: SolverOptions,
    start: Floats | None = None,
    on_progress: OnProgress | None = None,
) -> Outcome:
    """Solve `model` with the solver named `options.solver`; its variables keep what the solver gave.

    compiled: the same model as arrays, by which the plan is read and checked. A start is used where the
    solver takes one. on_progress is called once, at the end. No duals; bound and gap are None where they are
    not told. After Ctrl-C nothing is held. The message says which option was not passed on.
    Raises UsageError for a solver that is unknown or not installed, SolverFailed where it breaks.
    """
    solver = _solver(options.solver)
    settings, left_out = _settings(options)
    began = time.monotonic()
    try:
        results, said = _run(solver, model, settings, options.log_file, _warm_start(solver, compiled, start))
    except KeyboardInterrupt:
        return Outcome(Stopped.INTERRUPTED, Holds.NOTHING, seconds=time.monotonic() - began)
    except (ApplicationError, ValueError) as error:
        raise SolverFailed(f"{options.solver} failed: {error}") from error
    outcome = _outcome(compiled, results)
    message = "; ".join(part for part in (outcome.message, left_out, said) if part)
    outcome = replace(outcome, seconds=time.monotonic() - began, message=message)
    if on_progress is not None:
        on_progress(Progress(outcome.seconds, outcome.objective, outcome.bound, outcome.gap, outcome.nodes))
    return outcome


def _solver(name: str) -> Any:
    """The solver of that name, from the PATH or beside the Python that runs us (where pip puts programs)."""
    if name not in list(pyo.SolverFactory):
        raise UsageError(f"solver: {name!r} is not known; {_CHOICE}")
    dialect = _dialect(name)
    with LoggingIntercept(io.StringIO(), "pyomo", logging.WARNING):
        solver = pyo.SolverFactory(name)
        if not isinstance(solver, OptSolver):
            raise UsageError(f"solver: {name!r} cannot be driven from here; {_CHOICE}")
        if solver.available(exception_flag=False):
            return solver
        program = dialect and shutil.which(dialect.program, path=str(Path(sys.executable).parent))
        if program:
            return pyo.SolverFactory(name, executable=program)
    how = f" ({dialect.install})" if dialect and dialect.install else ""
    raise UsageError(f"solver: {name!r} is not installed{how}: install it, or use highs, which is")


def _dialect(name: str) -> _Dialect | None:
    """gurobi_direct and gurobi_persistent speak as gurobi does."""
    return _DIALECTS.get(name.removesuffix("_direct").removesuffix("_persistent"))


def _settings(options: SolverOptions) -> tuple[dict[str, Any], str]:
    """Our options in the solver's words, and what could not be said in them."""
    dialect = _dialect(options.solver)
    if dialect is None:
        return {}, f"{options.solver} ran with its own gap, time limit, threads and seed"
    settings: dict[str, Any] = {dialect.gap: options.gap, dialect.seed: options.seed}
    if options.time_limit is not None:
        # glpk counts whole seconds.
        settings[dialect.time_limit] = max(1, round(options.time_limit))
    if options.threads is None:
        return settings, ""
    if dialect.threads is None:
        return settings, f"{options.solver} has no setting for threads"
    return {**settings, dialect.threads: options.threads}, ""


def _warm_start(solver: Any, compiled: Compiled, start: Floats | None) -> dict[str, bool]:
    if start is None or np.isnan(start).any() or not solver.warm_start_capable():
        return {}
    load(compiled, start)
    return {"warmstart": True}


def _run(
    solver: Any,
    model: pyo.ConcreteModel,
    settings: dict[str, Any],
    log_file: Path | None,
    warm: dict[str, bool],
) -> tuple[Any, str]:
    """Pyomo's results, loaded into the model where there are values, and its warnings."""
    said = io.StringIO()
    more: dict[str, Any] = {**warm, **({} if log_file is None else {"logfile": str(log_file)})}
    with LoggingIntercept(said, "pyomo", logging.WARNING):
        results = solver.solve(model, load_solutions=False, options=settings, **more)
        if len(results.solution) and results.solution(0).variable:
            model.solutions.load_from(results, default_variable_value=0.0)
    return results, " ".join(said.getvalue().split())


def _outcome(compiled: Compiled, results: Any) -> Outcome:
    stopped = _STOPPED.get(results.solver.termination_condition, Stopped.FAILED)
    outcome = Outcome(
        stopped, Holds.NOTHING, message=str(results.solver.termination_message or stopped.value)
    )
    if stopped in {Stopped.INFEASIBLE, Stopped.UNBOUNDED}:
        return outcome
    values = current_values(compiled)
    if not (len(results.solution) and results.solution(0).variable) or not compiled.is_plan(
        values, _TOLERANCE
    ):
        if stopped is not Stopped.GAP_REACHED:
            return outcome
        return replace(outcome, stopped=Stopped.FAILED, message="the values it gave break the model's rows")
    objective, bound = compiled.objective_at(values), _bound(results, compiled.sense)
    return replace(outcome, bound=bound).with_plan(values, objective)


def _bound(results: Any, sense: int) -> float | None:
    """The proved bound. Where Pyomo has only one of the two bounds it may be the wrong one."""
    problem = results.problem(0)
    if problem.lower_bound is None or problem.upper_bound is None:
        return None
    return known(float(problem.lower_bound if sense > 0 else problem.upper_bound))
