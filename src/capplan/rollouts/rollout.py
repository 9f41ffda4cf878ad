"""A roll-out, one scheme in one locality or everywhere at once, as the calendar knows it; and the effects it has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from capplan.geography import names
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.scope import Scope, scope_of

EVERYWHERE = ""
"""Locality of a roll-out of a scheme that goes live everywhere at once."""
MONTHS = {"week": 7 * 12 / 365.25, "month": 1.0, "quarter": 3.0}
"""Length of a period as the effects count it [months]."""
Key = tuple[str, str]
"""A roll-out: scheme, locality."""
REFERRALS, UNMET, BEDS_MAX = "referrals.people_per_month", "pathways.unmet_gbp", "sites.beds_max"
STAY_DAYS, HOURS, CARE_HOURS, SUCCESS = (
    "packages.stay_days",
    "package_hours.hours_per_week",
    "package_care.care_hours_per_day",
    "eligibility.success",
)
OF_STARTS = frozenset({STAY_DAYS, HOURS, CARE_HOURS, SUCCESS})
"""Effects on what happens to a person who starts: the state at the start rules the whole stay."""


@dataclass(frozen=True)
class Rollout:
    """One scheme in one locality, or everywhere.

    `points` are the periods in which it may go live; `ended` is the first period in which it is live no longer,
    whenever it went live, and `lasts` the periods that it stays live (None: for good).
    """

    scheme: str
    locality: str
    row: Mapping[str, Any] = field(compare=False)
    points: tuple[int, ...]
    ended: int
    lasts: int | None
    lag: int
    ramp: int
    period_months: float

    @property
    def key(self) -> Key:
        """Scheme and locality."""
        return self.scheme, self.locality

    @property
    def is_live(self) -> bool:
        """Whether it is live already: then there is nothing to decide."""
        return bool(self.row["is_live"])

    @property
    def can_be_live(self) -> bool:
        """Whether it is live in any period of some plan."""
        return self.ended > 0 if self.is_live else bool(self.points)

    def end(self, point: int) -> int:
        """First period in which it is live no longer, having gone live in period `point`."""
        return self.ended if self.lasts is None else min(self.ended, point + self.lasts)

    def is_live_in(self, t: int, point: int | None) -> bool:
        """Whether it is live in period t; `point` is when it went live, None before the start or never."""
        if point is None:
            return self.is_live and t < self.ended
        return point <= t < self.end(point)

    def fraction(self, effect: Effect, t: int, point: int | None) -> float:
        """How far an effect has come in period t, 0 to 1.

        It begins lag_periods after going live, grows in ramp_periods equal steps, and holds from from_month to
        to_month after it began. Of a scheme that was live before the start, all that lasts has its full size.
        """
        if not self.is_live_in(t, point):
            return 0.0
        if point is None:
            return 1.0 if math.isinf(effect.to_month) else 0.0
        age = t - point - self.lag
        months = age * self.period_months
        if age < 0 or not effect.from_month <= months + 1e-9 < effect.to_month:
            return 0.0
        return min((age + 1) / (self.ramp + 1), 1.0)

    def live_points(self, t: int) -> tuple[int, ...]:
        """The go-lives after which it is live in period t."""
        return tuple(e for e in self.points if self.is_live_in(t, e))


def rollouts_of(row: Mapping[str, Any], instance: Instance, horizon: Horizon) -> Iterator[Rollout]:
    """The roll-outs of a row of `schemes`, by locality."""
    if not row["by_locality"]:
        yield _rollout(row, EVERYWHERE, row["earliest"], instance, horizon)
        return
    rows_of_scheme = instance.scheme_localities[instance.scheme_localities["scheme"] == row["scheme"]]
    earliest = dict(zip(rows_of_scheme["locality"], rows_of_scheme["earliest"], strict=True))
    for locality in sorted(earliest or instance.localities["locality"]):
        day = earliest.get(locality)
        yield _rollout(row, locality, row["earliest"] if pd.isna(day) else day, instance, horizon)


def _rollout(
    row: Mapping[str, Any], locality: str, earliest: object, instance: Instance, horizon: Horizon
) -> Rollout:
    days = [pd.Timestamp(day) for day in horizon.starts[:-1]]
    ended = len(days) if pd.isna(row["ends"]) else sum(day <= pd.Timestamp(row["ends"]) for day in days)
    points = () if row["is_live"] else horizon.decision_points
    return Rollout(
        str(row["scheme"]),
        locality,
        row,
        tuple(
            t
            for t in points
            if t < ended
            and (pd.isna(earliest) or days[t] >= pd.Timestamp(earliest))
            and (pd.isna(row["latest"]) or days[t] <= pd.Timestamp(row["latest"]))
        ),
        ended,
        None if row["is_live"] or pd.isna(row["lasts_periods"]) else int(row["lasts_periods"]),
        int(row["lag_periods"]),
        int(row["ramp_periods"]),
        MONTHS[instance.settings.period],
    )


@dataclass(frozen=True)
class Effect:
    """A row of `scheme_effects`: `changes` is the number that changes; `resources` empty means every one."""

    number: int
    scheme: str
    changes: str
    scope: Scope
    resources: frozenset[str]
    from_month: float
    to_month: float
    multiply: float
    add: float


def changed(base: float, steps: Iterable[tuple[Effect, float]]) -> float:
    """A number after effects that have come so far (0 to 1): factors multiply, then what they add is added."""
    factor, added = 1.0, 0.0
    for effect, fraction in steps:
        factor *= 1 + fraction * (effect.multiply - 1)
        added += fraction * effect.add
    return base * factor + added


def effect_of(number: int, row: Mapping[str, Any], instance: Instance) -> Effect:
    """The effect that a row says, by its number in the table."""
    return Effect(
        number,
        str(row["scheme"]),
        str(row["effect"]),
        scope_of({**row, "metric": ""}, instance),
        names(row["resource"]),
        float(row["from_month"]),
        math.inf if pd.isna(row["to_month"]) else float(row["to_month"]),
        float(row["multiply"]),
        float(row["add"]),
    )
