"""Result tables in CSV files, read back: their cells as what the columns hold, and every one that is not that."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.results.columns import Column, Kind, ResultTable

SAVE_AS = "save it as 'CSV UTF-8 (comma delimited)', or solve again"
WORDS = {"true": True, "yes": True, "false": False, "no": False}
"""How yes and no may be spelt, in small letters or capitals."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_OF_NUMBERS = frozenset("0123456789.+-eE")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_SEPARATORS = (";", "\t", "|")
_FIRST_ROW = 2
"""The first row below the header, as a spreadsheet counts."""


def read_table(file: Path, table: ResultTable, place: str) -> tuple[pd.DataFrame | None, list[Problem]]:
    """The table in a file, or all that cannot be read in it; problems call it by its `place`.

    Columns hold what the record says: numbers as floats, yes and no as bool where none is empty, text as it stands.
    Columns that the record does not know are text.
    """
    header, rows, numbers, problems = _rows(file, table, place)
    if problems:
        return None, problems
    cells = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(header, ())
    read = {name: _READERS[_kind(table, name)](cells[name]) for name in header}
    problems = [
        Problem(table.name, "cells", _told(column, cell), "", numbers[row], column.name, cell, place=place)
        for column in table.columns
        if column.name in read
        for row, cell in _unreadable(column, cells[column.name], read[column.name])
    ]
    return (None, problems) if problems else (pd.DataFrame(read), [])


def _rows(
    file: Path, table: ResultTable, place: str
) -> tuple[list[str], list[list[str]], list[int], list[Problem]]:
    """Header, rows and the number of each row, or why they are none: encoding, separator, quotes, length."""

    def fault(rule: str, message: str, what_now: str = "", row: int | None = None) -> Problem:
        return Problem(table.name, rule, message, what_now, row, place=place)

    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        return [], [], [], [fault("file", f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        written = "is written in UTF-16" if content.startswith(_UTF_16) else "is not written in UTF-8"
        return [], [], [], [fault("encoding", written, SAVE_AS)]
    if not text.strip():
        return [], [], [], [fault("header", "the file is empty", "solve again")]
    try:
        header, *below = csv.reader(StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        return [], [], [], [fault("quotes", f"cannot be read: {error}", SAVE_AS)]
    separator = next((sign for sign in _OTHER_SEPARATORS if len(header) == 1 and sign in header[0]), None)
    if separator is not None:
        message = f"cells are separated by {separator!r}, and those of a run by commas"
        return [], [], [], [fault("separator", message, SAVE_AS)]
    problems = [
        fault("header", f"the column {name!r} is there {count} times", row=1)
        for name, count in Counter(header).items()
        if count > 1
    ]
    whole = [(number, row) for number, row in enumerate(below, _FIRST_ROW) if row]
    problems += [
        fault("cells in a row", f"the row has {len(row)} cells, the header {len(header)}", row=number)
        for number, row in whole
        if len(row) != len(header)
    ]
    return header, [row for _, row in whole], [number for number, _ in whole], problems


def _kind(table: ResultTable, name: str) -> str:
    """Which reader reads a column."""
    if name not in table or table.column(name).is_text:
        return "text"
    return "number" if table.column(name).is_number else "flag"


def _text(cells: Sequence[str]) -> pd.Series:
    return pd.Series(cells, dtype=str)


def _numbers(cells: Sequence[str]) -> pd.Series:
    """Numbers as floats; what is none is missing."""
    if _OF_NUMBERS.issuperset("".join(cells)):
        try:
            return pd.Series([float(cell or "nan") for cell in cells], dtype=float)
        except ValueError:
            pass
    numbers = [float(cell) if _NUMBER.fullmatch(cell.strip()) else np.nan for cell in cells]
    return pd.Series(numbers, dtype=float)


def _flags(cells: Sequence[str]) -> pd.Series:
    """True, false, or None where neither is said."""
    flags = [WORDS.get(cell.strip().lower()) for cell in cells]
    return pd.Series(flags, dtype=object if None in flags else bool)


_READERS: dict[str, Callable[[Sequence[str]], pd.Series]] = {
    "text": _text,
    "number": _numbers,
    "flag": _flags,
}


def _unreadable(column: Column, cells: Sequence[str], read: pd.Series) -> Iterator[tuple[int, str]]:
    """Cells of numbers, and of yes and no, that are neither that nor empty where they may be: position and text."""
    if column.is_text:
        return
    finite = np.isfinite(read.to_numpy()) if column.is_number else read.notna().to_numpy()
    for row in np.flatnonzero(~finite).tolist():
        if cells[row].strip() or not column.may_be_empty:
            yield row, cells[row]


def _told(column: Column, cell: str) -> str:
    """What is wrong with a cell."""
    wanted = "neither true nor false" if column.kind is Kind.YES_NO else "not a number"
    if not cell.strip():
        return f"is empty, and must be {'true or false' if column.kind is Kind.YES_NO else 'a number'}"
    if column.is_number and _NUMBER.fullmatch(cell.strip()):
        return f"{cell!r} is too large for a number"
    return f"{cell!r} is {wanted}"
