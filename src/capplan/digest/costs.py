"""What the plan costs by item, against today's capacity."""

from __future__ import annotations

import pandas as pd

from capplan import cells, wording
from capplan.results.cost_items import NOTIONAL, cost_item
from capplan.sections import Row, Section, grid
from capplan.solved import Solved

SHOWN = 5


def by_item(plan: Solved, at_most: int = SHOWN) -> Section:
    """Items that are paid, largest first; then those that nobody pays; each beside today's."""
    now = _items(plan)
    today = now * 0 if plan.today is None else _items(plan.today)
    items = pd.DataFrame({"plan": now, "today": today}).fillna(0.0)
    items = items[(items.abs() >= 0.5).any(axis="columns")]
    is_notional = items.index.isin(NOTIONAL)
    paid, notional = items[~is_notional].sort_values("plan", ascending=False), items[is_notional]
    n_shown = at_most if len(paid) > at_most + 1 else len(paid)
    rows = [_row(plan, cost_item(item), row) for item, row in paid.iloc[:n_shown].iterrows()]
    if len(paid) > n_shown:
        rest = paid.iloc[n_shown:].sum()
        rows.append(_row(plan, f"{len(paid) - n_shown} smaller items (see costs.csv)", rest))
    rows.append(_row(plan, "paid in all", paid.sum()))
    rows += [_row(plan, _notional(plan, str(item)), row) for item, row in notional.iterrows()]
    if len(notional):
        rows.append(_row(plan, "in all", items.sum()))
    columns = ("cost", "plan") if plan.today is None else ("cost", "today", "plan", "difference")
    return Section("What it costs over the plan", _lines(plan), grid(columns, rows))


def _items(plan: Solved) -> pd.Series:
    return plan.tables["costs"].groupby("item")["gbp"].sum()


def _notional(plan: Solved, item: str) -> str:
    """An item that is a price and no payment, unless a budget is to bear it."""
    is_funded = item in set(plan.instance.table("funding")["item"])
    return f"{cost_item(item)} ({'notional' if is_funded else 'nobody pays'})"


def _row(plan: Solved, item: str, row: pd.Series) -> Row:
    if plan.today is None:
        return item, cells.money(row["plan"])
    difference = cells.money_change(row["plan"] - row["today"])
    return item, cells.money(row["today"]), cells.money(row["plan"]), difference


def _lines(plan: Solved) -> tuple[str, ...]:
    rate = plan.instance.settings.discount_rate_per_year
    lines = []
    if plan.today is None and not plan.is_as_is:
        lines.append("Today's capacity gives no plan to compare with.")
    if rate:
        lines.append(f"Discounted at {wording.share(rate, 1)} a year: {wording.money(plan.objective)}.")
    return tuple(lines)
