"""Agreed bounds on sums of beds, WTE or shifts: the table `limits` of the instance against the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.verify.differences import above, below
from capplan.verify.evidence import Evidence
from capplan.verify.people.eligibility import described, matches
from capplan.verify.teams import Teams, crews, staff_teams

COUNTED = {
    "beds": ("bed_type", "beds_open", "site"),
    "staff": ("role", "wte", "locality"),
    "shifts": ("shift_type", "shifts_on_duty", "locality"),
}
"""For each result table: the column of its resource, of what is summed, and of where it is."""


def totals(evidence: Evidence) -> Iterator[Problem]:
    """The sums that `limits` bounds keep their least and greatest in every period that the dates touch."""
    for row in evidence.instance.table("limits").to_dict("records"):
        in_force = evidence.horizon.share_within(row["from"], row["to"]) > 0
        total = _total(evidence, row).loc[:, in_force]
        what = f"total of limit {row['limit']}"
        for column, compare, rule in (("min", below, "total_minimum"), ("max", above, "total_limit")):
            if not pd.isna(row[column]):
                yield from compare("limits", rule, what, total, total * 0 + row[column])


def _total(evidence: Evidence, row: Mapping[str, Any]) -> pd.DataFrame:
    total = pd.DataFrame(0.0, index=[""], columns=list(evidence.horizon.periods))
    for table, (resource, value, where) in COUNTED.items():
        amounts = evidence.wide(table, value, where, resource)
        units = evidence.instance.table("site_beds" if table == "beds" else table)
        units = units[units[resource] == row["resource"]]
        if table == "beds":
            units = _at_sites(evidence.instance, units, row)
        else:
            teams = staff_teams(evidence) if table == "staff" else crews(evidence)
            units = _of_area(evidence.instance, teams, units, row)
        keys = pd.MultiIndex.from_frame(units[[where, resource]])
        total.loc[""] += amounts.reindex(keys, fill_value=0.0).sum()
    return total


def _at_sites(instance: Instance, units: pd.DataFrame, row: Mapping[str, Any]) -> pd.DataFrame:
    """Units at the sites that the filters leave."""
    standing = units["site"].map(instance.table("sites").set_index("site")["locality"])
    units = described(instance, units[["site", "bed_type"]].assign(locality=standing))
    for column in ("locality", "network", "site", "kind", "provider"):
        units = units[matches(instance, units, column, row[column])]
    return units


def _of_area(instance: Instance, teams: Teams, rows: pd.DataFrame, row: Mapping[str, Any]) -> pd.DataFrame:
    """Teams whose whole area lies in the localities and networks that the filters leave."""
    places = instance.table("localities")
    for column in ("locality", "network"):
        places = places[matches(instance, places, column, row[column])]
    area = frozenset(places["locality"])
    keys = rows[teams.keys].itertuples(index=False, name=None)
    rows = rows[np.array([teams.areas[key] <= area for key in keys], dtype=bool)]
    return rows[matches(instance, rows, "provider", row["provider"])]
