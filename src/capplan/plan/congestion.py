"""What full beds do to people in a solved model, by the queue itself and not by the envelope that the search used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, nan
from typing import Any

from capplan.formulation.model import Model
from capplan.formulation.people import congestion
from capplan.parameters.waiting_lists import WHOLE, BedList, Key
from capplan.plan.people import value
from capplan.queueing import erlang_b, erlang_c, mean_queue

SMALLEST_LOAD = 1e-6
"""Loads below this are solver dust: nobody is offered a bed, nobody queues [people]."""


@dataclass(frozen=True)
class Congested:
    """A list in one period.

    `people_queueing` because beds are full by chance, beyond `people_waiting` anyway [people]; probabilities of
    refusal and of having to wait; NaN where the list has none.
    """

    people_queueing: float
    people_waiting: float
    refusal_probability: float
    wait_probability: float


NOT_CONGESTED = Congested(nan, nan, nan, nan)


def congested(m: Model) -> dict[tuple[Key, int], Congested]:
    """Every list in every period."""
    return {(key, t): _congested(m, one, t) for key, one in m.bed_list.items() for t in m.PERIODS}


def of_units(m: Model) -> dict[tuple[Key, int], Congested]:
    """Every unit on a list in every period: the list's probabilities, and its people shared out by beds open."""
    parts: dict[tuple[Key, int], Congested] = {}
    for (key, t), whole in congested(m).items():
        units = m.bed_list[key].units
        beds = [_beds(m, [unit], t) for unit in units]
        total = sum(beds)
        for unit, own in zip(units, beds, strict=True):
            share = own / total if total > 0 else 1 / len(units)
            parts[unit, t] = Congested(
                share * whole.people_queueing,
                share * whole.people_waiting,
                whole.refusal_probability,
                whole.wait_probability,
            )
    return parts


def settle(m: Model) -> None:
    """Gives `queue_by_chance` its exact value in a model that has been solved."""
    for (key, t), one in congested(m).items():
        if key in m.PRICED_LISTS:
            m.queue_by_chance[*key, t].set_value(one.people_queueing, skip_validation=True)


def _congested(m: Model, one: BedList, t: int) -> Congested:
    beds, load = floor(_beds(m, one.units, t) + WHOLE), _sum(congestion.load(m, one.key, t))
    load = load if load > SMALLEST_LOAD else 0.0
    if one.refuses:
        return Congested(nan, nan, float(erlang_b(beds, load)) if load else 0.0, nan)
    waiting = 0.0
    if one.is_priced:
        pairs, constant = congestion.mean_waiting(m, one.key, t)
        waiting = _sum(pairs) + constant
    queue = float(mean_queue(beds, load, one.cv_squared))
    return Congested(max(queue - waiting, 0.0), waiting, nan, float(erlang_c(beds, load)))


def _beds(m: Model, units: Iterable[Key], t: int) -> float:
    """Beds open that can be had in the period; part of a period counts as that part of the beds."""
    return sum(
        float(m.data.units[unit].available[t]) * value(m.beds_open[*unit, m.epoch[t]]) for unit in units
    )


def _sum(pairs: Iterable[tuple[float, Any]]) -> float:
    return sum(coefficient * value(variable) for coefficient, variable in pairs)
