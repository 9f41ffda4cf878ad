"""An instance with a plan: what binds, and what one unit more of it would save or cost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from capplan.digest.answers import one_more_section
from capplan.digest.bottlenecks import what_is_tight
from capplan.explain.limit import Kind
from capplan.explain.one_more import OneMore, by_relaxation, is_asked
from capplan.explain.resolve import Answer, Changes, cache_folder, own_answer, resolve
from capplan.explain.rules import Naming, amount, rule
from capplan.instance import Instance
from capplan.results.tables import ONE_MORE
from capplan.sections import Section
from capplan.solved import Solved
from capplan.solver_options import SolverOptions

DEAREST = 6
"""So many are solved again; the rest is told by the relaxation."""
TODAY_DECIDES_NOTHING = (
    "Today's capacity is fixed here and decides nothing: what more of it would be worth, or less of it would save, is "
    "a question for the plan (the same without do_nothing or --as-is). Below is what is tight today, and what one unit "
    "more of the rest would change."
)


@dataclass(frozen=True)
class Worth:
    """What one unit more saves [£, discounted; below 0: costs], and how sure that is.

    `is_solved`: found by solving again, to within `margin_gbp`; else by the relaxation. `has_plan` is False where
    nothing can be had with one more.
    """

    one: OneMore
    saves_gbp: float
    is_solved: bool = False
    margin_gbp: float = 0.0
    has_plan: bool = True


def what_one_more_is_worth(
    instance: Instance,
    options: SolverOptions,
    *,
    n_solved: int = DEAREST,
    jobs: int = 1,
    cache: Path | None = None,
    base: Answer | None = None,
    is_as_is: bool = False,
) -> list[Worth]:
    """What one unit more of everything that binds is worth, the dearest solved again, the rest by the relaxation.

    `base` is the answer of the instance as it stands, where that is known (`own_answer`). `is_as_is`: it has today's
    capacity fixed, of which no more is offered.
    """
    found = by_relaxation(instance, options, is_as_is=is_as_is)
    dearest = found[:n_solved]
    first: list[Changes] = [()] if dearest and base is None else []
    answers = resolve(instance, [*first, *((one.override,) for one in dearest)], options, jobs, cache)
    base = answers.pop(0) if first else base
    worths = [worth_of(one, base, answer) for one, answer in zip(dearest, answers, strict=True)]
    return [*worths, *(Worth(one, one.saves_gbp) for one in found[len(worths) :])]


def one_more_table(plan: Solved, options: SolverOptions, n_solved: int, jobs: int | None) -> pd.DataFrame:
    """The table of `feasible_table` for a plan, several solves at a time, answers kept for the next time.

    A plan that is proved as closely as the options ask stands for itself. `jobs` None: one for each core.
    """
    worths = what_one_more_is_worth(
        plan.instance,
        options,
        n_solved=n_solved,
        jobs=jobs or os.cpu_count() or 1,
        cache=cache_folder(),
        base=own_answer(plan, options),
        is_as_is=plan.is_as_is,
    )
    return feasible_table(worths, plan.instance)


def worth_of(one: OneMore, base: Answer | None, answer: Answer | None) -> Worth:
    """What one more is worth by the answers without and with it; by the relaxation where one of them is missing."""
    if base is None or base.objective is None or answer is None:
        return Worth(one, one.saves_gbp)
    if answer.objective is None:
        return Worth(one, float("nan"), is_solved=True, has_plan=False)
    return Worth(one, base.objective - answer.objective, True, base.left_open + answer.left_open)


def feasible_sections(plan: Solved, table: pd.DataFrame) -> tuple[Section, ...]:
    """What is tight in the plan, and what one unit more is worth; of today's capacity, that nothing is decided."""
    said = [Section("", (TODAY_DECIDES_NOTHING,))] if plan.is_as_is else []
    return (*said, what_is_tight(plan), one_more_section(table))


def feasible_table(worths: Sequence[Worth], instance: Instance) -> pd.DataFrame:
    """The rows of `results.tables.ONE_MORE`: one for every limit that binds, the dearest first."""
    naming = Naming(instance)
    rows = [_row(worth, naming) for worth in worths]
    return ONE_MORE.frame(pd.DataFrame(rows, columns=ONE_MORE.names))


def _row(worth: Worth, naming: Naming) -> dict[str, object]:
    one = worth.one
    limit = one.limit
    return {
        "kind": limit.kind.value,
        "table": limit.table,
        "column": limit.column,
        "says": rule(limit, naming),
        "from": limit.value,
        "to": one.value,
        "then": amount(limit, one.value, naming),
        "override": one.override,
        "is_asked": is_asked(limit),
        "has_plan": worth.has_plan,
        "saves_gbp": worth.saves_gbp,
        "margin_gbp": worth.margin_gbp if worth.is_solved else float("nan"),
        "relaxed_gbp": one.saves_gbp,
        "people": limit.weight * one.unit if limit.kind is Kind.TARGETS else float("nan"),
        "by": "plan" if worth.is_solved else "relaxation",
    }
