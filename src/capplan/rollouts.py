"""Schemes as the calendar knows them: where and when each may go live, its age in every period, what it changes.

A roll-out is one scheme in one locality, or everywhere at once (locality `""`). All of it is data: which roll-out
goes live when is for the model to decide.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
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
REFERRALS, UNMET, BEDS_MAX = "referrals.people_per_month", "pathways.unmet_gbp", "sites.beds_max"
STAY_DAYS, HOURS, CARE_HOURS, SUCCESS = (
    "packages.stay_days",
    "package_hours.hours_per_week",
    "package_care.care_hours_per_day",
    "eligibility.success",
)
OF_STARTS = frozenset({STAY_DAYS, HOURS, CARE_HOURS, SUCCESS})
"""Effects on what happens to a person who starts: the state at the start rules the whole stay."""

Key = tuple[str, str]
"""A roll-out: scheme, locality."""
State = tuple[float, ...]
"""How far each of some effects has come, 0 to 1; all 0: as if the scheme were not live."""
JointState = tuple[State, ...]
"""The states of several roll-outs at once, in the order of a touch."""
Touch = tuple[tuple[Key, tuple[int, ...]], ...]
"""What changes a number: roll-outs, each with the effects (numbers of rows) that it has on it."""


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


@dataclass(frozen=True)
class Rollouts:
    """Every roll-out and every effect of an instance's schemes."""

    periods: int
    rollouts: Mapping[Key, Rollout]
    effects: tuple[Effect, ...]

    @cached_property
    def of_scheme(self) -> dict[str, tuple[Rollout, ...]]:
        """The roll-outs of each scheme, sorted."""
        schemes = dict.fromkeys(scheme for scheme, _ in self.rollouts)
        return {j: tuple(r for key, r in self.rollouts.items() if key[0] == j) for j in schemes}

    @cached_property
    def _pairs(self) -> dict[str, tuple[tuple[Rollout, Effect], ...]]:
        """Roll-outs that can be live with their effects, by the number that changes."""
        found: dict[str, list[tuple[Rollout, Effect]]] = {}
        for effect in self.effects:
            for rollout in self.of_scheme.get(effect.scheme, ()):
                if rollout.can_be_live:
                    found.setdefault(effect.changes, []).append((rollout, effect))
        return {changes: tuple(pairs) for changes, pairs in found.items()}

    def live_already(self, changes: Iterable[str]) -> list[tuple[Rollout, Effect]]:
        """Roll-outs that are live before the start, with their effects on some numbers."""
        pairs = [pair for name in sorted(changes) for pair in self._pairs.get(name, ())]
        return [(rollout, effect) for rollout, effect in pairs if rollout.is_live]

    def of_people(
        self, changes: Iterable[str], locality: str, hospital: str, pathway: str
    ) -> list[tuple[Rollout, Effect]]:
        """Roll-outs and their effects on some numbers of the people of a locality, hospital and pathway."""
        return [
            (rollout, effect)
            for name in changes
            for rollout, effect in self._pairs.get(name, ())
            if rollout.locality in (EVERYWHERE, locality)
            and effect.scope.has_people(locality, hospital, pathway)
        ]

    def of_site(self, site: str, locality: str) -> list[tuple[Rollout, Effect]]:
        """Roll-outs and their effects on beds_max of a site in a locality."""
        return [
            (rollout, effect)
            for rollout, effect in self._pairs.get(BEDS_MAX, ())
            if rollout.locality in (EVERYWHERE, locality)
            and locality in effect.scope.localities
            and (effect.scope.sites is None or site in effect.scope.sites)
        ]

    def state(self, key: Key, numbers: tuple[int, ...], t: int, point: int | None) -> State:
        """How far some effects of a roll-out have come in period t, by when it went live."""
        rollout = self.rollouts[key]
        return tuple(rollout.fraction(self.effects[n], t, point) for n in numbers)

    def states_in(self, key: Key, numbers: tuple[int, ...], t: int) -> dict[State, tuple[int, ...]]:
        """States in which some effects can be in period t, each with the go-lives that lead there, none first.

        A roll-out that was live before the start has one state, and no go-live.
        """
        asked = key, numbers, t
        if asked not in self._known_states:
            self._known_states[asked] = self._states_in(*asked)
        return self._known_states[asked]

    @cached_property
    def _known_states(self) -> dict[tuple[Key, tuple[int, ...], int], dict[State, tuple[int, ...]]]:
        return {}

    def _states_in(self, key: Key, numbers: tuple[int, ...], t: int) -> dict[State, tuple[int, ...]]:
        rollout = self.rollouts[key]
        if rollout.is_live:
            return {self.state(key, numbers, t, None): ()}
        found: dict[State, list[int]] = {(0.0,) * len(numbers): []}
        for point in rollout.points:
            found.setdefault(self.state(key, numbers, t, point), []).append(point)
        return {state: tuple(points) for state, points in found.items()}

    def before(self, touch: Touch) -> JointState:
        """The joint state of a touch before the plan: only what is live already has any effect."""
        return tuple(self.state(key, numbers, -1, None) for key, numbers in touch)

    def joint_states(self, touch: Touch) -> tuple[JointState, ...]:
        """The states in which the roll-outs of a touch can be at once, in any period; sorted, so nothing live first.

        Schemes that exclude each other have no effect at once.
        """
        if touch not in self._known_joint_states:
            found = {
                joint
                for t in range(self.periods)
                for joint in itertools.product(*(self.states_in(key, numbers, t) for key, numbers in touch))
                if not self._clash(touch, joint)
            }
            self._known_joint_states[touch] = tuple(sorted(found))
        return self._known_joint_states[touch]

    @cached_property
    def _known_joint_states(self) -> dict[Touch, tuple[JointState, ...]]:
        return {}

    def joint_states_at_most(self, touch: Touch) -> int:
        """How many joint states there may be: a quick count that knows nothing of exclusions."""
        return math.prod(
            len({state for t in range(self.periods) for state in self.states_in(key, numbers, t)})
            for key, numbers in touch
        )

    def _clash(self, touch: Touch, joint: JointState) -> bool:
        active = [key[0] for (key, _), state in zip(touch, joint, strict=True) if any(state)]
        return any(self.excludes(one, other) for one, other in itertools.combinations(active, 2))

    def excludes(self, scheme: str, other: str) -> bool:
        """Whether two schemes are never live together."""
        row, other_row = self.of_scheme[scheme][0].row, self.of_scheme[other][0].row
        return other in names(row["excludes"]) or scheme in names(other_row["excludes"])


