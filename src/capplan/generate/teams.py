"""Staff and crews: who is in post and on duty today, what they cost, and who may help whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.generate.care import DAYS_PER_MONTH, ROLES, SHIFT_TYPES, Care, rows_of
from capplan.generate.people import People, mean_hours
from capplan.generate.places import Places

BY_LOCALITY = ("rehab_support_worker",)  # teams of the other roles, and crews, serve a network
TODAY = (0.80, 0.90)  # of what the people meant for them need
ROOM = 1.6  # most that there can be, over what is needed
SPOT_OVER_BLOCK = 1.5
ROAD_SHARE = {"rehab_support_worker": 0.12, "night": 0.25}


def staff(
    rng: np.random.Generator, where: Places, who: People, made: Care, beds: pd.DataFrame
) -> pd.DataFrame:
    """Teams: support workers by locality, therapists and nurses by network; fewer in post than needed."""
    roles = rows_of(ROLES).set_index("role")
    needed = _wte_needed(where, who, made, beds)
    rows = needed.join(roles, on="role")
    today = np.maximum((2 * needed["wte"] * rng.uniform(*TODAY, len(needed))).round() / 2, 0.5)
    most = np.ceil(np.maximum(ROOM * needed["wte"], today + 2))
    return pd.DataFrame(
        {
            "locality": needed["team"],
            "role": needed["role"],
            "provider": "Community Health Trust",
            "wte": today,
            "wte_max": most,
            "hires_max_per_period": np.maximum(1, np.ceil(0.1 * most)),
            "wte_month_gbp": rows["wte_month_gbp"],
            "hiring_gbp_per_wte": rows["hiring_gbp"],
            "agency_hour_gbp": rows["agency_hour_gbp"],
        }
    )


def shifts(rng: np.random.Generator, where: Places, who: People, made: Care) -> pd.DataFrame:
    """Crews on duty in each network, fewer than needed, and the price of care bought for one person."""
    types = rows_of(SHIFT_TYPES)
    each = _home_hours(where, who, made)
    by_network = each.groupby("network")["care_hours"].sum().rename("care_hours_per_month").reset_index()
    rows = by_network.merge(types, how="cross")
    per_duty_day = rows["care_hours_per_month"] * 12 * rows["care_share"] / rows["duty_days_per_year"]
    needed = per_duty_day / rows["care_hours"]
    price = (rows["shift_gbp"] * rng.uniform(0.96, 1.06, len(rows))).round(0)
    today = np.maximum((needed * rng.uniform(*TODAY, len(rows))).round(), 1).astype(int)
    return pd.DataFrame(
        {
            "locality": rows["network"],
            "shift_type": rows["shift_type"],
            "provider": "Care Company A",
            "shifts": today,
            "shifts_max": np.maximum(np.ceil(ROOM * needed), today + 1).astype(int),
            "shift_gbp": price,
            "lead_periods": 1,
            "notice_periods": 2,
            "spot_care_hour_gbp": (SPOT_OVER_BLOCK * price / rows["care_hours"]).round(1),
        }
    )


def arrivals(where: Places, month: str) -> pd.DataFrame:
    """One support worker, recruited already, starts work in the largest locality."""
    largest = where.localities.sort_values(["population_65_plus", "locality"]).iloc[-1]
    return pd.DataFrame([{"locality": largest["locality"], "role": BY_LOCALITY[0], "month": month, "wte": 1}])


def cross_cover(where: Places) -> pd.DataFrame:
    """Support workers help the next locality of their network; night crews the next network."""
    workers = [
        (BY_LOCALITY[0], one, other)
        for _, members in where.localities.groupby("network")["locality"]
        for one, other in _neighbours(list(members))
    ]
    nights = [
        ("night", one, other) for one, other in _neighbours(sorted(where.localities["network"].unique()))
    ]
    rows = pd.DataFrame(workers + nights, columns=["resource", "from_locality", "to_locality"])
    return rows.assign(travel_share=rows["resource"].map(ROAD_SHARE))


def cover(crews: pd.DataFrame) -> pd.DataFrame:
    """One crew on duty every night in every network, whatever the load."""
    nights = crews.loc[crews["shift_type"] == "night", ["locality", "shift_type"]]
    return nights.rename(columns={"locality": "network"}).assign(on_duty_min=1)


def _neighbours(names: list[str]) -> list[tuple[str, str]]:
    """Each with the next in the row, and the last with the first."""
    return [(one, names[(i + 1) % len(names)]) for i, one in enumerate(names) if len(names) > 1]


def _home_hours(where: Places, who: People, made: Care) -> pd.DataFrame:
    """Paid hours a month for people at home: locality, network, one column per role, care_hours."""
    at_home = made.packages.loc[made.packages["setting"] == "home", "package"]
    hours = mean_hours(who.starts[who.starts["package"].isin(at_home)], made)
    columns = [*made.staff_hours.columns, "care_hours"]
    by_locality = hours.groupby("locality")[columns].sum().reindex(where.localities["locality"])
    not_travelling = 1 - where.localities.set_index("locality")["home_travel_share"]
    paid = by_locality.div(not_travelling, axis=0).reset_index()
    return paid.merge(where.localities[["locality", "network"]], on="locality")


def _bed_hours(where: Places, who: People, made: Care, beds: pd.DataFrame) -> pd.DataFrame:
    """Contact hours a month for people in beds, by the sites' localities: locality, network, roles."""
    bed_type = made.packages.set_index("package")["bed_type"]
    roles = list(made.staff_hours.columns)
    hours = mean_hours(who.starts[who.starts["package"].map(bed_type).notna()], made)
    by_type = hours.groupby(hours["package"].map(bed_type))[roles].sum()
    placed = beds.merge(where.sites[["site", "locality"]], on="site")
    share = placed["beds"] / placed.groupby("bed_type")["beds"].transform("sum")
    shared = by_type.reindex(placed["bed_type"]).reset_index(drop=True).mul(share, axis=0)
    return shared.assign(locality=placed["locality"]).merge(
        where.localities[["locality", "network"]], on="locality"
    )


def _wte_needed(where: Places, who: People, made: Care, beds: pd.DataFrame) -> pd.DataFrame:
    """WTE that today's people need if all come in time: team, role, wte."""
    roles = rows_of(ROLES).set_index("role")
    both = pd.concat([_home_hours(where, who, made), _bed_hours(where, who, made, beds)])
    rows = []
    for role, contact_hours in roles["contact_hours_per_week"].items():
        scope = "locality" if role in BY_LOCALITY else "network"
        weekly = both.groupby(scope)[role].sum() * 7 / DAYS_PER_MONTH
        rows.append(
            pd.DataFrame({"team": weekly.index, "role": role, "wte": (weekly / contact_hours).to_numpy()})
        )
    return pd.concat(rows, ignore_index=True)
