"""Every target on a line: its baseline, what today's capacity gives, what is asked in the end, and the plan."""

from __future__ import annotations

from typing import Any

import pandas as pd

from capplan import wording
from capplan.digest.aims import SCOPES
from capplan.digest.names import Names, display_names, name_of
from capplan.digest.units import as_written, in_its_unit
from capplan.sections import Row, Section, grid, without_empty
from capplan.solved import Solved

COLUMNS = ("target", "where", "baseline", "today's capacity", "target in the end", "plan in the end", "met")


def line_by_line(plan: Solved) -> Section | None:
    """One row per target and scope at its last window, and whether it is met in all of them."""
    table = plan.tables["targets"]
    if table.empty:
        return None
    names = display_names(plan.instance)
    rows = [_line(plan, found, names) for _, found in table.groupby(["target", "scope"], sort=False)]
    return Section("From baseline to plan, line by line", (), grid(*without_empty(COLUMNS, rows)))


def met_of(plan: Solved) -> str:
    """How many of the imposed targets a plan meets in every window: 3 of 4; nothing where none is imposed."""
    table = plan.tables["targets"]
    imposed = table[table["is_imposed"].astype(bool) & table["required"].notna()]
    total = imposed["target"].nunique()
    missed = imposed.loc[~imposed["is_met"].astype(bool), "target"].nunique()
    return f"{total - missed} of {total}" if total else wording.NOTHING


def _line(plan: Solved, rows: pd.DataFrame, names: Names) -> Row:
    last: dict[str, Any] = rows.iloc[-1].to_dict()
    written = [in_its_unit(plan, last, last[column]) for column in ("today_gives", "required", "achieved")]
    return (
        name_of(names, last["target"], "targets"),
        name_of(names, last["scope"], *SCOPES),
        as_written(last, last["baseline"]),
        *written,
        _met(rows),
    )


def _met(rows: pd.DataFrame) -> str:
    known = rows[rows["is_met"].notna() & rows["required"].notna()]
    if known.empty:
        return "no value agreed"
    n, only = int(known["is_met"].astype(bool).sum()), "" if known["is_imposed"].any() else " (only reported)"
    if n == len(known):
        return f"yes{only}"
    return f"no{only}" if len(known) == 1 else f"in {n} of {wording.number(len(known))}{only}"
