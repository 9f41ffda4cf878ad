"""Referrals, and who is in care when the plan starts: people who would be lost, counted twice or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan import cells, wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few, problem
from capplan.errors import Problem, Severity


def referrals_without_population(facts: Facts) -> Iterator[Problem]:
    """People are shared out by population, or referred per 1,000 of it, and it is not known."""
    rows = facts.table("referrals")
    shared = rows["locality"].isna()
    per_1000 = rows["people_per_1000_65_plus_per_year"].notna()
    localities = facts.table("localities")
    missing = localities[localities["population_65_plus"].isna()]
    needed = missing if shared.any() else missing[missing["locality"].isin(rows.loc[per_1000, "locality"])]
    why = (
        "referrals without a locality are shared out by it"
        if shared.any()
        else "its referrals are per 1,000 of it"
    )
    yield from at_rows(
        facts,
        "localities",
        needed,
        f"'{{locality}}' has no population_65_plus, and {why}",
        column="population_65_plus",
        now="give the number of people aged 65 and over, 0 if there are none",
    )


def catchment_shares_do_not_sum_to_one(facts: Facts) -> Iterator[Problem]:
    """The catchment shares of a locality do not sum to 1: referrals would be lost or counted twice."""
    rows = facts.table("catchments")
    for locality, total in rows.groupby("locality")["share"].sum().items():
        if abs(total - 1) > 0.001:
            first = int(rows.index[rows["locality"] == locality][0])
            yield problem(
                "catchments",
                f"the shares of '{locality}' sum to {wording.exact(total)}, not 1",
                row=first,
                column="share",
                value=rows.at[first, "share"],
                now="make them sum to 1",
            )


def catchment_missing(facts: Facts) -> Iterator[Problem]:
    """Referrals name no hospital, and some localities have catchments and others none."""
    rows = facts.table("referrals")
    unnamed = rows[rows["hospital"].isna()]
    localities = facts.table("localities")["locality"]
    concerned = (
        localities if unnamed["locality"].isna().any() else localities[localities.isin(unnamed["locality"])]
    )
    covered = concerned.isin(facts.table("catchments")["locality"])
    if len(unnamed) and covered.any() and not covered.all():
        yield problem(
            "catchments",
            f"no rows for {first_few(list(concerned[~covered]))}: their referrals belong to no hospital",
            column="locality",
            now="give catchments if a hospital's own target should count them",
            severity=Severity.INFO,
        )


def referral_months_outside_plan(facts: Facts) -> Iterator[Problem]:
    """Rows are for months that the plan does not touch."""
    rows = facts.table("referrals")
    first, last = facts.edges
    outside = rows[(rows["month"] < first.replace(day=1)) | (rows["month"] > last)]
    if len(outside):
        span = f"{wording.full_month(outside['month'].min())} to {wording.full_month(outside['month'].max())}"
        yield problem(
            "referrals",
            f"{len(outside)} rows are for months outside the plan ({span}) and are not used",
            row=int(outside.index[0]),
            column="month",
            value=outside["month"].iloc[0],
            now=f"the plan runs from {wording.full_month(first)} to {wording.full_month(last)}",
            severity=Severity.WARNING,
        )


def referral_months_missing(facts: Facts) -> Iterator[Problem]:
    """Referrals are given month by month, without a row for every month and without a row for the rest."""
    rows = facts.table("referrals").fillna({"locality": "", "hospital": ""})
    stream = rows.groupby(["locality", "hospital", "pathway"], sort=False).ngroup().to_numpy()
    months = facts.horizon.dates.to_period("M").unique()
    position = months.get_indexer(pd.DatetimeIndex(rows["month"]).to_period("M"))
    covered = np.zeros((stream.max(initial=-1) + 1, len(months)), dtype=bool)
    covered[stream[position >= 0], position[position >= 0]] = True
    covered[stream[rows["month"].isna().to_numpy()]] = True
    first_row = rows.assign(stream=stream).drop_duplicates("stream")
    some = covered.any(axis=1) & ~covered.all(axis=1)
    gaps = first_row[some].assign(
        missing=[first_few([str(month) for month in months[~row]]) for row in covered[some]]
    )
    for pathway, of_pathway in gaps.groupby("pathway"):
        where = "" if len(of_pathway) == 1 else f", and {len(of_pathway) - 1} more of this pathway have gaps"
        yield problem(
            "referrals",
            f"nobody is referred to '{pathway}' in {of_pathway['missing'].iloc[0]}: no row for these "
            f"months{where}",
            row=int(of_pathway.index[0]),
            column="month",
            now="add rows, 0 if nobody is referred, or one row without a month for the rest",
            severity=Severity.WARNING,
        )


def growth_or_season_in_a_month_row(facts: Facts) -> Iterator[Problem]:
    """A row with a month is that many people: its growth and profile are not used."""
    rows = facts.table("referrals")
    unused = rows[rows["month"].notna() & ((rows["growth_per_year"] != 0) | rows["profile"].notna())]
    if len(unused):
        yield problem(
            "referrals",
            f"growth_per_year and profile are not used in rows with a month ({len(unused)} rows have them)",
            row=int(unused.index[0]),
            column="month",
            value=unused["month"].iloc[0],
            now="leave them empty, or leave the month empty",
            severity=Severity.WARNING,
        )


def profile_far_from_one(facts: Facts) -> Iterator[Problem]:
    """The factors of a profile average far from 1, so that it changes the year's total too."""
    for profile, rows in facts.table("profiles").groupby("profile"):
        mean = (rows["factor"].sum() + 12 - len(rows)) / 12
        if abs(mean - 1) > 0.02:
            yield problem(
                "profiles",
                f"the twelve factors of '{profile}' average {wording.figures(mean)} (months without a row count as 1): "
                f"a year with this profile has {cells.share_change(mean - 1)} people",
                row=int(rows.index[0]),
                column="factor",
                now="scale the factors so that they average 1, if the rate is a yearly mean",
                severity=Severity.WARNING,
            )


