"""What is tight: full beds, teams without an hour to spare, limits and budgets that bind, targets that cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from capplan import cells, wording
from capplan.digest.names import Names, display_names, name_of
from capplan.geography import localities_of
from capplan.sections import Grid, Section, grid
from capplan.solved import Solved

FULL = 0.001
"""Beds count as full when their occupancy is within this of the most allowed."""
BUSY = 0.98
"""Teams and crews count as used up above this share of their hours."""
NEXT_TO_NOTHING = 1.0
"""Targets whose last unit costs less than this are not told [£]."""
SPENT = 0.005
"""A budget counts as used up when no more than this share of it is left: a bed more may be too dear."""
SHOWN = 5
COUNTED = {
    "beds": ("bed_type", "beds_open", "site"),
    "staff": ("role", "wte", "locality"),
    "shifts": ("shift_type", "shifts_on_duty", "locality"),
}


def what_is_tight(plan: Solved) -> Section:
    """One line for each kind of thing that binds, the tightest first; nothing is said of kinds that do not."""
    names = display_names(plan.instance)
    often = f"in so many of {wording.count(plan.instance.settings.periods, 'period')}"
    kinds = {
        f"Full beds, {often}": _full_beds(plan, names),
        f"Teams and crews used up, {often}": [*_busy(plan, names, "staff"), *_busy(plan, names, "shifts")],
        "Limits reached": [] if plan.is_as_is else list(_limits_reached(plan)),
        "Budgets used up": [] if plan.is_as_is else _spent_budgets(plan),
        "One more for a target costs": _dear_targets(plan, names),
    }
    lines = [
        f"{what}: {wording.listed(names_of_kind, SHOWN, '; ')}."
        for what, names_of_kind in kinds.items()
        if names_of_kind
    ]
    return Section("What is tight", tuple(lines) or ("Nothing is.",))


def every(plan: Solved) -> Grid:
    """Every unit of beds that is full and every team that is used up, and in how many periods."""
    names, beds = display_names(plan.instance), plan.tables["beds"]
    full = [
        ("beds full", *_where_and_what(names, key), n)
        for key, n in _how_often(_full(plan, beds), ["site", "bed_type"])
    ]
    used = [
        ("team used up", *_where_and_what(names, key), n)
        for table in ("staff", "shifts")
        for key, n in _how_often(_used_up(plan, table), ["locality", COUNTED[table][0]])
    ]
    rows = [(kind, what, where, cells.number(n)) for kind, where, what, n in [*full, *used]]
    return grid(("how", "what", "where", "periods"), rows)


def _where_and_what(names: Names, key: tuple[str, str]) -> tuple[str, str]:
    where, what = key
    return name_of(names, where, "sites", "localities"), name_of(
        names, what, "bed_types", "roles", "shift_types"
    )


def _full(plan: Solved, beds: pd.DataFrame) -> pd.DataFrame:
    most = plan.instance.table("bed_types").set_index("bed_type")["occupancy_max"]
    return beds[beds["occupancy"] >= beds["bed_type"].map(most) - FULL]


def _used_up(plan: Solved, table: str) -> pd.DataFrame:
    frame = plan.tables[table]
    return frame[frame["utilisation"] > BUSY]


def _full_beds(plan: Solved, names: Names) -> list[str]:
    full = _full(plan, plan.tables["beds"])
    return [
        f"{name_of(names, site, 'sites')}, {name_of(names, bed_type, 'bed_types')} ({n})"
        for (site, bed_type), n in _how_often(full, ["site", "bed_type"])
    ]


def _busy(plan: Solved, names: Names, table: str) -> list[str]:
    resource = COUNTED[table][0]
    busy = _used_up(plan, table)
    return [
        f"{name_of(names, what, 'roles', 'shift_types')}, {name_of(names, team, 'localities')} ({n})"
        for (team, what), n in _how_often(busy, ["locality", resource])
    ]


def _how_often(rows: pd.DataFrame, key: list[str]) -> list[tuple[Any, int]]:
    """Keys with the number of periods in which they occur, the most frequent first."""
    counts = rows.groupby(key).size().sort_values(ascending=False, kind="stable")
    return list(counts.items())


def _limits_reached(plan: Solved) -> Iterator[str]:
    for row in plan.instance.table("limits").to_dict("records"):
        total = _total(plan, row)
        for bound, word in (("max", "at most"), ("min", "at least")):
            amount = row[bound]
            if not pd.isna(amount) and amount and (total - amount).abs().min() < 1e-6:
                yield f"{row['limit']} ({word} {wording.number(amount)})"


def _spent_budgets(plan: Solved) -> list[str]:
    """Imposed budgets of which next to nothing is left, with what a pool gives or takes."""
    table = plan.tables["budgets"].set_index(["funder", "year"])
    rows = plan.instance.table("budgets").set_index(["funder", "year"])
    imposed = table[table.index.isin(rows.index[rows["is_imposed"].astype(bool)])]
    left = imposed["transferred_gbp"] - imposed["gap_gbp"]
    spent = imposed.index[left <= SPENT * imposed["budget_gbp"]]
    return [f"{funder} in {year}" for funder, year in spent]


def _total(plan: Solved, row: Mapping[str, Any]) -> pd.Series:
    """What a limit bounds, by period."""
    area = localities_of(plan.instance, row["locality"]) & localities_of(plan.instance, row["network"])
    sums = []
    for table, (resource, amount, where) in COUNTED.items():
        frame = plan.tables[table]
        inside = _places(plan, table, row, area)
        kept = frame[(frame[resource] == row["resource"]) & frame[where].isin(inside)]
        sums.append(kept.groupby("period")[amount].sum())
    return pd.concat(sums).groupby(level=0).sum()


def _places(plan: Solved, table: str, row: Mapping[str, Any], area: frozenset[str]) -> set[str]:
    """Sites or teams that a limit counts."""
    instance = plan.instance
    if table == "beds":
        sites = instance.table("sites")
        sites = sites[sites["locality"].isin(area)]
        for column in ("site", "kind", "provider"):
            if not pd.isna(row[column]):
                sites = sites[sites[column].isin(row[column].split(";"))]
        return set(sites["site"])
    teams = instance.table(table)
    teams = teams[teams[COUNTED[table][0]] == row["resource"]]
    if not pd.isna(row["provider"]):
        teams = teams[teams["provider"].isin(row["provider"].split(";"))]
    return {team for team in teams["locality"] if localities_of(instance, team) <= area}


def _dear_targets(plan: Solved, names: Names) -> list[str]:
    table = plan.tables["targets"]
    dear = table[table["marginal_gbp"] >= NEXT_TO_NOTHING]
    most = dear.sort_values("marginal_gbp", ascending=False, kind="stable").drop_duplicates("target")
    return [
        f"{names['targets'][row['target']]} up to {wording.money(row['marginal_gbp'])}"
        for row in most.to_dict("records")
    ]
