"""The result tables in words: rows for `capplan schema`, a page of the docs, the dictionary of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capplan.results.columns import Column, ResultTable
from capplan.results.cost_items import COST_ITEMS, CostItem
from capplan.results.metrics import METRICS, Metric
from capplan.results.tables import TABLES

HEADINGS = ("column", "kind", "unit", "empty", "holds", "counted by")


def describe(table: ResultTable) -> list[dict[str, str]]:
    """A result table as rows of text.

    One row per column: table, column, kind, unit, required (yes: never empty), allowed (whose names it holds), help,
    counted_by (the rule of the checker, or why none counts it).
    """
    return [
        {
            "table": table.name,
            "column": column.name,
            "kind": column.kind.value,
            "unit": column.unit,
            "required": "no" if column.may_be_empty else "yes",
            "allowed": _allowed(column),
            "help": column.help,
            "counted_by": _counted_by(table, column),
        }
        for column in table.columns
    ]


def not_counted(tables: Iterable[ResultTable] = TABLES.values()) -> tuple[tuple[str, str, str], ...]:
    """Columns that no rule of the checker counts again: table, column, why."""
    return tuple(
        (table.name, column.name, column.not_counted)
        for table in tables
        for column in table.columns
        if column.not_counted
    )


def about(table: ResultTable) -> str:
    """What it holds, and what names its rows."""
    return f"{table.about}. {table.help} {key_of(table)}"


def key_of(table: ResultTable) -> str:
    """What names its rows, in words."""
    return (
        f"One row per {', '.join(table.key)}."
        if len(table.key) == 1
        else f"One row per ({', '.join(table.key)})."
    )


def tables_section(tables: Mapping[str, ResultTable] = TABLES) -> str:
    """Every result table as Markdown: what it holds, its key, its columns."""
    return "\n\n".join(
        "\n\n".join((f"## `{table.name}`", about(table), markdown_table(HEADINGS, _column_rows(table))))
        for table in tables.values()
    )


def items_section() -> str:
    """Every cost item as Markdown: what it is, cash or notional, what it is spent on and booked on."""
    headings = ("item", "what it is", "cash", "spent on", "every year", "key and place")
    return markdown_table(headings, [_item_row(item) for item in COST_ITEMS.values()])


def metrics_section() -> str:
    """Every metric as Markdown: what it counts, in which unit, what it does not look at."""
    headings = ("metric", "counts", "unit", "short by", "filters that change nothing")
    return markdown_table(headings, [_metric_row(metric) for metric in METRICS.values()])


def _counted_by(table: ResultTable, column: Column) -> str:
    """The rules that count a column; of what names the rows, those that say which rows there are."""
    if column.not_counted:
        return f"not counted: {column.not_counted}"
    return ", ".join(table.rows_by if column.name in table.key else column.counted_by)


def _allowed(column: Column) -> str:
    return f"a name in {' or '.join(column.names_in)}" if column.names_in else ""


def _column_rows(table: ResultTable) -> list[tuple[str, ...]]:
    return [
        (
            f"`{row['column']}`",
            row["kind"],
            row["unit"],
            "yes" if row["required"] == "no" else "",
            row["help"],
            row["counted_by"],
        )
        for row in describe(table)
    ]


def _item_row(item: CostItem) -> tuple[str, ...]:
    return (
        f"`{item.name}`",
        item.words,
        "cash" if item.is_cash else "notional",
        "" if item.spending is None else item.spending.value,
        "recurrent" if item.is_recurrent else "non-recurrent",
        "; ".join(on.value for on in item.booked_on),
    )


def _metric_row(metric: Metric) -> tuple[str, ...]:
    return (
        f"`{metric.name}`",
        metric.counts,
        metric.unit,
        metric.shortfall_unit,
        ", ".join(metric.ignored_filters),
    )


def markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
