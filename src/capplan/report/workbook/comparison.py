"""Several runs side by side: in words, as a table of every number, and what was changed from one to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from capplan import wording
from capplan.compare import ComparedRun, Comparison, compare, sections
from capplan.errors import UsageError
from capplan.report.workbook.book import Book, Column, Entry, write_table
from capplan.report.workbook.charts import NOBODY_NAMED, ChartData, add_chart_sheet
from capplan.report.workbook.columns import known_names, unique_names
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


def add_comparison(book: Book, runs: Sequence[tuple[str, Solved]]) -> None:
    """Sheets of the comparison with the first run; where the runs have nothing to compare, the contents say why."""
    compared = [
        ComparedRun.saved(name, plan) if isinstance(plan, Run) else ComparedRun(name, plan)
        for name, plan in runs
    ]
    try:
        comparison = compare(compared)
    except UsageError as error:
        book.contents.append(Entry("", "", f"No comparison: {error}"))
        return
    sheet = book.add_sheet("Comparison", "The plans side by side, in words and small tables")
    write_sections(book, sheet, f"Side by side with {comparison.baseline.name}", sections(comparison))
    _add_charts(book, comparison)
    _add_differences(book, comparison)
    _add_drivers(book, comparison)


def _add_charts(book: Book, comparison: Comparison) -> None:
    """What is paid by item and by funder, and capacity at the end, a column for each plan."""
    charts = [
        ChartData(title, unit, kind, "stacked", _by_run(comparison, group))
        for title, unit, kind, group in (
            ("Cost by item", "£, cash", "money", "cost_by_item"),
            ("Cost by funder", "£, cash", "money", "cost_by_funder"),
            ("Beds at the end", "beds", "whole", "beds_at_end"),
            ("Staff at the end", "WTE", "number", "wte_at_end"),
            ("Crews at the end", "crews", "whole", "shifts_at_end"),
        )
    ]
    add_chart_sheet(
        book, "Side by side", "Plans side by side", "cost and capacity of every plan", "Run", charts
    )


def _by_run(comparison: Comparison, group: str) -> pd.DataFrame:
    """A group of measures, everywhere: one row per run, one column per key; what nobody pays is left out."""
    measures, names = comparison.measures, _names(comparison)
    rows = measures[
        (measures["group"] == group) & (measures["where"] == "") & ~measures["key"].isin(NOTIONAL)
    ]
    wide = rows.pivot(index="run", columns="key", values="value").fillna(0.0)
    wide = wide.reindex([run.name for run in comparison.runs]).loc[:, (wide != 0).any()]
    return wide.rename(columns=lambda key: _named(names, key) or NOBODY_NAMED)


def _add_differences(book: Book, comparison: Comparison) -> None:
    """Every measure of every plan, beside its difference from the first one's."""
    wide = side_by_side(comparison)
    names = _names(comparison)
    units = list(wide["unit"])
    kinds = [_kind(unit) for unit in units]
    columns = [
        Column("Measure", "word", [_measure(group) for group in wide["group"]]),
        Column("What", "text", [_named(names, key) for key in wide["key"]]),
        Column("Where", "text", [_named(names, key) for key in wide["where"]]),
        Column("Unit", "text", units),
        Column(comparison.baseline.name, "number", wide["value", comparison.baseline.name].tolist(), kinds),
    ]
    for other in comparison.others:
        name, is_open = (
            other.name,
            wide["is_no_difference", other.name] & (wide["difference", other.name] != 0),
        )
        columns += [
            Column(name, "number", wide["value", name].tolist(), kinds),
            Column(f"{name}: difference", "number", wide["difference", name].tolist(), kinds),
            Column(f"{name}: difference (share)", "share", wide["difference_share", name].tolist()),
            Column(f"{name}: proved", "word", [NOT_PROVED if each else None for each in is_open]),
        ]
    about = "Every number of every plan, and its difference from the first"
    sheet = book.add_sheet("Differences", about, rows=len(wide))
    write_table(book, sheet, 0, "differences", columns)
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)


def side_by_side(comparison: Comparison) -> pd.DataFrame:
    """One row per (group, key, where, unit) in the order of the comparison.

    Columns: those four, and (value | difference | difference_share | is_no_difference, run) for every run.
    """
    measures = to_significant_digits(comparison.measures)
    order = measures[KEYS].drop_duplicates()
    wide = measures.pivot(index=KEYS, columns="run")
    wide = wide.reindex(pd.MultiIndex.from_frame(order))
    return wide.reset_index().rename(columns=lambda level: level or "")


def _add_drivers(book: Book, comparison: Comparison) -> None:
    """The cells in which the instances differ."""
    drivers = comparison.drivers
    if drivers.empty:
        book.contents.append(Entry("", "", "What was changed: nothing, the runs are of one instance", 0))
        return
    about = "What was changed: the cells of the instances that differ from the first"
    sheet = book.add_sheet("Changes", about, rows=len(drivers))
    columns = [
        Column(wording.sentence(name), "text", [_text(cell) for cell in drivers[name]])
        for name in drivers.columns
    ]
    write_table(book, sheet, 0, "changes", columns)
    sheet.freeze_panes(1, 1)


def _text(cell: object) -> str | None:
    return None if cell is None or cell == "" or pd.isna(cell) else str(cell)


def _names(comparison: Comparison) -> Mapping[str, str]:
    """Names by key, the first plan's before the others'."""
    names: dict[str, str] = {}
    for run in reversed(comparison.runs):
        names |= known_names(unique_names(run.solved.instance), ("localities", *_TABLES))
    return names


def _named(names: Mapping[str, str], key: str) -> str | None:
    return names.get(key) or (cost_item(key) if key in COST_ITEMS else key) or None


def _measure(group: str) -> str:
    return wording.sentence(group.replace("_", " ")).replace("Wte", "WTE")


def _kind(unit: str) -> str:
    return "money" if unit.startswith("£") else "share" if unit == "share" else "number"
