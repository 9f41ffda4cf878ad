"""Numbers of the `targets` table, which are totals over a window, in the unit in which a target is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from capplan import cells
from capplan.cells import Cell, Content
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


def in_its_unit(plan: Solved, row: Mapping[str, Any], amount: float, windows: Sequence[str] = ()) -> Cell:
    """A total over the row's window (or over several `windows`) as 60 a month, £1,200 a year, 92%, 3 days."""
    return as_written(row, rate(plan, row, amount, windows))


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


def as_written(row: Mapping[str, Any], amount: float) -> Cell:
    """An amount that is in the target's own unit already."""
    metric = METRICS[row["metric"]]
    if metric.is_ratio:
        return cells.share(amount) if metric.is_share else cells.counted(amount, "day")
    kind = cells.money if metric.unit == "£" else cells.number
    return kind(amount, f" {PER[row['unit']]}")


def short_by(metric: str, shortfall: float, *note: Content) -> Cell:
    """A shortfall with what it is counted in, and a note: 12 people, £300, 2%, 40 bed days."""
    counted = METRICS[metric]
    if counted.shortfall_unit == "£":
        return cells.money(shortfall, *note)
    if counted.shortfall_unit == "share":
        return cells.share(shortfall, *note)
    return cells.counted(shortfall, *counted.short_of, *note)


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
