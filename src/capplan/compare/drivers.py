"""What separates the plans: the cells in which their instances differ, many alike told as one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from capplan.compare.runs_compared import ComparedRun
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


def changed_cells(baseline: ComparedRun, other: ComparedRun) -> pd.DataFrame:
    """The cells in which two plans' instances differ.

    One row per (table, row, column): run, from (the baseline's), to (this run's). `row` is written as in an override
    (`pathway=crisis`); the settings are the table `instance`; a row that only one of them has says so with an empty
    column. Where one plan has today's capacity fixed, today's is fixed in the other too before they are held together.
    """
    instance, other_instance = baseline.solved.instance, other.solved.instance
    if baseline.solved.is_as_is != other.solved.is_as_is:
        instance = as_is(instance) if other.solved.is_as_is else instance
        other_instance = as_is(other_instance) if baseline.solved.is_as_is else other_instance
    cells = [*_settings(instance, other_instance)]
    for table in TABLES:
        if table not in ASKS:
            cells += _in_table(table, instance, other_instance)
    return pd.DataFrame([(other.name, *cell) for cell in cells], columns=list(COLUMNS))


def _settings(instance: Instance, other: Instance) -> Iterator[tuple[Any, ...]]:
    before, now = instance.settings.model_dump(mode="json"), other.settings.model_dump(mode="json")
    for name, value in before.items():
        if name not in WORDS and not _same(value, now[name]):
            yield SETTINGS, "", name, value, now[name]


def _in_table(table: str, instance: Instance, other: Instance) -> Iterator[tuple[Any, ...]]:
    if instance.written[table].equals(other.written[table]):
        return
    before, now = _by_key(table, instance), _by_key(table, other)
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
    rows_by_key: dict[tuple[str, int], dict[str, Any]] = {}
    for row in frame.to_dict("records"):
        text = ",".join(f"{name}={_key_text(row[name])}" for name in key if not _is_empty(row[name]))
        again = 0
        while (text, again) in rows_by_key:
            again += 1
        rows_by_key[text, again] = {str(name): value for name, value in row.items() if name not in ignored}
    return rows_by_key


def _key_text(value: Any) -> str:
    """A key's part as an override writes it."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_empty(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _same(before: Any, now: Any) -> bool:
    if _is_empty(before) or _is_empty(now):
        return _is_empty(before) and _is_empty(now)
    if isinstance(before, float) and isinstance(now, float):
        return math.isclose(before, now, rel_tol=NEAR)
    return bool(before == now)


def _plain(value: Any) -> Any:
    """A cell as it is written: dates as ISO text, nothing as nothing."""
    if _is_empty(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return value.item() if hasattr(value, "item") else value
