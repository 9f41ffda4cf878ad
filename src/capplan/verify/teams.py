"""What staff and shifts have in common: whom a team serves, what its people need, who helps whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.verify.differences import TOLERANCE, above, not_zero, same_or_empty, unequal
from capplan.verify.evidence import Evidence, once
from capplan.verify.people.care import person_days, starts_of, starts_onward
from capplan.wording import precise


@dataclass(frozen=True)
class Teams:
    """The teams of the table `staff` (of a `role`) or `shifts` (of a `shift_type`).

    `hours` begins the names of the columns of hours in the results: `hours` or `care_hours`; `bought` is the
    column of hours bought from outside.
    """

    instance: Instance
    table: str
    resource: str
    hours: str
    bought: str

    @cached_property
    def areas(self) -> dict[tuple[str, str], frozenset[str]]:
        """The localities of each team, by (team, resource)."""
        rows = self.instance.table(self.table)
        pairs = rows[["locality", self.resource]].itertuples(index=False, name=None)
        return {(team, resource): self.area(team) for team, resource in pairs}

    @property
    def keys(self) -> list[str]:
        """The columns that name a team in the results."""
        return ["locality", self.resource]

    def serving(self, locality: str, resource: str) -> str:
        """The team with the fewest localities that has this one; where there is none, the locality's own name."""
        network = self._localities["network"].get(locality)
        return next((team for team in (locality, network, "all") if (team, resource) in self.areas), locality)

    def travel_share(self, team: str) -> float:
        """Share of a team's time on the road between homes: the mean over its localities by population."""
        return self._travel_shares[team]

    @cached_property
    def _travel_shares(self) -> dict[str, float]:
        names = {*self._localities.index, *(team for team, _ in self.areas)}
        return {name: self._mean_travel(self._localities.loc[sorted(self.area(name))]) for name in names}

    @staticmethod
    def _mean_travel(inside: pd.DataFrame) -> float:
        weights = inside["population_65_plus"].fillna(0.0)
        weights = weights if weights.sum() > 0 else weights + 1
        return float((inside["home_travel_share"] * weights).sum() / weights.sum())

    @cached_property
    def help(self) -> dict[tuple[str, str, str], float]:
        """Who may help whom, (resource, from, to), and the share of the hours that is lost on the road."""
        within_area = {
            (resource, wide, narrow): 0.0
            for wide, resource in self.areas
            for narrow, same in self.areas
            if same == resource and self.areas[narrow, same] < self.areas[wide, resource]
        }
        rows = self.instance.table("cross_cover")
        rows = rows[rows["resource"].isin({resource for _, resource in self.areas})]
        own = zip(rows["resource"], rows["from_locality"], rows["to_locality"], strict=True)
        return within_area | dict(zip(own, rows["travel_share"], strict=True))

    @cached_property
    def _localities(self) -> pd.DataFrame:
        return self.instance.table("localities").set_index("locality")

    def area(self, team: str) -> frozenset[str]:
        """The localities of a locality, a network or `all`."""
        if team in self._localities.index:
            return frozenset({team})
        inside = self._localities if team == "all" else self._localities.query("network == @team")
        return frozenset(inside.index)


@once
def staff_teams(evidence: Evidence) -> Teams:
    """The teams of the table `staff`."""
    return Teams(evidence.instance, "staff", "role", "hours", "agency_hours")


@once
def crews(evidence: Evidence) -> Teams:
    """The crews of the table `shifts`."""
    return Teams(evidence.instance, "shifts", "shift_type", "care_hours", "spot_care_hours")


def hours_needed(evidence: Evidence, teams: Teams, needs: pd.DataFrame) -> pd.DataFrame:
    """Hours that people in care need of each team, its travel not counted: rows (locality, resource) of the team.

    `needs` has one row per package, resource and window (from_day, to_day) of the stay: the `amount` that the
    instance states and the `effect` by which schemes change it, how many hours `per_day` in care one of it is, and
    hours `per_start`.
    """
    is_bed = evidence.instance.table("packages").set_index("package")["setting"] == "bed"
    pieces = []
    for need in needs.to_dict("records"):
        package, resource = need["package"], need[teams.resource]
        by = "site" if is_bed[package] else "locality"
        amount = need["effect"], float(need["amount"]), resource
        days = person_days(evidence, package, by, need["from_day"], need["to_day"], amount)
        started = starts_of(evidence, package, by).add(starts_onward(evidence, package, by), fill_value=0.0)
        at_start = started * need["per_start"]
        hours = (days * need["per_day"]).add(at_start, fill_value=0.0)
        pieces.append(_by_team(evidence.instance, teams, resource, hours))
    if not pieces:
        return evidence.wide(teams.table, f"{teams.hours}_needed", *teams.keys) * 0
    return pd.concat(pieces).groupby(level=teams.keys).sum()


