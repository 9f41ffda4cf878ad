"""Loads: what people on a course of care ask for in each period, in days in care, starts and hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance, Row, by_key, records
from capplan.parameters.care_courses import Stage, Variant
from capplan.parameters.consecutive_stays import Course
from capplan.parameters.stays import Stay, trim
from capplan.rollouts import CARE_HOURS, HOURS, STAY_DAYS
from capplan.schema.tables.parts import SHORTEST_STAY_DAYS

DAYS_PER_WEEK = 7.0
"""Days to which schemes can shorten a stay at most; the checks refuse such schemes."""
Window = tuple[float, float, float]
"""From day, to day, amount a day: days count from the start of the stage."""


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
class Needs:
    """What a team or crew is asked for: loads of packages on groups of starts, and hours of people from before.

    `groups` lists (load, served group); `census_hours` has one number a period [hours of people in care at the start].
    """

    groups: tuple[tuple[Load, int], ...]
    census_hours: np.ndarray


@dataclass(frozen=True)
class Loads:
    """The loads of an instance's stages, each per person who starts the stage's course."""

    instance: Instance
    horizon: Horizon
    stages: Mapping[str, Stage]

    @cached_property
    def days(self) -> dict[str, Load]:
        """Days in care by stage."""
        return {key: self._load(stage, lambda _: [(0.0, np.inf, 1.0)]) for key, stage in self.stages.items()}

    @cached_property
    def onward_starts(self) -> dict[str, Load]:
        """Starts of each later stage."""
        later = {key: stage for key, stage in self.stages.items() if len(stage.path) > 1}
        return {key: self._load(stage, lambda _: [], 1.0) for key, stage in later.items()}

    @cached_property
    def hours(self) -> dict[tuple[str, str], Load]:
        """Contact hours by (stage, role)."""
        rows = self.instance.package_hours
        per_day = rows.assign(change=HOURS, amount=rows["hours_per_week"], per_day=1 / DAYS_PER_WEEK)
        return self._needs(per_day, "role")

    @cached_property
    def care_hours(self) -> dict[tuple[str, str], Load]:
        """Care hours by (stage, shift type)."""
        rows = self.instance.package_care
        per_day = rows.assign(change=CARE_HOURS, amount=rows["care_hours_per_day"], per_day=1.0)
        return self._needs(per_day.assign(hours_per_start=0.0), "shift_type")

    def _needs(self, rows: pd.DataFrame, resource: str) -> dict[tuple[str, str], Load]:
        loads: dict[tuple[str, str], Load] = {}
        for (package, name), needs in rows.groupby(["package", resource], sort=True):
            at_start = float(needs["hours_per_start"].sum())
            for stage in self._stages_in[package]:
                loads[stage.key, name] = self._load(stage, _windows(needs, package, name), at_start)
        return loads

    @cached_property
    def _stages_in(self) -> dict[str, list[Stage]]:
        """The stages in which people are in a package."""
        stages: dict[str, list[Stage]] = defaultdict(list)
        for stage in self.stages.values():
            stages[stage.package].append(stage)
        return stages

    def _load(self, stage: Stage, windows: Callable[[Variant], list[Window]], at_start: float = 0.0) -> Load:
        """What a person on the course asks for in this stage: an amount a day in each window, and one at its start."""
        edges, settings = self.horizon.edges, self.instance.settings
        course, earlier = self._course(stage, stage.variant), self._course(stage, stage.before)
        kernel = at_start * course.starts(edges)
        for first, last, amount in windows(stage.variant):
            kernel += amount * trim(course.days_in_care(edges, first, last), course.stay.stay_days)
        census = at_start * earlier.starts_from_census(edges)
        for first, last, amount in windows(stage.before):
            people = earlier.days_from_census(edges, first, last)
            census += amount * trim(people[None, :], earlier.stay.stay_days)[0]
        if settings.opening == "steady":
            kernel[0] += at_start * earlier.starts_from_steady(edges) / self.horizon.days[0]
            for first, last, amount in windows(stage.before):
                steady = earlier.days_from_steady(edges, first, last) / self.horizon.days[0]
                kernel[0] += amount * trim(steady[None, :], earlier.stay.stay_days)[0]
        return Load(stage.share * kernel, stage.share * census)

    def _course(self, stage: Stage, variant: Variant) -> Course:
        *before, stay = (self.stay(package, variant) for package in stage.path)
        return Course(tuple(before), stay)

    def stay(self, package: str, variant: Variant) -> Stay:
        """The stay, with its variation in proportion where a scheme changes its length."""
        row = self._rows[package]
        days, sd = float(row["stay_days"]), float(row["stay_sd_days"])
        longer = max(variant.value(days, STAY_DAYS, package), SHORTEST_STAY_DAYS) / days
        return Stay(str(row["stay_distribution"]), longer * days, None if np.isnan(sd) else longer * sd)

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return by_key(self.instance.packages, "package")


def _windows(needs: pd.DataFrame, package: str, resource: str) -> Callable[[Variant], list[Window]]:
    """Hours a day in each window of the stay, as schemes leave them."""
    given = records(needs)

    def windows(variant: Variant) -> list[Window]:
        return [
            (
                float(row["from_day"]),
                np.inf if np.isnan(row["to_day"]) else float(row["to_day"]),
                max(variant.value(float(row["amount"]), row["change"], package, resource), 0.0)
                * row["per_day"],
            )
            for row in given
        ]

    return windows
