"""Who is referred when: plain arithmetic on the table `referrals`, independent of the model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance

STREAM = ["locality", "hospital", "pathway"]
SPELLINGS = (
    "people_per_month",
    "people_per_day",
    "people_per_week",
    "people_per_year",
    "people_per_1000_65_plus_per_year",
)


def referrals_by_period(instance: Instance, horizon: Horizon) -> pd.DataFrame:
    """People referred in each period, county rows shared out over localities and hospitals.

    Index: (locality, hospital, pathway), sorted, hospital "" where none refers; one column a period (ISO date of its
    first day) [people].
    """
    rows, rate, spelling = _rates(instance)
    stream = rows.groupby(STREAM, sort=True).ngroup().to_numpy()
    streams = rows[STREAM].drop_duplicates().sort_values(STREAM, ignore_index=True)
    months = horizon.dates.to_period("M")
    plan_months = months.unique()
    # Position of the row's month in the plan; -1 where it has none or lies outside.
    month = plan_months.get_indexer(pd.DatetimeIndex(rows["month"]).to_period("M"))
    dated = rows["month"].notna().to_numpy()

    replaced = np.zeros((len(streams), len(plan_months)), dtype=bool)
    replaced[stream[dated & (month >= 0)], month[dated & (month >= 0)]] = True
    season = _season(instance, rows.loc[~dated, "profile"], plan_months)
    growth = (1 + rows.loc[~dated, "growth_per_year"].to_numpy())[:, None] ** horizon.years_since_start

    people = np.zeros((len(streams), len(horizon)))
    for kind in np.unique(spelling):
        unit = _people_in_plan_month(horizon, SPELLINGS[kind], months, plan_months)
        inside = dated & (month >= 0) & (spelling == kind)
        by_month = np.zeros(replaced.shape)
        np.add.at(by_month, (stream[inside], month[inside]), rate[inside])
        people += by_month @ unit
        every = np.where(spelling == kind, rate, 0.0)[~dated]
        steady = (every[:, None] * season * ~replaced[stream[~dated]]) @ unit * growth
        np.add.at(people, stream[~dated], steady)
    return _shared_out(instance, streams, people, horizon)


def population(instance: Instance) -> pd.Series:
    """People aged 65 and over by locality; 0 where it is not known."""
    localities = instance.table("localities")
    return localities.set_index("locality")["population_65_plus"].fillna(0.0)


def _rates(instance: Instance) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The rows with "" for empty names, their rates (per 1,000 as per year), and which spelling each uses."""
    rows = instance.table("referrals")
    cells = rows[list(SPELLINGS)].to_numpy(dtype=float)
    spelling = (~np.isnan(cells)).argmax(axis=1)
    rate = np.nan_to_num(cells[np.arange(len(rows)), spelling])
    people_65_plus = population(instance)
    residents = rows["locality"].map(people_65_plus).fillna(people_65_plus.sum()).to_numpy(dtype=float)
    per_1000 = spelling == SPELLINGS.index("people_per_1000_65_plus_per_year")
    rate = np.where(per_1000, rate * residents / 1000, rate)
    return rows.fillna({"locality": "", "hospital": ""}), rate, spelling


def _people_in_plan_month(
    horizon: Horizon, spelling: str, months: pd.PeriodIndex, plan_months: pd.PeriodIndex
) -> np.ndarray:
    """People that a rate of 1 brings: array (month of the plan, period)."""
    per_day = {
        "people_per_month": 1 / horizon.dates.days_in_month.to_numpy(),
        "people_per_day": np.ones(len(horizon.dates)),
        "people_per_week": np.full(len(horizon.dates), 1 / 7),
    }.get(spelling, 1 / np.where(horizon.dates.is_leap_year, 366.0, 365.0))
    total = np.zeros((len(plan_months), len(horizon)))
    np.add.at(total, (plan_months.get_indexer(months), horizon.period_of_day), per_day)
    return total


def _season(instance: Instance, profile: pd.Series, plan_months: pd.PeriodIndex) -> np.ndarray:
    """Factor of each row's profile in each month of the plan; 1 where nothing is said."""
    profiles = instance.table("profiles")
    if profiles.empty:
        return np.ones((len(profile), len(plan_months)))
    factors = profiles.pivot_table(index="profile", columns="month", values="factor", aggfunc="first")
    factors = factors.reindex(columns=plan_months.month).fillna(1.0)
    season: np.ndarray = factors.reindex(profile).fillna(1.0).to_numpy()
    return season


def _shared_out(
    instance: Instance, streams: pd.DataFrame, people: np.ndarray, horizon: Horizon
) -> pd.DataFrame:
    """Rows without a locality go by population, rows without a hospital by catchment."""
    parts = streams.assign(stream=np.arange(len(streams)), share=1.0)
    by_population = population(instance)
    total = by_population.sum()
    by_population = by_population / total if total else by_population * 0 + 1 / len(by_population)
    parts = _split(parts, "locality", by_population.rename("part").reset_index())
    catchments = instance.table("catchments").rename(columns={"share": "part"})
    parts = _split(parts, "hospital", catchments[["locality", "hospital", "part"]])
    shared = pd.DataFrame(
        people[parts["stream"]] * parts["share"].to_numpy()[:, None],
        index=pd.MultiIndex.from_frame(parts[STREAM]),
        columns=list(horizon.periods),
    )
    return shared.groupby(level=STREAM, sort=True).sum()


def _split(parts: pd.DataFrame, column: str, by: pd.DataFrame) -> pd.DataFrame:
    """Rows whose `column` is "" become one row for each member that `by` has for them, if any."""
    whole, open_ = parts[parts[column] != ""], parts[parts[column] == ""].drop(columns=column)
    if open_.empty:
        return whole
    common = [name for name in ("locality",) if name in open_.columns and name in by.columns]
    split = open_.merge(by, on=common, how="left") if common else open_.merge(by, how="cross")
    split["share"] = split["share"] * split.pop("part").fillna(1.0)
    return pd.concat([whole, split.fillna({column: ""})], ignore_index=True)
