"""One run or several as an Excel workbook: which sheets, in which order, and the contents in front of them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from capplan.files.sheets import new_workbook
from capplan.report.workbook.book import Book, Column, write_cell, write_table
from capplan.report.workbook.charts import add_charts
from capplan.report.workbook.comparison import add_comparison
from capplan.report.workbook.results import add_dictionary, add_results
from capplan.report.workbook.return_sheet import add_return
from capplan.report.workbook.summary import add_summary
from capplan.solved import Solved

__all__ = ["write_workbook"]

NOTES = (
    "Numbers are kept in full and shown rounded; click on a cell to see all of it. There are no formulas.",
    "Every sheet but this one and the summaries has its numbers as an Excel table, to sort, filter and pivot.",
)


def write_workbook(runs: Sequence[tuple[str, Solved]], path: Path) -> Path:
    """One run or several, each with its name, as an Excel workbook; returns its path.

    A contents sheet with links; for each run a summary in words, charts, and the planning return; runs side by side
    where there are several; a sheet for every result table. What an instance calls its things is always text, never
    a formula or a link. The file is written whole or not at all, and the same runs give the same bytes; an existing
    file is replaced. Raises UsageError where it cannot be written.

    XlsxWriter writes Excel tables only from memory, not in a stream: 100,000 rows of nine columns take some 130 MB.
    """
    with new_workbook(Path(path), has_tables=True) as workbook:
        book = Book(workbook)
        front = book.add_sheet("Contents", "")
        if len(runs) > 1:
            add_comparison(book, runs)
        for name, plan in runs:
            run = name if len(runs) > 1 else ""
            add_summary(book, plan, run)
            add_charts(book, plan, run)
            add_return(book, plan, run)
        add_results(book, runs)
        add_dictionary(book, runs)
        _write_contents(book, front, runs)
    return Path(path)


def _write_contents(book: Book, sheet: Worksheet, runs: Sequence[tuple[str, Solved]]) -> None:
    title = runs[0][1].instance.settings.title if len(runs) == 1 else f"{len(runs)} plans side by side"
    sheet.write_string(0, 0, title, book.look("text", bold=True, font_size=16))
    lines = [*NOTES, f"Written by capplan {version('capplan')}."]
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line, book.look("word"))
    row = len(lines) + 2
    if len(runs) > 1:
        names, titles = [name for name, _ in runs], [plan.instance.settings.title for _, plan in runs]
        row = 2 + write_table(
            book, sheet, row, "runs", [Column("Run", "text", names), Column("What it is", "text", titles)]
        )
    _write_entries(book, sheet, row)
    sheet.freeze_panes(1, 0)


def _write_entries(book: Book, sheet: Worksheet, row: int) -> None:
    entries = book.contents
    has_runs = any(entry.run for entry in entries)
    columns = [
        Column("Sheet", "text", [entry.sheet for entry in entries]),
        Column("What it holds", "word", [entry.about for entry in entries]),
        *([Column("Run", "text", [entry.run for entry in entries])] if has_runs else []),
        Column("Rows", "whole", [entry.rows for entry in entries]),
    ]
    write_table(book, sheet, row, "contents", columns)
    link = book.look("text", font_color="#0563C1", underline=1)
    for below, entry in enumerate(entries, start=row + 1):
        if entry.sheet:
            quoted = entry.sheet.replace("'", "''")
            sheet.write_url(below, 0, f"internal:'{quoted}'!A1", link, entry.sheet)
        else:
            write_cell(book, sheet, below, 0, "", "word")
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 86)
