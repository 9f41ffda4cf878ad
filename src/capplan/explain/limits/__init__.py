"""Every limit of an instance, and the model in which they can give way: nothing is missing that looser ones allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from capplan.explain.limits.capacity import (
    bed_limits,
    conversion_limits,
    cover_limits,
    shift_limits,
    site_limits,
    staff_limits,
    total_limits,
)
from capplan.explain.limits.limit import Limit
from capplan.explain.limits.money import budget_limits, scheme_limits
from capplan.explain.limits.people import (
    journeys,
    longest_journeys,
    opening_limits,
    suitability_limits,
    target_limits,
    travel_limits,
    wait_limits,
)
from capplan.formulation.build import build
from capplan.formulation.model import Model
from capplan.instance import Instance
from capplan.parameters.eligibility import SPOT_PRICES

FINDERS = (
    target_limits,
    budget_limits,
    bed_limits,
    site_limits,
    conversion_limits,
    total_limits,
    staff_limits,
    shift_limits,
    cover_limits,
    wait_limits,
    suitability_limits,
    travel_limits,
    scheme_limits,
    opening_limits,
)
"""Every kind of limit is found by one of these."""
NEXT_TO_NOTHING = 1e-12
"""A price of journeys that the solver reads as none, and that keeps people with other journeys apart [£/minute]."""


def loosened_model(instance: Instance, *, with_cost: bool = False) -> Model:
    """The model of an instance in which every target may be missed and longer journeys are there.

    What the instance forbids is in the model as variables without a bound of their own, or with the bounds they have:
    whoever asks has to hold them.
    """
    m = build(_loosened(instance), misses_targets=True)
    if not with_cost:
        m.cost.deactivate()
    for variables in (m.waiting, m.unmet, m.beds_opened, m.beds_closed, m.shifts_added, m.shifts_dropped):
        for variable in variables.values():
            variable.unfix()
    return m


def limits_of(m: Model, instance: Instance) -> Iterator[Limit]:
    """Every limit of an instance, in its loosened model."""
    for finder in FINDERS:
        yield from finder(m, instance)


def _loosened(instance: Instance) -> Instance:
    """Longer journeys where any is too long, and a bed in every unit that has none but may be given some."""
    changed: dict[str, Any] = {"site_beds": _with_a_bed(instance)}
    settings = instance.settings
    if _cuts_off(instance):
        price = settings.travel_gbp_per_minute or NEXT_TO_NOTHING
        settings = settings.model_copy(update={"travel_minutes_max": None, "travel_gbp_per_minute": price})
        changed["pathways"] = instance.written["pathways"].assign(travel_minutes_max=np.nan)
    return instance.trusted(settings=settings, **changed)


def _cuts_off(instance: Instance) -> bool:
    """Whether any journey is too long for a pathway."""
    minutes = journeys(instance).to_numpy()
    longest = min((min(pair) for pair in longest_journeys(instance).values()), default=np.inf)
    return bool(np.isfinite(longest) and (minutes[np.isfinite(minutes)] > longest).any())


def _with_a_bed(instance: Instance) -> pd.DataFrame:
    written, units = instance.written["site_beds"].copy(), instance.site_beds
    calm = set(instance.bed_types.loc[instance.bed_types["congestion"] == "none", "bed_type"])
    none = (
        (units["beds_max"] == 0) & units["bed_type"].isin(calm) & units[list(SPOT_PRICES)].isna().all(axis=1)
    )
    if none.any():
        written["beds_max"] = units["beds_max"].where(~none, units["beds_step"])
    return written
