"""The textbook way to put queues into a model: a binary for every size of a unit, and tangents that all sizes share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pyomo.environ as pyo

from capplan.formulation.people import congestion
from capplan.formulation.terms import weighted_sum
from capplan.queueing import mean_queue

SLOPES = tuple(np.geomspace(0.02, 20.0, 16))
"""Slopes of the tangents [people queueing per person in care], close enough to keep a queue to 2 % of itself."""
SHARES_FREE = np.geomspace(1.0, 0.002, 600)
"""Free beds as shares of the load allowed, at which a queue is looked at for its tangents."""

Pairs = list[tuple[float, Any]]


def with_plain_queues(m: pyo.ConcreteModel) -> pyo.ConcreteModel:
    """The model with its bounds on queues and loads replaced: exact at every size but for the tangents.

    queue_by_chance + mean_waiting >= slope[k] * load + sum over sizes of intercept[size,k] * has_size[size]
    load                           <= sum over sizes of load_max[size] * has_size[size]
    """
    m.queue_minimum.deactivate()
    m.service_level_limit.deactivate()
    keys = [(key, e) for key in m.BED_LISTS for e in m.DECISIONS]
    sizes = [(*key, e, size) for key, e in keys for size in m.bed_list[key].sizes]
    m.has_size = pyo.Var(sizes, within=pyo.Binary)
    m.plain_rows = pyo.ConstraintList()
    for key, e in keys:
        _add_sizes(m, key, e)
    for key in m.BED_LISTS:
        for t in m.PERIODS:
            _add_load(m, key, t)
            if key in m.PRICED_LISTS:
                _add_tangents(m, key, t)
    return m


def _of_sizes(m: Any, key: tuple[str, str], e: int, per_size: Iterable[float]) -> Pairs:
    sizes = m.bed_list[key].sizes
    return [(number, m.has_size[*key, e, size]) for size, number in zip(sizes, per_size, strict=True)]


def _add_sizes(m: Any, key: tuple[str, str], e: int) -> None:
    """An open list has one size, and as many beds as that."""
    sizes = m.bed_list[key].sizes
    beds = [(-1.0, m.beds_open[*unit, e]) for unit in m.bed_list[key].units]
    chosen = _of_sizes(m, key, e, [1.0] * len(sizes))
    m.plain_rows.add(weighted_sum([*chosen, (-1.0, congestion.is_open(m, key, e))]) == 0)
    m.plain_rows.add(weighted_sum([*_of_sizes(m, key, e, sizes), *beds]) == 0)


def _add_load(m: Any, key: tuple[str, str], t: int) -> None:
    one = m.bed_list[key]
    borne = _of_sizes(m, key, m.epoch[t], (-one.load_max(size) for size in one.sizes))
    m.plain_rows.add(weighted_sum([*congestion.load(m, key, t), *borne]) <= 0)


def _add_tangents(m: Any, key: tuple[str, str], t: int) -> None:
    one = m.bed_list[key]
    waiting, constant = congestion.mean_waiting(m, key, t)
    queue = [(1.0, m.queue_by_chance[*key, t]), *waiting]
    intercepts = np.array([_intercepts(size, one.load_max(size), one.cv_squared) for size in one.sizes]).T
    for slope, of_sizes in zip(SLOPES, intercepts, strict=True):
        load = [(-slope * factor, variable) for factor, variable in congestion.load(m, key, t)]
        rise = _of_sizes(m, key, m.epoch[t], -of_sizes)
        m.plain_rows.add(weighted_sum([*queue, *load, *rise], constant) >= 0)


@cache
def _intercepts(size: int, load_max: float, cv_squared: float) -> tuple[float, ...]:
    """Where the tangents of a size's queue meet no load: the least of queue − slope × load."""
    loads = np.append(load_max * (1 - SHARES_FREE), load_max)
    queue = mean_queue(size, loads, cv_squared)
    return tuple((queue - np.array(SLOPES)[:, None] * loads).min(axis=1))
