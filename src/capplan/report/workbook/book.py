"""A workbook being filled: names that Excel accepts, looks of cells, tables, and what its contents sheet lists."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capplan import wording
from capplan.wording import EXCEL_FORMATS

LONGEST_NAME = 31
"""UTF-16 units that Excel allows in the name of a sheet."""
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = frozenset({"history"})
_PAPER_A4 = 9
STYLE = "Table Style Medium 2"
NARROWEST, WIDEST, LOOKED_AT = 9, 60, 200
"""Bounds of a column's width [characters], and how many of its cells decide on it."""
_NUMBER_WIDTH, _DATE_WIDTH = 12, 12
_AT_HEADING = 4


@dataclass(frozen=True)
class Entry:
    """A line of the contents: the sheet (empty where there is none), the run it belongs to, what it holds, its rows."""

    sheet: str
    run: str
    about: str
    rows: int | None = None


@dataclass
class Book:
    """The workbook, the names taken in it, and its contents so far."""

    workbook: Workbook
    contents: list[Entry] = field(default_factory=list)
    _sheets: set[str] = field(default_factory=set)
    _tables: set[str] = field(default_factory=set)
    _looks: dict[tuple[Any, ...], Format] = field(default_factory=dict)

    def add_sheet(self, title: str, about: str, *, run: str = "", rows: int | None = None) -> Worksheet:
        """A sheet under the title, or as near to it as Excel allows, set up for A4 across; the contents list it."""
        sheet = self.workbook.add_worksheet(self._free_sheet_name(f"{title} - {run}" if run else title))
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        if about:
            self.contents.append(Entry(sheet.name, run, about, rows))
        return sheet

    def look(self, kind: str, **more: Any) -> Format:
        """The format of a kind of cell (`wording.EXCEL_FORMATS`), with more of what XlsxWriter knows."""
        key = kind, *sorted(more.items())
        if key not in self._looks:
            self._looks[key] = self.workbook.add_format({"num_format": EXCEL_FORMATS[kind], **more})
        return self._looks[key]

    def table_name(self, title: str) -> str:
        """A name for an Excel table: ASCII letters, digits and underscores, not taken yet, and no cell's name."""
        words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
        name = base = f"table_{words}" if words else "table"
        number = 2
        while name in self._tables:
            name, number = f"{base}_{number}", number + 1
        self._tables.add(name)
        return name

    def _free_sheet_name(self, title: str) -> str:
        words = " ".join(_NOT_IN_A_SHEET_NAME.sub(" ", title).split())
        base = cut(words, LONGEST_NAME).strip("' ") or "Sheet"
        name, number = base, 2
        while name.lower() in self._sheets | _RESERVED:
            ending = f" ({number})"
            name, number = cut(base, LONGEST_NAME - len(ending)).strip("' ") + ending, number + 1
        self._sheets.add(name.lower())
        return name


def cut(text: str, units: int) -> str:
    """As much of the text as fits into so many UTF-16 units, no character cut in two."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")


@dataclass(frozen=True)
class Column:
    """A column of an Excel table: heading with its unit, kind of its cells (`wording.EXCEL_FORMATS`), cells.

    Cells are text, numbers, ISO dates (kinds `date` and `month`), true or false, or None. `kinds` has one kind per
    cell where they differ.
    """

    heading: str
    kind: str
    cells: Sequence[object]
    kinds: Sequence[str] | None = None

    @property
    def is_text(self) -> bool:
        """Whether its cells stand on the left."""
        return self.kind in ("text", "word", "date", "month")

    @property
    def width(self) -> int:
        """Characters that the heading's longest word and the first cells need."""
        longest_word = max(map(len, self.heading.split()), default=0) + _AT_HEADING
        if self.is_text and self.kind not in ("date", "month"):
            content = (
                max((len(str(cell)) for cell in self.cells[:LOOKED_AT] if cell is not None), default=0) + 2
            )
        else:
            content = _DATE_WIDTH if self.kind in ("date", "month") else _NUMBER_WIDTH
        return min(max(longest_word, content, NARROWEST), WIDEST)


