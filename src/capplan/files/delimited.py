"""One CSV file as a frame of raw cells: its encoding, its separator, quotes, and rows of the wrong length."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from io import StringIO
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from capplan.errors import Problem
from capplan.schema.columns import Table
from capplan.schema.frames import ALIKE_SHOWN
from capplan.schema.text import as_word

SAVE_AS = "save it again as 'CSV UTF-8 (comma delimited)'"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_SEPARATORS = (";", "\t", "|")


def read_text(path: Path, table: str) -> tuple[str, list[Problem]]:
    """The text of a file in UTF-8 (with or without byte order mark) or Windows-1252; empty with a problem."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return "", [Problem(table, "file", f"cannot be read: {error.strerror}", "check who may read it")]
    if content.startswith(_UTF_16):
        return "", [Problem(table, "encoding", "is written in UTF-16", SAVE_AS)]
    if b"\0" in content:
        return "", [Problem(table, "encoding", "is not text (it holds zero bytes)", SAVE_AS)]
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), []
        except UnicodeDecodeError:
            continue
    return "", [Problem(table, "encoding", "is neither in UTF-8 nor in Windows-1252", SAVE_AS)]


def read_table(path: Path, table: Table) -> tuple[pd.DataFrame | None, list[Problem]]:
    """The cells of a CSV file as text, or its problems; index `row` as a spreadsheet counts (header: 1)."""
    text, problems = read_text(path, table.name)
    if problems:
        return None, problems
    header = re.split(r"\r?\n|\r", text, maxsplit=1)[0]
    if not header.strip(' ,;"\t'):
        message = "the first row is empty" if text.strip() else "the file is empty"
        return None, [Problem(table.name, "header", message, "write the column names into the first row", 1)]
    separator = _separator(header, table)
    if separator is None:
        return None, [Problem(table.name, "separator", "is not separated by commas", SAVE_AS)]
    try:
        return _framed(_read_fast(text, separator)), []
    except pd.errors.ParserError as error:
        return _read_row_by_row(text, separator, table.name, str(error))


def _separator(header: str, table: Table) -> str | None:
    """The comma, another sign where all it separates are names of columns, or None where it is unclear."""
    if "," in header:
        return ","
    for sign in _OTHER_SEPARATORS:
        if sign in header:
            names = [as_word(name.strip(' "')) for name in header.split(sign)]
            known = [name for name in names if name in table.spellings or table.is_free(name)]
            return sign if len(known) == len(names) else None
    return ","


def _read_fast(text: str, separator: str) -> pd.DataFrame:
    return pd.read_csv(
        StringIO(text),
        sep=separator,
        header=None,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
        low_memory=False,
    )


def _framed(records: pd.DataFrame) -> pd.DataFrame:
    """The first record as header, the others indexed by row; a short row ends in empty cells."""
    frame = records.iloc[1:]
    frame.columns = list(records.iloc[0])
    frame.index = pd.RangeIndex(2, len(records) + 1, name="row")
    return frame


def _read_row_by_row(
    text: str, separator: str, table: str, error: str
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """The slow way, for files whose rows are not all alike: every row that is too long becomes a problem.

    Spreadsheet programs leave out empty cells at the end of a row, or add some: neither is a problem.
    """
    unclosed = re.search(r"EOF inside string starting at row (\d+)", error)
    if unclosed:
        message = "a quotation mark is opened and never closed"
        return None, [Problem(table, "quotes", message, "close or delete it", int(unclosed[1]) + 1)]
    try:
        header, *records = csv.reader(StringIO(text, newline=""), delimiter=separator)
    except csv.Error as reason:
        return None, [Problem(table, "file", f"cannot be read: {reason}", SAVE_AS)]
    width = len(header)
    problems = [
        _too_long(table, row, width, record)
        for row, record in enumerate(records, start=2)
        if any(cell.strip() for cell in record[width:])
    ]
    if problems:
        return None, _first_of(problems)
    cells = list(zip_longest(*(record[:width] for record in records), fillvalue=""))
    blank = [("",) * len(records)] * (width - len(cells))
    frame = pd.DataFrame(dict(enumerate([*cells, *blank])), dtype=str)
    frame.columns = header
    frame.index = pd.RangeIndex(2, len(records) + 2, name="row")
    return frame, []


def _first_of(problems: list[Problem]) -> list[Problem]:
    more = len(problems) - ALIKE_SHOWN
    if more <= 0:
        return problems
    last = replace(problems[ALIKE_SHOWN], message=f"{more} more rows have more cells than the header")
    return [*problems[:ALIKE_SHOWN], last]


def _too_long(table: str, row: int, width: int, record: list[str]) -> Problem:
    message = f"the row has {len(record)} cells, the header {width}"
    return Problem(
        table, "cells in a row", message, "put quotation marks around a cell with commas in it", row
    )
