"""From one sheet of a workbook to the raw cells of a table, or to settings, and the sheet's problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from capplan.errors import Problem
from capplan.files.sheet_xml import FailedCell
from capplan.schema.describe import SETTINGS
from capplan.schema.tables import TABLES
from capplan.schema.text import as_word, text_of

type_of_range = tuple[tuple[int, int], tuple[int, int]]
_HEADER_WITHIN = 20  # rows in which a header is looked for
_HEADER_OF_SETTINGS = ("setting", "settings", "key", "name")
_SETTINGS_WIDTH = 2  # setting and value; what stands beside them is for the reader
_NAMES_THAT_MAKE_A_HEADER = 2


@dataclass(frozen=True)
class Sheet:
    """One sheet: the table it holds, its cells from A1 on, merged ranges, and cells whose formula failed.

    Empty cells are "". Rows and columns of ranges count from 0.
    """

    table: str
    rows: Sequence[Sequence[object]]
    merged: Sequence[type_of_range] = ()
    failed: Sequence[FailedCell] = ()

    def problem(self, rule: str, message: str, what_now: str, row: int | None = None) -> Problem:
        """A problem of this sheet; `row` as the sheet shows it."""
        return Problem(self.table, rule, message, what_now, row)


def read_table(sheet: Sheet) -> tuple[pd.DataFrame, list[Problem]]:
    """The cells below the header, None where empty, indexed by `row`, and the sheet's problems."""
    if not sheet.rows:
        what_now = "write a header into row 1, or delete the sheet"
        return _frame([], [], 2), [sheet.problem("header", "the sheet is empty", what_now)]
    header = _header_row(sheet)
    names = [text_of(cell) for cell in sheet.rows[header]]
    problems = (
        _title_above(sheet, header) + _merged(sheet, header, len(names)) + _failed(sheet, header, names)
    )
    return _frame(names, sheet.rows[header + 1 :], header + 2), problems


def read_settings(sheet: Sheet) -> tuple[dict[str, object], list[Problem]]:
    """The settings in the first two columns, with or without a header, and the sheet's problems."""
    settings: dict[str, object] = {}
    problems = [*_merged(sheet, 0, _SETTINGS_WIDTH), *_failed(sheet, -1, [SETTINGS, "value"])]
    for row, cells in enumerate(sheet.rows, start=1):
        name, value = text_of(cells[0]), cells[1] if len(cells) > 1 else ""
        if (row == 1 and name.casefold() in _HEADER_OF_SETTINGS) or (not name and _is_empty(value)):
            continue
        if not name:
            message = f"'{text_of(value)}' stands beside no setting"
            problems.append(sheet.problem("column", message, "name the setting in column A", row))
        elif as_word(name) in settings:
            message = f"'{name}' is set twice"
            problems.append(sheet.problem("column", message, "keep one of the rows", row))
        else:
            settings[as_word(name)] = None if _is_empty(value) else value
    return settings, problems


def _header_row(sheet: Sheet) -> int:
    """Where the header stands: row 1, unless names of columns stand in a row soon after it and not there."""
    found = [_names_known(sheet.table, row) for row in sheet.rows[:_HEADER_WITHIN]]
    if found[0] >= _NAMES_THAT_MAKE_A_HEADER or max(found) < _NAMES_THAT_MAKE_A_HEADER:
        return 0
    return found.index(max(found))


def _names_known(table: str, row: Sequence[object]) -> int:
    if table not in TABLES:
        return 0
    return sum(TABLES[table].is_free(as_word(cell)) for cell in row if isinstance(cell, str) and cell)


def _title_above(sheet: Sheet, header: int) -> list[Problem]:
    if header == 0:
        return []
    rows = "row 1" if header == 1 else f"rows 1 to {header}"
    message = f"the header stands in row {header + 1}, not in row 1"
    return [sheet.problem("header", message, f"delete {rows}", header + 1)]


def _merged(sheet: Sheet, first_row: int, width: int) -> list[Problem]:
    return [
        sheet.problem(
            "merged cells",
            f"the cells {xl_rowcol_to_cell(*first)}:{xl_rowcol_to_cell(*last)} are merged",
            "unmerge them and write the value into every row that it holds for",
            max(first[0], first_row) + 1,
        )
        for first, last in sheet.merged
        if last[0] >= first_row and first[1] < width and first[0] < len(sheet.rows)
    ]


def _failed(sheet: Sheet, header: int, names: Sequence[str]) -> list[Problem]:
    """Cells under a name whose formula gives an error, one by one; those never calculated, as one."""
    inside = [
        (cell, row, names[column])
        for cell in sheet.failed
        for row, column in [xl_cell_to_rowcol(cell.reference)]
        if row > header and column < len(names) and names[column]
    ]
    problems = [_formula_error(sheet, cell, row, name) for cell, row, name in inside if cell.error]
    waiting = [(cell, row, name) for cell, row, name in inside if not cell.error]
    if waiting:
        cell, row, name = waiting[0]
        others = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
        message = f"the formula in {cell.reference}{others} was never calculated"
        what_now = "open the workbook in Excel or LibreOffice and save it"
        problems.append(Problem(sheet.table, "formula", message, what_now, row + 1, name))
    return problems


def _formula_error(sheet: Sheet, cell: FailedCell, row: int, name: str) -> Problem:
    message = f"the formula in {cell.reference} gives {cell.error}"
    what_now = "mend the formula or write the value"
    return Problem(sheet.table, "formula", message, what_now, row + 1, name, cell.error)


def _frame(names: Sequence[str], rows: Sequence[Sequence[object]], first_row: int) -> pd.DataFrame:
    """Rows as a frame of objects, trailing empty rows and empty columns without a name left out."""
    length = len(rows)
    while length and all(_is_empty(cell) for cell in rows[length - 1]):
        length -= 1
    cells = [
        [None if row[position] == "" else row[position] for row in rows[:length]]
        for position in range(len(names))
    ]
    kept = [
        position
        for position, name in enumerate(names)
        if name or any(cell is not None for cell in cells[position])
    ]
    index = pd.RangeIndex(first_row, first_row + length, name="row")
    frame = pd.DataFrame({position: cells[position] for position in kept}, index=index, dtype=object)
    return frame.set_axis([names[position] for position in kept], axis="columns")


def _is_empty(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip()
