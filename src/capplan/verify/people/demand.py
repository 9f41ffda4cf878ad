"""The people whom an instance refers and who wait at its start, counted a second time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance

STREAM = ["locality", "hospital", "pathway"]


def referrals(instance: Instance, horizon: Horizon) -> pd.DataFrame:
    """People referred: one row per (locality, hospital, pathway), one column per period."""
    people = _referred_people(instance, horizon).groupby([*STREAM, "t"])["people"].sum().unstack("t")
    people = people.reindex(columns=range(len(horizon))).fillna(0.0)
    return people.set_axis(pd.Index(horizon.periods, name="period"), axis=1)


def waiting_at_opening(instance: Instance, referred: pd.DataFrame) -> pd.Series:
    """People waiting at the start, by (locality, hospital, pathway); `referred` as `referrals` gives it."""
    rows = _without_gaps(instance.table("waiting"), "locality", "hospital")
    first = referred.iloc[:, 0].rename("weight").reset_index()
    shares = [_shared_like(first, row, instance) for _, row in rows.iterrows()]
    if not shares:
        return pd.Series([], index=pd.MultiIndex.from_arrays([[], [], []], names=STREAM), dtype=float)
    return pd.concat(shares).groupby(STREAM)["people"].sum()


def _referred_people(instance: Instance, horizon: Horizon) -> pd.DataFrame:
    """People referred by (locality, hospital, pathway, t), t the position of the period; several rows may add up."""
    rows = _without_gaps(instance.table("referrals"), "locality", "hospital", "profile")
    stretches = _stretches(horizon)
    with_month = rows[rows["month"].notna()].merge(stretches, on="month")
    every_month = rows[rows["month"].isna()].drop(columns="month").merge(stretches, how="cross")
    replaced = _pairs(every_month, [*STREAM, "month"]).isin(_pairs(with_month, [*STREAM, "month"]))
    every_month = every_month[~replaced]
    with_month["people"] = _rate_times_days(instance, with_month)
    growth = (1 + every_month["growth_per_year"]) ** every_month["years"]
    season = _factors(instance, every_month)
    every_month["people"] = _rate_times_days(instance, every_month) * growth * season
    counted = pd.concat([with_month, every_month])[[*STREAM, "t", "people"]]
    return _by_catchment(instance, _by_population(instance, counted))


def population_shares(instance: Instance) -> pd.Series:
    """Each locality's share of the people aged 65 and over; even where nobody is counted."""
    people = instance.table("localities").set_index("locality")["population_65_plus"].fillna(0.0)
    return people / people.sum() if people.sum() > 0 else people * 0 + 1 / len(people)


def _shared_like(first: pd.DataFrame, row: pd.Series, instance: Instance) -> pd.DataFrame:
    """The people of one row of `waiting`, shared out like the referrals of the first period."""
    similar = first[first["pathway"] == row["pathway"]]
    for column in ("locality", "hospital"):
        if row[column]:
            similar = similar[similar[column] == row[column]]
    if similar["weight"].sum() > 0:
        return similar.assign(people=similar["weight"] / similar["weight"].sum() * row["people"])
    return _by_catchment(instance, _by_population(instance, row[[*STREAM, "people"]].to_frame().T))


def _stretches(horizon: Horizon) -> pd.DataFrame:
    """The pieces of the plan that lie in one period and one calendar month: one row each."""
    days = pd.DataFrame({"t": horizon.period_of_day, "month": horizon.dates.to_period("M").to_timestamp()})
    pieces = days.groupby(["t", "month"]).size().rename("days").reset_index()
    pieces["days_in_month"] = pieces["month"].dt.days_in_month
    pieces["days_in_year"] = np.where(pieces["month"].dt.is_leap_year, 366, 365)
    pieces["years"] = horizon.years_since_start[pieces["t"]]
    pieces["month"] = pieces["month"].astype("datetime64[s]")
    return pieces


def _rate_times_days(instance: Instance, rows: pd.DataFrame) -> pd.Series:
    population = instance.table("localities").set_index("locality")["population_65_plus"].fillna(0.0)
    older_people = rows["locality"].map(population).astype(float).fillna(population.sum())
    a_day = {
        "people_per_month": 1 / rows["days_in_month"],
        "people_per_week": 1 / 7,
        "people_per_day": 1.0,
        "people_per_year": 1 / rows["days_in_year"],
        "people_per_1000_65_plus_per_year": older_people / 1000 / rows["days_in_year"],
    }
    return sum((rows[unit].fillna(0.0) * factor for unit, factor in a_day.items()), start=0.0) * rows["days"]


def _factors(instance: Instance, rows: pd.DataFrame) -> pd.Series:
    """The season: the factor of the row's profile in its calendar month, 1 where there is none."""
    profiles = instance.table("profiles")
    factors = profiles.set_index(["profile", profiles["month"].astype(int)])["factor"]
    keys = pd.MultiIndex.from_arrays([rows["profile"], rows["month"].dt.month])
    return pd.Series(factors.reindex(keys).fillna(1.0).to_numpy(), index=rows.index)


def _by_population(instance: Instance, people: pd.DataFrame) -> pd.DataFrame:
    shares = population_shares(instance).rename("share").reset_index()
    spread = people[people["locality"] == ""].drop(columns="locality").merge(shares, how="cross")
    return _split(people[people["locality"] != ""], spread)


def _by_catchment(instance: Instance, people: pd.DataFrame) -> pd.DataFrame:
    catchments = instance.table("catchments")
    unsaid = (people["hospital"] == "") & people["locality"].isin(catchments["locality"])
    spread = people[unsaid].drop(columns="hospital").merge(catchments, on="locality")
    return _split(people[~unsaid], spread)


def _split(placed: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    spread = spread.assign(people=spread["people"] * spread["share"])
    return pd.concat([placed, spread[placed.columns]], ignore_index=True).astype({"people": float})


def _without_gaps(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return rows.assign(**{column: rows[column].astype(object).fillna("") for column in columns})


def _pairs(rows: pd.DataFrame, columns: list[str]) -> pd.Index:
    return pd.MultiIndex.from_frame(rows[columns].astype({"month": str}))
