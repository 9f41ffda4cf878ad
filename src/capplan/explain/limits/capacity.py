"""Limits on beds, buildings and conversions, on staff, shifts and cover, and on sums of beds, WTE or shifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from capplan.explain.limits.limit import Filters, Kind, Limit, Step, chosen
from capplan.formulation.beds.units import bed_capacity, site_capacity, site_reopening_link, unit_open_link
from capplan.formulation.limits.totals import total_limit, total_minimum
from capplan.formulation.model import Model
from capplan.formulation.people.congestion import list_open_link
from capplan.formulation.schemes.effects import site_scheme_capacity
from capplan.formulation.workforce.shifts import shift_capacity, shift_cover_minimum
from capplan.formulation.workforce.staff import hiring_limit, staff_capacity
from capplan.instance import Instance
from capplan.parameters.loads import DAYS_PER_WEEK

Row = dict[str, Any]


def bed_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Of every unit: most and fewest beds, lead and notice, the day from which it is available."""
    for row in instance.site_beds.sort_values(["site", "bed_type"]).to_dict("records"):
        key = row["site"], row["bed_type"]
        yield _most(m, instance, row, key)
        if row["beds_min"] > 0:
            yield _fewest(m, row, key)
        yield from _dates(m, row, key)


def site_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Of every building: the beds that fit, where that is said, and that it may not open."""
    for row in instance.sites.sort_values("site").to_dict("records"):
        site = row["site"]
        filters = chosen(row, ["site"])
        if not pd.isna(row["beds_max"]) and site in m.SITES:
            rows = tuple((constraint, 1.0) for constraint in _rows_of_site(m, site))
            most = float(row["beds_max"])
            yield Limit("site_beds_max", Kind.BEDS, "sites", filters, "beds_max", most, step=1.0, rows=rows)
        if site in m.NO_REOPENING and not row["is_open"]:
            rows = tuple((site_reopening_link.rows(m)[site, e], 1.0) for e in m.DECISIONS)
            yield Limit(
                *("can_open", Kind.SITES, "sites", filters, "can_open", False),
                step=1.0,
                most=1.0,
                rows=rows,
                instead="true",
            )


def conversion_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Most beds that may be converted at one decision point."""
    for row in instance.conversions.to_dict("records"):
        key = row["site"], row["from_bed_type"], row["to_bed_type"]
        if key in m.conversion and not np.isnan(row["beds_per_change_max"]):
            filters = chosen(row, ["site", "from_bed_type", "to_bed_type"])
            at_most = tuple((m.beds_converted[*key, e], 1.0) for e in m.DECISIONS)
            yield Limit(
                *("beds_per_change_max", Kind.BEDS, "conversions", filters, "beds_per_change_max"),
                row["beds_per_change_max"],
                step=1.0,
                at_most=at_most,
            )


def _filters(row: Row) -> Filters:
    return chosen(row, ["site", "bed_type"])


def _most(m: Model, instance: Instance, row: Row, key: tuple[str, str]) -> Limit:
    most = float(row["beds_max"])
    for e in m.DECISIONS:
        if m.beds_open[*key, e].ub or is_before(m, row["available_from"], e):
            m.beds_open[*key, e].setub(most)
            if key in m.STEPPED_UNITS:
                m.bed_steps[*key, e].setub(None)
    beds_max_of_site = instance.sites.set_index("site")["beds_max"]
    rows = [] if not pd.isna(beds_max_of_site[key[0]]) else _rows_of_site(m, key[0])
    rows += [unit_open_link.rows(m)[*key, e] for e in m.DECISIONS if (*key, e) in unit_open_link.rows(m)]
    key_of_list = next((bed_list.key for bed_list in m.bed_list.values() if key in bed_list.units), None)
    rows += [
        list_open_link.rows(m)[*key_of_list, e]
        for e in m.DECISIONS
        if key_of_list and (*key_of_list, e) in list_open_link.rows(m)
    ]
    return Limit(
        *("beds_max", Kind.BEDS, "site_beds", _filters(row), "beds_max", most),
        step=float(row["beds_step"]),
        rows=tuple((constraint, 1.0) for constraint in rows),
        at_most=tuple((m.beds_open[*key, e], 1.0) for e in m.DECISIONS),
        shut=tuple(
            (switch[*place, e], (m.beds_open[*key, e],))
            for switch, place in ((m.site_is_open, key[:1]), (m.unit_is_open, key))
            for e in m.DECISIONS
            if (*place, e) in switch
        ),
    )


