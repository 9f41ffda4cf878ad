"""A workbook being filled: names that Excel accepts, looks of cells, and what its contents sheet will list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capplan.wording import EXCEL_FORMATS

LONGEST_NAME = 31
"""UTF-16 units that Excel allows in the name of a sheet."""
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = frozenset({"history"})
_PAPER_A4 = 9


@dataclass(frozen=True)
class Entry:
    """A line of the contents: the sheet (empty where there is none), the run it belongs to, what it holds, its rows."""

    sheet: str
    run: str
    about: str
    rows: int | None = None


@dataclass
class Binder:
    """The workbook, the names taken in it, and its contents so far."""

    book: Workbook
    contents: list[Entry] = field(default_factory=list)
    _sheets: set[str] = field(default_factory=set)
    _tables: set[str] = field(default_factory=set)
    _looks: dict[tuple[Any, ...], Format] = field(default_factory=dict)

    def add_sheet(self, title: str, about: str, *, run: str = "", rows: int | None = None) -> Worksheet:
        """A sheet under the title, or as near to it as Excel allows, set up for A4 across; the contents list it."""
        sheet = self.book.add_worksheet(self._free_sheet_name(f"{title} - {run}" if run else title))
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
            self._looks[key] = self.book.add_format({"num_format": EXCEL_FORMATS[kind], **more})
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
