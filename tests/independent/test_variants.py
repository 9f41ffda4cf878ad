"""Schemes that change stays, hours and success, on random instances: against other data and every choice tried."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capplan.instance import Instance
from capplan.plan import solve
from tests.independent.optima import EXACT, model_cost
from tests.independent.test_checker import found_in
from tests.independent.test_relations import PENNY, changed
from tests.independent.test_schemes import (
    CARE_HOURS,
    HOURS,
    STAYS,
    SUCCESS,
    Rows,
    every_choice,
    unschemed,
    with_schemes,
)
from tests.strategies import examples, instance_with

few = settings(max_examples=examples(3), suppress_health_check=[HealthCheck.too_slow])
ON_STARTS: Rows = [
    {"scheme": "rehab", "effect": STAYS, "multiply": 0.8, "add": 1.0},
    {"scheme": "rehab", "effect": HOURS, "multiply": 1.2},
    {"scheme": "rehab", "effect": CARE_HOURS, "multiply": 0.7},
    {"scheme": "rehab", "effect": SUCCESS, "multiply": 0.9, "add": 0.05},
]
RICH = ("staff", "shifts", "step_up", "onward")


def other_data(instance: Instance) -> Instance:
    """The instance with the numbers that the scheme leads to."""
    table = instance.table
    other = changed(instance, "packages", stay_days=table("packages")["stay_days"] * 0.8 + 1)
    other = changed(other, "package_hours", hours_per_week=table("package_hours")["hours_per_week"] * 1.2)
    care = table("package_care")["care_hours_per_day"] * 0.7
    other = changed(other, "package_care", care_hours_per_day=care)
    return changed(other, "eligibility", success=table("eligibility")["success"] * 0.9 + 0.05)


@few
@given(unschemed(*RICH, "empty_opening"))
def test_a_scheme_that_is_live_from_an_empty_start_is_other_data(instance: Instance):
    day = pd.Timestamp(str(instance.settings.start))
    empty = instance.trusted(settings=instance.settings.model_copy(update={"opening": "empty"}))
    must = [{"scheme": "rehab", "one_off_gbp": 7.0, "mandatory": True, "latest": day}]
    expected = model_cost(other_data(empty)) + 7.0
    assert model_cost(with_schemes(empty, must, ON_STARTS)) == pytest.approx(expected, rel=1e-7)


@few
@given(unschemed(*RICH), st.sampled_from(["steady", "census", "empty"]))
def test_a_scheme_that_is_live_already_is_other_data(instance: Instance, opening: str):
    opened = instance.trusted(settings=instance.settings.model_copy(update={"opening": opening}))
    live = with_schemes(opened, [{"scheme": "rehab", "is_live": True}], ON_STARTS)
    assert model_cost(live) == pytest.approx(model_cost(other_data(opened)), rel=1e-7)


@few
@given(unschemed(*RICH, "second_locality"), st.booleans(), st.integers(0, 2))
def test_a_scheme_on_starts_to_choose_from_never_costs_more(
    instance: Instance, by_locality: bool, ramp_periods: int
):
    scheme = {"scheme": "rehab", "by_locality": by_locality, "ramp_periods": float(ramp_periods)}
    chosen = with_schemes(instance, [scheme], ON_STARTS)
    assert model_cost(chosen) <= model_cost(instance) + PENNY


@few
@given(unschemed(*RICH, "second_locality", "second_hospital"))
def test_streams_whose_starts_schemes_change_cost_together_what_they_cost_apart(instance: Instance):
    rows: Rows = [{"scheme": "rehab", "by_locality": True}, {"scheme": "visits"}]
    effects: Rows = [*ON_STARTS, {"scheme": "visits", "effect": STAYS, "hospital": "royal", "multiply": 0.9}]
    chosen = with_schemes(instance, rows, effects)
    assert model_cost(chosen) == pytest.approx(model_cost(chosen, is_aggregated=False), rel=1e-7)


@pytest.mark.parametrize("seed", range(2))
def test_the_best_plan_is_the_best_of_all_go_lives_tried_one_by_one(seed: int):
    instance = instance_with([*RICH, "census", "weeks"][: 4 + seed], seed)
    random = np.random.default_rng(seed)
    rows: Rows = [
        {"scheme": "rehab", "one_off_gbp": float(random.integers(600)), "ramp_periods": 1.0},
        {"scheme": "visits", "month_gbp": float(random.integers(300))},
    ]
    effects: Rows = [
        *ON_STARTS,
        {"scheme": "visits", "effect": STAYS, "package": "bed_stay", "multiply": 0.5},
    ]
    tried = [
        model_cost(
            with_schemes(instance, fixed, [e for e in effects if e["scheme"] in {f["scheme"] for f in fixed}])
        )
        for fixed in every_choice(instance, rows)
    ]
    assert model_cost(with_schemes(instance, rows, effects)) == pytest.approx(min(tried), rel=1e-7)
    assert max(tried) > min(tried)


@settings(max_examples=examples(2), suppress_health_check=[HealthCheck.too_slow])
@given(unschemed(*RICH), st.sampled_from(["steady", "census", "empty"]), st.integers(0, 2))
def test_nothing_is_wrong_with_a_plan_whose_starts_schemes_change(
    instance: Instance, opening: str, ramp_periods: int
):
    opened = instance.trusted(settings=instance.settings.model_copy(update={"opening": opening}))
    rows: Rows = [
        {"scheme": "rehab", "ramp_periods": float(ramp_periods)},
        {"scheme": "visits", "is_live": True},
    ]
    effects: Rows = [
        *ON_STARTS,
        {"scheme": "visits", "effect": STAYS, "package": "bed_stay", "multiply": 0.9},
    ]
    plan = solve(with_schemes(opened, rows, effects), best_effort=True, options=EXACT)
    assert found_in(plan, plan.instance) == []
    if plan.today is not None:
        assert found_in(plan.today, plan.today.instance) == []
