"""Capacity at the end of the plan against today's: beds, teams and crews, spot and agency, acute wards that close."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan import cells, wording
from capplan.digest.names import display_names, name_of
from capplan.horizon import Horizon
from capplan.sections import Row, Section, grid
from capplan.solved import Solved

KINDS = (
    ("beds", "bed_type", "beds_open", "site_beds", "beds", "bed_types", "beds"),
    ("staff", "role", "wte", "staff", "wte", "roles", "WTE"),
    ("shifts", "shift_type", "shifts_on_duty", "shifts", "shifts", "shift_types", "crews on duty"),
)
"""Result table, its key, its number; table of the instance, its number; where names stand; unit."""
COLUMNS = ("capacity", "today", "plan", "change", "")
DIGITS = 6
WARD_COLUMNS = ("hospital", "wards closed", "of", "first from", "beds freed, last period", "released in all")


def at_the_end(plan: Solved) -> Section | None:
    """Beds, WTE and crews by type: today, at the end of the plan, change; and what is bought beside them."""
    every_amount = list(amounts(plan))
    if not every_amount:
        return None
    rows = [
        (name, cells.number(now), cells.number(then), cells.change(then - now), unit)
        for name, now, then, unit in every_amount
        if not cells.is_same(now, then)
    ]
    same = [
        f"{name} {wording.number(now)}" for name, now, then, _ in every_amount if cells.is_same(now, then)
    ]
    lines = [
        *([f"As today: {wording.listed(same, 8, '; ')}."] if same else []),
        *([] if plan.is_as_is else [_leaning(plan)]),
    ]
    end = wording.date(Horizon.of(plan.instance.settings).periods[-1])
    return Section(f"Capacity from {end}", tuple(lines), grid(COLUMNS, rows) if rows else None)


def amounts(plan: Solved) -> Iterator[tuple[str, float, float, str]]:
    """Name, number today, number in the last period, unit."""
    names = display_names(plan.instance)
    for result, key, amount, table, today_amount, named_in, unit in KINDS:
        frame = plan.tables[result]
        at_end = frame[frame["period"] == frame["period"].max()].groupby(key)[amount].sum()
        before = plan.instance.table(table).groupby(key)[today_amount].sum()
        for name in sorted(set(at_end.index) | set(before.index)):
            yield names[named_in][name], float(before.get(name, 0.0)), float(at_end.get(name, 0.0)), unit


def _leaning(plan: Solved) -> str:
    """How much of the capacity in use is bought by the day or hour."""
    horizon = Horizon.of(plan.instance.settings)
    beds, staff, shifts = (plan.tables[name] for name in ("beds", "staff", "shifts"))
    days = beds["period"].map(dict(zip(horizon.periods, horizon.days, strict=True)))
    parts = {
        "spot beds are {} of bed days": (beds["spot_beds"] * days, beds["beds_open"] * days),
        "agency is {} of staff hours": (staff["agency_hours"], staff["hours_available"]),
        "spot care is {} of care hours": (shifts["spot_care_hours"], shifts["care_hours_available"]),
    }
    phrases = [text.format(_share(*bought)) for text, bought in parts.items() if bought[0].sum() > 0]
    return (
        f"{wording.sentence(wording.listed(phrases))}."
        if phrases
        else "No spot beds, agency hours or spot care."
    )


def _share(bought: pd.Series, block: pd.Series) -> str:
    return wording.share(float(bought.sum() / (bought.sum() + block.sum())), 1)


def wards(plan: Solved) -> Section | None:
    """One row per hospital or sub-region whose wards can close; nothing where none can."""
    rows = plan.instance.table("acute_beds")
    if rows.empty or plan.is_as_is:
        return None
    names = display_names(plan.instance)
    table = plan.tables["acute"]
    lines, shown = [], []
    for row in rows.to_dict("records"):
        hospital, of_hospital = row["hospital"], table[table["hospital"] == row["hospital"]]
        name = name_of(names, hospital, "hospitals")
        shown.append((name, *_ward_row(of_hospital, row["wards_max"])))
        if of_hospital["wards_closed"].max() < row["wards_max"]:
            lines.append(_what_is_missing(name, of_hospital, row["ward_beds"] * row["occupancy"]))
    return Section("Acute wards", tuple(lines), grid(WARD_COLUMNS, shown))


def _ward_row(of_hospital: pd.DataFrame, wards_max: float) -> Row:
    closed = of_hospital[of_hospital["wards_closed"] > 0]
    last = of_hospital.iloc[-1]
    return (
        cells.number(last["wards_closed"]),
        cells.number(wards_max),
        cells.date(closed["period"].iloc[0] if len(closed) else None),
        cells.number(last["beds_freed"]),
        cells.money(-of_hospital["gbp"].sum()),
    )


def _what_is_missing(name: str, of_hospital: pd.DataFrame, filled: float) -> str:
    """How many more beds the next ward needs in the last period."""
    last = of_hospital.iloc[-1]
    short = round(filled * (last["wards_closed"] + 1) - last["beds_freed"], DIGITS)
    if short <= 0:
        return (
            f"{name}: beds for another ward are freed at the end; closing it comes too late, or does not pay."
        )
    return f"{name}: another ward needs {wording.count(short, 'bed')} more freed by the end."
