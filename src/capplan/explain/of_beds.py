"""Limits on beds: maxima, floors, dates, buildings, conversions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from capplan.explain.limit import Filters, Kind, Limit, Step, chosen
from capplan.formulation.beds.units import bed_capacity, site_capacity, site_reopening_link, unit_open_link
from capplan.formulation.model import Model
from capplan.formulation.people.congestion import list_open_link
from capplan.formulation.schemes.effects import site_scheme_capacity
from capplan.instance import Instance

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
            rows = tuple((one, 1.0) for one in _rows_of_site(m, site))
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
    own = instance.sites.set_index("site")["beds_max"]
    rows = [] if not pd.isna(own[key[0]]) else _rows_of_site(m, key[0])
    rows += [unit_open_link.rows(m)[*key, e] for e in m.DECISIONS if (*key, e) in unit_open_link.rows(m)]
    of_list = next((one.key for one in m.bed_list.values() if key in one.units), None)
    rows += [
        list_open_link.rows(m)[*of_list, e]
        for e in m.DECISIONS
        if of_list and (*of_list, e) in list_open_link.rows(m)
    ]
    return Limit(
        *("beds_max", Kind.BEDS, "site_beds", _filters(row), "beds_max", most),
        step=float(row["beds_step"]),
        rows=tuple((one, 1.0) for one in rows),
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
