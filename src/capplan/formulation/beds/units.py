"""Beds: units at sites open, close and convert at decision points; people in beds fit into what is open."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from capplan import modelling as pyo
from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import total, weighted_sum
from capplan.instance import Row
from capplan.parameters.data import Data
from capplan.parameters.eligibility import SPOT_PRICES
from capplan.parameters.units import Unit


def add_variables(m: Model) -> None:
    """`beds_open` and its changes by unit and decision point, `site_is_open`, `unit_is_open`, `spot_beds`."""
    data: Data = m.data
    m.UNITS = list(data.units)
    m.SITES = [site for site in data.sites if any(site == s for s, _ in m.UNITS)]
    m.declare("beds_open", "beds_opened", "beds_closed")
    _bound_beds(m)
    _add_steps(m)
    _add_conversions(m)
    m.SPOT_UNITS = [
        key for key, unit in data.units.items() if not all(np.isnan(unit.row[price]) for price in SPOT_PRICES)
    ]
    _add_sites(m)
    m.SIZED_UNITS = [key for key, unit in data.units.items() if unit.row["unit_beds_min"] > 0]
    m.declare("unit_is_open", "spot_beds", "people_days")
    _add_people(m)


def _bound_beds(m: Model) -> None:
    """Bounds of the planner, availability, lead and notice."""
    for key, unit in m.data.units.items():
        for e in m.DECISIONS:
            is_available = bool(unit.available[m.epoch == e].any())
            m.beds_open[*key, e].setlb(unit.row["beds_min"] if is_available else 0.0)
            m.beds_open[*key, e].setub(unit.row["beds_max"] if is_available else 0.0)
            if e < unit.row["lead_periods"]:
                m.beds_opened[*key, e].fix(0.0)
            if e < unit.row["notice_periods"] and is_available:
                m.beds_closed[*key, e].fix(0.0)


def _add_steps(m: Model) -> None:
    m.STEPPED_UNITS = [key for key, unit in m.data.units.items() if unit.row["beds_step"] > 1]
    m.declare("bed_steps")
    for key in m.STEPPED_UNITS:
        step = _step(m.data.units[key])
        for e in m.DECISIONS:
            # The steps carry the integrality; beds that are integer as well only burden the search.
            m.beds_open[*key, e].domain = pyo.NonNegativeReals
            least, most = m.beds_open[*key, e].lb or 0.0, m.beds_open[*key, e].ub or 0.0
            m.bed_steps[*key, e].setlb(np.ceil(least / step))
            m.bed_steps[*key, e].setub(np.floor(most / step))


def _add_conversions(m: Model) -> None:
    rows = m.data.instance.conversions.sort_values(["site", "from_bed_type", "to_bed_type"]).to_dict(
        "records"
    )
    m.conversion = {
        (row["site"], row["from_bed_type"], row["to_bed_type"]): row
        for row in rows
        if (row["site"], row["from_bed_type"]) in m.data.units
        and (row["site"], row["to_bed_type"]) in m.data.units
    }
    m.CONVERSIONS = list(m.conversion)
    m.declare("beds_converted")
    m.converted_in, m.converted_out = defaultdict(list), defaultdict(list)
    m.CONVERTIBLE_UNITS = sorted({(s, b) for s, b, _ in m.CONVERSIONS})
    for s, b, c in m.CONVERSIONS:
        m.converted_out[s, b].append((s, b, c))
        m.converted_in[s, c].append((s, b, c))
        for e in m.DECISIONS:
            most = m.conversion[s, b, c]["beds_per_change_max"]
            m.beds_converted[s, b, c, e].setub(None if np.isnan(most) else most)


def _add_sites(m: Model) -> None:
    """A binary for each site whose opening costs something or cannot be taken back; other sites are simply open."""
    m.SWITCHED_SITES = [s for s in m.SITES if _is_switched(m.data.sites[s])]
    m.declare("site_is_open")
    _bound_sites(m)
    m.NO_REOPENING = [s for s in m.SWITCHED_SITES if not m.data.sites[s]["can_open"]]
    m.NO_CLOSING = [s for s in m.SWITCHED_SITES if not m.data.sites[s]["can_close"]]
    m.units_at = {s: [key for key in m.UNITS if key[0] == s] for s in m.SITES}
    m.SITE_LINKS = sorted(
        {
            (stream.locality, stream.hospital, o.site, stream.pathway)
            for stream in m.data.streams
            for o in stream.options
            if o.site in set(m.SWITCHED_SITES)
        }
    )


def _bound_sites(m: Model) -> None:
    """A site is open where some of its beds have to be, and closed where none can."""
    for s in m.SWITCHED_SITES:
        for e in m.DECISIONS:
            beds = [m.beds_open[*key, e] for key in m.UNITS if key[0] == s]
            m.site_is_open[s, e].setlb(1.0 if any(variable.lb for variable in beds) else 0.0)
            if all(variable.ub == 0 for variable in beds) and not any(key[0] == s for key in m.SPOT_UNITS):
                m.site_is_open[s, e].setub(0.0)


def _is_switched(site: Row) -> bool:
    return bool(site["open_gbp_per_month"] > 0 or not (site["can_open"] and site["can_close"]))


def _add_people(m: Model) -> None:
    """Packages that fill each unit's beds, and person-days of the people in them from before the start."""
    packages = {k: row["bed_type"] for k, row in m.data.packages.items() if row["setting"] == "bed"}
    m.packages_in = {
        (s, b): [k for site, k in m.SITE_PACKAGES if site == s and packages[k] == b] for s, b in m.UNITS
    }
    census: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(len(m.PERIODS)))
    for (_, site, k), people in m.data.census.items():
        if site:
            census[site, packages[k]] += people * m.data.bed_days_per_start[k].per_census
    m.census_days = census


