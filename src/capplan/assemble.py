"""From raw cells to what an instance is made of: tables parsed, names resolved, each table checked by itself."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TypeAlias

import numpy as np
import pandas as pd

from capplan.errors import InvalidInstance, Problem, Severity
from capplan.schema.canonical import written_form
from capplan.schema.cells import Fault, parse
from capplan.schema.columns import GROUPS, Column, Kind, Table
from capplan.schema.headers import column_of, columns_in, unknown_table
from capplan.schema.names import Directory, directory_of, resolve
from capplan.schema.raw import Form, RawInstance
from capplan.schema.rules import ROWS_SHOWN, validate
from capplan.schema.settings import Settings, read_settings
from capplan.schema.tables import TABLES
from capplan.schema.text import suggested_key

_COLLECTIONS = (list, tuple, dict, set)
type_of_table: TypeAlias = pd.DataFrame | Sequence[Mapping[str, object]] | str


@dataclass(frozen=True)
class Assembled:
    """Settings and written tables, and all that is wrong with them, sorted by table and row.

    `settings` is None, and there are no tables, where any problem is an error.
    """

    settings: Settings | None
    written: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Reading:
    """One table while it is read: its typed cells, and what is known to be wrong with them.

    `unread` gives the rows per column whose cells could not be read; `aliases` the keys suggested for those
    that are none, so that a reference to a mistyped key is not told as a second mistake.
    """

    table: Table
    typed: pd.DataFrame
    problems: list[Problem]
    unread: dict[str, pd.Index] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, column: Column, faults: Sequence[Fault]) -> None:
        """Keeps the faults of a column as problems."""
        self.problems.extend(_as_problems(self.table, name, column, faults))
        if faults:
            rows = [self.unread.get(name, []), *(fault.rows for fault in faults)]
            self.unread[name] = pd.Index(np.concatenate(rows), dtype="int64")


def assemble(raw: RawInstance) -> Assembled:
    """What an instance is made of, out of raw cells.

    Tables are checked each by itself; what must hold across tables, apart from names, is for `capplan.checks`.
    """
    unreadable = {problem.table for problem in raw.problems if problem.severity is Severity.ERROR}
    if unreadable and not raw.settings and not raw.tables:
        return Assembled(None, {}, _in_order(raw.form, raw.problems))
    settings, problems = read_settings(raw.settings)
    if "instance" in unreadable:
        problems = [problem for problem in problems if problem.rule != "required"]
    given = [table for name, table in TABLES.items() if name in raw.tables]
    readings = {table.name: _read(table, raw.tables[table.name]) for table in given}
    frames = {name: reading.typed for name, reading in readings.items()}
    problems += [*raw.problems, *_unknown_tables(raw), *_missing_tables(frames, unreadable)]
    directory = _directories(readings, raw.form)
    lost = unreadable | {name for name, table in TABLES.items() if table.is_required and name not in frames}
    for name, reading in readings.items():
        frames[name] = _with_keys(reading, directory, lost)
        problems += [*reading.problems, *validate(reading.table, frames[name], reading.unread)]
    told = _in_order(raw.form, problems)
    if settings is None or any(problem.severity is Severity.ERROR for problem in told):
        return Assembled(None, {}, told)
    written = {name: written_form(TABLES[name], frame) for name, frame in frames.items()}
    return Assembled(settings, written, told)


def raw_frame(name: str, table: type_of_table) -> pd.DataFrame:
    """A frame, a list of rows or CSV text as raw cells; rows count from 2, unless a frame has an index `row`.

    Raises InvalidInstance for what is none of them, or holds cells that are collections.
    """
    if isinstance(table, str):
        frame = _of_text(name, table)
    elif isinstance(table, pd.DataFrame):
        frame = table.copy()
    elif isinstance(table, list | tuple) and all(isinstance(row, Mapping) for row in table):
        frame = pd.DataFrame(list(table), dtype=object)
    else:
        raise _no_table(name, "kind", f"is of type {type(table).__name__}, and no table")
    objects = [position for position, kind in enumerate(frame.dtypes) if pd.api.types.is_object_dtype(kind)]
    for position in objects:
        collection = next((cell for cell in frame.iloc[:, position] if isinstance(cell, _COLLECTIONS)), None)
        if collection is not None:
            message = f"{frame.columns[position]} holds the {type(collection).__name__} {collection!r}"
            raise _no_table(name, "cell", f"{message}, and a cell is one value")
    rows = frame.index
    if rows.name != "row" or not rows.is_unique or not pd.api.types.is_integer_dtype(rows):
        frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame


def _of_text(name: str, table: str) -> pd.DataFrame:
    text = StringIO(textwrap.dedent(table).strip())
    try:
        cells = pd.read_csv(text, header=None, dtype=str, keep_default_na=False, skipinitialspace=True)
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise _no_table(name, "csv", f"is no CSV text: {error}") from None
    return cells.iloc[1:].set_axis(cells.iloc[0], axis="columns")


def _no_table(name: str, rule: str, message: str) -> InvalidInstance:
    now = "give a frame, a list of rows (each a mapping of columns to cells) or CSV text with a header"
    return InvalidInstance([Problem(name, rule, message, now)])


def _unknown_tables(raw: RawInstance) -> list[Problem]:
    return [Problem(name, "table", *unknown_table(name)) for name in raw.tables if name not in TABLES]


def _missing_tables(frames: Mapping[str, pd.DataFrame], unreadable: set[str]) -> list[Problem]:
    missing = (table for table in TABLES.values() if table.is_required and table.name not in unreadable)
    return [
        Problem(table.name, "required", "the table is missing or has no rows", f"add it: {table.help}")
        for table in missing
        if table.name not in frames or frames[table.name].empty
    ]


def _read(table: Table, frame: pd.DataFrame) -> _Reading:
    """The typed table, rows without any cell left out, with the problems of its header and cells."""
    cells, problems = columns_in(table, frame)
    reading = _Reading(table, pd.DataFrame(index=pd.Index(frame.index, name="row")), problems)
    typed: dict[str, pd.Series] = {}
    for name in cells:
        column = column_of(table, name)
        typed[name], faults = parse(column, cells[name])
        reading.note(name, column, faults)
        if column.kind is Kind.KEY:
            reading.aliases.update({fault.value: suggested_key(fault.value) for fault in faults})
    whole = pd.DataFrame(typed, index=reading.typed.index)
    is_row = whole.notna().any(axis="columns")
    for rows in reading.unread.values():
        is_row |= whole.index.isin(rows)
    return replace(reading, typed=whole[is_row])


def _directories(readings: Mapping[str, _Reading], form: Form) -> Callable[[Column], Directory]:
    """Gives the names that a reference column accepts; columns alike share one directory."""
    frames = {name: reading.typed for name, reading in readings.items()}
    aliases = {name: reading.aliases for name, reading in readings.items()}
    made: dict[tuple[str, ...], Directory] = {}

    def directory(column: Column) -> Directory:
        accepts = (*column.refers_to, *column.words)
        if accepts not in made:
            made[accepts] = directory_of(column, frames, form.place, aliases)
        return made[accepts]

    return directory


def _with_keys(
    reading: _Reading, directory: Callable[[Column], Directory], lost: Collection[str]
) -> pd.DataFrame:
    """The table with keys in place of display names; references to a table that is lost stay as they are."""
    resolved: dict[str, pd.Series] = {}
    for column in reading.table.columns:
        targets = {GROUPS[target][0] if target in GROUPS else target for target in column.refers_to}
        if column.name in reading.typed.columns and targets and not targets & set(lost):
            cells = reading.typed[column.name]
            resolved[column.name], faults = resolve(column, cells, directory(column))
            reading.note(column.name, column, faults)
    return reading.typed.assign(**resolved)


def _as_problems(table: Table, name: str, column: Column, faults: Sequence[Fault]) -> list[Problem]:
    """The faults of one column: the first rows each, and how many more there are."""
    rule = column.kind.value
    cells = ((int(row), fault) for fault in faults for row in fault.rows[:ROWS_SHOWN])
    by_row = sorted(cells, key=lambda cell: cell[0])
    told = [
        Problem(table.name, rule, f"'{fault.value}' {fault.why}", fault.what_now, row, name, fault.value)
        for row, fault in by_row[:ROWS_SHOWN]
    ]
    more = sum(len(fault.rows) for fault in faults) - len(told)
    if more:
        message = f"{more} more cells of this column cannot be read"
        told.append(Problem(table.name, rule, message, "mend them likewise", told[-1].row, name))
    return told


def _in_order(form: Form, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    order = {name: position for position, name in enumerate(["instance", *TABLES])}
    placed = [replace(problem, place=problem.place or form.place(problem.table)) for problem in problems]
    return tuple(sorted(placed, key=lambda each: (order.get(each.table, len(order)), each.row or 0)))
