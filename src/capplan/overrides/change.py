"""One override applied to one table or to the settings: which rows it means, and what it makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
import pandas as pd

from capplan.errors import InvalidInstance, UsageError
from capplan.instance import Instance
from capplan.overrides.grammar import Operation, Override
from capplan.schema.canonical import dtype
from capplan.schema.cells import read_cell
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.headers import column_of, unknown_column
from capplan.schema.names import directory_of
from capplan.schema.settings import Settings, read_settings, settings_columns, unknown_setting
from capplan.schema.text import Unreadable, folded, text_of

_FACTOR = Column("factor", Kind.NUMBER, "What a number is multiplied by.", "factor")
_NUMBERS = (Kind.NUMBER, Kind.WHOLE)
_SHOWN = 8


def changed_settings(instance: Instance, override: Override) -> Settings:
    """The settings after the override; UsageError where it makes no sense, InvalidInstance out of bounds."""
    column = settings_columns().get(override.column)
    if column is None:
        message, what_now = unknown_setting(override.column)
        raise UsageError(f"{message}; {what_now}")
    if override.filters:
        raise UsageError("the settings have no rows to choose from; write instance.SETTING")
    values = instance.settings.model_dump(exclude_unset=True)
    values[column.name] = _new_setting(instance.settings, column, override)
    settings, problems = read_settings(values)
    if settings is None:
        raise InvalidInstance(problems)
    return settings


def changed_table(instance: Instance, table: Table, override: Override) -> pd.DataFrame:
    """The written table after the override; UsageError where it cannot be applied or touches no row."""
    column = _known_column(table, override.column)
    if column.kind is Kind.KEY:
        raise UsageError(f"{column.name} is the key of {table.name}; an override does not rename rows")
    rows = _matching_rows(instance, table, override.filters)
    frame = instance.written[table.name].copy()
    if override.column not in frame.columns:
        frame[override.column] = pd.Series(np.nan, frame.index, dtype="object").astype(dtype(column))
    if override.operation is Operation.SET:
        _set(frame, table, column, rows, override.column, _value_of(instance, column, override.value))
    else:
        _scale(instance, frame, table, rows, override)
    return frame


def _new_setting(settings: Settings, column: Column, override: Override) -> object:
    if override.operation is Operation.SET:
        return _read(column, override.value)
    before = getattr(settings, column.name)
    if column.kind not in _NUMBERS:
        raise UsageError(f"{column.name} is no number; only = can change it")
    if before is None:
        raise UsageError(f"{column.name} is not set; use = to set it")
    return _applied(override, column, float(before))


def _read(column: Column, text: str) -> object:
    try:
        return read_cell(column, text)
    except Unreadable as reason:
        raise UsageError(f"'{text}' {reason.why}; {reason.what_now}") from None


def _set(frame: pd.DataFrame, table: Table, column: Column, rows: pd.Index, name: str, value: object) -> None:
    if column.kind in (Kind.DATE, Kind.DATE_TO, Kind.MONTH) and value is not None:
        value = pd.Timestamp(value).as_unit("s")
    frame.loc[rows, name] = value
    if value is not None:
        for rival in _rivals(table, name):
            if rival in frame.columns:
                frame.loc[rows, rival] = None


def _scale(instance: Instance, frame: pd.DataFrame, table: Table, rows: pd.Index, override: Override) -> None:
    name, column = (
        override.column,
        table.column(override.column) if override.column in table.spellings else None,
    )
    if column is None or column.kind not in _NUMBERS:
        raise UsageError(f"{name} is no number; only = can change it")
    _refuse_other_spellings(frame, table, rows, name)
    as_read = instance.table(table.name)[column.name] / (column.variants.get(name) or 1.0)
    default = as_read if name == column.name or column.variants[name] else np.nan * as_read
    before = frame.loc[rows, name].fillna(default.loc[rows]).dropna()
    if before.empty:
        raise UsageError(f"{name} is empty in every row that is touched; use = to set it")
    after = _applied(override, column, before)
    frame.loc[before.index, name] = after


def _applied(override: Override, column: Column, before: float | pd.Series) -> float | pd.Series:
    """The numbers after the operation; whole numbers stay whole where the arithmetic is off by a rounding."""
    by = _read(_FACTOR if override.operation is Operation.TIMES else column, override.value)
    if not isinstance(by, float):
        raise UsageError(f"{override.operation.value} needs a number on its right side")
    after = before * by if override.operation is Operation.TIMES else before + by
    if column.kind is not Kind.WHOLE:
        return after
    whole = np.round(after)
    return after if np.any(np.abs(after - whole) > 1e-9) else whole


def _rivals(table: Table, name: str) -> list[str]:
    """Columns of which a row holds one or the other: other units, and the other one of two alternatives."""
    rivals = (
        [spelling for spelling in table.column(name).spellings if spelling != name]
        if name in table.spellings
        else []
    )
    for first, second in table.alternatives:
        rivals += second if name in first else first if name in second else ()
    return rivals


def _refuse_other_spellings(frame: pd.DataFrame, table: Table, rows: pd.Index, name: str) -> None:
    for rival in _rivals(table, name):
        used = rows[frame.loc[rows, rival].notna()] if rival in frame.columns else rows[:0]
        if len(used):
            which = f"{len(used)} of the rows touched" if len(used) < len(rows) else "the rows touched"
            raise UsageError(f"{which} are written in {rival}, not in {name}; change {rival} there")


def _known_column(table: Table, name: str) -> Column:
    """The column of that spelling, free ones included; UsageError, with the nearest name, for any other."""
    if name in table.spellings or table.is_free(name):
        return column_of(table, name)
    message, what_now = unknown_column(table, name)
    raise UsageError(f"{message}; {what_now}")


def _value_of(instance: Instance, column: Column, text: str) -> object:
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


def _matching_rows(
    instance: Instance, table: Table, filters: Sequence[tuple[str, tuple[str, ...]]]
) -> pd.Index:
    """The rows that match every filter; UsageError, with the values there are, where no row does."""
    rows = instance.written[table.name].index
    if rows.empty:
        raise UsageError(f"{instance.form.place(table.name)} has no rows")
    for name, values in filters:
        column = _known_column(table, name)
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
    wanted = [_value_of(instance, named, text) for text in values if text]
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
    present = sorted({text_of(cell) for cell in cells.dropna().unique()})
    more = f", … {len(present) - _SHOWN} more" if len(present) > _SHOWN else ""
    listed = ", ".join(islice(present, _SHOWN)) + more if present else "only empty cells"
    sought = ";".join(values) or "empty"
    return f"no row of {table.name} has {name} = {sought} (there are {listed})"
