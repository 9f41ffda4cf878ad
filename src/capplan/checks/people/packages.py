"""Pathways, packages and eligibility: what the rows of these tables say together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.errors import Problem, Severity

WITH_SD = ("lognormal", "gamma")
NEEDS = (("package_hours", "role", "hours_per_week"), ("package_care", "shift_type", "care_hours_per_day"))


def bed_package_without_bed_type(facts: Facts) -> Iterator[Problem]:
    """A package in a bed names no bed type, or one at home names one."""
    packages = facts.table("packages")
    in_bed, named = packages["setting"] == "bed", packages["bed_type"].notna()
    yield from at_rows(
        facts,
        "packages",
        packages[in_bed & ~named],
        "'{package}' is given in a bed, and no bed_type says in which",
        column="bed_type",
        now="name a bed type, or make the setting home",
    )
    yield from at_rows(
        facts,
        "packages",
        packages[~in_bed & named],
        "'{package}' is given at home, and bed_type says '{bed_type}'",
        column="bed_type",
        now="leave bed_type empty, or make the setting bed",
    )


def stay_deviation(facts: Facts) -> Iterator[Problem]:
    """Lognormal and gamma stays need a standard deviation; the others have no use for one."""
    packages = facts.table("packages")
    wants = packages["stay_distribution"].isin(WITH_SD)
    yield from at_rows(
        facts,
        "packages",
        packages[wants & ~(packages["stay_sd_days"] > 0)],
        "stays of '{package}' are {stay_distribution}, and stay_sd_days does not say how much they vary",
        column="stay_sd_days",
        now="give the standard deviation in days (above 0), or take exponential or fixed",
    )
    yield from at_rows(
        facts,
        "packages",
        packages[~wants & packages["stay_sd_days"].notna()],
        "stay_sd_days of '{package}' is not used: its stays are {stay_distribution}",
        column="stay_sd_days",
        now="say stay_distribution = lognormal or gamma, or leave stay_sd_days empty",
        severity=Severity.WARNING,
    )


def day_window_backwards(facts: Facts) -> Iterator[Problem]:
    """A need of a package ends before, or on the day that, it begins."""
    for table, _, _ in NEEDS:
        rows = facts.table(table)
        yield from at_rows(
            facts,
            table,
            rows[rows["to_day"] <= rows["from_day"]],
            "to_day = {to_day} is not after from_day = {from_day}",
            column="to_day",
            now="to_day is the day at which the row ends: days 0 to 7 are the first week",
        )


def day_windows_overlap(facts: Facts) -> Iterator[Problem]:
    """Two rows of a package and resource hold on the same days of the stay."""
    for table, resource, amount in NEEDS:
        rows = facts.table(table)
        rows = rows[rows[amount] > 0].sort_values("from_day", kind="stable")
        # The latest end of all earlier rows, not only of the one before: a long row may enclose several.
        ends = rows["to_day"].fillna(np.inf).groupby([rows["package"], rows[resource]])
        before = ends.transform(lambda group: group.cummax().shift(fill_value=-np.inf))
        yield from at_rows(
            facts,
            table,
            rows.assign(before=before)[rows["from_day"] < before],
            f"'{{package}}' needs '{{{resource}}}' from day {{from_day}}, and an earlier row still holds "
            f"then",
            column="from_day",
            now="let each row end (to_day) where the next begins (from_day)",
        )


def need_after_the_exit(facts: Facts) -> Iterator[Problem]:
    """A need begins when a fixed stay is over."""
    packages = facts.table("packages").set_index("package")
    for table, _, amount in NEEDS:
        rows = facts.table(table).join(packages[["stay_days", "stay_distribution"]], on="package")
        late = (rows["stay_distribution"] == "fixed") & (rows["from_day"] >= rows["stay_days"])
        yield from at_rows(
            facts,
            table,
            rows[late & (rows[amount] > 0)],
            "begins on day {from_day}; every stay of '{package}' ends on day {stay_days}",
            column="from_day",
            now="correct from_day, or stay_days of the package",
            severity=Severity.WARNING,
        )


def need_of_nothing(facts: Facts) -> Iterator[Problem]:
    """A row asks for no hours at all."""
    rows = facts.table("package_hours")
    yield from at_rows(
        facts,
        "package_hours",
        rows[(rows["hours_per_week"] == 0) & (rows["hours_per_start"] == 0)],
        "asks for no hours of '{role}'",
        column="hours_per_week",
        now="give hours_per_week or hours_per_start, or take the row out",
        severity=Severity.WARNING,
    )


def pathway_without_package(facts: Facts) -> Iterator[Problem]:
    """A pathway has no row in eligibility: nobody on it could ever start."""
    pathways = facts.table("pathways")
    yield from at_rows(
        facts,
        "pathways",
        pathways[~pathways["pathway"].isin(facts.table("eligibility")["pathway"])],
        "no package helps people on '{pathway}'",
        column="pathway",
        now="add a row to eligibility",
    )


def package_unused(facts: Facts) -> Iterator[Problem]:
    """A package helps no pathway and follows no other package."""
    packages = facts.table("packages")
    used = {*facts.table("eligibility")["package"], *facts.table("onward")["next_package"]}
    yield from at_rows(
        facts,
        "packages",
        packages[~packages["package"].isin(used)],
        "'{package}' helps no pathway",
        column="package",
        now="add a row to eligibility or onward, or take the package out",
        severity=Severity.WARNING,
    )


def eligibility_tie(facts: Facts) -> Iterator[Problem]:
    """Two rows with equally many filters hold for the same people: neither is the more special one."""
    rows = facts.table("eligibility")
    for option in facts.eligible:
        if option.tie is not None:
            first, second = (int(rows.index[position]) for position in sorted(option.tie))
            yield problem(
                "eligibility",
                f"holds for some of the same people as row {first}: both say '{option.package}' for "
                f"'{option.pathway}', with equally many filters",
                row=second,
                column="package",
                value=option.package,
                now="let their filters exclude each other, or give one of them a filter more",
            )


def site_filter_catches_nothing(facts: Facts) -> Iterator[Problem]:
    """Eligibility names a site for a package at home, or a site that has no such beds."""
    rows = facts.table("eligibility").join(
        facts.table("packages").set_index("package")[["setting", "bed_type"]], on="package"
    )
    rows = rows[rows["site"].notna()]
    yield from at_rows(
        facts,
        "eligibility",
        rows[rows["setting"] == "home"],
        "'{package}' is given at home, so that a row for the site '{site}' never holds",
        column="site",
        now="leave site empty; filter by locality",
    )
    units = set(pd.MultiIndex.from_frame(facts.table("site_beds")[["site", "bed_type"]]))
    rows = rows[rows["setting"] == "bed"]
    without = [
        ", ".join(site for site in str(cell).split(";") if (site, bed_type) not in units)
        for cell, bed_type in zip(rows["site"], rows["bed_type"], strict=True)
    ]
    rows = rows.assign(without=without)
    yield from at_rows(
        facts,
        "eligibility",
        rows[rows["without"] != ""],
        "'{package}' needs a '{bed_type}' bed, which {without} does not have",
        column="site",
        now="name a site that has such beds in site_beds, or add them there",
        severity=Severity.WARNING,
    )


def waiting_is_free(facts: Facts) -> Iterator[Problem]:
    """A day's wait costs nothing and has no limit, although people who never start cost something."""
    pathways = facts.table("pathways")
    free = (pathways["delay_day_gbp"] == 0) & pathways["wait_days_max"].isna() & (pathways["unmet_gbp"] > 0)
    yield from at_rows(
        facts,
        "pathways",
        pathways[free],
        "waiting costs nothing on '{pathway}' and has no limit: the plan may let people wait to the end",
        column="delay_day_gbp",
        now="give delay_day_gbp or wait_days_max",
        severity=Severity.INFO,
    )


