"""What people cost who start, are in care, wait, queue or go without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from capplan.formulation.model import Model
from capplan.formulation.schemes.effects import unmet_price
from capplan.formulation.terms import Term
from capplan.parameters.eligibility import AT_HOME
from capplan.parameters.loads import Load
from capplan.parameters.streams import Stream


def _per_start(m: Model, price: Callable[[Any, Any], float]) -> Iterator[Term]:
    """A price on every start, by pathway and the site's provider; `price(stream, option)` in £."""
    for stream in m.data.streams:
        for o in stream.options:
            gbp = price(stream, o)
            if gbp == 0:
                continue
            provider = "" if o.site == AT_HOME else m.data.units[m.units_at[o.site][0]].provider
            start = *stream.key, o.course, o.site
            for t in m.PERIODS:
                pair = (gbp, m.starts[*start, t])
                yield Term(o.package, provider, "", o.site, t, (pair,), 0.0, stream.key, "starts")


def starts(m: Model) -> Iterator[Term]:
    """People who start: start_gbp × starts, by package, those who go on to the next included; negative: a contribution."""
    yield from _per_start(m, lambda _, o: float(m.data.packages[o.course]["start_gbp"]))
    for k, load in m.data.onward_starts.items():
        yield from _in_stage(m, k, float(m.data.packages[k]["start_gbp"]), load, "onward_starts")


def care_days(m: Model) -> Iterator[Term]:
    """Days in care: care_day_gbp × person-days, by package, people from before the start included."""
    for k, row in m.data.packages.items():
        yield from _in_stage(m, k, float(row["care_day_gbp"]), m.data.bed_days_per_start[k], "caseload")


def _in_stage(m: Model, k: str, gbp: float, load: Load, shared_as: str) -> Iterator[Term]:
    """A price on what people in a stage of care come to (days, starts), people from before the start included."""
    if gbp == 0:
        return
    row = m.data.packages[k]
    for s in [site for site, stage in m.SITE_PACKAGES if stage == k]:
        unit = m.data.units[s, row["bed_type"]]
        for t in m.PERIODS:
            pairs = tuple((gbp * amount, m.starts_at[s, k, u]) for u, amount in load.column[t])
            yield Term(row["package"], unit.provider, unit.locality, s, t, pairs)
    for z in [zone for zone, stage in m.HOME_PACKAGES if stage == k]:
        for t in m.PERIODS:
            pairs = tuple((gbp * amount, m.starts_home[z, k, u]) for u, amount in load.column[t])
            yield Term(row["package"], "", "", "", t, pairs, 0.0, (z, k), shared_as)
    yield from _of_census(m, k, gbp * load.per_census)


def _of_census(m: Model, stage: str, gbp: np.ndarray) -> Iterator[Term]:
    row = m.data.packages[stage]
    for (locality, site, k), people in m.data.census.items():
        if k == stage:
            unit = m.data.units[site, row["bed_type"]] if site else None
            provider, place = (unit.provider, unit.locality) if unit else ("", locality)
            for t in m.PERIODS:
                yield Term(row["package"], provider, place, site, t, (), float(people * gbp[t]))


def travel(m: Model) -> Iterator[Term]:
    """Journeys to beds: travel_gbp_per_minute × minutes × starts."""
    price = m.data.instance.settings.travel_gbp_per_minute
    yield from _per_start(m, lambda _, o: float(price * o.minutes))


def failures(m: Model) -> Iterator[Term]:
    """People for whom it did not work out: failure_gbp × (1 − success) × starts."""
    yield from _per_start(m, lambda _, o: float(o.failure_gbp * (1 - o.success)))


def successes(m: Model) -> Iterator[Term]:
    """Payment by results: success_gbp × success × starts."""
    yield from _per_start(m, lambda _, o: float(o.success_gbp * o.success))


def waiting(m: Model) -> Iterator[Term]:
    """People who wait: delay_day_gbp × days × the mean of those waiting at the beginning and the end."""
    for stream in m.data.streams:
        gbp = float(m.data.pathways[stream.pathway]["delay_day_gbp"])
        if gbp == 0 or np.isinf(gbp):
            continue
        for t in m.PERIODS:
            half = gbp * float(m.days[t]) / 2
            now = ((half, m.waiting[*stream.key, t]),)
            yield Term(stream.pathway, "", "", "", t, now, 0.0, stream.key, "waiting")
            before = ((half, m.waiting[*stream.key, t - 1]),) if t > 0 else ()
            constant = half * stream.waiting if t == 0 else 0.0
            yield Term(stream.pathway, "", "", "", t, before, constant, stream.key, "waiting_before")


def queueing(m: Model) -> Iterator[Term]:
    """People who queue because beds are full by chance: queue_day_gbp × days × queue_by_chance, by bed type.

    Booked at the site of a unit that has a list of its own, and nowhere in particular where units share one.
    """
    for key in m.PRICED_LISTS:
        one = m.bed_list[key]
        unit = m.data.units[one.units[0]]
        alone = len(one.units) == 1
        provider, locality, site = (unit.provider, unit.locality, unit.site) if alone else ("", "", "")
        for t in m.PERIODS:
            pair = (float(one.queue_day_gbp * m.days[t]), m.queue_by_chance[*key, t])
            yield Term(one.bed_type, provider, locality, site, t, (pair,))


def unmet(m: Model) -> Iterator[Term]:
    """People who never start: unmet_gbp × (unmet + refused_per_start × starts), and × those still waiting at the end.

    Where nobody may go without, whoever waits at the end costs delay_day_gbp × wait_days_max, or nothing where
    that is empty. Where schemes change unmet_gbp, each of their states has its own people and its own price.
    """
    for stream in m.data.streams:
        if stream.key in m.unmet_touch:
            yield from _unmet_in_states(m, stream)
            continue
        pathway = m.data.pathways[stream.pathway]
        gbp = float(pathway["unmet_gbp"])
        end = np.nan_to_num(pathway["delay_day_gbp"] * pathway["wait_days_max"]) if np.isinf(gbp) else gbp
        if not np.isinf(gbp) and gbp > 0:
            for t in m.PERIODS:
                refused = (
                    (gbp * odds, m.starts[*stream.key, o.course, o.site, t])
                    for o in stream.options
                    if (odds := m.data.refused_per_start[o.course])
                )
                pairs = ((gbp, m.unmet[*stream.key, t]), *refused)
                yield Term(stream.pathway, "", "", "", t, pairs, 0.0, stream.key, "unmet")
        if 0 < end < np.inf:
            last = m.PERIODS[-1]
            pair = (float(end), m.waiting[*stream.key, last])
            yield Term(stream.pathway, "", "", "", last, (pair,), 0.0, stream.key, "waiting")


def _unmet_in_states(m: Model, stream: Stream) -> Iterator[Term]:
    booked = stream.pathway, "", "", ""
    prices = [unmet_price(m, stream.key, state) for state in range(len(m.unmet_states[stream.key]))]
    for t in m.PERIODS:
        pairs = tuple((gbp, m.unmet_in_state[*stream.key, t, state]) for state, gbp in enumerate(prices))
        yield Term(*booked, t, pairs, 0.0, stream.key, "unmet")
    last = tuple((gbp, m.unmet_in_state[*stream.key, m.the_end, state]) for state, gbp in enumerate(prices))
    yield Term(*booked, m.PERIODS[-1], last, 0.0, stream.key, "waiting")
