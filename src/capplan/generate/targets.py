"""What must be achieved: limits, targets and scenarios that the people and the capacity allow."""

from __future__ import annotations

import datetime
from math import floor

import numpy as np
import pandas as pd

from capplan.generate.care import ELIGIBILITY, Care, rows_of
from capplan.generate.people import People

FLOOR_BELOW_HOME = 0.85  # the hard floors ask for this part of what care at home alone can do
AMBITION = 0.97  # the priced targets ask for this part of what everything together can do
SHORTFALL_GBP = 1200
MOST_BEDS, MOST_BEDS_WITH_CONGESTION = 1.2, 1.5  # agreed for the whole area, over beds today

SCENARIOS = (
    {
        "scenario": "hard_winter",
        "name": "A hard winter",
        "changes": "profiles[month=1].factor *= 1.15; profiles[month=2].factor *= 1.1",
    },
    {
        "scenario": "long_stays",
        "name": "Stays in beds 15 % longer",
        "changes": "packages[setting=bed].stay_days *= 1.15",
    },
    {
        "scenario": "few_recruits",
        "name": "Half as many recruits",
        "changes": "staff.hires_max_per_period *= 0.5",
    },
)


def limits(beds: pd.DataFrame, team: pd.DataFrame, congestion: bool) -> pd.DataFrame:
    """Totals agreed for the whole area: most beds of each type, fewest nursing beds, most support workers."""
    most_beds = MOST_BEDS_WITH_CONGESTION if congestion else MOST_BEDS
    total = beds.groupby("bed_type")[["beds", "beds_max"]].sum()
    rows: list[dict[str, object]] = [
        {
            "limit": f"{bed_type}_beds",
            "resource": bed_type,
            "min": floor(0.7 * number.beds) if bed_type == "nursing" else None,
            "max": int(min(np.ceil(most_beds * number.beds), number.beds_max)),
        }
        for bed_type, number in zip(total.index, total.itertuples(), strict=True)
    ]
    workers = team.loc[team["role"] == "rehab_support_worker", "wte"].sum()
    most = int(np.ceil(1.3 * workers)) + 1
    return pd.DataFrame(
        [*rows, {"limit": "support_workers", "resource": "rehab_support_worker", "max": most}]
    )


def targets(who: People, made: Care, start: datetime.date, periods: int) -> pd.DataFrame:
    """Discharges and diversions that rise, floors for networks and hospitals, and what is only reported."""
    at_home = made.packages[made.packages["setting"] == "home"]
    until = months_later(start, max(1, min(6, periods - 1)))
    step_down = _people(who, "step_down")
    diversion_rate = round(AMBITION * _best(who, made.packages, "step_up", with_success=True), 3)
    rows: list[dict[str, object]] = [
        {
            "target": "discharges_on_time",
            "name": "People leave hospital on time",
            "metric": "discharges",
            "sense": "min",
            "value": round(AMBITION * step_down),
            "unit": "per_month",
            "window": "year",
            "ramp_from": round(0.8 * step_down),
            "ramp_until": until.isoformat(),
            "shortfall_gbp": SHORTFALL_GBP,
        },
        {
            "target": "diversion_rate",
            "name": "Admissions avoided",
            "metric": "diversion_rate",
            "sense": "min",
            "value": diversion_rate,
            "unit": "share",
            "ramp_from": round(0.8 * diversion_rate, 3),
            "ramp_until": until.isoformat(),
            "shortfall_gbp": SHORTFALL_GBP,
        },
        {
            "target": "fair_share",
            "name": "No network is left behind",
            "metric": "served_share",
            "sense": "min",
            "value": floor(100 * FLOOR_BELOW_HOME * _best(who, at_home)) / 100,
            "unit": "share",
            "for_each": "network",
        },
        {
            "target": "fair_share_of_beds",
            "name": "Rehabilitation in every network",
            "metric": "served_share",
            "sense": "min",
            "value": 0.5,
            "unit": "share",
            "pathway": "p2_bed",
            "for_each": "network",
            "window": "year",
            "shortfall_gbp": SHORTFALL_GBP,
        },
        {
            "target": "every_hospital",
            "name": "Every hospital can discharge",
            "metric": "discharge_rate",
            "sense": "min",
            "value": 0.85,
            "unit": "share",
            "for_each": "hospital",
            "window": "year",
            "shortfall_gbp": SHORTFALL_GBP,
        },
        {
            "target": "delayed_days",
            "name": "Days that people wait in hospital",
            "metric": "delayed_days",
            "sense": "max",
            "value": round(5 * step_down),
            "unit": "per_month",
            "is_imposed": False,
            "pathway": "p1_home;p2_bed;p3_nursing",
        },
    ]
    return pd.DataFrame(rows)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The first day of the month that many months after the day's."""
    month = day.year * 12 + day.month - 1 + months
    return datetime.date(month // 12, month % 12 + 1, 1)


def _people(who: People, direction: str) -> float:
    rows = who.per_month
    return float(rows.loc[rows["direction"] == direction, "people_per_month"].sum())


def _best(
    who: People, packages: pd.DataFrame, direction: str | None = None, with_success: bool = False
) -> float:
    """Largest share of the people (of a direction) who can start, or succeed, with these packages alone."""
    rows = who.per_month if direction is None else who.per_month[who.per_month["direction"] == direction]
    people = rows.groupby("pathway")["people_per_month"].sum()
    options = rows_of(ELIGIBILITY)
    served = 0.0
    for pathway, number in people.items():
        possible = options[(options["pathway"] == pathway) & options["package"].isin(packages["package"])]
        served += number * _filled(possible.sort_values("success", ascending=False), with_success)
    return served / float(people.sum())


def _filled(options: pd.DataFrame, with_success: bool) -> float:
    """Share of a pathway's people whom these options reach, the best first, each up to its share_max."""
    left, served = 1.0, 0.0
    for option in options.itertuples():
        share = min(left, option.share_max)
        served += share * (option.success if with_success else 1.0)
        left -= share
    return served
