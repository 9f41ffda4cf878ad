"""The independent checker finds nothing wrong with the plans that are made, and something with changed ones."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from capplan.instance import Instance
from capplan.plan import solve
from capplan.solved import Plan
from capplan.verify import verify
from tests.independent.draws import half_of_the_features
from tests.independent.optima import EXACT
from tests.strategies import instance_with, tiny_instance

CHANGED = [
    ("beds", "beds_open"),
    ("beds", "people_in_care"),
    ("staff", "wte"),
    ("staff", "hours_needed"),
    ("shifts", "shifts_on_duty"),
    ("starts", "people"),
    ("waiting", "waiting_at_end"),
    ("caseload", "people_in_care"),
    ("targets", "achieved"),
    ("costs", "gbp"),
    ("summary", "value"),
]


def found_in(plan: Plan, instance: Instance, **changed: pd.DataFrame) -> list[str]:
    """What the checker finds wrong with a plan, some of its tables changed."""
    problems = verify(
        instance,
        {**plan.tables, **changed},
        objective=plan.objective,
        as_is=plan.is_as_is,
        best_effort=plan.is_best_effort,
    )
    return [f"{problem.table} {problem.rule}: {problem.message}" for problem in problems]


def affordable(instance: Instance) -> Instance:
    """The instance with budgets under which there is a plan."""
    budgets = instance.written["budgets"]
    return instance.trusted(budgets=budgets.assign(budget_gbp=budgets["budget_gbp"] * 100))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("draw", "best_effort"), [(tiny_instance, False), (half_of_the_features, True)])
def test_nothing_is_wrong_with_a_plan_or_with_today(
    draw: Callable[[int], Instance], best_effort: bool, seed: int
):
    plan = solve(affordable(draw(seed)), best_effort=best_effort, options=EXACT)
    assert found_in(plan, plan.instance) == []
    if plan.today is not None:  # more people may be in care than there are beds
        assert found_in(plan.today, plan.today.instance) == []


@pytest.fixture(scope="module")
def plan() -> Plan:
    features = ("second_locality", "staff", "shifts", "census", "soft_target", "step_up", "second_site")
    return solve(instance_with(features, seed=1), options=EXACT)


def test_nothing_is_wrong_with_the_plan_that_is_changed_below(plan: Plan):
    assert found_in(plan, plan.instance) == []


@pytest.mark.parametrize(("table", "column"), CHANGED)
def test_one_number_a_tenth_higher_is_found(plan: Plan, table: str, column: str):
    changed = plan.tables[table].astype({column: float})
    largest = changed[column].abs().idxmax()
    changed.loc[largest, column] += max(abs(changed.loc[largest, column]), 1) / 10
    assert found_in(plan, plan.instance, **{table: changed})


@pytest.mark.parametrize(("table", "column"), [*CHANGED[:-1], ("decisions", "change")])
def test_the_row_with_the_largest_number_left_out_is_found(plan: Plan, table: str, column: str):
    whole = plan.tables[table]
    assert found_in(plan, plan.instance, **{table: whole.drop(whole[column].abs().idxmax())})


def test_a_plan_for_another_question_is_found(plan: Plan):
    dearer = plan.instance.written["site_beds"].assign(bed_day_gbp=200.0)
    assert found_in(plan, plan.instance.trusted(site_beds=dearer))
