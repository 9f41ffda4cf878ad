"""How rules say what is wrong: one problem for each row at fault, in the words the planner used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from capplan import wording
from capplan.errors import Problem, Severity
from capplan.instance import Instance
from capplan.schema.tables import TABLES

ROWS_NAMED = 50
"""Rows that a rule names one by one; a table of a million rows with one mistake throughout is one mistake."""
NAMES_LISTED = 5


def problem(
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
        value=None if value is None else wording.cell(value),
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

    `message` and `now` are templates over the row's columns, which `wording.filled` fills; `column` is named in the
    spelling that the row uses.
    """
    if rows.empty:
        return
    records = rows.head(ROWS_NAMED).to_dict("records")
    for row, record in zip(rows.index, records, strict=False):
        used = None if column is None else spelling(instance, table, column, row)
        yield problem(
            table,
            wording.filled(message, record),
            row=int(row),
            column=used,
            value=None if used is None else written_cell(instance, table, used, row),
            now=wording.filled(now, record),
            severity=severity,
        )
    if len(rows) > ROWS_NAMED:
        rest = wording.count(len(rows) - ROWS_NAMED, "more row")
        yield problem(table, f"the same holds for {rest}", column=column, now="", severity=severity)


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


def first_few(keys: Sequence[str]) -> str:
    """`a, b, c` or, of many, the first few and how many more."""
    listed = ", ".join(keys[:NAMES_LISTED])
    rest = len(keys) - NAMES_LISTED
    return f"{listed} and {rest} more" if rest > 0 else listed
