"""The generator: from a size and a seed to an instance."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from capplan.errors import UsageError
from capplan.generate import capacity, care, investment, people, targets
from capplan.generate.places import DETOUR_FACTOR, SPEED_KMH, Places, places
from capplan.instance import Instance

Size = Literal["small", "county", "region"]
START = datetime.date(2017, 4, 1)
PRICE_YEAR = "2017/18"
PARTS = ("places", "care", "seasons", "people", "beds", "staff", "shifts", "schemes")


@dataclass(frozen=True)
class GeneratorOptions:
    """Numbers of places and periods, and of periods between the points at which capacity may change.

    With `congestion` people queue at every unit of beds when chance has filled it. With `investment` there are ten
    schemes to go live with or not, budgets of two funders, and acute wards that may close.

    Raises UsageError where an instance of that shape cannot be made.
    """

    localities: int
    hospitals: int
    sites: int
    periods: int
    capacity_changes_every: int = 3
    congestion: bool = False
    investment: bool = False

    def __post_init__(self) -> None:
        smallest = {"localities": 1, "hospitals": 1, "sites": 2, "periods": 1, "capacity_changes_every": 1}
        for option, least in smallest.items():
            if getattr(self, option) < least:
                raise UsageError(f"{option} must be {least} or more, not {getattr(self, option)}")
        if self.hospitals > self.localities:
            raise UsageError(
                f"{self.hospitals} hospitals need as many localities to stand in, not {self.localities}"
            )


SIZES: dict[str, GeneratorOptions] = {
    "small": GeneratorOptions(localities=4, hospitals=1, sites=4, periods=12),
    "county": GeneratorOptions(localities=20, hospitals=3, sites=15, periods=36),
    "region": GeneratorOptions(localities=60, hospitals=8, sites=40, periods=36),
}

CONGESTED: dict[str, dict[str, int]] = {
    "small": {},
    "county": {"sites": 20, "capacity_changes_every": 12},
    "region": {"capacity_changes_every": 12},
}
"""What else a size has with congestion: a county 30 units, and decisions by the year, as they are planned with it."""


def options_for(size: str, **overrides: int) -> GeneratorOptions:
    """The options of a size, and what congestion changes there, with some of them replaced.

    Raises UsageError for a size or an option that does not exist, or a shape that cannot be made.
    """
    if size not in SIZES:
        raise UsageError(f"no such size: {size}; choose {', '.join(SIZES)}")
    fields = SIZES[size].__dataclass_fields__
    unknown = sorted(set(overrides) - set(fields))
    if unknown:
        raise UsageError(f"no such option: {', '.join(unknown)}; there are {', '.join(fields)}")
    changes: dict[str, Any] = {**(CONGESTED[size] if overrides.get("congestion") else {}), **overrides}
    return replace(SIZES[size], **changes)


def generate(size: Size, seed: int, **overrides: int) -> Instance:
    """An instance of a made-up area, `small`, `county` or `region`; the same for the same seed.

    `overrides` replaces fields of `GeneratorOptions`, e.g. periods=24 or congestion=True. Today's capacity falls
    short of need by a tenth to a fifth; even so every hard limit and target can be met.
    Raises UsageError for a size, option or seed that cannot be used.
    """
    options = options_for(size, **overrides)
    if seed < 0:
        raise UsageError(f"the seed must be 0 or more, not {seed}")
    # A stream for each part: what is drawn for one does not shift the others.
    random = {part: np.random.default_rng([seed, i]) for i, part in enumerate(PARTS)}
    where = places(random["places"], options.localities, options.hospitals, options.sites)
    tables = _tables(random, where, options)
    return Instance.from_frames(_settings(size, seed, options), **_with_source(tables, seed))


def _settings(size: str, seed: int, options: GeneratorOptions) -> dict[str, object]:
    return {
        "title": f"Generated {size}, seed {seed}",
        "description": f"A made-up area: {options.localities} localities, {options.hospitals} hospitals, "
        f"{options.sites} sites, {options.periods} months.",
        "start": START,
        "period": "month",
        "periods": options.periods,
        "capacity_changes_every": options.capacity_changes_every,
        "price_year": PRICE_YEAR,
        "discount_rate_per_year": 0.035,
        "travel_minutes_max": 60,
        "travel_gbp_per_minute": 0.5,
        "speed_kmh": SPEED_KMH,
        "detour_factor": DETOUR_FACTOR,
    }


def _tables(
    random: Mapping[str, np.random.Generator], where: Places, options: GeneratorOptions
) -> dict[str, pd.DataFrame]:
    made = care.care(random["care"])
    who = people.people(random["people"], where)
    new_sites_from = _month(min(6, options.periods // 2))
    units = capacity.site_beds(random["beds"], where, who, made, new_sites_from, options.congestion)
    team = capacity.staff(random["staff"], where, who, made, units)
    crews = capacity.shifts(random["shifts"], where, who, made)
    tables = {
        "localities": where.localities,
        "hospitals": where.hospitals,
        "catchments": where.catchments,
        "sites": capacity.with_beds_max(where.sites, units),
        "bed_types": care.bed_types(options.congestion),
        "site_beds": units,
        "conversions": capacity.conversions(units),
        "roles": care.roles(),
        "staff": team,
        "arrivals": capacity.arrivals(where, _month(1)[:7]),
        "shift_types": care.shift_types(),
        "shifts": crews,
        "cross_cover": capacity.cross_cover(where),
        "cover": capacity.cover(crews),
        "limits": targets.limits(units, team, options.congestion),
        "pathways": care.pathways(),
        "packages": made.packages,
        "package_hours": care.rows_of(care.PACKAGE_HOURS),
        "package_care": care.package_care(),
        "eligibility": care.eligibility(),
        "referrals": who.referrals,
        "profiles": care.profiles(random["seasons"]),
        "waiting": people.waiting(who),
        "targets": targets.targets(who, made, START, options.periods),
        "scenarios": pd.DataFrame(targets.SCENARIOS),
    }
    if not options.investment:
        return tables
    today = investment.Today(where.sites, units, team, crews, options.congestion)
    budgets = investment.budgets(today, who, made, START, options.periods)
    return tables | {
        "schemes": investment.schemes(random["schemes"], where, START),
        "scheme_effects": investment.scheme_effects(where),
        "acute_beds": investment.acute_beds(where, who),
        "funding": investment.funding(),
        "budgets": budgets,
        "budget_pools": investment.budget_pools(budgets),
    }


def _month(months_after_start: int) -> str:
    return targets.months_later(START, months_after_start).isoformat()


def _with_source(tables: Mapping[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """The tables with their source in every row, and the price year where there are prices."""
    written = {}
    for name, table in tables.items():
        with_source = table.assign(source=f"assumption: generated with seed {seed}")
        is_priced = any("gbp" in column for column in table.columns)
        written[name] = with_source.assign(price_year=PRICE_YEAR) if is_priced else with_source
    return written