def write_cell(
    book: Book, sheet: Worksheet, row: int, position: int, cell: object, kind: str, **more: Any
) -> None:
    """One cell as what it is: text never a formula, an ISO date a day, an unknown number nothing.

    `more` is what XlsxWriter knows of formats besides that of numbers.
    """
    look = book.look(_kind_of_cell(cell, kind), **more)
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        sheet.write_blank(row, position, None, look)
    elif isinstance(cell, bool):
        sheet.write_string(row, position, "yes" if cell else "no", look)
    elif isinstance(cell, str) and kind in ("date", "month"):
        _write_day(book, sheet, row, position, cell, kind, **more)
    elif isinstance(cell, str):
        sheet.write_string(row, position, cell, look)
    elif isinstance(cell, Real) and math.isinf(cell):
        sheet.write_string(row, position, wording.number(float(cell)), look)
    elif isinstance(cell, Real):
        sheet.write_number(row, position, cell, look)
    else:
        sheet.write_string(row, position, str(cell), look)


def _kind_of_cell(cell: object, kind: str) -> str:
    """The kind, but for numbers below 1, which keep two decimals: 0.94 a day is not 0.9."""
    return "small" if kind == "number" and isinstance(cell, float) and 0 < abs(cell) < 1 else kind


def _write_day(
    book: Book, sheet: Worksheet, row: int, position: int, cell: str, kind: str, **more: Any
) -> None:
    try:
        day = datetime.datetime.fromisoformat(cell)
    except ValueError:
        sheet.write_string(row, position, cell, book.look("text", **more))
    else:
        sheet.write_datetime(row, position, day, book.look(kind, **{"align": "left"} | more))


def write_table(
    book: Book, sheet: Worksheet, row: int, name: str, columns: Sequence[Column], *, first: int = 0
) -> int:
    """An Excel table with its header in `row`, from column `first`; returns the last row.

    A table without rows gets one that is empty, as Excel asks for. Widths are set for the columns it stands in.
    """
    n_rows = max(len(columns[0].cells), 1)
    headings = distinct([column.heading for column in columns])
    header = book.look("word", bold=True, text_wrap=True, valign="top")
    sheet.add_table(
        row,
        first,
        row + n_rows,
        first + len(columns) - 1,
        {
            "name": book.table_name(name),
            "style": STYLE,
            "columns": [{"header": heading, "header_format": header} for heading in headings],
        },
    )
    # XlsxWriter keeps a note of every cell of a table, to find tables that overlap: as much memory as the cells.
    sheet.table_cells.clear()
    sheet.set_row(
        row,
        15 * max(_lines_of_heading(heading, c.width) for heading, c in zip(headings, columns, strict=True)),
    )
    is_after_number = False
    for position, column in enumerate(columns, start=first):
        sheet.set_column(position, position, column.width)
        kinds = column.kinds or [column.kind] * len(column.cells)
        off = {"indent": 1} if is_after_number and column.is_text else {}
        for below, (cell, kind) in enumerate(zip(column.cells, kinds, strict=True), start=row + 1):
            write_cell(book, sheet, below, position, cell, kind, **off)
        is_after_number = not column.is_text
    return row + n_rows


def distinct(headings: Sequence[str]) -> list[str]:
    """Headings of which no two agree, whatever their capitals, in one line each, as Excel asks of a table."""
    taken: set[str] = set()
    unique = []
    for heading in headings:
        base = name = " ".join(heading.split()) or "(no name)"
        number = 2
        while name.lower() in taken:
            name, number = f"{base} ({number})", number + 1
        taken.add(name.lower())
        unique.append(name)
    return unique


def _lines_of_heading(heading: str, width: int) -> int:
    """Lines that a heading needs where words are kept whole and the filter's button takes its place."""
    lines, used = 1, 0
    for word in heading.split():
        if used and used + 1 + len(word) > width - _AT_HEADING + 1:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
    return lines
