"""Demand and capacity by pathway and month, in the terms of the councils' annual capacity and demand return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.formulation.options import Eligibility
from capplan.horizon import Horizon
from capplan.report.workbook.needs import OPTION, NeedPerStart, Needs, Option
from capplan.report.workbook.room import Resource, Room, room
from capplan.solved import Solved

DIRECTIONS = ("step_down", "step_up", "community")
MEASURES = ("demand", "commissioned", "spot", "gap")
DIGITS = 9
"""Decimals kept: beyond them is the rounding of sums [people]."""
COLUMNS = ("direction", "pathway", "month", *MEASURES)

DEFINITION = (
    "Everything is counted in people who start care in the month (new packages), as the return asks; nobody is "
    "counted twice, and what a person needs after the first package (onward care) starts nothing here.",
    "Demand: people referred in the month. People left waiting from earlier months are not in it again.",
    "Commissioned capacity: starts that block capacity allows in the month: those of the plan that beds, teams and "
    "crews bought for a period carry, and those that the room left in them would still allow.",
    "A start is carried by block capacity as far as block capacity covers what people in care use in that month at "
    "the unit, team or crew that covers least of it; the rest of the start is carried by spot capacity.",
    "Room left is what block capacity allows (beds at the occupancy allowed, hours after travel) less what people in "
    "care use, turned into starts at the stay and hours of each package: a free bed for 30 days is one start with a "
    "stay of 30 days. Pathways that share beds or teams share the room in the plan's own mix of starts; where the "
    "plan starts nobody, in the mix of the people referred who could start there. Where a package needs several "
    "things, what has least room decides.",
    "Spot capacity: starts of the plan that spot beds, agency hours and spot care carry.",
    "Gap: demand less commissioned less spot capacity. Above 0: capacity is missing, people wait or go without. "
    "Below 0: capacity to spare. A return that asks for the surplus means the same number with the sign turned.",
    "Months that are not in the plan are empty. Weeks and quarters are spread over their months by days.",
)
"""What the numbers mean, a paragraph each: the sheet and the docs print them."""


@dataclass(frozen=True)
class _Starts:
    """People who start by option (row) and period (column), and the resources that a start of each option needs."""

    people: pd.DataFrame
    needs: dict[Option, Needs]


def planning_return(plan: Solved) -> pd.DataFrame:
    """Demand, capacity and gap.

    One row per (direction, pathway, month): demand, commissioned, spot, gap [people who start, or are referred, in
    the month], month as the ISO date of its first day; `DEFINITION` says what each means. Every pathway has a row for
    every month of the plan.
    """
    horizon = Horizon.of(plan.instance.settings)
    found = room(plan)
    starts = _starts(plan, horizon)
    carried = starts.people * _share_carried(starts, found)
    demand = _by_pathway(plan.tables["waiting"], "referrals", horizon)
    by_pathway = {
        "demand": demand,
        "commissioned": _sum(carried).add(_sum(_room_left(plan, starts, found)), fill_value=0.0),
        "spot": _sum(starts.people - carried),
    }
    rows = plan.instance.pathways
    wide = {name: frame.reindex(rows["pathway"]).fillna(0.0) for name, frame in by_pathway.items()}
    monthly = {name: frame @ months(horizon) for name, frame in wide.items()}
    monthly["gap"] = monthly["demand"] - monthly["commissioned"] - monthly["spot"]
    long = pd.DataFrame({name: frame.stack() for name, frame in monthly.items()})
    long = long.rename_axis(["pathway", "month"]).reset_index()
    long["direction"] = long["pathway"].map(dict(zip(rows["pathway"], rows["direction"], strict=True)))
    order = long["direction"].map(DIRECTIONS.index)
    long[list(MEASURES)] = long[list(MEASURES)].round(DIGITS) + 0.0
    return long.assign(order=order).sort_values("order", kind="stable", ignore_index=True)[list(COLUMNS)]


def months(horizon: Horizon) -> pd.DataFrame:
    """Share of each period's days (rows) in each calendar month (columns: the ISO date of its first day)."""
    month = pd.Index([day.replace(day=1).isoformat() for day in horizon.dates.date])
    days = pd.crosstab(horizon.period_of_day, month).div(horizon.days, axis=0)
    return days.set_axis(list(horizon.periods))


def _by_pathway(table: pd.DataFrame, value: str, horizon: Horizon) -> pd.DataFrame:
    sums = table.groupby(["pathway", "period"])[value].sum().unstack("period")
    return sums.reindex(columns=list(horizon.periods)).fillna(0.0)


def _sum(by_option: pd.DataFrame) -> pd.DataFrame:
    return by_option.groupby(level="pathway").sum()


def _starts(plan: Solved, horizon: Horizon) -> _Starts:
    sums = plan.tables["starts"].groupby([*OPTION, "period"])["people"].sum().unstack("period")
    people = sums.reindex(columns=list(horizon.periods)).astype(float).fillna(0.0)
    need = NeedPerStart(plan.instance)
    return _Starts(people, {option: need(option) for option in people.index})


def _share_carried(starts: _Starts, found: Room) -> pd.DataFrame:
    """Share of each option's starts that block capacity carries, by period: the least over what a start needs."""
    return _least(starts.people.index, starts.needs, found.share_carried, where_nothing=1.0)


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


def _room_left(plan: Solved, starts: _Starts, found: Room) -> pd.DataFrame:
    """Starts that the room left in block capacity would still allow, by option and period."""
    left = found.left
    mix = starts.people.sum(axis=1)
    mix = mix[mix > 0]
    used_by_plan = {resource for option in mix.index for resource in starts.needs[option]}
    idle = [r for r in left.index[(left > 0).any(axis=1)] if r not in used_by_plan]
    parts = [_at_mix(mix, starts.needs, left)]
    if idle:
        could = _could_start(plan, idle)
        parts.append(_at_mix(*could, left.loc[idle]))
    return pd.concat(parts)


def _at_mix(mix: pd.Series, needs: dict[Option, Needs], left: pd.DataFrame) -> pd.DataFrame:
    """How often the mix of starts fits into the room left, for each option by what has least room for it."""
    asked: dict[Resource, float] = defaultdict(float)
    for option, people in mix.items():
        for resource, amount in needs[option].items():
            asked[resource] += people * amount
    fits = left.div([asked.get(resource, np.nan) for resource in left.index], axis=0).dropna()
    return _least(mix.index, needs, fits, where_nothing=0.0).mul(mix, axis=0)


def _could_start(plan: Solved, idle: list[Resource]) -> tuple[pd.Series, dict[Option, Needs]]:
    """Options of the people referred that need something idle, weighted by those people, and what a start needs."""
    need, eligibility, wanted = NeedPerStart(plan.instance), Eligibility(plan.instance), set(idle)
    people: dict[Option, float] = defaultdict(float)
    needs: dict[Option, Needs] = {}
    for locality, hospital, pathway, referrals in _referred(plan):
        for one in eligibility.options(locality, hospital, pathway):
            option = locality, pathway, one.package, one.site
            takes = need(option)
            if wanted & takes.keys():
                people[option] += referrals
                needs[option] = takes
    index = pd.MultiIndex.from_tuples(people or [], names=OPTION)
    return pd.Series(list(people.values()), index, dtype=float), needs


def _referred(plan: Solved) -> Iterator[tuple[str, str, str, float]]:
    sums = plan.tables["waiting"].groupby(["locality", "hospital", "pathway"])["referrals"].sum()
    for (locality, hospital, pathway), referrals in sums.items():
        if referrals > 0:
            yield locality, hospital, pathway, float(referrals)
