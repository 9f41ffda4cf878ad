"""Diving for a plan: what it says where it finds none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from capplan.results.status import Holds, Stopped
from capplan.search.dive import Group, dive
from capplan.solver import highs
from capplan.solver.compiled import Compiled, compile_model
from capplan.solver.outcome import Outcome
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


def test_a_number_that_fits_only_the_other_way_is_rounded_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """w = 0.8 is nearest to 1, which no row by itself rules out, and no plan has: 3 y1 + 3 y2 <= 2.4.

    No search over what was put aside is needed in the end.
    """
    m = pyo.ConcreteModel()
    m.w = pyo.Var(within=pyo.Binary)
    m.y = pyo.Var([1, 2], bounds=(0, None))
    m.freed = pyo.Constraint(expr=m.w <= m.y[1] + m.y[2])
    m.one = pyo.Constraint(expr=m.y[1] + 2 * m.y[2] <= 1.2)
    m.other = pyo.Constraint(expr=2 * m.y[1] + m.y[2] <= 1.2)
    m.cost = pyo.Objective(expr=-m.w)
    compiled = compile_model(m)
    relaxed = highs.solve(compiled.relaxed(), EXACT)
    assert np.isclose(relaxed.objective, -0.8)
    searched = []
    solve = highs.solve

    def watched(problem: Compiled, *rest: Any, **more: Any) -> Outcome:
        searched.append(bool(problem.is_integer.any()))
        return solve(problem, *rest, **more)

    monkeypatch.setattr(highs, "solve", watched)
    dived = dive(compiled, relaxed, [Group(compiled.columns_of([m.w]), 0.5)], lambda: EXACT)
    assert (dived.holds, dived.objective) == (Holds.FEASIBLE_PLAN, 0)
    assert searched
    assert not any(searched)
