"""What the plan comes to, in the words that `capplan solve` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from capplan.cells import Cell, Content
from capplan.digest import digest, how_good
from capplan.digest.answers import could_change_it, one_more
from capplan.report.workbook.book import Book, write_cell
from capplan.results.rounding import significant
from capplan.sections import Grid, Section
from capplan.solved import Solved

FIRST_WIDTH, OTHER_WIDTH, COLUMNS = 34, 18, 8
_LETTERS_A_LINE = FIRST_WIDTH + OTHER_WIDTH * (COLUMNS - 1)
_LINE_HEIGHT = 15


def add_summary(book: Book, plan: Solved, run: str) -> None:
    """A sheet with the digest of the plan."""
    answers = (one_more(plan), could_change_it(plan))
    answered = [section for section in answers if section is not None]
    sections = (*digest(plan), *answered, Section("Result", how_good(plan)))
    sheet = book.add_sheet("Summary", "What the plan comes to, in words and small tables", run=run)
    title = plan.instance.settings.title
    write_sections(book, sheet, f"{title} - {run}" if run else title, sections)


def write_sections(book: Book, sheet: Worksheet, title: str, sections: Sequence[Section]) -> None:
    """Headings, lines and small tables, one below the other; numbers as numbers where a format shows them."""
    sheet.set_column(0, 0, FIRST_WIDTH)
    sheet.set_column(1, COLUMNS - 1, OTHER_WIDTH)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, book.look("text", bold=True, font_size=16))
    row = 2
    for section in sections:
        sheet.write_string(row, 0, section.heading, book.look("text", bold=True, font_size=13))
        row += 1
        for line in section.lines:
            write_line(book, sheet, row, line)
            row += 1
        if section.grid is not None:
            row = _write_grid(book, sheet, row, section.grid)
        row += 1
    # A name such as 12 is the text that it is: no green corners.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{row + 1}"})


def write_line(book: Book, sheet: Worksheet, row: int, line: str, columns: int = COLUMNS) -> None:
    """A paragraph over the first columns, which have the width of a summary's, as high as it needs."""
    sheet.merge_range(row, 0, row, columns - 1, "", book.look("text", text_wrap=True, valign="top"))
    sheet.write_string(row, 0, line, book.look("text", text_wrap=True, valign="top"))
    sheet.set_row(row, _LINE_HEIGHT * (1 + len(line) // _LETTERS_A_LINE))


def _write_grid(book: Book, sheet: Worksheet, row: int, grid: Grid) -> int:
    """A small table; returns the row below it."""
    sides = ["right" if is_on_right else "left" for is_on_right in grid.are_on_right]
    for position, (heading, side) in enumerate(zip(grid.columns, sides, strict=True)):
        look = book.look("text", **_shape(position, side), bold=True, bottom=1)
        sheet.write_string(row, position, heading, look)
    for below, cells in enumerate(grid.rows, start=row + 1):
        for position, (cell, side) in enumerate(zip(cells, sides, strict=True)):
            _write_content(book, sheet, below, position, cell, side)
        longest = max((len(str(cell)) / _width(n) for n, cell in enumerate(cells)), default=0.0)
        sheet.set_row(below, _LINE_HEIGHT * (1 + int(longest)))
    row += len(grid.rows) + 1
    if grid.more:
        write_line(book, sheet, row, grid.more)
        row += 1
    return row


def _write_content(
    book: Book, sheet: Worksheet, row: int, position: int, content: Content, side: str
) -> None:
    """A number or day as such where a format shows it, anything else as its text."""
    excel = content.excel if isinstance(content, Cell) else ""
    value = content.value if isinstance(content, Cell) and excel else str(content)
    if isinstance(value, float):
        value = significant(value)  # a difference of two numbers has digits that mean nothing
    write_cell(book, sheet, row, position, value, excel or "text", **_shape(position, side))


def _shape(position: int, side: str) -> dict[str, Any]:
    """Text set off from what stands right-aligned to its left."""
    indent = {"indent": 1} if side == "left" and position else {}
    return {"align": side, "text_wrap": True, "valign": "top", **indent}


def _width(position: int) -> int:
    return FIRST_WIDTH if position == 0 else OTHER_WIDTH
