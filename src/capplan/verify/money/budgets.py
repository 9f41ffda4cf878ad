"""Who pays: the funders in the table `costs`, and the table `budgets` against the instance's budgets and pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.verify.differences import EXACT, above, same_or_empty, unequal
from capplan.verify.evidence import Evidence, once
from capplan.verify.people.eligibility import matches

FILTERS = ("key", "locality", "network", "site")
MEANT_AS_ONE = 0.001
"""Shares of one cost that sum to 1 within this are taken to sum to 1."""
KEYS = ["funder", "year"]


def with_funders(instance: Instance, gbp: pd.DataFrame) -> pd.DataFrame:
    """Costs with a level `funder` in their index: each row once for everybody who pays a share of it.

    The index of `gbp` has the levels item, key, locality and site among others.
    """
    rows = gbp.index.to_frame(index=False)
    shares = funders(instance, rows)
    pieces = [
        gbp.mul(shares[funder].to_numpy(), axis=0)[shares[funder].to_numpy() > 0]
        .assign(funder=funder)
        .set_index("funder", append=True)
        for funder in shares.columns
    ]
    return pd.concat(pieces)


def funders(instance: Instance, costs: pd.DataFrame) -> pd.DataFrame:
    """Shares of each cost: a row for each row of `costs` (item, key, locality, site), a column for each funder.

    Of the rows of `funding` whose filters leave a cost in, those with most filters hold. The column "" has what
    nobody pays for.
    """
    lines = instance.table("funding")
    areas = _areas(instance, costs["locality"])
    filter_counts = [sum(isinstance(line[c], str) for c in FILTERS) for line in lines.to_dict("records")]
    held = [_holds(instance, line, costs, areas) for line in lines.to_dict("records")]
    holds = np.array(held, dtype=bool).reshape(len(lines), len(costs))
    filters = np.where(holds, np.array(filter_counts)[:, None] if filter_counts else 0, -1)
    holds &= filters == filters.max(axis=0, initial=-1)
    paid = holds * lines["share"].to_numpy(dtype=float)[:, None]
    total = paid.sum(axis=0)
    shares = pd.DataFrame({"": np.where(total < 1 - MEANT_AS_ONE, 1 - total, 0.0)}, index=costs.index)
    paid = paid / np.where(total < 1 - MEANT_AS_ONE, 1.0, total)
    for funder, rows in lines.reset_index(drop=True).groupby("funder").groups.items():
        shares[funder] = paid[rows.to_numpy()].sum(axis=0)
    return shares


def _holds(
    instance: Instance, line: Mapping[str, Any], costs: pd.DataFrame, areas: list[frozenset[str]]
) -> np.ndarray:
    """For each cost whether the row's item and filters leave it in; of a wider team, its whole area."""
    holds = (costs["item"] == line["item"]).to_numpy()
    for column in ("key", "site"):
        if isinstance(line[column], str):
            holds = holds & costs[column].isin(line[column].split(";")).to_numpy()
    if isinstance(line["locality"], str) or isinstance(line["network"], str):
        places = instance.table("localities")
        for column in ("locality", "network"):
            places = places[matches(instance, places, column, line[column])]
        left = frozenset(places["locality"])
        holds = holds & np.array([bool(area) and area <= left for area in areas], dtype=bool)
    return np.asarray(holds)


def _areas(instance: Instance, places: pd.Series) -> list[frozenset[str]]:
    """The localities that each name stands for: a locality, a network, all; none where there is no name."""
    localities = instance.table("localities")
    stands_for = {"": frozenset[str](), "all": frozenset(localities["locality"])}
    stands_for |= {
        str(network): frozenset(rows) for network, rows in localities.groupby("network")["locality"]
    }
    stands_for |= {name: frozenset({name}) for name in localities["locality"]}
    return [stands_for[name] for name in places]


def budgets(evidence: Evidence) -> Iterator[Problem]:
    """The table `budgets` has what `costs` books on each funder, the budgets pro rata, and the gap between them."""
    table = _table(evidence)
    expected = _budgets(evidence)
    spent = _spent(evidence)
    everybody = {*evidence.instance.table("funding")["funder"], *expected.index.get_level_values("funder")}
    years = dict.fromkeys(evidence.horizon.years)
    rows = pd.MultiIndex.from_product([sorted(everybody), list(years)], names=KEYS)
    for row in rows.symmetric_difference(table.index):
        yield Problem("budgets", "budget_rows", f"{row[0]}, {row[1]}: the row is missing, or is too much")
    table = table.reindex(rows.intersection(table.index))
    plan = spent.reindex(table.index, fill_value=0.0)
    yield from unequal("budgets", "budget_plan", "plan_gbp", table["plan_gbp"], plan, _scale(evidence))
    for column in ("budget_gbp", "committed_gbp"):
        wanted = expected[column].reindex(table.index)
        yield from same_or_empty("budgets", column, column, table[column], wanted)
    for gap, spend in (("gap_gbp", "plan_gbp"), ("do_nothing_gap_gbp", "do_nothing_gbp")):
        wanted = table["committed_gbp"] + table[spend] - table["budget_gbp"]
        terms = table[["committed_gbp", spend, "budget_gbp"]].abs().max(axis=1)
        yield from same_or_empty("budgets", "budget_gap", gap, table[gap], wanted, terms)


