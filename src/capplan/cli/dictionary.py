"""What `capplan schema` prints."""

from __future__ import annotations

import pandas as pd

from capplan.schema.describe import SETTINGS, describe
from capplan.schema.tables import TABLES
from capplan.sections import Grid, Section, grid

SHOWN = ("column", "kind", "unit", "required", "default", "allowed", "other_units", "help")


def column_table(table: str | None) -> pd.DataFrame:
    """The data dictionary, or one table of it: one row per column. UsageError where there is no such table."""
    return pd.DataFrame(describe(table))


def sections(frame: pd.DataFrame, *, is_whole: bool) -> tuple[Section, ...]:
    """One section a table: of the whole dictionary names and help, of a single table everything."""
    shown = ("column", "unit", "required", "help") if is_whole else SHOWN
    return tuple(
        Section(f"{name}: {_about(str(name))}", grid=_grid(rows, shown))
        for name, rows in frame.groupby("table", sort=False)
    )


def _about(name: str) -> str:
    return "Settings: what holds for the whole instance." if name == SETTINGS else TABLES[name].help


def _grid(rows: pd.DataFrame, shown: tuple[str, ...]) -> Grid:
    used = [name for name in shown if (rows[name] != "").any()]
    return grid([name.replace("_", " ") for name in used], rows[used].itertuples(index=False, name=None))
