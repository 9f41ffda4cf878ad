"""What may start where: the packages and sites open to the people of a locality, hospital and pathway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from capplan.geography import travel_minutes
from capplan.instance import Instance
from capplan.parameters.eligible_rows import NO_ROW, Axes, EligiblePackage, eligible_packages

AT_HOME = ""
SPOT_PRICES = ("spot_bed_day_gbp", "spot_bed_month_gbp", "spot_bed_year_gbp")
"""Spellings of the price that makes a unit one with spot beds (a price by the week is read as one by the day)."""


@dataclass(frozen=True)
class Option:
    """One way to start: a package, at a site or at home (`""`), on the terms of one eligibility row.

    `course` is the key of what a start leads to: the package's own, or that of a copy of it that schemes have changed.
    `row` is that row where its share_max limits anything, else 0, `minutes` [minutes] the journey where travel has a
    price, else 0, and `failure_acute_bed_days` [bed days] what a failure takes where acute wards may close, else 0:
    options that differ in nothing that the model can tell apart are equal.
    """

    package: str
    course: str
    site: str
    row: int
    success: float
    share_max: float
    failure_gbp: float
    success_gbp: float
    failure_acute_bed_days: float
    minutes: float


class Eligibility:
    """Answers which options the people of (locality, hospital, pathway) have; built once per instance."""

    def __init__(self, instance: Instance) -> None:
        axes = Axes.of(instance)
        self._locality = {name: i for i, name in enumerate(axes.localities)}
        self._hospital = {name: i for i, name in enumerate(axes.hospitals)}
        self._site = {name: i for i, name in enumerate(axes.sites)} | {AT_HOME: 0}
        self._packages: dict[str, list[EligiblePackage]] = defaultdict(list)
        for package in eligible_packages(instance, axes):
            self._packages[package.pathway].append(package)
        self._rows = _rows(instance)
        self._sites = _sites_by_package(instance)
        self._minutes = travel_minutes(instance)
        self._travel_has_price = instance.settings.travel_gbp_per_minute > 0
        self._longest = _longest_journey(instance)
        self._known: dict[tuple[str, str, bytes], tuple[Option, ...]] = {}

    def options(self, locality: str, hospital: str, pathway: str) -> tuple[Option, ...]:
        """The options, sorted by package and site."""
        i, h = self._locality[locality], self._hospital[hospital]
        positions = [package.position[i, h] for package in self._packages[pathway]]
        key = locality, pathway, b"".join(rows.tobytes() for rows in positions)
        if key not in self._known:
            self._known[key] = tuple(self._options(locality, pathway, positions))
        return self._known[key]

    def _options(self, locality: str, pathway: str, positions: Sequence[np.ndarray]) -> Iterator[Option]:
        """`positions`: of each package of the pathway the row that holds at each site."""
        for package, rows in zip(self._packages[pathway], positions, strict=True):
            for site in self._sites[package.package]:
                position = int(rows[self._site[site]])
                if position != NO_ROW and self._is_reachable(locality, site, pathway):
                    name, minutes = package.package, self._priced_minutes(locality, site)
                    yield Option(name, name, site, *self._rows[position], minutes)

    def _is_reachable(self, locality: str, site: str, pathway: str) -> bool:
        longest = self._longest[pathway]
        if site == AT_HOME or np.isinf(longest):
            return True
        return bool(self._minutes.at[locality, site] <= longest)

    def _priced_minutes(self, locality: str, site: str) -> float:
        if site == AT_HOME or not self._travel_has_price:
            return 0.0
        return float(np.nan_to_num(self._minutes.at[locality, site]))


def _rows(instance: Instance) -> list[tuple[int, float, float, float, float, float]]:
    """Terms of each row of `eligibility`, the number of a row first where its share_max limits anything."""
    has_wards = len(instance.acute_beds) > 0
    return [
        (
            row.Index if row.share_max < 1 else 0,
            row.success,
            row.share_max,
            row.failure_gbp,
            row.success_gbp,
            row.failure_acute_bed_days if has_wards else 0.0,
        )
        for row in instance.eligibility.itertuples()
    ]


def _sites_by_package(instance: Instance) -> dict[str, tuple[str, ...]]:
    """Sites whose beds of the package's type can hold anybody; `("",)` for a package at home."""
    units = instance.site_beds
    usable = units[(units["beds_max"] > 0) | units[list(SPOT_PRICES)].notna().any(axis=1)]
    by_type = usable.groupby("bed_type")["site"].apply(lambda sites: tuple(sorted(sites))).to_dict()
    return {
        row.package: (AT_HOME,) if row.setting == "home" else by_type.get(row.bed_type, ())
        for row in instance.packages.itertuples()
    }


def _longest_journey(instance: Instance) -> dict[str, float]:
    everywhere = instance.settings.travel_minutes_max or np.inf
    own = instance.pathways.set_index("pathway")["travel_minutes_max"].fillna(np.inf)
    return {pathway: min(everywhere, minutes) for pathway, minutes in own.items()}
