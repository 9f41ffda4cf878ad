"""The shipped county: its tables, what today's capacity gives, the plan, and the page that tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import capplan
from capplan.sources import sources
from docs.places import page
from docs.places.wiltshire import PLACE

WILTSHIRE = Path(__file__).parents[1] / "instances" / "wiltshire-2017"
AGREED = {"ict": (70, 70), "rsw": (0, 30), "bridging_early": (0, 2), "bridging_late": (0, 2)}
AGREED["bridging_night"] = (0, 2)


@pytest.fixture(scope="module")
def instance():
    return capplan.read(WILTSHIRE)


@pytest.fixture(scope="module")
def problems(instance):
    return capplan.check(instance)


@pytest.fixture(scope="module")
def plan(instance):
    return capplan.solve(instance, gap=0.02, threads=1)


@pytest.fixture(scope="module")
def as_is(plan):
    return plan.today


def year(plan, target):
    """What the reported target of a line achieves in the year [people]."""
    targets = plan.tables["targets"]
    return targets.loc[targets["target"] == target, "achieved"].item()


def in_all(plan, resource):
    """Beds, WTE or crews of a resource in each period, over all places."""
    for name, key, value in (
        ("beds", "bed_type", "beds_open"),
        ("staff", "role", "wte"),
        ("shifts", "shift_type", "shifts_on_duty"),
    ):
        rows = plan.tables[name]
        if resource in set(rows[key]):
            return rows[rows[key] == resource].groupby("period")[value].sum()
    raise AssertionError(f"the plan has no {resource}")


def test_180_discharges_a_month_look_like_a_slip_of_the_unit(problems):
    (slip,) = [p for p in problems if p.rule == "arithmetic_targets_disagree" and p.column == "value"]
    assert slip.value == "180"
    assert "12 times" in slip.message
    assert "unit slip" in slip.message


def test_104_a_year_and_8_a_month_disagree(problems):
    (found,) = [p for p in problems if p.rule == "arithmetic_targets_disagree" and p.column == "baseline"]
    assert found.value == "104"
    assert "1.083" in found.message  # 104 / (8 × 12)


def test_1091_a_year_and_21_a_week_are_taken_as_the_same(problems):
    assert not [p for p in problems if "rsw_year" in p.message]  # 21 × 52 = 1,092


def test_fifteen_more_discharges_need_more_beds_than_there_are(problems):
    found = [p for p in problems if p.rule == "target_above_beds" and "'ch_extra_month'" in p.message]
    assert len(found) == 1
    assert "81 beds would be needed" in found[0].message  # (63 + 15) × 12 / 365 × 29 days / 0.92, at most 77


def test_what_is_not_agreed_yet_has_no_value_and_is_never_zero(problems):
    unknown = {"integrated_teams", "care_coordinators", "care_at_the_interface", "high_intensity_care"}
    said = [p.message for p in problems if p.severity is capplan.Severity.INFO]
    assert all(any(f"'{name}' has no value" in message for message in said) for name in unknown)


def test_the_numbers_are_sourced_derived_or_assumed(instance):
    assert set(sources(instance)["kind"]) == {"source", "assumption", "derived"}


@pytest.mark.parametrize(
    ("target", "least", "most"),
    [
        ("ict_year", 600 * 0.97, 600 * 1.03),
        ("ucah_year", 780 * 0.97, 780 * 1.03),
        ("step_up_ch_year", 180 * 0.97, 180 * 1.03),
        ("step_up_south_year", 96 * 0.97, 104 * 1.03),  # the document says 8 a month and 104 a year
        ("end_of_life_year", 120 * 0.97, 120 * 1.03),
        ("rsw_year", 0, 0),
    ],
)
def test_todays_capacity_gives_the_documents_numbers_of_today(as_is, target, least, most):
    assert least <= year(as_is, target) <= most


def test_every_imposed_target_is_met(plan):
    targets = plan.tables["targets"]
    imposed = targets[targets["is_imposed"]]
    assert imposed["target"].nunique() == 9
    assert imposed["is_met"].all()


def test_the_plan_costs_less_than_todays_capacity_with_the_people_it_leaves_out(plan, as_is):
    assert plan.objective < as_is.objective


@pytest.mark.parametrize("resource", AGREED)
def test_beds_workers_and_shifts_stay_within_what_was_agreed(plan, resource):
    least, most = AGREED[resource]
    assert in_all(plan, resource).between(least - 1e-6, most + 1e-6).all()


def test_no_worker_is_there_before_may(plan):
    assert in_all(plan, "rsw").iloc[0] == pytest.approx(0)


def test_a_bed_is_converted_and_none_is_lost(plan):
    beds = plan.tables["beds"]
    hospitals = beds[beds["bed_type"].isin(["ch_rehab", "step_up"]) & beds["site"].str.endswith("_ch")]
    assert hospitals.groupby("period")["beds_open"].sum().tolist() == pytest.approx([92] * 12)
    step_up = hospitals[hospitals["bed_type"] == "step_up"].groupby("period")["beds_open"].sum()
    assert step_up.iloc[-1] >= 0.265 * 92  # the ramp's share in March 2018


def test_the_page_quotes_what_check_says(problems):
    quoted = page.read_numbers(PLACE)["check"].values()
    warnings = [p.message for p in problems if p.severity is capplan.Severity.WARNING]
    assert len(quoted) == len(warnings)
    assert all(any(text.endswith(message) for message in warnings) for text in quoted)
    told = page.page(PLACE)
    assert sum(text in told for text in quoted) >= 3


def test_what_the_text_says_in_words_is_so_in_the_numbers():
    numbers = page.read_numbers(PLACE)
    plan, today = numbers["capacity"]["base"], numbers["capacity"]["as_is"]
    crews = [place for place in plan["shifts"] if place.startswith("east ")]
    moved = plan["beds"]["ict_salisbury ict"]["2018-01"] - today["beds"]["ict_salisbury ict"]["2018-01"]
    step_up = sum(beds["2018-01"] for unit, beds in plan["beds"].items() if unit.endswith("_ch step_up"))
    text = " ".join(page.page(PLACE).split())
    assert "The east has no crew of its own" in text
    assert crews == []
    assert "Four beds move to Salisbury" in text
    assert moved == 4
    assert "ten community hospital beds are converted" in text
    assert step_up == 15 + 10


def test_three_scenarios_cannot_meet_every_target():
    told = page.read_numbers(PLACE)["runs"]
    missed = {name for name, run in told.items() if run["is_best_effort"]}
    assert missed == {"six_shifts_a_week", "workers_late", "ict_beds_include_south"}


def test_no_community_hospital_bed_is_lost_while_half_of_them_are_converted():
    beds = page.read_numbers(PLACE)["capacity"]["half_step_up_in_two_years"]["beds"]
    kinds = {
        kind: [b for unit, b in beds.items() if unit.endswith(f"_ch {kind}")]
        for kind in ("step_up", "ch_rehab")
    }
    at_the_end = {kind: sum(b["2019-01"] for b in units) for kind, units in kinds.items()}
    assert sum(at_the_end.values()) == pytest.approx(92)
    assert at_the_end["step_up"] >= 46


def test_the_fifteen_come_by_shorter_stays_or_by_more_beds_and_not_by_less_of_either():
    numbers = page.read_numbers(PLACE)
    for way in ("flow", "beds"):
        run = numbers["runs"][f"fifteen_more_by_{way}"]
        assert run["missed"] == []
        assert run["targets"]["ch_extra_month"]["achieved"] >= (63 + 15) * 12 - 0.01
    assert numbers["what_ifs"]["fifteen more, stays a fifth shorter"] is None
    assert numbers["what_ifs"]["fifteen more, 15 beds"] is None


def test_six_waiting_lists_cost_more_than_one():
    runs = page.read_numbers(PLACE)["runs"]
    assert runs["queues_own_lists"]["bound"] > runs["queues_one_list"]["cost"]
    assert runs["queues_own_lists"]["items"]["queueing"] > runs["queues_one_list"]["items"]["queueing"]
