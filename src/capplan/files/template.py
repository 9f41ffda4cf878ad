"""The blank workbook: every setting and every table, with help, colours, notes and drop-down lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from capplan.errors import UsageError
from capplan.files.sheets import (
    add_settings_sheet,
    add_table_sheet,
    cell_format,
    new_workbook,
)
from capplan.schema.columns import GROUPS, Column, Kind, Table
from capplan.schema.describe import SETTINGS, allowed, describe
from capplan.schema.settings import settings_columns
from capplan.schema.tables import TABLES

type_of_list = tuple[tuple[str, ...], tuple[str, ...]]
"""The words of a drop-down list, and the tables whose keys follow them."""

_ROWS_WITH_LISTS = 2000
_NAMES_IN_A_LIST = 500
_FREE = ("source", "note")
_LISTS = "lists"
_HOW_TO = (
    "Fill in the sheet instance and the sheets marked as required; delete or leave empty the others.",
    "One row is one thing: one locality, one site, one price. Keep the header in row 1, merge no cells.",
    "Dark headers must be filled in, pale ones may be; a note on each says what it is, its unit, and what an "
    "empty cell stands for.",
    "Keys are lower_snake_case names of your choice; other sheets refer to them, or to the column name "
    "(drop-down lists).",
    "Columns may be deleted, moved, or renamed to another unit (the note lists them).",
    "Sheets of your own begin with _ and are not read.",
    "Write where each number comes from into source; begin an assumption with assumption:.",
    "When done: save, close, and run capplan check on this file.",
)


def write_template(path: Path) -> None:
    """The blank workbook to fill in: contents, the sheet `instance`, and one sheet for every table.

    Raises UsageError where there is a file already, or it cannot be written.
    """
    path = Path(path)
    if path.exists():
        raise UsageError(f"{path} exists already; choose another name, or delete it first")
    with new_workbook(path) as book:
        _write_contents(book)
        _write_settings(book)
        for table in TABLES.values():
            sheet = add_table_sheet(book, table, [*(column.name for column in table.columns), *_FREE])
            for position, column in enumerate(table.columns):
                _offer(sheet, position, column)
        _write_lists(book)


def _write_contents(book: Workbook) -> None:
    sheet = book.add_worksheet("contents")
    for position, width in enumerate((22, 12, 34, 110)):
        sheet.set_column(position, position, width)
    bold = book.add_format({"bold": True})
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, "A planning question for capplan", title)
    for row, line in enumerate(_HOW_TO, start=2):
        sheet.write_string(row, 0, line)
    first = len(_HOW_TO) + 3
    for position, heading in enumerate(("sheet", "required", "about", "what it holds")):
        sheet.write_string(first, position, heading, bold)
    for row, cells in enumerate(_sheets(), start=first + 1):
        sheet.write_url(row, 0, f"internal:'{cells[0]}'!A1", string=cells[0])
        for position, cell in enumerate(cells[1:], start=1):
            sheet.write_string(row, position, cell)


def _sheets() -> Iterator[tuple[str, str, str, str]]:
    yield (
        SETTINGS,
        "required",
        "The question",
        "What holds for the whole question: title, start, periods, prices.",
    )
    for table in TABLES.values():
        yield table.name, "required" if table.is_required else "optional", table.section, table.help


def _write_settings(book: Workbook) -> None:
    headings = ("setting", "value", "required", "default", "allowed", "help")
    sheet = add_settings_sheet(book, headings, (26, 40, 10, 12, 40, 100))
    for row, said in enumerate(describe(SETTINGS), start=1):
        column = settings_columns()[said["column"]]
        sheet.write_string(row, 0, column.name)
        sheet.write_blank(row, 1, None, cell_format(book, column))
        for position, heading in enumerate(headings[2:], start=2):
            sheet.write_string(row, position, said[heading])
        if column.choices:
            sheet.data_validation(row, 1, row, 1, _one_of(column.choices))


def _offer(sheet: Worksheet, position: int, column: Column) -> None:
    """The drop-down list or the bounds of a column, on its first rows."""
    rule = _rule(position, column)
    if rule:
        sheet.data_validation(1, position, _ROWS_WITH_LISTS, position, rule)


def _rule(position: int, column: Column) -> dict[str, object] | None:
    if column.refers_to:
        return {
            "validate": "list",
            "source": _source(column),
            "error_type": "warning",
            "error_title": "Not in the list",
            "error_message": f"Expected here: {allowed(column)}. Display names are accepted too.",
        }
    if column.choices:
        return _one_of(column.choices, is_strict=column.kind is Kind.CHOICE)
    if column.kind is Kind.YES_NO:
        return _one_of(("yes", "no"))
    if column.kind in {Kind.NUMBER, Kind.WHOLE}:
        return _within_bounds(position, column)
    return None


def _one_of(words: Sequence[str], is_strict: bool = True) -> dict[str, object]:
    return {
        "validate": "list",
        "source": list(words),
        "error_type": "stop" if is_strict else "warning",
        "error_message": f"One of these is expected: {', '.join(words)}."[:255],
    }


def _within_bounds(position: int, column: Column) -> dict[str, object]:
    """Numbers within the bounds of the column, or one of its words."""
    cell = xl_rowcol_to_cell(1, position)
    bounds = ((">=", column.minimum), (">", column.above), ("<=", column.maximum))
    conditions = [
        f"ISNUMBER({cell})",
        *(f"{cell}{sign}{limit:g}" for sign, limit in bounds if limit is not None),
    ]
    if column.kind is Kind.WHOLE:
        conditions.append(f"{cell}=INT({cell})")
    alternatives = [f"AND({','.join(conditions)})", *(f'{cell}="{word}"' for word in column.words)]
    return {
        "validate": "custom",
        "value": f"=OR({','.join(alternatives)})",
        "error_message": f"Expected here: {column.kind.value}, {allowed(column) or 'of any size'}.",
    }


def _source(column: Column) -> str:
    """The drop-down list of a column that refers to other tables, as long as there are names."""
    words, tables = _words_and_tables(column)
    if not tables:
        return f"={_filled(TABLES['localities'], 'network')}"
    if len(tables) == 1 and not words:
        return f"={_filled(TABLES[tables[0]])}"
    letter = xl_col_to_name(_combined_lists().index((words, tables)), True)
    return f"=OFFSET({_LISTS}!{letter}$2,0,0,{_LISTS}!{letter}$1,1)"


def _words_and_tables(column: Column) -> type_of_list:
    return tuple(column.words), tuple(table for table in column.refers_to if table not in GROUPS)


def _combined_lists() -> list[type_of_list]:
    """The lists made of words and the keys of several tables; each is a column of the sheet `lists`."""
    lists = (_words_and_tables(column) for table in TABLES.values() for column in table.columns)
    return [each for each in dict.fromkeys(lists) if each[1] and len(each[0]) + len(each[1]) > 1]


def _names(table: Table, name: str | None = None) -> str:
    """The cells of the table's key, or of another column."""
    position = [column.name for column in table.columns].index(name or table.own_key or "")
    letter = xl_col_to_name(position, True)
    return f"{table.name}!{letter}$2:{letter}${_ROWS_WITH_LISTS + 1}"


