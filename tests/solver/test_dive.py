"""Diving for a plan: what it says where it finds none."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from capplan.solver import highs
from capplan.solver.compiled import compile_model
from capplan.solver.dive import Group, dive
from capplan.solver.outcome import Holds, Stopped
from tests.solver.examples import EXACT


def test_a_dive_into_a_dead_end_has_failed_and_proves_nothing() -> None:
    """x = 2 is nearest to the relaxation's 1.6 and leaves an odd sum of even numbers; x = 3 is a plan."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(within=pyo.Integers, bounds=(1.6, 9))
    m.y = pyo.Var([1, 2, 3], within=pyo.Integers, bounds=(0, 9))
    m.odd = pyo.Constraint(expr=m.x + 2 * m.y[1] + 2 * m.y[2] - 2 * m.y[3] == 3)
    m.cost = pyo.Objective(expr=m.x)
    compiled = compile_model(m)
    relaxed = highs.solve(compiled.relaxed(), EXACT)
    columns = compiled.columns_of([m.x, *m.y.values()])
    groups = [Group(columns[:1], 0.5), Group(columns[1:], 0.5)]
    dived = dive(compiled, relaxed, groups, lambda: EXACT)
    assert (dived.stopped, dived.holds) == (Stopped.FAILED, Holds.NOTHING)
    assert np.isclose(highs.solve(compiled, EXACT).objective, 3)
