"""The picture of docs/congestion.md: what one occupancy means for units of different size."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from scipy.optimize import brentq

from capplan.queueing import erlang_b, mean_queue

NAME = "congestion.svg"
OCCUPANCIES = (0.80, 0.85, 0.92)
COLOURS = ("#5b8db8", "#8a6fae", "#c8553d")
SIZES = (*range(5, 31), *range(35, 101, 5))
STAY_DAYS, CV_SQUARED = 30, 0.5
"""The stay on this page: 30 days on average, 21 days of standard deviation."""


def wait_days(beds: int, occupancy: float) -> float:
    """Mean days that people wait for a bed of a unit that is filled to this average: queue ÷ starts a day (Little)."""
    load = occupancy * beds
    return float(mean_queue(beds, load, CV_SQUARED)) / load * STAY_DAYS


def turned_away(beds: int, occupancy: float) -> float:
    """Share of people turned away where those who are not fill the unit to this average."""

    def beds_too_many(load: float) -> float:
        return load * (1 - float(erlang_b(beds, load))) - occupancy * beds

    return float(erlang_b(beds, brentq(beds_too_many, 0.5 * occupancy * beds, 100 * beds)))


def spec() -> dict[str, Any]:
    """The picture in Vega-Lite: two panels over the number of beds, a line for each occupancy."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "config": {"font": "sans-serif", "axis": {"labelFontSize": 11, "titleFontSize": 12}},
        "spacing": 40,
        "hconcat": [
            _panel(
                "Mean wait for a bed, days",
                {"type": "log", "domain": [0.03, 60]},
                {"values": [0.1, 0.3, 1, 3, 10, 30]},
                [(beds, share, wait_days(beds, share)) for share in OCCUPANCIES for beds in SIZES],
            ),
            _panel(
                "Share of people turned away",
                {"domain": [0, 0.7]},
                {"format": "%", "tickCount": 7},
                [(beds, share, turned_away(beds, share)) for share in OCCUPANCIES for beds in SIZES],
            ),
        ],
    }


def fingerprint() -> str:
    """What the picture is drawn from, in short: drawings differ between machines, this does not."""
    return hashlib.sha256(json.dumps(spec(), sort_keys=True).encode()).hexdigest()


def is_current(picture: Path) -> bool:
    """Whether the picture that is kept was drawn from what would be drawn now."""
    return picture.is_file() and _mark() in picture.read_text(encoding="utf-8")


def draw(picture: Path) -> None:
    """Draws the picture."""
    import vl_convert  # noqa: PLC0415  (starts a JavaScript engine: only where something is drawn)

    picture.write_text(f"{vl_convert.vegalite_to_svg(spec())}\n{_mark()}\n", encoding="utf-8")


def _mark() -> str:
    return f"<!-- Drawn by docs/congestion_picture.py (make docs) from {fingerprint()}. -->"


def _panel(
    title: str, scale: dict[str, Any], axis: dict[str, Any], points: list[tuple[int, float, float]]
) -> dict[str, Any]:
    low, high = scale["domain"]
    values = [
        {"beds": beds, "occupancy": f"{100 * share:.0f} % full", "y": float(f"{y:.4g}")}
        for beds, share, y in points
        if low <= y <= high
    ]
    colour = {
        "domain": [f"{100 * share:.0f} % full" for share in reversed(OCCUPANCIES)],
        "range": list(reversed(COLOURS)),
    }
    legend = {"title": None, "orient": "top", "labelFontSize": 12, "symbolStrokeWidth": 3}
    encoding = {
        "x": {
            "field": "beds",
            "type": "quantitative",
            "title": "Beds in the unit",
            "scale": {"domain": [0, 100]},
            "axis": {"grid": False, "values": [5, *range(10, 101, 10)]},
        },
        "y": {"field": "y", "type": "quantitative", "title": title, "scale": scale, "axis": axis},
        "color": {"field": "occupancy", "type": "nominal", "sort": None, "scale": colour, "legend": legend},
    }
    line = {"type": "line", "strokeWidth": 2.5}
    return {"width": 340, "height": 260, "data": {"values": values}, "mark": line, "encoding": encoding}
