"""Who pays for what, and from which budget: the tables `funding`, `budgets` and `budget_pools` as others read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from capplan.geography import localities_of, names
from capplan.horizon import Horizon
from capplan.instance import Instance, records
from capplan.results.cost_items import NOTIONAL

FILTERS = ("key", "locality", "network", "site")
NOBODY = ""
ROUNDING = 1e-3
"""Shares of one cost that sum to 1 within this are meant to sum to 1 (three thirds written as 0.333)."""
Shares = tuple[tuple[str, float], ...]
"""Funders and their shares of a cost, which sum to 1."""
NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FundingRow:
    """One row of `funding`. `area` are the localities that its filters leave; None where it has no such filter."""

    row: int
    item: str
    keys: frozenset[str]
    area: frozenset[str] | None
    sites: frozenset[str]
    filters: int
    funder: str
    share: float

    def holds_for(self, key: str, localities: frozenset[str], site: str) -> bool:
        """Whether the filters leave a cost in; one of a wider team only where its whole area is left."""
        return (
            (not self.keys or key in self.keys)
            and (not self.sites or site in self.sites)
            and (self.area is None or (bool(localities) and localities <= self.area))
        )


@dataclass(frozen=True)
class Funding:
    """The rows of `funding` by item of the `costs` table."""

    rows: Mapping[str, tuple[FundingRow, ...]]
    _known: dict[tuple[str, str, frozenset[str], str], Shares] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, instance: Instance) -> Funding:
        """The funding of an instance."""
        by_item: dict[str, list[FundingRow]] = {}
        for row, line in instance.funding.to_dict("index").items():
            by_item.setdefault(str(line["item"]), []).append(_row(instance, int(row), line))
        return cls({item: tuple(rows) for item, rows in by_item.items()})

    @property
    def funders(self) -> frozenset[str]:
        """Everybody who pays for something."""
        return frozenset(row.funder for rows in self.rows.values() for row in rows)

    def holding(self, item: str, key: str, localities: frozenset[str], site: str) -> tuple[FundingRow, ...]:
        """The rows that decide who pays for a cost: of those whose filters leave it in, the ones with most filters."""
        rows = [row for row in self.rows.get(item, ()) if row.holds_for(key, localities, site)]
        most = max((row.filters for row in rows), default=0)
        return tuple(row for row in rows if row.filters == most)

    def shares(self, item: str, key: str, localities: frozenset[str], site: str) -> Shares:
        """Who pays for a cost of that item and key, in that place (`NOWHERE`, "": none).

        What nobody pays for is NOBODY's.
        """
        asked = item, key, localities, site
        if asked not in self._known:
            self._known[asked] = _shares(self.holding(*asked))
        return self._known[asked]


def _row(instance: Instance, row: int, line: Mapping[str, Any]) -> FundingRow:
    given = [column for column in FILTERS if names(line[column])]
    area = None
    if {"locality", "network"} & set(given):
        area = localities_of(instance, line["locality"]) & localities_of(instance, line["network"])
    return FundingRow(
        row,
        str(line["item"]),
        names(line["key"]),
        area,
        names(line["site"]),
        len(given),
        str(line["funder"]),
        float(line["share"]),
    )


def _shares(rows: tuple[FundingRow, ...]) -> Shares:
    paid = sum(row.share for row in rows)
    whole = paid if paid >= 1 - ROUNDING else 1.0
    shares: dict[str, float] = {}
    for row in rows:
        shares[row.funder] = shares.get(row.funder, 0.0) + row.share / whole
    if whole > paid:
        shares[NOBODY] = shares.get(NOBODY, 0.0) + 1 - paid
    return tuple((funder, share) for funder, share in sorted(shares.items()) if share > 0)


@dataclass(frozen=True)
class Budget:
    """What a funder may spend in the part of a financial year that lies in the plan [£, cash]."""

    funder: str
    year: str
    budget_gbp: float
    committed_gbp: float
    is_imposed: bool

    @property
    def left_gbp(self) -> float:
        """What is left for this plan once what is committed elsewhere is paid."""
        return self.budget_gbp - self.committed_gbp


def budgets(instance: Instance, horizon: Horizon) -> tuple[Budget, ...]:
    """The budgets of years that the plan touches, pro rata where it leaves some of their months out."""
    rows = instance.budgets.sort_values(["funder", "year"])
    budgets_of_years = []
    for line in records(rows):
        share = horizon.share_of_year.get(line["year"], 0.0)
        if share > 0:
            amounts = line["budget_gbp"] * share, line["committed_gbp"] * share
            budgets_of_years.append(Budget(line["funder"], line["year"], *amounts, bool(line["is_imposed"])))
    return tuple(budgets_of_years)


@dataclass(frozen=True)
class Member:
    """A funder who takes part in a pool in one year, and the most that it may give [£]."""

    pool: str
    funder: str
    year: str
    gives_max_gbp: float


def members(instance: Instance, horizon: Horizon) -> tuple[Member, ...]:
    """Members of every pool, year by year: those whose budget is imposed in that year.

    A member gives at most transfer_max_gbp (pro rata, as its budget) and what is left of its budget.
    """
    rows = instance.budget_pools.sort_values(["pool", "funder"])
    imposed = [budget for budget in budgets(instance, horizon) if budget.is_imposed]
    members_of_years = []
    for line in records(rows):
        for budget in imposed:
            if budget.funder == line["funder"]:
                most = max(budget.left_gbp, 0.0)
                if not pd.isna(line["transfer_max_gbp"]):
                    most = min(most, line["transfer_max_gbp"] * horizon.share_of_year[budget.year])
                members_of_years.append(Member(line["pool"], budget.funder, budget.year, most))
    return tuple(members_of_years)


def unfunded(costs: pd.DataFrame) -> float:
    """Cash that somebody pays and `funding` gives to nobody [£]."""
    rows = (costs["funder"] == NOBODY) & ~costs["item"].isin(NOTIONAL)
    return float(costs.loc[rows, "gbp"].sum())
