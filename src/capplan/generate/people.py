"""Who is referred: rates by locality and hospital, growth, and people already waiting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.generate.care import DAYS_PER_MONTH, ELIGIBILITY, PATHWAYS, PROFILE_OF, Care, rows_of
from capplan.generate.places import Places

WAITING_DAYS = 3  # of referrals, on step-down pathways, when the plan starts
GROWTH = {"step_down": (0.012, 0.02), "step_up": (0.012, 0.02), "community": (0.01, 0.015)}


@dataclass(frozen=True)
class People:
    """The table referrals, and what it comes to.

    `per_month` has one row per (locality, pathway): direction, people_per_month before season and growth;
    `starts` one per (locality, pathway, package): people_per_month if everybody gets what is meant for them.
    """

    referrals: pd.DataFrame
    per_month: pd.DataFrame
    starts: pd.DataFrame


def people(rng: np.random.Generator, where: Places) -> People:
    """Referrals: step-down by locality and hospital, step-up by locality, others for all together."""
    pathways = rows_of(PATHWAYS)
    growth = {direction: round(rng.uniform(*between), 3) for direction, between in GROWTH.items()}
    rows = pd.concat(
        [
            _step_down(rng, pathways[pathways["direction"] == "step_down"], where),
            _step_up(rng, pathways[pathways["direction"] == "step_up"], where),
            _community(pathways[pathways["direction"] == "community"], where),
        ],
        ignore_index=True,
    )
    direction = rows["pathway"].map(pathways.set_index("pathway")["direction"])
    rows["growth_per_year"] = direction.map(growth)
    rows["profile"] = direction.map(PROFILE_OF)
    per_month = _per_month(rows, where, pathways)
    mix = rows_of(ELIGIBILITY)[["pathway", "package", "mix"]]
    starts = per_month.merge(mix, on="pathway")
    starts["people_per_month"] *= starts["mix"]
    return People(rows, per_month, starts.drop(columns="mix"))


def waiting(where_from: People) -> pd.DataFrame:
    """A few days' referrals of each step-down pathway, to be shared out like referrals."""
    step_down = where_from.per_month[where_from.per_month["direction"] == "step_down"]
    people_per_day = step_down.groupby("pathway")["people_per_month"].sum() / DAYS_PER_MONTH
    return (WAITING_DAYS * people_per_day).round().rename("people").reset_index()


def mean_hours(starts: pd.DataFrame, made: Care) -> pd.DataFrame:
    """Contact hours a month that the starts need: columns of `starts`, one for each role, `care_hours`."""
    hours = made.staff_hours.reindex(starts["package"]).fillna(0.0).reset_index(drop=True)
    hours["care_hours"] = made.care_hours.reindex(starts["package"]).fillna(0.0).to_numpy()
    each = starts.reset_index(drop=True)
    return pd.concat([each, hours.mul(each["people_per_month"], axis=0)], axis=1)


def _rate(pathways: pd.DataFrame) -> pd.DataFrame:
    return pathways[["pathway", "people_per_1000_65_plus_per_month"]]


def _step_down(rng: np.random.Generator, pathways: pd.DataFrame, where: Places) -> pd.DataFrame:
    """One row per locality, hospital in whose catchment it lies, and pathway; hospitals refer differently."""
    thousands = where.localities.set_index("locality")["population_65_plus"] / 1000
    by_hospital = dict(
        zip(where.hospitals["hospital"], rng.uniform(0.88, 1.12, len(where.hospitals)), strict=True)
    )
    by_locality = dict(zip(thousands.index, rng.uniform(0.92, 1.08, len(thousands)), strict=True))
    rows = where.catchments.merge(_rate(pathways), how="cross")
    factor = rows["hospital"].map(by_hospital) * rows["locality"].map(by_locality)
    expected = rows["locality"].map(thousands) * rows["share"] * factor
    rows["people_per_month"] = (expected * rows["people_per_1000_65_plus_per_month"]).round(2)
    return rows[["locality", "hospital", "pathway", "people_per_month"]]


def _step_up(rng: np.random.Generator, pathways: pd.DataFrame, where: Places) -> pd.DataFrame:
    """One row per locality and pathway, per 1,000; which hospital they avoid follows from catchments."""
    localities = where.localities["locality"]
    by_locality = dict(zip(localities, rng.uniform(0.85, 1.15, len(localities)), strict=True))
    rows = localities.to_frame().merge(_rate(pathways), how="cross")
    per_year = 12 * rows["people_per_1000_65_plus_per_month"] * rows["locality"].map(by_locality)
    rows["people_per_1000_65_plus_per_year"] = per_year.round(1)
    return rows[["locality", "pathway", "people_per_1000_65_plus_per_year"]]


def _community(pathways: pd.DataFrame, where: Places) -> pd.DataFrame:
    """One row per pathway: a number for the whole area."""
    thousands = where.localities["population_65_plus"].sum() / 1000
    rows = _rate(pathways).copy()
    rows["people_per_month"] = (thousands * rows["people_per_1000_65_plus_per_month"]).round(0)
    return rows[["pathway", "people_per_month"]]


def _per_month(rows: pd.DataFrame, where: Places, pathways: pd.DataFrame) -> pd.DataFrame:
    """People a month by locality and pathway before season and growth, whatever unit a row is written in."""
    population = where.localities.set_index("locality")["population_65_plus"]
    named = rows[rows["locality"].notna()].copy()
    from_rate = named["people_per_1000_65_plus_per_year"] * named["locality"].map(population) / 12_000
    named["people_per_month"] = named["people_per_month"].fillna(from_rate)
    shares = (population / population.sum()).rename("share").reset_index()
    shared = rows.loc[rows["locality"].isna(), ["pathway", "people_per_month"]].merge(shares, how="cross")
    shared["people_per_month"] *= shared["share"]
    both = pd.concat([named, shared], ignore_index=True)
    total = both.groupby(["locality", "pathway"], as_index=False)["people_per_month"].sum()
    return total.merge(pathways[["pathway", "direction"]], on="pathway")
