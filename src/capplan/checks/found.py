"""How rules say what they found: one problem for each row at fault, in the words the planner used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from capplan.errors import Problem, Severity
from capplan.instance import Instance
from capplan.schema.tables import TABLES

ROWS_NAMED = 50
"""Rows that a rule names one by one; a table of a million rows with one mistake throughout is one mistake."""
NAMES_LISTED = 5


def found(
    table: str,
    message: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: object = None,
    now: str = "",
    severity: Severity = Severity.ERROR,
) -> Problem:
    """One problem; `check` adds the name of the rule and the place."""
    return Problem(
        table=table,
        rule="",
        message=message,
        what_now=now,
        row=row,
        column=column,
        value=None if value is None else as_text(value),
        severity=severity,
    )


def at_rows(
    instance: Instance,
    table: str,
    rows: pd.DataFrame,
    message: str,
    *,
    column: str | None = None,
    now: str = "",
    severity: Severity = Severity.ERROR,
) -> Iterator[Problem]:
    """One problem for each of `rows` (index: row in the file).

    `message` and `now` are format strings over the row's columns; `column` is named in the spelling that the
    row uses.
    """
    if rows.empty:
        return
    records = rows.head(ROWS_NAMED).to_dict("records")
    for row, record in zip(rows.index, records, strict=False):
        used = None if column is None else spelling(instance, table, column, row)
        yield found(
            table,
            message.format_map(record),
            row=int(row),
            column=used,
            value=None if used is None else written_cell(instance, table, used, row),
            now=now.format_map(record),
            severity=severity,
        )
    if len(rows) > ROWS_NAMED:
        rest = len(rows) - ROWS_NAMED
        yield found(table, f"the same holds for {rest} more rows", column=column, now="", severity=severity)


def spelling(instance: Instance, table: str, column: str, row: int) -> str:
    """The spelling of a column that a row is written in: `bed_week_gbp` for `bed_day_gbp`."""
    written = instance.written[table]
    for name in TABLES[table].column(column).spellings:
        if name in written.columns and pd.notna(written.at[row, name]):
            return name
    return column


def written_cell(instance: Instance, table: str, column: str, row: int) -> object:
    """The cell as written; None where the column is not there or the cell is empty."""
    written = instance.written[table]
    if column not in written.columns or pd.isna(written.at[row, column]):
        return None
    cell: object = written.at[row, column]
    return cell


def as_text(value: object) -> str:
    """A cell as a planner would write it: 12, 0.92, 2017-04-01."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return number(value)
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    return str(value)


def number(value: float) -> str:
    """`1,150`, `0.92`, `never`: at most four significant decimals, thousands apart."""
    if value == float("inf"):
        return "never"
    return f"{round(value):,}" if abs(value) >= 1000 else f"{value:.4g}"


def names(keys: Sequence[str]) -> str:
    """`a, b, c` or, of many, the first few and how many more."""
    listed = ", ".join(keys[:NAMES_LISTED])
    rest = len(keys) - NAMES_LISTED
    return f"{listed} and {rest} more" if rest > 0 else listed
