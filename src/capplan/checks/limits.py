"""Limits on sums that catch nothing or that no capacity can meet; dates of capacity, limits and targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.errors import Problem, Severity
from capplan.geography import names
from capplan.parameters.eligible_rows import chosen

AVAILABLE = ("site_beds", "staff", "shifts")
"""What can be had from one day to another."""


class Caught(NamedTuple):
    """What a limit catches: how many rows of which table, and the least and most that they can add up to."""

    table: str
    rows: int
    least: float
    most: float


def limit_bounds_cross(facts: Facts) -> Iterator[Problem]:
    """min is more than max."""
    rows = facts.table("limits")
    yield from at_rows(
        facts,
        "limits",
        rows[rows["min"] > rows["max"]],
        "min = {min} is more than max = {max}",
        column="min",
        now="swap or correct them",
    )


def limit_says_nothing(facts: Facts) -> Iterator[Problem]:
    """A limit has neither min nor max."""
    rows = facts.table("limits")
    yield from at_rows(
        facts,
        "limits",
        rows[rows["min"].isna() & rows["max"].isna()],
        "'{limit}' has neither min nor max",
        column="max",
        now="give one of them, or take the row out",
        severity=Severity.WARNING,
    )


def dates_backwards(facts: Facts) -> Iterator[Problem]:
    """`to` lies before `from` in a limit or target."""
    for table in ("limits", "targets"):
        rows = facts.table(table)
        yield from at_rows(
            facts,
            table,
            rows[rows["to"] < rows["from"]],
            "from {from:date} to {to:date}: the end lies before the beginning",
            column="to",
            now="swap or correct the dates",
        )


def never_holds(facts: Facts) -> Iterator[Problem]:
    """A limit or target holds in no period: its dates lie outside the plan or inside one period."""
    begins = pd.DatetimeIndex(facts.horizon.starts[:-1])
    first, last = facts.edges
    for table in ("limits", "targets"):
        rows = facts.table(table)
        earliest, latest = rows["from"].fillna(first), rows["to"].fillna(last)
        held = [((begins >= a) & (begins <= b)).any() for a, b in zip(earliest, latest, strict=True)]
        idle = rows[~np.array(held, dtype=bool) & (earliest <= latest).to_numpy()]
        yield from at_rows(
            facts,
            table,
            idle,
            f"no period of the plan ({wording.date(first)} to {wording.date(last)}) begins between its dates: it "
            f"never holds",
            column="from",
            now="correct the dates, or leave the row out",
            severity=Severity.WARNING,
        )


def available_window_backwards(facts: Facts) -> Iterator[Problem]:
    """available_to lies before available_from."""
    for table in AVAILABLE:
        rows = facts.table(table)
        yield from at_rows(
            facts,
            table,
            rows[rows["available_to"] < rows["available_from"]],
            "available from {available_from:date} to {available_to:date}: the end lies before the beginning",
            column="available_to",
            now="swap or correct the dates",
        )


def never_available(facts: Facts) -> Iterator[Problem]:
    """Something can be had only before or after the plan."""
    first, last = facts.edges
    for table in AVAILABLE:
        rows = facts.table(table)
        yield from at_rows(
            facts,
            table,
            rows[(rows["available_to"] < first) | (rows["available_from"] > last)],
            f"cannot be had during the plan ({wording.date(first)} to {wording.date(last)})",
            column="available_from",
            now="correct the dates, or leave the row out",
            severity=Severity.WARNING,
        )


def limit_filter_not_used(facts: Facts) -> Iterator[Problem]:
    """A limit on WTE or shifts filters by site or kind of site, which teams do not have."""
    rows = facts.table("limits")
    on_beds = rows["resource"].isin(facts.table("bed_types")["bed_type"])
    for column in ("site", "kind"):
        yield from at_rows(
            facts,
            "limits",
            rows[~on_beds & rows[column].notna()],
            f"'{{resource}}' is counted by team, and teams have no {column}",
            column=column,
            now=f"leave {column} empty; use locality, network or provider",
        )


def limit_catches_nothing(facts: Facts) -> Iterator[Problem]:
    """The filters of a limit leave no beds, team or crews; with a minimum it could not be met."""
    rows = facts.table("limits")
    for row, record in rows.to_dict("index").items():
        caught = _caught(facts, record)
        if caught.rows == 0:
            yield problem(
                "limits",
                f"its filters leave no rows of '{record['resource']}' in {caught.table}",
                row=int(row),
                column="resource",
                value=record["resource"],
                now="look at the filters: they must hold together",
                severity=Severity.ERROR if record["min"] > 0 else Severity.WARNING,
            )


def limit_out_of_range(facts: Facts) -> Iterator[Problem]:
    """A limit's minimum is above what the maxima allow, or its maximum below what the minima ask for."""
    rows = facts.table("limits")
    for row, record in rows.to_dict("index").items():
        caught = _caught(facts, record)
        if caught.rows and record["min"] > caught.most:
            yield problem(
                "limits",
                f"min = {wording.exact(record['min'])}, and the maxima in {caught.table} add up to "
                f"{wording.exact(caught.most)}",
                row=int(row),
                column="min",
                value=record["min"],
                now="raise the maxima (empty means today's number) or lower min",
            )
        if caught.rows and record["max"] < caught.least:
            yield problem(
                "limits",
                f"max = {wording.exact(record['max'])}, and the minima in {caught.table} add up to "
                f"{wording.exact(caught.least)}",
                row=int(row),
                column="max",
                value=record["max"],
                now="lower the minima or raise max",
            )


