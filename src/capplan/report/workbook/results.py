"""The result tables, a sheet each; those of several runs stand one below the other, with the run in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capplan.report.workbook.book import Book, Column, Entry, write_table
from capplan.report.workbook.columns import cells, kinds, shown_as
from capplan.results.tables import TABLES
from capplan.solved import Solved

SHEETS = {"summary": "Measures", "planning_return": "Return by month"}
"""Sheets of result tables that are not called like the table."""
LARGEST = 300_000
"""Rows of a result table that a sheet is given at most: a workbook is held in memory while it is written."""


def add_results(book: Book, runs: Sequence[tuple[str, Solved]]) -> None:
    """A sheet for every result table that has rows; the contents tell which are empty, or too large for a sheet."""
    for table, record in TABLES.items():
        runs_with_rows = [(name, plan) for name, plan in runs if len(plan.tables.get(table, ()))]
        rows = sum(len(plan.tables[table]) for _, plan in runs_with_rows)
        if not rows:
            book.contents.append(Entry("", "", f"{record.about}: nothing in this plan", 0))
        elif rows > LARGEST:
            where = f"too large for a sheet, see {table}.csv in the run folder"
            book.contents.append(Entry("", "", f"{record.about}: {where}", rows))
        else:
            _add(book, table, runs_with_rows, rows, has_runs=len(runs) > 1)


def add_dictionary(book: Book, runs: Sequence[tuple[str, Solved]]) -> None:
    """Every column of the result tables: its heading, its unit, and what it is called in the run's CSV files."""
    rows = [
        (sheet_title(table), column.title, column.unit, column.name, f"{table}.csv")
        for table, record in TABLES.items()
        if any(table in plan.tables for _, plan in runs)
        for column in record.columns
    ]
    headings = ("Sheet", "Heading", "Unit", "Column in the run folder", "File in the run folder")
    about = "Headings and units of the result tables, and their names in the run folder (docs/results.md)"
    sheet = book.add_sheet("Columns", about, rows=len(rows))
    columns = [Column(heading, "word", [row[n] for row in rows]) for n, heading in enumerate(headings)]
    write_table(book, sheet, 0, "columns", columns)
    sheet.freeze_panes(1, 0)


def sheet_title(table: str) -> str:
    """What the sheet of a result table is called."""
    return SHEETS.get(table, table.capitalize().replace("_", " "))


def _add(book: Book, table: str, runs: Sequence[tuple[str, Solved]], rows: int, *, has_runs: bool) -> None:
    sheet = book.add_sheet(sheet_title(table), TABLES[table].about, rows=rows)
    columns = list(_columns(table, runs))
    if has_runs:
        run = [name for name, plan in runs for _ in range(len(plan.tables[table]))]
        columns.insert(0, Column("Run", "text", run))
    write_table(book, sheet, 0, table, columns)
    keys = next((n for n, column in enumerate(columns) if column.kind not in ("text", "date")), 1)
    sheet.freeze_panes(1, min(keys, 3))
    sheet.repeat_rows(0)


def _columns(table: str, runs: Sequence[tuple[str, Solved]]) -> Iterator[Column]:
    """The columns of all the runs together; a column that an older run does not have is empty there."""
    frames = [plan.tables[table] for _, plan in runs]
    for column in TABLES[table].columns:
        if not any(column.name in frame for frame in frames):
            continue
        name, kind = column.name, shown_as(column)
        values: list[object] = []
        kinds_of_cells: list[str] = []
        for (_, plan), frame in zip(runs, frames, strict=True):
            has_column = name in frame.columns
            values += cells(plan.instance, column, frame[name]) if has_column else [None] * len(frame)
            kinds_of_cells += (kinds(table, name, frame) if has_column else None) or [kind] * len(frame)
        yield Column(column.title_with_unit, kind, values, kinds_of_cells)