def pathway_without_people(facts: Facts) -> Iterator[Problem]:
    """Nobody is referred to a pathway in the plan and nobody waits for it."""
    referred = facts.referred.index[facts.referred > 0]
    pathways = facts.table("pathways")
    empty = ~pathways["pathway"].isin(referred) & ~pathways["pathway"].isin(facts.table("waiting")["pathway"])
    yield from at_rows(
        facts,
        "pathways",
        pathways[empty],
        "nobody is referred to '{pathway}' during the plan",
        column="pathway",
        now="add rows to referrals, or take the pathway out",
        severity=Severity.WARNING,
    )


def census_and_opening(facts: Facts) -> Iterator[Problem]:
    """`opening = census` needs a census, and a census needs that opening."""
    rows, opening = facts.table("census"), facts.settings.opening
    if opening == "census" and rows.empty:
        yield problem(
            "instance",
            "opening is census, and the table census has no rows",
            column="opening",
            value=opening,
            now="fill in census, or say opening = steady (or empty, if nobody is in care at the start)",
        )
    if opening != "census" and len(rows):
        yield problem(
            "census",
            f"its {len(rows)} rows are not used: opening is {opening}",
            row=int(rows.index[0]),
            now="say opening = census, or leave the table out",
            severity=Severity.WARNING,
        )


def _census_with_packages(facts: Facts) -> pd.DataFrame:
    packages = facts.table("packages").set_index("package")
    return facts.table("census").join(packages[["setting", "bed_type"]], on="package")


def census_site(facts: Facts) -> Iterator[Problem]:
    """People in a bed are at a site that has such beds; people at home are at none."""
    rows = _census_with_packages(facts)
    in_bed, has_site = rows["setting"] == "bed", rows["site"].notna()
    yield from at_rows(
        facts,
        "census",
        rows[in_bed & ~has_site],
        "'{package}' is given in a bed, and the row does not say at which site",
        column="site",
        now="name the site",
    )
    yield from at_rows(
        facts,
        "census",
        rows[~in_bed & has_site],
        "'{package}' is given at home, and the row says '{site}'",
        column="site",
        now="leave site empty and name the locality",
    )
    units = pd.MultiIndex.from_frame(facts.table("site_beds")[["site", "bed_type"]])
    has_unit = pd.MultiIndex.from_frame(rows[["site", "bed_type"]]).isin(units)
    yield from at_rows(
        facts,
        "census",
        rows[in_bed & has_site & ~has_unit],
        "'{package}' needs a '{bed_type}' bed, which '{site}' does not have",
        column="site",
        now="correct the site, or add the unit to site_beds",
    )


def census_above_beds(facts: Facts) -> Iterator[Problem]:
    """More people are in beds at the start than beds are open."""
    rows = _census_with_packages(facts)
    people = rows.groupby(["site", "bed_type"])["people"].sum().rename("people")
    units = facts.table("site_beds").join(people, on=["site", "bed_type"])
    yield from at_rows(
        facts,
        "site_beds",
        units[units["people"] > units["beds"]],
        "{people} people are in '{bed_type}' beds at '{site}' at the start (census), and {beds} beds "
        "are open",
        column="beds",
        now="correct beds or the census",
        severity=Severity.WARNING,
    )


RULES = (
    referrals_without_population,
    catchment_shares_do_not_sum_to_one,
    catchment_missing,
    referral_months_outside_plan,
    referral_months_missing,
    growth_or_season_in_a_month_row,
    profile_far_from_one,
    pathway_without_people,
    census_and_opening,
    census_site,
    census_above_beds,
)
