"""A small instance with a plan, and ways to take it away: each plants one cause (or two at once).

Fifteen people a month leave hospital (town 10, village 5), to a bed for 30 days or, half of them at most, home with
7 hours a week for 20 days; six a month are seen at home in a crisis. Numbers are such that causes can be checked by
hand: a bed takes one person a month, a WTE gives 28 hours a week.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from capplan.instance import Instance

Tables = dict[str, list[dict[str, Any]]]
Cell = tuple[str, str]
STAY = "packages[package=ward_stay].stay_days"
SETTINGS = {
    "title": "Small",
    "start": "2017-04-01",
    "periods": 4,
    "capacity_changes_every": 2,
    "opening": "empty",
}
BASE: Tables = {
    "localities": [
        {"locality": "town", "name": "Town", "population_65_plus": 6000, "network": "west"},
        {"locality": "village", "name": "Village", "population_65_plus": 3000, "network": "west"},
    ],
    "hospitals": [{"hospital": "general"}],
    "sites": [
        {"site": "cottage", "name": "Cottage Hospital", "locality": "town"},
        {"site": "manor", "name": "Manor House", "locality": "village"},
    ],
    "travel": [
        {"locality": "town", "site": "cottage", "minutes": 5},
        {"locality": "town", "site": "manor", "minutes": 40},
        {"locality": "village", "site": "manor", "minutes": 5},
        {"locality": "village", "site": "cottage", "minutes": 40},
    ],
    "bed_types": [{"bed_type": "ward", "name": "Ward bed", "occupancy_max": 1}],
    "site_beds": [
        {"site": "cottage", "bed_type": "ward", "beds": 10, "beds_max": 20, "bed_day_gbp": 100},
        {"site": "manor", "bed_type": "ward", "beds": 4, "beds_max": 8, "bed_day_gbp": 100},
    ],
    "roles": [{"role": "rsw", "name": "Support worker", "contact_hours_per_week": 28}],
    "staff": [{"locality": "all", "role": "rsw", "wte": 1, "wte_max": 4, "wte_month_gbp": 2000}],
    "shift_types": [
        {
            "shift_type": "rapid",
            "name": "Rapid crew",
            "days": "all",
            "start": "08:00",
            "hours": 8,
            "care_hours": 6,
        }
    ],
    "shifts": [{"locality": "all", "shift_type": "rapid", "shifts": 1, "shifts_max": 3, "shift_gbp": 100}],
    "pathways": [
        {
            "pathway": "rehab",
            "name": "Rehab",
            "direction": "step_down",
            "delay_day_gbp": 300,
            "unmet_gbp": 4000,
        },
        {
            "pathway": "crisis",
            "name": "Crisis",
            "direction": "step_up",
            "delay_day_gbp": 300,
            "unmet_gbp": 1500,
        },
    ],
    "packages": [
        {
            "package": "ward_stay",
            "setting": "bed",
            "bed_type": "ward",
            "stay_days": 30,
            "stay_distribution": "fixed",
        },
        {"package": "home_rehab", "setting": "home", "stay_days": 20, "stay_distribution": "fixed"},
        {"package": "urgent", "setting": "home", "stay_days": 5, "stay_distribution": "fixed"},
    ],
    "package_hours": [{"package": "home_rehab", "role": "rsw", "hours_per_week": 7}],
    "package_care": [{"package": "urgent", "shift_type": "rapid", "care_hours_per_day": 6}],
    "eligibility": [
        {"pathway": "rehab", "package": "ward_stay"},
        {"pathway": "rehab", "package": "home_rehab", "share_max": 0.5},
        {"pathway": "crisis", "package": "urgent"},
    ],
    "referrals": [
        {"locality": "town", "hospital": "general", "pathway": "rehab", "people_per_month": 10},
        {"locality": "village", "hospital": "general", "pathway": "rehab", "people_per_month": 5},
        {"locality": "town", "hospital": "general", "pathway": "crisis", "people_per_month": 6},
    ],
}


def small(plant: Callable[[Tables], object] | None = None, **settings: object) -> Instance:
    """The small instance, with a cause planted."""
    tables = deepcopy(BASE)
    if plant is not None:
        plant(tables)
    return Instance.from_frames({**SETTINGS, **settings}, **tables)


def target(
    tables: Tables, value: float, metric: str = "discharges", sense: str = "min", **more: object
) -> None:
    row = {"target": metric, "metric": metric, "sense": sense, "value": value, "unit": "per_month", **more}
    tables.setdefault("targets", []).append(row)


def only_beds(tables: Tables) -> None:
    tables["eligibility"] = [row for row in tables["eligibility"] if row["package"] != "home_rehab"]


def only_home(tables: Tables) -> None:
    tables["eligibility"] = [row for row in tables["eligibility"] if row["package"] != "ward_stay"]
    tables["eligibility"][0].pop("share_max")


def above_referrals(tables: Tables) -> None:
    target(tables, 18)


def beds(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 12, **{"from": "2017-05-01"})
    for row, most in zip(tables["site_beds"], (5, 3), strict=True):
        row.update(beds=most, beds_max=most)


def a_site_without_beds(tables: Tables) -> None:
    beds(tables)
    tables["site_beds"][0].update(beds=0, beds_max=0)


def building(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 14)
    tables["sites"][0]["beds_max"] = 4
    tables["site_beds"][0]["beds"] = 4


def beds_of_the_county(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 14)
    tables["limits"] = [{"limit": "county_beds", "resource": "ward", "max": 9}]


def staff(tables: Tables) -> None:
    only_home(tables)
    target(tables, 14)
    tables["staff"][0].update(wte=1, wte_max=1.5)


def staff_of_the_county(tables: Tables) -> None:
    only_home(tables)
    target(tables, 14)
    tables["limits"] = [{"limit": "workers", "resource": "rsw", "max": 2}]


def recruits(tables: Tables) -> None:
    only_home(tables)
    target(tables, 14, **{"from": "2017-06-01"})
    tables["staff"][0].update(wte=0, wte_max=10, hires_max_per_period=0.5)
    tables["roles"][0]["recruitment_periods"] = 1


def shifts(tables: Tables) -> None:
    target(tables, 5.5, "diversions")
    tables["referrals"][2]["people_per_month"] = 30
    tables["targets"][0]["value"] = 28
    tables["shifts"][0]["shifts_max"] = 3


def cover(tables: Tables) -> None:
    tables["cover"] = [{"network": "west", "shift_type": "rapid", "on_duty_min": 3}]
    tables["limits"] = [{"limit": "crews", "resource": "rapid", "max": 2}]


def budget(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 14)
    tables["funding"] = [{"item": "beds", "funder": "ccg"}]
    tables["budgets"] = [{"funder": "ccg", "year": "2017/18", "budget_gbp": 300_000}]


def pool(tables: Tables) -> None:
    budget(tables)
    tables["budgets"].append({"funder": "council", "year": "2017/18", "budget_gbp": 3_000_000})
    tables["budget_pools"] = [
        {"pool": "better_care", "funder": "ccg"},
        {"pool": "better_care", "funder": "council", "transfer_max_gbp": 1000},
    ]


def journeys(tables: Tables) -> None:
    only_beds(tables)
    tables["pathways"][0].update(travel_minutes_max=30)
    tables["site_beds"] = tables["site_beds"][:1]
    target(tables, 0.9, "served_share", unit="share", for_each="locality", pathway="rehab", window="horizon")


def long_waits(tables: Tables) -> None:
    only_beds(tables)
    tables["pathways"][0].update(wait_days_max=2, unmet_gbp="never")
    tables["referrals"][0]["people_per_month"] = 26


def without_care(tables: Tables) -> None:
    only_home(tables)
    tables["pathways"][0].update(unmet_gbp="never", delay_day_gbp="never")
    tables["staff"][0].update(wte=1, wte_max=1)


def whom_care_suits(tables: Tables) -> None:
    tables["site_beds"][0].update(beds=3, beds_max=3)
    tables["site_beds"][1].update(beds=0, beds_max=2)
    tables["staff"][0].update(wte=9, wte_max=9)
    target(tables, 14)


def available_later(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 14)
    tables["site_beds"][0].update(beds=0, beds_max=20, available_from="2017-06-01")


def lead(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 14)
    tables["site_beds"][0].update(beds=2, beds_max=20, lead_periods=3)


def two_at_once(tables: Tables) -> None:
    cover(tables)
    beds(tables)


def whole_lots(tables: Tables) -> None:
    tables["site_beds"][0].update(beds=12, beds_max=20, beds_step=4)
    tables["site_beds"][1].update(beds=0, beds_max=0)
    tables["limits"] = [{"limit": "exactly", "resource": "ward", "min": 13, "max": 14}]


def promised_beds(tables: Tables) -> None:
    tables["limits"] = [{"limit": "promised", "resource": "ward", "min": 25}]
    tables["funding"] = [{"item": "beds", "funder": "ccg"}]
    tables["budgets"] = [{"funder": "ccg", "year": "2017/18", "budget_gbp": 300_000}]


def spending(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 14)
    target(tables, 30_000, "spend", "max")


def scheme(tables: Tables) -> None:
    tables["schemes"] = [{"scheme": "hub", "name": "The hub", "month_gbp": 50_000, "mandatory": True}]
    tables["funding"] = [{"item": "schemes", "funder": "ccg"}]
    tables["budgets"] = [{"funder": "ccg", "year": "2017/18", "budget_gbp": 30_000}]


def delays(tables: Tables) -> None:
    only_beds(tables)
    tables["pathways"][0]["unmet_gbp"] = "never"
    tables["referrals"][0]["people_per_month"] = 26
    target(tables, 5, "delayed_days", "max", unit="total")


def closed_site(tables: Tables) -> None:
    only_beds(tables)
    target(tables, 12)
    tables["sites"][0].update(is_open=False, can_open=False)
    tables["site_beds"][0].update(beds=0)


def with_ranges(tables):
    """Beds alone, of which there are more than enough; the stay may be longer, the price of a bed hardly higher."""
    only_beds(tables)
    tables["ranges"] = [
        {
            "value": "site_beds[site=cottage].bed_day_gbp",
            "low": 99,
            "high": 101,
            "source": "assumption: a guess",
        },
        {"value": STAY, "low": 20, "high": 40, "source": "a survey"},
    ]


CAUSES: dict[Callable[[Tables], None], tuple[Cell, ...]] = {
    above_referrals: (("targets", "value"),),
    beds: (("site_beds", "beds_max"), ("targets", "value")),
    a_site_without_beds: (("site_beds", "beds_max"), ("targets", "value")),
    building: (("sites", "beds_max"), ("targets", "value")),
    beds_of_the_county: (("limits", "max"), ("targets", "value")),
    staff: (("staff", "wte_max"), ("targets", "value")),
    staff_of_the_county: (("limits", "max"), ("targets", "value")),
    recruits: (("staff", "hires_max_per_period"), ("targets", "value")),
    shifts: (("shifts", "shifts_max"), ("targets", "value")),
    cover: (("cover", "on_duty_min"), ("limits", "max")),
    budget: (("budgets", "budget_gbp"), ("targets", "value")),
    pool: (("budget_pools", "transfer_max_gbp"), ("budgets", "budget_gbp"), ("targets", "value")),
    journeys: (("pathways", "travel_minutes_max"), ("targets", "value")),
    long_waits: (("pathways", "wait_days_max"), ("site_beds", "beds_max"), ("pathways", "unmet_gbp")),
    without_care: (("pathways", "unmet_gbp"), ("staff", "wte_max")),
    whom_care_suits: (("eligibility", "share_max"), ("targets", "value")),
    available_later: (("site_beds", "available_from"), ("targets", "value")),
    lead: (("site_beds", "lead_periods"), ("targets", "value")),
    two_at_once: (
        ("cover", "on_duty_min"),
        ("limits", "max"),
        ("site_beds", "beds_max"),
        ("targets", "value"),
    ),
    whole_lots: (("limits", "min"), ("limits", "max")),
    promised_beds: (("limits", "min"), ("budgets", "budget_gbp")),
    spending: (("targets", "value"),),
    scheme: (("schemes", "mandatory"), ("budgets", "budget_gbp")),
    delays: (("targets", "value"), ("pathways", "unmet_gbp")),
    closed_site: (("sites", "can_open"), ("targets", "value")),
}
"""Each planted cause with the cells (table, column) that an explanation has to name."""
