"""Tables as written: which columns they keep, and how their cells are spelled."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capplan.schema.canonical import dtype, empty_frame
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.headers import column_of
from capplan.schema.tables import TABLES

_EXACT_WHOLE = 2.0**53


def written_form(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A typed table with its columns in the order of the page: those that are required or hold anything.

    Free columns follow in the order of the file. A table without rows has all columns of the page.
    """
    if frame.empty:
        return empty_frame(table)
    filled = frame.columns[frame.notna().any()].tolist()
    required = [column.name for column in table.columns if column.is_required and not _given(column, filled)]
    named = [name for name in table.spellings if name in filled or name in required]
    free = [name for name in filled if name not in table.spellings]
    kept = frame.reindex(columns=[*named, *free])
    types = {name: dtype(column_of(table, name)) for name in kept.columns}
    other = {name: types[name] for name, held in kept.dtypes.items() if held != types[name]}
    return kept.astype(other) if other else kept


def _given(column: Column, filled: Sequence[str]) -> bool:
    return any(spelling in filled for spelling in column.spellings)


def spelled(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A written table as text: ISO dates, months like 2017-04, true and false, the shortest exact numbers.

    Columns: the required ones and those that hold anything.
    """
    table = TABLES[name]
    written = written_form(table, frame)
    return pd.DataFrame({each: _as_text(column_of(table, each), written[each]) for each in written.columns})


def _as_text(column: Column, cells: pd.Series) -> pd.Series:
    codes, distinct = pd.factorize(cells)
    texts = [_spelling(column, cell) for cell in distinct]
    return pd.Series(pd.array([*texts, ""], dtype=object).take(codes), index=cells.index)


def _spelling(column: Column, cell: object) -> str:
    if column.kind is Kind.MONTH:
        return f"{cell:%Y-%m}"
    if column.kind in (Kind.DATE, Kind.DATE_TO):
        return f"{cell:%Y-%m-%d}"
    if column.kind is Kind.YES_NO:
        return "true" if cell else "false"
    if column.kind in (Kind.NUMBER, Kind.WHOLE):
        return _number(column, float(str(cell)))
    return str(cell)


def _number(column: Column, value: float) -> str:
    word = next((word for word, meant in column.words.items() if meant == value), None)
    if word is not None:
        return word
    return str(int(value)) if abs(value) < _EXACT_WHOLE and value == int(value) else repr(value)
