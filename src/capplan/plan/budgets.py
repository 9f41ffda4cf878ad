"""The `budgets` table: what each funder spends in each year against its budget, and the gap if nothing is done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.formulation.model import Model
from capplan.funding import Budget, Member, members
from capplan.results.tables import BUDGETS

NOT_KNOWN = float("nan")


def budgets_table(m: Model, costs: pd.DataFrame, today: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of `results.tables.BUDGETS`, which states key, columns and units."""
    spent = spend(m, costs)
    before = None if today is None else spend(m, today)
    budget = {(b.funder, b.year): b for b in m.data.budgets}
    received = _transfers(m, spent)
    rows = []
    for funder in sorted({*m.data.funding.funders, *(b.funder for b in m.data.budgets)}):
        for year in m.data.horizon.share_of_year:
            key = funder, year
            own, plan = budget.get(key), float(spent.get(key, 0.0))
            do_nothing = NOT_KNOWN if before is None else float(before.get(key, 0.0))
            amounts = (own.budget_gbp, own.committed_gbp) if own else (NOT_KNOWN, NOT_KNOWN)
            gaps = _gap(own, plan), do_nothing, _gap(own, do_nothing)
            rows.append((*key, *amounts, plan, received.get(key, 0.0), *gaps))
    return BUDGETS.frame(rows)


def spend(m: Model, costs: pd.DataFrame) -> pd.Series:
    """Cash by (funder, year), out of a `costs` table; a period counts in the year in which it begins."""
    year = costs["period"].map(dict(zip(m.data.horizon.periods, m.data.horizon.years, strict=True)))
    return costs["gbp"].groupby([costs["funder"], year]).sum()


def _gap(budget: Budget | None, spent: float) -> float:
    return NOT_KNOWN if budget is None else budget.committed_gbp + spent - budget.budget_gbp


def _transfers(m: Model, spent: pd.Series) -> dict[tuple[str, str], float]:
    """What pool members receive: what each is short of, and nothing more, from those who can spare it."""
    budget = {(b.funder, b.year): b for b in m.data.budgets}
    pools: dict[tuple[str, str], list[Member]] = {}
    for member in members(m.data.instance, m.data.horizon):
        pools.setdefault((member.pool, member.year), []).append(member)
    return {key: gbp for pool in pools.values() for key, gbp in _within(pool, budget, spent)}


def _within(
    pool: list[Member], budget: dict[tuple[str, str], Budget], spent: pd.Series
) -> Iterator[tuple[tuple[str, str], float]]:
    keys = [(member.funder, member.year) for member in pool]
    spare = np.array([budget[key].left_gbp - float(spent.get(key, 0.0)) for key in keys])
    can_give = np.clip(spare, 0.0, [member.gives_max_gbp for member in pool])
    short = np.clip(-spare, 0.0, None)
    share = short.sum() / can_give.sum() if can_give.sum() > 0 else 0.0
    yield from zip(keys, (float(gbp) for gbp in short - can_give * share), strict=True)
