"""The header of a table: which column of the schema stands where, and which names are wrong."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from capplan.errors import Problem
from capplan.schema.columns import FREE_COLUMNS, Column, Kind, Table
from capplan.schema.tables import TABLES
from capplan.schema.text import as_word, did_you_mean, nearest, text_of


def columns_in(table: Table, frame: pd.DataFrame) -> tuple[dict[str, pd.Series], list[Problem]]:
    """The cells of every column of the table that the frame has, by spelling, and the problems of its header.

    Capitals and blanks in a header do not matter; a column without a name is left out where it is empty; a
    table without rows may lack columns.
    """
    columns: dict[str, pd.Series] = {}
    problems = []
    for position, heading in enumerate(frame.columns):
        cells = frame.iloc[:, position]
        name = "" if pd.isna(heading) else as_word(text_of(heading))
        if not name:
            problems += _unnamed(table, position, cells)
        elif name in columns:
            problems.append(
                Problem(table.name, "column", f"column '{name}' stands twice", "keep one of them", 1, name)
            )
        elif name in table.spellings or table.is_free(name):
            columns[name] = cells
        else:
            problems.append(_unknown(table, name, text_of(heading)))
    return columns, problems if frame.empty else problems + _missing(table, columns)


def column_of(table: Table, name: str) -> Column:
    """The column of that spelling, or a text column for a free one."""
    if name in table.spellings:
        return table.column(name)
    return Column(name, Kind.TEXT, "Where the numbers come from, or a remark.")


def unknown_column(table: Table, name: str) -> tuple[str, str]:
    """What to say of a column that the table does not have, and what to do about it."""
    near = did_you_mean(name, [*table.spellings, *FREE_COLUMNS])
    others = [other.name for other in TABLES.values() if name in other.spellings]
    if not near and others:
        near = f"it belongs to {' or '.join(others[:3])}"
    listed = ", ".join(table.spellings)
    return f"'{name}' is no column of {table.name}", near or f"its columns are {listed}"


def unknown_table(name: str) -> tuple[str, str]:
    """What to say of a table that does not exist, and what to do about it."""
    near = nearest(name, TABLES)
    what_now = f"did you mean '{near}'?" if near else f"the tables are {', '.join(TABLES)}"
    return f"'{name}' is no table of an instance", what_now


def _unknown(table: Table, name: str, heading: str) -> Problem:
    message, what_now = unknown_column(table, name)
    return Problem(table.name, "column", message, what_now, 1, value=heading)


def _unnamed(table: Table, position: int, cells: pd.Series) -> list[Problem]:
    if not any(text_of(cell) for cell in cells.dropna().unique()):
        return []
    message = f"column {position + 1} holds cells but has no name"
    return [Problem(table.name, "column", message, "name the column or delete it", 1)]


def _missing(table: Table, present: Collection[str]) -> list[Problem]:
    return [
        Problem(table.name, "required", f"the column {_one_of(column)} is missing", "add it", 1, column.name)
        for column in table.columns
        if column.is_required and not set(column.spellings) & set(present)
    ]


def _one_of(column: Column) -> str:
    return (
        " (or ".join([f"'{column.name}'", ", ".join(column.variants)]) + ")"
        if column.variants
        else f"'{column.name}'"
    )
