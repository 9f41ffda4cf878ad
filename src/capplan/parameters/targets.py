"""Targets as the model and the reports read them: one row for every target, member of `for_each` and window."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from capplan.geography import names
from capplan.horizon import Horizon
from capplan.instance import Instance, records
from capplan.results.metrics import METRICS, Quantity
from capplan.scope import Line, Scope, scope_of

DEFAULT_WINDOW = {"per_year": "year", "total": "horizon"}
HORIZON = "horizon"


@dataclass(frozen=True)
class TargetRow:
    """One target, in one scope, over one window.

    `level` is the value in each of `periods`, in the target's unit; `amount` what that comes to in each of them
    (people, days or £; for ratios the level itself). Both are NaN where no value is agreed.
    """

    target: str
    scope_name: str
    window: str
    metric: str
    sense: str
    unit: str
    periods: tuple[int, ...]
    level: tuple[float, ...]
    amount: tuple[float, ...]
    baseline: float
    is_imposed: bool
    shortfall_gbp: float
    scope: Scope
    members: tuple[Scope, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Target, scope, window: the row's name in the model and in the results."""
        return self.target, self.scope_name, self.window

    @property
    def is_ratio(self) -> bool:
        """Whether the metric is a quotient; the model then compares numerator and value × denominator."""
        return METRICS[self.metric].is_ratio

    @cached_property
    def required(self) -> float:
        """What the window asks for: people, days or £ in all, or the mean level of a ratio."""
        return float(np.mean(self.amount) if self.is_ratio else np.sum(self.amount))


def target_rows(instance: Instance, horizon: Horizon) -> tuple[TargetRow, ...]:
    """Every row of `targets` for every member and window, sorted as in the file."""
    return tuple(row for line in records(instance.targets) for row in _rows(line, instance, horizon))


def _rows(line: Line, instance: Instance, horizon: Horizon) -> Iterator[TargetRow]:
    level = _level(line, horizon)
    unit, metric = str(line["unit"]), str(line["metric"])
    for scope_name, scope, members in _scopes(line, instance):
        for window, periods in _windows(line, horizon):
            multiples = _multiples(unit, _window_kind(line), periods, horizon)
            amount = level if METRICS[metric].is_ratio else level * multiples
            yield TargetRow(
                str(line["target"]),
                scope_name,
                window,
                metric,
                str(line["sense"]),
                unit,
                periods,
                tuple(level[list(periods)]),
                tuple(amount[list(periods)]),
                _baseline(line, multiples, periods),
                bool(line["is_imposed"]) and not pd.isna(line["value"]),
                float(line["shortfall_gbp"]),
                scope,
                members,
            )


def _level(line: Line, horizon: Horizon) -> np.ndarray:
    """Value of the target in each period, on the ramp and on top of the baseline where it is an increase."""
    value = float(line["value"])
    level = np.full(len(horizon), value)
    if not pd.isna(line["ramp_from"]):
        first = pd.Timestamp(horizon.starts[0] if pd.isna(line["from"]) else line["from"])
        full = pd.Timestamp(line["ramp_until"])
        length = max((full - first).days, 1)
        along = np.clip(((horizon.dates - first).days.to_numpy() + 0.5) / length, 0.0, 1.0)
        low = float(line["ramp_from"])
        level = horizon.sum_by_period(low + (value - low) * along) / horizon.days
    if line["value_is"] == "increase":
        level = level + float(line["baseline"])
    return np.asarray(level)


def _multiples(unit: str, kind: str, periods: tuple[int, ...], horizon: Horizon) -> np.ndarray:
    """How many of the unit's days, weeks, months or years each period has; `total` spreads over the window."""
    if unit == "total":
        of_window: dict[str, np.ndarray] = {
            "each": np.ones(len(horizon)),
            "year": horizon.months / 12,
            HORIZON: horizon.months / horizon.months[list(periods)].sum(),
        }
        return of_window[kind]
    per_unit: dict[str, np.ndarray] = {
        "per_day": horizon.days,
        "per_week": horizon.days / 7,
        "per_month": horizon.months,
        "per_year": horizon.months / 12,
        "share": np.ones(len(horizon)),
    }
    return per_unit[unit]


def _baseline(line: Line, multiples: np.ndarray, periods: tuple[int, ...]) -> float:
    baseline = float(line["baseline"])
    return baseline if METRICS[line["metric"]].is_ratio else baseline * float(multiples[list(periods)].sum())


def _window_kind(line: Line) -> str:
    return DEFAULT_WINDOW.get(line["unit"], "each") if pd.isna(line["window"]) else str(line["window"])


def _windows(line: Line, horizon: Horizon) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Windows and their periods: those whose first day lies between `from` and `to`."""
    kind = _window_kind(line)
    first, last = _day(line["from"], datetime.date.min), _day(line["to"], datetime.date.max)
    inside = [t for t in range(len(horizon)) if first <= horizon.starts[t] <= last]
    if kind == "each":
        yield from ((horizon.periods[t], (t,)) for t in inside)
    elif kind == "year":
        for year in dict.fromkeys(horizon.years[t] for t in inside):
            yield year, tuple(t for t in inside if horizon.years[t] == year)
    elif inside:
        yield HORIZON, tuple(inside)


def _day(cell: object, otherwise: datetime.date) -> datetime.date:
    return otherwise if pd.isna(cell) else pd.Timestamp(cell).date()


def _scopes(line: Line, instance: Instance) -> list[tuple[str, Scope, tuple[Scope, ...]]]:
    """The scopes of a target: one, or one for each member; the gap between members is one scope that knows them."""
    dimension = line["for_each"]
    if pd.isna(dimension):
        return [("", scope_of(line, instance), ())]
    scopes = [
        (name, scope_of({**line, str(dimension): name}, instance))
        for name in _members(str(dimension), instance)
        if not names(line[str(dimension)]) or name in names(line[str(dimension)])
    ]
    counted = [(name, scope) for name, scope in scopes if _counts_something(scope, str(line["metric"]))]
    if METRICS[line["metric"]].quantity is Quantity.SHARE_GAP:
        return [("", scope_of(line, instance), tuple(scope for _, scope in counted))]
    return [(name, scope, ()) for name, scope in counted]


def _counts_something(scope: Scope, metric: str) -> bool:
    if METRICS[metric].is_of_beds:
        return scope.sites is None or bool(scope.sites)
    return bool(scope.localities and scope.hospitals and scope.pathways and scope.packages) and (
        scope.sites is None or bool(scope.sites)
    )


def _members(dimension: str, instance: Instance) -> list[str]:
    table, column = {
        "network": ("localities", "network"),
        "sub_region": ("hospitals", "sub_region"),
        "kind": ("sites", "kind"),
        "provider": ("sites", "provider"),
    }.get(dimension, (f"{dimension}s" if dimension != "locality" else "localities", dimension))
    return sorted(instance.table(table)[column].dropna().unique())
