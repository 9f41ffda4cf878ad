"""What `capplan explain` does: check, solve, and say why there is no plan or what one unit more is worth."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import capplan
from capplan import wording
from capplan.cli.output import Output
from capplan.errors import Infeasible, InvalidInstance, Severity, UsageError
from capplan.explain import (
    as_table,
    conflict_lines,
    explain_infeasible,
    feasible_sections,
    one_more_table,
    sections,
)
from capplan.explain.limit import Kind
from capplan.instance import Instance
from capplan.plan import solve
from capplan.question import SolverOptions
from capplan.results.tables import ONE_MORE
from capplan.runs import is_run, keep_answer, read_run
from capplan.sections import Section
from capplan.solved import Plan, Solved
from capplan.solver.progress import show_progress


@dataclass(frozen=True)
class Question:
    """What was asked on the command line."""

    path: Path
    sets: tuple[str, ...]
    scenario: str | None
    prices: tuple[str, ...]
    time_limit: float | None
    gap: float
    n_solved: int
    jobs: int | None
    threads: int | None


def explain(asked: Question, output: Output) -> None:
    """Answers with the conflicts and the mends, or with what one unit more is worth; the exit code says which."""
    prices = prices_of(asked.prices)
    options = SolverOptions(gap=asked.gap, time_limit=asked.time_limit, threads=asked.threads)
    is_saved = is_run(asked.path) and not asked.sets and asked.scenario is None
    instance = capplan.change(capplan.read(asked.path), *asked.sets, scenario=asked.scenario)
    errors = [problem for problem in capplan.check(instance) if problem.severity is Severity.ERROR]
    if errors:
        raise InvalidInstance(errors)
    try:
        plan: Solved = read_run(asked.path) if is_saved else _plan(instance, options, output)
    except Infeasible:
        _tell_conflicts(instance, options, prices, output)
        sys.exit(Infeasible.exit_code)
    output.note("Solving again with one unit more …")
    table = one_more_table(plan, options, asked.n_solved, asked.jobs)
    if is_saved:
        keep_answer(asked.path, ONE_MORE.name, table)
    title = Section(instance.settings.title)
    output.answer(lambda: (title, *feasible_sections(plan, table)), table)


def _plan(instance: Instance, options: SolverOptions, output: Output) -> Plan:
    with show_progress(quiet=output.is_quiet, number=wording.money) as on_progress:
        return solve(instance, options=options, on_progress=on_progress)


def _tell_conflicts(
    instance: Instance, options: SolverOptions, prices: Mapping[Kind, float], output: Output
) -> None:
    output.note("There is no plan. Looking for what cannot all hold, and what would mend it …")
    explained = explain_infeasible(instance, options, prices)
    title = Section(instance.settings.title)
    output.answer(lambda: (title, *sections(explained)), as_table(explained))


def prices_of(texts: Sequence[str]) -> dict[Kind, float]:
    """Prices by kind out of KIND=GBP; UsageError, with the kinds there are, where one cannot be read."""
    found = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            kind, price = Kind(name.strip()), float(number.strip().removeprefix("£"))
        except ValueError:
            kinds = ", ".join(kind.value for kind in Kind)
            raise UsageError(f"'{text}' is no price: write KIND=GBP, where KIND is one of {kinds}") from None
        if not 0 < price < math.inf:
            raise UsageError(f"'{text}': a price is above 0")
        found[kind] = price
    return found


def without_targets(instance: Instance) -> Instance:
    """A copy in which no target is imposed, as for a plan that may miss them all."""
    written = instance.written["targets"]
    no = pd.Series(False, index=written.index, dtype="boolean")
    return instance.replace(targets=written.assign(is_imposed=no))


def first_lines(instance: Instance, options: SolverOptions) -> tuple[str, ...]:
    """What cannot all hold, for a solve that found no plan; nothing where that is not found."""
    explained = explain_infeasible(instance, options, with_mends=False)
    return conflict_lines(explained) if explained.conflicts else ()
