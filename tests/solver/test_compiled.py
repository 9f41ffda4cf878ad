import gc
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from capplan.errors import Infeasible
from capplan.solver.compiled import compile_model, current_values, load, paused_garbage_collector
from tests.solver.examples import beds_and_shifts, knapsack


def every_kind_of_row() -> Any:
    m = pyo.ConcreteModel()
    m.x = pyo.Var([1, 2, 3], bounds=(-1, 9))
    m.n = pyo.Var(domain=pyo.Integers, bounds=(None, 4))
    m.fixed = pyo.Var(initialize=2.0)
    m.fixed.fix()
    m.priced = pyo.Var(bounds=(1, None))
    m.unused = pyo.Var(bounds=(3, 5))
    m.range = pyo.Constraint(expr=(1, m.x[1] + 2 * m.n + 5, 8))
    m.equal = pyo.Constraint(expr=m.x[2] - m.x[3] == m.fixed)
    m.upper = pyo.Constraint(expr=3 * m.x[1] + m.fixed <= 7)
    m.lower = pyo.Constraint(expr=m.x[3] * m.fixed >= -4)
    m.switched_off = pyo.Constraint(expr=m.x[1] <= 0)
    m.switched_off.deactivate()
    m.cost = pyo.Objective(expr=m.x[1] + 10 * m.priced + 3 * m.fixed + 1)
    return m


def test_rows_say_what_pyomos_constraints_say() -> None:
    m = every_kind_of_row()
    compiled = compile_model(m)
    assert compiled.row_names == ["range", "equal", "upper", "lower"]
    values = np.random.default_rng(3).normal(size=len(compiled.variables))
    load(compiled, values)
    for row, constraint in enumerate(compiled.constraints):
        body, lower, upper = (
            pyo.value(part) for part in (constraint.body, constraint.lower, constraint.upper)
        )
        ours = (compiled.A @ values)[row]
        below = None if lower is None else lower - body
        above = None if upper is None else body - upper
        assert compiled.row_lower[row] - ours == pytest.approx(-np.inf if below is None else below)
        assert ours - compiled.row_upper[row] == pytest.approx(-np.inf if above is None else above)
    assert compiled.objective_at(values) == pytest.approx(pyo.value(m.cost))


def test_columns_keep_bounds_and_whole_numbers_and_leave_fixed_and_unused_variables_out() -> None:
    compiled = compile_model(every_kind_of_row())
    columns = dict(zip(compiled.column_names, range(6), strict=False))
    assert set(columns) == {"x[1]", "x[2]", "x[3]", "n", "priced"}
    n, priced, x = columns["n"], columns["priced"], columns["x[1]"]
    assert compiled.column_lower[[n, priced, x]].tolist() == [-np.inf, 1, -1]
    assert compiled.column_upper[[n, priced, x]].tolist() == [4, np.inf, 9]
    assert compiled.is_integer.sum() == 1
    assert compiled.is_integer[n]


def test_loading_gives_variables_that_occur_nowhere_the_value_nearest_zero_in_their_bounds() -> None:
    m = every_kind_of_row()
    compiled = compile_model(m)
    load(compiled, np.arange(5.0))
    assert m.unused.value == 3
    assert m.fixed.value == 2
    assert current_values(compiled).tolist() == [0, 1, 2, 3, 4]
    m.unused.set_value(4.0)
    load(compiled, np.zeros(5))
    assert m.unused.value == 4


def test_variables_and_constraints_are_found_by_column_and_row() -> None:
    m = every_kind_of_row()
    compiled = compile_model(m)
    columns = compiled.columns_of([m.n, m.x[3], m.fixed, m.unused])
    assert [compiled.column_names[column] for column in columns[:2]] == ["n", "x[3]"]
    assert columns[2:].tolist() == [-1, -1]
    assert compiled.rows_of([m.upper, m.switched_off]).tolist() == [2, -1]


def test_a_model_that_maximises_is_held_as_one_that_minimises() -> None:
    compiled = compile_model(knapsack([2, 3], [5, 7], 4))
    assert compiled.sense == -1
    assert sorted(compiled.cost) == [-7, -5]
    assert compiled.objective_at(np.array([1.0, 0.0])) == 5


