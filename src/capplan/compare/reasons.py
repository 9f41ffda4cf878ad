"""What separates the plans, in words: scenarios, overrides, options, and the cells that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from capplan import cells, wording
from capplan.cells import Content
from capplan.compare.comparison import Comparison
from capplan.compare.drivers import A_ROW, NEAR, NO_ROW
from capplan.compare.runs_compared import ComparedRun
from capplan.sections import Grid, Row, Section

SHOWN = 8
COLUMNS = ("run", "table", "rows", "column", "change")


def what_separates(comparison: Comparison) -> Section:
    """What each plan was asked, and how its instance differs from the baseline's, many cells alike as one line."""
    sentences = [text for run in comparison.runs if (text := _what_was_asked(run))]
    rows, more = [], []
    for run in comparison.others:
        changes = grouped_changes(comparison.drivers[comparison.drivers["run"] == run.name])
        rows += [(run.name, *_row(change)) for change in changes[:SHOWN]]
        if len(changes) > SHOWN:
            more.append(f"{run.name}: {len(changes) - SHOWN} more changes")
        if not changes:
            sentences.append(f"{run.name}: its instance is {comparison.baseline.name}'s.")
    left_out = f"… and {wording.listed(more, SHOWN, '; ')} (see --format json)" if more else ""
    table = Grid(COLUMNS, tuple(rows), left_out) if rows else None
    return Section("What separates them", tuple(sentences), table)


def _what_was_asked(run: ComparedRun) -> str:
    parts = [
        *_kind_of_plan(run),
        *([f"scenario {run.scenario}"] if run.scenario else []),
        *run.overrides,
    ]
    return f"{run.name}: {wording.listed(parts, SHOWN, '; ')}." if parts else ""


def _kind_of_plan(run: ComparedRun) -> Iterator[str]:
    if run.solved.is_as_is:
        yield "today's capacity, fixed"
    if run.solved.is_best_effort:
        yield "best effort"


def _row(change: Change) -> Row:
    rows = change.rows[0] if len(change.rows) == 1 else f"{len(change.rows)} rows"
    shared = change.shared if len(change.rows) > 1 else ""
    return change.table, f"{rows}: {shared}" if shared else rows, change.column, _change(change)


def _change(change: Change) -> Content:
    if change.factor is not None:
        return cells.said("× ", cells.exact(change.factor))
    if change.added is not None:
        return cells.exact_change(change.added)
    if (change.before, change.after) in ((NO_ROW, A_ROW), (A_ROW, NO_ROW)):
        return "added" if change.before == NO_ROW else "left out"
    return cells.with_note(_cell(change.before), " → ", _cell(change.after))


def _cell(value: Any) -> Content:
    """A cell as a planner writes it: numbers in full."""
    if cells.is_unknown(value):
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return cells.exact(value) if isinstance(value, (int, float)) else str(value)


@dataclass(frozen=True)
class Change:
    """Cells of one column that changed alike: `rows` as in overrides, `before` and `after` of the first of them.

    `factor` or `added` where the numbers differ and all were multiplied by it, or had it added.
    """

    table: str
    column: str
    rows: tuple[str, ...]
    before: Any
    after: Any
    factor: float | None = None
    added: float | None = None

    @property
    def shared(self) -> str:
        """What the keys of all rows have in common."""
        parts = [row.split(",") for row in self.rows]
        return ",".join(part for part in parts[0] if all(part in other for other in parts))


def grouped_changes(cells: pd.DataFrame) -> list[Change]:
    """The changes of one run, those that are alike together, in the order of the tables."""
    changes = []
    for (table, column), of_column in cells.groupby(["table", "column"], sort=False):
        changes += _grouped(str(table), str(column), of_column.to_dict("records"))
    return changes


def _grouped(table: str, column: str, cells: Sequence[dict[str, Any]]) -> list[Change]:
    by_change: dict[tuple[Any, Any], list[str]] = {}
    for cell in cells:
        by_change.setdefault((cell["from"], cell["to"]), []).append(cell["row"])
    pairs = list(by_change)
    rows = tuple(cell["row"] for cell in cells)
    if len(pairs) > 1 and all(_is_number(value) for pair in pairs for value in pair):
        factors = {after / before if before else None for before, after in pairs}
        if _all_near(factors):
            return [Change(table, column, rows, *pairs[0], factor=next(iter(factors)))]
        steps = {after - before for before, after in pairs}
        if _all_near(steps):
            return [Change(table, column, rows, *pairs[0], added=next(iter(steps)))]
    return [Change(table, column, tuple(rows_of_pair), *pair) for pair, rows_of_pair in by_change.items()]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _all_near(numbers: set[Any]) -> bool:
    if None in numbers:
        return False
    return bool(max(numbers) - min(numbers) <= NEAR * max(abs(number) for number in numbers))
