"""Which team serves whom, and which team may help which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from capplan.geography import localities_of
from capplan.horizon import Horizon
from capplan.instance import Instance, Row, records, text


@dataclass(frozen=True)
class Team:
    """A row of `staff` or `shifts`: one role or shift type for one area; without a row, nobody is there.

    `available` is the share of each period in which it may be there.
    """

    locality: str
    resource: str
    provider: str
    row: Row
    available: np.ndarray
    travel_share: float


@dataclass(frozen=True)
class Help:
    """One team may give hours of a resource to another; `travel_share` of them is lost on the road."""

    resource: str
    giver: str
    receiver: str
    travel_share: float


@dataclass(frozen=True)
class Teams:
    """The teams of one table, `staff` or `shifts`: areas by (team, resource).

    A team is called what its row calls it: a locality, a network or `all`. Where a locality has no team for a
    resource, the locality's own name stands for an empty one.
    """

    areas: Mapping[tuple[str, str], frozenset[str]]
    own_help: tuple[Help, ...]
    travel_share: Mapping[str, float]
    population: Mapping[str, float]

    def serving(self, locality: str, resource: str) -> str:
        """The team that serves a locality: its own, else its network's, else the one for all."""
        return self._serving.get((locality, resource), locality)

    @cached_property
    def _serving(self) -> dict[tuple[str, str], str]:
        serving: dict[tuple[str, str], str] = {}
        for (team, resource), area in sorted(self.areas.items(), key=lambda item: -self._rank(item[0][0])):
            for locality in area:
                serving[locality, resource] = team
        return serving

    def _rank(self, team: str) -> int:
        """How wide a team is by its name: a locality, a network, all."""
        if team in self.population:
            return 0
        return 2 if team == "all" else 1

    def own_travel_share(self, team: str, resource: str) -> float:
        """Share of the team's paid time spent between homes: the mean over its localities, by population."""
        area = sorted(self.areas.get((team, resource), {team}))
        weights = np.array([self.population[locality] for locality in area])
        shares = np.array([self.travel_share[locality] for locality in area])
        return float(np.average(shares, weights=weights if weights.sum() > 0 else None))

    @cached_property
    def help(self) -> tuple[Help, ...]:
        """Who may help whom: the rows of `cross_cover`, and every wider team a narrower one inside its area."""
        given = {(one.resource, one.giver, one.receiver): one for one in self.own_help}
        for wide, resource in self.areas:
            for narrow, other in self.areas:
                lies_inside = other == resource and self.areas[narrow, other] <= self.areas[wide, resource]
                if lies_inside and self._rank(narrow) < self._rank(wide):
                    given.setdefault((resource, wide, narrow), Help(resource, wide, narrow, 0.0))
        return tuple(given[key] for key in sorted(given))


def teams(instance: Instance, table: str, resource: str) -> Teams:
    """The teams in `staff` (resource `role`) or the crews in `shifts` (resource `shift_type`)."""
    rows = instance.table(table)
    areas = {
        (team, name): localities_of(instance, team)
        for team, name in zip(rows["locality"], rows[resource], strict=True)
    }
    resources = set(rows[resource])
    own_help = tuple(
        Help(row.resource, row.from_locality, row.to_locality, row.travel_share)
        for row in instance.cross_cover.itertuples()
        if row.resource in resources
    )
    localities = instance.localities.set_index("locality")
    return Teams(
        areas,
        own_help,
        localities["home_travel_share"].to_dict(),
        localities["population_65_plus"].fillna(0.0).to_dict(),
    )


def each_team(
    rows: pd.DataFrame, resource: str, teams: Teams, needed: Iterable[str], horizon: Horizon
) -> dict[tuple[str, str], Team]:
    """Each team by (team, resource), sorted: the rows of its table, and empty ones where a resource needed has none."""
    members = {}
    for row in records(rows):
        key = row["locality"], row[resource]
        available = horizon.share_within(row["available_from"], row["available_to"])
        members[key] = Team(*key, text(row["provider"]), row, available, teams.own_travel_share(*key))
    nobody = np.zeros(len(horizon))
    for name in needed:
        for locality in teams.population:
            key = teams.serving(locality, name), name
            if key not in members:
                members[key] = Team(*key, "", {}, nobody, teams.own_travel_share(*key))
    return dict(sorted(members.items()))
