"""What `capplan check` does: problems by severity, implied ratios, and runs counted again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from capplan import cells, checks, wording
from capplan.cli.output import Output
from capplan.errors import InvalidInstance, Problem, Severity
from capplan.files import read_raw
from capplan.instance import Instance
from capplan.results import info
from capplan.results.describe import not_counted
from capplan.results.tables import ANSWERS, TABLES
from capplan.sections import Section, grid
from capplan.verify import RULES, Saved, read_saved, verify_saved

COLUMNS = ("severity", "place", "table", "row", "column", "value", "rule", "message", "what_now")
HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Information"}
SHOWN = 50


def check_instance(path: Path, output: Output) -> int:
    """Tells all problems of an instance and the ratios it implies; returns the exit code."""
    instance, problems = _assembled(path)
    if instance is not None:
        problems = (*problems, *checks.check(instance))
    ratios = None if instance is None or _errors(problems) else checks.ratios(instance)
    table = problem_table(problems)
    document = {"problems": table, "ratios": [] if ratios is None else ratios}
    at_most = None if output.is_verbose else SHOWN
    output.answer(lambda: (*_problems(problems, at_most), *_ratios(instance, ratios)), table, document)
    return InvalidInstance.exit_code if _errors(problems) else 0


def _assembled(path: Path) -> tuple[Instance | None, tuple[Problem, ...]]:
    """The instance at the path, if it can be read, and what is wrong with its files and tables."""
    try:
        return Instance.from_raw(read_raw(path))
    except InvalidInstance as error:
        return None, error.problems


def check_run(path: Path, output: Output) -> int:
    """Counts a run again from its tables; returns the exit code."""
    saved = read_saved(path)
    problems = verify_saved(saved)
    table = problem_table(problems)
    asked = [ANSWERS[name] for name in saved.answers if name in ANSWERS]
    left_out = (*not_counted([*TABLES.values(), *asked]), *info.not_counted())
    document = {
        "problems": table,
        "not_counted": [dict(zip(("table", "column", "why"), entry, strict=True)) for entry in left_out],
    }
    output.answer(lambda: _verdict(path, saved, problems, left_out), table, document)
    return InvalidInstance.exit_code if problems else 0


def problem_table(problems: Sequence[Problem]) -> pd.DataFrame:
    """One row per problem: severity, place, table, row (as in the file), column, value, rule, message, what_now."""
    rows = [
        {name: problem.severity.value if name == "severity" else getattr(problem, name) for name in COLUMNS}
        for problem in problems
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"row": "Int64"})


def _errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _problems(problems: Sequence[Problem], at_most: int | None) -> tuple[Section, ...]:
    """A section for each severity that occurs, with its number."""
    sections = []
    for severity, heading in HEADINGS.items():
        lines = [str(problem) for problem in problems if problem.severity is severity]
        if lines:
            more = len(lines) - len(lines[:at_most])
            rest = [f"… and {more} more (-v shows all)"] if more else []
            sections.append(Section(f"{heading} ({len(lines)})", (*lines[:at_most], *rest)))
    return tuple(sections) or (Section("", ("No problems found.",)),)


def _ratios(instance: Instance | None, ratios: pd.DataFrame | None) -> tuple[Section, ...]:
    if instance is None or ratios is None or ratios.empty:
        return ()
    rows = [
        (
            str(row["measure"]).replace("_", " "),
            str(row["scope"]),
            cells.number(row["value"]),
            str(row["unit"]),
        )
        for row in ratios.to_dict("records")
    ]
    shown = grid(("measure", "of", "value", "unit"), rows)
    return (Section("What the numbers imply", grid=shown),)


def _verdict(
    path: Path, saved: Saved, problems: Sequence[Problem], left_out: Sequence[tuple[str, str, str]]
) -> tuple[Section, ...]:
    title = str(path) if saved.instance is None else saved.instance.settings.title
    if saved.unread:
        heading = f"{title}: the run has {wording.count(len(problems), 'error')}; nothing was counted"
        return (Section(heading, tuple(str(problem) for problem in problems)),)
    line_on_rest = _not_counted(left_out)
    if problems:
        lines = tuple(str(problem) for problem in problems)
        return (
            Section(f"{title}: {wording.count(len(lines), 'disagreement')}", lines),
            Section("", (line_on_rest,)),
        )
    of_today = ", and those of today's capacity" if saved.today else ""
    agreed = (
        f"{title}: the run agrees with its instance. Every balance, capacity, limit, target and cost was counted "
        f"again from its tables{of_today} ({wording.count(len(RULES), 'rule')})."
    )
    return (Section("", (agreed, line_on_rest)),)


def _not_counted(left_out: Sequence[tuple[str, str, str]]) -> str:
    """What no rule counts, with the reason, columns of one table and reason together."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for table, column, why in left_out:
        reasons.setdefault((table, why), []).append(column)
    phrases = [f"{_columns(table, columns)} of {table} ({why})" for (table, why), columns in reasons.items()]
    return f"Not counted: {'; '.join(phrases)}."


def _columns(table: str, columns: Sequence[str]) -> str:
    """The names of columns, or that they are all that the table has."""
    known = {**TABLES, **ANSWERS}
    is_all = table in known and len(columns) == len(known[table].columns)
    return "everything" if is_all else wording.listed(columns, len(columns))
