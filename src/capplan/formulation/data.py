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
from capplan.formulation.courses import Course
from capplan.formulation.lists import REFUSE, BedList, Key, Stays, bed_lists
from capplan.formulation.onward import Stage, courses_of_care, leading_to
from capplan.formulation.options import AT_HOME, Eligibility
from capplan.formulation.scheme_data import SchemeData, scheme_data
from capplan.formulation.stays import Stay, trim
from capplan.formulation.streams import Stream, Zones, streams, zones
from capplan.formulation.target_rows import TargetRow, target_rows
from capplan.formulation.teams import Teams, teams
from capplan.formulation.wards import Wards, wards
from capplan.funding import Budget, Funding, budgets
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.rollouts import Key as RolloutKey

DAYS_PER_WEEK = 7.0
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Load:
    """What people in care ask for, in person-days or hours.

    `per_start[u, t]`: what a person who starts in period u asks for in period t, people from before the start
    included where the opening is steady; `per_census[t]`: what a person in care at the start asks for.
    """

    per_start: np.ndarray
    per_census: np.ndarray

    @cached_property
    def column(self) -> tuple[tuple[tuple[int, float], ...], ...]:
        """For each period t the (u, load) pairs that are not zero."""
        return tuple(
            tuple((int(u), float(self.per_start[u, t])) for u in np.flatnonzero(self.per_start[:, t]))
            for t in range(self.per_start.shape[1])
        )


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

    `courses` has what a start of each package leads to: the package itself first, then what follows it.
    """

    instance: Instance
    horizon: Horizon
    demand: Demand
    streams: tuple[Stream, ...]
    zones: Zones
    courses: Mapping[str, tuple[Stage, ...]]
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
        i, h = stream.members[0]
        return self.demand.localities[i], self.demand.hospitals[h], stream.pathway

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
                stay = people, float(row["stay_days"]), self._stay(stage.package).cv_squared
                stays[site, row["bed_type"]][stream.key, stage.key] = stay
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
    def bed_days_per_start(self) -> dict[str, Load]:
        """Days in care by stage, per person who starts its course."""
        return {key: self._load(stage, ((0.0, np.inf, 1.0),)) for key, stage in self.stages.items()}

    @cached_property
    def onward_starts(self) -> dict[str, Load]:
        """Starts of each later stage, per person who starts its course."""
        later = {key: stage for key, stage in self.stages.items() if len(stage.path) > 1}
        return {key: self._load(stage, (), 1.0) for key, stage in later.items()}

    def _stay(self, package: str) -> Stay:
        row = self._row[package]
        sd = float(row["stay_sd_days"])
        return Stay(str(row["stay_distribution"]), float(row["stay_days"]), None if np.isnan(sd) else sd)

    @cached_property
    def _row(self) -> dict[str, Row]:
        return _by_key(self.instance.packages, "package")

    def _load(
        self, stage: Stage, windows: tuple[tuple[float, float, float], ...], at_start: float = 0.0
    ) -> Load:
        """What a person on the course asks for in this stage: an amount a day in each window, and one when it starts.

        `windows` are (from day, to day, amount a day), in days since the start of the stage.
        """
        *before, stay = (self._stay(package) for package in stage.path)
        course, edges = Course(tuple(before), stay), self.horizon.edges
        is_steady = self.instance.settings.opening == "steady"
        kernel, census = at_start * course.starts(edges), at_start * course.starts_from_census(edges)
        if is_steady:
            kernel[0] += at_start * course.starts_from_steady(edges) / self.horizon.days[0]
        for first, last, amount in windows:
            kernel += amount * trim(course.days_in_care(edges, first, last), stay.stay_days)
            people = course.days_from_census(edges, first, last)
            census += amount * trim(people[None, :], stay.stay_days)[0]
            if is_steady:
                steady = course.days_from_steady(edges, first, last) / self.horizon.days[0]
                kernel[0] += amount * trim(steady[None, :], stay.stay_days)[0]
        return Load(stage.share * kernel, stage.share * census)

    @cached_property
    def hours(self) -> dict[tuple[str, str], Load]:
        """Contact hours by (stage, role)."""
        found: dict[tuple[str, str], Load] = {}
        for (package, role), rows in self.instance.package_hours.groupby(["package", "role"], sort=True):
            windows = tuple(
                zip(
                    rows["from_day"],
                    rows["to_day"].fillna(np.inf),
                    rows["hours_per_week"] / DAYS_PER_WEEK,
                    strict=True,
                )
            )
            for stage in self._stages_in[package]:
                found[stage.key, role] = self._load(stage, windows, float(rows["hours_per_start"].sum()))
        return found

    @cached_property
    def care_hours(self) -> dict[tuple[str, str], Load]:
        """Care hours by (stage, shift type)."""
        found: dict[tuple[str, str], Load] = {}
        for (package, shift_type), rows in self.instance.package_care.groupby(
            ["package", "shift_type"], sort=True
        ):
            windows = tuple(
                zip(rows["from_day"], rows["to_day"].fillna(np.inf), rows["care_hours_per_day"], strict=True)
            )
            for stage in self._stages_in[package]:
                found[stage.key, shift_type] = self._load(stage, windows)
        return found

    @cached_property
    def _stages_in(self) -> dict[str, list[Stage]]:
        """The stages in which people are in a package."""
        found: dict[str, list[Stage]] = defaultdict(list)
        for stage in self.stages.values():
            found[stage.package].append(stage)
        return found

    @cached_property
    def census(self) -> dict[tuple[str, str, str], float]:
        """People in care at the start by (locality, site, stage) that they are in or will come to.

        The locality is "" where a bed's row names none; the loads of a later stage say when they come, and how many.
        """
        if self.instance.settings.opening != "census":
            return {}
        found: dict[tuple[str, str, str], float] = defaultdict(float)
        for row in self.instance.census.to_dict("records"):
            locality, site = _text(row["locality"]), _text(row["site"])
            for stage in self.courses[row["package"]]:
                for home, share in self._homes(locality, site, stage):
                    at = site if self._row[stage.package]["setting"] == "bed" else AT_HOME
                    found[home, at, stage.key] += row["people"] * share
        return dict(found)

    def _homes(self, locality: str, site: str, stage: Stage) -> list[tuple[str, float]]:
        """Where people of a census row live, as far as the stage asks: their locality, "" (any) or shares."""
        if locality or (site and self._row[stage.package]["setting"] == "bed"):
            return [(locality, 1.0)]
        return list(zip(self.demand.localities, self._census_shares(stage.first), strict=True))

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
    schemes = scheme_data(instance, horizon, demand(instance, horizon))
    people = schemes.demand_when({})
    eligibility = Eligibility(instance)
    staff, shifts = teams(instance, "staff", "role"), teams(instance, "shifts", "shift_type")
    targets, acute = target_rows(instance, horizon), wards(instance)
    courses = courses_of_care(instance)
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
    return Data(
        instance,
        horizon,
        people,
        found,
        home_zones,
        courses,
        targets,
        staff,
        shifts,
        schemes,
        acute,
        is_aggregated,
    )


def _packages_at_home(
    instance: Instance, courses: Mapping[str, tuple[Stage, ...]]
) -> dict[str, tuple[str, ...]]:
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