def budget_limits(evidence: Evidence) -> Iterator[Problem]:
    """Nobody spends more than an imposed budget leaves, with what a pool gives."""
    table = _table(evidence)
    imposed = _budgets(evidence)
    imposed = imposed[imposed["is_imposed"].astype(bool)]
    most = (imposed["budget_gbp"] - imposed["committed_gbp"]).add(
        table["transferred_gbp"].reindex(imposed.index, fill_value=0.0)
    )
    spent = table["plan_gbp"].reindex(imposed.index, fill_value=0.0)
    scale = _scale(evidence).reindex(imposed.index, fill_value=0.0) + imposed["budget_gbp"]
    yield from above("budgets", "budget_limit", "plan_gbp", spent, most, scale)


def transfers(evidence: Evidence) -> Iterator[Problem]:
    """Money moves only within a pool, as much is given as received, and nobody gives more than agreed or left."""
    moved = _table(evidence)["transferred_gbp"]
    imposed = _budgets(evidence)
    left = (imposed["budget_gbp"] - imposed["committed_gbp"])[imposed["is_imposed"].astype(bool)]
    pools = evidence.instance.table("budget_pools").drop_duplicates("funder").set_index("funder")
    funder = moved.index.get_level_values("funder")
    pool = pd.Series(funder.map(pools["pool"]), index=moved.index).where(moved.index.isin(left.index))
    outside = moved[pool.isna()]
    yield from unequal("budgets", "transfers", "transferred_gbp", outside, outside * 0.0)
    net = moved.groupby([pool, moved.index.get_level_values("year")]).sum()
    yield from unequal("budgets", "pool_balance", "transferred_gbp", net, net * 0.0, moved.abs().sum(), EXACT)
    part = pd.Series(_part_of_year(evidence))
    agreed = funder.map(pools["transfer_max_gbp"]) * moved.index.get_level_values("year").map(part)
    most = np.fmin(
        left.reindex(moved.index).clip(lower=0.0), pd.Series(agreed, index=moved.index, dtype=float)
    )
    yield from above("budgets", "transfer_limit", "what it gives", -moved[pool.notna()], most[pool.notna()])


@once
def _table(evidence: Evidence) -> pd.DataFrame:
    """The table `budgets` by (funder, year); a row that is there twice is told of elsewhere."""
    return evidence.tables["budgets"].drop_duplicates(KEYS).set_index(KEYS)


@once
def _budgets(evidence: Evidence) -> pd.DataFrame:
    """Budgets of the years of the plan, pro rata by months, by (funder, year)."""
    part = _part_of_year(evidence)
    rows = evidence.instance.table("budgets")
    rows = rows[rows["year"].isin(list(part))]
    share = rows["year"].map(part).astype(float)
    rows = rows.assign(budget_gbp=rows["budget_gbp"] * share, committed_gbp=rows["committed_gbp"] * share)
    return rows.set_index(KEYS)[["budget_gbp", "committed_gbp", "is_imposed"]]


def _part_of_year(evidence: Evidence) -> dict[str, float]:
    part: dict[str, float] = {}
    for year, months in zip(evidence.horizon.years, evidence.horizon.months, strict=True):
        part[year] = part.get(year, 0.0) + float(months) / 12
    return part


def _spent(evidence: Evidence) -> pd.Series:
    return _by_year(evidence, evidence.tables["costs"]["gbp"])


def _scale(evidence: Evidence) -> pd.Series:
    """The sizes of what sums to a funder's spend."""
    return _by_year(evidence, evidence.tables["costs"]["gbp"].abs())


def _by_year(evidence: Evidence, gbp: pd.Series) -> pd.Series:
    costs = evidence.tables["costs"]
    years = dict(zip(evidence.horizon.periods, evidence.horizon.years, strict=True))
    return gbp.groupby([costs["funder"], costs["period"].map(years).rename("year")]).sum()
