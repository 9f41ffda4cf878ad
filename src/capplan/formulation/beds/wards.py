"""Acute wards: whole wards close, for good, where care outside hospital frees enough of their beds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capplan import modelling as pyo
from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import total, weighted_sum


def add_variables(m: Model) -> None:
    """`bed_days_freed` by period; `wards_closed` and `any_ward_closed` by decision point."""
    m.ACUTE = list(m.data.wards)
    m.declare("bed_days_freed", "wards_closed", "any_ward_closed")
    for x in m.ACUTE:
        for e in m.DECISIONS:
            m.wards_closed[x, e].setub(float(m.data.wards[x].row["wards_max"]))


def released(m: Model, x: str, t: int) -> tuple[tuple[float, Any], ...]:
    """What closed wards release in period t: (£, variable) pairs, before prices rise.

    A ward that closes at e releases gain_share × ward_month_gbp for every month from double_running_months after e.
    """
    row = m.data.wards[x].row
    gbp = float(row["gain_share"] * row["ward_month_gbp"])
    decisions = [e for e in m.DECISIONS if e <= t]
    months = [_months_released(m, e, t, float(row["double_running_months"])) for e in decisions]
    # A ward that is closed at e was closed at e or before: what closes at e is the difference to the point before.
    later = [*months[1:], 0.0]
    pairs = zip(decisions, months, later, strict=True)
    return tuple((gbp * (own - next_own), m.wards_closed[x, e]) for e, own, next_own in pairs)


def _months_released(m: Model, e: int, t: int, double_running: float) -> float:
    """Months of period t that come after the double running of a ward that closes at e."""
    before, own = float(m.months[e:t].sum()), float(m.months[t])
    return min(max(before + own - double_running, 0.0), own)


def _freed_by_starts(m: Model, x: str) -> Iterator[tuple[float, Any]]:
    """What each start of the wards' people frees: (bed days a person, stream, option)."""
    wards = m.data.wards[x]
    for stream in m.data.streams:
        if m.data.demand.hospitals[stream.members[0][1]] not in wards.hospitals:
            continue
        direction = m.data.pathways[stream.pathway]["direction"]
        for o in stream.options:
            bed_days = wards.freed_by(direction, o)
            if bed_days:
                yield bed_days, (*stream.key, o.course, o.site)


def _periods(m: Model, e: int) -> range:
    return range(e, e + m.periods_until_next[e])


def most_below(m: Model, x: str, e: int) -> float:
    """By how many bed days discharges and diversions can stay below their baselines until the next decision.

    Nobody starts, or everybody who can by then starts where it fails most.
    """
    worst: dict[tuple[str, str, str], float] = {}
    for bed_days, start in _freed_by_starts(m, x):
        worst[start[:3]] = min(worst.get(start[:3], 0.0), bed_days)
    last = _periods(m, e)[-1]
    failed = -sum(bed_days * m.people_at_most[stream][last] for stream, bed_days in worst.items())
    months = sum(float(m.months[t]) for t in _periods(m, e))
    return float(m.data.wards[x].baseline_per_month * months + failed)


@constraint("ACUTE", "PERIODS", unit="acute bed days")
def bed_days_freed_balance(m: Model, x: str, t: int) -> Any:
    """Acute bed days are freed by the discharges and diversions beyond today's, less those of care that fails.

        bed_days_freed[x,t] == sum((bed_days_per_discharge[x] - failure_acute_bed_days * (1 - success)) * starts[l,h,p,k,s,t] for step down) + sum((bed_days_per_diversion[x] * success - failure_acute_bed_days * (1 - success)) * starts[l,h,p,k,s,t] for step up) - (bed_days_per_discharge[x] * discharges_baseline_per_month[x] + bed_days_per_diversion[x] * diversions_baseline_per_month[x]) * months[t]

    Over the people whom the hospital, or a hospital of the sub-region, refers. A direction without a baseline frees
    none, for nobody knows how much of it is new. Below the baselines the number is negative.
    """
    pairs = [(bed_days, m.starts[*start, t]) for bed_days, start in _freed_by_starts(m, x)]
    today = -float(m.data.wards[x].baseline_per_month * m.months[t])
    return m.bed_days_freed[x, t] == weighted_sum(pairs, today)


@constraint("ACUTE", "DECISIONS", unit="acute bed days")
def ward_release_link(m: Model, x: str, e: int) -> Any:
    """Wards are closed only where the bed days freed fill them, at the occupancy they had.

        ward_beds[x] * occupancy[x] * sum(days[t]) * wards_closed[x,e] <= sum(bed_days_freed[x,t]) + most_below[x,e] * (1 - any_ward_closed[x,e])

    Summed over the periods t until the next decision point. Where no ward is closed nothing need be freed,
    so that discharges and diversions may stay below their baselines.
    """
    row, below = m.data.wards[x].row, most_below(m, x, e)
    days = float(sum(m.days[t] for t in _periods(m, e)))
    filled = float(row["ward_beds"] * row["occupancy"]) * days
    freed = total(m.bed_days_freed[x, t] for t in _periods(m, e))
    return filled * m.wards_closed[x, e] <= freed + below * (1 - m.any_ward_closed[x, e])


@constraint("ACUTE", "DECISIONS", unit="wards")
def any_ward_link(m: Model, x: str, e: int) -> Any:
    """No ward is closed unless bed days are freed.

        wards_closed[x,e] <= wards_max[x] * any_ward_closed[x,e]

    The other half of the release.
    """
    return m.wards_closed[x, e] <= float(m.data.wards[x].row["wards_max"]) * m.any_ward_closed[x, e]


@constraint("ACUTE", "DECISIONS", unit="wards")
def ward_order_link(m: Model, x: str, e: int) -> Any:
    """A ward that is closed stays closed.

        wards_closed[x,e] >= wards_closed[x,e-1]

    Its staff have gone; before the first decision point every ward is open.
    """
    if e not in m.previous:
        return pyo.Constraint.Skip
    return m.wards_closed[x, e] >= m.wards_closed[x, m.previous[e]]
