"""What `capplan sources` prints."""

from __future__ import annotations

import pandas as pd

from capplan import cells
from capplan.cells import Content
from capplan.sections import Row, Section, grid
from capplan.sources import sources_summary

COLUMNS = ("table", "row", "key", "column", "value", "kind", "source")
SHOWN = 40


def sections(found: pd.DataFrame, *, is_all: bool) -> tuple[Section, ...]:
    """How many numbers of each table have a source, then the numbers that have none (or all of them)."""
    unsourced = found if is_all else found[found["kind"] == "none"]
    if found.empty:
        return (Section("Sources", ("The instance has no numbers.",)),)
    return (_summary(found), _numbers(unsourced, is_all=is_all))


def _summary(found: pd.DataFrame) -> Section:
    summary = sources_summary(found)
    summary.loc["in all"] = summary.sum()
    rows: list[Row] = [
        (str(table), *map(cells.number, row))
        for table, row in zip(summary.index, summary.to_numpy(), strict=True)
    ]
    return Section("Numbers by table", grid=grid(("table", *summary.columns), rows))


def _numbers(listed: pd.DataFrame, *, is_all: bool) -> Section:
    heading = "Every number" if is_all else "Numbers without a source"
    if listed.empty:
        return Section(heading, ("None.",))
    columns = COLUMNS if is_all else COLUMNS[:5]
    rows = [tuple(_cell(row[name]) for name in columns) for row in listed.to_dict("records")]
    return Section(heading, grid=grid(columns, rows, None if is_all else SHOWN, "--format csv"))


def _cell(value: object) -> Content:
    if isinstance(value, str):
        return value
    return cells.number(value) if isinstance(value, float) else cells.exact(value)