def _step(unit: Unit) -> float:
    return float(unit.row["beds_step"])


def smallest_unit(unit: Unit) -> float:
    """Fewest beds of an open unit: unit_beds_min, in whole steps."""
    return float(np.ceil(unit.row["unit_beds_min"] / _step(unit)) * _step(unit))


@constraint("UNITS", "PERIODS", unit="bed days")
def people_days_balance(m: Model, s: str, b: str, t: int) -> Any:
    """Person-days in a unit's beds are those of everyone who started there, in this period or earlier, and is still in.

        people_days[s,b,t] == sum(days_in_care[k,u,t] * starts_at[s,k,u] for u <= t) + census_days[s,b,t]

    A 35-day stay fills beds in two or three months, not one. Where k follows on, days_in_care counts from the start
    of the package that leads to it.
    """
    in_care = weighted_sum(
        (
            (days, m.starts_at[s, k, u])
            for k in m.packages_in[s, b]
            for u, days in m.data.bed_days_per_start[k].column[t]
        ),
        float(m.census_days[s, b][t]) if (s, b) in m.census_days else 0.0,
    )
    return m.people_days[s, b, t] == in_care


@constraint("UNITS", "PERIODS", unit="bed days")
def bed_capacity(m: Model, s: str, b: str, t: int) -> Any:
    """People in beds never exceed the beds open at the occupancy allowed.

        people_days[s,b,t] <= occupancy_max[b] * days[t] * (available[s,b,t] * beds_open[s,b,e(t)] + spot_beds[s,b,t])

    Stays that began in earlier periods still fill beds in this one.
    """
    usable = float(m.data.occupancy_max[b] * m.days[t])
    beds = [(usable * float(m.data.units[s, b].available[t]), m.beds_open[s, b, m.epoch[t]])]
    if (s, b, t) in m.spot_beds:
        beds.append((usable, m.spot_beds[s, b, t]))
    return m.people_days[s, b, t] <= weighted_sum(beds)


@constraint("UNITS", "DECISIONS", unit="beds")
def bed_balance(m: Model, s: str, b: str, e: int) -> Any:
    """Beds open are those of the previous decision point, plus opened, less closed, plus converted in, less out.

        beds_open[s,b,e] == beds_open[s,b,e-1] + beds_opened[s,b,e] - beds_closed[s,b,e] + sum(beds_converted[s,c,b,e]) - sum(beds_converted[s,b,c,e])

    Changes are counted because they cost something and take notice; before the first decision point, `beds` are open.
    """
    unit = m.data.units[s, b]
    before = m.beds_open[s, b, m.previous[e]] if e in m.previous else unit.row["beds"]
    converted_in = total(m.beds_converted[*c, e] for c in m.converted_in[s, b])
    converted_out = total(m.beds_converted[*c, e] for c in m.converted_out[s, b])
    changed = m.beds_opened[s, b, e] - m.beds_closed[s, b, e]
    return m.beds_open[s, b, e] == before + changed + converted_in - converted_out


