"""From a table as written to the table as the model reads it: every column there, one unit, defaults filled in."""

from __future__ import annotations

import pandas as pd

from capplan.schema.columns import Column, Kind, Table

DTYPES = {
    Kind.NUMBER: "float64",
    Kind.WHOLE: "float64",
    Kind.YES_NO: "boolean",
    Kind.DATE: "datetime64[s]",
    Kind.DATE_TO: "datetime64[s]",
    Kind.MONTH: "datetime64[s]",
}
"""Types of the columns of a written table; every other kind is `str`, with NaN where a cell is empty."""


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
