"""The numbers of the model: everything the families read, worked out once from the instance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capplan.demand import Demand
from capplan.funding import Budget, Funding, budgets
from capplan.horizon import Horizon
from capplan.instance import Instance, Row, by_key, records, text
from capplan.parameters.care_courses import Courses, Stage, leading_to
from capplan.parameters.eligibility import AT_HOME
from capplan.parameters.loads import Load, Loads
from capplan.parameters.schemes import SchemeData
from capplan.parameters.streams import Stream, Zones, people_of
from capplan.parameters.targets import TargetRow
from capplan.parameters.teams import Team, Teams, each_team
from capplan.parameters.units import Unit, sites_of, units_of
from capplan.parameters.variants import InState
from capplan.parameters.waiting_lists import REFUSE, BedList, Key, Stays, bed_lists
from capplan.parameters.wards import Wards
from capplan.rollouts import Key as RolloutKey


@dataclass(frozen=True)
class Data:
    """All numbers of one model.

    `courses` has what a start of each package leads to, and of each copy of it that schemes have changed: the package
    itself first, then what follows it. `in_state` says in which states of schemes such copies are open.
    """

    instance: Instance
    horizon: Horizon
    demand: Demand
    streams: tuple[Stream, ...]
    zones: Zones
    courses: Courses
    in_state: Mapping[tuple[str, str, str], tuple[InState, ...]]
    of_census: Mapping[tuple[str, str, str], str]
    targets: tuple[TargetRow, ...]
    staff: Teams
    shifts: Teams
    schemes: SchemeData
    wards: Mapping[str, Wards]
    is_aggregated: bool

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """Every stage of every course by its key; the first stage has the package's own."""
        return {stage.key: stage for course in self.courses.values() for stage in course}

    @cached_property
    def referral_changes(self) -> dict[tuple[str, str, str], dict[tuple[RolloutKey, int], np.ndarray]]:
        """By stream: people more or fewer referred in each period, by roll-out and the period of its go-live."""
        changes_of = {}
        for stream in self.streams:
            touch = self.schemes.referral_touch(self.people_of(stream))
            changes = self.schemes.referral_changes(stream.pathway, stream.members, touch)
            if changes:
                changes_of[stream.key] = changes
        return changes_of

    def people_of(self, stream: Stream) -> tuple[str, str, str]:
        """Locality, hospital and pathway of one of a stream's members: what holds for it holds for all of them."""
        return people_of(stream, self.demand)

    def people_at_most(self, stream: Stream) -> np.ndarray:
        """Most people of a stream there can have been up to and including each period, whatever goes live."""
        referrals = stream.referrals.copy()
        by_rollout: dict[RolloutKey, list[np.ndarray]] = defaultdict(list)
        for (rollout, _), change in self.referral_changes.get(stream.key, {}).items():
            by_rollout[rollout].append(change)
        for changes in by_rollout.values():
            referrals += np.maximum(np.max(changes, axis=0), 0.0)
        return np.asarray(stream.waiting + np.cumsum(referrals))

    @cached_property
    def funding(self) -> Funding:
        """Who pays for what."""
        return Funding.of(self.instance)

    @cached_property
    def budgets(self) -> tuple[Budget, ...]:
        """The budgets of the years of the plan, imposed or not."""
        return budgets(self.instance, self.horizon)

    @cached_property
    def packages(self) -> dict[str, Row]:
        """Rows of `packages` by key of the stage in which people are in that package."""
        rows = by_key(self.instance.packages, "package")
        return {key: rows[stage.package] for key, stage in self.stages.items()}

    @cached_property
    def pathways(self) -> dict[str, Row]:
        """Rows of `pathways` by key."""
        return by_key(self.instance.pathways, "pathway")

    @cached_property
    def sites(self) -> dict[str, Row]:
        """Rows of `sites` by key, sorted; `beds_max` filled in."""
        return sites_of(self.instance)

    @cached_property
    def units(self) -> dict[tuple[str, str], Unit]:
        """The units by (site, bed type), sorted."""
        return units_of(self.instance, self.sites, self.horizon)

    @cached_property
    def occupancy_max(self) -> dict[str, float]:
        """Highest average occupancy by bed type."""
        rows = self.instance.bed_types
        return dict(zip(rows["bed_type"], rows["occupancy_max"], strict=True))

    @cached_property
    def bed_lists(self) -> dict[Key, BedList]:
        """The lists of people for beds that congest, by list and bed type."""
        stays: dict[Key, dict[Hashable, Stays]] = defaultdict(dict)
        stages = [
            (stream, o.site, stage)
            for stream in self.streams
            for o in stream.options
            for stage in self.courses[o.course]
        ]
        for stream, site, stage in stages:
            row, people = self.packages[stage.key], stage.share * float(stream.referrals.sum())
            if row["setting"] == "bed":
                # Copies that schemes make of a start are the same people: they count once, as they stay today.
                stay = self._loads.stay(stage.package, stage.before)
                stays[site, row["bed_type"]][stream.key, stage.path] = people, stay.stay_days, stay.cv_squared
        rows = {key: unit.row for key, unit in self.units.items()}
        room = {
            site: np.inf if self.schemes.site_touch(site, row["locality"]) else float(row["beds_max"])
            for site, row in self.sites.items()
        }
        return bed_lists(self.instance.bed_types, rows, room, stays)

    @cached_property
    def refused_per_start(self) -> dict[str, float]:
        """People turned away for every one who starts, by package: the share agreed of those offered such a bed."""
        types = self.instance.bed_types
        refusing = types[types["congestion"] == REFUSE].set_index("bed_type")["refusal_probability_max"]
        odds = {bed_type: share / (1 - share) for bed_type, share in refusing.items()}
        return {package: odds.get(row["bed_type"], 0.0) for package, row in self.packages.items()}

    @cached_property
    def _loads(self) -> Loads:
        return Loads(self.instance, self.horizon, self.stages)

    @property
    def bed_days_per_start(self) -> dict[str, Load]:
        """Days in care by stage, per person who starts its course."""
        return self._loads.days

    @property
    def onward_starts(self) -> dict[str, Load]:
        """Starts of each later stage, per person who starts its course."""
        return self._loads.onward_starts

    @property
    def hours(self) -> dict[tuple[str, str], Load]:
        """Contact hours by (stage, role)."""
        return self._loads.hours

    @property
    def care_hours(self) -> dict[tuple[str, str], Load]:
        """Care hours by (stage, shift type)."""
        return self._loads.care_hours

    @cached_property
    def census(self) -> dict[tuple[str, str, str], float]:
        """People in care at the start by (locality, site, stage) that they are in or will come to.

        The locality is "" where a bed's row names none; the loads of a later stage say when they come, and how many.
        """
        if self.instance.settings.opening != "census":
            return {}
        people: dict[tuple[str, str, str], float] = defaultdict(float)
        for row in records(self.instance.census):
            locality, site, package = text(row["locality"]), text(row["site"]), row["package"]
            for home, share in self._homes(locality, package):
                course = self.courses[self.of_census[home if locality or not site else "", site, package]]
                for stage in course:
                    in_bed = self.packages[stage.key]["setting"] == "bed"
                    key = (locality, site) if in_bed else (home, AT_HOME)
                    people[*key, stage.key] += row["people"] * share
        return dict(people)

    def _homes(self, locality: str, package: str) -> list[tuple[str, float]]:
        """Where people of a census row live: their locality, or shares of all."""
        if locality:
            return [(locality, 1.0)]
        return list(zip(self.demand.localities, self._census_shares(package), strict=True))

    def _census_shares(self, package: str) -> np.ndarray:
        """Shares by locality of people in care whose locality is not known: like the first period's referrals.

        Referrals count on the pathways that the package helps, or a package that leads to it.
        """
        rows = self.instance.eligibility
        helping = leading_to(package, self.courses)
        pathways = [
            self.demand.pathways.index(p) for p in set(rows.loc[rows["package"].isin(helping), "pathway"])
        ]
        people = self.schemes.without.referrals[:, :, pathways, 0].sum(axis=(1, 2))
        if people.sum() == 0:
            population = self.instance.localities.set_index("locality")["population_65_plus"]
            people = population.reindex(list(self.demand.localities)).fillna(0.0).to_numpy()
        if people.sum() == 0:
            people = np.ones(len(self.demand.localities))
        return np.asarray(people / people.sum())

    @cached_property
    def teams(self) -> dict[tuple[str, str], Team]:
        """Teams by (locality, role): rows of `staff`, and an empty team where people need one and none is there."""
        roles = {role for _, role in self.hours}
        return each_team(self.instance.staff, "role", self.staff, roles, self.horizon)

    @cached_property
    def crews(self) -> dict[tuple[str, str], Team]:
        """Crews by (locality, shift type): rows of `shifts`, and empty crews where people need some."""
        shift_types = {shift_type for _, shift_type in self.care_hours}
        return each_team(self.instance.shifts, "shift_type", self.shifts, shift_types, self.horizon)
