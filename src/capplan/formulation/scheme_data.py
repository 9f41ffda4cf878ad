"""What schemes change, as numbers: people referred, the numbers of each start, beds that fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from capplan.demand import Demand
from capplan.formulation.options import Option
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.rollouts import (
    CARE_HOURS,
    EVERYWHERE,
    HOURS,
    OF_STARTS,
    REFERRALS,
    UNMET,
    Effect,
    JointState,
    Key,
    Rollout,
    Rollouts,
    Touch,
    changed,
    rollouts,
    touch_of,
)

People = tuple[str, str, str]
"""Locality, hospital, pathway."""


@dataclass(frozen=True)
class SchemeData:
    """The schemes of an instance and what they change.

    `calendar` has the roll-outs, their ages and states; `without` who is referred if no scheme is live.
    """

    calendar: Rollouts
    horizon: Horizon
    without: Demand
    resources: Mapping[str, Mapping[str, frozenset[str]]]

    def referral_touch(self, people: People) -> Touch:
        """What changes the referrals of some people."""
        return touch_of(self.calendar.of_people((REFERRALS,), *people))

    def unmet_touch(self, people: People) -> Touch:
        """What changes the cost of a person who never starts."""
        return touch_of(self.calendar.of_people((UNMET,), *people))

    def option_touch(self, people: People, option: Option) -> Touch:
        """What changes the stay, the hours or the success of people who start so."""
        return touch_of(
            (rollout, effect)
            for rollout, effect in self._of_starts(people)
            if self._changes(effect, option.package, option.site)
        )

    def site_touch(self, site: str, locality: str) -> Touch:
        """What changes how many beds fit into a site of a locality."""
        return touch_of(self.calendar.of_site(site, locality))

    def looks(self, people: People, options: Iterable[Option]) -> tuple[Touch, ...]:
        """All that schemes change for some people: those for whom this differs stay apart in the model."""
        own = self.referral_touch(people), self.unmet_touch(people)
        return (
            own if not self._of_starts(people) else (*own, *(self.option_touch(people, o) for o in options))
        )

    def _of_starts(self, people: People) -> tuple[tuple[Rollout, Effect], ...]:
        if people not in self._known:
            self._known[people] = tuple(self.calendar.of_people(sorted(OF_STARTS), *people))
        return self._known[people]

    @cached_property
    def _known(self) -> dict[People, tuple[tuple[Rollout, Effect], ...]]:
        return {}

    def _changes(self, effect: Effect, package: str, site: str) -> bool:
        """Whether an effect changes anything of a start: hours only where the package has some."""
        if not effect.scope.has_start(package, site):
            return False
        if effect.changes not in self.resources:
            return True
        own = self.resources[effect.changes].get(package, frozenset())
        return bool(own & effect.resources if effect.resources else own)

    def value(self, base: float, touch: Touch, joint: JointState) -> float:
        """A number that all effects of a touch change, in a joint state; never below 0."""
        effects = [self.calendar.effects[n] for _, numbers in touch for n in numbers]
        fractions = [fraction for state in joint for fraction in state]
        return max(changed(base, zip(effects, fractions, strict=True)), 0.0)

    def steps(
        self, touch: Touch, joint: JointState, changes: str, option: Option, resource: str = ""
    ) -> list[tuple[Effect, float]]:
        """The effects on one number of a start in a joint state, and how far each has come (for `changed`)."""
        return [
            (effect, fraction)
            for (_, numbers), state in zip(touch, joint, strict=True)
            for effect, fraction in zip((self.calendar.effects[n] for n in numbers), state, strict=True)
            if effect.changes == changes
            and effect.scope.has_start(option.package, option.site)
            and (not resource or not effect.resources or resource in effect.resources)
        ]

    def referral_changes(
        self, pathway: str, members: Iterable[tuple[int, int]], touch: Touch
    ) -> dict[tuple[Key, int], np.ndarray]:
        """People more (or fewer) who are referred in each period, by roll-out and the period of its go-live.

        `members` are positions of localities and hospitals in the demand, all of them touched alike.
        """
        p = self.without.pathways.index(pathway)
        rows, columns = np.array(list(members)).T
        people = self.without.referrals[rows, columns, p].sum(axis=0)
        found: dict[tuple[Key, int], np.ndarray] = {}
        for key, numbers in touch:
            rollout = self.calendar.rollouts[key]
            by_effect = [(self.calendar.effects[n], self._full_change(rollout, n, people)) for n in numbers]
            for point in rollout.points:
                found[key, point] = sum(
                    self._fractions(rollout, effect, point) * full for effect, full in by_effect
                )
        return found

    def _full_change(self, rollout: Rollout, number: int, people: np.ndarray) -> np.ndarray:
        """Change of the referrals of `people` (by period, last axis) under an effect of full size."""
        effect = self.calendar.effects[number]
        added = effect.add * self.horizon.months
        if effect.add == 0:
            return np.asarray((effect.multiply - 1) * people)
        total = self.without.referrals[self._inside(rollout, effect)].sum(axis=0)
        # In a period in which nobody is referred, shares are those of the whole plan.
        whole = people.sum(axis=-1, keepdims=True) / max(total.sum(), np.finfo(float).tiny)
        share = np.divide(people, total, out=np.broadcast_to(whole, people.shape).copy(), where=total > 0)
        return np.asarray((effect.multiply - 1) * people + added * share)

    def _fractions(self, rollout: Rollout, effect: Effect, point: int | None) -> np.ndarray:
        periods = range(self.calendar.periods)
        return np.array([rollout.fraction(effect, t, point) for t in periods])

    def _inside(self, rollout: Rollout, effect: Effect) -> np.ndarray:
        """Mask over localities, hospitals and pathways of the people whose referrals an effect changes."""
        scope, of = effect.scope, self.without
        localities = [
            name in scope.localities and rollout.locality in (EVERYWHERE, name) for name in of.localities
        ]
        hospitals = [name in scope.hospitals for name in of.hospitals]
        pathways = [name in scope.pathways for name in of.pathways]
        inside: np.ndarray = (
            np.array(localities)[:, None, None] & np.array(hospitals)[:, None] & np.array(pathways)
        )
        return inside

    def demand_when(self, went_live: Mapping[Key, int]) -> Demand:
        """The demand when roll-outs go live in these periods; those that are live already have their effect."""
        referrals = self.without.referrals.copy()
        for effect in self.calendar.effects:
            if effect.changes == REFERRALS:
                for rollout in self.calendar.of_scheme[effect.scheme]:
                    if rollout.is_live or rollout.key in went_live:
                        inside = self._inside(rollout, effect)
                        full = self._full_change(rollout, effect.number, self.without.referrals[inside])
                        fractions = self._fractions(rollout, effect, went_live.get(rollout.key))
                        referrals[inside] += fractions * full
        # What an effect takes away to the last person may leave a trace of rounding.
        return replace(self.without, referrals=np.where(np.abs(referrals) < 1e-12, 0.0, referrals))


def scheme_data(instance: Instance, horizon: Horizon, people: Demand) -> SchemeData:
    """The schemes of an instance, whose demand without any of them is `people`."""
    roles = instance.package_hours.groupby("package")["role"].agg(frozenset)
    shift_types = instance.package_care.groupby("package")["shift_type"].agg(frozenset)
    return SchemeData(
        rollouts(instance, horizon),
        horizon,
        people,
        {HOURS: roles.to_dict(), CARE_HOURS: shift_types.to_dict()},
    )
