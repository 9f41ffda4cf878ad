"""Runs of instances that are compared, as they stand and in scenarios: saved ones, and those still missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import capplan
from capplan.checks import Checked, check_fully
from capplan.cli.output import Output
from capplan.cli.paths import name_of_path
from capplan.cli.solve import plan_of, scenario_keys
from capplan.compare import ComparedRun
from capplan.errors import CapplanError, Infeasible, InvalidInstance, NoPlanFound
from capplan.question import Question
from capplan.results.status import Stopped
from capplan.runs import Run, read_run, saved_answer
from capplan.runs.writing import free_place, write_run
from capplan.solved import Plan
from capplan.solver_options import SolverOptions

RunsAndFailures = tuple[list[ComparedRun], dict[str, CapplanError]]
"""What has a plan, and why the rest has none."""
Base = Callable[[], Checked]
"""Gives the instance as it stands, checked once it is needed."""


@dataclass(frozen=True)
class Wanted:
    """Which runs of an instance are wanted, where they are saved, and how close and how long what is missing is solved.

    `is_one`: there is no other instance, so that a scenario's name says enough.
    """

    place: Path
    scenarios: tuple[str, ...]
    gap: float
    time_limit: float | None
    is_one: bool


@dataclass(frozen=True)
class RunWanted:
    """One question: what its answer is called, and its run folder, where `capplan solve` has it as well."""

    name: str
    question: Question
    place: Path


def runs_wanted(path: Path, wanted: Wanted) -> tuple[RunWanted, ...]:
    """The instance at the path as it stands, and in each scenario.

    Raises InvalidInstance where it cannot be read, UsageError for an unknown scenario, or where the gap or the time
    makes no sense.
    """
    options = SolverOptions(gap=wanted.gap, time_limit=wanted.time_limit)
    instance, name = capplan.read(path), name_of_path(path)
    as_it_stands = RunWanted(name, Question(instance, options=options), wanted.place / name)
    scenarios = (
        RunWanted(
            key if wanted.is_one else f"{name}/{key}",
            Question(instance, scenario=key, options=options),
            wanted.place / f"{name}-scenarios" / key,
        )
        for key in scenario_keys(instance, wanted.scenarios)
    )
    return as_it_stands, *scenarios


def solve_missing(runs: Sequence[RunWanted], output: Output) -> RunsAndFailures:
    """The plan for every question about an instance, from a saved run where there is one.

    A question without a plan stops none of the others. Ctrl-C keeps the best plan so far, and solves no more.
    """
    compared: list[ComparedRun] = []
    failures: dict[str, CapplanError] = {}
    base = cache(lambda: check_fully(runs[0].question.instance))
    for run_wanted in runs:
        try:
            run = _saved_or_solved(run_wanted, base, output)
        except (Infeasible, NoPlanFound, InvalidInstance) as error:
            failures[run_wanted.name] = error
            continue
        compared.append(ComparedRun.saved(run_wanted.name, run))
        if run.stopped is Stopped.INTERRUPTED:
            break
    return compared, failures


def _saved_or_solved(run_wanted: RunWanted, base: Base, output: Output) -> Run:
    """The saved run of a question, solved now where none is there."""
    saved = _saved(run_wanted)
    if saved is not None:
        output.note(f"{run_wanted.place} is solved already")
        return saved
    place, scenario = free_place(run_wanted.place), run_wanted.question.scenario
    title = run_wanted.question.instance.settings.title
    output.note(f"Solving {title}" + (f", scenario {scenario}" if scenario else ""))
    write_run(_plan(run_wanted.question, base(), output), place, scenario=scenario)
    return read_run(place)


def _plan(question: Question, base: Checked, output: Output) -> Plan:
    """The cheapest plan; where none meets every target, the one that misses them least."""
    try:
        return plan_of(question, output, base)
    except Infeasible:
        output.note("No plan meets every limit and target: looking for the one that misses targets least")
    return plan_of(question.at_best_effort(), output, base)


def _saved(run_wanted: RunWanted) -> Run | None:
    """A saved run of this very question, proved as closely as is asked; or None.

    A best-effort run is one only if it misses a target: else there may be a cheaper plan that meets them.
    """
    run = saved_answer(run_wanted.question, run_wanted.place)
    if run is not None:
        return run
    at_best = saved_answer(run_wanted.question.at_best_effort(), run_wanted.place)
    is_missed = at_best is not None and bool((at_best.tables["targets"]["shortfall"] > 0).any())
    return at_best if is_missed else None
