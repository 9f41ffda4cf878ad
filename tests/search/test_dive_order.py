"""What is done with the whole numbers of a plan when it passes from quarters to months."""

from __future__ import annotations

import pytest

from capplan.formulation.build import build
from capplan.search.dive_order import opening_columns, with_fewer_wards
from capplan.solver import highs
from capplan.solver.clock import Clock
from capplan.solver.compiled import compile_model
from tests.formulation.test_acute import ROYAL, wards
from tests.formulation.tiny import tiny
from tests.solver.examples import EXACT


def test_of_the_wards_that_a_relaxation_closes_the_whole_ones_stay_closed() -> None:
    """Three beds are freed: one ward of two beds, worth £1,000 a week for two weeks, and half of another."""
    m = build(tiny(ROYAL, wards()))
    compiled = compile_model(m)
    assert highs.solve(compiled.relaxed(), EXACT).objective < -3000
    found = with_fewer_wards(m, compiled, Clock.started(EXACT))
    assert found.objective == pytest.approx(-2000)
    assert found.values[compiled.columns_of(m.wards_closed.values())] == pytest.approx(1)


def test_wards_count_as_openings_and_beds_do_not() -> None:
    m = build(tiny(ROYAL, wards()))
    compiled = compile_model(m)
    names = {compiled.variables[c].parent_component().local_name for c in opening_columns(m, compiled)}
    assert names == {"wards_closed", "any_ward_closed"}
