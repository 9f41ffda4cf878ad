"""Beds: how many there are today, what they cost, and what they can become."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.generate.care import BED_TYPES, DAYS_PER_MONTH, Care, rows_of
from capplan.generate.people import People
from capplan.generate.places import Places

# Which bed types a site can have, and which share of a type's people the kind draws, per site.
OFFERS = {
    "community_hospital": {"step_down": 2.0, "step_up": 2.5},
    "care_home": {"step_down": 1.0, "step_up": 0.6},
    "extra_care": {"step_down": 0.8},
    "nursing_home": {"nursing": 1.0},
}
BED_DAY_GBP = {"step_down": 150, "nursing": 164, "step_up": 158}
BEDS_STEP = {"community_hospital": 2, "care_home": 1, "extra_care": 1, "nursing_home": 1}
UNIT_BEDS_MIN = {"community_hospital": 4, "care_home": 4, "extra_care": 4, "nursing_home": 6}
MINUTES_PER_UNIT_OF_CHOICE = 15.0  # people are placed by exp(-minutes / this)
TODAY = (0.80, 0.90)  # beds today over what the people meant for them need
ROOM = (1.25, 1.6)  # beds possible over beds today
ROOM_WITH_CONGESTION = (1.5, 2.1)  # which needs more beds for the same people
SHARED_ROOM = 0.9  # of the beds that two units in one building could have
OPENING_GBP, CLOSING_GBP, CONVERT_GBP = 2500, 800, 1500
BEDS_PER_CONVERSION = 6


def room(congestion: bool) -> tuple[float, float]:
    """Beds possible over beds today, from and to."""
    return ROOM_WITH_CONGESTION if congestion else ROOM


def site_beds(
    rng: np.random.Generator,
    where: Places,
    who: People,
    made: Care,
    new_sites_from: str,
    room: tuple[float, float],
) -> pd.DataFrame:
    """Units of beds: today's stand where people need them but are too few; new sites stand empty."""
    units = _units(where)
    wanted = _beds_wanted(units, where, who, made)
    is_open = units["is_open"].to_numpy()
    short = wanted * rng.uniform(*TODAY, len(units))
    step, least = units["kind"].map(BEDS_STEP).to_numpy(), units["kind"].map(UNIT_BEDS_MIN).to_numpy()
    today = np.where(is_open, np.maximum(np.round(short / step) * step, least), 0)
    most = np.ceil(np.where(is_open, today * rng.uniform(*room, len(units)), wanted) / step) * step
    price = units["bed_type"].map(BED_DAY_GBP) * rng.uniform(0.95, 1.08, len(units))
    is_hospital = (units["kind"] == "community_hospital").to_numpy()
    return pd.DataFrame(
        {
            "site": units["site"],
            "bed_type": units["bed_type"],
            "beds": today.astype(int),
            "unit_beds_min": least,
            "beds_max": np.maximum(most, least + 2 * step).astype(int),
            "beds_step": step,
            "bed_day_gbp": price.round(1),
            "available_from": [None if is_one_open else new_sites_from for is_one_open in is_open],
            "opening_gbp_per_bed": np.where(is_hospital, 2 * OPENING_GBP, OPENING_GBP),
            "closing_gbp_per_bed": CLOSING_GBP,
            "lead_periods": np.where(is_hospital, 3, 1),
            "notice_periods": np.where(is_hospital, 3, 2),
            "spot_bed_day_gbp": np.where(is_hospital, np.nan, (1.45 * price).round(1)),
        }
    )


def with_beds_max(sites: pd.DataFrame, beds: pd.DataFrame) -> pd.DataFrame:
    """The sites with what each building holds: today's beds, but not all that its two units could be."""
    by_site = beds.groupby("site")[["beds", "beds_max"]].agg(["sum", "size"]).reindex(sites["site"])
    room, units = by_site["beds_max", "sum"], by_site["beds_max", "size"]
    holds = np.maximum(np.where(units > 1, np.floor(SHARED_ROOM * room), room), by_site["beds", "sum"])
    return sites.assign(beds_max=holds.astype(int).to_numpy())


def conversions(beds: pd.DataFrame) -> pd.DataFrame:
    """Step-down beds can become step-up beds, and the other way round, where a site has both and is open."""
    has_both = beds[(beds["beds"] > 0) & beds["bed_type"].isin(["step_down", "step_up"])]
    pairs = has_both.merge(has_both, on="site", suffixes=("_from", "_to"))
    pairs = pairs[pairs["bed_type_from"] != pairs["bed_type_to"]]
    return pd.DataFrame(
        {
            "site": pairs["site"],
            "from_bed_type": pairs["bed_type_from"],
            "to_bed_type": pairs["bed_type_to"],
            "convert_gbp_per_bed": CONVERT_GBP,
            "beds_per_change_max": BEDS_PER_CONVERSION,
        }
    )


def beds_needed(who: People, made: Care) -> pd.DataFrame:
    """Beds that the people meant for them need at the occupancy allowed: locality, bed_type, beds."""
    bed_packages = made.packages[made.packages["setting"] == "bed"]
    starts = who.starts.merge(bed_packages[["package", "bed_type", "stay_days"]], on="package")
    occupancy = starts["bed_type"].map(rows_of(BED_TYPES).set_index("bed_type")["occupancy_max"])
    starts["beds"] = starts["people_per_month"] * starts["stay_days"] / DAYS_PER_MONTH / occupancy
    return starts.groupby(["locality", "bed_type"], as_index=False)["beds"].sum()


def _units(where: Places) -> pd.DataFrame:
    """One row per site and bed type it can have: site, bed_type, kind, is_open, draw, position."""
    rows = [
        {
            "site": site.site,
            "bed_type": bed_type,
            "kind": site.kind,
            "is_open": site.is_open,
            "draw": draw,
            "position": position,
        }
        for position, site in enumerate(where.sites.itertuples())
        for bed_type, draw in OFFERS[site.kind].items()
    ]
    units = pd.DataFrame(rows)
    # One care home keeps to step-down: in a small area two units of step-up beds would be too small.
    first_care_home = units.loc[units["kind"] == "care_home", "site"].head(1)
    is_left_out = units["site"].isin(first_care_home) & (units["bed_type"] == "step_up")
    return units[~is_left_out].reset_index(drop=True)


def _beds_wanted(units: pd.DataFrame, where: Places, who: People, made: Care) -> np.ndarray:
    """Beds each unit would need if everybody went to a place near by; new sites as if they shared in it."""
    need = beds_needed(who, made).pivot(index="locality", columns="bed_type", values="beds")
    need = need.reindex(where.localities["locality"])
    pull = np.exp(-where.minutes_to_sites / MINUTES_PER_UNIT_OF_CHOICE)[:, units["position"]]
    pull = pull * units["draw"].to_numpy()
    wanted = np.zeros(len(units))
    for i, unit in enumerate(units.itertuples()):
        others = ((units["bed_type"] == unit.bed_type) & units["is_open"]).to_numpy(copy=True)
        others[i] = True
        wanted[i] = (need[unit.bed_type].to_numpy() * pull[:, i] / pull[:, others].sum(axis=1)).sum()
    return wanted
