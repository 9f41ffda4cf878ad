"""Instances in files: a folder of CSV tables or one workbook, read and written without loss."""

from __future__ import annotations

from pathlib import Path

from capplan.errors import InvalidInstance, Problem
from capplan.files.folder import read_folder, write_folder
from capplan.instance import Instance
from capplan.schema.raw import Form, RawInstance

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Endings of files that are taken for workbooks, be it to say which ones cannot be read."""


def read_raw(path: Path | str) -> RawInstance:
    """The cells of an instance, unparsed, and what is wrong with its files.

    `path` is a folder, a run folder (what was solved is read) or a workbook. A workbook that cannot be opened
    raises InvalidInstance.
    """
    path = Path(path)
    if (path / "run.json").is_file() and (path / "instance").is_dir():
        return read_folder(path / "instance")
    if path.suffix.casefold() in WORKBOOKS and not path.is_dir():
        from capplan.files.workbook import read_workbook

        return read_workbook(path)
    if path.is_file():
        now = "give the folder that holds instance.toml and the tables, or a workbook (.xlsx)"
        problem = Problem("instance", "file", "is neither a folder nor a workbook", now, place=str(path))
        return RawInstance(Form.FOLDER, {}, {}, (problem,))
    return read_folder(path)


def read(path: Path | str) -> Instance:
    """The instance in a folder, run folder or workbook; raises InvalidInstance with all that is wrong.

    What must hold across tables is for `capplan.checks`.
    """
    instance, problems = Instance.from_raw(read_raw(path))
    if instance is None:
        raise InvalidInstance(problems)
    return instance


def write(instance: Instance, path: Path | str) -> None:
    """Writes a workbook where the path ends in .xlsx, else a folder; raises UsageError where it cannot."""
    path = Path(path)
    if path.suffix.casefold() == ".xlsx":
        from capplan.files.workbook import write_workbook

        write_workbook(instance, path)
    else:
        write_folder(instance, path)
