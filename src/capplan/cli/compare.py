"""What `capplan compare` does: read runs, solve what is not solved yet, and tell the differences."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capplan.cli.output import Output, as_csv, as_json
from capplan.cli.paths import name_of_path
from capplan.cli.text import as_markdown, as_text, show
from capplan.compare import ComparedRun, Comparison, compare, sections
from capplan.errors import UsageError
from capplan.runs import is_run, read_run

if TYPE_CHECKING:
    from capplan.cli.solve_missing import RunsAndFailures

BY_ENDING = {".csv": "csv", ".json": "json", ".md": "markdown", ".markdown": "markdown"}
OTHERS = frozenset({".xlsx", ".xls", ".html", ".htm", ".pdf", ".docx"})


@dataclass(frozen=True)
class Request:
    """What was asked on the command line."""

    paths: tuple[Path, ...]
    baseline: str | None
    scenarios: tuple[str, ...]
    gap: float
    time_limit: float | None
    out_runs: Path
    answer_format: str | None
    out: Path | None

    @property
    def format(self) -> str:
        """The format asked for, or that of the file's ending; UsageError where neither can be written."""
        ending = "" if self.out is None else self.out.suffix.casefold()
        if self.answer_format is None and ending in OTHERS:
            raise UsageError(f"--out {self.out}: a comparison is written as text, .md, .json or .csv")
        return self.answer_format or BY_ENDING.get(ending, "text")


def compare_all(request: Request, output: Output) -> None:
    """Compares runs, and instances that are solved on the way; tells it, or writes it to a file."""
    output = replace(output, format=request.format)
    if request.out is not None and request.out.is_dir():
        raise UsageError(f"{request.out} is a folder: --out takes a file")
    instances = [path for path in request.paths if not is_run(path)]
    if request.scenarios and not instances:
        raise UsageError("--scenario is for an instance to solve, and only runs were given")
    if len(request.paths) < 2 and not request.scenarios:
        raise UsageError("a comparison needs two runs or more: give another, or an instance with --scenario")
    runs, failures = _runs_to_compare(request, instances, output)
    _refuse_without(request.baseline, runs, failures)
    _show_or_write(compare(runs, request.baseline), request.out, output)
    if failures:
        sys.exit(max(error.exit_code for error in failures.values()))


def _runs_to_compare(request: Request, instances: Sequence[Path], output: Output) -> RunsAndFailures:
    """Everything to compare, in the order of the paths; and what has no plan, with the reason."""
    # What cannot be read is told before anything is solved.
    saved = {path: read_run(path) for path in request.paths if path not in instances}
    answers = _solved_instances(request, instances, output) if instances else {}
    runs: list[ComparedRun] = []
    failures: dict[str, Any] = {}
    for path in request.paths:
        if path in saved:
            runs.append(ComparedRun.saved(name_of_path(path), saved[path]))
        else:
            solved, failed = answers[path]
            runs += solved
            failures |= failed
    return _with_unique_names(runs, [*request.paths] if len(runs) == len(request.paths) else []), failures


def _solved_instances(
    request: Request, instances: Sequence[Path], output: Output
) -> dict[Path, RunsAndFailures]:
    """What has a plan and what has none, by instance; only this loads the solver."""
    from capplan.cli.solve_missing import Wanted, runs_wanted, solve_missing

    wanted = Wanted(
        request.out_runs, request.scenarios, request.gap, request.time_limit, is_one=len(instances) == 1
    )
    to_solve = {path: runs_wanted(path, wanted) for path in instances}
    return {path: solve_missing(questions, output) for path, questions in to_solve.items()}


def _with_unique_names(runs: list[ComparedRun], paths: Sequence[Path]) -> list[ComparedRun]:
    """Runs with names of their own: where two folders have one name, with the folder above or a number."""
    names = [run.name for run in runs]
    if paths:
        longer = ["/".join(path.resolve().parts[-2:]) for path in paths]
        names = [
            long if names.count(name) > 1 and longer.count(long) == 1 else name
            for name, long in zip(names, longer, strict=True)
        ]
    seen: dict[str, int] = {}
    for n, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        names[n] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return [replace(run, name=name) for run, name in zip(runs, names, strict=True)]


def _refuse_without(baseline: str | None, runs: Sequence[ComparedRun], failures: Mapping[str, Any]) -> None:
    """Raises the reason where what the others are to be held against, or all but one, has no plan."""
    for name, error in failures.items():
        click.echo(f"{name}: {error}", err=True)
    if failures and (len(runs) < 2 or baseline in failures):
        raise failures.get(baseline or "", next(iter(failures.values())))


def _show_or_write(comparison: Comparison, out: Path | None, output: Output) -> None:
    if out is None and output.format == "text":
        show(sections(comparison))
        return
    text = _written(comparison, output.format)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}") from error
    output.note(f"{out} holds the comparison")


def _written(comparison: Comparison, answer_format: str) -> str:
    if answer_format == "csv":
        return as_csv(comparison.measures)
    if answer_format == "json":
        return f"{as_json(_document(comparison))}\n"
    shown = sections(comparison)
    return as_markdown(shown) if answer_format == "markdown" else as_text(shown)


def _document(comparison: Comparison) -> dict[str, Any]:
    return {
        "baseline": comparison.baseline.name,
        "runs": [_about_run(run) for run in comparison.runs],
        "from": comparison.common_scope.first,
        "to": comparison.common_scope.last,
        "localities": sorted(comparison.common_scope.localities),
        "notes": list(comparison.notes),
        "drivers": comparison.drivers,
        "measures": comparison.measures,
    }


def _about_run(run: ComparedRun) -> dict[str, Any]:
    plan = run.solved
    return {
        "name": run.name,
        "title": plan.instance.settings.title,
        "scenario": run.scenario,
        "overrides": list(run.overrides),
        "as_is": plan.is_as_is,
        "best_effort": plan.is_best_effort,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
    }
