"""One override applied to one table or to the settings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.errors import InvalidInstance, UsageError
from capplan.instance import Instance
from capplan.overrides.grammar import Operation, Override
from capplan.overrides.rows import known_column, matching_rows, value_of
from capplan.schema.canonical import dtype
from capplan.schema.cells import read_cell
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.settings import Settings, read_settings, settings_columns, unknown_setting
from capplan.schema.text import Unreadable

_FACTOR = Column("factor", Kind.NUMBER, "What a number is multiplied by.", "factor")
_NUMBERS = (Kind.NUMBER, Kind.WHOLE)


def changed_settings(instance: Instance, override: Override) -> Settings:
    """The settings after the override; UsageError where it makes no sense, InvalidInstance out of bounds."""
    column = settings_columns().get(override.column)
    if column is None:
        message, what_now = unknown_setting(override.column)
        raise UsageError(f"{message}; {what_now}")
    if override.filters:
        raise UsageError("the settings have no rows to choose from; write instance.SETTING")
    given = instance.settings.model_dump(exclude_unset=True)
    given[column.name] = _new_setting(instance.settings, column, override)
    settings, problems = read_settings(given)
    if settings is None:
        raise InvalidInstance(problems)
    return settings


def changed_table(instance: Instance, table: Table, override: Override) -> pd.DataFrame:
    """The written table after the override; UsageError where it cannot be applied or touches no row."""
    column = known_column(table, override.column)
    if column.kind is Kind.KEY:
        raise UsageError(f"{column.name} is the key of {table.name}; an override does not rename rows")
    rows = matching_rows(instance, table, override.filters)
    frame = instance.written[table.name].copy()
    if override.column not in frame.columns:
        frame[override.column] = pd.Series(np.nan, frame.index, dtype="object").astype(dtype(column))
    if override.operation is Operation.SET:
        _set(frame, table, column, rows, override.column, value_of(instance, column, override.value))
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