def test_all_constraints_that_cannot_hold_are_named_with_their_numbers() -> None:
    m = beds_and_shifts()
    m.closed = pyo.Var(initialize=6.0)
    m.closed.fix()
    m.beds_limit = pyo.Constraint(expr=m.closed <= 5)
    m.beds_minimum = pyo.Constraint(expr=m.closed >= 7)
    with pytest.raises(
        Infeasible, match=r"beds_limit is 6 and has to be at most 5; beds_minimum is 6 .* at least 7"
    ):
        compile_model(m)


def test_rounding_in_a_constraint_of_fixed_variables_is_forgiven() -> None:
    m = beds_and_shifts()
    m.part = pyo.Var([1, 2, 3], initialize=0.1)
    m.part.fix()
    m.part_limit = pyo.Constraint(expr=m.part[1] + m.part[2] + m.part[3] <= 0.3)
    assert 0.1 + 0.1 + 0.1 > 0.3
    assert compile_model(m).row_names == ["care_minimum"]
    assert m.part_limit.active


def test_a_model_without_objective_or_rows_compiles() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(2, 3))
    m.cost = pyo.Objective(expr=m.x + 1)
    compiled = compile_model(m)
    assert compiled.A.shape == (0, 1)
    m.cost.deactivate()
    m.limit = pyo.Constraint(expr=m.x <= 2.5)
    compiled = compile_model(m)
    assert (compiled.cost.tolist(), compiled.offset, compiled.A.shape) == ([0], 0, (1, 1))


def test_two_objectives_and_odd_domains_are_refused() -> None:
    m = beds_and_shifts()
    m.second = pyo.Objective(expr=m.beds)
    with pytest.raises(ValueError, match="not 2"):
        compile_model(m)
    odd = pyo.ConcreteModel()
    odd.x = pyo.Var(domain=pyo.Set(initialize=[0, 2, 4]))
    odd.cost = pyo.Objective(expr=odd.x)
    with pytest.raises(ValueError, match=r"x: .* whole numbers"):
        compile_model(odd)


def test_changed_copies_leave_the_original_alone() -> None:
    compiled = compile_model(beds_and_shifts())
    beds = compiled.columns_of([compiled.model.beds])
    other = compiled.with_bounds(beds, 1, 2).with_cost(np.array([1.0, 1.0])).relaxed()
    other = other.with_rows(np.array([[1.0, 1.0]]), np.array([-np.inf]), np.array([8.0]))
    assert other.column_lower[beds].tolist() == [1]
    assert other.column_upper[beds].tolist() == [2]
    assert not other.is_integer.any()
    assert other.A.toarray().tolist()[1] == [1, 1]
    assert other.row_names == ["care_minimum", "extra[0]"]
    assert compiled.column_upper[beds].tolist() == [3]
    assert compiled.is_integer[beds].tolist() == [True]
    assert compiled.A.shape == (1, 2)
    assert sorted(compiled.cost) == [3, 7]


def test_a_plan_keeps_rows_bounds_and_whole_numbers() -> None:
    compiled = compile_model(beds_and_shifts())
    beds, shifts = compiled.columns_of([compiled.model.beds, compiled.model.shifts])

    def plan(b: float, s: float) -> Any:
        values = np.empty(2)
        values[[beds, shifts]] = b, s
        return values

    assert compiled.is_plan(plan(3, 1))
    assert compiled.is_plan(plan(3 + 1e-9, 1 - 1e-7))
    assert not compiled.is_plan(plan(3, 0.99))
    assert not compiled.is_plan(plan(2.5, 9))
    assert not compiled.is_plan(plan(4, 0))
    assert not compiled.is_plan(plan(3, np.nan))
    assert not compiled.is_plan(np.zeros(3))


def test_the_garbage_collector_is_on_again_after_an_error() -> None:
    def fail() -> None:
        with paused_garbage_collector():
            assert not gc.isenabled()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert gc.isenabled()
