"""Instances that are compared before they are solved: as they stand, and in scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import capplan
from capplan.checks import Checked, check_fully
from capplan.cli.output import Output
from capplan.cli.places import name_of_path
from capplan.cli.scenarios import scenario_keys
from capplan.cli.solving import plan_of
from capplan.compare import Given
from capplan.errors import CapplanError, Infeasible, InvalidInstance, NoPlanFound
from capplan.question import Question
from capplan.results.status import Stopped
from capplan.runs import Run, free_place, read_run, saved_answer, write_run
from capplan.solved import Plan
from capplan.solver_options import SolverOptions

Answers = tuple[list[Given], dict[str, CapplanError]]
"""What has a plan, and why the rest has none."""
Base = Callable[[], Checked]
"""Gives the instance as it stands, checked once it is needed."""


@dataclass(frozen=True)
class Way:
    """How instances are solved on the way: where runs are saved, which scenarios, how close and how long.

    `is_one`: there is no other instance, so that a scenario's name says enough.
    """

    place: Path
    scenarios: tuple[str, ...]
    gap: float
    time_limit: float | None
    is_one: bool


@dataclass(frozen=True)
class Stop:
    """One question on the way: what its answer is called, and its run folder, where `capplan solve` has it as well."""

    called: str
    question: Question
    place: Path


def stops(path: Path, way: Way) -> tuple[Stop, ...]:
    """The instance at the path as it stands, and in each scenario.

    Raises InvalidInstance where it cannot be read, UsageError for an unknown scenario, or where the gap or the time
    makes no sense.
    """
    options = SolverOptions(gap=way.gap, time_limit=way.time_limit)
    instance, name = capplan.read(path), name_of_path(path)
    as_it_stands = Stop(name, Question(instance, options=options), way.place / name)
    scenarios = (
        Stop(
            key if way.is_one else f"{name}/{key}",
            Question(instance, scenario=key, options=options),
            way.place / f"{name}-scenarios" / key,
        )
        for key in scenario_keys(instance, way.scenarios)
    )
    return as_it_stands, *scenarios


def solve_on_the_way(on_the_way: Sequence[Stop], output: Output) -> Answers:
    """The plan for every question about an instance, from a saved run where there is one.

    A question without a plan stops none of the others. Ctrl-C keeps the best plan so far, and solves no more.
    """
    found: list[Given] = []
    failures: dict[str, CapplanError] = {}
    base = cache(lambda: check_fully(on_the_way[0].question.instance))
    for stop in on_the_way:
        try:
            run = _run(stop, base, output)
        except (Infeasible, NoPlanFound, InvalidInstance) as error:
            failures[stop.called] = error
            continue
        found.append(Given.saved(stop.called, run))
        if run.stopped is Stopped.INTERRUPTED:
            break
    return found, failures


def _run(stop: Stop, base: Base, output: Output) -> Run:
    """The saved run of a question, solved now where none is there."""
    known = _kept(stop)
    if known is not None:
        output.note(f"{stop.place} is solved already")
        return known
    place, scenario = free_place(stop.place), stop.question.scenario
    title = stop.question.instance.settings.title
    output.note(f"Solving {title}" + (f", scenario {scenario}" if scenario else ""))
    write_run(_plan(stop.question, base(), output), place, scenario=scenario)
    return read_run(place)


def _plan(question: Question, base: Checked, output: Output) -> Plan:
    """The cheapest plan; where none meets every target, the one that misses them least."""
    try:
        return plan_of(question, output, base)
    except Infeasible:
        output.note("No plan meets every limit and target: looking for the one that misses targets least")
    return plan_of(question.at_best_effort(), output, base)


def _kept(stop: Stop) -> Run | None:
    """A saved run of this very question, proved as closely as is asked; or None.

    A best-effort run is one only if it misses a target: else there may be a cheaper plan that meets them.
    """
    run = saved_answer(stop.question, stop.place)
    if run is not None:
        return run
    at_best = saved_answer(stop.question.at_best_effort(), stop.place)
    is_missed = at_best is not None and bool((at_best.tables["targets"]["shortfall"] > 0).any())
    return at_best if is_missed else None
