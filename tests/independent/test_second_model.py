"""The plan costs what a second model, written from the tables alone, says is the least."""

import pytest

from tests.independent.draws import half_of_the_features
from tests.independent.optima import planned_cost
from tests.independent.second_model import least_cost
from tests.strategies import instance_with

CASES = {
    "people_wait_for_a_bed_or_go_without": ("empty_opening", "wait_limit", "waiting", "season"),
    "nobody_may_wait": ("never_wait", "spot_beds", "prices_rise", "steps"),
    "a_steady_opening_with_care_at_home": ("staff", "turnover", "agency", "second_locality", "busy_month"),
    "a_census_with_care_at_home": ("census", "staff", "arrivals", "half_posts", "hires_limit"),
    "crews_on_weekdays": ("shifts", "shift_notice", "spot_care", "census", "second_locality", "cover"),
    "two_buildings": ("second_site", "available_later", "travel", "stays_open", "one_off_costs", "lead"),
    "neighbours_help": ("local_teams", "cross_cover", "agency", "second_site", "target_for_each"),
    "beds_of_two_types": ("conversion", "unit_minimum", "limit_on_beds", "small_building"),
    "care_that_follows_on": ("onward", "staff", "second_locality", "second_site", "census", "prices_rise"),
    "a_chain_of_three": ("onward", "onward_flat", "shifts", "season", "spot_beds"),
    "wards_of_a_hospital": ("wards", "second_hospital", "waiting", "wait_limit", "prices_rise"),
    "wards_of_a_sub_region": ("ward_of_a_region", "second_hospital", "second_locality", "mid_month"),
    "schemes_in_order": ("scheme_order", "waiting", "prices_rise", "wait_limit"),
    "schemes_by_locality": ("scheme_by_locality", "second_hospital", "season"),
    "schemes_that_exclude_each_other": ("scheme_rival", "scheme_is_live", "step_up"),
    "schemes_and_buildings": ("scheme_building", "busy_month", "never_wait", "empty_opening"),
    "schemes_and_wards": ("scheme", "ward_of_a_region", "second_hospital"),
    "schemes_and_stays": ("scheme_stay", "spot_beds", "season"),
    "schemes_and_success": ("scheme_success", "ward_of_a_region", "second_locality", "second_hospital"),
    "schemes_and_hours": ("scheme_hours", "agency", "second_locality", "census"),
    "two_funders": ("funders", "prices_rise", "shifts", "spot_care", "second_locality"),
    "two_funders_who_pool": ("pool", "staff", "agency", "step_up", "scheme", "mid_month"),
    "two_funders_of_beds_and_wards": ("pool", "wards", "conversion", "second_site", "travel"),
    "targets": ("soft_target", "hard_target", "fewer_delays", "step_up", "waiting", "mid_month"),
}


@pytest.mark.parametrize("features", CASES.values(), ids=CASES.keys())
def test_a_second_model_of_one_question_has_the_same_optimum(features: tuple[str, ...]):
    for seed in (1, 2):
        instance = instance_with(features, seed)
        assert planned_cost(instance) == pytest.approx(least_cost(instance), rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_a_second_model_has_the_same_optimum_whatever_features_meet(seed: int):
    instance = half_of_the_features(seed)
    assert planned_cost(instance) == pytest.approx(least_cost(instance), rel=1e-6)
