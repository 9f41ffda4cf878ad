"""Beds and sites: numbers that no plan could start from, missing prices, beds nobody can use, odd conversions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem, written_cell
from capplan.errors import Problem, Severity

BED_PRICES = ["bed_day_gbp", "bed_month_gbp", "bed_year_gbp"]


def bed_price_missing(facts: Facts) -> Iterator[Problem]:
    """Beds may be open and have no price, so that they would cost nothing."""
    units = facts.table("site_beds")
    free = units[BED_PRICES].isna().all(axis=1) & ((units["beds_max"] > 0) | (units["beds"] > 0))
    yield from at_rows(
        facts,
        "site_beds",
        units[free],
        "up to {beds_max} '{bed_type}' beds may be open at '{site}' and have no price",
        column="bed_day_gbp",
        now="give bed_day_gbp (or the price of a week, month or year); 0 if they cost nothing",
    )


def occupancy_missing(facts: Facts) -> Iterator[Problem]:
    """Without congestion the average load is all that is counted, and beds would be planned without a free one."""
    types = facts.table("bed_types")
    plain = types[types["congestion"] == "none"]
    unknown = [
        row for row in plain.index if written_cell(facts, "bed_types", "occupancy_max", int(row)) is None
    ]
    yield from at_rows(
        facts,
        "bed_types",
        plain.loc[unknown],
        "bed type '{bed_type}' says neither how full its beds may be nor how they congest",
        column="occupancy_max",
        now="give occupancy_max (0.92 is common for large units), or congestion",
    )


def beds_above_maximum(facts: Facts) -> Iterator[Problem]:
    """More beds are open today than beds_max allows."""
    units = facts.table("site_beds")
    yield from at_rows(
        facts,
        "site_beds",
        units[units["beds"] > units["beds_max"]],
        "{beds} '{bed_type}' beds are open today at '{site}', more than beds_max = {beds_max}",
        column="beds",
        now="raise beds_max to {beds} (the plan may still close beds) or correct beds",
    )


def beds_below_minimum(facts: Facts) -> Iterator[Problem]:
    """Fewer beds are open today than beds_min asks for; impossible where opening takes time, else news."""
    units = facts.table("site_beds")
    below = units[units["beds"] < units["beds_min"]]
    below = below.assign(more=below["beds_min"] - below["beds"])
    at_once = ~(below["available_from"] > facts.edges[0])
    below, late = below[at_once], (below["lead_periods"] > 0)[at_once]
    yield from at_rows(
        facts,
        "site_beds",
        below[late],
        "beds_min = {beds_min}, but {beds} are open today at '{site}' and none can open before "
        "{lead_periods} periods have passed",
        column="beds_min",
        now="lower beds_min, or set lead_periods to 0; a target can ask for beds from a date",
    )
    yield from at_rows(
        facts,
        "site_beds",
        below[~late],
        "beds_min = {beds_min} makes the plan open {more} '{bed_type}' beds at '{site}' on its first day",
        column="beds_min",
        severity=Severity.INFO,
    )


def beds_before_available(facts: Facts) -> Iterator[Problem]:
    """Beds are open today at a unit that can be had only from a later day."""
    units = facts.table("site_beds")
    yield from at_rows(
        facts,
        "site_beds",
        units[(units["beds"] > 0) & (units["available_from"] > facts.edges[0])],
        "{beds} beds are open today at '{site}', but can be had only from {available_from:date}",
        column="available_from",
        now="leave available_from empty, or set beds to 0",
    )


def bed_bounds_cross(facts: Facts) -> Iterator[Problem]:
    """The fewest beds are more than the most."""
    units = facts.table("site_beds")
    for least in ("beds_min", "unit_beds_min"):
        yield from at_rows(
            facts,
            "site_beds",
            units[(units[least] > units["beds_max"]) & ((units["beds_max"] > 0) | (least == "beds_min"))],
            f"{least} = {{{least}}} is more than beds_max = {{beds_max}} at '{{site}}'",
            column=least,
            now="raise beds_max (empty means today's number) or lower the minimum",
        )


def unit_below_smallest_size(facts: Facts) -> Iterator[Problem]:
    """A unit is open today with fewer beds than the smallest unit may have."""
    units = facts.table("site_beds")
    small = units[(units["beds"] > 0) & (units["beds"] < units["unit_beds_min"])]
    yield from at_rows(
        facts,
        "site_beds",
        small,
        "{beds} '{bed_type}' beds are open today at '{site}', fewer than unit_beds_min = "
        "{unit_beds_min}: the plan must close the unit or enlarge it at once",
        column="unit_beds_min",
        now="lower unit_beds_min if the unit may go on as it is",
        severity=Severity.WARNING,
    )


def beds_not_in_steps(facts: Facts) -> Iterator[Problem]:
    """Today's beds are no multiple of beds_step."""
    units = facts.table("site_beds")
    yield from at_rows(
        facts,
        "site_beds",
        units[(units["beds"] % units["beds_step"]) > 1e-9],
        "{beds} beds at '{site}' are not a multiple of beds_step = {beds_step}",
        column="beds",
        now="correct beds, or take a smaller step",
    )


