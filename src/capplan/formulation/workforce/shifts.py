"""Shifts: crews on duty give care hours round the clock, weekends and bank holidays included."""

from __future__ import annotations

from typing import Any

import numpy as np

from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import total, weighted_sum
from capplan.formulation.workforce.needs import hours_needed
from capplan.geography import localities_of
from capplan.instance import Row, by_key
from capplan.parameters.data import Data
from capplan.parameters.teams import Team


def add_variables(m: Model) -> None:
    """`shifts_on_duty` and its changes by crew and decision point, `spot_care_hours`, `care_hours_needed`."""
    data: Data = m.data
    m.CREWS = list(data.crews)
    m.ON_DUTY = [key for key, crew in data.crews.items() if crew.row]
    m.shift_type = by_key(data.instance.shift_types, "shift_type")
    m.duty_days = {name: data.horizon.duty_days(row["days"]) for name, row in m.shift_type.items()}
    m.declare("shifts_on_duty", "shifts_added", "shifts_dropped")
    for key in m.ON_DUTY:
        _bound_shifts(m, key, data.crews[key])
    m.WITH_SPOT_CARE = [key for key in m.ON_DUTY if not np.isnan(data.crews[key].row["spot_care_hour_gbp"])]
    m.declare("care_hours_needed", "spot_care_hours")
    m.cover = data.instance.cover.to_dict("index")
    m.COVER = list(m.cover)
    m.covered_by = {row: _crews_of(data, line) for row, line in m.cover.items()}


def _bound_shifts(m: Model, key: tuple[str, str], crew: Team) -> None:
    row = crew.row
    for e in m.DECISIONS:
        is_available = bool(crew.available[m.epoch == e].any())
        m.shifts_on_duty[*key, e].setlb(row["shifts_min"] if is_available else 0.0)
        m.shifts_on_duty[*key, e].setub(row["shifts_max"] if is_available else 0.0)
        if e < row["lead_periods"]:
            m.shifts_added[*key, e].fix(0.0)
        if e < row["notice_periods"] and is_available:
            m.shifts_dropped[*key, e].fix(0.0)


def _crews_of(data: Data, line: Row) -> list[tuple[str, str]]:
    """Crews that count for a cover row: of its shift type, with an area that lies in the row's or holds it."""
    area = localities_of(data.instance, line["network"]) & localities_of(data.instance, line["locality"])
    return [
        (crew, shift_type)
        for (crew, shift_type), served in sorted(data.shifts.areas.items())
        if shift_type == line["shift_type"] and (served <= area or area <= served)
    ]


def care_hours(m: Model, key: tuple[str, str], t: int) -> float:
    """Care hours that one crew on duty gives in a period, after travel between homes."""
    crew = m.data.crews[key]
    a_day = m.shift_type[crew.resource]["care_hours"] * (1 - crew.travel_share)
    return float(m.duty_days[crew.resource][t] * a_day * crew.available[t])


@constraint("CREWS", "PERIODS", unit="hours")
def care_hours_needed_balance(m: Model, l: str, d: str, t: int) -> Any:
    """Care hours needed are what people in care ask of the crews, at home on their roads and in the beds they visit.

        care_hours_needed[l,d,t] == sum(care_hours_per_start[k,d,u,t] * starts_served[v,u] for u <= t) + census_hours[l,d,t]

    As for staff, each start asks for its own hours in each later period.
    """
    return m.care_hours_needed[l, d, t] == hours_needed(m, m.needs["shifts"][l, d], t)


@constraint("CREWS", "PERIODS", unit="hours")
def shift_capacity(m: Model, l: str, d: str, t: int) -> Any:
    """Care hours needed never exceed what crews on duty give, spot care adds and neighbours lend.

        care_hours_needed[l,d,t] <= shifts_on_duty[l,d,e(t)] * care_hours[l,d,t] + spot_care_hours[l,d,t] + sum((1 - travel_share) * hours_lent[d,l',l,t]) - sum(hours_lent[d,l,l',t])

    care_hours counts the duty days of the period: weekdays, weekends and bank holidays as the calendar has them.
    """
    have = []
    if (l, d) in m.data.shifts.areas:
        have += [(care_hours(m, (l, d), t), m.shifts_on_duty[l, d, m.epoch[t]])]
    have += [(1.0, m.spot_care_hours[l, d, t])] if (l, d, t) in m.spot_care_hours else []
    have += [(1 - help.travel_share, m.hours_lent[d, help.giver, l, t]) for help in m.helped[d, l]]
    have += [(-1.0, m.hours_lent[d, l, help.receiver, t]) for help in m.helping[d, l]]
    return m.care_hours_needed[l, d, t] <= weighted_sum(have)


@constraint("ON_DUTY", "DECISIONS", unit="shifts")
def shift_balance(m: Model, l: str, d: str, e: int) -> Any:
    """Crews on duty are those of the previous decision point, plus added, less dropped.

        shifts_on_duty[l,d,e] == shifts_on_duty[l,d,e-1] + shifts_added[l,d,e] - shifts_dropped[l,d,e]

    Changes are counted because they cost something and take notice.
    """
    before = m.shifts_on_duty[l, d, m.previous[e]] if e in m.previous else m.data.crews[l, d].row["shifts"]
    return m.shifts_on_duty[l, d, e] == before + m.shifts_added[l, d, e] - m.shifts_dropped[l, d, e]


@constraint("COVER", "DECISIONS", unit="shifts")
def shift_cover_minimum(m: Model, o: int, e: int) -> Any:
    """Enough crews are on duty in an area whatever the load.

        sum(shifts_on_duty[l,d,e]) >= on_duty_min[o]

    Round-the-clock cover is promised to places, not bought by the hour.
    """
    on_duty = total(m.shifts_on_duty[*key, e] for key in m.covered_by[o])
    return on_duty >= m.cover[o]["on_duty_min"]
