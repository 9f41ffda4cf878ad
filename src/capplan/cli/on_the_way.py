"""Instances that are compared before they are solved: as they stand, and in scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import capplan
from capplan.cli.output import Output
from capplan.cli.places import name_of_path
from capplan.cli.scenarios import scenario_keys
from capplan.cli.solving import Request, plan_of
from capplan.compare import Given
from capplan.errors import CapplanError, Infeasible, InvalidInstance, NoPlanFound, UsageError
from capplan.instance import Instance
from capplan.results.status import Stopped
from capplan.runs import Run, free_place, is_run, read_run, write_run
from capplan.solved import Plan
from capplan.today import as_is, is_do_nothing

Answers = tuple[list[Given], dict[str, CapplanError]]
"""What has a plan, and why the rest has none."""


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

    def request(self, path: Path) -> Request:
        """The same as an order to `capplan solve`; UsageError where the gap or the time makes no sense."""
        asked = Request(
            path=path,
            sets=(),
            scenarios=(),
            as_is=False,
            best_effort=False,
            gap=self.gap,
            time_limit=self.time_limit,
            threads=None,
            seed=0,
            solver="highs",
            log_file=None,
            out=None,
        )
        return replace(asked, gap=asked.options.gap)


@dataclass(frozen=True)
class Question:
    """An instance and the scenarios to solve it in, by what each is called; None: as it stands."""

    asked: Request
    instance: Instance
    scenarios: Mapping[str, str | None]

    @classmethod
    def read(cls, path: Path, way: Way) -> Question:
        """The instance at the path; InvalidInstance where it cannot be read, UsageError for an unknown scenario."""
        instance, name = capplan.read(path), name_of_path(path)
        keys = scenario_keys(instance, way.scenarios)
        called = {key if way.is_one else f"{name}/{key}": key for key in keys}
        return cls(way.request(path), instance, {name: None, **called})

    def place(self, way: Way, scenario: str | None) -> Path:
        """Its run folder, where `capplan solve` puts it as well."""
        name = name_of_path(self.asked.path)
        return way.place / name if scenario is None else way.place / f"{name}-scenarios" / scenario


def solve_on_the_way(question: Question, way: Way, output: Output) -> Answers:
    """The plan of an instance as it stands and in each scenario, from a saved run where there is one.

    A question without a plan stops none of the others. Ctrl-C keeps the best plan so far, and solves no more.
    """
    found: list[Given] = []
    failures: dict[str, CapplanError] = {}
    for called, scenario in question.scenarios.items():
        try:
            run = _run(question.asked, question.instance, scenario, question.place(way, scenario), output)
        except (Infeasible, NoPlanFound, InvalidInstance) as error:
            failures[called] = error
            continue
        found.append(Given.saved(called, run))
        if run.stopped is Stopped.INTERRUPTED:
            break
    return found, failures


def _run(asked: Request, instance: Instance, scenario: str | None, place: Path, output: Output) -> Run:
    """The saved run of a question, solved now where none is there."""
    known = _kept(asked, instance, scenario, place)
    if known is not None:
        output.note(f"{place} is solved already")
        return known
    place = free_place(place)
    output.note(f"Solving {instance.settings.title}" + (f", scenario {scenario}" if scenario else ""))
    write_run(_plan(asked, instance, scenario, output), place, scenario=scenario)
    return read_run(place)


def _plan(asked: Request, instance: Instance, scenario: str | None, output: Output) -> Plan:
    """The cheapest plan; where none meets every target, the one that misses them least."""
    try:
        return plan_of(asked, instance, scenario, asked.options, output)
    except Infeasible:
        output.note("No plan meets every limit and target: looking for the one that misses targets least")
    return plan_of(replace(asked, best_effort=True), instance, scenario, asked.options, output)


def _kept(asked: Request, instance: Instance, scenario: str | None, place: Path) -> Run | None:
    """A saved run of this very question, proved as closely as is asked; or None.

    A best-effort run is one only if it misses a target: else there may be a cheaper plan that meets them.
    """
    if not is_run(place):
        return None
    try:
        run = read_run(place)
    except (UsageError, InvalidInstance):
        return None
    nothing_done = is_do_nothing(instance, scenario)
    question = as_is(instance) if nothing_done else capplan.change(instance, scenario=scenario)
    is_near = run.gap is not None and run.gap <= asked.gap
    is_missed = run.is_best_effort and bool((run.tables["targets"]["shortfall"] > 0).any())
    is_same = run.instance.fingerprint == question.fingerprint and run.is_as_is == nothing_done
    return run if is_same and (is_near or is_missed) else None