def _by_team(instance: Instance, teams: Teams, resource: str, hours: pd.DataFrame) -> pd.DataFrame:
    """Hours by site or by locality of residence as hours of the teams that serve them."""
    if hours.index.name == "site":
        where = hours.index.map(instance.table("sites").set_index("site")["locality"])
    else:
        where = hours.index
        on_the_road = instance.table("localities").set_index("locality")["home_travel_share"].reindex(where)
        hours = hours.div(1 - on_the_road.fillna(0.0).to_numpy(), axis=0)
    serving = [teams.serving(locality, resource) for locality in where]
    contact = np.array([1 - teams.travel_share(team) for team in serving])
    index = pd.MultiIndex.from_arrays([serving, [resource] * len(serving)], names=teams.keys)
    return hours.mul(contact, axis=0).set_axis(index)


def check_hours(evidence: Evidence, teams: Teams, needs: pd.DataFrame) -> Iterator[Problem]:
    """The hours needed are those of the people in care."""
    reported = evidence.wide(teams.table, f"{teams.hours}_needed", *teams.keys)
    expected = hours_needed(evidence, teams, needs)
    column, scale = f"{teams.hours}_needed", expected.sum(axis=1)
    yield from unequal(teams.table, column, column, reported, expected, scale)


def check_capacity(evidence: Evidence, teams: Teams, rule: str) -> Iterator[Problem]:
    """The hours needed are at most those available, bought and received, less those given."""
    needed, available, bought, received, given = (
        evidence.wide(teams.table, column, *teams.keys)
        for column in (
            f"{teams.hours}_needed",
            f"{teams.hours}_available",
            teams.bought,
            f"{teams.hours}_received",
            f"{teams.hours}_given",
        )
    )
    most = available + bought + received - given
    scale = np.maximum(available.abs(), received.abs()).sum(axis=1)
    yield from above(teams.table, rule, f"{teams.hours}_needed", needed, most, scale)
    yield from not_zero(teams.table, rule, teams.bought, bought, bought.to_numpy() < 0)


def check_utilisation(evidence: Evidence, teams: Teams) -> Iterator[Problem]:
    """Utilisation is the hours needed and given over all hours had."""
    table = evidence.tables[teams.table].set_index([*teams.keys, "period"])
    had = table[f"{teams.hours}_available"] + table[teams.bought] + table[f"{teams.hours}_received"]
    used = table[f"{teams.hours}_needed"] + table[f"{teams.hours}_given"]
    expected = (used / had).where(had > 0)
    yield from same_or_empty(
        teams.table, "utilisation", "utilisation", table["utilisation"], expected, share=TOLERANCE
    )


def check_help(evidence: Evidence, teams: Teams) -> Iterator[Problem]:
    """Hours given and received are those of `cross_cover`, go where they may, and are the giver's own."""
    arcs = _arcs(evidence, teams)
    to = arcs.assign(hours_received=arcs["hours_given"] * (1 - arcs["travel_share"]))
    for end, column, hours in (("from_locality", "given", arcs), ("to_locality", "received", to)):
        renamed = hours.rename(columns={end: "locality", "resource": teams.resource})
        expected = evidence.spread(renamed, f"hours_{column}", *teams.keys)
        reported = evidence.wide(teams.table, f"{teams.hours}_{column}", *teams.keys)
        rule = f"{teams.hours}_{column}"
        yield from unequal(teams.table, rule, f"{teams.hours}_{column}", reported, expected)
    given, available = (
        evidence.wide(teams.table, f"{teams.hours}_{c}", *teams.keys) for c in ("given", "available")
    )
    yield from above(teams.table, "cross_cover_limit", f"{teams.hours}_given", given, available)
    for arc in arcs[arcs["hours_given"] < 0].itertuples(index=False):
        where = f"{arc.resource}, {arc.from_locality} to {arc.to_locality}, {arc.period}"
        yield Problem("cross_cover", "hours_negative", f"{where}: hours_given is {precise(arc.hours_given)}")


def cross_cover_allowed(evidence: Evidence) -> Iterator[Problem]:
    """Hours are given only where `cross_cover` allows it, or by a wider team to one inside its area."""
    allowed = staff_teams(evidence).help | crews(evidence).help
    keys = ["resource", "from_locality", "to_locality"]
    for arc in evidence.tables["cross_cover"][keys].drop_duplicates().itertuples(index=False, name=None):
        if arc not in allowed:
            message = f"{arc[0]}: {arc[1]} may not help {arc[2]}"
            yield Problem("cross_cover", "cross_cover_allowed", message)


def _arcs(evidence: Evidence, teams: Teams) -> pd.DataFrame:
    """The rows of the result table `cross_cover` that concern these teams, with the travel share of each."""
    rows = evidence.tables["cross_cover"]
    rows = rows[rows["resource"].isin({resource for _, resource in teams.areas})]
    arcs = zip(rows["resource"], rows["from_locality"], rows["to_locality"], strict=True)
    return rows.assign(travel_share=[teams.help.get(arc, 0.0) for arc in arcs])
