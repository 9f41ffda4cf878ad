"""Who is in care and who waits when the plan starts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.found import at_rows, found
from capplan.errors import Problem, Severity


def census_and_opening(facts: Facts) -> Iterator[Problem]:
    """`opening = census` needs a census, and a census needs that opening."""
    rows, opening = facts.table("census"), facts.settings.opening
    if opening == "census" and rows.empty:
        yield found(
            "instance",
            "opening is census, and the table census has no rows",
            column="opening",
            value=opening,
            now="fill in census, or say opening = steady (or empty, if nobody is in care at the start)",
        )
    if opening != "census" and len(rows):
        yield found(
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
    known = pd.MultiIndex.from_frame(rows[["site", "bed_type"]]).isin(units)
    yield from at_rows(
        facts,
        "census",
        rows[in_bed & has_site & ~known],
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


RULES = (census_and_opening, census_site, census_above_beds)