def last_wait_is_free(facts: Facts) -> Iterator[Problem]:
    """Everybody must start, and those still waiting at the end of the plan cost nothing."""
    pathways = facts.table("pathways")
    must_start, may_wait = np.isinf(pathways["unmet_gbp"]), ~np.isinf(pathways["delay_day_gbp"])
    yield from at_rows(
        facts,
        "pathways",
        pathways[must_start & may_wait & pathways["wait_days_max"].isna()],
        "people on '{pathway}' who still wait when the plan ends cost nothing (unmet_gbp is never): the "
        "plan may leave its last people waiting",
        column="wait_days_max",
        now="give wait_days_max: those people then cost delay_day_gbp for so many days",
        severity=Severity.WARNING,
    )


def longest_wait_of_nobody(facts: Facts) -> Iterator[Problem]:
    """A longest wait for people who may not wait."""
    pathways = facts.table("pathways")
    yield from at_rows(
        facts,
        "pathways",
        pathways[np.isinf(pathways["delay_day_gbp"]) & pathways["wait_days_max"].notna()],
        "delay_day_gbp is never, so that wait_days_max = {wait_days_max} says nothing more",
        column="wait_days_max",
        severity=Severity.INFO,
    )


RULES = (
    bed_package_without_bed_type,
    stay_deviation,
    day_window_backwards,
    day_windows_overlap,
    need_after_the_exit,
    need_of_nothing,
    pathway_without_package,
    package_unused,
    eligibility_tie,
    site_filter_catches_nothing,
    waiting_is_free,
    last_wait_is_free,
    longest_wait_of_nobody,
)
