"""What `capplan explain` does: check, look for a conflict, say what would mend it."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import capplan
from capplan.cli.output import Output
from capplan.errors import Infeasible, InvalidInstance, Severity, UsageError
from capplan.explain import as_table, conflict_lines, explain_infeasible, sections
from capplan.explain.limit import Kind
from capplan.instance import Instance
from capplan.sections import Section
from capplan.solver.options import SolverOptions


@dataclass(frozen=True)
class Question:
    """What was asked on the command line."""

    path: Path
    sets: tuple[str, ...]
    scenario: str | None
    prices: tuple[str, ...]
    time_limit: float | None
    threads: int | None


def explain(asked: Question, output: Output) -> None:
    """Answers with the conflicts and the mends; the exit code says whether there is a plan."""
    prices = prices_of(asked.prices)
    options = SolverOptions(time_limit=asked.time_limit, threads=asked.threads)
    instance = capplan.change(capplan.read(asked.path), *asked.sets, scenario=asked.scenario)
    errors = [problem for problem in capplan.check(instance) if problem.severity is Severity.ERROR]
    if errors:
        raise InvalidInstance(errors)
    output.note("Looking for what cannot all hold …")
    explained = explain_infeasible(instance, options, prices)
    table = as_table(explained)
    output.answer(lambda: (Section(instance.settings.title), *sections(explained)), table)
    sys.exit(Infeasible.exit_code if explained.conflicts else 0)


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
