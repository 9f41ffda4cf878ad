"""People in care, recomputed from who started when; the tables `caseload` and `beds.people_in_care` against them."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import pandas as pd

from capplan.errors import Problem
from capplan.verify.demand import population_shares
from capplan.verify.differences import unequal
from capplan.verify.evidence import Evidence, once
from capplan.verify.stays import days_in_care


@once
def person_days(
    evidence: Evidence, package: str, by: str, from_day: float = 0.0, to_day: float = inf
) -> pd.DataFrame:
    """Days in care of a package's people, within a window of their stay: rows `by` (site or locality), columns periods.

    Those who started before the plan are included, as `opening` says.
    """
    row = evidence.instance.table("packages").set_index("package").loc[package]
    to_day = inf if pd.isna(to_day) else to_day
    days = days_in_care(row, evidence.horizon.edges, from_day, to_day)
    starts = starts_of(evidence, package, by)
    total = starts.to_numpy() @ days.of_start
    if evidence.instance.settings.opening == "steady":
        total += (starts.iloc[:, :1].to_numpy() / evidence.horizon.days[0]) * days.of_steady
    result = pd.DataFrame(total, index=starts.index, columns=starts.columns)
    if evidence.instance.settings.opening == "census":
        census = people_at_opening(evidence)
        found = census[census["package"] == package].groupby(by)["people"].sum()
        each = pd.DataFrame([days.of_steady / row["stay_days"]], columns=starts.columns)
        here = pd.DataFrame(found.to_numpy()[:, None] * each.to_numpy(), found.index, starts.columns)
        result = result.add(here, fill_value=0.0)
    return result.rename_axis(index=by)


def starts_of(evidence: Evidence, package: str, by: str) -> pd.DataFrame:
    """People who start a package: rows `by` (site or locality), columns periods."""
    starts = _starts(evidence, by)
    return starts[starts.index.get_level_values("package") == package].droplevel("package")


@once
def _starts(evidence: Evidence, by: str) -> pd.DataFrame:
    return evidence.wide("starts", "people", "package", by)


@once
def in_beds(evidence: Evidence) -> pd.DataFrame:
    """Person-days in beds: rows (site, bed_type), columns periods."""
    packages = evidence.instance.table("packages")
    beds = packages[packages["setting"] == "bed"]
    pieces = {
        (row.package, row.bed_type): person_days(evidence, row.package, "site")
        for row in beds.itertuples(index=False)
    }
    if not pieces:
        return _nobody(evidence, "site", "bed_type")
    stacked = pd.concat(pieces, names=["package", "bed_type", "site"])
    return stacked.groupby(level=["site", "bed_type"]).sum()


def by_residence(evidence: Evidence) -> pd.DataFrame:
    """Person-days in care: rows (locality, package), columns periods; locality empty where a home is unknown."""
    packages = evidence.instance.table("packages")["package"]
    pieces = {package: person_days(evidence, package, "locality") for package in packages}
    return pd.concat(pieces, names=["package", "locality"]).swaplevel()


@once
def people_at_opening(evidence: Evidence) -> pd.DataFrame:
    """The census: people by (locality, site, package), those at home shared out where no locality is given."""
    census = evidence.instance.table("census")
    census = census.assign(**{c: census[c].astype(object).fillna("") for c in ("locality", "site")})
    census = census[["locality", "site", "package", "people"]]
    unsaid = (census["locality"] == "") & (census["site"] == "")
    pieces = [census[~unsaid]]
    for row in census[unsaid].itertuples(index=False):
        shares = _residence_shares(evidence, row.package)
        people = shares.rename("people").rename_axis("locality").reset_index()
        people["people"] *= row.people
        pieces.append(people.assign(site="", package=row.package))
    return pd.concat(pieces)


def _residence_shares(evidence: Evidence, package: str) -> pd.Series:
    """Where a package's people live: as the first period's referrals of the pathways that it helps."""
    eligibility = evidence.instance.table("eligibility")
    helped = set(eligibility.loc[eligibility["package"] == package, "pathway"])
    first = evidence.referrals.iloc[:, 0]
    first = first[first.index.get_level_values("pathway").isin(helped)].groupby(level="locality").sum()
    return first / first.sum() if first.sum() > 0 else population_shares(evidence.instance)


def _nobody(evidence: Evidence, *keys: str) -> pd.DataFrame:
    return evidence.spread(pd.DataFrame(columns=[*keys, "period", "people"]), "people", *keys)


def caseload(evidence: Evidence) -> Iterator[Problem]:
    """The table `caseload` holds the mean number of people in care that the starts and the opening give."""
    found = evidence.wide("caseload", "people_in_care", "locality", "package")
    expected = by_residence(evidence) / evidence.horizon.days
    yield from unequal(
        "caseload", "caseload", "people_in_care", found, expected, scale=expected.abs().sum(axis=1)
    )


def people_in_beds(evidence: Evidence) -> Iterator[Problem]:
    """The table `beds` holds the mean number of people in beds that the starts and the opening give."""
    found = evidence.wide("beds", "people_in_care", "site", "bed_type")
    expected = in_beds(evidence) / evidence.horizon.days
    yield from unequal(
        "beds", "people_in_beds", "people_in_care", found, expected, scale=expected.sum(axis=1)
    )
