"""Who pays for what: shares that do not add up, rows that catch nothing, costs that nobody is named for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.found import at_rows, found, names
from capplan.checks.paying import Cost, costs
from capplan.errors import Problem, Severity
from capplan.funding import ROUNDING, FundingRow
from capplan.geography import names as names_in
from capplan.results.cost_items import COST_ITEMS, NOTIONAL
from capplan.schema.text import did_you_mean


def funding_key_unknown(facts: Facts) -> Iterator[Problem]:
    """A row of funding names a key that no cost of its item can have."""
    rows = facts.table("funding")
    keys = {item: {cost.key for cost in costs(facts, item)} for item in rows["item"].unique()}
    for row, line in rows.to_dict("index").items():
        known = keys[line["item"]]
        for key in sorted(names_in(line["key"]) - known):
            near = did_you_mean(key, sorted(known)) or f"use one of: {names(sorted(known))}"
            yield found(
                "funding",
                f"the item '{line['item']}' has no key '{key}'",
                row=int(row),
                column="key",
                value=line["key"],
                now=near if known else "leave the row out: nothing in this instance has that cost",
            )


def funding_catches_nothing(facts: Facts) -> Iterator[Problem]:
    """The filters of a row of funding leave no cost, so that nobody pays by it."""
    for item, rows in facts.who_pays.rows.items():
        possible = costs(facts, item)
        for row in rows:
            if not any(_holds(row, cost) for cost in possible):
                yield found(
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
        told = set()
        for cost in sorted(
            costs(facts, item), key=lambda cost: (cost.key, sorted(cost.localities), cost.site)
        ):
            holding = funding.holding(item, *cost)
            total = sum(row.share for row in holding)
            if holding and holding not in told and abs(total - 1) > ROUNDING:
                told.add(holding)
                yield _wrong(item, cost, holding, total)


def _wrong(item: str, cost: Cost, holding: tuple[FundingRow, ...], total: float) -> Problem:
    rows = [str(row.row) for row in holding]
    place = ", ".join(filter(None, [*sorted(cost.localities)[:2], cost.site]))
    who = f"row {rows[0]} holds" if len(rows) == 1 else f"rows {', '.join(rows)} hold"
    cost_of = f"'{item}' of '{cost.key}'{f' in {place}' if place else ''}"
    return found(
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
        yield found(
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
    known = sorted(set(chain(payers)))
    return f"look at the names in funding: {names(known)}" if known else "say in funding who pays for what"


RULES = (
    funding_key_unknown,
    funding_catches_nothing,
    funding_shares_wrong,
    cost_without_funder,
    funder_without_budget,
    budget_without_funding,
)
