"""Every combination of whole-number decisions, tried one by one, finds nothing cheaper than the plan, nor misses it."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, inf
from typing import Any

import numpy as np
import pytest

from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.solver import highs
from capplan.solver.compiled import Compiled, compile_model
from tests.independent.optima import EXACT, planned_cost
from tests.strategies import instance_with, tiny_instance

MOST_PLANS = 300
TWO_DECISIONS = {
    "beds_change_twice": ("one_off_costs", "season"),
    "beds_are_converted": ("conversion", "second_site"),
    "units_have_a_smallest_size": ("unit_minimum", "spot_beds"),
    "recruits_come_late_and_people_leave": ("staff", "turnover", "agency", "half_posts"),
    "shifts_take_notice": ("shifts", "shift_notice", "spot_care", "census"),
    "a_building_opens_later": ("available_later", "travel", "second_locality"),
    "a_ward_closes": ("wards", "waiting"),
    "wards_of_a_sub_region_close": ("ward_of_a_region", "second_hospital", "spot_beds"),
    "budgets_are_shared": ("pool",),
    "schemes_go_live_in_order": ("scheme_order",),
    "a_scheme_goes_live_by_locality": ("scheme_by_locality",),
    "schemes_exclude_each_other": ("scheme_rival", "scheme_is_live"),
    "a_building_is_extended": ("scheme_building", "census"),
    "a_target_for_every_locality_is_hard_to_meet": ("hard_target", "target_for_each", "second_locality"),
}


@pytest.mark.parametrize("seed", range(12))
def test_no_combination_of_whole_numbers_beats_the_plan(seed: int):
    instance = tiny_instance(seed, MOST_PLANS)
    assert planned_cost(instance) == pytest.approx(least_cost_by_enumeration(instance), rel=1e-6)


@pytest.mark.parametrize("features", TWO_DECISIONS.values(), ids=TWO_DECISIONS.keys())
def test_no_combination_beats_the_plan_where_capacity_changes_twice(features: tuple[str, ...]):
    drawn = instance_with(features, seed=3)
    settings = drawn.settings.model_copy(update={"periods": 4, "capacity_changes_every": 2})
    instance = drawn.trusted(settings=settings)
    assert planned_cost(instance) == pytest.approx(least_cost_by_enumeration(instance), rel=1e-6)


def least_cost_by_enumeration(instance: Instance) -> float:
    """Cost of the best of all whole-number plans [£]: every locality and hospital on its own, one LP each."""
    m = build(instance, is_aggregated=False)
    compiled = compile_model(m)
    columns = np.flatnonzero(compiled.is_integer)
    costs = [inf]
    with highs.Session(compiled.relaxed(), EXACT) as session:
        for choice in whole_number_choices(compiled, columns, highest(m, compiled, columns)):
            session.change_bounds(columns, choice, choice)
            found = session.run().objective
            costs.append(inf if found is None else found)
    return min(costs)


def highest(m: Any, compiled: Compiled, columns: np.ndarray) -> np.ndarray:
    """Upper bounds by column; steps have no bound of their own, and recruits beyond wte_max would leave at once."""
    upper = compiled.column_upper[columns].copy()
    for i in np.flatnonzero(np.isinf(upper)):
        *key, _ = compiled.variables[columns[i]].index()
        if tuple(key) in m.data.units:
            row, what = m.data.units[*key].row, "beds"
        else:
            row, what = m.data.teams[*key].row, "wte"
        upper[i] = ceil(row[f"{what}_max"] / row[f"{what}_step"])
    return upper


def whole_number_choices(compiled: Compiled, columns: np.ndarray, upper: np.ndarray) -> Iterator[np.ndarray]:
    """All combinations within the bounds that keep the rows in which nothing but whole numbers stands."""
    ranges = [
        np.arange(ceil(low), high + 1)
        for low, high in zip(compiled.column_lower[columns], upper, strict=True)
    ]
    choices = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, len(columns))
    matrix = compiled.A.tocsc()
    others = np.setdiff1d(np.arange(matrix.shape[1]), columns)
    of_whole_numbers = abs(matrix[:, others]).sum(axis=1) == 0
    body = choices @ matrix[of_whole_numbers][:, columns].T.toarray()
    low, high = compiled.row_lower[of_whole_numbers], compiled.row_upper[of_whole_numbers]
    yield from choices[((body >= low - 1e-9) & (body <= high + 1e-9)).all(axis=1)]
