"""The generator: from a size and a seed to an instance."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pandas as pd

from capplan.errors import UsageError
from capplan.generate import aims, beds, care, investment, people, teams
from capplan.generate.options import GeneratorOptions, Size, options_for
from capplan.generate.places import DETOUR_FACTOR, SPEED_KMH, Places, places
from capplan.instance import Instance

START = datetime.date(2017, 4, 1)
PRICE_YEAR = "2017/18"
PARTS = ("places", "care", "seasons", "people", "beds", "staff", "shifts", "schemes")


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
    where = places(random["places"], options)
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
    units = beds.site_beds(random["beds"], where, who, made, new_sites_from, beds.room(options.congestion))
    team = teams.staff(random["staff"], where, who, made, units)
    crews = teams.shifts(random["shifts"], where, who, made)
    tables = {
        "localities": where.localities,
        "hospitals": where.hospitals,
        "catchments": where.catchments,
        "sites": beds.with_beds_max(where.sites, units),
        "bed_types": care.bed_types(options.congestion),
        "site_beds": units,
        "conversions": beds.conversions(units),
        "roles": care.roles(),
        "staff": team,
        "arrivals": teams.arrivals(where, _month(1)[:7]),
        "shift_types": care.shift_types(),
        "shifts": crews,
        "cross_cover": teams.cross_cover(where),
        "cover": teams.cover(crews),
        "limits": aims.limits(units, team, options.congestion),
        "pathways": care.pathways(),
        "packages": made.packages,
        "package_hours": care.rows_of(care.PACKAGE_HOURS),
        "package_care": care.package_care(),
        "eligibility": care.eligibility(),
        "referrals": who.referrals,
        "profiles": care.profiles(random["seasons"]),
        "waiting": people.waiting(who),
        "targets": aims.targets(who, made, START, options.periods),
        "scenarios": pd.DataFrame(aims.SCENARIOS),
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
    return aims.months_later(START, months_after_start).isoformat()


def _with_source(tables: Mapping[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """The tables with their source in every row, and the price year where there are prices."""
    written = {}
    for name, table in tables.items():
        with_source = table.assign(source=f"assumption: generated with seed {seed}")
        is_priced = any("gbp" in column for column in table.columns)
        written[name] = with_source.assign(price_year=PRICE_YEAR) if is_priced else with_source
    return written
