"""What block capacity allows each month, and what people in care use of it: beds, teams and crews alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.parameters.units import beds_available
from capplan.parameters.waiting_lists import NONE, REFUSE, WHOLE
from capplan.queueing import load_max_refusal, load_max_waiting

Tables = Mapping[str, pd.DataFrame]
BEDS, STAFF, SHIFTS = "beds", "staff", "shifts"
Resource = tuple[str, str, str]
"""Result table, site or team, and bed type, role or shift type."""
INDEX = ["table", "where", "resource"]
HOURS = {
    STAFF: ("role", "hours_available", "hours_received", "hours_given", "agency_hours", "hours_needed"),
    SHIFTS: (
        *("shift_type", "care_hours_available", "care_hours_received", "care_hours_given"),
        *("spot_care_hours", "care_hours_needed"),
    ),
}
"""By result table: its resource; hours of its own, from others, to others, bought as spot; and hours needed."""


@dataclass(frozen=True)
class SpareCapacity:
    """Frames of one row per resource (`INDEX`) and one column per period [bed days or hours].

    `block` is what the capacity bought for a period may be filled with, `spot` what is bought beside it for one
    person at a time, `used` what people in care use of both.
    """

    block: pd.DataFrame
    spot: pd.DataFrame
    used: pd.DataFrame

    @property
    def share_carried(self) -> pd.DataFrame:
        """Share of the use that block capacity carries [0-1]; 1 where nothing is used."""
        share = (self.used - self.spot) / self.used.where(self.used > 0)
        return share.fillna(1.0).clip(0.0, 1.0)

    @property
    def left(self) -> pd.DataFrame:
        """What block capacity could carry beyond its use [bed days, hours]."""
        return (self.block - (self.used - self.spot).clip(lower=0.0)).clip(lower=0.0)


def spare_capacity_of(instance: Instance, tables: Tables) -> SpareCapacity:
    """Block and spot capacity and their use by unit of beds, team and crew.

    Beds count at the occupancy that the bed type allows (`usable_share`; spot beds of a type that congests may be
    full), teams and crews with their hours after travel and what others give them. Spot beds, agency hours and spot
    care are spot capacity.
    """
    horizon = Horizon.of(instance.settings)
    frames = [_beds(instance, tables["beds"], horizon), *(_hours(tables, table) for table in HOURS)]
    amounts = ["block", "spot", "used"]
    sums = pd.concat(frames).groupby([*INDEX, "period"])[amounts].sum()
    return SpareCapacity(*(_by_period(sums[amount].unstack("period"), horizon) for amount in amounts))


def usable_share(instance: Instance, beds: pd.DataFrame) -> pd.Series:
    """Share of the available beds that people may fill on average, for each row of the result table `beds` [0-1].

    Where beds do not congest, `occupancy_max`. Where they do, what the whole list may carry at the chance agreed of
    being refused or of having to wait; where the queue has a price and no chance is agreed, how full the list is in
    the fullest period of the plan.
    """
    types = instance.bed_types.set_index("bed_type")
    most = beds["bed_type"].map(types["occupancy_max"]).fillna(1.0)
    congests = beds["bed_type"].map(types["congestion"]) != NONE
    if not congests.any():
        return most
    rows = beds[congests].assign(available=beds_available(instance, beds))
    lists = instance.site_beds.set_index(["site", "bed_type"])["waiting_list"]
    list_names = [lists.get(key) for key in zip(rows["site"], rows["bed_type"], strict=True)]
    rows["list"] = [
        site if pd.isna(name) else name for site, name in zip(rows["site"], list_names, strict=True)
    ]
    for (_, bed_type), of_list in rows.groupby(["list", "bed_type"]):
        share = of_list["period"].map(_share_of_list(of_list, types.loc[bed_type]))
        most.loc[of_list.index] = np.minimum(most.loc[of_list.index], share)
    return most


def _share_of_list(rows: pd.DataFrame, bed_type: pd.Series) -> pd.Series:
    """By period: what the list's beds may carry, as a share of them."""
    sums = rows.groupby("period")[["available", "people_in_care", "spot_beds"]].sum()
    beds = np.floor(sums["available"] + WHOLE)
    if bed_type["congestion"] == REFUSE:
        refused = float(bed_type["refusal_probability_max"])
        carries = pd.Series(load_max_refusal(beds.to_numpy(), refused) * (1 - refused), beds.index)
    elif pd.notna(bed_type["wait_probability_max"]):
        most = load_max_waiting(beds.to_numpy(), float(bed_type["wait_probability_max"]))
        carries = pd.Series(most, beds.index)
    else:
        full = (sums["people_in_care"] - sums["spot_beds"]) / sums["available"].where(sums["available"] > 0)
        carries = sums["available"] * float(np.clip(full.max(), 0.0, 1.0) if full.notna().any() else 0.0)
    return (carries / sums["available"].where(sums["available"] > 0)).fillna(0.0)


def _beds(instance: Instance, beds: pd.DataFrame, horizon: Horizon) -> pd.DataFrame:
    bed_types, share = instance.bed_types, usable_share(instance, beds)
    congests = beds["bed_type"].isin(bed_types.loc[bed_types["congestion"] != NONE, "bed_type"])
    days = beds["period"].map(dict(zip(horizon.periods, horizon.days, strict=True)))
    return pd.DataFrame(
        {
            "table": BEDS,
            "where": beds["site"],
            "resource": beds["bed_type"],
            "period": beds["period"],
            "block": beds_available(instance, beds) * share * days,
            "spot": beds["spot_beds"] * share.where(~congests, 1.0) * days,
            "used": beds["people_in_care"] * days,
        }
    )


def _hours(tables: Tables, table: str) -> pd.DataFrame:
    resource, available, received, given, bought, needed = HOURS[table]
    rows = tables[table]
    return pd.DataFrame(
        {
            "table": table,
            "where": rows["locality"],
            "resource": rows[resource],
            "period": rows["period"],
            "block": rows[available] + rows[received] - rows[given],
            "spot": rows[bought],
            "used": rows[needed],
        }
    )


def _by_period(sums: pd.DataFrame, horizon: Horizon) -> pd.DataFrame:
    return sums.reindex(columns=list(horizon.periods)).astype(float).fillna(0.0)
