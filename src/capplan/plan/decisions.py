"""The `decisions` table: what to sign, by when, and what it costs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from capplan.formulation.model import Model
from capplan.formulation.schemes.go_live import went_live
from capplan.instance import Row, text
from capplan.plan.people import value
from capplan.results.tables import ACUTE_WARD, DECISIONS

TOGETHER = {
    "change": "sum",
    "decide_by": "min",
    "one_off_gbp": "sum",
    "part_year_gbp": "sum",
    "full_year_gbp": "sum",
    "provider": "first",
}
"""How changes of one resource in one place on one day add up."""
DAYS_PER_YEAR = 365


def decisions_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.DECISIONS`, which states key, columns and units."""
    changes = (*_beds(m), *_staff(m), *_shifts(m), *_schemes(m), *_wards(m))
    rows = [_row(m, one) for one in changes]
    table = pd.DataFrame(rows, columns=DECISIONS.names)
    return DECISIONS.frame(table.groupby(list(DECISIONS.key), as_index=False).agg(TOGETHER))


@dataclass(frozen=True)
class _Change:
    """A change of one resource in one place, from the beginning of period t; `waits` periods after the decision.

    Its yearly amount begins `free_months` later.
    """

    what: str
    where: str
    t: int
    waits: int
    change: float
    one_off_gbp: float
    year_gbp: float
    provider: str
    free_months: float = 0.0


def _row(m: Model, one: _Change) -> tuple[Any, ...]:
    starts = m.data.horizon.starts
    decide_by = starts[max(one.t - one.waits, 0)].isoformat()
    full_year = one.change * one.year_gbp
    part_year = full_year * max(_share_of_year_left(m, starts[one.t]) - one.free_months / 12, 0.0)
    when = starts[one.t].isoformat()
    return (
        one.what,
        one.where,
        when,
        one.change,
        decide_by,
        one.one_off_gbp,
        part_year,
        full_year,
        one.provider,
    )


def _share_of_year_left(m: Model, day: datetime.date) -> float:
    month = m.data.horizon.year_starts
    end = datetime.date(day.year + (day.month >= month), month, 1)
    return min((end - day).days / DAYS_PER_YEAR, 1.0)


def _bed_year(row: Row) -> float:
    by_time = (row["bed_day_gbp"] * DAYS_PER_YEAR, row["bed_month_gbp"] * 12, row["bed_year_gbp"])
    return float(next((gbp for gbp in by_time if not np.isnan(gbp)), 0.0))


def _beds(m: Model) -> Iterator[_Change]:
    each = m.data.instance.settings.change_gbp
    for (s, b), unit in m.data.units.items():
        for e in m.DECISIONS:
            before = value(m.beds_open[s, b, m.previous[e]]) if e in m.previous else unit.row["beds"]
            change = value(m.beds_open[s, b, e]) - before
            opened, closed = value(m.beds_opened[s, b, e]), value(m.beds_closed[s, b, e])
            converted = [(value(m.beds_converted[*c, e]), c) for c in m.converted_in[s, b]]
            if change == opened == closed == sum(beds for beds, _ in converted) == 0:
                continue
            one_off = opened * unit.row["opening_gbp_per_bed"] + closed * unit.row["closing_gbp_per_bed"]
            one_off += sum(beds * m.conversion[c]["convert_gbp_per_bed"] for beds, c in converted)
            one_off += each * (opened + closed + sum(beds for beds, _ in converted))
            waits = int(unit.row["lead_periods"] if change > 0 else unit.row["notice_periods"])
            yield _Change(b, s, e, waits, change, float(one_off), _bed_year(unit.row), unit.provider)


def _staff(m: Model) -> Iterator[_Change]:
    each = m.data.instance.settings.change_gbp
    for l, r in m.STAFFED:
        team, waits = m.data.teams[l, r], int(m.role[r]["recruitment_periods"])
        a_year = float(np.nan_to_num(team.row["wte_month_gbp"])) * 12
        for e in m.DECISIONS:
            hired, left = value(m.wte_hired[l, r, e]), value(m.wte_left[l, r, e])
            if hired > 0 and e + waits in m.PERIODS:
                one_off = hired * (team.row["hiring_gbp_per_wte"] + each)
                yield _Change(r, l, e + waits, waits, hired, float(one_off), a_year, team.provider)
            if left > 0:
                yield _Change(r, l, e, 0, -left, float(left * each), a_year, team.provider)


def _shifts(m: Model) -> Iterator[_Change]:
    each = m.data.instance.settings.change_gbp
    for l, k in m.ON_DUTY:
        crew, shift_type = m.data.crews[l, k], m.shift_type[k]
        row = crew.row
        price = (
            row["shift_gbp"]
            if not np.isnan(row["shift_gbp"])
            else row["shift_hour_gbp"] * shift_type["hours"]
        )
        a_year = float(np.nan_to_num(price)) * m.duty_days[k].sum() / m.days.sum() * DAYS_PER_YEAR
        for e in m.DECISIONS:
            before = value(m.shifts_on_duty[l, k, m.previous[e]]) if e in m.previous else row["shifts"]
            change = value(m.shifts_on_duty[l, k, e]) - before
            if change:
                waits = int(row["lead_periods"] if change > 0 else row["notice_periods"])
                yield _Change(k, l, e, waits, change, float(abs(change) * each), a_year, crew.provider)


def _schemes(m: Model) -> Iterator[_Change]:
    for (scheme, locality), e in went_live(m).items():
        row = m.rollout[scheme, locality].row
        provider = text(row["provider"])
        one_off, a_year = float(row["one_off_gbp"]), float(row["month_gbp"]) * 12
        yield _Change(scheme, locality, e, 0, 1.0, one_off, a_year, provider)


def _wards(m: Model) -> Iterator[_Change]:
    for x, wards in m.data.wards.items():
        row = wards.row
        a_year = float(row["gain_share"] * row["ward_month_gbp"]) * 12
        for e in m.DECISIONS:
            before = value(m.wards_closed[x, m.previous[e]]) if e in m.previous else 0.0
            closing = value(m.wards_closed[x, e]) - before
            if closing:
                yield _Change(ACUTE_WARD, x, e, 0, -closing, 0.0, a_year, "", row["double_running_months"])
