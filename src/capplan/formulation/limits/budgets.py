"""Budgets: what each funder may spend in a financial year, alone or with the other members of a pool."""

from __future__ import annotations

from typing import Any

from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import total, weighted_sum
from capplan.funding import members


def add_variables(m: Model) -> None:
    """`transferred_gbp` between the members of a pool; what each funder spends under a budget is its `spent`."""
    m.budget = {(b.funder, b.year): b for b in m.data.budgets if b.is_imposed}
    m.BUDGETS = sorted(m.budget)
    m.member = {(one.pool, one.funder, one.year): one for one in members(m.data.instance, m.data.horizon)}
    m.MEMBERS = sorted(m.member)
    m.POOLS = sorted({(pool, y) for pool, _, y in m.MEMBERS})
    m.declare("transferred_gbp")


@constraint("BUDGETS", unit="£")
def budget_limit(m: Model, f: str, y: str) -> Any:
    """A funder spends no more in a year than its budget, less what is committed elsewhere, with what a pool gives it.

        spent[f,y] <= budget_gbp[f,y] - committed_gbp[f,y] + sum(transferred_gbp[pool,f,y])

    In cash: prices rise, budgets do not. A year that lies in the plan in part has its part of the budget.
    """
    pairs, constant = m.spent[f, y]
    received = [(-1.0, m.transferred_gbp[k]) for k in m.MEMBERS if k[1:] == (f, y)]
    return weighted_sum([*pairs, *received], constant) <= m.budget[f, y].left_gbp


@constraint("POOLS", unit="£")
def pool_balance(m: Model, pool: str, y: str) -> Any:
    """What members of a pool receive in a year is what the others give.

        sum(transferred_gbp[pool,f,y]) == 0

    A pool adds no money; it lets budgets follow need.
    """
    return total(m.transferred_gbp[k] for k in m.MEMBERS if (k[0], k[2]) == (pool, y)) == 0


@constraint("MEMBERS", unit="£")
def transfer_limit(m: Model, pool: str, f: str, y: str) -> Any:
    """A member gives no more than agreed, and no more than is left of its own budget.

        -transferred_gbp[pool,f,y] <= min(transfer_max_gbp[pool,f], budget_gbp[f,y] - committed_gbp[f,y])

    Otherwise a member could lend what it never had, against savings that it only hopes for.
    """
    return -m.transferred_gbp[pool, f, y] <= m.member[pool, f, y].gives_max_gbp
