"""Capacity today and what it can become: beds, staff and crews, what they cost, and who may help whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.generate.care import BED_TYPES, DAYS_PER_MONTH, ROLES, SHIFT_TYPES, Care, rows_of
from capplan.generate.people import People, mean_hours
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
TODAY = (0.80, 0.90)  # what there is today over what the people meant for it need
BEDS_MAX_OVER_TODAY = (1.25, 1.6)
BEDS_MAX_OVER_TODAY_WITH_CONGESTION = (1.5, 2.1)  # which needs more beds for the same people
BUILDING_OVER_UNITS = 0.9  # of the beds that two units in one building could have
OPENING_GBP, CLOSING_GBP, CONVERT_GBP = 2500, 800, 1500
BEDS_PER_CONVERSION = 6
BY_LOCALITY = ("rehab_support_worker",)  # teams of the other roles, and crews, serve a network
TEAM_MAX_OVER_NEEDED = 1.6
SPOT_OVER_BLOCK = 1.5
ROAD_SHARE = {"rehab_support_worker": 0.12, "night": 0.25}


def site_beds(
    rng: np.random.Generator,
    where: Places,
    who: People,
    made: Care,
    new_sites_from: str,
    congestion: bool,
) -> pd.DataFrame:
    """Units of beds: today's stand where people need them but are too few; new sites stand empty."""
    units = _units(where)
    most_over_today = BEDS_MAX_OVER_TODAY_WITH_CONGESTION if congestion else BEDS_MAX_OVER_TODAY
    wanted = _beds_wanted(units, where, who, made)
    is_open = units["is_open"].to_numpy()
    short = wanted * rng.uniform(*TODAY, len(units))
    step, least = units["kind"].map(BEDS_STEP).to_numpy(), units["kind"].map(UNIT_BEDS_MIN).to_numpy()
    today = np.where(is_open, np.maximum(np.round(short / step) * step, least), 0)
    most = np.ceil(np.where(is_open, today * rng.uniform(*most_over_today, len(units)), wanted) / step) * step
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
    most, units = by_site["beds_max", "sum"], by_site["beds_max", "size"]
    shared = np.where(units > 1, np.floor(BUILDING_OVER_UNITS * most), most)
    holds = np.maximum(shared, by_site["beds", "sum"])
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
    needed = beds_needed(who, made).pivot(index="locality", columns="bed_type", values="beds")
    needed = needed.reindex(where.localities["locality"])
    pull = np.exp(-where.minutes_to_sites / MINUTES_PER_UNIT_OF_CHOICE)[:, units["position"]]
    pull = pull * units["draw"].to_numpy()
    wanted = np.zeros(len(units))
    for i, unit in enumerate(units.itertuples()):
        others = ((units["bed_type"] == unit.bed_type) & units["is_open"]).to_numpy(copy=True)
        others[i] = True
        wanted[i] = (needed[unit.bed_type].to_numpy() * pull[:, i] / pull[:, others].sum(axis=1)).sum()
    return wanted


def staff(
    rng: np.random.Generator, where: Places, who: People, made: Care, beds: pd.DataFrame
) -> pd.DataFrame:
    """Teams: support workers by locality, therapists and nurses by network; fewer in post than needed."""
    roles = rows_of(ROLES).set_index("role")
    needed = _wte_needed(where, who, made, beds)
    rows = needed.join(roles, on="role")
    today = np.maximum((2 * needed["wte"] * rng.uniform(*TODAY, len(needed))).round() / 2, 0.5)
    most = np.ceil(np.maximum(TEAM_MAX_OVER_NEEDED * needed["wte"], today + 2))
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
            "shifts_max": np.maximum(np.ceil(TEAM_MAX_OVER_NEEDED * needed), today + 1).astype(int),
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