@constraint("CONVERTIBLE_UNITS", "DECISIONS", unit="beds")
def conversion_capacity(m: Model, s: str, b: str, e: int) -> Any:
    """Only beds that were open before can be converted.

        sum(beds_converted[s,b,c,e]) <= beds_open[s,b,e-1]

    Beds that open and convert in one go would dodge lead times and the cost of opening as what they become.
    """
    before = m.beds_open[s, b, m.previous[e]] if e in m.previous else m.data.units[s, b].row["beds"]
    return total(m.beds_converted[*c, e] for c in m.converted_out[s, b]) <= before


@constraint("STEPPED_UNITS", "DECISIONS", unit="beds")
def bed_step_balance(m: Model, s: str, b: str, e: int) -> Any:
    """Beds open and close in whole steps.

        beds_open[s,b,e] == beds_step[s,b] * bed_steps[s,b,e]

    A ward bay or a contract lot opens as a whole.
    """
    return m.beds_open[s, b, e] == _step(m.data.units[s, b]) * m.bed_steps[s, b, e]


@constraint("SITES", "PERIODS", unit="beds")
def site_capacity(m: Model, s: str, t: int) -> Any:
    """A building holds no more beds than fit, and none while it is closed.

        sum(beds_open[s,b,e(t)] + spot_beds[s,b,t]) <= beds_max[s] * site_is_open[s,e(t)]

    Spot beds need room too. Of a building that a scheme enlarges it is the most that will ever fit.
    """
    spot_keys = [key for key in m.units_at[s] if (*key, t) in m.spot_beds]
    if t != m.epoch[t] and not spot_keys:
        return pyo.Constraint.Skip  # the same row as at the decision point
    beds = total(
        [m.beds_open[*key, m.epoch[t]] for key in m.units_at[s]] + [m.spot_beds[*key, t] for key in spot_keys]
    )
    beds_max = m.beds_max_at_most[s]
    if s in m.SWITCHED_SITES:
        return beds <= beds_max * m.site_is_open[s, m.epoch[t]]
    return beds <= beds_max


@constraint("NO_REOPENING", "DECISIONS", unit="sites")
def site_reopening_link(m: Model, s: str, e: int) -> Any:
    """A site that may not open stays closed once it is closed.

        site_is_open[s,e] <= site_is_open[s,e-1]

    Before the first decision point, `is_open` says whether it is open.
    """
    before = m.site_is_open[s, m.previous[e]] if e in m.previous else float(m.data.sites[s]["is_open"])
    return m.site_is_open[s, e] <= before


@constraint("NO_CLOSING", "DECISIONS", unit="sites")
def site_closing_link(m: Model, s: str, e: int) -> Any:
    """A site that may not close stays open once it is open.

        site_is_open[s,e] >= site_is_open[s,e-1]

    Before the first decision point, `is_open` says whether it is open.
    """
    before = m.site_is_open[s, m.previous[e]] if e in m.previous else float(m.data.sites[s]["is_open"])
    return m.site_is_open[s, e] >= before


@constraint("SITE_LINKS", "PERIODS", unit="people", is_lazy=True)
def site_link(m: Model, l: str, h: str, s: str, p: str, t: int) -> Any:
    """Nobody starts at a closed site.

        sum(starts[l,h,p,k,s,t]) <= people_at_most[l,h,p,t] * site_is_open[s,e(t)]

    Implied by the site's capacity when site_is_open is whole, but a tighter relaxation where it is not; there are
    many such rows and few matter, so they are added where a relaxation breaks them.
    """
    stream = m.stream[l, h, p]
    starts = total(m.starts[l, h, p, o.course, s, t] for o in stream.options if o.site == s)
    return starts <= m.people_at_most[l, h, p][t] * m.site_is_open[s, m.epoch[t]]


@constraint("SIZED_UNITS", "DECISIONS", unit="beds")
def unit_size_minimum(m: Model, s: str, b: str, e: int) -> Any:
    """A unit that is open has at least its smallest size.

        beds_open[s,b,e] >= unit_beds_min[s,b] * unit_is_open[s,b,e]

    Two beds need a night nurse as much as eight do. The smallest size is rounded up to whole steps.
    """
    return m.beds_open[s, b, e] >= smallest_unit(m.data.units[s, b]) * m.unit_is_open[s, b, e]


@constraint("SIZED_UNITS", "DECISIONS", unit="beds")
def unit_open_link(m: Model, s: str, b: str, e: int) -> Any:
    """Beds are open only in a unit that is.

        beds_open[s,b,e] <= beds_max[s,b] * unit_is_open[s,b,e]

    The other half of the smallest size.
    """
    return m.beds_open[s, b, e] <= m.data.units[s, b].row["beds_max"] * m.unit_is_open[s, b, e]