def _caught(facts: Facts, limit: dict[str, object]) -> Caught:
    if limit["resource"] in set(facts.table("bed_types")["bed_type"]):
        return _caught_beds(facts, limit)
    for table, key, stem in (("staff", "role", "wte"), ("shifts", "shift_type", "shifts")):
        teams = facts.table(table)
        mine = teams[teams[key] == limit["resource"]]
        if len(mine) or limit["resource"] in set(facts.table(f"{key}s")[key]):
            mine = mine[_teams(facts, mine, limit)]
            return Caught(table, len(mine), mine[f"{stem}_min"].sum(), mine[f"{stem}_max"].sum())
    return Caught("limits", 0, 0.0, 0.0)


def _caught_beds(facts: Facts, limit: dict[str, object]) -> Caught:
    units = facts.table("site_beds")
    units = units[units["bed_type"] == limit["resource"]]
    sites = facts.table("sites").set_index("site")
    left = sites[
        chosen(sites.index, limit["site"])
        & chosen(sites["kind"], limit["kind"])
        & chosen(sites["provider"], limit["provider"])
        & sites["locality"].isin(_residence(facts, limit))
    ]
    units = units[units["site"].isin(left.index)]
    most = np.fmin(units["beds_max"], units["site"].map(left["beds_max"]))
    return Caught("site_beds", len(units), units["beds_min"].sum(), most.sum())


def _teams(facts: Facts, teams: pd.DataFrame, limit: dict[str, object]) -> np.ndarray:
    area = _residence(facts, limit)
    near = np.array([bool(facts.areas[name] & area) for name in teams["locality"]], dtype=bool)
    left: np.ndarray = near & chosen(teams["provider"], limit["provider"])
    return left


def _residence(facts: Facts, limit: dict[str, object]) -> frozenset[str]:
    """The localities that a limit's locality and network leave."""
    area = facts.areas["all"]
    for column in ("locality", "network"):
        wanted = names(limit[column])
        if wanted:
            area &= frozenset().union(*(facts.areas[name] for name in wanted))
    return area


RULES = (
    limit_bounds_cross,
    limit_says_nothing,
    dates_backwards,
    never_holds,
    available_window_backwards,
    never_available,
    limit_filter_not_used,
    limit_catches_nothing,
    limit_out_of_range,
)
