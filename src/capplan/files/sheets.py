"""How our workbooks look: the header of a sheet with its notes, formats of cells, safe writing."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capplan.errors import UsageError
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.describe import SETTINGS, header_note
from capplan.schema.headers import column_of

IGNORED_SHEETS = ("help", "contents", "lists")
_NUMBER_FORMATS = {
    Kind.NUMBER: "General",
    Kind.WHOLE: "General",
    Kind.DATE: "yyyy-mm-dd",
    Kind.DATE_TO: "yyyy-mm-dd",
    Kind.MONTH: "yyyy-mm",
    Kind.TIME: "hh:mm",
}
_CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_TEXT_IS_TEXT = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_BLUE, _PALE_BLUE, _GREY = "#1F4E79", "#BDD7EE", "#EDEDED"
_NOTE_WIDTH, _LETTERS_A_LINE, _LINE_HEIGHT = 320, 45, 17


class Exact(float):
    """A number that a workbook keeps to its last digit; XlsxWriter by itself rounds to 16 digits."""

    def __format__(self, spec: str) -> str:
        return repr(float(self)).removesuffix(".0")


@contextmanager
def new_workbook(path: Path, *, has_tables: bool = False) -> Iterator[Workbook]:
    """A workbook to fill, row by row within each sheet; it takes the place of `path` when all went well.

    One that `has_tables` (Excel tables) may be filled in any order and is held in memory until then. The same content
    gives the same bytes. UsageError where the file cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        book = Workbook(str(part), _TEXT_IS_TEXT | {"constant_memory": not has_tables})
        book.set_properties({"created": _CREATED})
        yield book
        book.close()
        part.replace(path)
    except (OSError, XlsxWriterException) as error:
        raise UsageError(f"cannot write {path} ({error}); is it open in Excel?") from error
    finally:
        part.unlink(missing_ok=True)


def add_settings_sheet(book: Workbook, names: Sequence[str], widths: Sequence[int]) -> Worksheet:
    """The sheet of settings with its header, frozen and bold."""
    sheet = book.add_worksheet(SETTINGS)
    sheet.freeze_panes(1, 0)
    for position, (name, width) in enumerate(zip(names, widths, strict=True)):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, name, book.add_format({"bold": True, "border": 1, "bg_color": _GREY}))
    return sheet


def add_table_sheet(book: Workbook, table: Table, names: Sequence[str]) -> Worksheet:
    """A sheet with the table's header in row 1, frozen and coloured, a note on every cell of it."""
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    for position, name in enumerate(names):
        width = max(12, len(name) + 3)
        sheet.set_column(position, position, width, cell_format(book, column_of(table, name)))
        sheet.write_string(0, position, name, _header_format(book, table, name))
        _write_note(sheet, position, header_note(table, name))
    return sheet


def cell_format(book: Workbook, column: Column) -> Format:
    """How a cell of the column is shown; what is neither number nor date is text and stays as it is typed."""
    return book.add_format({"num_format": _NUMBER_FORMATS.get(column.kind, "@")})


def _header_format(book: Workbook, table: Table, name: str) -> Format:
    """Dark where the column must be filled in, pale where it may be, grey for sources and notes."""
    look = {"bold": True, "border": 1, "font_color": "black", "bg_color": _GREY}
    if name in table.spellings:
        is_needed = table.column(name).is_required
        look |= {"font_color": "white", "bg_color": _BLUE} if is_needed else {"bg_color": _PALE_BLUE}
    return book.add_format(look)


def _write_note(sheet: Worksheet, position: int, note: str) -> None:
    """A note on a header cell, large enough to be read whole."""
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in note.splitlines())
    size = {"width": _NOTE_WIDTH, "height": _LINE_HEIGHT * (lines + 1)}
    sheet.write_comment(0, position, note, {"author": "capplan", **size})
