"""An instance with a plan: what binds, which change is one unit more of it, and what that would save or cost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path

import numpy as np
import pandas as pd

from capplan.digest.answers import one_more_section
from capplan.digest.bottlenecks import what_is_tight
from capplan.explain.elastic import Elastic
from capplan.explain.limits import limits_of, loosened_model
from capplan.explain.limits.limit import Kind, Limit
from capplan.explain.resolve import Answer, Changes, cache_folder, own_answer, resolve
from capplan.explain.rules import Naming, amount, rule
from capplan.instance import Instance
from capplan.results.tables import ONE_MORE
from capplan.sections import Section
from capplan.solved import Solved
from capplan.solver.compiled import paused_garbage_collector
from capplan.solver_options import SolverOptions
from capplan.today import is_fixed

UNITS = {Kind.BUDGETS: 1000.0, Kind.SPENDING: 1000.0, Kind.SUITABILITY: 0.01, Kind.SHARES: 0.01}
"""One more of each kind, where that is not 1: £1,000, one in a hundred."""
UNITS_OF_TARGETS = {"per_day": 0.1, "per_year": 10.0, "total": 10.0, "share": 0.01}
"""One more of a target, in its own unit, where that is not 1."""
NEXT_TO_NOTHING = 1.0
"""What is worth less than this a unit does not bind [£]."""
DEAREST = 6
"""So many are solved again; the rest is told by the relaxation."""
TODAY_DECIDES_NOTHING = (
    "Today's capacity is fixed here and decides nothing: what more of it would be worth, or less of it would save, is "
    "a question for the plan (the same without do_nothing or --as-is). Below is what is tight today, and what one unit "
    "more of the rest would change."
)


@dataclass(frozen=True)
class OneMore:
    """One unit more in one limit, and what the relaxation says that it saves [£, discounted].

    Of a target one unit more is asked for, so that what it saves is below 0: it costs.
    """

    limit: Limit
    unit: float
    saves_gbp: float

    @property
    def value(self) -> float:
        """What stands in the cell then."""
        direction = -self.limit.direction if is_asked(self.limit) else self.limit.direction
        return float(round(self.limit.value + direction * self.unit, 10))

    @property
    def override(self) -> str:
        """The change as `--set` takes it."""
        return self.limit.override(self.value)


def is_asked(limit: Limit) -> bool:
    """Whether the limit is something asked for, of which one more costs, and no room, of which one more saves."""
    return limit.what == "target"


def by_relaxation(instance: Instance, options: SolverOptions, *, is_as_is: bool = False) -> list[OneMore]:
    """What one unit more in every limit that binds saves or costs, by the relaxation; the dearest first.

    What gives way in steps, or altogether, has no unit and is left out; and where today's capacity is fixed
    (`is_as_is`), what the fixing wrote.
    """
    with paused_garbage_collector():
        m = loosened_model(instance, with_cost=True)
        with Elastic(m, tuple(limits_of(m, instance)), options) as elastic:
            values, limits = elastic.worth_of_one_unit(), elastic.limits
    candidates = [
        _one_more(limit, float(value))
        for limit, value in zip(limits, values, strict=True)
        if not limit.is_stepped
        and limit.instead is None
        and isinstance(limit.value, float)
        and isfinite(limit.value)
        and not (is_as_is and is_fixed(limit.table, limit.column))
    ]
    binding = [
        one_more
        for one_more in candidates
        if np.isfinite(one_more.saves_gbp) and abs(one_more.saves_gbp) >= NEXT_TO_NOTHING
    ]
    return sorted(binding, key=lambda one_more: (-abs(one_more.saves_gbp), one_more.override))


def _one_more(limit: Limit, per_unit: float) -> OneMore:
    unit = limit.step or UNITS.get(limit.kind, 1.0)
    if is_asked(limit) and limit.kind is not Kind.SPENDING:
        unit = UNITS_OF_TARGETS.get(str(limit.facts["unit"]), 1.0)
    most = limit.most if not is_asked(limit) else inf
    unit = min(unit, most) if most > 0 else unit
    return OneMore(limit, unit, (-1 if is_asked(limit) else 1) * per_unit * unit)


@dataclass(frozen=True)
class Worth:
    """What one unit more saves [£, discounted; below 0: costs], and how sure that is.

    `is_solved`: found by solving again, to within `margin_gbp`; else by the relaxation. `has_plan` is False where
    nothing can be had with one more.
    """

    one_more: OneMore
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
    binding = by_relaxation(instance, options, is_as_is=is_as_is)
    dearest = binding[:n_solved]
    first: list[Changes] = [()] if dearest and base is None else []
    answers = resolve(
        instance, [*first, *((one_more.override,) for one_more in dearest)], options, jobs, cache
    )
    base = answers.pop(0) if first else base
    worths = [worth_of(one_more, base, answer) for one_more, answer in zip(dearest, answers, strict=True)]
    return [*worths, *(Worth(one_more, one_more.saves_gbp) for one_more in binding[len(worths) :])]


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


def worth_of(one_more: OneMore, base: Answer | None, answer: Answer | None) -> Worth:
    """What one more is worth by the answers without and with it; by the relaxation where one of them is missing."""
    if base is None or base.objective is None or answer is None:
        return Worth(one_more, one_more.saves_gbp)
    if answer.objective is None:
        return Worth(one_more, float("nan"), is_solved=True, has_plan=False)
    return Worth(one_more, base.objective - answer.objective, True, base.left_open + answer.left_open)


def feasible_sections(plan: Solved, table: pd.DataFrame) -> tuple[Section, ...]:
    """What is tight in the plan, and what one unit more is worth; of today's capacity, that nothing is decided."""
    on_today = [Section("", (TODAY_DECIDES_NOTHING,))] if plan.is_as_is else []
    return (*on_today, what_is_tight(plan), one_more_section(table))


def feasible_table(worths: Sequence[Worth], instance: Instance) -> pd.DataFrame:
    """The rows of `results.tables.ONE_MORE`: one for every limit that binds, the dearest first."""
    naming = Naming(instance)
    rows = [_row(worth, naming) for worth in worths]
    return ONE_MORE.frame(pd.DataFrame(rows, columns=ONE_MORE.names))


def _row(worth: Worth, naming: Naming) -> dict[str, object]:
    one_more = worth.one_more
    limit = one_more.limit
    return {
        "kind": limit.kind.value,
        "table": limit.table,
        "column": limit.column,
        "says": rule(limit, naming),
        "from": limit.value,
        "to": one_more.value,
        "then": amount(limit, one_more.value, naming),
        "override": one_more.override,
        "is_asked": is_asked(limit),
        "has_plan": worth.has_plan,
        "saves_gbp": worth.saves_gbp,
        "margin_gbp": worth.margin_gbp if worth.is_solved else float("nan"),
        "relaxed_gbp": one_more.saves_gbp,
        "people": limit.weight * one_more.unit if limit.kind is Kind.TARGETS else float("nan"),
        "by": "plan" if worth.is_solved else "relaxation",
    }
