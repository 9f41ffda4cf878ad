"""An instance as a folder: `instance.toml` and one CSV file per table."""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from capplan.errors import Problem, UsageError
from capplan.files.delimited import read_table, read_text
from capplan.instance import Instance
from capplan.schema.headers import unknown_table
from capplan.schema.raw import Form, RawInstance
from capplan.schema.settings import Settings
from capplan.schema.tables import TABLES
from capplan.schema.written import spelled

SETTINGS_FILE = "instance.toml"
_IGNORED = re.compile(r"[.~].*|readme.*|.*\.(md|txt)", re.IGNORECASE)
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".tsv")


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
        frame, found = read_table(file, TABLES[name])
        problems += found
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
    text, problems = read_text(file, "instance")
    try:
        return tomllib.loads(text), problems
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        row = int(line[1]) if line else None
        message = f"is not TOML: {error}"
        return {}, [*problems, Problem("instance", "toml", message, "put text in quotation marks", row)]


def _files_of_tables(entries: Sequence[Path]) -> tuple[dict[str, Path], list[Problem]]:
    """The file of every table, and the problems of files that are none."""
    found: dict[str, Path] = {}
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
        elif name in found:
            message = f"is the same table as {found[name].name}"
            problems.append(_problem(name, "file", message, "keep one of them", file.name))
        else:
            found[name] = file
    return found, problems


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
