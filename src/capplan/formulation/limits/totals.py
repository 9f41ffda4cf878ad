"""Limits: bounds on sums of beds, WTE or shifts, as contracts and county plans state them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import total
from capplan.geography import localities_of, names
from capplan.instance import Row, by_key
from capplan.parameters.data import Data


def add_variables(m: Model) -> None:
    """No variables; the rows of `limits`, the resources each of them adds up and the periods in which it holds."""
    m.limit = by_key(m.data.instance.limits, "limit")
    m.limited_resources = {name: resources(m.data, row) for name, row in m.limit.items()}
    m.LEAST = [
        (name, t) for name, row in m.limit.items() if not np.isnan(row["min"]) for t in _periods(m, row)
    ]
    m.MOST = [
        (name, t) for name, row in m.limit.items() if not np.isnan(row["max"]) for t in _periods(m, row)
    ]


def _periods(m: Model, row: Row) -> list[int]:
    """Periods that the dates touch; of beds and shifts one in each stretch between decisions is enough."""
    inside = m.data.horizon.share_within(row["from"], row["to"]) > 0
    within = [t for t in m.PERIODS if inside[t]]
    if row["resource"] in m.role:
        return within
    return [t for t in within if t == within[0] or t == m.epoch[t]]


def resources(data: Data, row: Row) -> list[tuple[str, str]]:
    """The units, teams or crews whose beds, WTE or shifts a limit adds up."""
    if row["resource"] in data.occupancy_max:
        return [
            key
            for key, unit in data.units.items()
            if key[1] == row["resource"] and _has_site(data, row, unit.site)
        ]
    members = data.teams if row["resource"] in set(data.instance.roles["role"]) else data.crews
    area = localities_of(data.instance, row["locality"]) & localities_of(data.instance, row["network"])
    everywhere = area == localities_of(data.instance, None)
    return [
        key
        for key, team in members.items()
        if key[1] == row["resource"]
        and team.row
        and (everywhere or localities_of(data.instance, team.locality) <= area)
        and (not names(row["provider"]) or team.provider in names(row["provider"]))
    ]


def _has_site(data: Data, row: Row, site: str) -> bool:
    area = localities_of(data.instance, row["locality"]) & localities_of(data.instance, row["network"])
    of_site = data.sites[site]
    return of_site["locality"] in area and all(
        not names(row[column]) or (not pd.isna(of_site[column]) and of_site[column] in names(row[column]))
        for column in ("site", "kind", "provider")
    )


def _amount(m: Model, name: str, t: int) -> Any:
    keys, resource = m.limited_resources[name], m.limit[name]["resource"]
    if resource in m.data.occupancy_max:
        return total(m.beds_open[*key, m.epoch[t]] for key in keys)
    if resource in m.role:
        return total(m.wte[*key, t] for key in keys)
    return total(m.shifts_on_duty[*key, m.epoch[t]] for key in keys)


@constraint("LEAST", unit="beds, WTE or shifts")
def total_minimum(m: Model, limit: str, t: int) -> Any:
    """The sum of beds, WTE or shifts is at least what was agreed.

        sum(beds_open[s,b,e(t)] or wte[l,r,t] or shifts_on_duty[l,d,e(t)]) >= min[limit]

    "At least 60 beds for the county" leaves open where they are.
    """
    return _amount(m, limit, t) >= m.limit[limit]["min"]


@constraint("MOST", unit="beds, WTE or shifts")
def total_limit(m: Model, limit: str, t: int) -> Any:
    """The sum of beds, WTE or shifts is at most what was agreed.

        sum(beds_open[s,b,e(t)] or wte[l,r,t] or shifts_on_duty[l,d,e(t)]) <= max[limit]

    "70 beds, 30 workers, 6 shifts for the county": the plan decides where they go.
    """
    return _amount(m, limit, t) <= m.limit[limit]["max"]
