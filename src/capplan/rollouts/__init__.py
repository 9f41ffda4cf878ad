"""Schemes as the calendar knows them: where and when each may go live, its age in every period, what it changes.

A roll-out is one scheme in one locality, or everywhere at once (locality `""`). All of it is data: which roll-out
goes live when is for the model to decide.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from capplan.geography import names
from capplan.horizon import Horizon
from capplan.instance import Instance, records
from capplan.rollouts.rollout import (
    BEDS_MAX,
    CARE_HOURS,
    EVERYWHERE,
    HOURS,
    OF_STARTS,
    REFERRALS,
    STAY_DAYS,
    SUCCESS,
    UNMET,
    Effect,
    Key,
    Rollout,
    changed,
    effect_of,
    rollouts_of,
)

__all__ = [
    "BEDS_MAX",
    "CARE_HOURS",
    "EVERYWHERE",
    "HOURS",
    "OF_STARTS",
    "REFERRALS",
    "STAY_DAYS",
    "SUCCESS",
    "UNMET",
    "Effect",
    "JointState",
    "Key",
    "Rollout",
    "Rollouts",
    "State",
    "Touch",
    "changed",
    "rollouts",
    "touch_of",
]

State = tuple[float, ...]
"""How far each of some effects has come, 0 to 1; all 0: as if the scheme were not live."""
JointState = tuple[State, ...]
"""The states of several roll-outs at once, in the order of a touch."""
Touch = tuple[tuple[Key, tuple[int, ...]], ...]
"""What changes a number: roll-outs, each with the effects (numbers of rows) that it has on it."""


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
        by_change: dict[str, list[tuple[Rollout, Effect]]] = {}
        for effect in self.effects:
            for rollout in self.of_scheme.get(effect.scheme, ()):
                if rollout.can_be_live:
                    by_change.setdefault(effect.changes, []).append((rollout, effect))
        return {changes: tuple(pairs) for changes, pairs in by_change.items()}

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
        cache_key = key, numbers, t
        if cache_key not in self._known_states:
            self._known_states[cache_key] = self._states_in(*cache_key)
        return self._known_states[cache_key]

    @cached_property
    def _known_states(self) -> dict[tuple[Key, tuple[int, ...], int], dict[State, tuple[int, ...]]]:
        return {}

    def _states_in(self, key: Key, numbers: tuple[int, ...], t: int) -> dict[State, tuple[int, ...]]:
        rollout = self.rollouts[key]
        if rollout.is_live:
            return {self.state(key, numbers, t, None): ()}
        points_by_state: dict[State, list[int]] = {(0.0,) * len(numbers): []}
        for point in rollout.points:
            points_by_state.setdefault(self.state(key, numbers, t, point), []).append(point)
        return {state: tuple(points) for state, points in points_by_state.items()}

    def before(self, touch: Touch) -> JointState:
        """The joint state of a touch before the plan: only what is live already has any effect."""
        return tuple(self.state(key, numbers, -1, None) for key, numbers in touch)

    def joint_states(self, touch: Touch) -> tuple[JointState, ...]:
        """The states in which the roll-outs of a touch can be at once, in any period; sorted, so nothing live first.

        Schemes that exclude each other have no effect at once.
        """
        if touch not in self._known_joint_states:
            states = {
                joint
                for t in range(self.periods)
                for joint in itertools.product(*(self.states_in(key, numbers, t) for key, numbers in touch))
                if not self._clash(touch, joint)
            }
            self._known_joint_states[touch] = tuple(sorted(states))
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
    numbers_by_rollout: dict[Key, set[int]] = {}
    for rollout, effect in pairs:
        numbers_by_rollout.setdefault(rollout.key, set()).add(effect.number)
    return tuple((key, tuple(sorted(numbers_by_rollout[key]))) for key in sorted(numbers_by_rollout))


def rollouts(instance: Instance, horizon: Horizon) -> Rollouts:
    """The roll-outs and effects of an instance, sorted by scheme and locality, effects as in the file."""
    every_rollout = [
        rollout
        for row in records(instance.schemes.sort_values("scheme"))
        for rollout in rollouts_of(row, instance, horizon)
    ]
    effects = tuple(effect_of(n, row, instance) for n, row in enumerate(records(instance.scheme_effects)))
    return Rollouts(len(horizon), {rollout.key: rollout for rollout in every_rollout}, effects)
