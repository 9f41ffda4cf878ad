"""The numbers of the model: everything the families read, worked out once from the instance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from capplan.demand import Demand, demand
from capplan.formulation.lists import REFUSE, BedList, Key, Stays, bed_lists
from capplan.formulation.loads import Load, Loads
from capplan.formulation.onward import Courses, Stage, courses_of_care, leading_to
from capplan.formulation.options import AT_HOME, Eligibility
from capplan.formulation.scheme_data import SchemeData, scheme_data
from capplan.formulation.streams import Stream, Zones, people_of, streams, zones
from capplan.formulation.target_rows import TargetRow, target_rows
from capplan.formulation.teams import Teams, teams
from capplan.formulation.variants import InState, varied
from capplan.formulation.wards import Wards, wards
from capplan.funding import Budget, Funding, budgets
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.rollouts import Key as RolloutKey

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Unit:
    """Beds of one type at one site."""

    site: str
    bed_type: str
    locality: str
    provider: str
    row: Row
    available: np.ndarray


@dataclass(frozen=True)
class Team:
    """A row of `staff` or `shifts`: one role or shift type for one area; without a row, nobody is there."""

    locality: str
    resource: str
    provider: str
    row: Row
    available: np.ndarray
    travel_share: float


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
        found = {}
        for stream in self.streams:
            touch = self.schemes.referral_touch(self.people_of(stream))
            changes = self.schemes.referral_changes(stream.pathway, stream.members, touch)
            if changes:
                found[stream.key] = changes
        return found

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
        rows = _by_key(self.instance.packages, "package")
        return {key: rows[stage.package] for key, stage in self.stages.items()}

    @cached_property
    def pathways(self) -> dict[str, Row]:
        """Rows of `pathways` by key."""
        return _by_key(self.instance.pathways, "pathway")

    @cached_property
    def sites(self) -> dict[str, Row]:
        """Rows of `sites` by key, sorted; `beds_max` filled in with the sum over its units."""
        rows = self.instance.sites.sort_values("site").copy()
        units = self.instance.site_beds.groupby("site")["beds_max"].sum()
        rows["beds_max"] = rows["beds_max"].fillna(rows["site"].map(units)).fillna(0.0)
        return _by_key(rows, "site")

    @cached_property
    def units(self) -> dict[tuple[str, str], Unit]:
        """The units (site, bed type), sorted."""
        rows = self.instance.site_beds.sort_values(["site", "bed_type"])
        found = {}
        for row in rows.to_dict("records"):
            site = self.sites[row["site"]]
            found[row["site"], row["bed_type"]] = Unit(
                row["site"],
                row["bed_type"],
                str(site["locality"]),
                _text(site["provider"]),
                row,
                self.horizon.share_within(row["available_from"], row["available_to"]),
            )
        return found

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
            for stage in self.courses[o.package]
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
        """People turned away for every one who starts, by package: of those offered a bed that refuses, the share agreed."""
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
        found: dict[tuple[str, str, str], float] = defaultdict(float)
        for row in self.instance.census.to_dict("records"):
            locality, site, package = _text(row["locality"]), _text(row["site"]), row["package"]
            for home, share in self._homes(locality, package):
                course = self.courses[self.of_census[home if locality or not site else "", site, package]]
                for stage in course:
                    in_bed = self.packages[stage.key]["setting"] == "bed"
                    key = (locality, site) if in_bed else (home, AT_HOME)
                    found[*key, stage.key] += row["people"] * share
        return dict(found)

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
        """Teams by (locality, role): every row of `staff`, and an empty team where people need one that is not there."""
        return self._teams("staff", "role", self.staff, self.hours)

    @cached_property
    def crews(self) -> dict[tuple[str, str], Team]:
        """Crews by (locality, shift type): rows of `shifts`, and empty crews where people need some."""
        return self._teams("shifts", "shift_type", self.shifts, self.care_hours)

    def _teams(
        self, table: str, resource: str, teams: Teams, loads: Mapping[tuple[str, str], Load]
    ) -> dict[tuple[str, str], Team]:
        found = {}
        for row in self.instance.table(table).to_dict("records"):
            key = row["locality"], row[resource]
            available = self.horizon.share_within(row["available_from"], row["available_to"])
            share = teams.own_travel_share(*key)
            found[key] = Team(*key, _text(row["provider"]), row, available, share)
        for _, name in loads:
            for locality in self.demand.localities:
                key = teams.serving(locality, name), name
                if key not in found:
                    found[key] = Team(*key, "", {}, np.zeros(len(self.horizon)), teams.own_travel_share(*key))
        return dict(sorted(found.items()))


def prepare(instance: Instance, *, is_aggregated: bool = True) -> Data:
    """Works out the numbers of the model; `is_aggregated` False keeps every locality and hospital apart."""
    horizon = Horizon.of(instance.settings)
    courses = courses_of_care(instance)
    schemes = scheme_data(instance, horizon, demand(instance, horizon), courses)
    people = schemes.demand_when({})
    eligibility = Eligibility(instance)
    staff, shifts = teams(instance, "staff", "role"), teams(instance, "shifts", "shift_type")
    targets, acute = target_rows(instance, horizon), wards(instance)
    paid_for = _paid_for(instance, horizon)
    scopes = (*_spend_scopes(targets), *paid_for)
    home_zones = _home_zones(instance, people, staff, shifts, scopes, is_aggregated)
    found = streams(
        people,
        eligibility,
        _packages_at_home(instance, courses),
        home_zones,
        _Membership(targets, acute, schemes, eligibility, paid_for),
        _keeps_proportion(instance, people),
        is_aggregated,
    )
    members = {stream.key: people_of(stream, people) for stream in found}
    copies = varied(found, members, _in_care(instance, people), schemes, courses)
    return Data(
        instance,
        horizon,
        people,
        copies.streams,
        home_zones,
        copies.courses,
        copies.in_state,
        copies.of_census,
        targets,
        staff,
        shifts,
        schemes,
        acute,
        is_aggregated,
    )


def _in_care(instance: Instance, people: Demand) -> list[tuple[str, str, str]]:
    """Localities ("": not known), sites and packages of people in care at the start."""
    if instance.settings.opening != "census":
        return []
    return [
        (locality, _text(row["site"]), row["package"])
        for row in instance.census.to_dict("records")
        for locality in ((_text(row["locality"]),) if _text(row["locality"]) else ("", *people.localities))
    ]


def _packages_at_home(instance: Instance, courses: Courses) -> dict[str, tuple[str, ...]]:
    """By package that people start: the packages of its course that are given at home."""
    setting = instance.packages.set_index("package")["setting"]
    return {
        first: tuple(stage.package for stage in course if setting[stage.package] == "home")
        for first, course in courses.items()
    }


def _spend_scopes(targets: tuple[TargetRow, ...]) -> tuple[frozenset[str], ...]:
    """Localities of the imposed targets on spend: care at home is booked where people live."""
    spend = [row for row in targets if row.is_imposed and row.metric == "spend"]
    return tuple(dict.fromkeys(row.scope.localities for row in spend))


def _paid_for(instance: Instance, horizon: Horizon) -> tuple[frozenset[str], ...]:
    """Localities that `funding` tells apart, where a budget is imposed: costs of people are paid where they live."""
    if not any(budget.is_imposed for budget in budgets(instance, horizon)):
        return ()
    rows = [row for rows in Funding.of(instance).rows.values() for row in rows]
    return tuple(dict.fromkeys(row.area for row in rows if row.area is not None))


def _home_zones(
    instance: Instance,
    people: Demand,
    staff: Teams,
    shifts: Teams,
    scopes: tuple[frozenset[str], ...],
    is_aggregated: bool,
) -> Zones:
    at_home = sorted(instance.packages.loc[instance.packages["setting"] == "home", "package"])
    roles = instance.package_hours.groupby("package")["role"].unique().to_dict()
    care = instance.package_care.groupby("package")["shift_type"].unique().to_dict()
    share = instance.localities.set_index("locality")["home_travel_share"].to_dict()

    def served_by(package: str, locality: str) -> Hashable:
        if not is_aggregated:
            return locality
        served = [staff.serving(locality, role) for role in roles.get(package, ())]
        served += [shifts.serving(locality, shift_type) for shift_type in care.get(package, ())]
        counted = tuple(locality in scope for scope in scopes)
        return tuple(served), share[locality] if served else 0.0, counted

    return zones(at_home, people.localities, served_by)


class _Membership:
    """Tells in which targets people count, what schemes change for them, whose wards they free, and who pays."""

    def __init__(
        self,
        targets: tuple[TargetRow, ...],
        wards: Mapping[str, Wards],
        schemes: SchemeData,
        eligibility: Eligibility,
        paid_for: tuple[frozenset[str], ...],
    ) -> None:
        self._paid_for = paid_for
        imposed = [row for row in targets if row.is_imposed]
        self._scopes = tuple(dict.fromkeys(s for row in imposed for s in (row.scope, *row.members)))
        self._wards, self._schemes, self._eligibility = wards, schemes, eligibility

    def __call__(self, locality: str, hospital: str, pathway: str) -> Hashable:
        people = locality, hospital, pathway
        counted = tuple(scope.has_people(*people) for scope in self._scopes)
        frees = tuple(hospital in row.hospitals for row in self._wards.values())
        paid = tuple(locality in area for area in self._paid_for)
        return counted, frees, paid, self._schemes.looks(people, self._eligibility.options(*people))


def _keeps_proportion(instance: Instance, people: Demand) -> frozenset[str]:
    """Pathways with a limit that holds for each locality: on waits, on shares, or on the queue of a steady opening."""
    rows = instance.pathways
    limited = set(rows.loc[rows["wait_days_max"].notna(), "pathway"])
    limited |= set(instance.eligibility.loc[instance.eligibility["share_max"] < 1, "pathway"])
    if instance.settings.opening == "steady":
        waiting = people.waiting.sum(axis=(0, 1)) > 0
        limited |= {
            pathway for pathway, any_waiting in zip(people.pathways, waiting, strict=True) if any_waiting
        }
    return frozenset(limited)


def _by_key(frame: pd.DataFrame, key: str) -> dict[str, Row]:
    return {row[key]: row for row in frame.to_dict("records")}


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)
