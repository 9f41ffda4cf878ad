"""Who pays for what: shares that do not add up, rows that catch nothing, costs that nobody is named for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, product
from typing import NamedTuple

import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few, problem
from capplan.errors import Problem, Severity
from capplan.funding import NOWHERE, ROUNDING, FundingRow
from capplan.geography import names
from capplan.results.cost_items import COST_ITEMS, NOTIONAL, BookedOn
from capplan.schema.text import did_you_mean


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
    localities, sites = _distinct_places(facts)
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
    localities, _ = _distinct_places(facts)
    for package, locality in product(packages.loc[packages["setting"] == "home", "package"], localities):
        yield Cost(package, frozenset({locality}), "")


def _distinct_places(facts: Facts) -> tuple[list[str], dict[str, str]]:
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
    localities, _ = _distinct_places(facts)
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


def funding_key_unknown(facts: Facts) -> Iterator[Problem]:
    """A row of funding names a key that no cost of its item can have."""
    rows = facts.table("funding")
    keys = {item: {cost.key for cost in costs(facts, item)} for item in rows["item"].unique()}
    for row, line in rows.to_dict("index").items():
        possible = keys[line["item"]]
        for key in sorted(names(line["key"]) - possible):
            near = did_you_mean(key, sorted(possible)) or f"use one of: {first_few(sorted(possible))}"
            yield problem(
                "funding",
                f"the item '{line['item']}' has no key '{key}'",
                row=int(row),
                column="key",
                value=line["key"],
                now=near if possible else "leave the row out: nothing in this instance has that cost",
            )


def funding_catches_nothing(facts: Facts) -> Iterator[Problem]:
    """The filters of a row of funding leave no cost, so that nobody pays by it."""
    for item, rows in facts.who_pays.rows.items():
        possible = costs(facts, item)
        for row in rows:
            if not any(_holds(row, cost) for cost in possible):
                yield problem(
                    "funding",
                    f"its filters leave no cost of the item '{row.item}'",
                    row=row.row,
                    column="item",
                    value=row.item,
                    now="look at the filters: costs of people stand where they live, of beds where the site is, "
                    "of a team in all of its area",
                    severity=Severity.WARNING,
                )


def _holds(row: FundingRow, cost: Cost) -> bool:
    return row.holds_for(cost.key, cost.localities, cost.site)


def funding_shares_wrong(facts: Facts) -> Iterator[Problem]:
    """The shares of the funders of one cost do not sum to 1."""
    funding = facts.who_pays
    for item in funding.rows:
        reported = set()
        for cost in sorted(
            costs(facts, item), key=lambda cost: (cost.key, sorted(cost.localities), cost.site)
        ):
            holding = funding.holding(item, *cost)
            total = sum(row.share for row in holding)
            if holding and holding not in reported and abs(total - 1) > ROUNDING:
                reported.add(holding)
                yield _wrong(item, cost, holding, total)


def _wrong(item: str, cost: Cost, holding: tuple[FundingRow, ...], total: float) -> Problem:
    rows = [str(row.row) for row in holding]
    place = ", ".join(filter(None, [*sorted(cost.localities)[:2], cost.site]))
    who = f"row {rows[0]} holds" if len(rows) == 1 else f"rows {', '.join(rows)} hold"
    cost_of = f"'{item}' of '{cost.key}'{f' in {place}' if place else ''}"
    return problem(
        "funding",
        f"{who} for {cost_of}, and the shares sum to {wording.exact(total)}, not 1",
        row=holding[0].row,
        column="share",
        value=holding[0].share,
        now="make the shares of one cost sum to 1; of rows that overlap, the one with more filters holds",
    )


def cost_without_funder(facts: Facts) -> Iterator[Problem]:
    """Somebody has a budget, and costs that are paid have no funder: they are in nobody's budget."""
    funding = facts.who_pays
    if facts.table("budgets").empty or not funding.rows:
        return
    missing = [
        item
        for item in COST_ITEMS
        if item not in NOTIONAL and any(not funding.holding(item, *cost) for cost in costs(facts, item))
    ]
    if missing:
        yield problem(
            "funding",
            f"no row says who pays for all of: {', '.join(missing)}; what has no funder is in no budget",
            column="item",
            now="name a funder, or leave it so where nobody's budget bears them",
            severity=Severity.INFO,
        )


def funder_without_budget(facts: Facts) -> Iterator[Problem]:
    """A funder pays for something and has no budget: its spend is reported and not limited."""
    yield from at_rows(
        facts,
        "funding",
        _funders_not_in(facts, "budgets", "funding"),
        "'{funder}' has no budget: what it spends is reported and not limited",
        column="funder",
        now="give it rows in budgets if it has one",
        severity=Severity.INFO,
    )


def budget_without_funding(facts: Facts) -> Iterator[Problem]:
    """A funder has a budget and pays for nothing."""
    payers = facts.table("funding")["funder"]
    yield from at_rows(
        facts,
        "budgets",
        _funders_not_in(facts, "funding", "budgets"),
        "'{funder}' has a budget, and funding has nothing that it pays for",
        column="funder",
        now=_who_pays(payers),
        severity=Severity.INFO if len(payers) else Severity.WARNING,
    )


def _funders_not_in(facts: Facts, other: str, table: str) -> pd.DataFrame:
    """First rows of the funders of a table whom another does not have."""
    rows = facts.table(table).drop_duplicates("funder")
    return rows[~rows["funder"].isin(facts.table(other)["funder"])]


def _who_pays(payers: pd.Series) -> str:
    funders = sorted(set(chain(payers)))
    return (
        f"look at the names in funding: {first_few(funders)}"
        if funders
        else "say in funding who pays for what"
    )


RULES = (
    funding_key_unknown,
    funding_catches_nothing,
    funding_shares_wrong,
    cost_without_funder,
    funder_without_budget,
    budget_without_funding,
)
