"""The plan worked out by hand, held against an instance that asks for something else: the rule says what is wrong."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.verify import acute, beds, limits, shifts, staff, teams
from capplan.verify.evidence import Evidence, complete
from capplan.verify.money import budgets, costs
from capplan.verify.people import care, flow
from capplan.verify.targets import required

Tables = dict[str, pd.DataFrame]
Rule = Callable[[Evidence], Iterator[Problem]]

CASES = [
    (flow.referral_rows, "referrals", "people_per_week", 8, "referrals"),
    (flow.never, "pathways", "delay_day_gbp", float("inf"), "delay_day_gbp_never"),
    (flow.never, "pathways", "unmet_gbp", float("inf"), "unmet_gbp_never"),
    (flow.wait_limit, "pathways", "wait_days_max", 0.9, "wait_limit"),
    (flow.eligibility_limit, "eligibility", "share_max", 0.85, "eligibility_limit"),
    (flow.options_allowed, "eligibility", "hospital", "other", "options_allowed"),
    (flow.options_allowed, "pathways", "travel_minutes_max", 9, "options_allowed"),
    (flow.options_allowed, "packages", "bed_type", "step_down", "options_allowed"),
    (care.people_in_beds, "packages", "stay_days", 8, "people_in_beds"),
    (care.caseload, "packages", "stay_days", 8, "caseload"),
    (beds.bed_capacity, "bed_types", "occupancy_max", 0.85, "bed_capacity"),
    (beds.bed_balance, "site_beds", "beds", 3, "bed_balance"),
    (beds.bed_bounds, "site_beds", "beds_max", 5, "beds_max"),
    (beds.bed_bounds, "site_beds", "beds_min", 5, "beds_min"),
    (beds.bed_bounds, "site_beds", "unit_beds_min", 5, "unit_size_minimum"),
    (beds.bed_bounds, "site_beds", "beds_step", 4, "beds_step"),
    (beds.bed_bounds, "site_beds", "available_from", pd.Timestamp("2018-02-12"), "bed_availability"),
    (beds.no_bed_negative, "site_beds", "spot_bed_day_gbp", float("nan"), "spot_beds_have_price"),
    (beds.lead_and_notice, "site_beds", "lead_periods", 1, "lead_periods"),
    (beds.conversions_allowed, "conversions", "beds_per_change_max", 0, "conversions_allowed"),
    (beds.site_capacity, "sites", "beds_max", 7, "site_capacity"),
    (staff.hours_needed, "package_hours", "to_day", 7, "hours_needed"),
    (staff.hours_available, "roles", "contact_hours_per_week", 21, "hours_available"),
    (staff.wte_balance, "staff", "wte", 1.5, "wte_balance"),
    (staff.wte_balance, "roles", "turnover_per_year", 0.5, "wte_turnover"),
    (staff.wte_arrived, "roles", "recruitment_periods", 0, "wte_arrived"),
    (staff.hiring, "staff", "wte_step", 2, "wte_step"),
    (staff.hiring, "staff", "hires_max_per_period", 0.5, "hiring_limit"),
    (staff.wte_bounds, "staff", "wte_max", 1.5, "wte_max"),
    (staff.wte_bounds, "staff", "wte_min", 1.0, "wte_min"),
    (shifts.care_hours_needed, "package_care", "care_hours_per_day", 2, "care_hours_needed"),
    (shifts.care_hours_available, "shift_types", "days", "weekdays", "care_hours_available"),
    (shifts.shifts_on_duty, "shifts", "shifts_max", 1, "shifts_max"),
    (shifts.shifts_on_duty, "shifts", "shifts_min", 2, "shifts_min"),
    (shifts.shifts_on_duty, "shifts", "available_to", pd.Timestamp("2018-02-11"), "shifts_availability"),
    (shifts.lead_and_notice, "shifts", "lead_periods", 2, "lead_periods"),
    (shifts.cover_minimum, "cover", "on_duty_min", 2, "shift_cover_minimum"),
    (staff.cross_cover, "cross_cover", "travel_share", 0.2, "hours_received"),
    (teams.cross_cover_allowed, "cross_cover", "to_locality", "a", "cross_cover_allowed"),
    (limits.totals, "limits", "max", 5, "total_limit"),
    (limits.totals, "limits", "min", 5, "total_minimum"),
    (required.targets, "targets", "value", 0.5, "target_required"),
    (required.targets_met, "targets", "shortfall_gbp", float("nan"), "target_hard"),
    (acute.bed_days_freed, "acute_beds", "bed_days_per_discharge", 8.0, "bed_days_freed"),
    (acute.bed_days_freed, "acute_beds", "discharges_baseline_per_month", 12.0, "bed_days_freed"),
    (acute.bed_days_freed, "eligibility", "failure_acute_bed_days", 4.0, "bed_days_freed"),
    (acute.bed_days_freed, "pathways", "direction", "community", "bed_days_freed"),
    (acute.wards_closed, "acute_beds", "wards_max", 0, "wards_max"),
    (acute.ward_release, "acute_beds", "ward_beds", 2, "ward_release_link"),
    (costs.costs, "acute_beds", "gain_share", 1.0, "costs"),
    (costs.costs, "acute_beds", "double_running_months", 0.0, "costs"),
    (costs.costs, "site_beds", "bed_day_gbp", 99, "costs"),
    (costs.costs, "staff", "wte_month_gbp", 1999, "costs"),
    (costs.costs, "shifts", "shift_gbp", 51, "costs"),
    (costs.costs, "funding", "share", 0.5, "costs"),
    (costs.costs, "funding", "item", "staff", "costs"),
    (costs.costs, "funding", "key", "step_up;rsw", "costs"),
    (costs.costs, "funding", "locality", "b", "costs"),
    (costs.costs, "funding", "site", "s", "costs"),
    (budgets.budgets, "budgets", "budget_gbp", 100_000, "budget_gbp"),
    (budgets.budgets, "budgets", "committed_gbp", 0, "committed_gbp"),
    (budgets.budgets, "funding", "funder", "charity", "budget_rows"),
    (budgets.budget_limits, "budgets", "budget_gbp", 93_000, "budget_limit"),
    (budgets.transfers, "budget_pools", "transfer_max_gbp", 12_000, "transfer_limit"),
    (budgets.transfers, "budgets", "is_imposed", False, "transfers"),
    (budgets.transfers, "budgets", "committed_gbp", 240_000, "transfer_limit"),
]


def changed(instance: Instance, table: str, column: str, value: object) -> Instance:
    """The instance with another value in every row of a column."""
    written = instance.written[table].copy()
    written[column] = value
    return instance.trusted(**{table: written})


@pytest.mark.parametrize(("rule", "table", "column", "value", "name"), CASES)
def test_a_rule_that_the_plan_breaks_is_named(
    two_weeks: Instance, results: Tables, rule: Rule, table: str, column: str, value: object, name: str
):
    assert name in _rules(rule, changed(two_weeks, table, column, value), results)


def test_a_site_that_may_not_open_stays_closed(two_weeks: Instance, results: Tables):
    closed = changed(changed(two_weeks, "sites", "is_open", False), "sites", "can_open", False)
    assert _rules(beds.sites_open, closed, results) == ["can_open"]


def test_a_site_that_may_not_close_stays_open(two_weeks: Instance, results: Tables):
    staying = changed(two_weeks, "sites", "can_close", False)
    shut = results["sites"].assign(is_open=[True, False])
    assert _rules(beds.sites_open, staying, {**results, "sites": shut}) == ["can_close"]


def test_beds_may_not_close_before_notice_is_over(two_weeks: Instance, results: Tables):
    noticed = changed(two_weeks, "site_beds", "notice_periods", 1)
    early = results["beds"].assign(beds_closed=[1, 0, 0, 0])
    assert _rules(beds.lead_and_notice, noticed, {**results, "beds": early}) == ["notice_periods"]


def test_crews_may_not_leave_before_notice_is_over(two_weeks: Instance, results: Tables):
    noticed = changed(changed(two_weeks, "shifts", "shifts", 2), "shifts", "notice_periods", 1)
    assert _rules(shifts.lead_and_notice, noticed, results) == ["notice_periods"]


def test_a_steady_opening_keeps_the_queue_from_growing(two_weeks: Instance, results: Tables):
    steady = two_weeks.replace(settings=two_weeks.settings.model_copy(update={"opening": "steady"}))
    assert _rules(flow.opening_limit, steady, results) == ["opening_limit"]


def test_a_ward_that_is_closed_stays_closed(two_weeks: Instance, results: Tables):
    opened = results["acute"].assign(wards_closed=[1, 0])
    assert _rules(acute.wards_closed, two_weeks, {**results, "acute": opened}) == ["ward_order_link"]


def test_a_ward_that_closes_early_needs_the_bed_days_from_then_on(two_weeks: Instance, results: Tables):
    is_first = (results["starts"]["period"] == "2018-02-05") & (results["starts"]["hospital"] == "h")
    fewer = results["starts"].assign(people=results["starts"]["people"].where(~is_first, 5.0))
    both = results["acute"].assign(wards_closed=[1, 1])
    assert _rules(acute.ward_release, two_weeks, {**results, "acute": both}) == []
    assert _rules(acute.ward_release, two_weeks, {**results, "starts": fewer, "acute": both}) == [
        "ward_release_link"
    ]


def test_capacity_changes_at_decision_points_only(two_weeks: Instance, results: Tables):
    settings = two_weeks.settings.model_copy(update={"capacity_changes_every": 2})
    fortnightly = two_weeks.replace(settings=settings)
    assert set(_rules(beds.bed_balance, fortnightly, results)) == {"decision_points"}
    assert _rules(shifts.shifts_on_duty, fortnightly, results) == ["decision_points"]
    assert _rules(acute.wards_closed, fortnightly, results) == ["decision_points"]


def _rules(rule: Rule, instance: Instance, tables: Tables) -> list[str]:
    return [problem.rule for problem in rule(Evidence(instance, complete(instance, tables)[0]))]