def _fewest(m: Model, row: Row, key: tuple[str, str]) -> Limit:
    held = tuple((m.beds_open[*key, e], 1.0) for e in m.DECISIONS if m.beds_open[*key, e].lb)
    for e in m.DECISIONS:
        if key in m.STEPPED_UNITS:
            m.bed_steps[*key, e].setlb(0.0)
    fewest = float(row["beds_min"])
    return Limit(
        *("beds_min", Kind.BEDS, "site_beds", _filters(row), "beds_min", fewest, -1),
        step=float(row["beds_step"]),
        most=fewest,
        at_least=held,
    )


def _rows_of_site(m: Model, site: str) -> list[Any]:
    families = (site_capacity.rows(m), site_scheme_capacity.rows(m))
    return [family[site, t] for family in families for t in m.PERIODS if (site, t) in family]


def _dates(m: Model, row: Row, key: tuple[str, str]) -> Iterator[Limit]:
    yield from periods_limit(m, "site_beds", _filters(row), "lead_periods", row, key, m.beds_opened)
    yield from periods_limit(m, "site_beds", _filters(row), "notice_periods", row, key, m.beds_closed)
    usable = {t: float(m.data.occupancy_max[key[1]] * m.days[t]) for t in m.PERIODS}
    capacity = {
        t: (m.beds_open[*key, m.epoch[t]], bed_capacity.rows(m)[*key, t], usable[t]) for t in m.PERIODS
    }
    available = m.data.units[key].available
    yield from available_limit(m, "site_beds", _filters(row), row["available_from"], available, capacity)


def is_before(m: Model, first: object, t: int) -> bool:
    """Whether a period begins before the day from which something is available."""
    return not pd.isna(first) and m.data.horizon.starts[t] < pd.Timestamp(first).date()


def periods_limit(
    m: Model, table: str, filters: Filters, column: str, row: Row, key: tuple[str, str], changes: Any
) -> Iterator[Limit]:
    """A lead or a notice: decision points that come too early, the latest of them first."""
    steps = tuple(Step(float(e), (changes[*key, e],)) for e in reversed(m.DECISIONS) if e < row[column])
    if steps:
        yield Limit(column, Kind.DATES, table, filters, column, float(row[column]), -1, steps=steps)


def available_limit(
    m: Model,
    table: str,
    filters: Filters,
    first: object,
    available: np.ndarray,
    capacity: dict[int, tuple[Any, Any, float]],
) -> Iterator[Limit]:
    """Capacity that is available from a day on: periods before it, the latest first.

    `capacity` has by period the variable of the capacity, the row that it adds to, and what one unit adds to that.
    """
    if pd.isna(first):
        return
    starts = m.data.horizon.starts
    before = [t for t in m.PERIODS if available[t] < 1 and is_before(m, first, t)]
    steps = []
    for t in reversed(before):
        variable, row, adds = capacity[t]
        whole_stretch = variable.ub == 0 or not available[m.epoch == m.epoch[t]].any()
        early = ((variable, row, adds * (1 - float(available[t]))),)
        steps.append(Step(starts[t].isoformat(), (variable,) if whole_stretch else (), early))
    if steps:
        value = pd.Timestamp(first).date().isoformat()
        yield Limit(
            "available_from", Kind.DATES, table, filters, "available_from", value, -1, steps=tuple(steps)
        )


