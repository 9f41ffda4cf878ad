"""Result tables of capacity: beds, sites, staff, shifts and who helps whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import pandas as pd

from capplan import modelling as pyo
from capplan.formulation.model import Model
from capplan.formulation.workforce import shifts as shift_part
from capplan.formulation.workforce import staff as staff_part
from capplan.plan.congestion import NOT_CONGESTED, of_units
from capplan.plan.people import value
from capplan.results.tables import BEDS, CROSS_COVER, SHIFTS, SITES, STAFF

NOT_KNOWN = float("nan")


def _at(variable: pyo.Var, *index: object) -> float:
    return value(variable[index]) if index in variable else 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else NOT_KNOWN


def beds_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.BEDS`, which states key, columns and units."""
    rows = []
    congested = of_units(m)
    for s, b in m.UNITS:
        available = m.data.units[s, b].available
        for t in m.PERIODS:
            beds_open, spot_beds = value(m.beds_open[s, b, m.epoch[t]]), _at(m.spot_beds, s, b, t)
            people = value(m.people_days[s, b, t]) / m.days[t]
            converted_in = sum(_at(m.beds_converted, *c, t) for c in m.converted_in[s, b])
            converted_out = sum(_at(m.beds_converted, *c, t) for c in m.converted_out[s, b])
            rows.append(
                (
                    s,
                    b,
                    m.data.horizon.periods[t],
                    beds_open,
                    _at(m.beds_opened, s, b, t),
                    _at(m.beds_closed, s, b, t),
                    converted_in - converted_out,
                    spot_beds,
                    people,
                    _share(people, float(available[t]) * beds_open + spot_beds),
                    *astuple(congested.get(((s, b), t), NOT_CONGESTED)),
                )
            )
    return BEDS.frame(rows)


def sites_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.SITES`, which states key, columns and units."""
    rows = []
    for s in m.SITES:
        for t in m.PERIODS:
            if s in m.SWITCHED_SITES:
                is_open = value(m.site_is_open[s, m.epoch[t]]) > 0.5
            else:
                is_open = any(value(m.beds_open[*key, m.epoch[t]]) > 0 for key in m.units_at[s])
            rows.append((s, m.data.horizon.periods[t], is_open))
    return SITES.frame(rows)


def staff_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.STAFF`, which states key, columns and units."""
    rows = []
    for l, r in m.TEAMS:
        for t in m.PERIODS:
            wte, needed = _at(m.wte, l, r, t), value(m.hours_needed[l, r, t])
            agency, (given, received) = _at(m.agency_hours, l, r, t), _lent(m, r, l, t)
            available = wte * staff_part.contact_hours(m, (l, r), t)
            rows.append(
                (
                    l,
                    r,
                    m.data.horizon.periods[t],
                    wte,
                    _at(m.wte_hired, l, r, t),
                    *_movements(m, l, r, t),
                    agency,
                    needed,
                    given,
                    received,
                    available,
                    _share(needed + given, available + agency + received),
                )
            )
    return STAFF.frame(rows)


def _movements(m: Model, l: str, r: str, t: int) -> tuple[float, float, float]:
    """WTE who start work, are released, and leave of their own accord in the period."""
    if (l, r, t) not in m.wte:
        return 0.0, 0.0, 0.0
    arrived = float(m.arrivals[l, r][t]) + _at(m.wte_hired, l, r, t - int(m.role[r]["recruitment_periods"]))
    today = m.data.teams[l, r].row["wte"]
    before = _at(m.wte, l, r, t - 1) if t > 0 else (0.0 if pd.isna(today) else float(today))
    return arrived, _at(m.wte_left, l, r, t), staff_part.turnover(m, r, t) * before


def _lent(m: Model, resource: str, team: str, t: int) -> tuple[float, float]:
    """Hours that the team gives, and that reach it."""
    given = sum(value(m.hours_lent[resource, team, h.receiver, t]) for h in m.helping[resource, team])
    received = sum(
        (1 - h.travel_share) * value(m.hours_lent[resource, h.giver, team, t])
        for h in m.helped[resource, team]
    )
    return given, received


def shifts_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.SHIFTS`, which states key, columns and units."""
    rows = []
    for l, k in m.CREWS:
        for t in m.PERIODS:
            on_duty, needed = _at(m.shifts_on_duty, l, k, m.epoch[t]), value(m.care_hours_needed[l, k, t])
            spot, (given, received) = _at(m.spot_care_hours, l, k, t), _lent(m, k, l, t)
            available = on_duty * shift_part.care_hours(m, (l, k), t)
            share = _share(needed + given, available + spot + received)
            period = m.data.horizon.periods[t]
            rows.append((l, k, period, on_duty, spot, needed, given, received, available, share))
    return SHIFTS.frame(rows)


def cross_cover_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.CROSS_COVER`, which states key, columns and units."""
    rows = [
        (resource, giver, receiver, m.data.horizon.periods[t], hours)
        for resource, giver, receiver in m.HELP
        for t in m.PERIODS
        if (hours := value(m.hours_lent[resource, giver, receiver, t])) > 0
    ]
    return CROSS_COVER.frame(rows)


TABLES: dict[str, Callable[[Any], pd.DataFrame]] = {
    "beds": beds_table,
    "sites": sites_table,
    "staff": staff_table,
    "shifts": shifts_table,
    "cross_cover": cross_cover_table,
}
"""Result tables of capacity by name."""
