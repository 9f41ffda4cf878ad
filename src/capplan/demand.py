"""People who need care: referrals by locality, hospital, pathway and period, and people waiting at the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance

NO_HOSPITAL = ""
RATE_UNITS = {
    "people_per_day": "day",
    "people_per_week": "week",
    "people_per_month": "month",
    "people_per_year": "year",
    "people_per_1000_65_plus_per_year": "year",
}


@dataclass(frozen=True)
class Demand:
    """Who is referred, and who waits when the plan starts.

    `referrals` [people] has the axes locality, hospital, pathway, period; `waiting` [people] the first three.
    `hospitals` begins with the empty name of people whom no hospital refers.
    """

    localities: tuple[str, ...]
    hospitals: tuple[str, ...]
    pathways: tuple[str, ...]
    referrals: np.ndarray
    waiting: np.ndarray


def demand(instance: Instance, horizon: Horizon) -> Demand:
    """The referrals of every period and the people already waiting, shared out over localities and hospitals.

    Rates go by calendar days; a row with a month replaces the one without on that month's days; growth counts from
    the start to the beginning of a period; rows that name no locality are shared out by population, rows that name no
    hospital by catchment.
    """
    localities = tuple(sorted(instance.localities["locality"]))
    hospitals = (NO_HOSPITAL, *sorted(instance.hospitals["hospital"]))
    pathways = tuple(sorted(instance.pathways["pathway"]))
    as_written = _by_cell(instance, horizon, localities, hospitals, pathways)
    by_locality = _share_out(as_written, _population_shares(instance, localities), axis=0)
    by_catchment = by_locality[:, -1:] * _hospital_shares(instance, localities, hospitals)[:, :, None, None]
    referrals = by_locality[:, :-1] + by_catchment
    return Demand(
        localities,
        hospitals,
        pathways,
        referrals,
        _waiting(instance, localities, hospitals, pathways, referrals),
    )


def _by_cell(
    instance: Instance,
    horizon: Horizon,
    localities: tuple[str, ...],
    hospitals: tuple[str, ...],
    pathways: tuple[str, ...],
) -> np.ndarray:
    """Referrals by locality (last: none named), hospital (last: none named), pathway and period."""
    rows = instance.referrals
    shape = (len(localities) + 1, len(hospitals) + 1, len(pathways))
    cell = np.ravel_multi_index(
        (
            _codes(rows["locality"], localities),
            _codes(rows["hospital"], hospitals),
            _codes(rows["pathway"], pathways),
        ),
        shape,
    )
    months = pd.PeriodIndex(horizon.dates, freq="M")
    month_of_day = np.asarray(months.asi8 - months.asi8[0])
    people = np.zeros((int(np.prod(shape)), len(horizon)))
    row_month = rows["month"].to_numpy("datetime64[M]").astype(int) - months.asi8[0]
    has_month = rows["month"].notna().to_numpy()
    rates = _rates(rows, instance, localities)
    replaced = np.zeros((len(people), month_of_day[-1] + 1), dtype=bool)
    inside = has_month & (row_month >= 0) & (row_month <= month_of_day[-1])
    replaced[cell[inside], row_month[inside]] = True
    # An empty cell is no key: one that comes from another process is not the same nothing.
    profiles = rows["profile"].fillna("").to_numpy()
    seasons = {profile: _season(instance, profile, horizon) for profile in set(profiles)}
    growth_per_year = rows["growth_per_year"].to_numpy()
    for unit, per_day in _weight_per_day(horizon).items():
        rate = rates[unit]
        by_month = np.zeros(replaced.shape)
        np.add.at(by_month, (cell[inside], row_month[inside]), rate[inside])
        people += by_month @ _by_month_and_period(per_day, month_of_day, horizon)
        for i in np.flatnonzero(~has_month & (rate > 0)):
            growth = (1 + growth_per_year[i]) ** horizon.years_since_start
            counted = per_day * seasons[profiles[i]] * ~replaced[cell[i], month_of_day]
            people[cell[i]] += rate[i] * growth * horizon.sum_by_period(counted)
    return people.reshape(*shape, len(horizon))


def _codes(names: pd.Series, known: tuple[str, ...]) -> np.ndarray:
    codes: np.ndarray = pd.Categorical(names, categories=list(known)).codes.astype(int)
    return np.where(codes < 0, len(known), codes)


def _rates(rows: pd.DataFrame, instance: Instance, localities: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Each row's rate under the unit it is written in, 0 under the others."""
    population = (
        instance.localities.set_index("locality")["population_65_plus"].reindex(list(localities)).to_numpy()
    )
    of_row = np.append(population, np.nansum(population))[_codes(rows["locality"], localities)]
    rates = {unit: np.zeros(len(rows)) for unit in ("day", "week", "month", "year")}
    for column, unit in RATE_UNITS.items():
        per_person = of_row / 1000 if column.startswith("people_per_1000") else 1.0
        rates[unit] += np.nan_to_num(rows[column].to_numpy(dtype=float) * per_person)
    return rates