def staff_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Of every team: most and fewest WTE, most recruits, the day from which it is available."""
    for row in instance.staff.sort_values(["locality", "role"]).to_dict("records"):
        key = row["locality"], row["role"]
        where = "staff", chosen(row, ["locality", "role"])
        for t in m.PERIODS:
            if m.wte[*key, t].ub or is_before(m, row["available_from"], t):
                m.wte[*key, t].setub(float(row["wte_max"]))
        at_most = tuple((m.wte[*key, t], 1.0) for t in m.PERIODS)
        yield Limit("wte_max", Kind.STAFF, *where, "wte_max", float(row["wte_max"]), at_most=at_most)
        if row["wte_min"] > 0:
            held = tuple((m.wte[*key, t], 1.0) for t in m.PERIODS if m.wte[*key, t].lb)
            fewest = float(row["wte_min"])
            yield Limit("wte_min", Kind.STAFF, *where, "wte_min", fewest, -1, most=fewest, at_least=held)
        yield from _hires(m, row, key)
        full = m.role[key[1]]["contact_hours_per_week"] * (1 - m.data.teams[key].travel_share) / DAYS_PER_WEEK
        capacity = {
            t: (m.wte[*key, t], staff_capacity.rows(m)[*key, t], full * float(m.days[t])) for t in m.PERIODS
        }
        yield from available_limit(m, *where, row["available_from"], m.data.teams[key].available, capacity)


def _hires(m: Model, row: dict[str, Any], key: tuple[str, str]) -> Iterator[Limit]:
    most = float(row["hires_max_per_period"])
    if np.isnan(most):
        return
    whole = m.hire_steps if key in m.STEPPED_TEAMS else m.wte_hired
    for e in m.DECISIONS:
        whole[*key, e].setub(None)
    rows = tuple((hiring_limit.rows(m)[*key, e], float(m.periods_until_next[e])) for e in m.DECISIONS)
    where = "staff", chosen(row, ["locality", "role"]), "hires_max_per_period"
    yield Limit("hires_max_per_period", Kind.HIRES, *where, most, rows=rows)


def shift_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Of every crew: most and fewest on duty, lead and notice, the day from which it is available."""
    for row in instance.shifts.sort_values(["locality", "shift_type"]).to_dict("records"):
        key = row["locality"], row["shift_type"]
        where = "shifts", chosen(row, ["locality", "shift_type"])
        on_duty = [m.shifts_on_duty[*key, e] for e in m.DECISIONS]
        for e, variable in zip(m.DECISIONS, on_duty, strict=True):
            if variable.ub or is_before(m, row["available_from"], e):
                variable.setub(float(row["shifts_max"]))
        at_most = tuple((variable, 1.0) for variable in on_duty)
        most = float(row["shifts_max"])
        yield Limit("shifts_max", Kind.SHIFTS, *where, "shifts_max", most, step=1.0, at_most=at_most)
        if row["shifts_min"] > 0:
            held, least = tuple((v, 1.0) for v in on_duty if v.lb), float(row["shifts_min"])
            yield Limit(
                *("shifts_min", Kind.SHIFTS, *where, "shifts_min", least, -1),
                step=1.0,
                most=least,
                at_least=held,
            )
        yield from periods_limit(m, *where, "lead_periods", row, key, m.shifts_added)
        yield from periods_limit(m, *where, "notice_periods", row, key, m.shifts_dropped)
        yield from _shifts_available(m, row, key)


def _shifts_available(m: Model, row: dict[str, Any], key: tuple[str, str]) -> Iterator[Limit]:
    crew, where = m.data.crews[key], ("shifts", chosen(row, ["locality", "shift_type"]))
    a_day = float(m.shift_type[key[1]]["care_hours"]) * (1 - crew.travel_share)
    capacity = {
        t: (
            m.shifts_on_duty[*key, m.epoch[t]],
            shift_capacity.rows(m)[*key, t],
            a_day * float(m.duty_days[key[1]][t]),
        )
        for t in m.PERIODS
    }
    yield from available_limit(m, *where, row["available_from"], crew.available, capacity)


def cover_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Crews that must be on duty whatever the load."""
    for c, row in instance.cover.to_dict("index").items():
        rows = tuple((shift_cover_minimum.rows(m)[c, e], 1.0) for e in m.DECISIONS)
        filters, fewest = chosen(row, ["network", "locality", "shift_type"]), float(row["on_duty_min"])
        where = "cover", filters, "on_duty_min"
        yield Limit("on_duty_min", Kind.COVER, *where, fewest, -1, step=1.0, most=fewest, rows=rows)


def total_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Bounds on the sum of beds, WTE or shifts."""
    for row in instance.limits.to_dict("records"):
        kind, step = _counted(m, row["resource"])
        where = "limits", chosen(row, ["limit"])
        facts = {"resource": row["resource"]}
        for column, direction, family in (
            ("max", 1, total_limit.rows(m)),
            ("min", -1, total_minimum.rows(m)),
        ):
            if np.isnan(row[column]):
                continue
            rows = tuple((family[key], 1.0) for key in family if key[0] == row["limit"])
            amount = float(row[column])
            most = np.inf if direction > 0 else amount
            yield Limit(
                *(f"limit_{column}", kind, *where, column, amount, direction),
                step=step,
                most=most,
                rows=rows,
                facts=facts,
            )


def _counted(m: Model, resource: str) -> tuple[Kind, float]:
    """What a limit counts, and in which multiples."""
    if resource in m.data.occupancy_max:
        return Kind.BEDS, 1.0
    return (Kind.STAFF, 0.0) if resource in m.role else (Kind.SHIFTS, 1.0)
