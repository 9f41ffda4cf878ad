"""Sheets of native charts, each beside the table that it draws."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from capplan import wording
from capplan.report.workbook.binder import Binder
from capplan.report.workbook.cells import Column, write_table
from capplan.report.workbook.over_time import Shown, capacity, cost_by_funder, occupancy_and_waiting
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


def add_charts(binder: Binder, plan: Solved, run: str) -> None:
    """Sheets of capacity over time, of occupancy and waiting, and of cost by funder."""
    sheets = (
        ("Capacity", "Capacity over time", "beds, staff and crews by period", capacity(plan)),
        ("Occupancy", "Occupancy and waiting", "how full beds are, who waits", occupancy_and_waiting(plan)),
        ("Funders", "Cost by funder", "what each funder pays by financial year", [cost_by_funder(plan)]),
    )
    for name, title, about, shown in sheets:
        heading = "Year" if name == "Funders" else "Period from"
        add_chart_sheet(binder, name, title, about, heading, tuple(shown), run=run)


def add_chart_sheet(
    binder: Binder, name: str, title: str, about: str, heading: str, shown: Sequence[Shown], *, run: str = ""
) -> None:
    """A sheet of charts with the tables that they draw, the first column under `heading`; none of empty ones alone."""
    having = [_with_fewer_series(one) for one in shown if len(one.frame.columns)]
    if having:
        sheet = binder.add_sheet(name, f"Charts: {about}", run=run)
        sheet.write_string(0, 0, title, binder.look("word", bold=True, font_size=16))
        _fill(binder, sheet, run, heading, having)


def _fill(binder: Binder, sheet: Worksheet, run: str, heading: str, shown: Sequence[Shown]) -> None:
    """One table below the other, their charts in a column of their own to the right."""
    row, right = 2, max(_LEFTMOST, *(len(one.frame.columns) + 2 for one in shown))
    for one in shown:
        last = _write_table(binder, sheet, row, heading, one, run)
        place = {"object_position": 2, "description": _described(one)}
        sheet.insert_chart(row, right, _chart(binder, sheet, one, row + 2, last), place)
        row = max(last, row + _ROWS) + 2


def _with_fewer_series(one: Shown) -> Shown:
    """The largest series, and one of all others where they can be added up."""
    if len(one.frame.columns) <= MOST_SERIES:
        return one
    largest = one.frame.abs().sum().sort_values(ascending=False, kind="stable").index[: MOST_SERIES - 1]
    kept = one.frame[[name for name in one.frame.columns if name in set(largest)]].copy()
    if one.form == "stacked":
        kept[OTHERS] = one.frame.drop(columns=list(kept.columns)).sum(axis=1)
    return Shown(one.title, one.unit, one.kind, one.form, kept)


def _write_table(binder: Binder, sheet: Worksheet, row: int, heading: str, one: Shown, run: str) -> int:
    """The numbers of a chart under its title; returns the last row."""
    sheet.write_string(row, 0, f"{one.title} ({one.unit})", binder.look("word", bold=True, font_size=12))
    when = Column(heading, "date" if heading.startswith("Period") else "text", list(one.frame.index))
    series = [Column(str(name), one.kind, one.frame[name].tolist()) for name in one.frame.columns]
    return write_table(binder, sheet, row + 1, f"{one.title} {run}", [when, *series])


def _chart(binder: Binder, sheet: Worksheet, one: Shown, first: int, last: int) -> object:
    kind = {"type": "line"} if one.form == "lines" else {"type": "column", "subtype": "stacked"}
    chart = binder.book.add_chart(kind)
    for position in range(1, len(one.frame.columns) + 1):
        colour = COLOURS[(position - 1) % len(COLOURS)]
        look = (
            {"line": {"color": colour, "width": 2.25}} if one.form == "lines" else {"fill": {"color": colour}}
        )
        # Names by reference: an instance's text is never read as a formula.
        chart.add_series(
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
    if len(one.frame) > _MANY:
        along["num_font"] = {"rotation": -45}
    chart.set_x_axis(along)
    chart.set_y_axis(
        {"num_format": formats[_AXIS.get(one.kind, one.kind)], **({"min": 0} if _is_above(one) else {})}
    )
    chart.set_title({"name": f"{one.title} ({one.unit})", "name_font": {"size": 13}, "overlay": False})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart


def _is_above(one: Shown) -> bool:
    return bool((one.frame.fillna(0.0) >= 0).all(axis=None))


def _described(one: Shown) -> str:
    """The chart in words, for those who cannot see it: where its numbers stand."""
    return f"Chart: {one.title} ({one.unit}). The table to its left has its numbers."
