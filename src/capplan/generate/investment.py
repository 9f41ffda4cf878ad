"""What may be invested in: schemes and what they change, acute wards that may close, and the budgets for it all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd

from capplan.generate.care import DAYS_PER_MONTH, ELIGIBILITY, SHIFT_TYPES, Care, rows_of
from capplan.generate.people import People
from capplan.generate.places import Places

# Costs are per 1,000 people of 65 and more, or of each locality's where it goes live locality by locality. Some
# schemes are worth it, some are not, which depends on the place and the seed.
SCHEMES = """
scheme,name,one_off_gbp,month_gbp,lag_periods,ramp_periods,requires,excludes,mandatory,by_locality
early_discharge_team,Early discharge team,350,75,1,0,,,false,false
trusted_assessors,Trusted assessors in nursing homes,120,30,2,0,,,false,false
telecare,Telecare after discharge,500,35,3,0,,,false,false
skills_programme,Skills programme for rehabilitation beds,260,25,0,0,,,false,false
falls_service,Falls service,220,45,2,3,,,false,false
frailty_clinic,Frailty clinic,300,50,1,2,falls_service,,false,false
care_navigators,Care navigators,150,60,1,2,,virtual_ward,false,true
virtual_ward,Virtual ward,400,110,2,2,,care_navigators,false,false
hospital_extension,Extension of a community hospital,900,12,6,0,,,false,false
shared_records,Shared care records,280,-8,0,0,,,true,false
"""
GO_LIVES_MAX_PER_PERIOD = 1
PILOT_PERIODS = 3

SCHEME_EFFECTS = """
scheme,effect,pathway,package,resource,from_month,to_month,multiply,add
early_discharge_team,packages.stay_days,,rehab_bed,,,,0.93,
trusted_assessors,packages.stay_days,,nursing_bed,,,,0.95,
telecare,package_hours.hours_per_week,,rehab_at_home,rehab_support_worker,,,0.93,
skills_programme,eligibility.success,p2_bed,short_rehab_bed,,0,2,0.98,
skills_programme,eligibility.success,p2_bed,short_rehab_bed,,2,,,0.04
falls_service,referrals.people_per_month,crisis,,,,,0.94,
frailty_clinic,referrals.people_per_month,bed_not_hospital,,,,,0.93,
care_navigators,referrals.people_per_month,urgent_care,,,,,0.92,
virtual_ward,referrals.people_per_month,bed_not_hospital,,,,,0.9,
shared_records,pathways.unmet_gbp,crisis,,,,,0.98,
hospital_extension,sites.beds_max,,,,,,,6
"""
PRICE_BETWEEN = (0.6, 1.9)  # what a scheme costs here, over the costs above

NHS, COUNCIL, POOL = "integrated_care_board", "county_council", "better_care_fund"
NHS_ITEMS = (
    *("sites", "openings", "closings", "conversions", "changes", "staff", "hiring", "agency", "spot"),
    *("starts", "care_days", "travel", "failures", "successes", "schemes", "acute"),
)
COUNCIL_SHARE_OF_NURSING = 0.4
TODAY_OVER_NEED = 0.85  # in the middle
BUDGET_OVER_NEED = {NHS: 1.02, COUNCIL: 1.02}
CONGESTION_OVER_NEED = 1.06  # it takes more beds
COMMITTED_OVER_BUDGET = 0.35  # spent on other things, and in the budget
TRANSFER_SHARE = 0.05  # of a budget
BUDGET_GROWTH = 0.02

BASELINE = {"step_down": 0.9, "step_up": 0.6}  # of those referred: discharged, kept out of hospital today
POSSIBLE = {"step_down": 1.0, "step_up": 0.8}
FREED_DAYS = {"step_down": 7, "step_up": 6}  # of an acute bed, for each person more
WARD_OCCUPANCY, WARDS_MAX, WARD_DAY_GBP = 0.92, 2, 95
BEDS_OF_A_WARD = (3, 12)  # the smallest are bays


@dataclass(frozen=True)
class Today:
    """The tables of what there is today, which is too little by a tenth to a fifth; whether units congest."""

    sites: pd.DataFrame
    beds: pd.DataFrame
    staff: pd.DataFrame
    shifts: pd.DataFrame
    congestion: bool


def schemes(rng: np.random.Generator, where: Places, start: datetime.date) -> pd.DataFrame:
    """Ten schemes: one at every locality in turn, one that needs another first, one that has to be."""
    rows = rows_of(SCHEMES)
    thousands = where.localities["population_65_plus"] / 1000
    scale = np.where(rows["by_locality"], thousands.mean(), thousands.sum()) * rng.uniform(
        *PRICE_BETWEEN, len(rows)
    )
    for column in ("one_off_gbp", "month_gbp"):
        rows[column] = (rows[column] * scale).round(-2)
    largest = where.localities.sort_values(["population_65_plus", "locality"])["locality"].iloc[-1]
    by_locality = rows["by_locality"]
    rows["provider"] = "Community Health Trust"
    rows["go_lives_max_per_period"] = np.where(by_locality, GO_LIVES_MAX_PER_PERIOD, np.nan)
    rows["pilot_locality"] = np.where(by_locality, largest, None)
    rows["pilot_periods"] = np.where(by_locality, PILOT_PERIODS, 0)
    rows["earliest"] = start.isoformat()
    return rows


def scheme_effects(where: Places) -> pd.DataFrame:
    """What they change; the extension is at the first site, a community hospital."""
    rows = rows_of(SCHEME_EFFECTS)
    rows["site"] = np.where(rows["effect"] == "sites.beds_max", where.sites["site"].iloc[0], None)
    return rows


def acute_beds(where: Places, who: People) -> pd.DataFrame:
    """Wards at each hospital that may close once care outside frees enough of their beds."""
    named = where.catchments.merge(who.per_month, on="locality")
    named["people"] = named["people_per_month"] * named["share"]
    people = named.pivot_table(index="hospital", columns="direction", values="people", aggfunc="sum")
    people = people.reindex(where.hospitals["hospital"])
    days = sum(FREED_DAYS[way] * (POSSIBLE[way] - BASELINE[way]) * people[way] for way in BASELINE)
    ward_beds = (
        (days / DAYS_PER_MONTH / WARD_OCCUPANCY / WARDS_MAX).clip(*BEDS_OF_A_WARD).astype(int).to_numpy()
    )
    return pd.DataFrame(
        {
            "hospital": people.index,
            "discharges_baseline_per_month": (BASELINE["step_down"] * people["step_down"])
            .round(0)
            .to_numpy(),
            "diversions_baseline_per_month": (BASELINE["step_up"] * people["step_up"]).round(0).to_numpy(),
            "ward_beds": ward_beds,
            "wards_max": WARDS_MAX,
            "ward_month_gbp": (ward_beds * WARD_DAY_GBP * DAYS_PER_MONTH).round(-2),
            "double_running_months": 3,
            "bed_days_per_discharge": FREED_DAYS["step_down"],
            "bed_days_per_diversion": FREED_DAYS["step_up"],
            "occupancy": WARD_OCCUPANCY,
            "gain_share": 0.5,
        }
    )


def budgets(today: Today, who: People, made: Care, start: datetime.date, periods: int) -> pd.DataFrame:
    """What the two funders may spend in each financial year: a little more than the need of today costs them."""
    over_need = CONGESTION_OVER_NEED if today.congestion else 1.0
    nursing = COUNCIL_SHARE_OF_NURSING * _bed_gbp(today.beds[today.beds["bed_type"] == "nursing"])
    council = _shift_gbp(today.shifts) + nursing * over_need
    nhs = (_bed_gbp(today.beds) - nursing) * over_need + _site_gbp(today.sites)
    nhs += _staff_gbp(today.staff) + _start_gbp(who, made)
    rows = [
        {
            "funder": funder,
            "year": f"{start.year + year}/{(start.year + year + 1) % 100:02}",
            **_budget(gbp, year),
        }
        for funder, need_gbp in ((NHS, nhs), (COUNCIL, council))
        for year in range(ceil(periods / 12))
        for gbp in (BUDGET_OVER_NEED[funder] * need_gbp,)
    ]
    table = pd.DataFrame(rows)
    if periods % 12:
        table["note"] = "accepted: budgets are those of whole years"
    return table


def funding() -> pd.DataFrame:
    """The council pays for crews and for its share of nursing beds, the NHS for everything else."""
    rows: list[dict[str, object]] = [
        {"item": item, "funder": NHS, "share": 1} for item in ("beds", *NHS_ITEMS)
    ]
    rows += [{"item": "shifts", "funder": COUNCIL, "share": 1}]
    rows += [
        {"item": "beds", "key": "nursing", "funder": NHS, "share": 1 - COUNCIL_SHARE_OF_NURSING},
        {"item": "beds", "key": "nursing", "funder": COUNCIL, "share": COUNCIL_SHARE_OF_NURSING},
    ]
    return pd.DataFrame(rows)


def budget_pools(budget: pd.DataFrame) -> pd.DataFrame:
    """Both funders share their budgets, each up to a small part of its own."""
    most = (TRANSFER_SHARE * budget.groupby("funder")["budget_gbp"].min()).round(-3)
    return pd.DataFrame({"pool": POOL, "funder": most.index, "transfer_max_gbp": most.to_numpy()})


def _budget(gbp: float, year: int) -> dict[str, float]:
    grown = gbp * (1 + BUDGET_GROWTH) ** year
    committed = COMMITTED_OVER_BUDGET * grown
    return {"budget_gbp": round(grown + committed, -3), "committed_gbp": round(committed, -3)}


def _bed_gbp(beds: pd.DataFrame) -> float:
    return float((beds["beds"] * beds["bed_day_gbp"]).sum()) * 365 / TODAY_OVER_NEED


def _site_gbp(sites: pd.DataFrame) -> float:
    return float(sites.loc[sites["is_open"], "open_gbp_per_month"].sum()) * 12


def _staff_gbp(staff: pd.DataFrame) -> float:
    return float((staff["wte"] * staff["wte_month_gbp"]).sum()) * 12 / TODAY_OVER_NEED


def _shift_gbp(crews: pd.DataFrame) -> float:
    days = crews["shift_type"].map(rows_of(SHIFT_TYPES).set_index("shift_type")["duty_days_per_year"])
    return float((crews["shifts"] * days * crews["shift_gbp"]).sum()) / TODAY_OVER_NEED


def _start_gbp(who: People, made: Care) -> float:
    """A year of what goes with every start: the start itself, days in care, and those for whom it fails."""
    packages = made.packages.set_index("package")
    fails = rows_of(ELIGIBILITY)
    fails["fails_gbp"] = (1 - fails["success"]) * fails["failure_gbp"]
    starts = who.starts.merge(fails[["pathway", "package", "fails_gbp"]], on=["pathway", "package"])
    each = starts["package"].map(packages["start_gbp"] + packages["care_day_gbp"] * packages["stay_days"])
    return 12 * float((starts["people_per_month"] * (each + starts["fails_gbp"])).sum())
