"""Crews on duty and their care hours: the table `shifts` against the instance and the people in care."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.verify.differences import above, below, not_multiple, not_zero, unequal
from capplan.verify.evidence import Evidence
from capplan.verify.teams import check_capacity, check_help, check_hours, check_utilisation, crews

KEYS = ["locality", "shift_type"]


def care_hours_needed(evidence: Evidence) -> Iterator[Problem]:
    """The care hours needed of a crew are those of the people in care in its area."""
    rows = evidence.instance.table("package_care")
    needs = rows.assign(
        effect="package_care.care_hours_per_day",
        amount=rows["care_hours_per_day"],
        per_day=1.0,
        per_start=0.0,
    )
    yield from check_hours(evidence, crews(evidence), needs)


def care_hours_available(evidence: Evidence) -> Iterator[Problem]:
    """The care hours available are crews × duty days × care hours of a shift × the time not spent on the road."""
    rows = _crews(evidence)
    types = evidence.instance.table("shift_types").set_index("shift_type")
    reported, on_duty = (
        evidence.wide("shifts", c, *KEYS) for c in ("care_hours_available", "shifts_on_duty")
    )
    teams = crews(evidence)
    days = {shift_type: evidence.horizon.duty_days(pattern) for shift_type, pattern in types["days"].items()}
    hours = [
        days[shift_type] * types["care_hours"][shift_type] * (1 - teams.travel_share(team))
        for team, shift_type in rows.index
    ]
    hours = np.array(hours).reshape(len(rows), len(evidence.horizon)) * evidence.share_available(rows)
    expected = on_duty.reindex(rows.index, fill_value=0.0) * hours
    yield from unequal("shifts", "care_hours_available", "care_hours_available", reported, expected)


def capacity(evidence: Evidence) -> Iterator[Problem]:
    """Care hours needed are covered; spot care is bought only where it has a price."""
    yield from check_capacity(evidence, crews(evidence), "shift_capacity")
    bought = evidence.wide("shifts", "spot_care_hours", *KEYS)
    no_price = _of_crew(evidence, bought, "spot_care_hour_gbp").isna().to_numpy()
    yield from not_zero("shifts", "spot_care_has_price", "spot_care_hours", bought, no_price[:, None])


def utilisation(evidence: Evidence) -> Iterator[Problem]:
    """Utilisation is the hours needed and given over all hours had."""
    yield from check_utilisation(evidence, crews(evidence))


def cross_cover(evidence: Evidence) -> Iterator[Problem]:
    """Care hours given and received agree with `cross_cover`, and are the giver's own."""
    yield from check_help(evidence, crews(evidence))


def shifts_on_duty(evidence: Evidence) -> Iterator[Problem]:
    """Crews are whole, within their bounds, on duty only where they can be had, and change at decision points."""
    on_duty = evidence.wide("shifts", "shifts_on_duty", *KEYS)
    yield from not_multiple("shifts", "shifts_whole", "shifts_on_duty", on_duty, 1.0)
    rows = _crews(evidence).reindex(on_duty.index)
    may_be = evidence.may_be_open(rows)
    yield from not_zero("shifts", "shifts_availability", "shifts_on_duty", on_duty, ~may_be)
    for column, compare in (("shifts_min", below), ("shifts_max", above)):
        bound = rows[column].fillna(0.0).to_numpy()[:, None] * may_be
        frame = pd.DataFrame(bound, on_duty.index, on_duty.columns)
        yield from compare("shifts", column, "shifts_on_duty", on_duty, frame)
    change = on_duty - evidence.before(on_duty, rows["shifts"])
    yield from not_zero("shifts", "decision_points", "change", change, ~evidence.is_decision[None, :])


def lead_and_notice(evidence: Evidence) -> Iterator[Problem]:
    """Crews come and go no sooner than lead_periods and notice_periods after the start, unless a contract ends."""
    on_duty = evidence.wide("shifts", "shifts_on_duty", *KEYS)
    rows = _crews(evidence).reindex(on_duty.index)
    change = on_duty - evidence.before(on_duty, rows["shifts"])
    periods = np.arange(len(evidence.horizon))
    for column, sign in (("lead_periods", 1.0), ("notice_periods", -1.0)):
        too_soon = (periods < rows[column].fillna(0.0).to_numpy()[:, None]) & evidence.may_be_open(rows)
        changes = (change * sign).clip(lower=0.0)
        yield from not_zero("shifts", column, "change", changes, too_soon)


def cover_minimum(evidence: Evidence) -> Iterator[Problem]:
    """The crews whose area lies in the network or locality, or holds it, are at least on_duty_min."""
    on_duty = evidence.wide("shifts", "shifts_on_duty", *KEYS)
    areas = crews(evidence).areas
    for row in evidence.instance.table("cover").itertuples(index=False):
        place = _place(evidence.instance, row.network, row.locality)
        counted = [
            (crew, shift_type)
            for (crew, shift_type), area in areas.items()
            if shift_type == row.shift_type and (area <= place or place <= area)
        ]
        total = on_duty.reindex(counted, fill_value=0.0).sum().to_frame("").T
        where = ", ".join(name for name in (row.network, row.locality) if isinstance(name, str))
        what = f"{row.shift_type} on duty in {where or 'all'}"
        yield from below("shifts", "shift_cover_minimum", what, total, total * 0 + row.on_duty_min)


def _place(instance: Instance, network: object, locality: object) -> frozenset[str]:
    """The localities of a network, of one locality, or all."""
    inside = instance.table("localities")
    for column, name in (("network", network), ("locality", locality)):
        inside = inside if pd.isna(name) else inside[inside[column] == name]
    return frozenset(inside["locality"])


def _crews(evidence: Evidence) -> pd.DataFrame:
    return evidence.instance.table("shifts").set_index(KEYS)


def _of_crew(evidence: Evidence, crews: pd.DataFrame, column: str) -> pd.Series:
    return _crews(evidence)[column].reindex(crews.index)
