"""An instance with a plan: what binds, and what one unit more of it would save or cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from capplan import wording
from capplan.digest.tight import what_is_tight
from capplan.explain.limit import Kind
from capplan.explain.one_more import OneMore, by_relaxation, is_asked
from capplan.explain.resolve import Answer, resolve
from capplan.explain.rules import Naming, amount, rule
from capplan.instance import Instance
from capplan.sections import Section, grid
from capplan.solved import Solved
from capplan.solver.options import SolverOptions

DEAREST = 6
"""So many are solved again; the rest is told by the relaxation."""
COLUMNS = ("what binds", "then", "saves", "costs", "by")


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

    @property
    def is_nothing(self) -> bool:
        """Whether the difference is not more than what the proofs leave open."""
        return self.is_solved and self.has_plan and abs(self.saves_gbp) <= self.margin_gbp


def what_one_more_is_worth(
    instance: Instance,
    options: SolverOptions,
    *,
    n_solved: int = DEAREST,
    jobs: int = 1,
    cache: Path | None = None,
) -> list[Worth]:
    """What one unit more of everything that binds is worth, the dearest solved again, the rest by the relaxation."""
    found = by_relaxation(instance, options)
    again = ["", *(one.override for one in found[:n_solved])] if found and n_solved else []
    answers = resolve(instance, again, options, jobs, cache)
    base = answers[0] if answers else None
    worths = [worth_of(one, base, answer) for one, answer in zip(found, answers[1:], strict=False)]
    return [*worths, *(Worth(one, one.saves_gbp) for one in found[len(worths) :])]


def worth_of(one: OneMore, base: Answer | None, answer: Answer | None) -> Worth:
    """What one more is worth by the answers without and with it; by the relaxation where one of them is missing."""
    if base is None or base.objective is None or answer is None:
        return Worth(one, one.saves_gbp)
    if answer.objective is None:
        return Worth(one, float("nan"), is_solved=True, has_plan=False)
    open_gbp = sum(
        max(each.objective - each.bound, 0.0)
        for each in (base, answer)
        if each.objective is not None and each.bound is not None
    )
    return Worth(one, base.objective - answer.objective, True, open_gbp)


def feasible_sections(plan: Solved, worths: Sequence[Worth]) -> tuple[Section, ...]:
    """What is tight in the plan, and what one unit more is worth."""
    naming = Naming(plan.instance)
    rows = [_row(worth, naming) for worth in worths]
    lines = (
        "What the cost of the whole plan changes by (discounted). By the plan: solved again with whole beds, posts and "
        "shifts. By the relaxation: as if they could be bought in fractions, and for the first bit only.",
    )
    table = grid(COLUMNS, rows, len(rows), "") if rows else None
    section = Section(
        "One unit more", lines if rows else ("Nothing that binds would change the cost.",), table
    )
    return (what_is_tight(plan), section)


def _row(worth: Worth, naming: Naming) -> tuple[str, ...]:
    saves, costs = "", ""
    if not worth.has_plan:
        costs = "no plan"
    elif worth.is_nothing:
        saves = "nothing that is proved"
    elif worth.saves_gbp >= 0:
        saves = wording.money(worth.saves_gbp)
    else:
        costs = wording.money(-worth.saves_gbp) + _a_person(worth)
    by = "the plan" if worth.is_solved else "the relaxation"
    one = worth.one
    return rule(one.limit, naming), amount(one.limit, one.value, naming), saves, costs, by


def _a_person(worth: Worth) -> str:
    """What a target costs for each person more, where it counts people."""
    limit, unit = worth.one.limit, worth.one.unit
    if limit.kind is not Kind.TARGETS:
        return ""
    return f" ({wording.money(-worth.saves_gbp / (limit.weight * unit))} a person)"


def feasible_table(worths: Sequence[Worth], instance: Instance) -> pd.DataFrame:
    """One row for every limit that binds: kind, table, column, says, from, to, override, saves_gbp, margin_gbp, by.

    saves_gbp is discounted and below 0 where one more costs; NaN where there is then no plan.
    """
    naming = Naming(instance)
    rows = [
        {
            "kind": worth.one.limit.kind.value,
            "table": worth.one.limit.table,
            "column": worth.one.limit.column,
            "says": rule(worth.one.limit, naming),
            "from": worth.one.limit.value,
            "to": worth.one.value,
            "override": worth.one.override,
            "is_asked": is_asked(worth.one.limit),
            "saves_gbp": worth.saves_gbp,
            "margin_gbp": worth.margin_gbp if worth.is_solved else float("nan"),
            "by": "plan" if worth.is_solved else "relaxation",
        }
        for worth in worths
    ]
    columns = (
        "kind",
        "table",
        "column",
        "says",
        "from",
        "to",
        "override",
        "is_asked",
        "saves_gbp",
        "margin_gbp",
        "by",
    )
    return pd.DataFrame(rows, columns=list(columns))
