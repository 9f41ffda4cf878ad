"""Tables as planners write them and as the model reads them: columns, types, units, and how cells are spelled."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capplan.schema.columns import Column, Kind, Table
from capplan.schema.headers import column_of
from capplan.schema.tables import TABLES

DTYPES = {
    Kind.NUMBER: "float64",
    Kind.WHOLE: "float64",
    Kind.YES_NO: "boolean",
    Kind.DATE: "datetime64[s]",
    Kind.DATE_TO: "datetime64[s]",
    Kind.MONTH: "datetime64[s]",
}
"""Types of the columns of a written table; every other kind is `str`, with NaN where a cell is empty."""
_EXACT_WHOLE = 2.0**53


def dtype(column: Column) -> str:
    """The pandas dtype of a column of that kind in a written table."""
    return DTYPES.get(column.kind, "str")


def empty_frame(table: Table) -> pd.DataFrame:
    """A written table without rows: the columns of the page, indexed by `row`."""
    index = pd.Index([], name="row", dtype="int64")
    return pd.DataFrame(
        {c.name: pd.Series([], dtype=dtype(c), index=index) for c in table.columns}, index=index
    )


def canonical(table: Table, written: pd.DataFrame) -> pd.DataFrame:
    """The table as the model reads it.

    Index: `row` as in the file. Columns: all of `table.columns` in that order, defaults filled in and units
    converted; spellings whose conversion depends on the calendar follow as columns of their own. Free columns
    (`source`, `note`, …) are left out.
    """
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        columns[column.name] = _in_own_unit(column, written)
        for spelling, factor in column.variants.items():
            if factor is None:
                columns[spelling] = _as_written(column, spelling, written)
    _fill_alternatives(table, columns)
    for column in table.columns:
        _fill_default(column, columns)
    return pd.DataFrame(columns, index=written.index)


def _as_written(column: Column, spelling: str, written: pd.DataFrame) -> pd.Series:
    if spelling in written.columns:
        return written[spelling].astype(dtype(column))
    return pd.Series(pd.NA if dtype(column) == "boolean" else None, index=written.index, dtype=dtype(column))


def _in_own_unit(column: Column, written: pd.DataFrame) -> pd.Series:
    series = _as_written(column, column.name, written)
    for spelling, factor in column.variants.items():
        if factor is not None and spelling in written.columns:
            series = series.fillna(written[spelling].astype("float64") * factor)
    return series


def _fill_alternatives(table: Table, columns: dict[str, pd.Series]) -> None:
    if table.name == "localities":
        travel, visit = columns["travel_minutes_per_visit"], columns["visit_minutes"]
        columns["home_travel_share"] = columns["home_travel_share"].fillna(travel / (travel + visit))
    if table.name == "roles":
        contact = columns["paid_hours_per_week"] * columns["contact_share"]
        columns["contact_hours_per_week"] = columns["contact_hours_per_week"].fillna(contact)


def _fill_default(column: Column, columns: dict[str, pd.Series]) -> None:
    if column.default_from is not None:
        columns[column.name] = columns[column.name].fillna(columns[column.default_from])
        if columns[column.name].dtype == "float64":
            columns[column.name] = columns[column.name].fillna(0.0)
    elif column.default is not None and not column.is_required:
        columns[column.name] = columns[column.name].fillna(column.default)
    if column.kind is Kind.YES_NO:
        columns[column.name] = columns[column.name].astype(bool)


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
