"""A map without a background: localities, sites and hospitals where they are, and who goes where for a bed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from capplan import cells, wording
from capplan.digest.names import Names, display_names
from capplan.report.blocks import Chart, Part, Table
from capplan.report.charts import COLOURS, CONFIG, REST, SCHEMA
from capplan.report.subject import Subject
from capplan.sections import Grid, grid
from capplan.solved import Solved

CAPTION = "Where people live, where beds are, and who goes where for a bed"
LINE = (
    "Circles are localities, the larger the more people aged 65 and over live there; numbered squares are sites, the "
    "larger the more beds are open at the end; triangles with letters are hospitals. Lines join where people live with "
    "the site at which they start in a bed, the broader the more people. What would lie on top of something else, and "
    "sites without coordinates, are moved a little to the side."
)
LOCALITIES, SITES, HOSPITALS, JOURNEYS = "localities", "sites with beds", "hospitals", "journeys to beds"
SERIES = ((LOCALITIES, COLOURS[1]), (SITES, COLOURS[0]), (HOSPITALS, COLOURS[2]), (JOURNEYS, REST))
KINDS = (("localities", "locality"), ("hospitals", "hospital"), ("sites", "site"))
APART = 0.045
"""How far apart places stand on the map at least, as a share of its height; localities stay where they are."""
RINGS, ANGLES = (1.0, 1.6, 2.3, 3.1), 12
HEIGHT = 560
Row = dict[str, Any]


def on_the_map(subject: Subject) -> Part | None:
    """Where people live, where beds are, and the journeys between; None where there are no coordinates."""
    plan = subject.plan
    names, positions, journeys = display_names(plan.instance), _positions(plan), _journeys(plan)
    key = [*_sites(plan, positions, names), *_hospitals(plan, positions, names)]
    rows = [*_flows(journeys, positions, names), *_localities(plan, positions, names), *key]
    if len({(row["longitude"], row["latitude"]) for row in rows}) < 2:
        return None
    there = tuple(series for series in SERIES if any(row["series"] == series[0] for row in rows))
    chart = Chart(CAPTION, _in_words(journeys, names), _picture(rows), there, _grid(journeys, names))
    signs = tuple((row["label"], row["name"], row["told"]) for row in key)
    blocks = (chart, Table("Numbers and letters on the map", Grid(("sign", "place", "how many"), signs)))
    return Part("Map", (LINE,), blocks if signs else (chart,))


def _journeys(plan: Solved) -> pd.Series:
    """People who start in a bed, by (locality, site), most first."""
    starts = plan.tables["starts"]
    in_beds = starts[(starts["site"] != "") & (starts["locality"] != "")]
    return in_beds.groupby(["locality", "site"])["people"].sum().sort_values(ascending=False, kind="stable")


def _flows(journeys: pd.Series, positions: Positions, names: Names) -> Iterator[Row]:
    for (locality, site), people in journeys.items():
        here, there = positions.get(("localities", locality)), positions.get(("sites", site))
        if here is not None and there is not None:
            name = f"{names['localities'][locality]} to {names['sites'][site]}"
            end = _rounded(there)
            yield {
                "series": JOURNEYS,
                "name": name,
                "told": wording.count(people, "person starts", "people start"),
                "size": people,
                **_rounded(here),
                "longitude2": end["longitude"],
                "latitude2": end["latitude"],
            }


def _localities(plan: Solved, positions: Positions, names: Names) -> Iterator[Row]:
    starts = plan.tables["starts"].groupby("locality")["people"].sum()
    for row in plan.instance.table("localities").to_dict("records"):
        key, people = str(row["locality"]), float(row["population_65_plus"])
        point = positions.get(("localities", key))
        if point is not None:
            aged = (
                "" if pd.isna(people) else f"{wording.count(people, 'person', 'people')} aged 65 and over, "
            )
            how_many = f"{aged}{wording.count(starts.get(key, 0.0), 'start')}"
            yield _place(LOCALITIES, names["localities"][key], how_many, people, point)


def _sites(plan: Solved, positions: Positions, names: Names) -> Iterator[Row]:
    beds = plan.tables["beds"]
    at_end = beds[beds["period"] == beds["period"].max()].groupby("site")["beds_open"].sum()
    standing = [(key, point) for (table, key), point in positions.items() if table == "sites"]
    for n, (key, point) in enumerate(standing, 1):
        amount = float(at_end.get(key, 0.0))
        how_many = f"{wording.count(amount, 'bed')} open at the end"
        yield _place(SITES, names["sites"][key], how_many, amount, point, str(n))


def _hospitals(plan: Solved, positions: Positions, names: Names) -> Iterator[Row]:
    starts = plan.tables["starts"].groupby("hospital")["people"].sum()
    standing = [(key, point) for (table, key), point in positions.items() if table == "hospitals"]
    for n, (key, point) in enumerate(standing):
        how_many = wording.count(starts.get(key, 0.0), "person it refers starts", "people it refers start")
        yield _place(HOSPITALS, names["hospitals"][key], how_many, 0.0, point, _letter(n))


def _letter(n: int) -> str:
    """A to Z, then AA, AB and so on."""
    return (chr(ord("A") + n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)


def _place(series: str, name: str, how_many: str, size: float, point: Point, label: str = "") -> Row:
    amount = 0.0 if pd.isna(size) else size
    return {
        "series": series,
        "name": name,
        "label": label or name,
        "told": how_many,
        "size": amount,
        **_rounded(point),
    }


def _in_words(journeys: pd.Series, names: Names) -> str:
    """The map in a sentence."""
    largest = [
        f"{names['localities'][locality]} to {names['sites'][site]} ({wording.number(people)})"
        for (locality, site), people in journeys.head(6).items()
    ]
    what = "A map of localities, sites and hospitals"
    if not largest:
        return f"{what}; nobody starts in a bed."
    return f"{what}. Most people go from {wording.listed(largest, 6, '; ')} for a bed."


def _grid(journeys: pd.Series, names: Names) -> Grid:
    rows = [
        (names["localities"][locality], names["sites"][site], cells.number(people))
        for (locality, site), people in journeys.items()
        if people >= 0.5
    ]
    return grid(("from", "to", "people who start in a bed"), rows)


@dataclass(frozen=True)
class Point:
    """A place on the map [degrees]."""

    longitude: float
    latitude: float


Positions = Mapping[tuple[str, str], Point]
"""(table, key) to where it stands, for localities, hospitals and sites."""


def _positions(plan: Solved) -> Positions:
    """Where everything with coordinates stands; a site without any stands beside its locality."""
    positions = {
        (table, str(row[key])): point
        for table, key in KINDS
        for row in plan.instance.table(table).to_dict("records")
        if (point := _point(row)) is not None
    }
    for row in plan.instance.table("sites").to_dict("records"):
        home = positions.get(("localities", str(row["locality"])))
        if ("sites", str(row["site"])) not in positions and home is not None:
            positions["sites", str(row["site"])] = home
    return _moved_apart(positions)


def _point(row: Mapping[str, Any]) -> Point | None:
    if pd.isna(row["longitude"]) or pd.isna(row["latitude"]):
        return None
    return Point(float(row["longitude"]), float(row["latitude"]))


def _moved_apart(positions: Positions) -> Positions:
    """The same, with every hospital and site at the first free spot around where it is."""
    if not positions:
        return positions
    latitudes = [point.latitude for point in positions.values()]
    wide = float(np.cos(np.radians(np.mean(latitudes))))
    tall = max(float(np.ptp(latitudes)), float(np.ptp([p.longitude for p in positions.values()])) * wide / 2)
    step = APART * tall
    placed: dict[tuple[str, str], Point] = {}
    for key, point in positions.items():
        spots = [point, *_around(point, step, wide)]
        free = (spot for spot in spots if _is_free(spot, list(placed.values()), step, wide))
        placed[key] = point if key[0] == "localities" else next(free, point)
    return placed


def _around(point: Point, step: float, wide: float) -> list[Point]:
    angles = [2 * np.pi * n / ANGLES for n in range(ANGLES)]
    return [
        Point(point.longitude + ring * step * np.cos(a) / wide, point.latitude + ring * step * np.sin(a))
        for ring, a in product(RINGS, angles)
    ]


def _is_free(spot: Point, others: Sequence[Point], step: float, wide: float) -> bool:
    near = 0.999 * step
    return all(
        np.hypot((spot.longitude - other.longitude) * wide, spot.latitude - other.latitude) >= near
        for other in others
    )


def _rounded(point: Point) -> Row:
    """A point as columns of a row, to a metre."""
    fine = replace(point, longitude=round(point.longitude, 5), latitude=round(point.latitude, 5))
    return {"longitude": fine.longitude, "latitude": fine.latitude}


def _picture(rows: Sequence[Row]) -> Row:
    """The map in Vega-Lite: journeys, then localities, sites and hospitals with their names, numbers and letters."""
    colour = dict(SERIES)
    there = {"longitude2": {"field": "longitude2"}, "latitude2": {"field": "latitude2"}}
    layers = [
        _marks(JOURNEYS, {"type": "rule", "opacity": 0.5}, there | _scaled("strokeWidth", 0.4, 7)),
        _marks(LOCALITIES, {"type": "circle", "opacity": 0.85}, _scaled("size", 40, 420)),
        _marks(SITES, {"type": "square", "opacity": 1}, _scaled("size", 200, 620)),
        _marks(
            HOSPITALS,
            {"type": "point", "shape": "triangle-up", "filled": True, "opacity": 1, "size": 420},
            {},
        ),
        _labels(LOCALITIES, {"dy": 15, "fontSize": 11, "color": "#222"}),
        _labels(SITES, {"fontSize": 11, "color": "white", "fontWeight": "bold"}),
        _labels(HOSPITALS, {"dy": 2, "fontSize": 10, "color": "white", "fontWeight": "bold"}),
    ]
    for layer in layers[:4]:
        layer["mark"]["color"] = colour[layer["transform"][0]["filter"]["equal"]]
    return {
        "$schema": SCHEMA,
        "config": CONFIG,
        "data": {"name": "rows", "values": list(rows)},
        "projection": {"type": "mercator"},
        "layer": layers,
        "resolve": {"scale": {"size": "independent", "strokeWidth": "independent"}},
        "width": 700,
        "height": HEIGHT,
        "padding": {"left": 40, "right": 40, "top": 16, "bottom": 20},
    }


def _marks(series: str, mark: Row, encoding: Row) -> Row:
    tooltip = [
        {"field": "name", "type": "nominal", "title": "what"},
        {"field": "told", "type": "nominal", "title": "how many"},
    ]
    return _layer(series, mark, encoding | {"tooltip": tooltip})


def _labels(series: str, mark: Row) -> Row:
    text = {"text": {"field": "label", "type": "nominal"}}
    return _layer(series, {"type": "text", "aria": False, "limit": 150} | mark, text)


def _layer(series: str, mark: Row, encoding: Row) -> Row:
    at = {"longitude": {"field": "longitude"}, "latitude": {"field": "latitude"}}
    of_series = [{"filter": {"field": "series", "equal": series}}]
    return {"transform": of_series, "mark": mark, "encoding": at | encoding}


def _scaled(channel: str, least: float, most: float) -> Row:
    scale = {"range": [least, most], "zero": True}
    return {channel: {"field": "size", "type": "quantitative", "legend": None, "scale": scale}}
