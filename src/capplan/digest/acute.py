"""Acute wards: how many close, from when, on how many beds freed, and what that releases."""

from __future__ import annotations

import pandas as pd

from capplan import cells, wording
from capplan.digest.names import display_names, name_of
from capplan.sections import Row, Section, grid
from capplan.solved import Solved

DIGITS = 6
COLUMNS = ("hospital", "wards closed", "of", "first from", "beds freed, last period", "released in all")


def wards(plan: Solved) -> Section | None:
    """One row per hospital or sub-region whose wards can close; nothing where none can."""
    rows = plan.instance.table("acute_beds")
    if rows.empty or plan.is_as_is:
        return None
    names = display_names(plan.instance)
    table = plan.tables["acute"]
    lines, told = [], []
    for row in rows.to_dict("records"):
        hospital, own = row["hospital"], table[table["hospital"] == row["hospital"]]
        name = name_of(names, hospital, "hospitals")
        told.append((name, *_row(own, row["wards_max"])))
        if own["wards_closed"].max() < row["wards_max"]:
            lines.append(_what_is_missing(name, own, row["ward_beds"] * row["occupancy"]))
    return Section("Acute wards", tuple(lines), grid(COLUMNS, told))


def _row(own: pd.DataFrame, wards_max: float) -> Row:
    closed = own[own["wards_closed"] > 0]
    last = own.iloc[-1]
    return (
        cells.number(last["wards_closed"]),
        cells.number(wards_max),
        cells.date(closed["period"].iloc[0] if len(closed) else None),
        cells.number(last["beds_freed"]),
        cells.money(-own["gbp"].sum()),
    )


def _what_is_missing(name: str, own: pd.DataFrame, filled: float) -> str:
    """How many more beds the next ward needs in the last period."""
    last = own.iloc[-1]
    short = round(filled * (last["wards_closed"] + 1) - last["beds_freed"], DIGITS)
    if short <= 0:
        return (
            f"{name}: beds for another ward are freed at the end; closing it comes too late, or does not pay."
        )
    return f"{name}: another ward needs {wording.count(short, 'bed')} more freed by the end."