def beds_maximum_not_in_steps(facts: Facts) -> Iterator[Problem]:
    """beds_max is no multiple of beds_step: the last beds can never open."""
    units = facts.table("site_beds")
    units = units.assign(most=units["beds_max"] // units["beds_step"] * units["beds_step"])
    yield from at_rows(
        facts,
        "site_beds",
        units[(units["beds_max"] - units["most"] > 1e-9) & (units["beds"] % units["beds_step"] < 1e-9)],
        "beds_max = {beds_max} in steps of {beds_step}: at most {most} can open at '{site}'",
        column="beds_max",
        severity=Severity.INFO,
    )


def site_too_small(facts: Facts) -> Iterator[Problem]:
    """The beds of a site's units today, or their minima, are more than the building holds."""
    sites = facts.table("sites")
    units = facts.table("site_beds").groupby("site")[["beds", "beds_min"]].sum()
    held = sites.join(units, on="site")
    for column, words in (("beds", "are open today"), ("beds_min", "must be open (beds_min)")):
        yield from at_rows(
            facts,
            "sites",
            held[held[column] > held["beds_max"]],
            f"{{{column}}} beds {words} at '{{site}}', which holds beds_max = {{beds_max}}",
            column="beds_max",
            now="correct beds_max of the site, or the beds of its units",
        )


def beds_at_closed_site(facts: Facts) -> Iterator[Problem]:
    """Beds are open, or have to be, at a site that is not open."""
    sites = facts.table("sites").set_index("site")
    units = facts.table("site_beds")
    units = units.join(sites[["is_open", "can_open"]], on="site")
    yield from at_rows(
        facts,
        "site_beds",
        units[~units["is_open"] & (units["beds"] > 0)],
        "{beds} beds are open today at '{site}', which is not open (sites, is_open)",
        column="beds",
        now="say is_open = true of the site, or 0 beds",
    )
    yield from at_rows(
        facts,
        "site_beds",
        units[~units["is_open"] & ~units["can_open"] & (units["beds"] == 0) & (units["beds_max"] > 0)],
        "up to {beds_max} beds at '{site}', which is closed and may not open (sites, can_open)",
        column="beds_max",
        now="say can_open = true of the site, or leave the row out",
        severity=Severity.WARNING,
    )


def site_without_beds(facts: Facts) -> Iterator[Problem]:
    """A site has no row in site_beds and can never have a bed."""
    sites = facts.table("sites")
    yield from at_rows(
        facts,
        "sites",
        sites[~sites["site"].isin(facts.table("site_beds")["site"])],
        "'{site}' has no rows in site_beds: no bed can open there",
        column="site",
        severity=Severity.INFO,
    )


def bed_type_nowhere(facts: Facts) -> Iterator[Problem]:
    """A package needs a bed type that no site can have."""
    packages = facts.table("packages")
    most = facts.beds_possible
    possible = set(most[most > 0].index.get_level_values("bed_type"))
    yield from at_rows(
        facts,
        "packages",
        packages[packages["bed_type"].notna() & ~packages["bed_type"].isin(possible)],
        "'{package}' needs a '{bed_type}' bed, and no site can have one",
        column="bed_type",
        now="add a row to site_beds with beds_max above 0 (empty means today's number), at a site that may "
        "be open",
    )


def bed_type_unused(facts: Facts) -> Iterator[Problem]:
    """Beds of a type that no package needs."""
    types = facts.table("bed_types")
    yield from at_rows(
        facts,
        "bed_types",
        types[~types["bed_type"].isin(facts.table("packages")["bed_type"])],
        "no package uses '{bed_type}' beds: they would stand empty",
        column="bed_type",
        now="name the bed type in packages, or take it out",
        severity=Severity.WARNING,
    )


def site_has_no_room(facts: Facts) -> Iterator[Problem]:
    """A unit's spot beds have a price and the site no room for one."""
    units, sites = facts.table("site_beds"), facts.table("sites").set_index("site")
    has_spot = units[["spot_bed_day_gbp", "spot_bed_month_gbp", "spot_bed_year_gbp"]].notna().any(axis=1)
    beds_max = units["site"].map(sites["beds_max"]).fillna(units.groupby("site")["beds_max"].transform("sum"))
    for row in units.index[has_spot & np.isclose(beds_max, 0)]:
        yield problem(
            "site_beds",
            f"spot beds at '{units.at[row, 'site']}' have a price, but the site has room for none",
            row=int(row),
            column="spot_bed_day_gbp",
            now="give beds_max of the site (spot beds included)",
            severity=Severity.WARNING,
        )


def conversion_to_itself(facts: Facts) -> Iterator[Problem]:
    """Beds are converted into the type that they are."""
    rows = facts.table("conversions")
    yield from at_rows(
        facts,
        "conversions",
        rows[rows["from_bed_type"] == rows["to_bed_type"]],
        "'{from_bed_type}' beds are converted into '{to_bed_type}' beds",
        column="to_bed_type",
        now="name another bed type, or take the row out",
    )


def conversion_without_unit(facts: Facts) -> Iterator[Problem]:
    """A conversion names a unit that is not in site_beds, or one that has no room for a bed more."""
    rows = facts.table("conversions")
    units = facts.table("site_beds").set_index(["site", "bed_type"])
    for column in ("from_bed_type", "to_bed_type"):
        has_unit = pd.MultiIndex.from_frame(rows[["site", column]]).isin(units.index)
        yield from at_rows(
            facts,
            "conversions",
            rows[~has_unit],
            f"there is no row in site_beds for '{{{column}}}' beds at '{{site}}'",
            column=column,
            now="add one, with the price of the beds and beds_max (beds = 0 where there are none yet)",
        )
    into = units.reindex(pd.MultiIndex.from_frame(rows[["site", "to_bed_type"]]))
    full = (into["beds_max"] <= into["beds"]).to_numpy()
    yield from at_rows(
        facts,
        "conversions",
        rows.assign(most=into["beds_max"].to_numpy())[full],
        "no bed at '{site}' can become '{to_bed_type}': its beds_max is {most}, today's number",
        column="to_bed_type",
        now="raise beds_max of that unit in site_beds (empty means today's number)",
        severity=Severity.WARNING,
    )


RULES = (
    bed_price_missing,
    occupancy_missing,
    beds_above_maximum,
    beds_below_minimum,
    beds_before_available,
    bed_bounds_cross,
    unit_below_smallest_size,
    beds_not_in_steps,
    beds_maximum_not_in_steps,
    site_too_small,
    beds_at_closed_site,
    site_without_beds,
    bed_type_nowhere,
    bed_type_unused,
    site_has_no_room,
    conversion_to_itself,
    conversion_without_unit,
)
