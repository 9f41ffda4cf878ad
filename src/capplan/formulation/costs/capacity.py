"""What capacity costs: beds and the buildings they are in, posts, shifts, and what is bought by the hour or bed day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capplan.formulation.model import Model
from capplan.formulation.terms import Term
from capplan.instance import Row


def _price(row: Row, name: str, m: Model, t: int) -> float:
    """Price of a bed for the days of a period: by the day, or by months where it is a monthly or yearly price."""
    a_month, a_year = row[name.replace("day", "month")], row[name.replace("day", "year")]
    for price, multiple in ((row[name], m.days[t]), (a_month, m.months[t]), (a_year, m.months[t] / 12)):
        if not np.isnan(price):
            return float(price * multiple)
    return 0.0


def beds(m: Model) -> Iterator[Term]:
    """Open beds, used or not: bed_day_gbp × days × beds_open, by bed type."""
    for (s, b), unit in m.data.units.items():
        for t in m.PERIODS:
            gbp = _price(unit.row, "bed_day_gbp", m, t) * float(unit.available[t])
            yield Term(b, unit.provider, unit.locality, s, t, ((gbp, m.beds_open[s, b, m.epoch[t]]),))


def sites(m: Model) -> Iterator[Term]:
    """Buildings while any bed is open: open_gbp_per_month × months × site_is_open."""
    for s in m.SWITCHED_SITES:
        site = m.data.sites[s]
        for t in m.PERIODS:
            gbp = float(site["open_gbp_per_month"] * m.months[t])
            provider = m.data.units[m.units_at[s][0]].provider
            yield Term(s, provider, site["locality"], s, t, ((gbp, m.site_is_open[s, m.epoch[t]]),))


def openings(m: Model) -> Iterator[Term]:
    """Beds that open: opening_gbp_per_bed × beds_opened."""
    for (s, b), unit in m.data.units.items():
        for e in m.DECISIONS:
            pair = (float(unit.row["opening_gbp_per_bed"]), m.beds_opened[s, b, e])
            yield Term(b, unit.provider, unit.locality, s, e, (pair,))


def closings(m: Model) -> Iterator[Term]:
    """Beds that close: closing_gbp_per_bed × beds_closed."""
    for (s, b), unit in m.data.units.items():
        for e in m.DECISIONS:
            pair = (float(unit.row["closing_gbp_per_bed"]), m.beds_closed[s, b, e])
            yield Term(b, unit.provider, unit.locality, s, e, (pair,))


def conversions(m: Model) -> Iterator[Term]:
    """Beds that change their type: convert_gbp_per_bed × beds_converted, by the type they become."""
    for s, b, c in m.CONVERSIONS:
        unit = m.data.units[s, c]
        gbp = float(m.conversion[s, b, c]["convert_gbp_per_bed"])
        for e in m.DECISIONS:
            yield Term(c, unit.provider, unit.locality, s, e, ((gbp, m.beds_converted[s, b, c, e]),))


def changes(m: Model) -> Iterator[Term]:
    """What it takes to open or close one bed, post or shift: change_gbp × everything that changes."""
    gbp = float(m.data.instance.settings.change_gbp)
    for e in m.DECISIONS:
        for (s, b), unit in m.data.units.items():
            changed = [m.beds_opened[s, b, e], m.beds_closed[s, b, e]]
            changed += [m.beds_converted[*c, e] for c in m.converted_in[s, b]]
            yield Term(b, unit.provider, unit.locality, s, e, tuple((gbp, v) for v in changed))
        for l, r in m.STAFFED:
            pairs = ((gbp, m.wte_hired[l, r, e]), (gbp, m.wte_left[l, r, e]))
            yield Term(r, m.data.teams[l, r].provider, l, "", e, pairs)
        for l, d in m.ON_DUTY:
            pairs = ((gbp, m.shifts_added[l, d, e]), (gbp, m.shifts_dropped[l, d, e]))
            yield Term(d, m.data.crews[l, d].provider, l, "", e, pairs)


def staff(m: Model) -> Iterator[Term]:
    """Posts: wte_month_gbp × months × wte, by role."""
    for l, r in m.STAFFED:
        team = m.data.teams[l, r]
        for t in m.PERIODS:
            gbp = float(np.nan_to_num(team.row["wte_month_gbp"]) * m.months[t] * team.available[t])
            yield Term(r, team.provider, l, "", t, ((gbp, m.wte[l, r, t]),))


def hiring(m: Model) -> Iterator[Term]:
    """Recruits: hiring_gbp_per_wte × wte_hired, in the period of the decision."""
    for l, r in m.STAFFED:
        team = m.data.teams[l, r]
        for e in m.DECISIONS:
            pair = (float(team.row["hiring_gbp_per_wte"]), m.wte_hired[l, r, e])
            yield Term(r, team.provider, l, "", e, (pair,))


def agency(m: Model) -> Iterator[Term]:
    """Agency staff: agency_hour_gbp × agency_hours."""
    for l, r in m.WITH_AGENCY:
        team = m.data.teams[l, r]
        for t in m.PERIODS:
            pair = (float(team.row["agency_hour_gbp"]), m.agency_hours[l, r, t])
            yield Term(r, team.provider, l, "", t, (pair,))


def shifts(m: Model) -> Iterator[Term]:
    """Crews on duty: shift_gbp × duty days × shifts_on_duty, by shift type."""
    for l, d in m.ON_DUTY:
        crew = m.data.crews[l, d]
        by_hour = crew.row["shift_hour_gbp"] * m.shift_type[d]["hours"]
        price = crew.row["shift_gbp"] if not np.isnan(crew.row["shift_gbp"]) else np.nan_to_num(by_hour)
        for t in m.PERIODS:
            gbp = float(price * m.duty_days[d][t] * crew.available[t])
            yield Term(d, crew.provider, l, "", t, ((gbp, m.shifts_on_duty[l, d, m.epoch[t]]),))


def spot(m: Model) -> Iterator[Term]:
    """Beds and care hours bought for one person: spot price × spot_beds × days, spot_care_hours."""
    for s, b in m.SPOT_UNITS:
        unit = m.data.units[s, b]
        for t in m.PERIODS:
            gbp = _price(unit.row, "spot_bed_day_gbp", m, t)
            yield Term(b, unit.provider, unit.locality, s, t, ((gbp, m.spot_beds[s, b, t]),))
    for l, d in m.WITH_SPOT_CARE:
        crew = m.data.crews[l, d]
        for t in m.PERIODS:
            pair = (float(crew.row["spot_care_hour_gbp"]), m.spot_care_hours[l, d, t])
            yield Term(d, crew.provider, l, "", t, (pair,))
