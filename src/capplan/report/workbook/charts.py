"""Sheets of native charts, each beside the table that it draws: capacity, occupancy, waiting and cost by funder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from capplan import wording
from capplan.funding import NOBODY
from capplan.horizon import Horizon
from capplan.parameters.units import beds_available
from capplan.report.workbook.book import Book, Column, write_table
from capplan.report.workbook.columns import unique_names
from capplan.results.cost_items import NOTIONAL
from capplan.solved import Solved

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D1F", "#5A5A5A")
"""Colours that people who see few of them can tell apart (after Okabe and Ito, without the yellow: too pale)."""
MOST_SERIES = len(COLOURS)
_MANY = 12
_AXIS = {"share": "percent", "number": "word"}
"""How the axis shows what a table shows with decimals."""
OTHERS = "All others"
_WIDTH, _HEIGHT, _ROW_HEIGHT = 760, 360, 20
_LEFTMOST = 5
_ROWS = _HEIGHT // _ROW_HEIGHT + 2
SPOT_BEDS = "Spot beds"
NOBODY_NAMED = "Nobody is named"


@dataclass(frozen=True)
class ChartData:
    """A chart: title, unit of its axis, kind of its numbers, its form, and a frame of one column per series.

    Forms: `stacked` (columns on top of each other) and `lines`. The index has periods as ISO dates, or years.
    """

    title: str
    unit: str
    kind: str
    form: str
    frame: pd.DataFrame


def add_charts(book: Book, plan: Solved, run: str) -> None:
    """Sheets of capacity over time, of occupancy and waiting, and of cost by funder."""
    sheets = (
        ("Capacity", "Capacity over time", "beds, staff and crews by period", _capacity(plan)),
        ("Occupancy", "Occupancy and waiting", "how full beds are, who waits", _occupancy_and_waiting(plan)),
        ("Funders", "Cost by funder", "what each funder pays by financial year", [_cost_by_funder(plan)]),
    )
    for name, title, about, charts in sheets:
        heading = "Year" if name == "Funders" else "Period from"
        add_chart_sheet(book, name, title, about, heading, tuple(charts), run=run)


def add_chart_sheet(
    book: Book, name: str, title: str, about: str, heading: str, charts: Sequence[ChartData], *, run: str = ""
) -> None:
    """A sheet of charts with the tables that they draw, the first column under `heading`; none of empty ones alone."""
    not_empty = [_with_fewer_series(chart) for chart in charts if len(chart.frame.columns)]
    if not_empty:
        sheet = book.add_sheet(name, f"Charts: {about}", run=run)
        sheet.write_string(0, 0, title, book.look("word", bold=True, font_size=16))
        _fill(book, sheet, run, heading, not_empty)


def _fill(book: Book, sheet: Worksheet, run: str, heading: str, charts: Sequence[ChartData]) -> None:
    """One table below the other, their charts in a column of their own to the right."""
    row, right = 2, max(_LEFTMOST, *(len(chart.frame.columns) + 2 for chart in charts))
    for chart in charts:
        last = _write_table(book, sheet, row, heading, chart, run)
        place = {"object_position": 2, "description": _described(chart)}
        sheet.insert_chart(row, right, _chart(book, sheet, chart, row + 2, last), place)
        row = max(last, row + _ROWS) + 2


def _with_fewer_series(chart: ChartData) -> ChartData:
    """The largest series, and one of all others where they can be added up."""
    if len(chart.frame.columns) <= MOST_SERIES:
        return chart
    largest = chart.frame.abs().sum().sort_values(ascending=False, kind="stable").index[: MOST_SERIES - 1]
    kept = chart.frame[[name for name in chart.frame.columns if name in set(largest)]].copy()
    if chart.form == "stacked":
        kept[OTHERS] = chart.frame.drop(columns=list(kept.columns)).sum(axis=1)
    return ChartData(chart.title, chart.unit, chart.kind, chart.form, kept)


def _write_table(book: Book, sheet: Worksheet, row: int, heading: str, chart: ChartData, run: str) -> int:
    """The numbers of a chart under its title; returns the last row."""
    sheet.write_string(row, 0, f"{chart.title} ({chart.unit})", book.look("word", bold=True, font_size=12))
    when = Column(heading, "date" if heading.startswith("Period") else "text", list(chart.frame.index))
    series = [Column(str(name), chart.kind, chart.frame[name].tolist()) for name in chart.frame.columns]
    return write_table(book, sheet, row + 1, f"{chart.title} {run}", [when, *series])


def _chart(book: Book, sheet: Worksheet, chart: ChartData, first: int, last: int) -> object:
    kind = {"type": "line"} if chart.form == "lines" else {"type": "column", "subtype": "stacked"}
    native = book.workbook.add_chart(kind)
    for position in range(1, len(chart.frame.columns) + 1):
        colour = COLOURS[(position - 1) % len(COLOURS)]
        look = (
            {"line": {"color": colour, "width": 2.25}}
            if chart.form == "lines"
            else {"fill": {"color": colour}}
        )
        # Names by reference: an instance's text is never read as a formula.
        native.add_series(
            {
                "name": [sheet.name, first - 1, position],
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, position, last, position],
                "gap": 40,
                **look,
            }
        )
    formats = wording.EXCEL_FORMATS
    along = {"num_format": formats["month"], "text_axis": True}
    if len(chart.frame) > _MANY:
        along["num_font"] = {"rotation": -45}
    native.set_x_axis(along)
    native.set_y_axis(
        {"num_format": formats[_AXIS.get(chart.kind, chart.kind)], **({"min": 0} if _is_above(chart) else {})}
    )
    native.set_title({"name": f"{chart.title} ({chart.unit})", "name_font": {"size": 13}, "overlay": False})
    native.set_legend({"position": "bottom"})
    native.set_size({"width": _WIDTH, "height": _HEIGHT})
    return native


def _is_above(chart: ChartData) -> bool:
    return bool((chart.frame.fillna(0.0) >= 0).all(axis=None))


def _described(chart: ChartData) -> str:
    """The chart in words, for those who cannot see it: where its numbers stand."""
    return f"Chart: {chart.title} ({chart.unit}). The table to its left has its numbers."


def _capacity(plan: Solved) -> Iterator[ChartData]:
    """Beds open by type with spot beds [beds], posts by role [WTE] and crews by shift type, by period."""
    names = unique_names(plan.instance)
    beds = _wide(plan, "beds", "bed_type", "beds_open").rename(columns=names["bed_types"])
    spot = _wide(plan, "beds", "bed_type", "spot_beds").sum(axis=1)
    if spot.any():
        beds[SPOT_BEDS] = spot
    wte = _wide(plan, "staff", "role", "wte").rename(columns=names["roles"])
    crews = _wide(plan, "shifts", "shift_type", "shifts_on_duty").rename(columns=names["shift_types"])
    yield ChartData("Beds open by type", "beds", "whole", "stacked", beds)
    yield ChartData("Staff in post by role", "WTE", "number", "stacked", wte)
    yield ChartData("Crews on duty by shift", "crews", "whole", "stacked", crews)


def _occupancy_and_waiting(plan: Solved) -> Iterator[ChartData]:
    """Occupancy by bed type [0-1, of beds that can be had and spot beds] and who waits at the end of each period."""
    names = unique_names(plan.instance)
    beds = plan.tables["beds"]
    had = beds.assign(had=beds_available(plan.instance, beds) + beds["spot_beds"])
    sums = had.groupby(["period", "bed_type"])[["people_in_care", "had"]].sum()
    share = (sums["people_in_care"] / sums["had"].where(sums["had"] > 0)).unstack("bed_type")
    share = share.reindex(list(Horizon.of(plan.instance.settings).periods)).dropna(axis=1, how="all")
    yield ChartData(
        "Occupancy by bed type", "share", "share", "lines", share.rename(columns=names["bed_types"])
    )
    waiting = _wide(plan, "waiting", "pathway", "waiting_at_end").rename(columns=names["pathways"])
    yield ChartData("People waiting at the end, by pathway", "people", "number", "stacked", waiting)


def _cost_by_funder(plan: Solved) -> ChartData:
    """What is paid by funder and financial year [£, cash]; what nobody pays (waiting, unmet) is not in it."""
    costs = plan.tables["costs"]
    paid = costs[(costs["funder"] != NOBODY) | ~costs["item"].isin(NOTIONAL)]
    horizon = Horizon.of(plan.instance.settings)
    year = paid["period"].map(dict(zip(horizon.periods, horizon.years, strict=True))).rename("year")
    sums = paid["gbp"].groupby([year, paid["funder"]]).sum().unstack("funder")
    sums = sums.reindex(list(horizon.share_of_year)).fillna(0.0)
    return ChartData(
        "Cost by funder", "£, cash", "money", "stacked", sums.rename(columns={NOBODY: NOBODY_NAMED})
    )


def _wide(plan: Solved, table: str, key: str, value: str) -> pd.DataFrame:
    """A column of a result table by period (rows) and key (columns), summed; nothing but zeros is left out."""
    sums = plan.tables[table].groupby(["period", key])[value].sum().unstack(key)
    sums = sums.reindex(list(Horizon.of(plan.instance.settings).periods)).astype(float).fillna(0.0)
    return sums.loc[:, (sums != 0).any()]