def touch_of(pairs: Iterable[tuple[Rollout, Effect]]) -> Touch:
    """Roll-outs with the numbers of their effects, sorted."""
    found: dict[Key, set[int]] = {}
    for rollout, effect in pairs:
        found.setdefault(rollout.key, set()).add(effect.number)
    return tuple((key, tuple(sorted(found[key]))) for key in sorted(found))


def changed(base: float, steps: Iterable[tuple[Effect, float]]) -> float:
    """A number after effects that have come so far (0 to 1): factors multiply, then what they add is added."""
    factor, added = 1.0, 0.0
    for effect, fraction in steps:
        factor *= 1 + fraction * (effect.multiply - 1)
        added += fraction * effect.add
    return base * factor + added


def rollouts(instance: Instance, horizon: Horizon) -> Rollouts:
    """The roll-outs and effects of an instance, sorted by scheme and locality, effects as in the file."""
    found = [
        rollout
        for row in instance.schemes.sort_values("scheme").to_dict("records")
        for rollout in _rollouts(row, instance, horizon)
    ]
    effects = tuple(
        _effect(n, row, instance) for n, row in enumerate(instance.scheme_effects.to_dict("records"))
    )
    return Rollouts(len(horizon), {rollout.key: rollout for rollout in found}, effects)


def _rollouts(row: Mapping[str, Any], instance: Instance, horizon: Horizon) -> Iterator[Rollout]:
    if not row["by_locality"]:
        yield _rollout(row, EVERYWHERE, row["earliest"], instance, horizon)
        return
    own = instance.scheme_localities[instance.scheme_localities["scheme"] == row["scheme"]]
    earliest = dict(zip(own["locality"], own["earliest"], strict=True))
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


def _effect(number: int, row: Mapping[str, Any], instance: Instance) -> Effect:
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
