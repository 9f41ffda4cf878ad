"""Which costs there can be: what the rows of `funding` are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from capplan.checks.facts import Facts
from capplan.funding import NOWHERE
from capplan.results.cost_items import COST_ITEMS, BookedOn


class Cost(NamedTuple):
    """One line that `costs` may have: its key, the localities that it is booked on (a team may have many), its site."""

    key: str
    localities: frozenset[str]
    site: str


def costs(facts: Facts, item: str) -> frozenset[Cost]:
    """Every cost of an item that there may be, priced or not."""
    return frozenset(cost for on in COST_ITEMS[item].booked_on for cost in LINES[on](facts))


def _of_beds(facts: Facts) -> Iterator[Cost]:
    standing = facts.table("sites").set_index("site")["locality"]
    for unit in facts.table("site_beds").itertuples():
        yield Cost(unit.bed_type, frozenset({standing[unit.site]}), unit.site)


def _of_queues(facts: Facts) -> Iterator[Cost]:
    """Queues at a unit's own list stand where the site is; those at a list that units share stand nowhere."""
    units = facts.table("site_beds")
    on_list = units[units["waiting_list"].notna()]
    shared = on_list.duplicated(["waiting_list", "bed_type"], keep=False)
    shared_types = set(on_list.loc[shared, "bed_type"])
    alone = set(units.loc[~units.index.isin(on_list.index[shared]), "bed_type"])
    yield from (Cost(bed_type, NOWHERE, "") for bed_type in shared_types)
    yield from (cost for cost in _of_beds(facts) if cost.key in alone)


def _of_sites(facts: Facts) -> Iterator[Cost]:
    for site in facts.table("sites").itertuples():
        yield Cost(site.site, frozenset({site.locality}), site.site)


def _of_teams(facts: Facts) -> Iterator[Cost]:
    for team in facts.table("staff").itertuples():
        yield Cost(team.role, facts.areas[team.locality], "")


def _of_crews(facts: Facts) -> Iterator[Cost]:
    for crew in facts.table("shifts").itertuples():
        yield Cost(crew.shift_type, facts.areas[crew.locality], "")


def _of_starts(facts: Facts) -> Iterator[Cost]:
    """Starts by package, where people live and, of beds, where they go; one locality and site of each kind will do."""
    localities, sites = _alike(facts)
    at = facts.table("site_beds").groupby("bed_type")["site"].agg(set).to_dict()
    for package in facts.table("packages").itertuples():
        in_beds = at.get(package.bed_type, set()) if package.setting == "bed" else {""}
        for locality, site in product(localities, sorted({sites.get(site, site) for site in in_beds})):
            yield Cost(package.package, frozenset({locality}), site)


def _of_care_days(facts: Facts) -> Iterator[Cost]:
    """Days in care by package: in a bed where the site stands, at home where people live."""
    packages = facts.table("packages")
    by_type = {b: rows["package"] for b, rows in packages[packages["setting"] == "bed"].groupby("bed_type")}
    for cost in _of_beds(facts):
        for package in by_type.get(cost.key, ()):
            yield cost._replace(key=package)
    localities, _ = _alike(facts)
    for package, locality in product(packages.loc[packages["setting"] == "home", "package"], localities):
        yield Cost(package, frozenset({locality}), "")


def _alike(facts: Facts) -> tuple[list[str], dict[str, str]]:
    """A locality for each way in which funding can see one, and for each site the first that it cannot tell from it."""
    rows = [row for rows in facts.who_pays.rows.values() for row in rows]
    localities: dict[tuple[bool, ...], str] = {}
    for locality in sorted(facts.areas["all"]):
        localities.setdefault(tuple(row.area is None or locality in row.area for row in rows), locality)
    sites: dict[tuple[bool, ...], str] = {}
    standing = facts.table("sites").set_index("site")["locality"]
    first = {}
    for site in sorted(standing.index):
        seen = (
            *(site in row.sites for row in rows),
            *(row.area is None or standing[site] in row.area for row in rows),
        )
        first[site] = sites.setdefault(seen, site)
    return list(localities.values()), first


def _of_people(facts: Facts) -> Iterator[Cost]:
    localities, _ = _alike(facts)
    for pathway, locality in product(facts.table("pathways")["pathway"], localities):
        yield Cost(pathway, frozenset({locality}), "")


def _of_targets(facts: Facts) -> Iterator[Cost]:
    for target in facts.table("targets")["target"]:
        yield Cost(target, NOWHERE, "")


def _of_schemes(facts: Facts) -> Iterator[Cost]:
    for scheme in facts.table("schemes").itertuples():
        for locality in sorted(facts.areas["all"]) if scheme.by_locality else [None]:
            yield Cost(scheme.scheme, NOWHERE if locality is None else frozenset({locality}), "")


def _of_wards(facts: Facts) -> Iterator[Cost]:
    for hospital in facts.table("acute_beds")["hospital"]:
        yield Cost(hospital, NOWHERE, "")


LINES: Mapping[BookedOn, Callable[[Facts], Iterator[Cost]]] = {
    BookedOn.UNIT: _of_beds,
    BookedOn.LIST: _of_queues,
    BookedOn.SITE: _of_sites,
    BookedOn.TEAM: _of_teams,
    BookedOn.CREW: _of_crews,
    BookedOn.START: _of_starts,
    BookedOn.DAY: _of_care_days,
    BookedOn.PERSON: _of_people,
    BookedOn.TARGET: _of_targets,
    BookedOn.SCHEME: _of_schemes,
    BookedOn.HOSPITAL: _of_wards,
}
"""The lines of costs that there may be, by what they are booked on."""
