"""An instance as a folder: `instance.toml` and one CSV file per table, whatever its encoding and separator."""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from capplan.errors import Problem, UsageError
from capplan.instance import Instance
from capplan.schema.canonical import spelled
from capplan.schema.columns import Table
from capplan.schema.headers import unknown_table
from capplan.schema.raw import Form, RawInstance
from capplan.schema.rules import ROWS_SHOWN
from capplan.schema.settings import Settings
from capplan.schema.tables import TABLES
from capplan.schema.text import as_word

SETTINGS_FILE = "instance.toml"
_IGNORED = re.compile(r"[.~].*|readme.*|.*\.(md|txt)", re.IGNORECASE)
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".tsv")
_SAVE_AS = "save it again as 'CSV UTF-8 (comma delimited)'"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_SEPARATORS = (";", "\t", "|")


def read_folder(path: Path) -> RawInstance:
    """The settings and tables in a folder, unparsed, with the problems of its files."""
    if not path.is_dir():
        missing = "there is no such folder" if not path.exists() else "is not a folder"
        return RawInstance(Form.FOLDER, {}, {}, (_problem("instance", "folder", missing, "", str(path)),))
    try:
        entries = sorted(entry for entry in path.iterdir() if entry.is_file())
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        return RawInstance(Form.FOLDER, {}, {}, (_problem("instance", "folder", message, "", str(path)),))
    settings, problems = _read_settings(path.name, entries)
    tables: dict[str, pd.DataFrame] = {}
    files, strays = _files_of_tables(entries)
    problems += strays
    for name, file in files.items():
        frame, in_file = _read_table(file, TABLES[name])
        problems += in_file
        if frame is not None:
            tables[name] = frame
    return RawInstance(Form.FOLDER, settings, tables, tuple(problems))


def write_folder(instance: Instance, path: Path) -> None:
    """Writes the instance so that reading it gives the same again; the folder appears whole or not at all.

    An instance that is there already is replaced, other files beside its tables are kept. Raises UsageError
    where the path is a file, or a folder that holds something but no instance, or cannot be written.
    """
    path = path.resolve()
    _refuse_to_overwrite(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as workshop:
            _write_files(instance, Path(workshop, "new"))
            _put_in_place(Path(workshop), path)
    except OSError as error:
        raise UsageError(f"cannot write the folder {path}: {error.strerror}") from error


def _put_in_place(workshop: Path, path: Path) -> None:
    """Moves the folder `new` of the workshop to the path; what stood there goes only once that is done."""
    new, old = workshop / "new", workshop / "old"
    if not path.exists():
        new.rename(path)
        return
    _copy_other_files(path, new)
    path.rename(old)
    try:
        new.rename(path)
    except BaseException:
        old.rename(path)
        raise


def _read_settings(folder: str, entries: Sequence[Path]) -> tuple[Mapping[str, object], list[Problem]]:
    file = next((entry for entry in entries if entry.name.casefold() == SETTINGS_FILE), None)
    if file is None:
        now = 'add it, with lines like `title = "…"`, `start = 2017-04-01` and `periods = 24`'
        return {}, [_problem("instance", "file", f"the folder {folder} has no {SETTINGS_FILE}", now)]
    text, problems = _read_text(file, "instance")
    try:
        return tomllib.loads(text), problems
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        row = int(line[1]) if line else None
        message = f"is not TOML: {error}"
        return {}, [*problems, Problem("instance", "toml", message, "put text in quotation marks", row)]


def _files_of_tables(entries: Sequence[Path]) -> tuple[dict[str, Path], list[Problem]]:
    """The file of every table, and the problems of files that are none."""
    files: dict[str, Path] = {}
    problems = []
    for file in entries:
        name, suffix = file.stem.casefold(), file.suffix.casefold()
        if _IGNORED.fullmatch(file.name):
            continue
        if suffix in _SHEETS:
            now = "save each table as a CSV file, or give the workbook instead of the folder"
            problems.append(
                _problem(name, "file", "is not read: tables in a folder are CSV files", now, file.name)
            )
        elif suffix != ".csv":
            continue
        elif name == "instance":
            message = f"is not read: settings stand in {SETTINGS_FILE}"
            problems.append(_problem(file.stem, "file", message, "move them there and delete it", file.name))
        elif name not in TABLES:
            problems.append(_problem(file.stem, "table", *unknown_table(file.stem), file.name))
        elif name in files:
            message = f"is the same table as {files[name].name}"
            problems.append(_problem(name, "file", message, "keep one of them", file.name))
        else:
            files[name] = file
    return files, problems


def _problem(table: str, rule: str, message: str, what_now: str, place: str = "") -> Problem:
    return Problem(table, rule, message, what_now, place=place)


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file, not a folder")
    if path.is_dir() and not (path / SETTINGS_FILE).exists() and any(path.iterdir()):
        raise UsageError(f"{path} holds other files and no instance; give a new or an empty folder")


def _copy_other_files(path: Path, to: Path) -> None:
    for entry in path.iterdir():
        if entry.name.casefold() == SETTINGS_FILE or _is_table(entry):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, to / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, to / entry.name, follow_symlinks=False)


