"""Several runs side by side: in words, as a table of every number, and what was changed from one to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from capplan import wording
from capplan.compare import Comparison, Given, compare, sections
from capplan.errors import UsageError
from capplan.report.workbook.binder import Binder, Entry
from capplan.report.workbook.cells import Column, write_table
from capplan.report.workbook.charts import add_chart_sheet
from capplan.report.workbook.columns import known_names, unique_names
from capplan.report.workbook.over_time import NOBODY_NAMED, Shown
from capplan.report.workbook.summary import write_sections
from capplan.results.cost_items import COST_ITEMS, NOTIONAL, cost_item
from capplan.results.rounding import to_significant_digits
from capplan.results.tables import COSTS
from capplan.runs import Run
from capplan.solved import Solved

KEYS = ["group", "key", "where", "unit"]
NOT_PROVED = "not proved"
"""Beside a difference that the gaps of the two plans leave open."""
_TABLES = (*COSTS.column("key").names_in, "targets", "hospitals")


def add_comparison(binder: Binder, runs: Sequence[tuple[str, Solved]]) -> None:
    """Sheets of the comparison with the first run; where the runs have nothing to compare, the contents say why."""
    given = [Given.saved(name, plan) if isinstance(plan, Run) else Given(name, plan) for name, plan in runs]
    try:
        found = compare(given)
    except UsageError as error:
        binder.contents.append(Entry("", "", f"No comparison: {error}"))
        return
    sheet = binder.add_sheet("Comparison", "The plans side by side, in words and small tables")
    write_sections(binder, sheet, f"Side by side with {found.baseline.name}", sections(found))
    _add_charts(binder, found)
    _add_differences(binder, found)
    _add_drivers(binder, found)


def _add_charts(binder: Binder, found: Comparison) -> None:
    """What is paid by item and by funder, and capacity at the end, a column for each plan."""
    shown = [
        Shown(title, unit, kind, "stacked", _by_run(found, group))
        for title, unit, kind, group in (
            ("Cost by item", "£, cash", "money", "cost_by_item"),
            ("Cost by funder", "£, cash", "money", "cost_by_funder"),
            ("Beds at the end", "beds", "whole", "beds_at_end"),
            ("Staff at the end", "WTE", "number", "wte_at_end"),
            ("Crews at the end", "crews", "whole", "shifts_at_end"),
        )
    ]
    add_chart_sheet(
        binder, "Side by side", "Plans side by side", "cost and capacity of every plan", "Run", shown
    )


def _by_run(found: Comparison, group: str) -> pd.DataFrame:
    """A group of measures, everywhere: one row per run, one column per key; what nobody pays is left out."""
    measures, names = found.measures, _names(found)
    rows = measures[
        (measures["group"] == group) & (measures["where"] == "") & ~measures["key"].isin(NOTIONAL)
    ]
    wide = rows.pivot(index="run", columns="key", values="value").fillna(0.0)
    wide = wide.reindex([one.name for one in found.given]).loc[:, (wide != 0).any()]
    return wide.rename(columns=lambda key: _named(names, key) or NOBODY_NAMED)


def _add_differences(binder: Binder, found: Comparison) -> None:
    """Every measure of every plan, beside its difference from the first one's."""
    wide = side_by_side(found)
    names = _names(found)
    units = list(wide["unit"])
    kinds = [_kind(unit) for unit in units]
    columns = [
        Column("Measure", "word", [_measure(group) for group in wide["group"]]),
        Column("What", "text", [_named(names, key) for key in wide["key"]]),
        Column("Where", "text", [_named(names, key) for key in wide["where"]]),
        Column("Unit", "text", units),
        Column(found.baseline.name, "number", wide["value", found.baseline.name].tolist(), kinds),
    ]
    for other in found.others:
        of, is_open = other.name, wide["is_no_difference", other.name] & (wide["difference", other.name] != 0)
        columns += [
            Column(of, "number", wide["value", of].tolist(), kinds),
            Column(f"{of}: difference", "number", wide["difference", of].tolist(), kinds),
            Column(f"{of}: difference (share)", "share", wide["difference_share", of].tolist()),
            Column(f"{of}: proved", "word", [NOT_PROVED if each else None for each in is_open]),
        ]
    about = "Every number of every plan, and its difference from the first"
    sheet = binder.add_sheet("Differences", about, rows=len(wide))
    write_table(binder, sheet, 0, "differences", columns)
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)


def side_by_side(found: Comparison) -> pd.DataFrame:
    """One row per (group, key, where, unit) in the order of the comparison.

    Columns: those four, and (value | difference | difference_share | is_no_difference, run) for every run.
    """
    measures = to_significant_digits(found.measures)
    order = measures[KEYS].drop_duplicates()
    wide = measures.pivot(index=KEYS, columns="run")
    wide = wide.reindex(pd.MultiIndex.from_frame(order))
    return wide.reset_index().rename(columns=lambda level: level or "")


def _add_drivers(binder: Binder, found: Comparison) -> None:
    """The cells in which the instances differ."""
    drivers = found.drivers
    if drivers.empty:
        binder.contents.append(Entry("", "", "What was changed: nothing, the runs are of one instance", 0))
        return
    about = "What was changed: the cells of the instances that differ from the first"
    sheet = binder.add_sheet("Changes", about, rows=len(drivers))
    columns = [
        Column(wording.sentence(name), "text", [_text(cell) for cell in drivers[name]])
        for name in drivers.columns
    ]
    write_table(binder, sheet, 0, "changes", columns)
    sheet.freeze_panes(1, 1)


def _text(cell: object) -> str | None:
    return None if cell is None or cell == "" or pd.isna(cell) else str(cell)


def _names(found: Comparison) -> Mapping[str, str]:
    """Names by key, the first plan's before the others'."""
    names: dict[str, str] = {}
    for given in reversed(found.given):
        names |= known_names(unique_names(given.solved.instance), ("localities", *_TABLES))
    return names


def _named(names: Mapping[str, str], key: str) -> str | None:
    return names.get(key) or (cost_item(key) if key in COST_ITEMS else key) or None


def _measure(group: str) -> str:
    return wording.sentence(group.replace("_", " ")).replace("Wte", "WTE")


def _kind(unit: str) -> str:
    return "money" if unit.startswith("£") else "share" if unit == "share" else "number"
