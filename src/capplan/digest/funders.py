"""Who pays, what is left of every budget, and the gap if nothing is done."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan import cells, wording
from capplan.cells import Content
from capplan.funding import NOBODY, unfunded
from capplan.sections import Row, Section, grid, without_empty
from capplan.solved import Solved

SHOWN = 12
COLUMNS = ("funder", "year", "budget", "committed", "plan", "from the pool", "gap", "gap if nothing is done")


def cost_by_funder(plan: Solved) -> Section | None:
    """What each funder pays over the plan, beside what it would pay with today's capacity."""
    table = plan.tables["budgets"]
    if table.empty:
        return None
    funders = table.groupby("funder")[["do_nothing_gbp", "plan_gbp"]].sum(min_count=1)
    funders.loc[NOBODY] = [float("nan") if plan.today is None else _unfunded(plan.today), _unfunded(plan)]
    rows = [_paid(str(funder), row) for funder, row in funders.iterrows() if (row.abs() >= 0.5).any()]
    columns = ("funder", "today", "plan", "difference")
    return Section("Who pays over the plan", (), grid(*without_empty(columns, rows)))


def _unfunded(plan: Solved) -> float:
    return unfunded(plan.tables["costs"])


def _paid(funder: str, row: pd.Series) -> Row:
    today, now = float(row["do_nothing_gbp"]), float(row["plan_gbp"])
    paid = cells.money(today), cells.money(now), cells.money_change(now - today)
    return funder or "nobody is named", *paid


def budgets(plan: Solved, at_most: int = SHOWN) -> Section | None:
    """Every budget, year by year: what is committed, what the plan spends, and the gap (committed + plan - budget)."""
    table = plan.tables["budgets"]
    known = table[table["budget_gbp"].notna()]
    if known.empty:
        return None
    rows = [tuple(_cells(row)) for row in known.to_dict("records")]
    return Section(
        "Budgets", tuple(_lines(known)), grid(*without_empty(COLUMNS, rows), at_most, "budgets.csv")
    )


def _cells(row: dict[str, object]) -> Iterator[Content]:
    yield from (str(row["funder"]), cells.year(row["year"]))
    for column in (
        "budget_gbp",
        "committed_gbp",
        "plan_gbp",
        "transferred_gbp",
        "gap_gbp",
        "do_nothing_gap_gbp",
    ):
        gbp = float(str(row[column]))
        is_nothing = column in ("committed_gbp", "transferred_gbp") and round(gbp) == 0
        yield "" if is_nothing else cells.money(gbp)


def _lines(known: pd.DataFrame) -> Iterator[str]:
    yield f"Gap = committed + plan - budget: in all {wording.money(float(known['gap_gbp'].sum()))}."
    if known["do_nothing_gap_gbp"].notna().all():
        gap = wording.money(float(known["do_nothing_gap_gbp"].sum()))
        yield f"With today's capacity and schemes as they are it would be {gap}."
