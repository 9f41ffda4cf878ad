"""What `capplan schema` prints."""

from __future__ import annotations

import pandas as pd

from capplan import wording
from capplan.errors import UsageError
from capplan.results import describe as results
from capplan.results.tables import ANSWERS
from capplan.results.tables import TABLES as RESULTS
from capplan.schema.describe import SETTINGS, describe
from capplan.schema.tables import TABLES
from capplan.schema.text import did_you_mean
from capplan.sections import Grid, Section, grid

INPUT, RESULT = "input", "result"
SHOWN = ("column", "kind", "unit", "required", "default", "allowed", "other_units", "help", "counted_by")
SHOWN_OF_ALL = ("column", "unit", "required", "help")


def column_table(table: str | None, parts: tuple[str, ...] = (INPUT, RESULT)) -> pd.DataFrame:
    """The data dictionary, or the tables of one name: one row per column, the inputs first.

    Columns: part (input or result), table, column, kind, unit, required, default, allowed, other_units, help,
    counted_by. UsageError where there is no such table among these parts.
    """
    inputs = {name: (INPUT, name) for name in (SETTINGS, *TABLES)} if INPUT in parts else {}
    outputs = {name: (RESULT, name) for name in (*RESULTS, *ANSWERS)} if RESULT in parts else {}
    tables = [*inputs.values(), *outputs.values()]
    chosen = [part_and_name for part_and_name in tables if table in (None, part_and_name[1])]
    if not chosen:
        raise UsageError(_no_such_table(str(table), list(dict.fromkeys(name for _, name in tables)), parts))
    columns = ("part", "table", *SHOWN)
    rows = [{"part": part, **row} for part, name in chosen for row in _rows(part, name)]
    return pd.DataFrame([[row.get(name, "") for name in columns] for row in rows], columns=list(columns))


def sections(frame: pd.DataFrame, *, is_whole: bool) -> tuple[Section, ...]:
    """One section a table: of the whole dictionary names and help, of a single table everything."""
    shown = SHOWN_OF_ALL if is_whole else SHOWN
    return tuple(
        Section(_heading(str(part), str(name)), grid=_grid(rows, shown))
        for (part, name), rows in frame.groupby(["part", "table"], sort=False)
    )


def _rows(part: str, name: str) -> list[dict[str, str]]:
    return describe(name) if part == INPUT else results.describe({**RESULTS, **ANSWERS}[name])


def _heading(part: str, name: str) -> str:
    """What the table holds; a name that stands for two tables is told apart."""
    of_run = (
        f" (result, {'answers/' if name in ANSWERS else ''}{name}.csv of a run)" if part == RESULT else ""
    )
    if part == RESULT:
        return f"{name}{of_run}: {results.about({**RESULTS, **ANSWERS}[name])}"
    about = "Settings: what holds for the whole instance." if name == SETTINGS else TABLES[name].help
    return f"{name}{' (input)' if name in RESULTS else ''}: {about}"


def _grid(rows: pd.DataFrame, shown: tuple[str, ...]) -> Grid:
    used = [name for name in shown if (rows[name] != "").any()]
    return grid([name.replace("_", " ") for name in used], rows[used].itertuples(index=False, name=None))


def _no_such_table(name: str, names: list[str], parts: tuple[str, ...]) -> str:
    which = f"{parts[0]} table" if len(parts) == 1 else "table"
    near = did_you_mean(name, names)
    return f"there is no {which} '{name}'; {near or 'the tables are ' + wording.listed(names, len(names))}"
