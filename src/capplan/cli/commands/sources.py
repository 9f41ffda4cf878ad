"""`capplan sources`: which numbers have a source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capplan import cells
from capplan.cells import Content
from capplan.cli.output import Output, answers
from capplan.cli.paths import INSTANCE
from capplan.sections import Row, Section, grid

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("table", "row", "key", "column", "value", "kind", "source")
SHOWN = 40


@click.command("sources")
@click.argument("instance", type=INSTANCE)
@click.option("--all", "is_all", is_flag=True, help="List every number, not only those without a source.")
@answers
def command(instance: Path, is_all: bool, output: Output) -> None:
    """Say which numbers of an instance have a source.

    Others are an assumption, are derived from other numbers, or have none.

    The source of a number is its row's COLUMN_source, or else the row's source; one that begins with assumption: or
    derived: is told apart. CSV and JSON list every number.

    \b
    Examples:
      capplan sources my-plan
      capplan sources my-plan --all
      capplan sources my-plan --format csv > sources.csv
    """
    import capplan
    from capplan.sources import sources

    numbers = sources(capplan.read(instance))
    output.answer(lambda: _sections(numbers, is_all=is_all), numbers)


def _sections(numbers: pd.DataFrame, *, is_all: bool) -> tuple[Section, ...]:
    """How many numbers of each table have a source, then the numbers that have none (or all of them)."""
    if numbers.empty:
        return (Section("Sources", ("The instance has no numbers.",)),)
    listed = numbers if is_all else numbers[numbers["kind"] == "none"]
    return (_by_table(numbers), _numbers(listed, is_all=is_all))


def _by_table(numbers: pd.DataFrame) -> Section:
    from capplan.sources import sources_summary

    summary = sources_summary(numbers)
    summary.loc["in all"] = summary.sum()
    rows: list[Row] = [
        (str(table), *map(cells.number, row))
        for table, row in zip(summary.index, summary.to_numpy(), strict=True)
    ]
    return Section("Numbers by table", grid=grid(("table", *summary.columns), rows))


def _numbers(listed: pd.DataFrame, *, is_all: bool) -> Section:
    heading = "Every number" if is_all else "Numbers without a source"
    if listed.empty:
        return Section(heading, ("None.",))
    columns = COLUMNS if is_all else COLUMNS[:5]
    rows = [tuple(_cell(row[name]) for name in columns) for row in listed.to_dict("records")]
    return Section(heading, grid=grid(columns, rows, None if is_all else SHOWN, "--format csv"))


def _cell(value: object) -> Content:
    if isinstance(value, str):
        return value
    return cells.number(value) if isinstance(value, float) else cells.exact(value)
