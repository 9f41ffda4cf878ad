"""People in care, recomputed from who started when; the tables `caseload` and `beds.people_in_care` against them."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import pandas as pd

from capplan.errors import Problem
from capplan.schema.tables.parts import SHORTEST_STAY_DAYS
from capplan.verify.differences import unequal
from capplan.verify.evidence import Evidence, once, once_an_instance
from capplan.verify.people.demand import population_shares
from capplan.verify.people.stays import Following, days_following, days_in_care, starts_following
from capplan.verify.schemes.variants import (
    NOTHING,
    Amount,
    Path,
    starts_by_option,
    variants_at_start,
    variants_before,
    variants_in_census,
)

What = tuple[float, float]
"""Days in care from one day of the stay to another, or STARTS."""
STARTS: What = (-1.0, -1.0)


@once
def person_days(
    evidence: Evidence,
    package: str,
    by: str,
    from_day: float = 0.0,
    to_day: float = inf,
    amount: Amount = NOTHING,
) -> pd.DataFrame:
    """Days in care of a package's people, within a window of their stay: rows `by` (site or locality), columns periods.

    Those who started before the plan are included, as `opening` says, and those for whom the package follows on.
    Each day counts `amount`, as the schemes had it when the person started.
    """
    what = from_day, (inf if pd.isna(to_day) else to_day)
    paths = [((package,), 1.0), *paths_to(evidence, package)]
    pieces = [share * _on_path(evidence, path, by, what, amount) for path, share in paths]
    return pd.concat(pieces).groupby(level=0).sum().rename_axis(index=by)


def starts_onward(evidence: Evidence, package: str, by: str) -> pd.DataFrame:
    """People who come to a package from another: rows `by` (site or locality), columns periods."""
    pieces = [starts_of(evidence, package, by) * 0.0]
    for path, share in paths_to(evidence, package):
        pieces.append(share * _on_path(evidence, path, by, STARTS, NOTHING))
    return pd.concat(pieces).groupby(level=0).sum().rename_axis(index=by)


def _on_path(evidence: Evidence, path: Path, by: str, what: What, amount: Amount) -> pd.DataFrame:
    """What the people who started a path of packages come to in the last of them, by site or locality."""
    starts = starts_by_option(evidence, path[0])
    pieces = [starts.groupby(level=by).sum() * 0.0]
    for variant in variants_at_start(evidence, path, amount):
        own = starts.where(variant.cells, 0.0).groupby(level=by).sum()
        each = _each(evidence, path, variant.stays, what).of_start
        pieces.append(pd.DataFrame(variant.amount * (own.to_numpy() @ each), own.index, own.columns))
    if evidence.instance.settings.opening == "steady":
        pieces += _from_before(evidence, starts, path, by, what, amount)
    if evidence.instance.settings.opening == "census":
        pieces += _of_census(evidence, path, by, what, amount)
    return pd.concat(pieces).groupby(level=0).sum()


def _from_before(
    evidence: Evidence, starts: pd.DataFrame, path: Path, by: str, what: What, amount: Amount
) -> Iterator[pd.DataFrame]:
    """What those come to who started before a steady opening, as many a day as in the first period."""
    a_day = starts.iloc[:, 0] / evidence.horizon.days[0]
    for variant in variants_before(evidence, path, amount):
        own = a_day.where(variant.cells, 0.0).groupby(level=by).sum()
        each = _each(evidence, path, variant.stays, what).of_steady
        yield pd.DataFrame(variant.amount * own.to_numpy()[:, None] * each, own.index, starts.columns)


def _of_census(evidence: Evidence, path: Path, by: str, what: What, amount: Amount) -> Iterator[pd.DataFrame]:
    """What the people come to who are in the first package of a path at the start."""
    census = people_at_opening(evidence)
    census = census[census["package"] == path[0]].reset_index(drop=True)
    for variant in variants_in_census(evidence, census[["locality", "site"]], path, amount):
        people = _where_they_go(evidence, census[variant.cells], path, by)
        each = _each(evidence, path, variant.stays, what).of_census
        there = variant.amount * people.to_numpy()[:, None] * each[None, :]
        yield pd.DataFrame(there, people.index, pd.Index(evidence.horizon.periods, name="period"))


def _where_they_go(evidence: Evidence, census: pd.DataFrame, path: Path, by: str) -> pd.Series:
    """People of the census by site, or by where they will be in the last package of a path."""
    at_home = _packages(evidence).loc[path[-1], "setting"] == "home"
    unsaid = (census["locality"] == "") & (by == "locality") & at_home
    people = census[~unsaid].groupby(by)["people"].sum()
    if unsaid.any():
        shares = _residence_shares(evidence, path[0]) * census.loc[unsaid, "people"].sum()
        people = people.add(shares, fill_value=0.0)
    return people


@once_an_instance
def _each(evidence: Evidence, path: Path, stays: tuple[float, ...], what: What) -> Following:
    """What one person comes to in the last package of a path, with these stays; variation in proportion."""
    rows = []
    for package, changed in zip(path, stays, strict=True):
        row, days = _packages(evidence).loc[package].copy(), max(changed, SHORTEST_STAY_DAYS)
        row["stay_sd_days"] *= days / row["stay_days"]
        row["stay_days"] = days
        rows.append(row)
    edges = evidence.horizon.edges
    if what == STARTS:
        return starts_following(rows, edges)
    if len(rows) > 1:
        return days_following(rows, edges, *what)
    own = days_in_care(rows[0], edges, *what)
    return Following(own.of_start, own.of_steady, own.of_steady / rows[0]["stay_days"])


@once
def paths_to(evidence: Evidence, package: str) -> list[tuple[Path, float]]:
    """Every way by `onward` to a package: the packages from the start to it, and the share of starts that come."""
    onward = evidence.instance.table("onward")
    onward = onward[onward["share"] > 0]
    paths: list[tuple[Path, float]] = [((package,), 1.0)]
    for path, share in paths:
        before = onward[(onward["next_package"] == path[0]) & ~onward["package"].isin(path)]
        shares = zip(before["package"], before["share"] * share, strict=True)
        paths.extend(((name, *path), part) for name, part in shares)
    return paths[1:]


def _packages(evidence: Evidence) -> pd.DataFrame:
    return evidence.instance.table("packages").set_index("package")


def starts_of(evidence: Evidence, package: str, by: str) -> pd.DataFrame:
    """People who start a package from a pathway: rows `by` (site or locality), columns periods."""
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
    """Where a package's people live: as the first period's referrals of the pathways it helps.

    Those that a package which leads to it helps count too.
    """
    eligibility = evidence.instance.table("eligibility")
    packages = {package, *(path[0] for path, _ in paths_to(evidence, package))}
    helped = set(eligibility.loc[eligibility["package"].isin(packages), "pathway"])
    first = evidence.referrals_without_schemes.iloc[:, 0]
    first = first[first.index.get_level_values("pathway").isin(helped)].groupby(level="locality").sum()
    return first / first.sum() if first.sum() > 0 else population_shares(evidence.instance)


def _nobody(evidence: Evidence, *keys: str) -> pd.DataFrame:
    return evidence.spread(pd.DataFrame(columns=[*keys, "period", "people"]), "people", *keys)


def caseload(evidence: Evidence) -> Iterator[Problem]:
    """The table `caseload` holds the mean number of people in care that the starts and the opening give."""
    reported = evidence.wide("caseload", "people_in_care", "locality", "package")
    expected = by_residence(evidence) / evidence.horizon.days
    yield from unequal(
        "caseload", "caseload", "people_in_care", reported, expected, scale=expected.abs().sum(axis=1)
    )


def people_in_beds(evidence: Evidence) -> Iterator[Problem]:
    """The table `beds` holds the mean number of people in beds that the starts and the opening give."""
    reported = evidence.wide("beds", "people_in_care", "site", "bed_type")
    expected = in_beds(evidence) / evidence.horizon.days
    yield from unequal(
        "beds", "people_in_beds", "people_in_care", reported, expected, scale=expected.sum(axis=1)
    )
