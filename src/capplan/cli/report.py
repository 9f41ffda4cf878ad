"""What `capplan report` does: read runs, ask what has to be solved again, and write the page about them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pandas as pd

from capplan.cli.output import Output
from capplan.errors import CapplanError, UsageError
from capplan.report import Subject, page
from capplan.report.workbook import write_workbook
from capplan.results.tables import ASSUMPTIONS, ONE_MORE
from capplan.runs import Run, keep_answer, read_run
from capplan.solver_options import SolverOptions


@dataclass(frozen=True)
class Request:
    """What was asked on the command line."""

    runs: tuple[Path, ...]
    out: Path | None
    n_solved: int
    is_quick: bool
    gap: float
    time_limit: float | None
    jobs: int | None

    @property
    def options(self) -> SolverOptions:
        """How closely and how long instances are solved again."""
        return SolverOptions(gap=self.gap, time_limit=self.time_limit)


def write_report(request: Request, output: Output) -> None:
    """Writes the report on the runs and says where it is; UsageError for what is no run, or cannot be written."""
    paths, first = request.runs, request.runs[0].resolve()
    file = _checked(request.out or first.with_name(f"{first.name}.html"))
    names = _names(paths)
    runs = [read_run(path) for path in paths]
    runs = [_with_answers(run, request, output) for run in runs]
    subjects = [Subject.saved(name, run) for name, run in zip(names, runs, strict=True)]
    try:
        WRITERS[file.suffix.casefold()](subjects, file)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error
    if not output.is_quiet:
        click.echo(f"Report written: {click.format_filename(file)}")


def _with_answers(run: Run, request: Request, output: Output) -> Run:
    """The run, with what its report says of questions that have to be solved: kept in its folder, or asked now."""
    is_missing = ONE_MORE.name not in run.answers and not request.is_quick
    if run.is_as_is or run.is_best_effort or not (request.n_solved or is_missing):
        return run
    from capplan.explain import one_more_table
    from capplan.explain.resolve import cache_folder
    from capplan.explain.what_ifs import could_change_it

    answers: dict[str, pd.DataFrame] = {}
    try:
        output.note(f"{run.path}: what one unit more would buy …")
        answers[ONE_MORE.name] = one_more_table(run, request.options, request.n_solved, request.jobs)
        if request.n_solved:
            output.note(f"{run.path}: which assumptions could change the answer …")
            jobs = request.jobs or os.cpu_count() or 1
            answers[ASSUMPTIONS.name] = could_change_it(run, request.options, jobs, cache_folder())
    except CapplanError as error:
        output.note(f"{run.path}: that was not found out ({error})")
    for name, table in answers.items():
        keep_answer(run.path, name, table)
    return run.with_answers(answers)


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
        names = ["/".join(path_parts[-depth:]) for path_parts in parts]
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