def _weight_per_day(horizon: Horizon) -> dict[str, np.ndarray]:
    """What one person per day, week, month or year comes to on each day of the plan."""
    dates = horizon.dates
    return {
        "day": np.ones(len(dates)),
        "week": np.full(len(dates), 1 / 7),
        "month": 1 / dates.days_in_month.to_numpy(),
        "year": 1 / np.where(dates.is_leap_year, 366, 365),
    }


def _by_month_and_period(per_day: np.ndarray, month_of_day: np.ndarray, horizon: Horizon) -> np.ndarray:
    weights = np.zeros((month_of_day[-1] + 1, len(horizon)))
    np.add.at(weights, (month_of_day, horizon.period_of_day), per_day)
    return weights


def _season(instance: Instance, profile: object, horizon: Horizon) -> np.ndarray:
    """Factor of the profile on every day of the plan; 1 in months that the profile leaves out."""
    rows = instance.profiles[instance.profiles["profile"] == profile]
    factors = np.ones(13)
    factors[rows["month"].astype(int)] = rows["factor"]
    return np.asarray(factors[horizon.dates.month.to_numpy()])


def _population_shares(instance: Instance, localities: tuple[str, ...]) -> np.ndarray:
    population = instance.localities.set_index("locality")["population_65_plus"].reindex(list(localities))
    people = np.nan_to_num(population.to_numpy(dtype=float))
    if people.sum() == 0:
        return np.full(len(localities), 1 / len(localities))
    shares: np.ndarray = people / people.sum()
    return shares


def _share_out(people: np.ndarray, shares: np.ndarray, axis: int) -> np.ndarray:
    """Takes the last entry along the axis (no name given) and shares it out over the others."""
    named = np.take(people, range(people.shape[axis] - 1), axis=axis)
    unnamed = np.take(people, -1, axis=axis)
    shared: np.ndarray = named + np.expand_dims(unnamed, axis) * shares.reshape(
        -1, *[1] * (people.ndim - 1 - axis)
    )
    return shared


def _hospital_shares(
    instance: Instance, localities: tuple[str, ...], hospitals: tuple[str, ...]
) -> np.ndarray:
    """Shares by locality and hospital of people who name no hospital: by catchment, else no hospital."""
    shares = np.zeros((len(localities), len(hospitals)))
    rows = instance.catchments
    np.add.at(
        shares, (_codes(rows["locality"], localities), _codes(rows["hospital"], hospitals)), rows["share"]
    )
    shares[shares.sum(axis=1) == 0, 0] = 1.0
    return shares


def _waiting(
    instance: Instance,
    localities: tuple[str, ...],
    hospitals: tuple[str, ...],
    pathways: tuple[str, ...],
    referrals: np.ndarray,
) -> np.ndarray:
    """People waiting at the start; where a row names no locality or hospital, shared out like the first referrals.

    Where there are none to go by, like referrals that name neither: by population and catchment.
    """
    waiting = np.zeros(referrals.shape[:3])
    otherwise = _population_shares(instance, localities)[:, None] * _hospital_shares(
        instance, localities, hospitals
    )
    for row in instance.waiting.itertuples():
        p = pathways.index(row.pathway)
        inside = np.zeros(otherwise.shape)
        inside[
            slice(None) if pd.isna(row.locality) else localities.index(row.locality),
            slice(None) if pd.isna(row.hospital) else hospitals.index(row.hospital),
        ] = 1.0
        candidates = (referrals[:, :, p, 0], otherwise, np.ones(otherwise.shape))
        weight = next(weights * inside for weights in candidates if (weights * inside).sum() > 0)
        waiting[:, :, p] += row.people * weight / weight.sum()
    return waiting
