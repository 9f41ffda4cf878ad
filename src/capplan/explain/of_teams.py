"""Limits on staff, shifts and cover, and those on sums of beds, WTE or shifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from capplan.explain.limit import Kind, Limit, chosen
from capplan.explain.of_beds import available_limit, is_before, periods_limit
from capplan.formulation.limits.totals import total_limit, total_minimum
from capplan.formulation.model import Model
from capplan.formulation.workforce.shifts import shift_capacity, shift_cover_minimum
from capplan.formulation.workforce.staff import hiring_limit, staff_capacity
from capplan.instance import Instance
from capplan.parameters.loads import DAYS_PER_WEEK


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
