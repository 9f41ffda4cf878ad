"""Which rows there are: every table has those that the instance implies, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from capplan.errors import Problem
from capplan.results.columns import ResultTable
from capplan.results.tables import (
    ACCESS,
    ACUTE,
    BEDS,
    CASELOAD,
    CROSS_COVER,
    PLANNING_RETURN,
    SHIFTS,
    SITES,
    STAFF,
    STARTS,
    WAITING,
)
from capplan.verify.evidence import Evidence, once
from capplan.verify.people.demand import STREAM
from capplan.verify.people.eligibility import open_options
from capplan.verify.teams import Teams, crews, staff_teams

Key = tuple[str, ...]


def rows_there(evidence: Evidence) -> Iterator[Problem]:
    """Units, sites, teams, crews, people referred, people in care and wards have a row in every period."""
    for table, expected in IMPLIED.items():
        record = _RECORDS[table]
        keys = evidence.tables[table][list(record.key)].itertuples(index=False, name=None)
        wanted, there = expected(evidence), dict.fromkeys(keys)
        yield from (_problem(record, key, "the row is missing") for key in wanted if key not in there)
        yield from (_problem(record, key, "there is no such row") for key in there if key not in wanted)


def rows_needed(evidence: Evidence) -> Iterator[Problem]:
    """Tables of what there is of something have no rows where there is nothing."""
    for record, column in ((STARTS, "people"), (CROSS_COVER, "hours_given")):
        table = evidence.tables[record.name]
        empty = table.loc[table[column] == 0, list(record.key)]
        for key in empty.itertuples(index=False, name=None):
            yield _problem(record, key, f"{column} is 0, and such a row is not there")


def _problem(record: ResultTable, key: Key, message: str) -> Problem:
    """A problem with the row of that key."""
    parts = [
        value if name in ("period", "month") else f"{name} {value}" if value else f"no {name}"
        for name, value in zip(record.key, key, strict=True)
    ]
    return Problem(record.name, "rows", f"{', '.join(parts)}: {message}")


def _in_every_period(evidence: Evidence, keys: Sequence[Key]) -> dict[Key, None]:
    return {(*key, period): None for key in keys for period in evidence.horizon.periods}


def _beds(evidence: Evidence) -> dict[Key, None]:
    units = evidence.instance.table("site_beds")[["site", "bed_type"]]
    return _in_every_period(evidence, [*units.itertuples(index=False, name=None)])


def _sites(evidence: Evidence) -> dict[Key, None]:
    with_beds = evidence.instance.table("site_beds")["site"].unique()
    return _in_every_period(evidence, [(site,) for site in with_beds])


def _staff(evidence: Evidence) -> dict[Key, None]:
    return _of_teams(evidence, staff_teams(evidence), "package_hours")


def _shifts(evidence: Evidence) -> dict[Key, None]:
    return _of_teams(evidence, crews(evidence), "package_care")


def _of_teams(evidence: Evidence, teams: Teams, needs: str) -> dict[Key, None]:
    """Every team, and where people need one that is not there, one without anybody."""
    resources = evidence.instance.table(needs)[teams.resource].unique()
    localities = evidence.instance.table("localities")["locality"]
    needed = {(teams.serving(place, name), name): None for name in resources for place in localities}
    return _in_every_period(evidence, [*(dict.fromkeys(teams.areas) | needed)])


@once
def _streams(evidence: Evidence) -> tuple[Key, ...]:
    """Locality, hospital and pathway of everybody who is referred or waits at the start."""
    # A scheme may refer people whom nobody refers without it, and the other way round.
    flows = [evidence.referrals_without_schemes, evidence.referrals]
    some = [frame.index[frame.to_numpy().sum(axis=1) != 0] for frame in flows]
    opening = evidence.waiting_at_opening
    some.append(opening.index[opening.to_numpy() != 0])
    return tuple(dict.fromkeys(key for index in some for key in index))


def _waiting(evidence: Evidence) -> dict[Key, None]:
    return _in_every_period(evidence, _streams(evidence))


def _access(evidence: Evidence) -> dict[Key, None]:
    return {(locality, pathway): None for locality, _, pathway in _streams(evidence)}


def _caseload(evidence: Evidence) -> dict[Key, None]:
    """Where people live who may start a package or come to it from another, and those in care at the start."""
    options, streams = open_options(evidence), set(_streams(evidence))
    is_there = [key in streams for key in options[STREAM].itertuples(index=False, name=None)]
    pairs = options.loc[is_there, ["locality", "package", "site"]]
    pairs = pairs[_has_room(evidence, pairs)]
    places = dict.fromkeys(pairs[["locality", "package"]].itertuples(index=False, name=None))
    places = dict.fromkeys(_followed(evidence, [*places]))
    if evidence.instance.settings.opening == "census":
        places |= dict.fromkeys(_in_care_at_opening(evidence))
    return _in_every_period(evidence, [*places])


def _in_care_at_opening(evidence: Evidence) -> Iterator[Key]:
    """Where people of the census live, and in which package they are or will be.

    Where nobody says where they live, those in beds have no locality, and those at home may live in any.
    """
    localities = evidence.instance.table("localities")["locality"]
    setting = evidence.instance.table("packages").set_index("package")["setting"]
    for locality, first in evidence.instance.table("census")[["locality", "package"]].itertuples(index=False):
        for home, package in _followed(evidence, [("" if pd.isna(locality) else locality, first)]):
            is_anywhere = not home and setting[package] == "home"
            yield from ((place, package) for place in (localities if is_anywhere else (home,)))


def _has_room(evidence: Evidence, options: pd.DataFrame) -> pd.Series:
    """Whether each option is at home, or at a site with beds of its type or with spot beds."""
    units = evidence.instance.table("site_beds")
    prices = units[[f"spot_bed_{unit}_gbp" for unit in ("day", "month", "year")]]
    units = units[(units["beds_max"] > 0) | prices.notna().any(axis=1)]
    places = set(units[["site", "bed_type"]].itertuples(index=False, name=None))
    types = options["package"].map(evidence.instance.table("packages").set_index("package")["bed_type"])
    room = [not site or (site, kind) in places for site, kind in zip(options["site"], types, strict=True)]
    return pd.Series(room, options.index, dtype=bool)


def _followed(evidence: Evidence, pairs: list[Key]) -> list[Key]:
    """(Locality, package), and the packages that follow on these, one after the other."""
    onward = evidence.instance.table("onward")
    following = onward[onward["share"] > 0].groupby("package")["next_package"].agg(list).to_dict()
    known_pairs = dict.fromkeys(pairs)
    for locality, package in pairs:
        after = [(locality, name) for name in following.get(package, ())]
        pairs.extend(key for key in after if key not in known_pairs)
        known_pairs |= dict.fromkeys(after)
    return [*known_pairs]


def _acute(evidence: Evidence) -> dict[Key, None]:
    return _in_every_period(evidence, [(name,) for name in evidence.instance.table("acute_beds")["hospital"]])


def _planning_return(evidence: Evidence) -> dict[Key, None]:
    pathways = evidence.instance.table("pathways")[["direction", "pathway"]]
    months = dict.fromkeys(day.replace(day=1).isoformat() for day in evidence.horizon.dates.date)
    return {(*key, month): None for key in pathways.itertuples(index=False, name=None) for month in months}


IMPLIED: dict[str, Callable[[Evidence], dict[Key, None]]] = {
    BEDS.name: _beds,
    SITES.name: _sites,
    STAFF.name: _staff,
    SHIFTS.name: _shifts,
    WAITING.name: _waiting,
    CASELOAD.name: _caseload,
    ACCESS.name: _access,
    ACUTE.name: _acute,
    PLANNING_RETURN.name: _planning_return,
}
"""The keys of the rows that a table has, by its name."""
_RECORDS = {
    record.name: record
    for record in (BEDS, SITES, STAFF, SHIFTS, WAITING, CASELOAD, ACCESS, ACUTE, PLANNING_RETURN)
}
