"""What `capplan report` does: read runs, and write the page about them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from capplan.cli.output import Output
from capplan.errors import UsageError
from capplan.report import Subject, page
from capplan.report.workbook import write_workbook
from capplan.runs import read_run


def write_report(paths: Sequence[Path], out: Path | None, output: Output) -> None:
    """Writes the report on the runs and says where it is; UsageError for what is no run, or cannot be written."""
    file = _checked(out or paths[0].resolve().with_name(f"{paths[0].resolve().name}.html"))
    runs = [read_run(path) for path in paths]
    subjects = [Subject.saved(name, run) for name, run in zip(_names(paths), runs, strict=True)]
    try:
        WRITERS[file.suffix.casefold()](subjects, file)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error
    if not output.is_quiet:
        click.echo(f"Report written: {click.format_filename(file)}")


def _checked(file: Path) -> Path:
    """The file, where a report can be written to it."""
    if file.suffix.casefold() not in WRITERS:
        raise UsageError(
            f"--out {file}: a report is a page or a workbook, so give a name that ends in .html or .xlsx"
        )
    if file.is_dir():
        raise UsageError(f"{file} is a folder: --out takes a file")
    return file


def _names(paths: Sequence[Path]) -> list[str]:
    """The folders' names; with as much of the way to them as tells them apart."""
    parts = [path.resolve().parts for path in paths]
    for depth in range(1, max(map(len, parts)) + 1):
        names = ["/".join(one[-depth:]) for one in parts]
        if len(set(names)) == len(names):
            return names
    raise UsageError("a run is named twice: give each once")


def _write_page(subjects: Sequence[Subject], file: Path) -> None:
    """Writes the page whole or not at all."""
    text = page(subjects)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as workshop:
        new = Path(workshop, file.name)
        new.write_text(text, encoding="utf-8", newline="\n")
        new.replace(file)


def _write_workbook(subjects: Sequence[Subject], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_workbook([(subject.name, subject.plan) for subject in subjects], file)


WRITERS: dict[str, Callable[[Sequence[Subject], Path], None]] = {
    ".html": _write_page,
    ".htm": _write_page,
    ".xlsx": _write_workbook,
}
"""How a report is written, by the ending of its file."""
