"""An instance as one `.xlsx` workbook: a sheet a table, and a sheet `instance` of settings and values."""

from __future__ import annotations

import datetime
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capplan.errors import InvalidInstance, Problem, Severity, UsageError
from capplan.files.sheet_read import Sheet, SheetFacts, read_settings, read_table, sheet_facts
from capplan.files.sheets import (
    IGNORED_SHEETS,
    Exact,
    add_settings_sheet,
    add_table_sheet,
    cell_format,
    new_workbook,
)
from capplan.instance import Instance
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.describe import SETTINGS
from capplan.schema.headers import column_of
from capplan.schema.raw import Form, RawInstance
from capplan.schema.settings import Settings, settings_columns
from capplan.schema.tables import TABLES
from capplan.schema.text import as_word

ROWS_MAX, TEXT_MAX = 1_048_576, 32_767
"""What Excel holds: rows of a sheet, characters of a cell."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "save it as an Excel workbook (.xlsx)"
_FIRST_DAY_OF_EXCEL = "1900-01-01"
_BROKEN = (CalamineError, zipfile.BadZipFile, ParseError, zlib.error, KeyError, EOFError, NotImplementedError)


def read_workbook(path: Path) -> RawInstance:
    """Settings and tables as they stand in the workbook, with what is wrong with its sheets.

    Sheets are matched by name whatever the capitals; those named help, contents or lists, and those whose
    name begins with `_`, are left out; any other sheet counts as a table. Formulas count with the values that
    they had when the workbook was saved. Raises InvalidInstance where the file is no readable workbook.
    """
    path = Path(path)
    _refuse_what_is_no_workbook(path)
    try:
        facts = sheet_facts(path)
        _refuse_sheets_without_end(facts)
        with CalamineWorkbook.from_path(path) as book:
            sheets = [_sheet(book, name, facts[name]) for name in book.sheet_names if _is_read(name, facts)]
    except (*_BROKEN, OverflowError) as error:
        raise _refusal(
            path, f"the workbook is damaged ({error})", "open it in Excel and save it anew"
        ) from error
    return _raw_instance(path, sheets)


def write_workbook(instance: Instance, path: Path) -> None:
    """The instance as a workbook, which reads back exactly; the same instance gives the same bytes.

    A sheet for every table that has rows, in the order of the schema, with notes on the header. An existing
    file is replaced when all went well. Raises UsageError where the file cannot be written or a sheet cannot
    hold a table.
    """
    _refuse_what_excel_cannot_hold(instance)
    with new_workbook(Path(path)) as book:
        _write_settings(book, instance.settings)
        for name, table in TABLES.items():
            if len(instance.written[name]):
                _write_table(book, table, instance.written[name])


def _refusal(path: Path, message: str, what_now: str) -> InvalidInstance:
    return InvalidInstance([Problem(SETTINGS, "workbook", message, what_now, place=path.name)])


def _refuse_what_is_no_workbook(path: Path) -> None:
    if path.name.startswith("~$"):
        raise _refusal(path, "this is what Excel leaves beside an open workbook", "name the workbook itself")
    try:
        with path.open("rb") as file:
            start = file.read(len(_OLE))
    except OSError as error:
        is_missing = isinstance(error, FileNotFoundError)
        what_now = "check the name" if is_missing else "close it elsewhere, or check who may read it"
        raise _refusal(path, f"the file cannot be read ({error.strerror})", what_now) from error
    if start == _OLE and _ENCRYPTED in path.read_bytes():
        raise _refusal(path, "the workbook is protected by a password", "save it without one")
    if start == _OLE:
        raise _refusal(path, "this is a workbook of Excel 97-2003", _SAVE_AS)
    if not start.startswith(b"PK"):
        raise _refusal(path, "this is no Excel workbook", _SAVE_AS)
    _refuse_other_archives(path)


def _refuse_other_archives(path: Path) -> None:
    """An `.xlsx` is a zip archive; so are many other files."""
    if not zipfile.is_zipfile(path):
        raise _refusal(
            path, "the workbook is damaged or cut short", "copy it again, or save it anew in Excel"
        )
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if "xl/workbook.bin" in names:
        raise _refusal(path, "this is a binary workbook (.xlsb)", _SAVE_AS)
    if "mimetype" in names:
        raise _refusal(path, "this is an OpenDocument file", _SAVE_AS)
    if "[Content_Types].xml" not in names:
        raise _refusal(path, "this is an archive, not an Excel workbook", _SAVE_AS)


def _refuse_sheets_without_end(facts: Mapping[str, SheetFacts]) -> None:
    what_now = "delete the rows and columns behind the table and save"
    too_far = {as_word(name): fact.too_far for name, fact in facts.items() if fact.too_far}
    if too_far:
        raise InvalidInstance(
            [
                Problem(name, "size", f"the sheet goes on to cell {cell}", what_now, place=f"sheet {name}")
                for name, cell in too_far.items()
            ]
        )


def _is_read(name: str, facts: Mapping[str, SheetFacts]) -> bool:
    """Sheets of cells only (charts have no facts), without those that explain."""
    return name in facts and not name.startswith("_") and as_word(name) not in IGNORED_SHEETS


def _sheet(book: CalamineWorkbook, name: str, facts: SheetFacts) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    return Sheet(as_word(name), rows, sheet.merged_cell_ranges or (), facts.failed)


def _raw_instance(path: Path, sheets: Sequence[Sheet]) -> RawInstance:
    settings: Mapping[str, object] = {}
    tables: dict[str, pd.DataFrame] = {}
    problems = _open_elsewhere(path)
    names = [sheet.table for sheet in sheets]
    if SETTINGS not in names:
        what_now = f"add it: a column of settings and one of values (those of `capplan schema {SETTINGS}`)"
        problems.append(Problem(SETTINGS, "required", "there is no such sheet", what_now))
    for sheet in sheets:
        if sheet.table == SETTINGS:
            settings, in_sheet = read_settings(sheet)
            problems += in_sheet
        elif sheet.rows or sheet.table in TABLES:
            tables[sheet.table], in_sheet = read_table(sheet)
            problems += in_sheet
    problems += [
        Problem(name, "table", "two sheets have this name", "keep one of them")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    return RawInstance(Form.WORKBOOK, settings, tables, tuple(problems))


def _open_elsewhere(path: Path) -> list[Problem]:
    if not path.with_name(f"~${path.name}").exists():
        return []
    message = "the workbook is open in Excel: what is not yet saved there was not read"
    return [Problem(SETTINGS, "workbook", message, "save it and run again", severity=Severity.WARNING)]


def _refuse_what_excel_cannot_hold(instance: Instance) -> None:
    texts = {(SETTINGS, name): str(value) for name, value in instance.settings}
    for name, frame in instance.written.items():
        if len(frame) >= ROWS_MAX:
            raise UsageError(f"{name} has {len(frame)} rows, more than a sheet holds; write a folder instead")
        for heading in frame.columns[frame.dtypes == "str"]:
            texts[name, heading] = max(frame[heading].dropna(), key=len, default="")
    for (table, name), text in texts.items():
        if len(text) > TEXT_MAX:
            raise UsageError(f"{table}, {name}: a text is longer than a cell holds; write a folder instead")


def _write_settings(book: Workbook, settings: Settings) -> None:
    sheet = add_settings_sheet(book, ("setting", "value", "help"), (26, 40, 100))
    names = [name for name in Settings.model_fields if name in settings.model_fields_set]
    for row, name in enumerate(names, start=1):
        column = settings_columns()[name]
        sheet.write_string(row, 0, name)
        _write_cell(sheet, row, 1, getattr(settings, name), cell_format(book, column))
        sheet.write_string(row, 2, column.help)


def _write_table(book: Workbook, table: Table, frame: pd.DataFrame) -> None:
    sheet = add_table_sheet(book, table, list(frame.columns))
    formats = [cell_format(book, column_of(table, name)) for name in frame.columns]
    columns = [_cells(column_of(table, name), frame[name]) for name in frame.columns]
    for row, cells in enumerate(zip(*columns, strict=True), start=1):
        for position, cell in enumerate(cells):
            _write_cell(sheet, row, position, cell, formats[position])


def _cells(column: Column, series: pd.Series) -> list[object]:
    """The cells of a column as a workbook holds them: text, a number, a date, or None where empty."""
    cells: list[object] = series.astype(object).where(series.notna(), None).tolist()
    words: dict[object, object] = {
        number: word for word, number in column.words.items() if number is not None
    }
    if words:
        return [words.get(cell, cell) for cell in cells]
    if column.kind is Kind.YES_NO:
        return [None if cell is None else "yes" if cell else "no" for cell in cells]
    return cells


def _write_cell(sheet: Worksheet, row: int, position: int, cell: object, look: Format) -> None:
    """One cell as what it is; None leaves it empty."""
    if isinstance(cell, str):
        sheet.write_string(row, position, cell, look)
    elif isinstance(cell, int | float):
        sheet.write_number(row, position, Exact(cell), look)
    elif isinstance(cell, datetime.date):
        # XlsxWriter writes Excel's first day as 0, which is read as a time of the day.
        if cell.isoformat()[:10] <= _FIRST_DAY_OF_EXCEL:
            sheet.write_string(row, position, cell.isoformat()[:10], look)
        else:
            sheet.write_datetime(row, position, cell, look)
