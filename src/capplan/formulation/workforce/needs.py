"""Hours needed: what people in care ask of teams and crews, at home and in beds, by who serves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import weighted_sum
from capplan.parameters.loads import Load, Needs
from capplan.parameters.teams import Team, Teams

Key = tuple[str, str]
Place = tuple[str, str, str]
"""Where a package is given: the variable of its starts (`starts_at`, `starts_home`), site or zone, package."""


def add_variables(m: Model) -> None:
    """`starts_served` by group of places that one team or crew serves with the same package, and who needs what."""
    m.served = {}
    m.needs = {
        "staff": _needs(m, m.data.teams, m.data.staff, m.data.hours),
        "shifts": _needs(m, m.data.crews, m.data.shifts, m.data.care_hours),
    }
    m.places_served = {number: group for group, number in m.served.items()}
    m.SERVED = sorted(m.places_served)
    m.declare("starts_served")


@constraint("SERVED", "PERIODS", unit="people")
def starts_served_balance(m: Model, v: int, t: int) -> Any:
    """Starts that a team or crew serves with one package are those of all places it serves.

        starts_served[v,t] == sum(scale[v,z] * starts_home[z,k,t]) + sum(scale[v,s] * starts_at[s,k,t])

    Summed first and multiplied by the hours of each day of the stay afterwards; the scale is 1 where roads are the
    team's average, more where they are longer, and less in beds, which need no travel.
    """
    places = m.places_served[v]
    served = weighted_sum((scale, getattr(m, name)[place, k, t]) for scale, (name, place, k) in places)
    return m.starts_served[v, t] == served


def hours_needed(m: Model, needs: Needs, t: int) -> Any:
    """Hours asked for in a period, as an expression."""
    return weighted_sum(
        ((hours, m.starts_served[v, u]) for load, v in needs.groups for u, hours in load.column[t]),
        float(needs.census_hours[t]),
    )


def _needs(
    m: Model, members: Mapping[Key, Team], teams: Teams, loads: Mapping[Key, Load]
) -> dict[Key, Needs]:
    groups: dict[Key, list[tuple[Load, int]]] = defaultdict(list)
    census_hours: dict[Key, np.ndarray] = defaultdict(lambda: np.zeros(len(m.PERIODS)))
    for (package, resource), load in loads.items():
        served: dict[Key, list[tuple[float, Place]]] = defaultdict(list)
        for place, locality, is_home in _places(m, package):
            team = teams.serving(locality, resource), resource
            served[team].append((_scale(members[team], teams, locality, is_home), place))
        for team, places in served.items():
            number = m.served.setdefault(tuple(sorted(places)), len(m.served))
            groups[team].append((load, number))
        for (locality, site, census_package), people in m.data.census.items():
            if census_package == package:
                place_of = m.data.sites[site]["locality"] if site else locality
                team = teams.serving(place_of, resource), resource
                scale = _scale(members[team], teams, place_of, is_home=not site)
                census_hours[team] += scale * people * load.per_census
    return {key: Needs(tuple(groups[key]), census_hours[key]) for key in members}


def _places(m: Model, package: str) -> Iterator[tuple[Place, str, bool]]:
    """Where the package is given: the place, a locality whose team serves it, at home or not."""
    for zone, k in m.HOME_PACKAGES:
        if k == package:
            yield (
                ("starts_home", zone, k),
                m.data.zones.members[zone, m.data.stages[package].package][0],
                True,
            )
    for site, k in m.SITE_PACKAGES:
        if k == package:
            yield ("starts_at", site, k), str(m.data.sites[site]["locality"]), False


def _scale(team: Team, teams: Teams, locality: str, is_home: bool) -> float:
    """Hours of the team's own kind for one contact hour there: roads longer than the team's average cost more."""
    own = 1 - team.travel_share
    return round(own / (1 - teams.travel_share[locality]) if is_home else own, 12)
