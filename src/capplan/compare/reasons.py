"""What separates the plans, in words: scenarios, overrides, options, and the cells that changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capplan import cells, wording
from capplan.cells import Content
from capplan.compare.comparison import Comparison
from capplan.compare.drivers import A_ROW, NO_ROW, Change, alike
from capplan.compare.given import Given
from capplan.sections import Grid, Row, Section

SHOWN = 8
COLUMNS = ("run", "table", "rows", "column", "change")


def what_separates(comparison: Comparison) -> Section:
    """What each plan was asked, and how its instance differs from the baseline's, many cells alike as one line."""
    asked = [text for given in comparison.given if (text := _asked(given))]
    rows, more = [], []
    for given in comparison.others:
        found = alike(comparison.drivers[comparison.drivers["run"] == given.name])
        rows += [(given.name, *_row(change)) for change in found[:SHOWN]]
        if len(found) > SHOWN:
            more.append(f"{given.name}: {len(found) - SHOWN} more changes")
        if not found:
            asked.append(f"{given.name}: its instance is {comparison.baseline.name}'s.")
    left_out = f"… and {wording.listed(more, SHOWN, '; ')} (see --format json)" if more else ""
    table = Grid(COLUMNS, tuple(rows), left_out) if rows else None
    return Section("What separates them", tuple(asked), table)


def _asked(given: Given) -> str:
    parts = [*_options(given), *([f"scenario {given.scenario}"] if given.scenario else []), *given.overrides]
    return f"{given.name}: {wording.listed(parts, SHOWN, '; ')}." if parts else ""


def _options(given: Given) -> Iterator[str]:
    if given.solved.is_as_is:
        yield "today's capacity, fixed"
    if given.solved.is_best_effort:
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
