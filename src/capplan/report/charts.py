"""Charts in Vega-Lite: bars and lines over the periods, bars side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from capplan import cells, wording
from capplan.report.blocks import Chart
from capplan.sections import Grid, Row, grid

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
COLOURS = ("#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1")
"""Categories in the order in which they are used: the palette of the UK Government's Analysis Function, whose
neighbours are told apart by people who are colour-blind and which stands 3:1 against white."""
REST = "#7a7a7a"
DIMENSIONS = {"width": 700, "height": 280}
HIGH_BAR, BAR_GAP = 20, 14
CONFIG = {
    "aria": False,  # the text in place of the whole picture is told instead
    "font": "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif",
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": "#222",
        "titleColor": "#222",
        "gridColor": "#e3e3e3",
        "domainColor": "#767676",
        "tickColor": "#767676",
        "labelLimit": 200,
    },
}


@dataclass(frozen=True)
class Measure:
    """What a chart shows: its name with the unit, and the kind of its numbers (money, shares or numbers)."""

    name: str
    kind: cells.Kind = cells.number

    def spell(self, amount: float) -> str:
        """The amount as people read it."""
        return self.kind.write(amount)


def over_time(
    rows: pd.DataFrame, measure: Measure, caption: str, *, is_stacked: bool, says: str = ""
) -> Chart | None:
    """A chart of `rows` (period, series, amount): bars on top of each other, or lines; None without rows.

    Beyond six series the smaller ones are one, where they add up.
    """
    if rows.empty or not rows["amount"].abs().max() > 0:
        return None
    table = _pivot(rows)
    shown = _without_smallest(table) if is_stacked else table.iloc[:, : len(COLOURS)]
    series = _coloured(shown.columns)
    values = [
        {
            "when": wording.month(period),
            "from": wording.short_date(period),
            "series": name,
            "amount": amount,
            "told": measure.spell(amount),
        }
        for name, column in shown.items()
        for period, amount in column.items()
        if not pd.isna(amount)
    ]
    _tell_weeks_apart(values, table.index)
    spec = _bars(measure) if is_stacked else _lines(measure)
    return Chart(
        caption,
        says or _in_words(shown, measure),
        _spec(spec | DIMENSIONS, values, series),
        series,
        by_period(table, measure),
    )


def side_by_side(
    rows: pd.DataFrame, measure: Measure, caption: str, label: str, says: str = ""
) -> Chart | None:
    """A chart of `rows` (label, series, amount): for each label a bar per series, in the order given."""
    if rows.empty or not rows["amount"].abs().max() > 0:
        return None
    table = rows.pivot_table(index="label", columns="series", values="amount", sort=False)
    series = _coloured(table.columns)
    values = [
        {"label": name, "series": series_name, "amount": amount, "told": measure.spell(amount)}
        for series_name, column in table.items()
        for name, amount in column.items()
        if not pd.isna(amount)
    ]
    height = len(table) * (len(series) * HIGH_BAR + BAR_GAP)
    spec = _level(measure, [str(name) for name in table.index]) | {"width": 560, "height": height}
    grid_rows: list[Row] = [
        (str(name), *map(measure.kind, amounts))
        for name, amounts in zip(table.index, table.to_numpy(), strict=True)
    ]
    return Chart(
        caption,
        says or _labels_in_words(table, measure),
        _spec(spec, values, series),
        series,
        grid((label, *map(str, table.columns)), grid_rows),
    )


def by_period(table: pd.DataFrame, measure: Measure) -> Grid:
    """The numbers behind a chart: a row a period, a column a series."""
    rows: list[Row] = [
        (cells.date(str(period)), *map(measure.kind, amounts))
        for period, amounts in zip(table.index, table.to_numpy(), strict=True)
    ]
    return grid(("from", *map(str, table.columns)), rows)


def _pivot(rows: pd.DataFrame) -> pd.DataFrame:
    """Index period, columns series with the largest first, amounts added up."""
    table = rows.pivot_table(index="period", columns="series", values="amount", aggfunc="sum").sort_index()
    table = table.loc[:, table.abs().max() > 0]
    return table[table.abs().sum().sort_values(ascending=False, kind="stable").index]


def _without_smallest(table: pd.DataFrame) -> pd.DataFrame:
    if table.shape[1] <= len(COLOURS):
        return table
    large = table.iloc[:, : len(COLOURS) - 1]
    rest = table.iloc[:, len(COLOURS) - 1 :]
    return large.assign(**{f"{rest.shape[1]} others": rest.sum(axis="columns")})


def _coloured(names: Sequence[Any] | pd.Index) -> tuple[tuple[str, str], ...]:
    names = list(map(str, names))
    colours = [*COLOURS, REST][: len(names)] if len(names) <= len(COLOURS) else [*COLOURS, REST]
    return tuple(zip(names, colours + [REST] * (len(names) - len(colours)), strict=True))


def _tell_weeks_apart(values: list[dict[str, Any]], periods: pd.Index) -> None:
    """Periods shorter than a month are called by their first day."""
    if len({wording.month(str(period)) for period in periods}) < len(periods):
        for value in values:
            value["when"] = value["from"]


def _spec(
    picture: dict[str, Any], values: list[dict[str, Any]], series: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    """A whole specification; the colours of the series are fixed, so that one that is hidden changes no other."""
    names, colours = zip(*series, strict=True)
    colour = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(colours)},
        "legend": None,
    }
    picture["encoding"]["color"] = colour
    return {
        "$schema": SCHEMA,
        "config": CONFIG,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"name": "rows", "values": values},
        **picture,
    }


def _amount(measure: Measure) -> dict[str, Any]:
    return {
        "field": "amount",
        "type": "quantitative",
        "title": measure.name,
        "axis": {"labelExpr": wording.AXIS_LABELS[measure.kind.name], "tickCount": 5},
    }


def _period_axis() -> dict[str, Any]:
    axis = {"labelAngle": 0, "labelOverlap": True, "title": None, "labelPadding": 6}
    return {"field": "when", "type": "ordinal", "sort": None, "axis": axis}


def _tooltip(first: str, title: str, measure: Measure) -> list[dict[str, str]]:
    return [
        {"field": first, "type": "nominal", "title": title},
        {"field": "series", "type": "nominal", "title": "what"},
        {"field": "told", "type": "nominal", "title": measure.name},
    ]


def _bars(measure: Measure) -> dict[str, Any]:
    return {
        "mark": {"type": "bar", "stroke": "white", "strokeWidth": 0.5},
        "encoding": {
            "x": _period_axis(),
            "y": _amount(measure) | {"stack": "zero"},
            "tooltip": _tooltip("from", "from", measure),
        },
    }


def _lines(measure: Measure) -> dict[str, Any]:
    return {
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 45, "filled": True}},
        "encoding": {
            "x": _period_axis() | {"scale": {"padding": 0.3}},
            "y": _amount(measure),
            "tooltip": _tooltip("from", "from", measure),
        },
    }


def _level(measure: Measure, labels: list[str]) -> dict[str, Any]:
    return {
        "mark": {"type": "bar"},
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "sort": labels,
                "title": None,
                "scale": {"paddingInner": 0.25},
            },
            "yOffset": {"field": "series", "type": "nominal", "sort": None},
            "x": _amount(measure),
            "tooltip": _tooltip("label", "where", measure),
        },
    }


def _in_words(table: pd.DataFrame, measure: Measure) -> str:
    """What the chart shows, in a sentence: the first and the last period of each series."""
    parts = [
        f"{name} from {measure.spell(float(values.iloc[0]))} to {measure.spell(float(values.iloc[-1]))}"
        for name, column in table.items()
        if len(values := column.dropna())
    ]
    first, last = (wording.month(str(period)) for period in (table.index[0], table.index[-1]))
    return f"{wording.sentence(measure.name)} from {first} to {last}: {wording.listed(parts, 8, '; ')}."


def _labels_in_words(table: pd.DataFrame, measure: Measure) -> str:
    parts = [
        f"{name} "
        + wording.listed(
            [f"{measure.spell(float(cell))} ({series})" for series, cell in row.items() if not pd.isna(cell)],
            between=", ",
        )
        for name, row in table.iterrows()
    ]
    return f"{wording.sentence(measure.name)}: {wording.listed(parts, 6, '; ')}."
