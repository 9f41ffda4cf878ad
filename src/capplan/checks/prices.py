"""Prices in one unit, however written: rough (a year has 365.25 days), for checks and ratios only."""

from __future__ import annotations

import pandas as pd

from capplan.instance import Instance

DAYS_PER_YEAR = 365.25
WEEKS_PER_YEAR = DAYS_PER_YEAR / 7


def per_bed_day(units: pd.DataFrame, stem: str = "bed") -> pd.Series:
    """Price of a bed for a day [£], of the canonical table `site_beds`; `stem` may be `spot_bed`."""
    by_month, by_year = units[f"{stem}_month_gbp"], units[f"{stem}_year_gbp"]
    return units[f"{stem}_day_gbp"].fillna(by_month * 12 / DAYS_PER_YEAR).fillna(by_year / DAYS_PER_YEAR)


def per_shift_hour(instance: Instance) -> pd.Series:
    """Price of an hour of a shift [£]; index: row of `shifts`."""
    crews = instance.table("shifts")
    hours = crews["shift_type"].map(instance.table("shift_types").set_index("shift_type")["hours"])
    return crews["shift_hour_gbp"].fillna(crews["shift_gbp"] / hours)
