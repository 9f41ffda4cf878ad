"""Care that follows on: rings, shares above 1, and next packages that people could not be given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few
from capplan.errors import Problem
from capplan.parameters.eligible_rows import NO_ROW

ROUND_OFF = 1e-9


def onward_in_a_ring(facts: Facts) -> Iterator[Problem]:
    """A package leads back to itself, directly or by others: nobody would ever be out of care."""
    rows, after_each = facts.table("onward"), following(facts)
    rings = [
        package in all_after(after, after_each)
        for package, after in zip(rows["package"], rows["next_package"], strict=True)
    ]
    yield from at_rows(
        facts,
        "onward",
        rows[rings],
        "'{next_package}' leads back to '{package}'",
        column="next_package",
        now="take out the row that closes the ring; a second stay of the same kind is a package of its own",
    )


def following(facts: Facts) -> dict[str, set[str]]:
    """The next packages of each package that has some."""
    after: dict[str, set[str]] = facts.table("onward").groupby("package")["next_package"].agg(set).to_dict()
    return after


def all_after(package: str, following: dict[str, set[str]]) -> set[str]:
    """The package and everything that follows it, however late."""
    reached, ahead = set(), [package]
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead.extend(following.get(here, ()))
    return reached


def onward_shares_above_one(facts: Facts) -> Iterator[Problem]:
    """More people start a next package than leave the one before."""
    rows = facts.table("onward")
    total = rows.groupby("package")["share"].transform("sum")
    above = (total > 1 + ROUND_OFF) & ~rows["package"].duplicated(keep="last")
    yield from at_rows(
        facts,
        "onward",
        rows.assign(total=total)[above],
        "the shares of people who go on from '{package}' add up to {total}",
        column="share",
        now="give shares that add up to at most 1: each person goes on to one next package, or to none",
    )


def onward_from_home_to_bed(facts: Facts) -> Iterator[Problem]:
    """A bed follows on care at home: the plan would have to choose one."""
    rows = _with_settings(facts)
    yield from at_rows(
        facts,
        "onward",
        rows[(rows["setting"] == "home") & (rows["next_setting"] == "bed")],
        "'{next_package}' needs a bed, and people leave '{package}' from home",
        column="next_package",
        now="let these people be a pathway of their own, with referrals, or let a package at home follow",
    )


def onward_bed_elsewhere(facts: Facts) -> Iterator[Problem]:
    """A bed follows on a bed at a site that has none of that type: people go on at the same site."""
    rows = _with_settings(facts)
    rows = rows[(rows["setting"] == "bed") & (rows["next_setting"] == "bed")]
    units = facts.table("site_beds").groupby("bed_type")["site"].agg(set).to_dict()
    sites = _sites_of_packages(facts)
    without = [
        first_few(sorted(sites[package] - units.get(bed_type, set())))
        for package, bed_type in zip(rows["package"], rows["next_bed_type"], strict=True)
    ]
    rows = rows.assign(without=without)
    yield from at_rows(
        facts,
        "onward",
        rows[rows["without"] != ""],
        "people leave '{package}' for a '{next_bed_type}' bed at the same site, and {without} has none",
        column="next_package",
        now="add such beds there in site_beds, or keep people of '{package}' to other sites in eligibility",
    )


def _with_settings(facts: Facts) -> pd.DataFrame:
    packages = facts.table("packages").set_index("package")[["setting", "bed_type"]]
    rows = facts.table("onward").join(packages, on="package")
    return rows.join(packages.add_prefix("next_"), on="next_package")


def _sites_of_packages(facts: Facts) -> dict[str, set[str]]:
    """Sites where people may be in a package: to start, in the census, or because it follows on there."""
    sites: dict[str, set[str]] = defaultdict(set)
    for option in facts.eligible:
        if not option.at_home:
            open_somewhere = (option.position != NO_ROW).any(axis=(0, 1))
            sites[option.package] |= set(facts.axes.sites[open_somewhere]) & _sites_with_unit(
                facts, option.package
            )
    for row in facts.table("census").itertuples():
        if isinstance(row.site, str):
            sites[row.package].add(row.site)
    for _ in range(len(facts.table("onward"))):
        for row in _with_settings(facts).itertuples():
            if row.setting == row.next_setting == "bed":
                sites[row.next_package] |= sites[row.package]
    return sites


def _sites_with_unit(facts: Facts, package: str) -> set[str]:
    bed_type = facts.table("packages").set_index("package")["bed_type"][package]
    units = facts.table("site_beds")
    return set(units.loc[units["bed_type"] == bed_type, "site"])


RULES = (onward_in_a_ring, onward_shares_above_one, onward_from_home_to_bed, onward_bed_elsewhere)
