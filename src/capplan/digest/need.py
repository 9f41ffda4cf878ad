"""People referred, started, waiting and going without, by pathway."""

from __future__ import annotations

import pandas as pd

from capplan import cells
from capplan.digest import assumed
from capplan.digest.names import display_names
from capplan.sections import Row, Section, grid
from capplan.solved import Solved

SHOWN = 10
COLUMNS = ("pathway", "referred", "start", "go without", "days waited", "waiting at the end")


def people(plan: Solved, at_most: int = SHOWN) -> Section | None:
    """One row per pathway, with the starts of today's capacity beside the plan's."""
    now = _by_pathway(plan)
    if now.empty:
        return None
    names = display_names(plan.instance)["pathways"]
    today = None if plan.today is None else _by_pathway(plan.today)["starts"]
    rows = [_row(names[str(pathway)], row, today) for pathway, row in now.iterrows()]
    columns = COLUMNS if today is None else (*COLUMNS[:2], "start today", *COLUMNS[2:])
    return Section(
        "People", (assumed.opening(plan), assumed.end(plan)), grid(columns, rows, at_most, "waiting.csv")
    )


def _by_pathway(plan: Solved) -> pd.DataFrame:
    table = plan.tables["waiting"]
    sums = table.groupby("pathway")[["referrals", "starts", "unmet", "delayed_days"]].sum()
    last = table[table["period"] == table["period"].max()]
    return sums.assign(at_end=last.groupby("pathway")["waiting_at_end"].sum())


def _row(name: str, row: pd.Series, today: pd.Series | None) -> Row:
    counts = [cells.number(row[column]) for column in ("starts", "unmet", "delayed_days", "at_end")]
    before = [] if today is None else [cells.number(today.get(row.name, 0.0))]
    return (name, cells.number(row["referrals"]), *before, *counts)
