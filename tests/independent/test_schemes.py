"""Schemes on random instances: against every choice tried one by one, other data, and relations between costs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.plan import solve
from capplan.schema.canonical import empty_frame
from capplan.schema.tables import TABLES
from tests.independent.optima import EXACT, model_cost
from tests.independent.test_checker import found_in
from tests.independent.test_relations import PENNY, changed, with_rows
from tests.strategies import examples, instance_with, small_instance

few = settings(max_examples=examples(3), suppress_health_check=[HealthCheck.too_slow])
Rows = list[dict[str, object]]
REFERRALS, UNMET, BEDS_MAX = "referrals.people_per_month", "pathways.unmet_gbp", "sites.beds_max"
STAYS, SUCCESS = "packages.stay_days", "eligibility.success"
HOURS, CARE_HOURS = "package_hours.hours_per_week", "package_care.care_hours_per_day"
RATES = ("people_per_month", "people_per_week", "people_per_1000_65_plus_per_year")


def unschemed(*always: str) -> st.SearchStrategy[Instance]:
    """Instances with any features and these ones, but no schemes of their own."""
    return small_instance(*always).map(without_schemes)


def without_schemes(instance: Instance) -> Instance:
    """The instance as it is without its schemes."""
    tables = ("schemes", "scheme_localities", "scheme_effects")
    return instance.trusted(**{name: empty_frame(TABLES[name]) for name in tables})


def with_schemes(instance: Instance, schemes: Rows, effects: Rows = ()) -> Instance:
    """The instance with schemes and their effects."""
    return with_rows(instance, {"schemes": schemes, "scheme_effects": list(effects)})


@st.composite
def schemes(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Two or three schemes: one for all, one locality by locality, one that excludes or follows another."""

    def number(*values: float) -> float:
        return draw(st.sampled_from(values))

    rows: Rows = [
        {
            "scheme": "advice",
            "one_off_gbp": number(0.0, 500.0, 4000.0),
            "month_gbp": number(0.0, 150.0),
            "lag_periods": number(0.0, 1.0),
            "ramp_periods": number(0.0, 1.0, 2.0),
            "lasts_periods": number(np.nan, 1.0, 2.0),
        },
        {
            "scheme": "teams",
            "month_gbp": number(0.0, 200.0, 900.0),
            "by_locality": True,
            "go_lives_max_per_period": number(np.nan, 1.0),
            "requires": number(None, "advice"),
        },
        {"scheme": "helpline", "month_gbp": number(50.0, 400.0), "excludes": number(None, "advice", "teams")},
    ]
    effects: Rows = [
        {"scheme": "advice", "effect": REFERRALS, "multiply": number(0.6, 0.8), "add": number(0.0, -0.2)},
        {"scheme": "teams", "effect": REFERRALS, "multiply": number(0.8, 1.1)},
        {"scheme": "teams", "effect": UNMET, "pathway": "going_home", "multiply": number(0.7, 1.2)},
        {"scheme": "helpline", "effect": UNMET, "multiply": 0.8, "add": number(0.0, -100.0)},
    ]
    return rows, effects


@few
@given(unschemed(), st.integers(0, 3), st.booleans())
def test_a_scheme_that_costs_and_changes_nothing_is_never_chosen(
    instance: Instance, periods: int, by_locality: bool
):
    idle = {"scheme": "idle", "month_gbp": 1.0, "by_locality": by_locality, "ramp_periods": float(periods)}
    numbers = (REFERRALS, UNMET, BEDS_MAX, STAYS, HOURS, CARE_HOURS, SUCCESS)
    nothing = [{"scheme": "idle", "effect": name, "multiply": 1.0} for name in numbers]
    for effects in ([], nothing):
        plan = solve(with_schemes(instance, [idle], effects), best_effort=True, options=EXACT)
        assert not plan.tables["schemes"]["is_live"].any()
        assert "schemes" not in set(plan.tables["costs"]["item"])


