"""What separates the plans: the cells in which their instances differ, many alike told as one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from capplan.compare.given import Given
from capplan.instance import Instance
from capplan.schema.tables import TABLES
from capplan.today import as_is

COLUMNS = ("run", "table", "row", "column", "from", "to")
SETTINGS = "instance"
ASKS = frozenset({"scenarios", "ranges"})
"""Tables that ask further questions, and say nothing about the one at hand."""
WORDS = frozenset({"name", "title", "description"})
"""What is only read by people."""
NEAR = 1e-9
NO_ROW, A_ROW = "no row", "a row"


def changed_cells(baseline: Given, other: Given) -> pd.DataFrame:
    """The cells in which two plans' instances differ.

    One row per (table, row, column): run, from (the baseline's), to (this run's). `row` is written as in an override
    (`pathway=crisis`); the settings are the table `instance`; a row that only one of them has says so with an empty
    column. Where one plan has today's capacity fixed, today's is fixed in the other too before they are held together.
    """
    one, two = baseline.solved.instance, other.solved.instance
    if baseline.solved.is_as_is != other.solved.is_as_is:
        one = as_is(one) if other.solved.is_as_is else one
        two = as_is(two) if baseline.solved.is_as_is else two
    cells = [*_settings(one, two)]
    for table in TABLES:
        if table not in ASKS:
            cells += _in_table(table, one, two)
    return pd.DataFrame([(other.name, *cell) for cell in cells], columns=list(COLUMNS))


def _settings(one: Instance, two: Instance) -> Iterator[tuple[Any, ...]]:
    before, now = one.settings.model_dump(mode="json"), two.settings.model_dump(mode="json")
    for name, value in before.items():
        if name not in WORDS and not _same(value, now[name]):
            yield SETTINGS, "", name, value, now[name]


def _in_table(table: str, one: Instance, two: Instance) -> Iterator[tuple[Any, ...]]:
    if one.written[table].equals(two.written[table]):
        return
    before, now = _by_key(table, one), _by_key(table, two)
    for key in {**before, **now}:
        row = key[0]
        if key not in before or key not in now:
            yield table, row, "", *((A_ROW, NO_ROW) if key in before else (NO_ROW, A_ROW))
            continue
        for name, old in before[key].items():
            if not _same(old, now[key][name]):
                yield table, row, name, _plain(old), _plain(now[key][name])


def _by_key(table: str, instance: Instance) -> dict[tuple[str, int], dict[str, Any]]:
    """The rows of a table as the model reads it, by the text of their key and a number that keeps equal keys apart."""
    frame = instance.table(table)
    key = [name for name in TABLES[table].key if name in frame.columns]
    ignored = {*key, *WORDS}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for row in frame.to_dict("records"):
        text = ",".join(f"{name}={_key_text(row[name])}" for name in key if not _is_empty(row[name]))
        again = 0
        while (text, again) in found:
            again += 1
        found[text, again] = {str(name): value for name, value in row.items() if name not in ignored}
    return found


def _key_text(value: Any) -> str:
    """A key's part as an override writes it."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_empty(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _same(one: Any, two: Any) -> bool:
    if _is_empty(one) or _is_empty(two):
        return _is_empty(one) and _is_empty(two)
    if isinstance(one, float) and isinstance(two, float):
        return math.isclose(one, two, rel_tol=NEAR)
    return bool(one == two)


def _plain(value: Any) -> Any:
    """A cell as it is written: dates as ISO text, nothing as nothing."""
    if _is_empty(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return value.item() if hasattr(value, "item") else value


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


def alike(cells: pd.DataFrame) -> list[Change]:
    """The changes of one run, those that are alike together, in the order of the tables."""
    found = []
    for (table, column), own in cells.groupby(["table", "column"], sort=False):
        found += _together(str(table), str(column), own.to_dict("records"))
    return found


def _together(table: str, column: str, cells: Sequence[dict[str, Any]]) -> list[Change]:
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
    return [Change(table, column, tuple(own), *pair) for pair, own in by_change.items()]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _all_near(numbers: set[Any]) -> bool:
    if None in numbers:
        return False
    return bool(max(numbers) - min(numbers) <= NEAR * max(abs(number) for number in numbers))
