"""The page on congestion: the text of docs/congestion.in.md with numbers from the formulas and a simulation put in."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template
from typing import Any

from capplan.queueing import load_max_refusal, load_max_waiting, mean_queue
from docs.congestion_picture import CV_SQUARED, OCCUPANCIES, STAY_DAYS, turned_away, wait_days

FOLDER = Path(__file__).parent
TEXT, MEASURED = FOLDER / "congestion.in.md", FOLDER / "congestion.json"
ROWS = (5, 10, 20, 30, 50, 70, 100)
REFUSED, WAITING = 0.05, 0.1


def page() -> str:
    """The whole page; KeyError where the text asks for a number that is not there."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    return Template(TEXT.read_text(encoding="utf-8")).substitute(
        sizes=_sizes(), **_units(), **_errors(measured)
    )


def _sizes() -> str:
    """What occupancies do to units, and what units bear, by their size."""
    head = ["beds"]
    head += [f"{_share(share)} full: mean wait, turned away" for share in OCCUPANCIES]
    head += [f"full where {_share(REFUSED)} are turned away", f"full where {_share(WAITING)} wait"]
    rows = []
    for beds in ROWS:
        borne = load_max_refusal(beds, REFUSED) * (1 - REFUSED), load_max_waiting(beds, WAITING)
        what = [
            f"{_days(wait_days(beds, share))}, {_share(turned_away(beds, share))}" for share in OCCUPANCIES
        ]
        rows.append([str(beds), *what, *(_share(load / beds) for load in borne)])
    return _table(head, rows)


def _units() -> dict[str, str]:
    two = float(mean_queue(20, 17.0, CV_SQUARED)) / 17.0 * STAY_DAYS
    return {
        "leave_70": f"{0.92 * 70 / STAY_DAYS:.1f}",
        "free_10": f"{STAY_DAYS / 9.2:.0f}",
        "days_70": f"{wait_days(70, 0.92):.1f}",
        "days_10": f"{wait_days(10, 0.92):.0f}",
        "refused_10": _share(turned_away(10, 0.92)),
        "refused_70": _share(turned_away(70, 0.92)),
        "pooled_two": f"{two:.1f}",
        "pooled_one": f"{wait_days(10, 0.85):.1f}",
    }


def _errors(measured: dict[str, Any]) -> dict[str, str]:
    """Formula against simulation, a row for each unit and a column for each kind of stay."""
    units, kinds = measured["units"], measured["kinds"]
    head = ["beds", "load", *(_kind(kind) for kind in kinds)]
    rows = [
        [str(unit["beds"]), f"{unit['load']:g}", *(_error(unit, kind) for kind in unit["queues"])]
        for unit in units
    ]
    return {
        "errors": _table(head, rows),
        "copies": f"{measured['copies']:,}",
        "stays": f"{measured['stays']:,}",
        "noise": f"{100 * max(queue['error'] / queue['people'] for unit in units for queue in unit['queues']):.1f} %",
        "high_error": _range(units, 1.5),
        "highest_error": _range(units, 4.0),
    }


def _kind(kind: dict[str, Any]) -> str:
    name = {0.0: "all equal", 1.0: "exponential"}.get(kind["cv_squared"], kind["distribution"])
    return f"cv² = {kind['cv_squared']:g}, {name}"


def _error(unit: dict[str, Any], queue: dict[str, Any]) -> str:
    """The formula's queue, and by how much it is off."""
    formula = float(mean_queue(unit["beds"], unit["load"], queue["cv_squared"]))
    return f"{formula:.2f} ({100 * (formula / queue['people'] - 1):+.0f} %)"


def _range(units: list[dict[str, Any]], cv_squared: float) -> str:
    """From the least to the greatest error with lognormal stays of that spread."""
    errors = [
        float(mean_queue(unit["beds"], unit["load"], cv_squared)) / queue["people"] - 1
        for unit in units
        for queue in unit["queues"]
        if queue["cv_squared"] == cv_squared and queue["distribution"] == "lognormal"
    ]
    return f"{100 * min(errors):.0f} to {_share(max(errors))}"


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"


def _days(days: float) -> str:
    return f"{days:.0f} days" if days >= 10 else f"{days:.1f} days"


def _table(head: list[str], rows: list[list[str]]) -> str:
    marks = ["---:"] * len(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, marks, *rows))
