"""Relations that hold for schemes, whatever the question is."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capplan.instance import Instance
from capplan.plan import solve
from tests.independent.optima import EXACT, model_cost, planned_cost
from tests.independent.test_relations import PENNY, changed, few
from tests.strategies import small_instance

SCHEMES = st.sampled_from([("scheme",), ("scheme_order",), ("scheme_by_locality",), ("scheme_building",)])


def without(instance: Instance, *tables: str) -> Instance:
    """The instance without the rows of some tables."""
    return instance.trusted(**{name: instance.written[name].iloc[:0] for name in tables})


@few
@given(small_instance("scheme"), st.sampled_from([50.0, 5000.0]))
def test_a_scheme_that_costs_something_and_changes_nothing_is_never_chosen(instance: Instance, gbp: float):
    idle = without(instance, "scheme_effects")
    idle = changed(idle, "schemes", one_off_gbp=gbp, month_gbp=0.0, mandatory=False, is_live=False)
    plan = solve(idle, options=EXACT)
    assert not plan.tables["schemes"]["is_live"].any()
    bare = without(idle, "schemes", "scheme_localities")
    assert plan.objective == pytest.approx(planned_cost(bare), rel=1e-7)


@few
@given(SCHEMES.flatmap(lambda features: small_instance(*features)))
def test_a_scheme_that_need_not_be_never_makes_a_plan_dearer(instance: Instance):
    free = changed(instance, "schemes", mandatory=False, is_live=False)
    none = without(free, "schemes", "scheme_effects", "scheme_localities")
    assert model_cost(free) <= model_cost(none) + PENNY


@few
@given(small_instance("scheme_order", "scheme_by_locality"), st.sampled_from(["requires", "pilot_locality"]))
def test_schemes_without_an_order_never_cost_more(instance: Instance, column: str):
    assert model_cost(changed(instance, "schemes", **{column: None})) <= model_cost(instance) + PENNY


@few
@given(small_instance("scheme_rival"))
def test_schemes_that_may_be_live_together_and_need_not_be_never_cost_more(instance: Instance):
    cost = model_cost(instance)
    assert model_cost(changed(instance, "schemes", excludes=None)) <= cost + PENNY
    assert model_cost(changed(instance, "schemes", mandatory=False)) <= cost + PENNY


@few
@given(SCHEMES.flatmap(lambda features: small_instance(*features)))
def test_a_scheme_that_may_go_live_at_fewer_times_never_costs_less(instance: Instance):
    # A mandatory scheme without any time to go live is one that the checks refuse.
    instance = changed(instance, "schemes", mandatory=False)
    late = pd.Timestamp("2017-04-20")
    later = changed(instance, "schemes", earliest=late)
    sooner = changed(instance, "schemes", latest=late)
    assert min(model_cost(later), model_cost(sooner)) >= model_cost(instance) - PENNY


@few
@given(small_instance("scheme_by_locality", "second_hospital"))
def test_streams_that_a_scheme_changes_alike_cost_what_they_cost_apart(instance: Instance):
    assert model_cost(instance) == pytest.approx(model_cost(instance, is_aggregated=False), rel=1e-7)
