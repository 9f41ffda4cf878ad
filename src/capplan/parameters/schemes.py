"""What schemes change, as numbers: people referred, the numbers of each start, beds that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from capplan.demand import Demand
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.parameters.care_courses import Change, Courses
from capplan.parameters.eligibility import AT_HOME, Option
from capplan.rollouts import (
    CARE_HOURS,
    EVERYWHERE,
    HOURS,
    OF_STARTS,
    REFERRALS,
    SUCCESS,
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

    `calendar` has the roll-outs, their ages and states; `without` who is referred if no scheme is live; `courses`
    what a start leads to, `in_bed` the packages in beds, `helped` the pathways that each package helps, and
    `resources` its roles and shift types.
    """

    calendar: Rollouts
    horizon: Horizon
    without: Demand
    courses: Courses
    in_bed: frozenset[str]
    helped: Mapping[str, frozenset[str]]
    resources: Mapping[str, Mapping[str, frozenset[str]]]

    def referral_touch(self, people: People) -> Touch:
        """What changes the referrals of some people."""
        return touch_of(self.calendar.of_people((REFERRALS,), *people))

    def unmet_touch(self, people: People) -> Touch:
        """What changes the cost of a person who never starts."""
        return touch_of(self.calendar.of_people((UNMET,), *people))

    def option_touch(self, people: People, option: Option) -> Touch:
        """What changes the stays, the hours or the success of people who start so, in what follows on too."""
        return touch_of(
            (rollout, effect)
            for rollout, effect in self._of_starts(people)
            if self._changes_course(effect, option.package, option.site)
        )

    def census_touch(self, locality: str, site: str, package: str) -> Touch:
        """What has changed the stays and hours of people who are in care at the start: schemes that are live already.

        Nobody knows who referred these people: of an effect that filters by pathway or hospital they have nothing,
        unless it takes in every pathway that the package helps and every hospital. `locality` "" is not known either.
        """
        localities = {locality} if locality else set(self.without.localities)
        return touch_of(
            (rollout, effect)
            for rollout, effect in self.calendar.live_already(OF_STARTS - {SUCCESS})
            if rollout.locality in (EVERYWHERE, locality)
            and localities <= effect.scope.localities
            and self.helped.get(package, frozenset()) <= effect.scope.pathways
            and set(self.without.hospitals) <= effect.scope.hospitals
            and self._changes_course(effect, package, site)
        )

    def _changes_course(self, effect: Effect, package: str, site: str) -> bool:
        return any(self._changes(effect, *place) for place in self._places(package, site, effect.changes))

    def _places(self, package: str, site: str, changes: str) -> list[tuple[str, str]]:
        """Packages of a start whose numbers may change, with their sites: its own, and those that follow on."""
        course = self.courses[package][:1] if changes == SUCCESS else self.courses[package]
        packages = dict.fromkeys(stage.package for stage in course)
        return [(k, site if k in self.in_bed else AT_HOME) for k in packages]

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
        self, touch: Touch, joint: JointState, start: str, at: str
    ) -> Iterator[tuple[Change, list[tuple[Effect, float]]]]:
        """The effects on each number of a start of a package at a site in a joint state, and how far each has come."""
        come_so_far = [
            (self.calendar.effects[n], fraction)
            for (_, numbers), state in zip(touch, joint, strict=True)
            for n, fraction in zip(numbers, state, strict=True)
        ]
        for changes in sorted(OF_STARTS):
            for package, site in self._places(start, at, changes):
                for resource in sorted(self._resources(changes, package)):
                    yield (
                        (changes, package, resource),
                        [
                            (effect, fraction)
                            for effect, fraction in come_so_far
                            if effect.changes == changes
                            and effect.scope.has_start(package, site)
                            and (not resource or not effect.resources or resource in effect.resources)
                        ],
                    )

    def _resources(self, changes: str, package: str) -> frozenset[str]:
        """Roles or shift types whose hours an effect on hours may change; "" for other effects."""
        if changes not in self.resources:
            return frozenset({""})
        return self.resources[changes].get(package, frozenset())

    def referral_changes(
        self, pathway: str, members: Iterable[tuple[int, int]], touch: Touch
    ) -> dict[tuple[Key, int], np.ndarray]:
        """People more (or fewer) who are referred in each period, by roll-out and the period of its go-live.

        `members` are positions of localities and hospitals in the demand, all of them touched alike.
        """
        p = self.without.pathways.index(pathway)
        rows, columns = np.array(list(members)).T
        people = self.without.referrals[rows, columns, p].sum(axis=0)
        changes: dict[tuple[Key, int], np.ndarray] = {}
        for key, numbers in touch:
            rollout = self.calendar.rollouts[key]
            by_effect = [(self.calendar.effects[n], self._full_change(rollout, n, people)) for n in numbers]
            for point in rollout.points:
                changes[key, point] = sum(
                    self._fractions(rollout, effect, point) * full for effect, full in by_effect
                )
        return changes

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


def scheme_data(instance: Instance, horizon: Horizon, people: Demand, courses: Courses) -> SchemeData:
    """The schemes of an instance, whose demand without any of them is `people`."""
    roles = instance.package_hours.groupby("package")["role"].agg(frozenset)
    shift_types = instance.package_care.groupby("package")["shift_type"].agg(frozenset)
    return SchemeData(
        rollouts(instance, horizon),
        horizon,
        people,
        courses,
        frozenset(instance.packages.loc[instance.packages["setting"] == "bed", "package"]),
        instance.eligibility.groupby("package")["pathway"].agg(frozenset).to_dict(),
        {HOURS: roles.to_dict(), CARE_HOURS: shift_types.to_dict()},
    )
