"""capplan: what intermediate care capacity to commission, where, from when, and what it costs.

The Python interface has the verbs of the command line; tables are pandas frames.

    >>> import capplan
    >>> instance = capplan.read("instances/tiny")
    >>> capplan.check(instance)
    ()
    >>> plan = capplan.solve(instance)
    >>> plan.result.holds.value
    'a plan proved within the gap'
    >>> sorted(plan.tables)[:3]
    ['access', 'acute', 'beds']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capplan.errors import (
    CapplanError,
    Infeasible,
    InvalidInstance,
    NoPlanFound,
    Problem,
    Severity,
    SolverFailed,
    UsageError,
)

if TYPE_CHECKING:
    from pandas import DataFrame

    from capplan.instance import Instance
    from capplan.results.status import Progress
    from capplan.runs import Run
    from capplan.solved import Plan

__all__ = [
    "CapplanError",
    "Infeasible",
    "Instance",
    "InvalidInstance",
    "NoPlanFound",
    "Problem",
    "Severity",
    "SolverFailed",
    "UsageError",
    "change",
    "check",
    "planning_return",
    "read",
    "read_run",
    "solve",
    "write",
    "write_run",
]

type_of_path = str | PathLike[str]


def read(path: type_of_path) -> Instance:
    """The instance in a folder, a run folder or a workbook (.xlsx).

    Raises InvalidInstance, which lists every problem of its files and tables.
    """
    from capplan import files

    return files.read(Path(path))


def write(instance: Instance, path: type_of_path) -> None:
    """Writes an instance: a workbook where the path ends in .xlsx, else a folder. Raises UsageError."""
    from capplan import files

    files.write(instance, Path(path))


def check(instance: Instance | type_of_path) -> tuple[Problem, ...]:
    """Every problem that the tables of an instance have together: errors first, then warnings, then information.

    The instance may be the one at a path. Raises InvalidInstance where that cannot be read.
    """
    from capplan import checks

    return checks.check(_instance(instance))


def change(instance: Instance | type_of_path, *overrides: str, scenario: str | None = None) -> Instance:
    """A copy of an instance, or of the one at a path, with the changes of a scenario and then the overrides.

    An override is text such as "instance.periods = 24".

    The scenario `do_nothing`, which every instance has, fixes today's capacity as it is after the overrides. Raises
    UsageError for a change that cannot be read or touches no row, InvalidInstance for one that breaks a rule.
    """
    from capplan.question import Question

    return Question(_instance(instance), overrides, scenario).posed


def solve(  # noqa: PLR0913 - every option of `capplan solve`, by name
    instance: Instance | type_of_path,
    *,
    sets: Sequence[str] = (),
    scenario: str | None = None,
    as_is: bool = False,
    best_effort: bool = False,
    gap: float = 0.005,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
    solver: str = "highs",
    log_file: type_of_path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    with_conflicts: bool = False,
) -> Plan:
    """The plan of least cost for an instance, or for the one at a path, after a scenario and overrides (`sets`).

    as_is: with today's capacity fixed, which the scenario `do_nothing` asks for too. best_effort: misses imposed
    targets as little as it can, then costs least. gap: share of the cost by which a better plan may still exist.
    time_limit: seconds. The result tables are in `plan.tables`, by name. with_conflicts: where there is no plan, the
    limits that cannot all hold are sought (up to a minute or two) and are in the error's `conflicts`.

    Raises InvalidInstance, Infeasible, NoPlanFound, SolverFailed and UsageError.
    """
    from capplan import plan
    from capplan.question import Question
    from capplan.solver_options import SolverOptions

    log = None if log_file is None else Path(log_file)
    options = SolverOptions(gap, time_limit, threads, seed, log, solver)
    question = Question(_instance(instance), sets, scenario, as_is, best_effort, options)
    try:
        return plan.answer(question, on_progress=on_progress)
    except Infeasible as error:
        if not with_conflicts:
            raise
        from capplan import explain

        raise explain.with_conflicts(error, question) from None


def planning_return(plan: Plan | Run) -> DataFrame:
    """Demand, commissioned and spot capacity and the gap of a plan or a saved run, by pathway and month.

    One row per (direction, pathway, month): demand, commissioned, spot, gap [people who start, or are referred, in the
    month]; docs/workbook.md says what each means. It is the table `planning_return` of the plan.
    """
    from capplan import returns

    return returns.planning_return(plan.instance, plan.tables)


def write_run(
    plan: Plan, path: type_of_path, *, overrides: Sequence[str] = (), scenario: str | None = None
) -> Path:
    """Saves a plan as a run folder, whole or not at all, and returns its path; a run there is replaced.

    `overrides` and `scenario` are noted in run.json. Raises UsageError where it cannot be written.
    """
    from capplan.runs import writing

    return writing.write_run(plan, Path(path), overrides=overrides, scenario=scenario)


def read_run(path: type_of_path) -> Run:
    """A saved run: `info` as in run.json, the instance that was solved and the result tables. Raises UsageError."""
    from capplan import runs

    return runs.read_run(Path(path))


def _instance(instance: Instance | type_of_path) -> Instance:
    """The instance itself, or the one at a path. Raises UsageError for anything else."""
    from capplan.instance import Instance

    if isinstance(instance, (str, PathLike)):
        return read(instance)
    if not isinstance(instance, Instance):
        kind = type(instance).__name__
        raise UsageError(
            f"an instance is needed, not something of type {kind}: give what capplan.read gives, or a path"
        )
    return instance


def __getattr__(name: str) -> Any:
    if name == "Instance":
        from capplan.instance import Instance

        return Instance
    if name == "__version__":
        from importlib.metadata import version

        return version("capplan")
    raise AttributeError(f"module 'capplan' has no attribute '{name}'")
