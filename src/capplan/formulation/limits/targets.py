"""Targets: what the plan must achieve, in people, days or pounds and never as a quotient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from capplan import modelling as pyo
from capplan.formulation.components import constraint
from capplan.formulation.costs import objective as money
from capplan.formulation.model import Model
from capplan.formulation.schemes.in_force import referrals
from capplan.formulation.terms import Terms, added, weighted_sum
from capplan.parameters.streams import Stream
from capplan.parameters.targets import TargetRow
from capplan.results.metrics import METRICS, Per, Quantity
from capplan.scope import Scope

Pairs = Iterator[tuple[float, Any]]


def add_variables(m: Model) -> None:
    """`target_shortfall` where missing a target has a price; highest and lowest share where a gap is limited."""
    m.target = {row.key: row for row in m.data.targets if row.is_imposed}
    m.TARGETS_MIN = [key for key, row in m.target.items() if row.sense == "min"]
    m.TARGETS_MAX = [key for key, row in m.target.items() if row.sense == "max"]
    m.ELASTIC_TARGETS = [
        key for key, row in m.target.items() if m.misses_targets or not np.isnan(row.shortfall_gbp)
    ]
    m.GAPS = [key for key, row in m.target.items() if METRICS[row.metric].quantity is Quantity.SHARE_GAP]
    m.GAP_MEMBERS = [(*key, i) for key in m.GAPS for i in range(len(m.target[key].members))]
    m.declare("target_shortfall", "highest_share", "lowest_share")


def achieved(m: Model, row: TargetRow) -> Terms:
    """What counts towards a target: (coefficient, variable) pairs and a constant [people, days or £]."""
    match METRICS[row.metric].quantity:
        case Quantity.DAYS_WAITED:
            return _delayed_days(m, row)
        case Quantity.PERSON_DAYS:
            return list(_people_days(m, row)), 0.0
        case Quantity.BED_DAYS:
            return list(_bed_days(m, row, row.scope.bed_types)), 0.0
        case Quantity.CASH:
            return money.spend(m, row)
        case Quantity.SHARE_GAP:
            return [(1.0, m.highest_share[row.key]), (-1.0, m.lowest_share[row.key])], 0.0
        case Quantity.STARTS:
            return list(_starts(m, row, row.scope)), 0.0


def required(m: Model, row: TargetRow) -> Terms:
    """What a target asks for: its amount, or for ratios the level times the denominator, as `achieved` is given."""
    match METRICS[row.metric].per:
        case Per.BED_DAYS:
            return list(_bed_days(m, row, row.scope.bed_types, row.level, with_spot=True)), 0.0
        case Per.BED_DAYS_OF_EVERY_TYPE:
            return list(_bed_days(m, row, None, row.level)), 0.0
        case Per.REFERRALS:
            return referred(m, row.scope, dict(zip(row.periods, row.level, strict=True)))
        case None:
            return [], row.required


def referred(m: Model, scope: Scope, weights: Mapping[int, float]) -> Terms:
    """People of the scope who are referred in some periods, times a weight for each period, as terms."""
    return added(referrals(m, stream, weights) for stream in m.data.streams if _counts(m, scope, stream))


def _counts(m: Model, scope: Scope, stream: Stream) -> bool:
    return scope.has_people(*m.data.people_of(stream))


def _starts(m: Model, row: TargetRow, scope: Scope) -> Pairs:
    for stream in m.data.streams:
        if not _counts(m, scope, stream):
            continue
        for o in stream.options:
            if scope.has_start(o.package, o.site):
                weight = o.success if METRICS[row.metric].is_by_success else 1.0
                start = *stream.key, o.course, o.site
                for t in row.periods:
                    yield weight, m.starts[*start, t]


def _delayed_days(m: Model, row: TargetRow) -> Terms:
    pairs, constant = [], 0.0
    for stream in m.data.streams:
        if not _counts(m, row.scope, stream):
            continue
        for t in row.periods:
            half = float(m.days[t]) / 2
            pairs.append((half, m.waiting[*stream.key, t]))
            if t > 0:
                pairs.append((half, m.waiting[*stream.key, t - 1]))
            else:
                constant += half * stream.waiting
    return pairs, constant


def _people_days(m: Model, row: TargetRow) -> Pairs:
    for key in m.UNITS:
        if row.scope.has_unit(*key):
            yield from ((1.0, m.people_days[*key, t]) for t in row.periods)


def _bed_days(
    m: Model,
    row: TargetRow,
    bed_types: frozenset[str] | None,
    level: tuple[float, ...] | None = None,
    *,
    with_spot: bool = False,
) -> Pairs:
    """Bed days open at the target's sites, of some bed types or of all, times a level."""
    for s, b in m.UNITS:
        if (row.scope.sites is not None and s not in row.scope.sites) or (bed_types and b not in bed_types):
            continue
        for i, t in enumerate(row.periods):
            factor = float(m.days[t] * (1.0 if level is None else level[i]))
            yield factor * float(m.data.units[s, b].available[t]), m.beds_open[s, b, m.epoch[t]]
            if with_spot and (s, b, t) in m.spot_beds:
                yield factor, m.spot_beds[s, b, t]


