"""Tiny random instances: for brute force (few whole-number plans) and for relations between plans.

Each is a base of one locality, one site and one pathway with a bed and a home option, and *features* on top:
what more an instance can say, one function each. The features of an instance stand in its description.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from math import floor, inf
from typing import Any

import numpy as np
from hypothesis import strategies as st

from capplan.instance import Instance

MOST_PLANS = 2000
CHANCE_OF_FEATURE = 0.35

Row = dict[str, Any]


def examples(most: int) -> int:
    """How many examples a slow property draws: all on a desk, half of them where the same are drawn every time."""
    return max(2, most // 2) if os.environ.get("CI") else most


@dataclass
class Draft:
    """An instance in the making: settings and rows of its tables, and where numbers are drawn from."""

    settings: Row
    tables: dict[str, list[Row]]
    random: np.random.Generator

    def one_of(self, *values: float) -> float:
        return values[int(self.random.integers(len(values)))]

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def add(self, table: str, **cells: object) -> None:
        self.tables.setdefault(table, []).append(cells)

    def change(self, table: str, **cells: object) -> None:
        """The same cells in every row of the table."""
        for row in self.rows(table):
            row.update(cells)

    @property
    def a_later_day(self) -> str:
        """A day after the first period, or in it where the plan is a few weeks from mid-month."""
        return "2017-04-13" if self.settings.get("period") == "week" else "2017-05-10"

    @property
    def last_locality(self) -> object:
        return self.rows("localities")[-1]["locality"]


def tiny_instance(seed: int, most_plans: int = MOST_PLANS) -> Instance:
    """A random instance with few combinations of its whole-number decisions; most of them have a plan."""
    for attempt in count():
        random = np.random.default_rng([seed, attempt])
        draft = _draft([name for name in ANYWHERE if random.random() < CHANCE_OF_FEATURE], random)
        if _integer_plans(draft) <= most_plans:
            return Instance.from_frames(draft.settings, **draft.tables)
    raise AssertionError("unreachable")


def small_instance(*always: str) -> st.SearchStrategy[Instance]:
    """Instances with any features and these ones; they shrink towards few features."""
    features = st.sets(st.sampled_from(sorted(ANYWHERE))).map(lambda drawn: drawn | set(always))
    return st.builds(instance_with, features, st.integers(0, 999))


def instance_with(features: Iterable[str], seed: int) -> Instance:
    """The instance with these features and what they rest on; KeyError for one that does not exist."""
    draft = _draft(features, np.random.default_rng(seed))
    return Instance.from_frames(draft.settings, **draft.tables)


def features_of(instance: Instance) -> set[str]:
    """The features that an instance was made with."""
    return set(instance.settings.description.split(", ")) - {""}


def _draft(features: Iterable[str], random: np.random.Generator) -> Draft:
    wanted = set(features)
    for feature in [*wanted]:
        wanted.update(RESTS_ON.get(feature, ()))
    draft = _base(random)
    for feature in sorted(wanted, key=list(FEATURES).index):
        FEATURES[feature](draft)
    draft.settings["description"] = ", ".join(sorted(wanted))
    return draft


def _integer_plans(draft: Draft) -> int:
    """Combinations of beds, conversions, recruits and shifts that are worth a look, all points together."""
    every = int(draft.settings["capacity_changes_every"])
    decisions = -(-int(draft.settings["periods"]) // every)
    choices = 1
    for unit in draft.rows("site_beds"):
        choices *= unit["beds_max"] // unit.get("beds_step", 1) + 1
    for conversion in draft.rows("conversions"):
        choices *= conversion["beds_per_change_max"] + 1
    for team in draft.rows("staff"):
        most = min(team["wte_max"], team.get("hires_max_per_period", inf) * every)
        choices *= floor(most / team.get("wte_step", 1)) + 1
    for crew in draft.rows("shifts"):
        choices *= crew["shifts_max"] + 1
    for row in draft.rows("acute_beds"):
        choices *= row["wards_max"] + 1
    for row in draft.rows("schemes"):
        places = len(draft.rows("localities")) if row.get("by_locality") else 1
        choices *= 1 if row.get("is_live") else 2**places
    return int(choices) ** decisions


def _base(random: np.random.Generator) -> Draft:
    draft = Draft({}, {}, random)
    periods = int(draft.one_of(2, 3, 4))
    draft.settings = {
        "title": "Tiny",
        "start": "2017-04-01",
        "periods": periods,
        "capacity_changes_every": int(draft.one_of(2, 2, 4)),
        "change_gbp": draft.one_of(0, 100),
    }
    draft.add("localities", locality="north", population_65_plus=3000, network="hills", home_travel_share=0.2)
    draft.add("hospitals", hospital="general")
    draft.add("sites", site="hill", locality="north")
    draft.add("bed_types", bed_type="ward", occupancy_max=draft.one_of(1, 0.9))
    beds = draft.one_of(0, 1, 2)
    draft.add("site_beds", site="hill", bed_type="ward", beds=beds, beds_max=2, bed_day_gbp=150)
    draft.add("pathways", pathway="going_home", direction="step_down", delay_day_gbp=300, unmet_gbp=4000)
    stay = {"stay_distribution": "exponential", "stay_days": draft.one_of(15, 24)}
    draft.add("packages", package="bed_stay", setting="bed", bed_type="ward", care_day_gbp=10, **stay)
    draft.add("packages", package="home_care", setting="home", stay_days=10, start_gbp=900)
    draft.add("eligibility", pathway="going_home", package="bed_stay")
    draft.add("eligibility", pathway="going_home", package="home_care", share_max=draft.one_of(1, 0.5))
    people = draft.one_of(2, 3, 4)
    draft.add(
        "referrals", locality="north", hospital="general", pathway="going_home", people_per_month=people
    )
    return draft


def _weeks(draft: Draft) -> None:
    draft.settings["period"] = "week"


def _mid_month(draft: Draft) -> None:
    draft.settings["start"] = "2017-04-11"


def _second_locality(draft: Draft) -> None:
    network = "hills" if draft.one_of(0, 1) else "plains"
    draft.add("localities", locality="south", population_65_plus=2000, network=network, home_travel_share=0.1)
    draft.add("referrals", locality="south", pathway="going_home", people_per_month=draft.one_of(1, 2))


def _second_hospital(draft: Draft) -> None:
    draft.add("hospitals", hospital="royal")
    for locality in draft.rows("localities"):
        draft.add("catchments", locality=locality["locality"], hospital="general", share=0.6)
        draft.add("catchments", locality=locality["locality"], hospital="royal", share=0.4)
    draft.add("referrals", pathway="going_home", people_per_week=0.2)


def _season(draft: Draft) -> None:
    draft.add("profiles", profile="spring", month=5, factor=1.4)
    draft.add("profiles", profile="spring", month=6, factor=0.6)
    draft.change("referrals", profile="spring", growth_per_year=0.1)


def _busy_month(draft: Draft) -> None:
    row = {"locality": "north", "hospital": "general", "pathway": "going_home"}
    draft.add("referrals", **row, month=draft.a_later_day[:7], people_per_month=5)


def _step_up(draft: Draft) -> None:
    unmet = draft.one_of(1500, 6000)
    draft.add("pathways", pathway="staying_home", direction="step_up", delay_day_gbp=200, unmet_gbp=unmet)
    draft.add("eligibility", pathway="staying_home", package="home_care", success=0.7, failure_gbp=1500)
    draft.add("eligibility", pathway="staying_home", package="bed_stay", success=0.9, success_gbp=-50)
    draft.add("referrals", pathway="staying_home", people_per_1000_65_plus_per_year=draft.one_of(3, 6))


def _never_wait(draft: Draft) -> None:
    draft.rows("pathways")[-1]["delay_day_gbp"] = "never"


def _wait_limit(draft: Draft) -> None:
    draft.rows("pathways")[0]["wait_days_max"] = draft.one_of(3, 8)


def _second_site(draft: Draft) -> None:
    is_open = bool(draft.one_of(0, 1))
    site = {"site": "dale", "locality": draft.last_locality, "is_open": is_open}
    draft.add("sites", **site, kind="care_home", open_gbp_per_month=draft.one_of(500, 3000))
    draft.add("site_beds", site="dale", bed_type="ward", beds=int(is_open), beds_max=1, bed_day_gbp=130)


def _available_later(draft: Draft) -> None:
    draft.rows("site_beds")[-1].update(beds=0, available_from=draft.a_later_day)
    draft.rows("sites")[-1]["is_open"] = False


def _stays_open(draft: Draft) -> None:
    draft.rows("sites")[0].update(open_gbp_per_month=4000, can_close=False)


def _small_building(draft: Draft) -> None:
    at_hill = [unit["beds"] for unit in draft.rows("site_beds") if unit["site"] == "hill"]
    draft.rows("sites")[0]["beds_max"] = max(2, sum(at_hill))


def _unit_minimum(draft: Draft) -> None:
    draft.rows("site_beds")[0].update(beds=draft.one_of(0, 2, 3), beds_max=3, unit_beds_min=2)


def _steps(draft: Draft) -> None:
    draft.rows("site_beds")[0].update(beds=draft.one_of(0, 2), beds_max=4, beds_step=2)


def _one_off_costs(draft: Draft) -> None:
    draft.change("site_beds", opening_gbp_per_bed=700, closing_gbp_per_bed=300)


def _lead(draft: Draft) -> None:
    draft.change("site_beds", lead_periods=1, notice_periods=draft.one_of(0, 1))


def _conversion(draft: Draft) -> None:
    draft.add("bed_types", bed_type="flat", occupancy_max=1)
    draft.add("site_beds", site="hill", bed_type="flat", beds=0, beds_max=1, bed_day_gbp=90)
    draft.add(
        "packages",
        package="flat_stay",
        setting="bed",
        bed_type="flat",
        stay_days=20,
        stay_distribution="fixed",
    )
    draft.add("eligibility", pathway="going_home", package="flat_stay", share_max=0.6, success=0.9)
    pair = {"from_bed_type": "ward", "to_bed_type": "flat"}
    draft.add("conversions", site="hill", **pair, convert_gbp_per_bed=500, beds_per_change_max=1)


def _spot_beds(draft: Draft) -> None:
    draft.rows("site_beds")[0]["spot_bed_day_gbp"] = draft.one_of(180, 260)


def _staff(draft: Draft) -> None:
    draft.add("roles", role="worker", contact_hours_per_week=20)
    draft.add(
        "package_hours", package="home_care", role="worker", to_day=7, hours_per_week=14, hours_per_start=1
    )
    draft.add("package_hours", package="home_care", role="worker", from_day=7, hours_per_week=5)
    if draft.one_of(0, 1):
        draft.add("package_hours", package="bed_stay", role="worker", hours_per_week=2)
    team = {"role": "worker", "wte_month_gbp": 2000, "hiring_gbp_per_wte": 500}
    draft.add("staff", locality="all", wte=draft.one_of(0, 0.5, 1), wte_max=2, **team)


def _local_teams(draft: Draft) -> None:
    draft.rows("staff")[0].update(locality="north", wte_max=1)
    draft.rows("staff").append({**draft.rows("staff")[0], "locality": draft.last_locality, "wte": 0.5})


def _cross_cover(draft: Draft) -> None:
    draft.add("cross_cover", resource="worker", from_locality="north", to_locality="south", travel_share=0.2)


def _agency(draft: Draft) -> None:
    draft.change("staff", agency_hour_gbp=draft.one_of(40, 90))


def _turnover(draft: Draft) -> None:
    draft.change("roles", turnover_per_year=0.6, recruitment_periods=draft.one_of(0, 1))


def _hires_limit(draft: Draft) -> None:
    draft.change("staff", hires_max_per_period=0.5)


def _half_posts(draft: Draft) -> None:
    draft.change("staff", wte_step=0.5, wte_max=1, wte=0.5)


def _arrivals(draft: Draft) -> None:
    draft.change("staff", wte=0.5, wte_max=2)
    draft.add(
        "arrivals",
        locality=draft.rows("staff")[0]["locality"],
        role="worker",
        month=draft.a_later_day[:7],
        wte=0.5,
    )


def _shifts(draft: Draft) -> None:
    days = ("all", "weekdays")[int(draft.one_of(0, 1))]
    draft.add("shift_types", shift_type="day", days=days, start="08:00", hours=8, care_hours=5)
    draft.add("package_care", package="home_care", shift_type="day", care_hours_per_day=draft.one_of(1, 3))
    draft.add(
        "shifts", locality="all", shift_type="day", shifts=1, shifts_max=draft.one_of(1, 2), shift_gbp=110
    )


def _spot_care(draft: Draft) -> None:
    draft.change("shifts", spot_care_hour_gbp=draft.one_of(25, 45))


def _shift_notice(draft: Draft) -> None:
    draft.change("shifts", lead_periods=1, notice_periods=1)


def _cover(draft: Draft) -> None:
    draft.add("cover", shift_type="day", on_duty_min=1)


def _limit_on_beds(draft: Draft) -> None:
    draft.add("limits", limit="beds_agreed", resource="ward", max=3, **{"from": "2017-05-01"})


def _travel(draft: Draft) -> None:
    draft.settings.update(travel_minutes_max=60, travel_gbp_per_minute=2)
    for locality in draft.rows("localities"):
        for site in draft.rows("sites"):
            minutes = 5 if site["locality"] == locality["locality"] else draft.one_of(40, 80)
            draft.add("travel", locality=locality["locality"], site=site["site"], minutes=minutes)


def _waiting(draft: Draft) -> None:
    draft.add("waiting", pathway="going_home", people=1.5)


def _empty_opening(draft: Draft) -> None:
    draft.settings["opening"] = "empty"


def _census(draft: Draft) -> None:
    draft.settings["opening"] = "census"
    draft.add("census", package="home_care", people=0.5)
    if draft.rows("site_beds")[0]["beds"]:
        draft.add("census", locality="north", site="hill", package="bed_stay", people=0.8)


def _onward(draft: Draft) -> None:
    draft.add("onward", package="bed_stay", next_package="home_care", share=draft.one_of(0.3, 0.6))


def _onward_flat(draft: Draft) -> None:
    for site in {unit["site"] for unit in draft.rows("site_beds")} - {"hill"}:
        draft.add("site_beds", site=site, bed_type="flat", beds=0, beds_max=1, bed_day_gbp=90)
    draft.add("onward", package="bed_stay", next_package="flat_stay", share=0.25)
    draft.add("onward", package="flat_stay", next_package="home_care", share=0.5)


def _prices_rise(draft: Draft) -> None:
    draft.settings.update(discount_rate_per_year=0.035, price_rise_per_year=0.02)


def _soft_target(draft: Draft) -> None:
    aim = {
        "metric": "discharges",
        "sense": "min",
        "unit": "per_month",
        "shortfall_gbp": draft.one_of(200, 5000),
    }
    draft.add("targets", target="more_discharges", value=draft.one_of(2, 3.5), **aim)


def _hard_target(draft: Draft) -> None:
    aim = {"metric": "served_share", "sense": "min", "unit": "share", "window": "horizon"}
    draft.add("targets", target="enough_served", value=draft.one_of(0.2, 0.5), **aim)


def _target_for_each(draft: Draft) -> None:
    aim = {"metric": "served_share", "sense": "min", "unit": "share", "for_each": "locality"}
    draft.add("targets", target="fair_share", value=0.7, shortfall_gbp=draft.one_of(300, 3000), **aim)


def _wards(draft: Draft) -> None:
    row = {"discharges_baseline_per_month": draft.one_of(0, 1), "bed_days_per_discharge": draft.one_of(6, 12)}
    row |= {"ward_beds": 1, "wards_max": int(draft.one_of(1, 2)), "occupancy": draft.one_of(0.5, 0.9)}
    row |= {"ward_month_gbp": draft.one_of(500, 6000), "double_running_months": draft.one_of(0, 0.7)}
    draft.add("acute_beds", hospital="general", gain_share=draft.one_of(1, 0.6), **row)


def _ward_of_a_region(draft: Draft) -> None:
    draft.change("hospitals", sub_region="east")
    draft.rows("acute_beds")[0].update(hospital="east", diversions_baseline_per_month=0.5)
    draft.change("acute_beds", bed_days_per_diversion=9)
    draft.change("eligibility", failure_acute_bed_days=2)


PAID_BY = {
    "nhs": ("beds", "sites", "openings", "closings", "conversions", "changes", "travel", "failures", "acute"),
    "council": ("staff", "hiring", "agency", "shifts", "starts", "care_days", "schemes"),
}
"""Who pays for what; spot beds and care, and successes, are shared."""


def _funders(draft: Draft) -> None:
    for funder, items in PAID_BY.items():
        for item in items:
            draft.add("funding", item=item, funder=funder)
        for item in ("spot", "successes"):
            draft.add("funding", item=item, funder=funder, share=0.5)
    draft.add("funding", item="starts", key="home_care", locality="north", funder="nhs")
    for funder in PAID_BY:
        amounts = {
            "budget_gbp": draft.one_of(8_000, 25_000, 90_000),
            "committed_gbp": draft.one_of(0, 3_000),
        }
        draft.add("budgets", funder=funder, year="2017/18", **amounts)


def _pool(draft: Draft) -> None:
    for funder in PAID_BY:
        row = {"transfer_max_gbp": 12_000} if draft.one_of(0, 1) else {}
        draft.add("budget_pools", pool="joint", funder=funder, **row)


def _scheme(draft: Draft) -> None:
    """Fewer referrals, a little later and little by little, for a while or for good."""
    when = {"lag_periods": draft.one_of(0, 1), "ramp_periods": draft.one_of(0, 1)}
    when |= {"lasts_periods": 2} if draft.one_of(0, 1) else {}
    gbp = {"one_off_gbp": draft.one_of(200, 3000), "month_gbp": draft.one_of(0, 150)}
    draft.add("schemes", scheme="prevention", **gbp, **when)
    effect = {"effect": "referrals.people_per_month", "pathway": "going_home"}
    draft.add("scheme_effects", scheme="prevention", multiply=0.6, **effect)


def _scheme_order(draft: Draft) -> None:
    """A hub, without which there is no prevention, makes going without cost less."""
    draft.add("schemes", scheme="hub", one_off_gbp=draft.one_of(100, 900), month_gbp=50)
    draft.rows("schemes")[0]["requires"] = "hub"
    unmet = {"effect": "pathways.unmet_gbp", "pathway": "going_home", "multiply": 0.7}
    draft.add("scheme_effects", scheme="hub", **unmet)


def _scheme_by_locality(draft: Draft) -> None:
    """Prevention goes live locality by locality, first in the south, and takes a few people more."""
    pilot = {"pilot_locality": "south", "pilot_periods": draft.one_of(0, 1), "go_lives_max_per_period": 1}
    draft.rows("schemes")[0].update(by_locality=True, **pilot)
    draft.rows("scheme_effects")[0]["add"] = -0.2


def _scheme_rival(draft: Draft) -> None:
    """A promised scheme that excludes prevention has a dip in its first month."""
    draft.add(
        "schemes", scheme="rival", month_gbp=draft.one_of(-100, 100), mandatory=True, excludes="prevention"
    )
    effect = {"scheme": "rival", "effect": "referrals.people_per_month", "pathway": "going_home"}
    draft.add("scheme_effects", **effect, to_month=1, multiply=1.2)
    draft.add("scheme_effects", **effect, from_month=1, multiply=0.8)


def _scheme_is_live(draft: Draft) -> None:
    row = {"scheme": "old", "is_live": True, "month_gbp": 300, "ends": draft.a_later_day}
    draft.add("schemes", **row)
    effect = {"effect": "referrals.people_per_month", "pathway": "going_home", "add": -0.5}
    draft.add("scheme_effects", scheme="old", **effect)


def _scheme_building(draft: Draft) -> None:
    """A building into which one bed more fits once it is altered."""
    draft.rows("sites")[0]["beds_max"] = draft.one_of(1, 2)
    draft.rows("site_beds")[0].update(beds=draft.one_of(0, 1), beds_max=3)
    draft.add("schemes", scheme="extension", one_off_gbp=draft.one_of(100, 900), lag_periods=1)
    draft.add("scheme_effects", scheme="extension", effect="sites.beds_max", site="hill", add=1)


def _scheme_stay(draft: Draft) -> None:
    """Shorter stays in beds, little by little, for those who start once it is live."""
    draft.settings["opening"] = "empty"
    draft.add("schemes", scheme="flow", one_off_gbp=draft.one_of(300, 2000), ramp_periods=draft.one_of(0, 1))
    effect = {"effect": "packages.stay_days", "package": "bed_stay", "bed_type": "ward"}
    draft.add("scheme_effects", scheme="flow", multiply=0.7, add=-1, **effect)


def _scheme_success(draft: Draft) -> None:
    """Care at home works better in the north."""
    draft.add("schemes", scheme="skills", month_gbp=draft.one_of(50, 400), lag_periods=draft.one_of(0, 1))
    effect = {"effect": "eligibility.success", "pathway": "staying_home", "locality": "north"}
    draft.add("scheme_effects", scheme="skills", package="home_care", add=0.2, **effect)


def _scheme_hours(draft: Draft) -> None:
    """Care at home asks for fewer hours of workers."""
    draft.add("schemes", scheme="telecare", one_off_gbp=draft.one_of(100, 1500))
    effect = {"effect": "package_hours.hours_per_week", "resource": "worker"}
    draft.add("scheme_effects", scheme="telecare", multiply=0.6, **effect)


def _fewer_delays(draft: Draft) -> None:
    aim = {"metric": "delayed_days", "sense": "max", "unit": "total", "shortfall_gbp": 50}
    draft.add("targets", target="fewer_delays", value=20, **aim)


FEATURES: dict[str, Callable[[Draft], None]] = {
    "weeks": _weeks,
    "mid_month": _mid_month,
    "second_locality": _second_locality,
    "second_hospital": _second_hospital,
    "step_up": _step_up,
    "season": _season,
    "busy_month": _busy_month,
    "never_wait": _never_wait,
    "wait_limit": _wait_limit,
    "unit_minimum": _unit_minimum,
    "steps": _steps,
    "conversion": _conversion,
    "second_site": _second_site,
    "available_later": _available_later,
    "stays_open": _stays_open,
    "small_building": _small_building,
    "one_off_costs": _one_off_costs,
    "lead": _lead,
    "spot_beds": _spot_beds,
    "staff": _staff,
    "local_teams": _local_teams,
    "cross_cover": _cross_cover,
    "agency": _agency,
    "turnover": _turnover,
    "hires_limit": _hires_limit,
    "half_posts": _half_posts,
    "arrivals": _arrivals,
    "shifts": _shifts,
    "spot_care": _spot_care,
    "shift_notice": _shift_notice,
    "cover": _cover,
    "limit_on_beds": _limit_on_beds,
    "travel": _travel,
    "waiting": _waiting,
    "empty_opening": _empty_opening,
    "census": _census,
    "onward": _onward,
    "onward_flat": _onward_flat,
    "prices_rise": _prices_rise,
    "soft_target": _soft_target,
    "hard_target": _hard_target,
    "target_for_each": _target_for_each,
    "fewer_delays": _fewer_delays,
    "wards": _wards,
    "ward_of_a_region": _ward_of_a_region,
    "funders": _funders,
    "pool": _pool,
    "scheme": _scheme,
    "scheme_order": _scheme_order,
    "scheme_by_locality": _scheme_by_locality,
    "scheme_rival": _scheme_rival,
    "scheme_is_live": _scheme_is_live,
    "scheme_building": _scheme_building,
    "scheme_stay": _scheme_stay,
    "scheme_success": _scheme_success,
    "scheme_hours": _scheme_hours,
}
"""Every feature, in the order in which they are laid on one another."""

ANYWHERE = [name for name in FEATURES if name not in ("funders", "pool")]
"""Features that leave most questions a plan; budgets may be too small for any, and are drawn where asked for."""

RESTS_ON = {
    "never_wait": ("step_up",),
    "available_later": ("second_site",),
    "local_teams": ("second_locality", "staff"),
    "cross_cover": ("local_teams", "second_locality", "staff"),
    "agency": ("staff",),
    "turnover": ("staff",),
    "hires_limit": ("staff",),
    "half_posts": ("staff",),
    "arrivals": ("staff",),
    "spot_care": ("shifts",),
    "shift_notice": ("shifts",),
    "cover": ("shifts",),
    "onward_flat": ("conversion",),
    "ward_of_a_region": ("wards", "step_up"),
    "pool": ("funders",),
    "scheme_order": ("scheme",),
    "scheme_by_locality": ("scheme", "second_locality"),
    "scheme_rival": ("scheme",),
    "scheme_success": ("step_up",),
    "scheme_hours": ("staff",),
}
