"""Numbers of the `targets` table, which are totals over a window, in the unit in which a target is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from capplan import wording
from capplan.horizon import Horizon
from capplan.results.metrics import METRICS
from capplan.solved import Solved

PER = {
    "per_day": "a day",
    "per_week": "a week",
    "per_month": "a month",
    "per_year": "a year",
    "total": "in all",
}


def is_ratio(row: Mapping[str, Any]) -> bool:
    """Whether the numbers of a target are ratios, which do not add up over windows."""
    return METRICS[row["metric"]].is_ratio


def in_its_unit(plan: Solved, row: Mapping[str, Any], amount: float, windows: Sequence[str] = ()) -> str:
    """A total over the row's window (or over several `windows`) as 60 a month, £1,200 a year, 92%, 3 days."""
    return wording.NOTHING if pd.isna(amount) else as_written(row, rate(plan, row, amount, windows))


def rate(plan: Solved, row: Mapping[str, Any], amount: float, windows: Sequence[str] = ()) -> float:
    """A total over the row's window (or over several `windows`) in the target's own unit; ratios as they are."""
    if is_ratio(row):
        return amount
    return amount / _units(plan, row["target"], windows or (row["window"],), row["unit"])


def days_of(plan: Solved, target: str, window: str) -> tuple[str, str]:
    """First day of a target's window, and the day after its last [ISO dates]."""
    horizon = Horizon.of(plan.instance.settings)
    periods = _periods(plan, horizon, target, window)
    return horizon.starts[periods[0]].isoformat(), horizon.starts[periods[-1] + 1].isoformat()


def as_written(row: Mapping[str, Any], amount: float) -> str:
    """An amount that is in the target's own unit already."""
    if pd.isna(amount):
        return wording.NOTHING
    metric = METRICS[row["metric"]]
    if metric.is_share:
        return wording.share(amount, 1)
    if metric.is_ratio:
        return wording.count(amount, "day")
    written = wording.money(amount) if metric.unit == "£" else wording.number(amount)
    return f"{written} {PER[row['unit']]}"


def short_by(metric: str, shortfall: float) -> str:
    """A shortfall with what it is counted in: 12 people, £300, 2%, 40 bed days."""
    counted = METRICS[metric]
    if counted.shortfall_unit == "£":
        return wording.money(shortfall)
    if counted.shortfall_unit == "share":
        return wording.share(shortfall, 1)
    return wording.count(shortfall, *counted.short_of)


def _units(plan: Solved, target: str, windows: Sequence[str], unit: str) -> float:
    """Days, weeks, months or years in windows of the target; for totals one a window."""
    if unit == "total":
        return float(len(windows))
    horizon = Horizon.of(plan.instance.settings)
    periods = [t for window in windows for t in _periods(plan, horizon, target, window)]
    days, months = horizon.days[periods].sum(), horizon.months[periods].sum()
    units = {"per_day": days, "per_week": days / 7, "per_month": months, "per_year": months / 12}
    return float(units[unit])


def _periods(plan: Solved, horizon: Horizon, target: str, window: str) -> Sequence[int]:
    """Positions of the periods that count in a window: those whose first day lies within the target's dates."""
    if window in horizon.periods:
        return [horizon.periods.index(window)]
    rows = plan.instance.table("targets")
    row = rows[rows["target"] == target].iloc[0]
    first, last = row["from"], row["to"]
    return [
        t
        for t, day in enumerate(map(pd.Timestamp, horizon.periods))
        if window in ("horizon", horizon.years[t])
        and (pd.isna(first) or day >= first)
        and (pd.isna(last) or day <= last)
    ]
