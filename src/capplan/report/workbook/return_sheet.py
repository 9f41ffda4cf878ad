"""The planning return as a sheet: pathways and directions in rows, April to March in columns, a block a year."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from capplan import wording
from capplan.horizon import Horizon
from capplan.report.workbook.book import Book, Column, write_cell, write_table
from capplan.report.workbook.columns import unique_names
from capplan.report.workbook.summary import write_line
from capplan.results.tables import PLANNING_RETURN
from capplan.solved import Solved

MEASURE_NAMES = {
    "demand": "Demand",
    "commissioned": "Commissioned capacity",
    "spot": "Spot capacity",
    "gap": "Gap (demand less capacity)",
}
DIRECTION_NAMES = {"step_down": "Step-down", "step_up": "Step-up", "community": "Community"}
ALL = "All pathways"
SHOWS = 0.05
"""A gap below this is none: it rounds to 0.0 [people]."""
DEFINITION = (
    "Everything is counted in people who start care in the month (new packages), as the return asks; nobody is "
    "counted twice, and what a person needs after the first package (onward care) starts nothing here.",
    "Demand: people referred in the month. People left waiting from earlier months are not in it again.",
    "Commissioned capacity: starts that block capacity allows in the month: those of the plan that beds, teams and "
    "crews bought for a period carry, and those that the room left in them would still allow.",
    "A start is carried by block capacity as far as block capacity covers what people in care use in that month at "
    "the unit, team or crew that covers least of it; the rest of the start is carried by spot capacity.",
    "Room left is what block capacity allows (beds at the occupancy allowed, hours after travel) less what people in "
    "care use, turned into starts at the stay and hours of each package: a free bed for 30 days is one start with a "
    "stay of 30 days. Pathways that share beds or teams share the room in the plan's own mix of starts; where the "
    "plan starts nobody, in the mix of the people referred who could start there. Where a package needs several "
    "things, what has least room decides.",
    "Spot capacity: starts of the plan that spot beds, agency hours and spot care carry.",
    "Gap: demand less commissioned less spot capacity. Above 0: capacity is missing, people wait or go without. "
    "Below 0: capacity to spare. A return that asks for the surplus means the same number with the sign turned.",
    "Months that are not in the plan are empty. Weeks and quarters are spread over their months by days.",
)
"""What the numbers mean, a paragraph each: the sheet and the docs print them."""
MEASURES = [column.name for column in PLANNING_RETURN.columns if column.is_number]
DIGITS = 9
"""Decimals of a sum: beyond them is the rounding of its parts [people]."""
_KEYS = ("Direction", "Pathway", "Measure (people)")
_COLUMNS_OF_TEXT = 10
_LINE = {"bottom": 1, "bottom_color": "#A6A6A6"}
_MISSING = {"font_color": "#9C0006", "bg_color": "#FFC7CE", "bold": True}


def add_return(book: Book, plan: Solved, run: str) -> None:
    """The sheet, with what its numbers mean below the tables."""
    about = "Demand, commissioned and spot capacity and gap by pathway and month, for the annual return"
    sheet = book.add_sheet("Return" if run else "Planning return", about, run=run)
    title = plan.instance.settings.title
    heading = "Planning return: demand and capacity by pathway and month"
    sheet.write_string(0, 0, heading, book.look("word", bold=True, font_size=16))
    sheet.write_string(1, 0, f"{title} - {run}" if run else title, book.look("text"))
    row = 3
    for year, block in blocks(plan):
        sheet.write_string(row, 0, year, book.look("word", bold=True, font_size=13))
        row = _write_block(book, sheet, row + 1, f"return {year} {run}", block) + 2
    sheet.write_string(row, 0, "What the numbers mean", book.look("word", bold=True, font_size=13))
    for below, paragraph in enumerate(DEFINITION, start=row + 1):
        write_line(book, sheet, below, paragraph, _COLUMNS_OF_TEXT)
    sheet.freeze_panes(0, len(_KEYS))


def blocks(plan: Solved) -> Iterator[tuple[str, pd.DataFrame]]:
    """Financial years with their numbers.

    One row per (direction, pathway, measure), the pathways of a direction together where there are several; a column
    for each of the year's twelve months (the ISO date of its first day; empty outside the plan) and one, `year`, for
    their sum [people].
    """
    horizon = Horizon.of(plan.instance.settings)
    table = plan.tables[PLANNING_RETURN.name]
    names = unique_names(plan.instance)["pathways"]
    table = table.assign(pathway=table["pathway"].map(names))
    year_of = table["month"].map(lambda day: horizon.financial_year(datetime.date.fromisoformat(day)))
    for year, rows in table.groupby(year_of, sort=True):
        months = _months_of_year(rows["month"].min(), horizon.year_starts)
        yield str(year), _block(rows, months)


def _months_of_year(day: str, year_starts: int) -> list[str]:
    """The twelve months of the financial year of a day."""
    date = datetime.date.fromisoformat(day)
    first = date.year * 12 + year_starts - 1 - (12 if date.month < year_starts else 0)
    return [datetime.date(month // 12, month % 12 + 1, 1).isoformat() for month in range(first, first + 12)]


def _block(rows: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    parts = []
    for _, of_direction in rows.groupby("direction", sort=False):
        if of_direction["pathway"].nunique() > 1:
            sums = of_direction.groupby(["direction", "month"], as_index=False)[list(MEASURES)].sum()
            parts += [of_direction, sums.assign(pathway=ALL)]
        else:
            parts.append(of_direction)
    long = pd.concat(parts).melt(["direction", "pathway", "month"], list(MEASURES), "measure", "people")
    order = list(dict.fromkeys(pd.concat(parts)[["direction", "pathway"]].itertuples(index=False, name=None)))
    wide = long.pivot(index=["direction", "pathway", "measure"], columns="month", values="people")
    keys = [(*pathway, measure) for pathway in order for measure in MEASURES]
    wide = wide.reindex(index=pd.MultiIndex.from_tuples(keys, names=wide.index.names), columns=months)
    return wide.assign(year=wide.sum(axis=1).round(DIGITS) + 0.0)


def _write_block(book: Book, sheet: Worksheet, row: int, name: str, block: pd.DataFrame) -> int:
    keys = list(block.index)
    columns = [
        Column(_KEYS[0], "word", [DIRECTION_NAMES[direction] for direction, _, _ in keys]),
        Column(_KEYS[1], "text", [pathway for _, pathway, _ in keys]),
        Column(_KEYS[2], "word", [MEASURE_NAMES[measure] for _, _, measure in keys]),
        *(Column(_heading(month), "number", block[month].tolist()) for month in block.columns),
    ]
    last = write_table(book, sheet, row, name, columns)
    _mark_gaps(book, sheet, row + 1, columns)
    return last


def _heading(month: str) -> str:
    return "Year" if month == "year" else wording.short_date(month).split(" ", 1)[1]


def _mark_gaps(book: Book, sheet: Worksheet, first: int, columns: Sequence[Column]) -> None:
    """A line under every gap, the last of a pathway's rows; gaps that show stand out, by weight as well as colour."""
    measures = columns[len(_KEYS) - 1].cells
    gaps = [n for n, measure in enumerate(measures) if measure == MEASURE_NAMES["gap"]]
    for position, column in enumerate(columns):
        for n in gaps:
            people = column.cells[n]
            shows = isinstance(people, float) and people >= SHOWS
            write_cell(
                book,
                sheet,
                first + n,
                position,
                people,
                column.kind,
                **_LINE,
                **(_MISSING if shows else {}),
            )
