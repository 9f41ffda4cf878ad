"""Cells of result tables for people: display names for keys, words for items, kinds of numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capplan.digest.names import Names, display_names
from capplan.instance import Instance
from capplan.results.columns import Column, Kind
from capplan.results.cost_items import cost_item
from capplan.results.metrics import METRICS
from capplan.results.tables import ACUTE_WARD
from capplan.schema.tables import TABLES

OF_TARGETS = ("baseline", "today_gives", "required", "achieved", "shortfall")
WORDS = {"min": "at least", "max": "at most"}


def unique_names(instance: Instance) -> Names:
    """Display names by table; two things of one name in a table are told apart by their keys."""
    names_by_table = {}
    for table, names in display_names(instance).items():
        is_repeated = pd.Series(list(names.values())).duplicated(keep=False)
        names_by_table[table] = {
            key: f"{name} ({key})" if repeated and name != key else str(name)
            for (key, name), repeated in zip(names.items(), is_repeated, strict=True)
        }
    return names_by_table


def cells(instance: Instance, column: Column, values: pd.Series) -> list[object]:
    """The cells of a column as people read them: names for keys, words for items, numbers as they are."""
    if column.names_in:
        names = known_names(unique_names(instance), column.names_in)
        return [names.get(key, _words(key)) for key in values]
    if column.name == "item":
        return [cost_item(key) for key in values]
    if column.kind is Kind.WORD and column.name != "measure":
        return [WORDS.get(key, _words(key)) for key in values]
    if values.dtype == object or not column.is_number:
        return [None if cell is None or cell == "" else cell for cell in values.astype(object)]
    numbers: list[object] = values.astype(float).tolist()
    return numbers


def shown_as(column: Column) -> str:
    """How a workbook shows its cells: a name of `wording.EXCEL_FORMATS`."""
    if column.is_number or column.kind is Kind.DATE:
        return column.kind.value
    return "text"


def known_names(names: Names, tables: Sequence[str]) -> dict[str, str]:
    """Names by key; a key that means different things in these tables is not in it."""
    names_by_key: dict[str, set[str]] = {}
    for table in tables:
        for key, name in names[table].items():
            names_by_key.setdefault(key, set()).add(name)
    return {key: next(iter(several)) for key, several in names_by_key.items() if len(several) == 1}


def _words(key: object) -> str | None:
    """A key that has no name: as it is, but for those of our own (`acute_ward`, `per_month`)."""
    return str(key).replace("_", " ") if key in OUR_WORDS else (str(key) or None)


OUR_WORDS = frozenset({ACUTE_WARD, *TABLES["targets"].column("unit").choices, *METRICS})
"""Words of ours that are written with underscores in the tables."""


def kinds(table: str, column: str, frame: pd.DataFrame) -> list[str] | None:
    """The kind of each cell where a column holds amounts of several units; None where they are all alike."""
    if table == "summary" and column == "value":
        return ["money" if unit.startswith("£") else "number" for unit in frame["unit"]]
    if table == "targets" and column in OF_TARGETS:
        return [_kind_of_target(column, metric) for metric in frame["metric"]]
    return None


def _kind_of_target(column: str, metric: str) -> str:
    counts = METRICS[metric]
    unit = counts.shortfall_unit if column == "shortfall" else counts.unit
    return {"£": "money", "share": "share"}.get(unit, "number")
