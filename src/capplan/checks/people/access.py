"""People who could never start, because nothing reaches them or nobody serves what does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import first_few, problem
from capplan.errors import Problem, Severity
from capplan.parameters.eligible_rows import NO_ROW, EligiblePackage


def people_whom_no_package_reaches(facts: Facts) -> Iterator[Problem]:
    """People are referred and no eligible package can be had where they may go."""
    for row, pathway in facts.table("pathways")["pathway"].items():
        stranded = _referred(facts, pathway) & (_share_that_may_start(facts, pathway, staffed=False) == 0)
        if stranded.any() and _options(facts, pathway):
            yield _about_people(
                facts, int(row), stranded, "no package reaches people", _obstacle(facts, pathway, stranded)
            )


def people_whom_nobody_serves(facts: Facts) -> Iterator[Problem]:
    """Packages reach people, and no team, crew or agency can give the hours that any of them needs."""
    for row, pathway in facts.table("pathways")["pathway"].items():
        reached = _share_that_may_start(facts, pathway, staffed=False) > 0
        served = _share_that_may_start(facts, pathway, staffed=True) > 0
        stranded = _referred(facts, pathway) & reached & ~served
        if stranded.any():
            lacking = sorted(
                {
                    r
                    for option in _options(facts, pathway)
                    for r in _needs(facts, option.package)
                    if _lacks(facts, r)
                }
            )
            yield _about_people(
                facts,
                int(row),
                stranded,
                "nobody can serve people",
                f"no team, crew or agency gives {first_few(lacking)} there",
            )


def shares_leave_people_out(facts: Facts) -> Iterator[Problem]:
    """Everybody must start, and the packages together suit less than all of them (share_max)."""
    must_start = facts.table("pathways")
    for row, pathway in must_start.loc[np.isinf(must_start["unmet_gbp"]), "pathway"].items():
        share = _share_that_may_start(facts, pathway, staffed=False)
        short = _referred(facts, pathway) & (share > 0) & (share < 1 - 1e-9)
        if short.any():
            least = share[short].min()
            yield problem(
                "pathways",
                f"everybody on '{pathway}' must start, and the packages that reach {_places(facts, short)} "
                f"suit at most {wording.share(least)} of them (share_max)",
                row=int(row),
                column="unmet_gbp",
                value=np.inf,
                now="raise share_max in eligibility, add a package, or give unmet_gbp a price",
            )


def package_nobody_can_give(facts: Facts) -> Iterator[Problem]:
    """A package needs a role or shift type that no team gives where the package could be used."""
    for table, resource, _ in _NEEDS:
        rows = facts.table(table).drop_duplicates(["package", resource])
        for row, package, needed in rows[["package", resource]].itertuples():
            if needed not in _needs(facts, package):
                continue
            used = _used_in(facts, package)
            lacking = used - _served(facts, needed)
            if lacking:
                nowhere = lacking == used
                where = "anywhere" if nowhere else f"in {first_few(sorted(lacking))}"
                yield problem(
                    table,
                    f"'{package}' needs '{needed}', and nobody gives it {where}",
                    row=int(row),
                    column=resource,
                    value=needed,
                    now="add a team with posts, agency or spot care, if the package is meant to be used "
                    "there",
                    severity=Severity.WARNING if nowhere else Severity.INFO,
                )


_NEEDS = (
    ("package_hours", "role", ["hours_per_week", "hours_per_start"]),
    ("package_care", "shift_type", ["care_hours_per_day"]),
)


def _options(facts: Facts, pathway: str) -> list[EligiblePackage]:
    return [option for option in facts.eligible if option.pathway == pathway]


def _referred(facts: Facts, pathway: str) -> np.ndarray:
    """Where people are referred from during the plan: array (locality, hospital)."""
    referred: np.ndarray = facts.people(pathway).sum(axis=2) > 0
    return referred


def _share_that_may_start(facts: Facts, pathway: str, *, staffed: bool) -> np.ndarray:
    """Largest share of the people that all packages together suit, array (locality, hospital), at most 1."""
    share = np.zeros((len(facts.axes.localities), len(facts.axes.hospitals)))
    for option in _options(facts, pathway):
        possible = facts.open_to(option)
        if staffed:
            possible = possible & _staffed(facts, option)
        share += (facts.of_row("share_max", option) * possible).max(axis=2, initial=0.0)
    return np.minimum(share, 1.0)


def _staffed(facts: Facts, option: EligiblePackage) -> np.ndarray:
    """Where somebody gives every hour the package needs: broadcasts over (locality, hospital, site)."""
    everywhere = facts.areas["all"]
    served = everywhere.intersection(*(_served(facts, name) for name in _needs(facts, option.package)))
    if option.at_home:
        return np.asarray(facts.axes.localities.isin(list(served)))[:, None, None]
    by_site: np.ndarray = facts.table("sites")["locality"].isin(served).to_numpy()
    return by_site[None, None, :]


def _needs(facts: Facts, package: str) -> list[str]:
    """Roles and shift types of which the package needs any hours."""
    return facts.worked_out(("needs", package), lambda: _needs_now(facts, package))


def _needs_now(facts: Facts, package: str) -> list[str]:
    needed: list[str] = []
    for table, resource, amounts in _NEEDS:
        rows = facts.table(table)
        rows = rows[(rows["package"] == package) & (rows[amounts] > 0).any(axis=1)]
        needed += rows[resource].unique().tolist()
    return needed


def _served(facts: Facts, resource: str) -> frozenset[str]:
    """Localities where some team, crew, agency or helper can give hours of a role or shift type."""
    return facts.worked_out(("served", resource), lambda: _served_now(facts, resource))


def _served_now(facts: Facts, resource: str) -> frozenset[str]:
    staff, crews = facts.table("staff"), facts.table("shifts")
    staff_able = (staff["wte"] > 0) | (staff["wte_max"] > 0) | staff["agency_hour_gbp"].notna()
    crews_able = (crews["shifts_max"] > 0) | (crews["shifts"] > 0) | crews["spot_care_hour_gbp"].notna()
    arrivals, helped = facts.table("arrivals"), facts.table("cross_cover")
    areas = pd.concat(
        [
            staff.loc[staff_able & (staff["role"] == resource), "locality"],
            crews.loc[crews_able & (crews["shift_type"] == resource), "locality"],
            arrivals.loc[arrivals["role"] == resource, "locality"],
            helped.loc[helped["resource"] == resource, "to_locality"],
        ]
    )
    return frozenset().union(*(facts.areas[name] for name in areas.unique()))


def _lacks(facts: Facts, resource: str) -> bool:
    return _served(facts, resource) != facts.areas["all"]


def _used_in(facts: Facts, package: str) -> frozenset[str]:
    """Localities whose staff would serve the package: where its people live, or where its beds are."""
    used: set[str] = set()
    for option in facts.eligible:
        if option.package == package:
            possible = facts.open_to(option) & _referred(facts, option.pathway)[:, :, None]
            if option.at_home:
                used |= set(facts.axes.localities[possible.any(axis=(1, 2))])
            else:
                used |= set(facts.table("sites")["locality"][possible.any(axis=(0, 1))])
    return frozenset(used)


def _obstacle(facts: Facts, pathway: str, stranded: np.ndarray) -> str:
    """Why nothing reaches them."""
    eligible = [o for o in _options(facts, pathway) if (o.position != NO_ROW)[stranded].any()]
    if not eligible:
        return "no row of eligibility holds for them"
    with_beds = [o for o in eligible if not o.at_home and facts.sites_with(o.package).any()]
    if not with_beds:
        return f"no site can have the beds of {first_few([o.package for o in eligible])}"
    return "every site with such beds is further than travel_minutes_max, or the journey is not known"


def _about_people(facts: Facts, row: int, stranded: np.ndarray, what: str, why: str) -> Problem:
    pathway = facts.table("pathways").loc[row]
    people = facts.people(pathway["pathway"]).sum(axis=2)[stranded].sum()
    must_start = bool(np.isinf(pathway["unmet_gbp"]))
    result = "they must start (unmet_gbp is never)" if must_start else "they will never start"
    return problem(
        "pathways",
        f"{what} on '{pathway['pathway']}' from {_places(facts, stranded)} ({wording.number(people)} during the plan): "
        f"{why}; {result}",
        row=row,
        column="pathway",
        value=pathway["pathway"],
        now="mend that, take these referrals out, or give unmet_gbp a price" if must_start else "mend that",
        severity=Severity.ERROR if must_start else Severity.WARNING,
    )


def _places(facts: Facts, who: np.ndarray) -> str:
    return first_few(list(facts.axes.localities[who.any(axis=1)]))


RULES = (
    people_whom_no_package_reaches,
    people_whom_nobody_serves,
    shares_leave_people_out,
    package_nobody_can_give,
)
