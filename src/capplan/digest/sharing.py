"""Whose care the money buys: costs shared out over the people who use what is paid for."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan.parameters.stays import Stay
from capplan.results.cost_items import COST_ITEMS, BookedOn
from capplan.solved import Solved

KINDS = {
    BookedOn.UNIT: "bed_types",
    BookedOn.TEAM: "roles",
    BookedOn.CREW: "shift_types",
    BookedOn.START: "packages",
    BookedOn.DAY: "packages",
}
"""The table of what the key of a cost names, by what it is booked on; of several the first that has users."""
MOST_STAGES = 10
NEED = ["kind", "key", "pathway", "package"]


def shared_out(plan: Solved, costs: pd.DataFrame) -> pd.DataFrame:
    """Costs by who uses what they pay for.

    One row per (item, key, pathway, package): gbp [£]. Beds are shared by the days that people who start spend in them,
    posts and crews by the hours that they need, the rest by starts; what nobody uses is shared over all who start.
    """
    use = needs(plan)
    everybody = _shares(use[use["kind"] == "packages"])
    by_item = costs.groupby(["item", "key"])["gbp"].sum().reset_index()
    shared = [
        _users(use, row.item, row.key, everybody).assign(item=row.item, key=row.key, gbp=row.gbp)
        for row in by_item.itertuples()
    ]
    if not shared or everybody.empty:
        return pd.DataFrame(columns=["item", "key", "pathway", "package", "gbp"])
    rows = pd.concat(shared, ignore_index=True)
    return rows.assign(gbp=rows["gbp"] * rows["share"]).drop(columns="share")


def needs(plan: Solved) -> pd.DataFrame:
    """What the people who start need: one row per (kind, key, pathway, package), amount [people, days, hours].

    kind and key name a package, a bed type, a role or a shift type. People who go on to a next package need that too.
    """
    people = _people(plan)
    packages = plan.instance.table("packages").set_index("package")
    rows = [
        (kind, key, pathway, package, amount * each)
        for (pathway, package), amount in people.items()
        for kind, key, each in _each(plan, packages.loc[package], str(package))
    ]
    return pd.DataFrame(rows, columns=[*NEED, "amount"]).groupby(NEED, as_index=False)["amount"].sum()


def _people(plan: Solved) -> pd.Series:
    """People who start by (pathway, package), and those who go on from there to the next."""
    onward = plan.instance.table("onward")
    stage = plan.tables["starts"].groupby(["pathway", "package"])["people"].sum()
    stages = [stage]
    for _ in range(MOST_STAGES):
        joined = stage.reset_index().merge(onward, on="package")
        if joined.empty:
            break
        joined = joined.assign(people=joined["people"] * joined["share"], package=joined["next_package"])
        stage = joined.groupby(["pathway", "package"])["people"].sum()
        stages.append(stage)
    return pd.concat(stages).groupby(level=[0, 1]).sum()


def _each(plan: Solved, row: pd.Series, package: str) -> Iterator[tuple[str, str, float]]:
    """What one person who starts a package needs."""
    yield "packages", package, 1.0
    if row["setting"] == "bed":
        yield "bed_types", str(row["bed_type"]), float(row["stay_days"])
    hours = plan.instance.table("package_hours")
    for line in hours[hours["package"] == package].to_dict("records"):
        days = _days(row, line)
        yield "roles", str(line["role"]), line["hours_per_week"] / 7 * days + line["hours_per_start"]
    care = plan.instance.table("package_care")
    for line in care[care["package"] == package].to_dict("records"):
        yield "shift_types", str(line["shift_type"]), line["care_hours_per_day"] * _days(row, line)


def _days(row: pd.Series, line: dict[str, float]) -> float:
    """Days of a stay on average within the window of a line."""
    sd = row["stay_sd_days"]
    stay = Stay(row["stay_distribution"], float(row["stay_days"]), None if pd.isna(sd) else float(sd))
    after = 0.0 if pd.isna(line["to_day"]) else float(stay.remaining(line["to_day"]))
    return float(stay.remaining(line["from_day"])) - after


def _users(use: pd.DataFrame, item: str, key: str, everybody: pd.DataFrame) -> pd.DataFrame:
    for booked_on in COST_ITEMS[item].booked_on:
        shares = _shares(use[(use["kind"] == KINDS.get(booked_on)) & (use["key"] == key)])
        if not shares.empty:
            return shares
    return everybody


def _shares(use: pd.DataFrame) -> pd.DataFrame:
    """Pathway, package and their share of the amount; nothing where there is none."""
    total = float(use["amount"].sum())
    sums = use.groupby(["pathway", "package"], as_index=False)["amount"].sum()
    if total <= 0:
        return sums.iloc[:0].assign(share=[])[["pathway", "package", "share"]]
    return sums.assign(share=sums["amount"] / total)[["pathway", "package", "share"]]