def _filled(table: Table, name: str | None = None) -> str:
    """Those of the cells that are filled in (without gaps, from the first on)."""
    cells = _names(table, name)
    return f"OFFSET({cells.split(':')[0]},0,0,MAX(1,COUNTA({cells})),1)"


def _write_lists(book: Workbook) -> None:
    """A hidden sheet; each column: length of a list, its words, the keys of its tables one below another."""
    sheet = book.add_worksheet(_LISTS)
    sheet.hide()
    lists = _combined_lists()
    for position, (words, tables) in enumerate(lists):
        counts = (f"COUNTA({_names(TABLES[table])})" for table in tables)
        sheet.write_formula(
            0, position, f"=MAX(1,{'+'.join([str(len(words)), *counts])})", None, max(1, len(words))
        )
    for row in range(_NAMES_IN_A_LIST):
        for position, (words, tables) in enumerate(lists):
            if row < len(words):
                sheet.write_string(row + 1, position, words[row])
            else:
                sheet.write_formula(
                    row + 1, position, f"={_nth_name(row - len(words) + 1, tables)}", None, ""
                )


def _nth_name(number: int, tables: Sequence[str]) -> str:
    """The key of that number, counted through the tables; empty where there are fewer."""
    before, formula = "", '""'
    for table in tables:
        cells = _names(TABLES[table])
        position = f"{number}{before}"
        formula = formula.replace('""', f'IF({position}<=COUNTA({cells}),INDEX({cells},{position}),"")')
        before += f"-COUNTA({cells})"
    return formula
