"""The model in which limits can give way: nothing is missing that more room would allow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from capplan.formulation.build import build
from capplan.geography import travel_minutes
from capplan.instance import Instance
from capplan.parameters.eligibility import AT_HOME, SPOT_PRICES

NEXT_TO_NOTHING = 1e-12
"""A price of journeys that the solver reads as none, and that keeps people with other journeys apart [£/minute]."""


def model_with_room(instance: Instance, *, with_cost: bool = False) -> Any:
    """The model of an instance in which every target may be missed and longer journeys are there.

    What the instance forbids is in the model as variables without a bound of their own, or with the bounds they have:
    whoever asks has to hold them.
    """
    m = build(_with_more_options(instance), misses_targets=True)
    if not with_cost:
        m.cost.deactivate()
    for variables in (m.waiting, m.unmet, m.beds_opened, m.beds_closed, m.shifts_added, m.shifts_dropped):
        for variable in variables.values():
            variable.unfix()
    return m


def journeys(instance: Instance) -> pd.DataFrame:
    """Minutes from locality to site, as in `travel_minutes`; infinite where nothing is known."""
    return travel_minutes(instance).fillna(np.inf)


def longest_journeys(instance: Instance) -> dict[str, tuple[float, float]]:
    """By pathway the longest journey to a site that the settings allow, and that the pathway allows [minutes]."""
    everywhere = float(instance.settings.travel_minutes_max or np.inf)
    own = instance.pathways.set_index("pathway")["travel_minutes_max"].fillna(np.inf)
    return {pathway: (everywhere, float(minutes)) for pathway, minutes in own.items()}


def _with_more_options(instance: Instance) -> Instance:
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


def is_at_home(site: str) -> bool:
    """Whether a start needs no journey."""
    return site == AT_HOME
