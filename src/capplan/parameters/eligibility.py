"""What may start where: the packages and sites open to the people of a locality, hospital and pathway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from capplan.geography import localities_of, names, travel_minutes
from capplan.instance import Instance

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


@dataclass(frozen=True)
class _Terms:
    row: int
    package: str
    localities: frozenset[str]
    hospitals: frozenset[str]
    sites: frozenset[str]
    values: tuple[float, float, float, float, float]
    filters: int = field(default=0)


class Eligibility:
    """Answers which options the people of (locality, hospital, pathway) have; built once per instance."""

    def __init__(self, instance: Instance) -> None:
        self._terms = _terms(instance)
        self._sites = _sites_by_package(instance)
        self._minutes = travel_minutes(instance)
        self._travel_has_price = instance.settings.travel_gbp_per_minute > 0
        self._longest = _longest_journey(instance)
        self._known: dict[tuple[str, str, tuple[int, ...]], tuple[Option, ...]] = {}

    def options(self, locality: str, hospital: str, pathway: str) -> tuple[Option, ...]:
        """The options, sorted by package and site."""
        terms = [
            t
            for t in self._terms.get(pathway, ())
            if locality in t.localities and (not t.hospitals or hospital in t.hospitals)
        ]
        key = (locality, pathway, tuple(t.row for t in terms))
        if key not in self._known:
            self._known[key] = tuple(self._options(locality, pathway, terms))
        return self._known[key]

    def _options(self, locality: str, pathway: str, terms: Sequence[_Terms]) -> list[Option]:
        options = []
        for package in sorted({t.package for t in terms}):
            for site in self._sites[package]:
                if not self._is_reachable(locality, site, pathway):
                    continue
                matching = [t for t in terms if t.package == package and (not t.sites or site in t.sites)]
                if matching:
                    best = max(matching, key=lambda t: t.filters)
                    minutes = self._priced_minutes(locality, site)
                    row = best.row if best.values[1] < 1 else 0
                    options.append(Option(package, package, site, row, *best.values, minutes))
        return options

    def _is_reachable(self, locality: str, site: str, pathway: str) -> bool:
        longest = self._longest[pathway]
        if site == AT_HOME or np.isinf(longest):
            return True
        return bool(self._minutes.at[locality, site] <= longest)

    def _priced_minutes(self, locality: str, site: str) -> float:
        if site == AT_HOME or not self._travel_has_price:
            return 0.0
        return float(np.nan_to_num(self._minutes.at[locality, site]))


def _terms(instance: Instance) -> dict[str, list[_Terms]]:
    terms: dict[str, list[_Terms]] = {}
    has_wards = len(instance.acute_beds) > 0
    for row in instance.eligibility.itertuples():
        filters = sum(not pd.isna(cell) for cell in (row.locality, row.hospital, row.site))
        terms.setdefault(row.pathway, []).append(
            _Terms(
                row.Index,
                row.package,
                localities_of(instance, row.locality),
                names(row.hospital),
                names(row.site),
                (
                    row.success,
                    row.share_max,
                    row.failure_gbp,
                    row.success_gbp,
                    row.failure_acute_bed_days if has_wards else 0.0,
                ),
                filters,
            )
        )
    return terms


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
