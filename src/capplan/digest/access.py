"""How much care the people of each locality get."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from capplan import cells, wording
from capplan.digest.names import display_names
from capplan.sections import Row, Section, grid, without_empty
from capplan.solved import Solved

COLUMNS = (
    "locality",
    "aged 65 and over",
    "referred",
    "start",
    "share served",
    "go without",
    "starts per 1,000",
    "today",
)


def by_locality(plan: Solved) -> Section | None:
    """One row per locality: people referred, served and not, and starts a year per 1,000 people aged 65 and over."""
    now = rates(plan)
    if now.empty:
        return None
    names = display_names(plan.instance)["localities"]
    today = None if plan.today is None else rates(plan.today)["rate"]
    rows = [_row(names[str(key)], row, today) for key, row in now.iterrows()]
    return Section("Access by locality", tuple(_spread(now, names)), grid(*without_empty(COLUMNS, rows)))


def rates(plan: Solved) -> pd.DataFrame:
    """By locality: population_65_plus, referrals, starts, unmet [people], rate [starts a year per 1,000 aged 65+],
    by name.
    """
    waiting, access = plan.tables["waiting"], plan.tables["access"]
    sums = waiting[waiting["locality"] != ""].groupby("locality")[["referrals", "starts", "unmet"]].sum()
    population = plan.instance.table("localities").set_index("locality")["population_65_plus"]
    rate = access.groupby("locality")["starts_per_1000_65_plus"].sum(min_count=1)
    names = display_names(plan.instance)["localities"]
    found = sums.assign(population=population.reindex(sums.index), rate=rate.reindex(sums.index))
    return found.loc[sorted(found.index, key=lambda key: names[key].casefold())]


def _row(name: str, row: pd.Series, today: pd.Series | None) -> Row:
    served = row["starts"] / row["referrals"] if row["referrals"] > 0 else float("nan")
    return (
        name,
        cells.number(row["population"]),
        cells.number(row["referrals"]),
        cells.number(row["starts"]),
        cells.whole_share(served),
        cells.number(row["unmet"]),
        cells.number(row["rate"]),
        cells.number(None if today is None else today.get(row.name)),
    )


def _spread(now: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Where most and where least is given."""
    known = now["rate"].dropna().sort_values()
    if len(known) < 2:
        return []
    told = [f"{names[str(key)]} ({wording.number(known[key])})" for key in (known.index[-1], known.index[0])]
    return [f"Starts a year per 1,000 people aged 65 and over: most in {told[0]}, fewest in {told[1]}."]
