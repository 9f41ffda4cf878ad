"""What must hold within one table: rules printed from the data dictionary, and the rows that break them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.text import text_of
from capplan.wording import exact

ROWS_SHOWN = 20
"""How many rows that break one rule are told one by one; the others are counted."""


@dataclass(frozen=True)
class Rule:
    """One rule of one table; `holds` tells row by row whether it is kept.

    A rule of cells is given the cells of its column that are not empty, a rule of rows (`of_rows`) the whole
    frame. `columns` are those that it reads; the first is named in the problem.
    """

    name: str
    message: str
    what_now: str
    holds: Callable[[Any], pd.Series]
    columns: tuple[str, ...]
    of_rows: bool = False


def rules(table: Table, present: Collection[str]) -> list[Rule]:
    """Every rule for a table whose file has the columns `present`."""
    rules: list[Rule] = []
    for column in table.columns:
        spellings = [name for name in column.spellings if name in present]
        for name in spellings:
            rules += _of_cells(column, name)
        rules += _of_filled_cells(column, spellings)
    for first, second in table.alternatives:
        rules += _of_alternatives(table, first, second)
    if all(name in present or not table.column(name).is_required for name in table.key):
        rules.append(_of_key(table))
    return rules


def validate(
    table: Table, typed: pd.DataFrame, unread: Mapping[str, pd.Index] | None = None
) -> list[Problem]:
    """The rows of a typed table that break a rule within the table.

    `unread` gives the rows per column whose cells could not be read: what follows from that is not told.
    """
    return [
        problem
        for rule in rules(table, typed.columns)
        for problem in _problems(table, rule, typed, unread or {})
    ]


def _problems(
    table: Table, rule: Rule, typed: pd.DataFrame, unread: Mapping[str, pd.Index]
) -> Iterable[Problem]:
    judged = typed if rule.of_rows else typed[rule.columns[0]].dropna()
    is_kept = rule.holds(judged).to_numpy(dtype=bool)
    if is_kept.all():
        return
    rows = judged.index[~is_kept]
    for column in rule.columns:
        if column in unread:
            rows = rows.difference(unread[column])
    for row in rows[:ROWS_SHOWN]:
        yield _problem(table, rule, int(row), typed)
    if len(rows) > ROWS_SHOWN:
        message = f"{len(rows) - ROWS_SHOWN} more rows break this rule"
        yield Problem(table.name, rule.name, message, rule.what_now, int(rows[ROWS_SHOWN]), rule.columns[0])


def _problem(table: Table, rule: Rule, row: int, typed: pd.DataFrame) -> Problem:
    cell = typed.at[row, rule.columns[0]] if rule.columns[0] in typed.columns else None
    value = None if pd.isna(cell) else text_of(cell)
    message = rule.message.format(value=value)
    if rule.name == "key":
        message += f" as row {_first_like(table, typed, row)}"
    return Problem(table.name, rule.name, message, rule.what_now, row, rule.columns[0], value)


def _of_cells(column: Column, name: str) -> Iterable[Rule]:
    factor = column.variants.get(name) or 1.0
    own_unit = name == column.name and not column.unit.startswith("as in")
    unit = f" {column.unit}".rstrip() if own_unit else ""
    if column.minimum is not None:
        least = column.minimum / factor
        yield _bound(
            "below", least, unit, f"write {exact(least)} or more", lambda cells: cells >= least, name
        )
    if column.above is not None:
        floor = column.above / factor
        yield _bound(
            "not above", floor, unit, f"write more than {exact(floor)}", lambda cells: cells > floor, name
        )
    if column.maximum is not None:
        most = column.maximum / factor
        yield _bound("above", most, unit, f"write {exact(most)} or less", lambda cells: cells <= most, name)
    if column.kind is Kind.WHOLE:
        message = "{value} is not a whole number"
        yield Rule("whole number", message, "write a whole number", lambda cells: cells % 1 == 0, (name,))
    if column.kind is Kind.CHOICE:
        message = f"'{{value}}' is not one of {', '.join(column.choices)}"
        yield Rule("choice", message, "write one of these", lambda cells: cells.isin(column.choices), (name,))


def _bound(
    relation: str, bound: float, unit: str, what_now: str, holds: Callable[[Any], pd.Series], name: str
) -> Rule:
    return Rule("bounds", f"{{value}} is {relation} {exact(bound)}{unit}", what_now, holds, (name,))


def _of_filled_cells(column: Column, spellings: Sequence[str]) -> Iterable[Rule]:
    columns = tuple(dict.fromkeys([column.name, *spellings]))
    if column.is_required and spellings:
        what_now = f"fill in one of {', '.join(column.spellings)}" if column.variants else "fill it in"
        yield Rule(
            "required", "the cell is empty", what_now, lambda f: _filled(f, spellings) >= 1, columns, True
        )
    if len(spellings) > 1:
        message = f"is given in several units ({', '.join(spellings)})"
        what_now = "keep one of them in this row"
        yield Rule("one unit", message, what_now, lambda f: _filled(f, spellings) <= 1, columns, True)


def _of_alternatives(table: Table, first: Sequence[str], second: Sequence[str]) -> Iterable[Rule]:
    one, other = " and ".join(first), " and ".join(second)
    columns = (*first, *second)
    yield Rule(
        "one or other",
        f"both {one} and {other} are given",
        "keep one or the other in this row",
        lambda f: (_filled(f, first) == 0) | (_filled(f, second) == 0),
        columns,
        True,
    )
    yield Rule(
        "one or other",
        f"only part of {other} is given",
        f"fill in {other}, or {one} instead",
        lambda f: _filled(f, second).isin([0, len(second)]),
        (*second, *first),
        True,
    )
    if all(table.column(name).default is None for name in first):
        yield Rule(
            "one or other",
            f"neither {one} nor {other} is given",
            "fill in one or the other",
            lambda f: _filled(f, columns) > 0,
            columns,
            True,
        )


def _of_key(table: Table) -> Rule:
    message = f"has the same {', '.join(table.key)}"
    what_now = "keep one of the rows, or change one of them"
    return Rule("key", message, what_now, lambda f: ~_key_of(table, f).duplicated(), table.key, True)


def _filled(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """In each row, how many of the columns hold something."""
    counts = np.zeros(len(frame), dtype=int)
    for name in names:
        if name in frame.columns:
            counts += frame[name].notna().to_numpy()
    return pd.Series(counts, index=frame.index)


def _key_of(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The key columns that the frame has; `b;a` is the same filter as `a;b`."""
    key = frame[[name for name in table.key if name in frame.columns]]
    for name in key.columns:
        if table.column(name).kind is Kind.NAMES:
            key[name] = key[name].map(lambda names: ";".join(sorted(names.split(";"))), na_action="ignore")
    return key


def _first_like(table: Table, frame: pd.DataFrame, row: int) -> int:
    key = _key_of(table, frame)
    same = (key == key.loc[row]) | (key.isna() & key.loc[row].isna())
    return int(same.all(axis="columns").idxmax())
