"""Relations that hold for budgets and pools, whatever the question is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from capplan.instance import Instance
from tests.independent.optima import model_cost
from tests.independent.test_relations import PENNY, changed, few, with_rows
from tests.strategies import small_instance


def without(instance: Instance, *tables: str) -> Instance:
    """The instance without the rows of some tables."""
    return instance.trusted(**{name: instance.written[name].iloc[:0] for name in tables})


@few
@given(small_instance("pool"))
def test_a_pool_never_costs_more_than_budgets_apart(instance: Instance):
    assert model_cost(instance) <= model_cost(without(instance, "budget_pools")) + PENNY


@few
@given(small_instance("pool"))
def test_more_that_may_be_given_never_costs_more(instance: Instance):
    freely = changed(instance, "budget_pools", transfer_max_gbp=np.nan)
    assert model_cost(freely) <= model_cost(instance) + PENNY


@few
@given(small_instance("funders"))
def test_more_budget_never_costs_more(instance: Instance):
    richer = changed(instance, "budgets", budget_gbp=instance.table("budgets")["budget_gbp"] * 1.3)
    assert model_cost(richer) <= model_cost(instance) + PENNY


@few
@given(small_instance("funders"))
def test_budgets_that_are_never_reached_change_nothing(instance: Instance):
    rich = changed(instance, "budgets", budget_gbp=1e9)
    assert model_cost(rich) == pytest.approx(model_cost(without(instance, "budgets", "funding")), rel=1e-7)


@few
@given(small_instance("funders"))
def test_one_purse_never_costs_more_than_a_pool(instance: Instance):
    solvent = changed(instance, "budgets", committed_gbp=0.0)
    members = [{"pool": "joint", "funder": funder} for funder in ("nhs", "council")]
    pooled = with_rows(without(solvent, "budget_pools"), {"budget_pools": members})
    row = solvent.written["budgets"].head(1)
    whole = row.assign(funder="both", budget_gbp=solvent.written["budgets"]["budget_gbp"].sum())
    by_one = solvent.written["funding"].assign(funder="both")
    by_one = by_one.drop_duplicates(["item", "key", "locality"]).assign(share=1.0)
    single = without(solvent, "budget_pools").replace(budgets=whole, funding=by_one)
    assert model_cost(single) <= model_cost(pooled) + PENNY
