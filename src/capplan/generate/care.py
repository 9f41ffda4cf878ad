"""Who needs care and what helps: pathways, packages, roles, shift types, as data, with stays drawn by seed.

Columns that no table of an instance has are the generator's own: `people_per_1000_65_plus_per_month`, `mix`
(share of the pathway's people that the package is meant for), the range of a stay, and `care_hours_per_day`
before it is split over shift types.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO

import numpy as np
import pandas as pd

from capplan.parameters.stays import Stay

DAYS_PER_MONTH = 365.25 / 12

# Step-down starts 3.51, urgent response 4.05 and step-up 3.69 per 1,000 65+ a month (England 2023); step-down
# split 60:23:17 over pathways 1, 2 and 3. Who never starts stays in an acute bed at £346 a day (step-down) or
# is admitted at £1,590 and £313 for each excess day (step-up).
PATHWAYS = """
pathway,name,direction,delay_day_gbp,wait_days_max,unmet_gbp,travel_minutes_max,people_per_1000_65_plus_per_month
p1_home,Pathway 1: home with support,step_down,346,7,3800,,2.10
p2_bed,Pathway 2: rehabilitation,step_down,346,10,9700,60,0.82
p3_nursing,Pathway 3: nursing,step_down,346,14,13800,60,0.59
crisis,Crisis response,step_up,never,,1590,,4.05
urgent_care,Urgent care at home,step_up,never,,2200,,2.40
bed_not_hospital,A bed instead of hospital,step_up,never,,3780,45,1.10
end_of_life,End of life at home,step_up,never,,2850,,0.19
other_community,Other people in the community,community,90,10,900,,1.00
"""

# Stays: means between `from` and `to`, and their spread, after published discharge-to-assess parameters.
PACKAGES = """
package,name,setting,bed_type,from,to,stay_distribution,sd_per_mean,start_gbp,care_day_gbp
rehab_at_home,Rehabilitation at home,home,,10,18,lognormal,1.3,60,0
intensive_home,Intensive care at home,home,,20,30,exponential,,120,6
rehab_bed,Rehabilitation bed,bed,step_down,28,38,lognormal,0.6,60,10
short_rehab_bed,Rehabilitation bed with intensive therapy,bed,step_down,19,23,lognormal,0.5,60,12
nursing_bed,Nursing bed,bed,nursing,30,45,lognormal,0.55,60,12
step_up_bed,Step-up bed,bed,step_up,11,16,gamma,0.7,80,18
crisis_response,Crisis response,home,,2,2,fixed,,30,0
urgent_care_at_home,Urgent care at home,home,,3,3,fixed,,45,0
end_of_life_home,End-of-life care at home,home,,8,12,exponential,,60,5
bridging_care,Bridging care,home,,14,22,exponential,,0,0
"""

ELIGIBILITY = """
pathway,package,success,share_max,failure_gbp,mix
p1_home,rehab_at_home,0.86,1,1590,1
p2_bed,rehab_bed,0.82,1,1590,0.5
p2_bed,short_rehab_bed,0.84,0.45,1590,0.25
p2_bed,intensive_home,0.80,0.35,1590,0.25
p3_nursing,nursing_bed,0.75,1,1590,0.85
p3_nursing,intensive_home,0.70,0.2,1590,0.15
crisis,crisis_response,0.80,1,1590,0.9
crisis,urgent_care_at_home,0.84,0.25,1590,0.1
urgent_care,urgent_care_at_home,0.78,1,1590,1
bed_not_hospital,step_up_bed,0.85,1,1590,0.7
bed_not_hospital,urgent_care_at_home,0.65,0.4,1590,0.3
end_of_life,end_of_life_home,0.88,1,1590,0.95
end_of_life,step_up_bed,0.90,0.2,1590,0.05
other_community,bridging_care,1,1,0,1
"""

# Four visits a day at first, one at the end.
PACKAGE_HOURS = """
package,role,from_day,to_day,hours_per_week,hours_per_start
rehab_at_home,rehab_support_worker,0,4,17.5,0
rehab_at_home,rehab_support_worker,4,10,10.5,0
rehab_at_home,rehab_support_worker,10,,5.25,0
rehab_at_home,therapist,0,,1,1.5
intensive_home,rehab_support_worker,0,7,21,0
intensive_home,rehab_support_worker,7,,14,0
intensive_home,therapist,0,,1.5,2
intensive_home,nurse,0,,2,0
rehab_bed,therapist,0,,2,1
short_rehab_bed,therapist,0,,4,1
short_rehab_bed,rehab_support_worker,0,,5,0
nursing_bed,therapist,0,,0.5,1
step_up_bed,nurse,0,,2,1
step_up_bed,therapist,0,,1.5,0
crisis_response,nurse,0,,0,2.5
crisis_response,rehab_support_worker,0,,14,0
urgent_care_at_home,nurse,0,,3.5,2
end_of_life_home,nurse,0,,6,1.5
"""

CARE_HOURS_PER_DAY = """
package,care_hours_per_day
rehab_at_home,0.2
intensive_home,1.2
crisis_response,0.8
urgent_care_at_home,2.5
end_of_life_home,4
bridging_care,0.75
"""

BED_TYPES = """
bed_type,name,occupancy_max
step_down,Step-down bed,0.92
nursing,Nursing bed,0.92
step_up,Step-up bed,0.85
"""
# What a day in the queue costs where there is congestion: less than a day's delay in hospital (£346).
QUEUE_DAY_GBP = {"step_down": 240, "nursing": 240, "step_up": 280}

# Agency at 1.7 to 1.9 times the cost of an hour of own staff; turnover about 30 % a year.
ROLES = """
role,name,contact_hours_per_week,turnover_per_year,recruitment_periods,wte_month_gbp,agency_hour_gbp,hiring_gbp
rehab_support_worker,Rehab support worker,24,0.3,2,1960,34,900
therapist,Therapist,22,0.22,3,3250,62,1800
nurse,Community nurse,22,0.26,3,3300,64,1800
"""

# `care_share`: of a day's care hours, averaged over the week. Unsocial hours cost a third to two thirds more.
SHIFT_TYPES = """
shift_type,name,days,start,hours,care_hours,duty_days_per_year,care_share,shift_gbp
weekday_early,Weekday early,weekdays,07:00,8,6,253,0.31,112
weekday_late,Weekday late,weekdays,15:00,8,6,253,0.24,116
night,Night,all,23:00,8,4.5,365,0.2,142
saturday,Saturday,saturday,07:00,12,9,51,0.11,220
sunday,Sundays and bank holidays,sunday_and_bank_holidays,07:00,12,9,61,0.14,268
"""

# Factors of the months January to December before they are stretched and made to average 1.
SEASONS = {
    "winter_step_down": (1.10, 1.08, 1.05, 0.98, 0.96, 0.95, 0.95, 0.94, 0.96, 0.99, 1.01, 1.03),
    "winter_step_up": (1.14, 1.09, 1.03, 0.98, 0.95, 0.94, 0.94, 0.93, 0.95, 0.99, 1.02, 1.04),
}
PROFILE_OF = {"step_down": "winter_step_down", "step_up": "winter_step_up", "community": None}


def rows_of(text: str) -> pd.DataFrame:
    """One of the tables above as a frame; empty cells are NaN."""
    return pd.read_csv(StringIO(text.strip()))


@dataclass(frozen=True)
class Care:
    """What one start of a package needs, once its stay is drawn.

    `packages` has stay_days and stay_sd_days; `staff_hours` [hours/start] has an index package and a column
    for each role, `care_hours` [hours/start] an index package.
    """

    packages: pd.DataFrame
    staff_hours: pd.DataFrame
    care_hours: pd.Series


def care(rng: np.random.Generator) -> Care:
    """Packages with stays drawn within their usual range, and the hours that follow."""
    packages = rows_of(PACKAGES)
    stay_days = packages["from"] + (packages["to"] - packages["from"]) * rng.random(len(packages))
    packages["stay_days"] = (2 * stay_days).round() / 2
    packages["stay_sd_days"] = (packages["sd_per_mean"] * packages["stay_days"]).round(1)
    packages = packages.drop(columns=["from", "to", "sd_per_mean"])
    days = packages.set_index("package")["stay_days"]
    per_day = rows_of(CARE_HOURS_PER_DAY).set_index("package")["care_hours_per_day"]
    return Care(packages, _staff_hours(packages), (per_day * days).dropna())


def _staff_hours(packages: pd.DataFrame) -> pd.DataFrame:
    """Contact hours of each role (column) that one start of a package (row) comes to."""
    rows = rows_of(PACKAGE_HOURS)
    stays = {
        row.package: Stay(
            row.stay_distribution, row.stay_days, None if pd.isna(row.stay_sd_days) else row.stay_sd_days
        )
        for row in packages.itertuples()
    }
    upto = rows["to_day"].fillna(np.inf)
    days = [
        float(stays[package].survival_integral(to) - stays[package].survival_integral(from_))
        for package, from_, to in zip(rows["package"], rows["from_day"], upto, strict=True)
    ]
    rows["hours"] = rows["hours_per_start"] + rows["hours_per_week"] / 7 * np.array(days)
    return rows.pivot_table(index="package", columns="role", values="hours", aggfunc="sum", fill_value=0.0)


def bed_types(congestion: bool) -> pd.DataFrame:
    """The table bed_types; with congestion people queue at full units, and no occupancy is set."""
    types = rows_of(BED_TYPES)
    if not congestion:
        return types
    queue_day_gbp = types["bed_type"].map(QUEUE_DAY_GBP)
    return types.drop(columns="occupancy_max").assign(congestion="wait", queue_day_gbp=queue_day_gbp)


def pathways() -> pd.DataFrame:
    """The table pathways."""
    return rows_of(PATHWAYS).drop(columns="people_per_1000_65_plus_per_month")


def eligibility() -> pd.DataFrame:
    """The table eligibility."""
    return rows_of(ELIGIBILITY).drop(columns="mix")


def roles() -> pd.DataFrame:
    """The table roles."""
    return rows_of(ROLES).drop(columns=["wte_month_gbp", "agency_hour_gbp", "hiring_gbp"])


def shift_types() -> pd.DataFrame:
    """The table shift_types."""
    return rows_of(SHIFT_TYPES).drop(columns=["duty_days_per_year", "care_share", "shift_gbp"])


def profiles(rng: np.random.Generator) -> pd.DataFrame:
    """The seasons, each stretched by a factor drawn once; the factors of a profile average 1."""
    rows = []
    for profile, factors in SEASONS.items():
        stretched = 1 + rng.uniform(0.7, 1.4) * (np.array(factors) - np.mean(factors))
        rows += [
            {"profile": profile, "month": month, "factor": round(float(factor), 3)}
            for month, factor in enumerate(stretched, start=1)
        ]
    return pd.DataFrame(rows)


def package_care() -> pd.DataFrame:
    """Care hours per person and day, split over the shift types on duty at that time and day of the week."""
    rows = rows_of(CARE_HOURS_PER_DAY).merge(rows_of(SHIFT_TYPES)[["shift_type", "care_share"]], how="cross")
    rows["care_hours_per_day"] = (rows["care_hours_per_day"] * rows["care_share"]).round(4)
    return rows.drop(columns="care_share")
