"""Bounds that follow from fixed numbers."""

import numpy as np
import pyomo.environ as pyo
from hypothesis import given, settings
from hypothesis import strategies as st

from capplan.search.propagate import Propagation
from capplan.solver.compiled import compile_model


def ward(beds_min: int = 6) -> pyo.ConcreteModel:
    """A site of at most 30 beds with one unit that has at least `beds_min` beds if it is open."""
    m = pyo.ConcreteModel()
    m.site_is_open = pyo.Var(within=pyo.Binary)
    m.unit_is_open = pyo.Var(within=pyo.Binary)
    m.beds = pyo.Var(within=pyo.NonNegativeReals)
    m.unit_size = pyo.Constraint(expr=m.beds >= beds_min * m.unit_is_open)
    m.site_size = pyo.Constraint(expr=m.beds <= 30 * m.site_is_open)
    m.cost = pyo.Objective(expr=m.beds)
    return m


def tightened(m: pyo.ConcreteModel, **fixed: float) -> dict[str, tuple[float, float]] | None:
    compiled = compile_model(m)
    lower, upper = compiled.column_lower.copy(), compiled.column_upper.copy()
    for column, variable in enumerate(compiled.variables):
        if variable.name in fixed:
            lower[column] = upper[column] = fixed[variable.name]
    found = Propagation(compiled).tightened(lower, upper)
    if found is None:
        return None
    names = [variable.name for variable in compiled.variables]
    return {name: (float(low), float(high)) for name, low, high in zip(names, *found, strict=True)}


def test_an_open_unit_keeps_its_site_open():
    bounds = tightened(ward(), unit_is_open=1)
    assert bounds["beds"] == (6, 30)
    assert bounds["site_is_open"] == (1, 1)


def test_a_closed_site_closes_its_unit():
    bounds = tightened(ward(), site_is_open=0)
    assert bounds["beds"][1] <= 1e-6
    assert bounds["unit_is_open"] == (0, 0)


def test_an_open_unit_at_a_closed_site_fits_no_plan():
    assert tightened(ward(), unit_is_open=1, site_is_open=0) is None


def test_a_unit_larger_than_its_site_never_opens():
    assert tightened(ward(beds_min=31))["unit_is_open"] == (0, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.integers(-2, 6), min_size=4, max_size=4),
    st.integers(0, 2),
)
def test_no_plan_is_ever_cut_off(rows, right, first):
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(3), within=pyo.NonNegativeIntegers, bounds=(0, 2))
    m.rows = pyo.ConstraintList()
    for factors, most in zip(rows, right, strict=False):
        if any(factors):
            m.rows.add(sum(f * m.x[i] for i, f in enumerate(factors)) <= most)
    m.cost = pyo.Objective(expr=sum(m.x.values()))
    compiled = compile_model(m)
    names = [variable.name for variable in compiled.variables]
    lower, upper = compiled.column_lower.copy(), compiled.column_upper.copy()
    lower[names.index("x[0]")] = upper[names.index("x[0]")] = first
    grid = np.array(np.meshgrid(*[range(3)] * 3)).reshape(3, -1).T.astype(float)
    plans = [x for x in grid if x[names.index("x[0]")] == first and compiled.is_plan(x)]
    found = Propagation(compiled).tightened(lower, upper)
    assert found is not None or not plans
    for x in plans:
        assert (found[0] <= x + 1e-9).all()
        assert (x <= found[1] + 1e-9).all()
