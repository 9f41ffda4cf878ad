"""Where things stand on a map: coordinates, with places too near to each other moved apart, and the map itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from capplan.report.charts import COLOURS, CONFIG, REST, SCHEMA
from capplan.solved import Solved

LOCALITIES, SITES, HOSPITALS, JOURNEYS = "localities", "sites with beds", "hospitals", "journeys to beds"
SERIES = ((LOCALITIES, COLOURS[1]), (SITES, COLOURS[0]), (HOSPITALS, COLOURS[2]), (JOURNEYS, REST))
KINDS = (("localities", "locality"), ("hospitals", "hospital"), ("sites", "site"))
APART = 0.045
"""How far apart places stand on the map at least, as a share of its height; localities stay where they are."""
RINGS, ANGLES = (1.0, 1.6, 2.3, 3.1), 12
HEIGHT = 560
Row = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """A place on the map [degrees]."""

    longitude: float
    latitude: float


Atlas = Mapping[tuple[str, str], Point]
"""(table, key) to where it stands, for localities, hospitals and sites."""


def atlas(plan: Solved) -> Atlas:
    """Where everything with coordinates stands; a site without any stands beside its locality."""
    known = {
        (table, str(row[key])): point
        for table, key in KINDS
        for row in plan.instance.table(table).to_dict("records")
        if (point := _point(row)) is not None
    }
    for row in plan.instance.table("sites").to_dict("records"):
        home = known.get(("localities", str(row["locality"])))
        if ("sites", str(row["site"])) not in known and home is not None:
            known["sites", str(row["site"])] = home
    return _moved_apart(known)


def _point(row: Mapping[str, Any]) -> Point | None:
    if pd.isna(row["longitude"]) or pd.isna(row["latitude"]):
        return None
    return Point(float(row["longitude"]), float(row["latitude"]))


def _moved_apart(known: Atlas) -> Atlas:
    """The same, with every hospital and site at the first free spot around where it is."""
    if not known:
        return known
    latitudes = [point.latitude for point in known.values()]
    wide = float(np.cos(np.radians(np.mean(latitudes))))
    tall = max(float(np.ptp(latitudes)), float(np.ptp([p.longitude for p in known.values()])) * wide / 2)
    step = APART * tall
    placed: dict[tuple[str, str], Point] = {}
    for key, point in known.items():
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


def rounded(point: Point) -> Row:
    """A point as columns of a row, to a metre."""
    fine = replace(point, longitude=round(point.longitude, 5), latitude=round(point.latitude, 5))
    return {"longitude": fine.longitude, "latitude": fine.latitude}


def picture(rows: Sequence[Row]) -> Row:
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
    return _of(series, mark, encoding | {"tooltip": tooltip})


def _labels(series: str, mark: Row) -> Row:
    text = {"text": {"field": "label", "type": "nominal"}}
    return _of(series, {"type": "text", "aria": False, "limit": 150} | mark, text)


def _of(series: str, mark: Row, encoding: Row) -> Row:
    at = {"longitude": {"field": "longitude"}, "latitude": {"field": "latitude"}}
    chosen = [{"filter": {"field": "series", "equal": series}}]
    return {"transform": chosen, "mark": mark, "encoding": at | encoding}


def _scaled(channel: str, least: float, most: float) -> Row:
    scale = {"range": [least, most], "zero": True}
    return {channel: {"field": "size", "type": "quantitative", "legend": None, "scale": scale}}