def _sides(m: Model, key: tuple[str, str, str]) -> tuple[Any, Any]:
    row = m.target[key]
    have, constant = achieved(m, row)
    need, amount = required(m, row)
    return weighted_sum(have, constant), weighted_sum(need, amount)


def _missed(m: Model, key: tuple[str, str, str]) -> Any:
    if key not in m.target_shortfall:
        return 0.0
    return m.target_shortfall[key]


@constraint("TARGETS_MIN", unit="people, days or £")
def target_minimum(m: Model, g: str, scope: str, window: str) -> Any:
    """What is achieved, plus what is openly missed, is at least the target.

        achieved[g,scope,window] + target_shortfall[g,scope,window] >= required[g,scope,window]

    In people, never as a quotient: a rate of 30 % is 0.3 times the referrals that the target counts.
    """
    have, need = _sides(m, (g, scope, window))
    return have + _missed(m, (g, scope, window)) >= need


@constraint("TARGETS_MAX", unit="people, days or £")
def target_limit(m: Model, g: str, scope: str, window: str) -> Any:
    """What is achieved, less what is openly missed, is at most the target.

        achieved[g,scope,window] - target_shortfall[g,scope,window] <= required[g,scope,window]

    The same for waits, delays, occupancy, spend and gaps, where less is better.
    """
    have, need = _sides(m, (g, scope, window))
    return have - _missed(m, (g, scope, window)) <= need


def member_people(m: Model, key: tuple[str, str, str], i: int) -> Terms:
    """Referrals of a member of a gap over its window, as terms in `go_live`."""
    row = m.target[key]
    return referred(m, row.members[i], dict.fromkeys(row.periods, 1.0))


def _member_share(m: Model, key: tuple[str, str, str], i: int, which: str) -> Any:
    """Starts of a member over its referrals; where schemes change those, less the share that they make up for."""
    row = m.target[key]
    changes, people = member_people(m, key, i)
    if people <= 0:
        return None
    starts = [(1 / people, start) for _, start in _starts(m, row, row.members[i])]
    scaled = [(-more / people, m.share_if_live[which, *key, *go_live.index()]) for more, go_live in changes]
    return weighted_sum([*starts, *scaled])


@constraint("GAP_MEMBERS", unit="share")
def highest_share_minimum(m: Model, g: str, scope: str, window: str, member: int) -> Any:
    """The highest served share is at least that of every member.

        highest_share[g,scope,window] >= (sum(starts[l,h,p,k,s,t]) - sum(more_referrals[j,l,e] * share_if_live[which,g,scope,window,j,l,e])) / sum(referrals[l,h,p,t])

    Summed over the streams of the member and the periods of the window. Members without referrals have no share.
    Together with the lowest share this measures the gap.
    """
    share = _member_share(m, (g, scope, window), member, "highest")
    return pyo.Constraint.Skip if share is None else m.highest_share[g, scope, window] >= share


@constraint("GAP_MEMBERS", unit="share")
def lowest_share_limit(m: Model, g: str, scope: str, window: str, member: int) -> Any:
    """The lowest served share is at most that of every member.

        lowest_share[g,scope,window] <= (sum(starts[l,h,p,k,s,t]) - sum(more_referrals[j,l,e] * share_if_live[which,g,scope,window,j,l,e])) / sum(referrals[l,h,p,t])

    Summed as for the highest share. Members without referrals have no share.
    """
    share = _member_share(m, (g, scope, window), member, "lowest")
    return pyo.Constraint.Skip if share is None else m.lowest_share[g, scope, window] <= share