@few
@given(unschemed("second_locality", "step_up"), schemes())
def test_more_schemes_to_choose_from_never_cost_more(instance: Instance, drawn: tuple[Rows, Rows]):
    rows, effects = drawn
    free = [{**row, "requires": None, "excludes": None} for row in rows]
    few_of_them = [row for row in free if row["scheme"] == "helpline"]
    known = [effect for effect in effects if effect["scheme"] == "helpline"]
    without = model_cost(instance)
    one = model_cost(with_schemes(instance, few_of_them, known))
    every = model_cost(with_schemes(instance, free, effects))
    assert every <= one + PENNY
    assert one <= without + PENNY


@few
@given(unschemed("second_locality", "second_hospital"), schemes())
def test_streams_that_schemes_change_cost_together_what_they_cost_apart(
    instance: Instance, drawn: tuple[Rows, Rows]
):
    chosen = with_schemes(instance, *drawn)
    assert model_cost(chosen) == pytest.approx(model_cost(chosen, is_aggregated=False), rel=1e-7)


@few
@given(unschemed("second_locality"), st.sampled_from([0.5, 0.9, 1.3]))
def test_a_scheme_that_is_live_from_the_start_is_other_data(instance: Instance, factor: float):
    must = [{"scheme": "advice", "one_off_gbp": 7.0, "mandatory": True, "latest": instance.settings.start}]
    must[0]["latest"] = pd.Timestamp(str(must[0]["latest"]))
    rates = {
        name: instance.written["referrals"][name] * factor
        for name in RATES
        if name in instance.written["referrals"]
    }
    other = changed(instance, "referrals", **rates)
    chosen = with_schemes(instance, must, [{"scheme": "advice", "effect": REFERRALS, "multiply": factor}])
    assert model_cost(chosen) == pytest.approx(model_cost(other) + 7.0, rel=1e-7)
    live = with_schemes(
        instance,
        [{"scheme": "advice", "is_live": True}],
        [{"scheme": "advice", "effect": REFERRALS, "multiply": factor}],
    )
    assert model_cost(live) == pytest.approx(model_cost(other), rel=1e-7)


@pytest.mark.parametrize("seed", range(2))
def test_the_best_plan_is_the_best_of_all_go_lives_tried_one_by_one(seed: int):
    instance = instance_with(["second_locality", "weeks"][: 1 + seed % 2], seed)
    random = np.random.default_rng(seed)
    rows: Rows = [
        {"scheme": "advice", "one_off_gbp": float(random.integers(2000)), "ramp_periods": 1.0},
        {"scheme": "helpline", "month_gbp": float(random.integers(900))},
    ]
    effects: Rows = [
        {"scheme": "advice", "effect": REFERRALS, "multiply": 0.5},
        {"scheme": "advice", "effect": UNMET, "multiply": 0.6},
        {"scheme": "helpline", "effect": UNMET, "multiply": 0.7, "add": -30.0},
    ]
    tried = [
        model_cost(
            with_schemes(instance, fixed, [e for e in effects if e["scheme"] in {f["scheme"] for f in fixed}])
        )
        for fixed in every_choice(instance, rows)
    ]
    assert model_cost(with_schemes(instance, rows, effects)) == pytest.approx(min(tried), rel=1e-7)
    assert max(tried) > min(tried)


def every_choice(instance: Instance, rows: Rows) -> Iterator[Rows]:
    """The schemes with each of their go-lives made the only one, or left out, in every combination."""
    horizon = Horizon.of(instance.settings)
    days = [None, *(pd.Timestamp(horizon.starts[e]) for e in horizon.decision_points)]
    for chosen in itertools.product(days, repeat=len(rows)):
        yield [
            {**row, "earliest": day, "latest": day, "mandatory": True}
            for row, day in zip(rows, chosen, strict=True)
            if day is not None
        ]


@settings(max_examples=examples(4), suppress_health_check=[HealthCheck.too_slow])
@given(unschemed(), schemes())
def test_nothing_is_wrong_with_a_plan_with_schemes(instance: Instance, drawn: tuple[Rows, Rows]):
    plan = solve(with_schemes(instance, *drawn), best_effort=True, options=EXACT)
    assert found_in(plan, plan.instance) == []
    if plan.today is not None:
        assert found_in(plan.today, plan.today.instance) == []
