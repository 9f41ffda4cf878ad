"""Which rows of an instance an override means."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import pandas as pd

from capplan.errors import UsageError
from capplan.instance import Instance
from capplan.schema.cells import read_cell
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.headers import column_of, unknown_column
from capplan.schema.names import directory_of
from capplan.schema.text import Unreadable, folded, text_of

_SHOWN = 8


def known_column(table: Table, name: str) -> Column:
    """The column of that spelling, free ones included; UsageError, with the nearest name, for any other."""
    if name in table.spellings or table.is_free(name):
        return column_of(table, name)
    message, what_now = unknown_column(table, name)
    raise UsageError(f"{message}; {what_now}")


def value_of(instance: Instance, column: Column, text: str) -> object:
    """The text as a value of the column, names as keys, None where empty; UsageError where it is wrong."""
    try:
        value = read_cell(column, text)
        targets = column.refers_to
        if value is None or not targets:
            return value
        directory = directory_of(column, instance.written, instance.form.place, {})
        return ";".join(directory.find(name) for name in str(value).split(";"))
    except Unreadable as reason:
        now = f"; {reason.what_now}" if reason.what_now else ""
        raise UsageError(f"'{text}' {reason.why}{now}") from None


def matching_rows(
    instance: Instance, table: Table, filters: Sequence[tuple[str, tuple[str, ...]]]
) -> pd.Index:
    """The rows that match every filter; UsageError, with the values there are, where no row does."""
    rows = instance.written[table.name].index
    if rows.empty:
        raise UsageError(f"{instance.form.place(table.name)} has no rows")
    for name, values in filters:
        column = known_column(table, name)
        cells = _cells(instance, table, name).loc[rows]
        matches = _matches(instance, table, column, cells, values)
        empty = instance.written[table.name].reindex(columns=[name]).loc[rows, name].isna()
        if "" in values:
            matches = matches | empty
        if not matches.any():
            raise UsageError(f"touches no row: {_none_has(table, name, values, cells)}")
        rows = rows[matches.to_numpy(dtype=bool)]
    return rows


def _cells(instance: Instance, table: Table, name: str) -> pd.Series:
    """The column as the model reads it (an empty cell matches its default), or as written in another unit."""
    if name in table.spellings and name in instance.table(table.name).columns:
        return instance.table(table.name)[name]
    return instance.written[table.name].reindex(columns=[name])[name]


def _matches(
    instance: Instance, table: Table, column: Column, cells: pd.Series, values: Sequence[str]
) -> pd.Series:
    named = _with_own_key(table, column)
    wanted = [value_of(instance, named, text) for text in values if text]
    if column.kind is Kind.NAMES:
        parts = {folded(part) for value in wanted for part in str(value).split(";")}
        return cells.map(lambda cell: not pd.isna(cell) and any(folded(p) in parts for p in cell.split(";")))
    if column.kind is Kind.TEXT:
        texts = {folded(str(value)) for value in wanted}
        return cells.map(lambda cell: not pd.isna(cell) and folded(cell) in texts)
    if column.kind in (Kind.DATE, Kind.DATE_TO, Kind.MONTH):
        wanted = [pd.Timestamp(value) for value in wanted]
    return cells.isin(wanted)


def _with_own_key(table: Table, column: Column) -> Column:
    """The own key of a table may be named by its display name too, like a reference to the table."""
    if column.kind is Kind.KEY:
        return Column(column.name, Kind.NAME, column.help, refers_to=(table.name,))
    return column


def _none_has(table: Table, name: str, values: Sequence[str], cells: pd.Series) -> str:
    there = sorted({text_of(cell) for cell in cells.dropna().unique()})
    more = f", … {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    listed = ", ".join(islice(there, _SHOWN)) + more if there else "only empty cells"
    sought = ";".join(values) or "empty"
    return f"no row of {table.name} has {name} = {sought} (there are {listed})"
