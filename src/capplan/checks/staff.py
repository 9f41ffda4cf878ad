"""Teams: numbers that no plan could start from, missing prices, help between teams that are not there."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows
from capplan.errors import Problem, Severity

TEAM = ["locality", "role"]


def staff_price_missing(facts: Facts) -> Iterator[Problem]:
    """A team may have people in post and no price, so that they would cost nothing."""
    teams = facts.table("staff")
    paid = (teams["wte_max"] > 0) | (teams["wte"] > 0)
    yield from at_rows(
        facts,
        "staff",
        teams[paid & teams["wte_month_gbp"].isna()],
        "up to {wte_max} WTE of '{role}' may work in '{locality}' and have no price",
        column="wte_month_gbp",
        now="give wte_month_gbp or wte_year_gbp; 0 if they cost nothing",
    )


def staff_above_maximum(facts: Facts) -> Iterator[Problem]:
    """More WTE are in post today than wte_max allows."""
    teams = facts.table("staff")
    yield from at_rows(
        facts,
        "staff",
        teams[teams["wte"] > teams["wte_max"]],
        "{wte} WTE of '{role}' are in post in '{locality}', more than wte_max = {wte_max}",
        column="wte",
        now="raise wte_max to {wte} (the plan may still release them) or correct wte",
    )


def staff_below_minimum(facts: Facts) -> Iterator[Problem]:
    """Fewer WTE are in post than wte_min asks for; impossible where recruiting takes time, else news."""
    teams = facts.table("staff")
    roles = facts.table("roles").set_index("role")
    teams = teams.join(roles["recruitment_periods"], on="role")
    teams = teams.assign(today=teams["wte"].fillna(0.0))
    below = teams[(teams["today"] < teams["wte_min"]) & ~(teams["available_from"] > facts.edges[0])]
    # People already recruited may come in time: then only the periods before them are short, and the plan
    # will say so.
    expected = pd.MultiIndex.from_frame(below[TEAM]).isin(
        pd.MultiIndex.from_frame(facts.table("arrivals")[TEAM])
    )
    late = (below["recruitment_periods"] > 0) & ~expected
    yield from at_rows(
        facts,
        "staff",
        below[late],
        "wte_min = {wte_min}, but {today} WTE of '{role}' are in post in '{locality}' and none can "
        "start before {recruitment_periods} periods have passed",
        column="wte_min",
        now="lower wte_min, or set recruitment_periods of the role to 0",
    )
    yield from at_rows(
        facts,
        "staff",
        below[~late],
        "wte_min = {wte_min} is more than the {today} WTE of '{role}' in post in '{locality}'",
        column="wte_min",
        severity=Severity.INFO,
    )


def staff_bounds_cross(facts: Facts) -> Iterator[Problem]:
    """wte_min is more than wte_max."""
    teams = facts.table("staff")
    yield from at_rows(
        facts,
        "staff",
        teams[teams["wte_min"] > teams["wte_max"]],
        "wte_min = {wte_min} is more than wte_max = {wte_max} in '{locality}'",
        column="wte_min",
        now="raise wte_max (empty means today's number) or lower wte_min",
    )


def role_unused(facts: Facts) -> Iterator[Problem]:
    """Staff of a role that no package needs."""
    teams = facts.table("staff")
    hours = facts.table("package_hours")
    needed = hours.loc[(hours["hours_per_week"] > 0) | (hours["hours_per_start"] > 0), "role"]
    yield from at_rows(
        facts,
        "staff",
        teams[~teams["role"].isin(needed)],
        "no package needs '{role}': the team in '{locality}' would have nothing to do",
        column="role",
        now="add rows to package_hours, or take the team out",
        severity=Severity.WARNING,
    )


def arrival_without_team(facts: Facts) -> Iterator[Problem]:
    """Recruits arrive in a team that is not in staff."""
    rows = facts.table("arrivals")
    there = pd.MultiIndex.from_frame(rows[TEAM]).isin(pd.MultiIndex.from_frame(facts.table("staff")[TEAM]))
    yield from at_rows(
        facts,
        "arrivals",
        rows[~there],
        "{wte} WTE arrive in the '{role}' team of '{locality}', which is not in staff",
        column="locality",
        now="add the team to staff, or name the team as it is named there",
    )


def arrival_outside_plan(facts: Facts) -> Iterator[Problem]:
    """Recruits arrive before or after the plan, and would be lost."""
    rows = facts.table("arrivals")
    first, last = facts.edges
    yield from at_rows(
        facts,
        "arrivals",
        rows[(rows["month"] < first.replace(day=1)) | (rows["month"] > last)],
        f"{{wte}} WTE arrive in {{month:month}}, outside the plan ({wording.full_month(first)} to "
        f"{wording.full_month(last)})",
        column="month",
        now="count those who came before the start in staff, wte",
        severity=Severity.WARNING,
    )


def arrivals_above_maximum(facts: Facts) -> Iterator[Problem]:
    """With the recruits who arrive a team would have more WTE than wte_max."""
    arriving = facts.table("arrivals").groupby(TEAM)["wte"].sum().rename("arriving")
    teams = facts.table("staff").join(arriving, on=TEAM)
    total = teams["wte"].fillna(0.0) + teams["arriving"]
    yield from at_rows(
        facts,
        "staff",
        teams.assign(total=total)[(total > teams["wte_max"]) & (teams["wte"].fillna(0) <= teams["wte_max"])],
        "{arriving} WTE of '{role}' arrive in '{locality}', which makes {total}; wte_max is {wte_max}",
        column="wte_max",
        now="raise wte_max to {total}, unless people who leave are not to be replaced",
        severity=Severity.WARNING,
    )


def cross_cover_without_team(facts: Facts) -> Iterator[Problem]:
    """Help is to come from or go to a team that is not in staff or shifts."""
    rows = facts.table("cross_cover")
    teams = pd.concat(
        [
            facts.table("staff")[TEAM].set_axis(["area", "resource"], axis=1),
            facts.table("shifts")[["locality", "shift_type"]].set_axis(["area", "resource"], axis=1),
        ]
    )
    there = pd.MultiIndex.from_frame(teams)
    for column in ("from_locality", "to_locality"):
        is_there = pd.MultiIndex.from_frame(rows[[column, "resource"]]).isin(there)
        yield from at_rows(
            facts,
            "cross_cover",
            rows[~is_there],
            f"there is no '{{resource}}' team of '{{{column}}}' in staff or shifts",
            column=column,
            now="name the team as it is named there, or add it",
        )
    yield from at_rows(
        facts,
        "cross_cover",
        rows[rows["from_locality"] == rows["to_locality"]],
        "'{from_locality}' is to help itself",
        column="to_locality",
        now="name another team, or take the row out",
    )


RULES = (
    staff_price_missing,
    staff_above_maximum,
    staff_below_minimum,
    staff_bounds_cross,
    role_unused,
    arrival_without_team,
    arrival_outside_plan,
    arrivals_above_maximum,
    cross_cover_without_team,
)
