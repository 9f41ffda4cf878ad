"""From one sheet of a workbook to the raw cells of a table, or to settings, and the sheet's problems.

python-calamine reads a cell whose formula failed (`#REF!`), or was never calculated, as an empty one, and it makes room
for every cell up to the last one. Both are found in the XML of the sheets beforehand.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

import pandas as pd
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from capplan.errors import Problem
from capplan.schema.describe import SETTINGS
from capplan.schema.tables import TABLES
from capplan.schema.text import as_word, text_of

type_of_range = tuple[tuple[int, int], tuple[int, int]]
_HEADER_WITHIN = 20  # rows in which a header is looked for
_HEADER_OF_SETTINGS = ("setting", "settings", "key", "name")
_SETTINGS_WIDTH = 2  # setting and value; what stands beside them is for the reader
_NAMES_THAT_MAKE_A_HEADER = 2
_CELLS_MAX = 10**8
_CHUNK = 1 << 20
_SUSPECT = (b't="e"', b"t='e'", b"<f", b":f")
"""Errors and formulas, with and without a namespace; what else looks like them costs only time."""
_OVERLAP = max(map(len, _SUSPECT))
_EXTENT = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*\bref\s*=\s*["'](?:\w+:)?([A-Z]{1,3}\d{1,7})["']""")


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
    counts = [_column_names(sheet.table, row) for row in sheet.rows[:_HEADER_WITHIN]]
    if counts[0] >= _NAMES_THAT_MAKE_A_HEADER or max(counts) < _NAMES_THAT_MAKE_A_HEADER:
        return 0
    return counts.index(max(counts))


def _column_names(table: str, row: Sequence[object]) -> int:
    """How many cells of a row are names of the table's columns."""
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


class FailedCell(NamedTuple):
    """A cell whose formula gave no value: its reference (`B4`) and its error (empty: never calculated)."""

    reference: str
    error: str


class SheetFacts(NamedTuple):
    """What the XML of one sheet says: the cells without a value, and the last cell if it lies too far out."""

    failed: tuple[FailedCell, ...]
    too_far: str


def sheet_facts(path: Path) -> dict[str, SheetFacts]:
    """What python-calamine leaves out, by name of the sheet.

    Raises BadZipFile, KeyError or ParseError where the file is no sound workbook.
    """
    with ZipFile(path) as archive:
        return {name: _facts(archive, part) for name, part in _parts(archive)}


def _parts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and of its XML inside the archive; charts and macros left out."""
    book = {kind: target for kind, _, target in _relations(archive, "")}["officeDocument"]
    sheets = {name: target for kind, name, target in _relations(archive, book) if kind == "worksheet"}
    for element in ElementTree.fromstring(archive.read(book)).iter():
        if _local(element.tag) == "sheet":
            identity = next((value for key, value in element.items() if _local(key) == "id"), "")
            if identity in sheets:
                yield element.get("name", ""), sheets[identity]


def _relations(archive: ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Kind, id and target of what a part of the archive refers to; the archive itself is the part ``."""
    folder, name = posixpath.split(part)
    rels = archive.read(posixpath.join(folder, "_rels", f"{name}.rels"))
    for element in ElementTree.fromstring(rels):
        target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
        yield posixpath.basename(element.get("Type", "")), element.get("Id", ""), target.lstrip("/")


def _facts(archive: ZipFile, part: str) -> SheetFacts:
    is_suspect, too_far = _glance(archive, part)
    failed = tuple(_failed_cells(archive, part)) if is_suspect and not too_far else ()
    return SheetFacts(failed, too_far)


def _glance(archive: ZipFile, part: str) -> tuple[bool, str]:
    """Whether it has formulas or errors at all (parsing takes long), and its last cell if too far out."""
    with archive.open(part) as stream:
        chunk = stream.read(_CHUNK)
        extent = _EXTENT.search(chunk)
        if extent and _cells_up_to(extent[1].decode()) > _CELLS_MAX:
            return False, extent[1].decode()
        while chunk:
            if any(mark in chunk for mark in _SUSPECT):
                return True, ""
            following = stream.read(_CHUNK)
            chunk = chunk[-_OVERLAP:] + following if following else b""
    return False, ""


def _cells_up_to(reference: str) -> int:
    row: int
    column: int
    row, column = xl_cell_to_rowcol(reference)
    return (row + 1) * (column + 1)


def _failed_cells(archive: ZipFile, part: str) -> Iterator[FailedCell]:
    with archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if _local(element.tag) == "row":
                yield from (cell for child in element if (cell := _failed_cell(child)) is not None)
                element.clear()


def _failed_cell(cell: ElementTree.Element) -> FailedCell | None:
    texts = {_local(child.tag): child.text or "" for child in cell}
    if cell.get("t") == "e":
        return FailedCell(cell.get("r", ""), texts.get("v") or "an error")
    # A formula that gives an empty text is typed as text; one that was never calculated is not.
    was_calculated = bool(texts.get("v")) or cell.get("t") == "str"
    return None if was_calculated or "f" not in texts else FailedCell(cell.get("r", ""), "")


def _local(tag: str) -> str:
    """The name without its namespace: writers of workbooks differ in it."""
    return tag.rpartition("}")[2]
