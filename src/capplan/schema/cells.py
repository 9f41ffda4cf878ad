"""From one column of raw cells to one typed column, with every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from capplan.schema.canonical import dtype
from capplan.schema.columns import Column, Kind
from capplan.schema.text import (
    Unreadable,
    as_word,
    did_you_mean,
    folded,
    key_of,
    plain_text,
    refuse_formula_error,
    text_of,
)
from capplan.schema.values import clock, first_day, last_day, month, number, whole_number

_YES = ("yes", "y", "true", "t", "1", "on")
_NO = ("no", "n", "false", "f", "0", "off")


class Fault(NamedTuple):
    """Equal cells that cannot be read: their rows, their text, and the reason."""

    rows: np.ndarray
    value: str
    reason: Unreadable

    @property
    def why(self) -> str:
        """What is wrong with the cell; follows its text in a sentence."""
        return self.reason.why

    @property
    def what_now(self) -> str:
        """What to do about it."""
        return self.reason.what_now


def parse(column: Column, cells: pd.Series) -> tuple[pd.Series, list[Fault]]:
    """The cells as what the column holds, and the ones that are not that.

    The series has the dtype of `schema.canonical.dtype`, the index and name of `cells`, and is empty where
    a cell is empty or cannot be read. Every different cell is read once: 10^6 rows take seconds.
    """
    return read_each(cells, dtype(column), lambda cell: read_cell(column, cell))


def read_cell(column: Column, cell: object) -> object:
    """One cell as what the column holds, None where it is empty; Unreadable where it is not that."""
    if isinstance(cell, str):
        cell = text_of(cell)
        if not cell:
            return None
        refuse_formula_error(cell)
        plain_text(cell)
    return _READERS[column.kind](column, cell)


def read_each(
    cells: pd.Series, as_dtype: str, read: Callable[[object], object]
) -> tuple[pd.Series, list[Fault]]:
    """Every different cell read once, given back row by row; empty cells (None, NaN) are not read."""
    codes, distinct = pd.factorize(_booleans_apart(cells))
    values: list[object] = []
    unreadable: dict[int, Unreadable] = {}
    for code, cell in enumerate(distinct):
        try:
            values.append(read(cell))
        except Unreadable as reason:
            values.append(None)
            unreadable[code] = reason
    # The last value is the empty one: code -1 of an empty cell takes it.
    typed = pd.array([*values, None], dtype=as_dtype).take(codes)
    rows = _rows_by_code(cells.index, codes, unreadable)
    faults = [Fault(rows[code], text_of(distinct[code]), reason) for code, reason in unreadable.items()]
    return pd.Series(typed, index=cells.index, name=cells.name), faults


def _rows_by_code(rows: pd.Index, codes: np.ndarray, wanted: Collection[int]) -> Mapping[int, np.ndarray]:
    """The rows that hold each of the wanted codes."""
    if not wanted:
        return {}
    order = np.argsort(codes, kind="stable")
    first, end = (np.searchsorted(codes[order], list(wanted), side) for side in ("left", "right"))
    by_code = (rows.to_numpy()[order[i:j]] for i, j in zip(first, end, strict=True))
    return dict(zip(wanted, by_code, strict=True))


def _booleans_apart(cells: pd.Series) -> pd.Series:
    """True and 1 are one value to pandas, but not to a planner: booleans become text."""
    if cells.dtype == object and "mixed" in pd.api.types.infer_dtype(cells, skipna=True):
        return cells.map(lambda cell: text_of(cell) if isinstance(cell, bool | np.bool_) else cell)
    return cells


def _text(_: Column, cell: object) -> str:
    return text_of(cell)


def _key(_: Column, cell: object) -> str:
    return key_of(text_of(cell))


def _names(column: Column, cell: object) -> str | None:
    names = dict.fromkeys(name for part in text_of(cell).split(";") if (name := part.strip()))
    if column.choices:
        names = dict.fromkeys(_choice(column, name) for name in names)
    return ";".join(names) or None


def _choice(column: Column, cell: object) -> str:
    text = text_of(cell)
    word = as_word(text)
    if word in column.choices:
        return word
    suggestion = did_you_mean(word, column.choices)
    raise Unreadable(f"is not one of {', '.join(column.choices)}", suggestion or "write one of these")


def _yes_no(_: Column, cell: object) -> bool:
    word = folded(text_of(cell))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable("is neither yes nor no", "write yes or no")


_READERS: Mapping[Kind, Callable[[Column, object], object]] = {
    Kind.KEY: _key,
    Kind.NAME: _text,
    Kind.NAMES: _names,
    Kind.TEXT: _text,
    Kind.NUMBER: number,
    Kind.WHOLE: whole_number,
    Kind.YES_NO: _yes_no,
    Kind.DATE: lambda _, cell: first_day(cell),
    Kind.DATE_TO: lambda _, cell: last_day(cell),
    Kind.MONTH: lambda _, cell: month(cell),
    Kind.TIME: lambda _, cell: clock(cell),
    Kind.CHOICE: _choice,
}
