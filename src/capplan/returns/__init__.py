"""Demand and capacity by pathway and month, in the terms of the councils' annual capacity and demand return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.parameters.eligibility import Eligibility
from capplan.results.tables import PLANNING_RETURN
from capplan.returns.needs import OPTION, NeedPerStart, Needs, Option
from capplan.returns.spare_capacity import Resource, SpareCapacity, spare_capacity_of

Tables = Mapping[str, pd.DataFrame]
DIRECTIONS = ("step_down", "step_up", "community")
MEASURES = ("demand", "commissioned", "spot", "gap")
DIGITS = 9
"""Decimals kept: beyond them is the rounding of sums [people]."""


@dataclass(frozen=True)
class _Starts:
    """People who start by option (row) and period (column), and the resources that a start of each option needs."""

    people: pd.DataFrame
    needs: dict[Option, Needs]


def planning_return(instance: Instance, tables: Tables) -> pd.DataFrame:
    """Demand, capacity and gap: the rows of `results.tables.PLANNING_RETURN`.

    Every pathway has a row for every month of the plan. `tables` are the result tables of a plan of the instance.
    """
    horizon = Horizon.of(instance.settings)
    capacity = spare_capacity_of(instance, tables)
    starts = _starts(instance, tables, horizon)
    carried = starts.people * _share_carried(starts, capacity)
    demand = _by_pathway(tables["waiting"], "referrals", horizon)
    by_pathway = {
        "demand": demand,
        "commissioned": _sum(carried).add(
            _sum(_further_starts(instance, tables, starts, capacity)), fill_value=0.0
        ),
        "spot": _sum(starts.people - carried),
    }
    rows = instance.pathways
    wide = {name: frame.reindex(rows["pathway"]).fillna(0.0) for name, frame in by_pathway.items()}
    shares = months(horizon)
    monthly = {name: frame @ shares for name, frame in wide.items()}
    monthly["gap"] = monthly["demand"] - monthly["commissioned"] - monthly["spot"]
    long = pd.DataFrame({name: frame.stack() for name, frame in monthly.items()})
    long = long.rename_axis(["pathway", "month"]).reset_index()
    long["direction"] = long["pathway"].map(dict(zip(rows["pathway"], rows["direction"], strict=True)))
    order = long["direction"].map(DIRECTIONS.index)
    long[list(MEASURES)] = long[list(MEASURES)].round(DIGITS) + 0.0
    long = long.assign(order=order).sort_values("order", kind="stable").drop(columns="order")
    return PLANNING_RETURN.frame(long)


def months(horizon: Horizon) -> pd.DataFrame:
    """Share of each period's days (rows) in each calendar month (columns: the ISO date of its first day)."""
    position, names = pd.factorize(np.array([day.replace(day=1).isoformat() for day in horizon.dates.date]))
    days = np.zeros((len(horizon), len(names)))
    np.add.at(days, (horizon.period_of_day, position), 1.0)
    return pd.DataFrame(days / horizon.days[:, None], list(horizon.periods), names)


def _by_pathway(table: pd.DataFrame, value: str, horizon: Horizon) -> pd.DataFrame:
    sums = table.groupby(["pathway", "period"])[value].sum().unstack("period")
    return sums.reindex(columns=list(horizon.periods)).fillna(0.0)


def _sum(by_option: pd.DataFrame) -> pd.DataFrame:
    return by_option.groupby(level="pathway").sum()


def _starts(instance: Instance, tables: Tables, horizon: Horizon) -> _Starts:
    sums = tables["starts"].groupby([*OPTION, "period"])["people"].sum().unstack("period")
    people = sums.reindex(columns=list(horizon.periods)).astype(float).fillna(0.0)
    need = NeedPerStart(instance)
    return _Starts(people, {option: need(option) for option in people.index})


def _share_carried(starts: _Starts, capacity: SpareCapacity) -> pd.DataFrame:
    """Share of each option's starts that block capacity carries, by period: the least over what a start needs."""
    return _least(starts.people.index, starts.needs, capacity.share_carried, where_nothing=1.0)


def _least(
    options: pd.Index, needs: dict[Option, Needs], of_resource: pd.DataFrame, where_nothing: float
) -> pd.DataFrame:
    """By option and period the least of `of_resource` over what a start needs; `where_nothing` is."""
    position = {resource: n for n, resource in enumerate(of_resource.index)}
    values, least = of_resource.to_numpy(), np.full((len(options), len(of_resource.columns)), where_nothing)
    for n, option in enumerate(options):
        rows = [position[resource] for resource in needs[option] if resource in position]
        if rows:
            least[n] = values[rows].min(axis=0)
    return pd.DataFrame(least, options, of_resource.columns)


def _further_starts(
    instance: Instance, tables: Tables, starts: _Starts, capacity: SpareCapacity
) -> pd.DataFrame:
    """Starts that the room left in block capacity would still allow, by option and period."""
    left = capacity.left
    mix = starts.people.sum(axis=1)
    mix = mix[mix > 0]
    used_by_plan = {resource for option in mix.index for resource in starts.needs[option]}
    idle = [r for r in left.index[(left > 0).any(axis=1)] if r not in used_by_plan]
    parts = [_at_mix(mix, starts.needs, left)]
    if idle:
        could = _could_start(instance, tables["waiting"], idle)
        parts.append(_at_mix(*could, left.loc[idle]))
    return pd.concat(parts)


def _at_mix(mix: pd.Series, needs: dict[Option, Needs], left: pd.DataFrame) -> pd.DataFrame:
    """How often the mix of starts fits into the room left, for each option by what has least room for it."""
    needed: dict[Resource, float] = defaultdict(float)
    for option, people in mix.items():
        for resource, amount in needs[option].items():
            needed[resource] += people * amount
    fits = left.div([needed.get(resource, np.nan) for resource in left.index], axis=0).dropna()
    return _least(mix.index, needs, fits, where_nothing=0.0).mul(mix, axis=0)


def _could_start(
    instance: Instance, waiting: pd.DataFrame, idle: list[Resource]
) -> tuple[pd.Series, dict[Option, Needs]]:
    """Options of the people referred that need something idle, weighted by those people, and what a start needs."""
    need, eligibility, idle_resources = NeedPerStart(instance), Eligibility(instance), set(idle)
    people: dict[Option, float] = defaultdict(float)
    needs: dict[Option, Needs] = {}
    for locality, hospital, pathway, referrals in _referred(waiting):
        for eligible in eligibility.options(locality, hospital, pathway):
            option = locality, pathway, eligible.package, eligible.site
            takes = need(option)
            if idle_resources & takes.keys():
                people[option] += referrals
                needs[option] = takes
    index = pd.MultiIndex.from_tuples(people or [], names=OPTION)
    return pd.Series(list(people.values()), index, dtype=float), needs


def _referred(waiting: pd.DataFrame) -> Iterator[tuple[str, str, str, float]]:
    sums = waiting.groupby(["locality", "hospital", "pathway"])["referrals"].sum()
    for (locality, hospital, pathway), referrals in sums.items():
        if referrals > 0:
            yield locality, hospital, pathway, float(referrals)