def _is_table(file: Path) -> bool:
    return file.suffix.casefold() == ".csv" and file.stem.casefold() in TABLES


def _write_files(instance: Instance, path: Path) -> None:
    path.mkdir()
    (path / SETTINGS_FILE).write_text(_settings_text(instance.settings), encoding="utf-8", newline="\n")
    for name, frame in instance.written.items():
        if not frame.empty:
            content = spelled(name, frame)
            content.to_csv(path / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


def _settings_text(settings: Settings) -> str:
    import tomlkit

    document = tomlkit.document()
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if name in settings.model_fields_set and value is not None:
            document.add(name, value)
    return tomlkit.dumps(document)


def _read_text(path: Path, table: str) -> tuple[str, list[Problem]]:
    """The text of a file in UTF-8 (with or without byte order mark) or Windows-1252; empty with a problem."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return "", [Problem(table, "file", f"cannot be read: {error.strerror}", "check who may read it")]
    if content.startswith(_UTF_16):
        return "", [Problem(table, "encoding", "is written in UTF-16", _SAVE_AS)]
    if b"\0" in content:
        return "", [Problem(table, "encoding", "is not text (it holds zero bytes)", _SAVE_AS)]
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), []
        except UnicodeDecodeError:
            continue
    return "", [Problem(table, "encoding", "is neither in UTF-8 nor in Windows-1252", _SAVE_AS)]


def _read_table(path: Path, table: Table) -> tuple[pd.DataFrame | None, list[Problem]]:
    """The cells of a CSV file as text, or its problems; index `row` as a spreadsheet counts (header: 1)."""
    text, problems = _read_text(path, table.name)
    if problems:
        return None, problems
    header = re.split(r"\r?\n|\r", text, maxsplit=1)[0]
    if not header.strip(' ,;"\t'):
        message = "the first row is empty" if text.strip() else "the file is empty"
        return None, [Problem(table.name, "header", message, "write the column names into the first row", 1)]
    separator = _separator(header, table)
    if separator is None:
        return None, [Problem(table.name, "separator", "is not separated by commas", _SAVE_AS)]
    try:
        return _framed(_read_fast(text, separator)), []
    except pd.errors.ParserError as error:
        return _read_row_by_row(text, separator, table.name, str(error))


def _separator(header: str, table: Table) -> str | None:
    """The comma, another sign where all it separates are names of columns, or None where it is unclear."""
    if "," in header:
        return ","
    for sign in _OTHER_SEPARATORS:
        if sign in header:
            names = [as_word(name.strip(' "')) for name in header.split(sign)]
            return sign if all(name in table.spellings or table.is_free(name) for name in names) else None
    return ","


def _read_fast(text: str, separator: str) -> pd.DataFrame:
    return pd.read_csv(
        StringIO(text),
        sep=separator,
        header=None,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
        low_memory=False,
    )


def _framed(records: pd.DataFrame) -> pd.DataFrame:
    """The first record as header, the others indexed by row; a short row ends in empty cells."""
    frame = records.iloc[1:]
    frame.columns = list(records.iloc[0])
    frame.index = pd.RangeIndex(2, len(records) + 1, name="row")
    return frame


def _read_row_by_row(
    text: str, separator: str, table: str, error: str
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """The slow way, for files whose rows are not all alike: every row that is too long becomes a problem.

    Spreadsheet programs leave out empty cells at the end of a row, or add some: neither is a problem.
    """
    unclosed = re.search(r"EOF inside string starting at row (\d+)", error)
    if unclosed:
        message = "a quotation mark is opened and never closed"
        return None, [Problem(table, "quotes", message, "close or delete it", int(unclosed[1]) + 1)]
    try:
        header, *records = csv.reader(StringIO(text, newline=""), delimiter=separator)
    except csv.Error as reason:
        return None, [Problem(table, "file", f"cannot be read: {reason}", _SAVE_AS)]
    width = len(header)
    problems = [
        _too_long(table, row, width, record)
        for row, record in enumerate(records, start=2)
        if any(cell.strip() for cell in record[width:])
    ]
    if problems:
        return None, _first_of(problems)
    cells = list(zip_longest(*(record[:width] for record in records), fillvalue=""))
    blank = [("",) * len(records)] * (width - len(cells))
    frame = pd.DataFrame(dict(enumerate([*cells, *blank])), dtype=str)
    frame.columns = header
    frame.index = pd.RangeIndex(2, len(records) + 2, name="row")
    return frame, []


def _first_of(problems: list[Problem]) -> list[Problem]:
    more = len(problems) - ROWS_SHOWN
    if more <= 0:
        return problems
    last = replace(problems[ROWS_SHOWN], message=f"{more} more rows have more cells than the header")
    return [*problems[:ROWS_SHOWN], last]


def _too_long(table: str, row: int, width: int, record: list[str]) -> Problem:
    message = f"the row has {len(record)} cells, the header {width}"
    return Problem(
        table, "cells in a row", message, "put quotation marks around a cell with commas in it", row
    )
