"""That there is no plan, said on two ways or not at all."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from capplan.errors import NoPlanFound
from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.overrides import apply_overrides
from capplan.plan import solve as solve_instance
from capplan.results.status import Holds, Stopped
from capplan.search import find_plan as search
from capplan.search.find_plan import find_plan
from capplan.search.pricing import Pricing
from capplan.solver import other, second_way, solve_model
from capplan.solver.clock import Clock
from capplan.solver.compiled import compile_model
from capplan.solver.highs import Session, session
from capplan.solver.outcome import Outcome
from capplan.solver_options import SolverOptions
from capplan.today import as_is
from tests.search.test_congested import two_years
from tests.solver.examples import EXACT, beds_and_shifts
from tests.solver.test_highs import large_rows

Lie = Callable[[Any], list[int]]
NONE = Outcome(Stopped.INFEASIBLE, Holds.NOTHING, message="Infeasible")


@pytest.fixture
def lie(monkeypatch: pytest.MonkeyPatch) -> Lie:
    """`lie(when)`: the solver says infeasible of those runs, counted from 0, for which `when(number)` holds."""
    truth, asked = Session.run, list[int]()

    def install(when: Callable[[int], bool]) -> list[int]:
        asked.clear()

        def run(session: Session, *args: Any, **options: Any) -> Outcome:
            asked.append(len(asked))
            return NONE if when(asked[-1]) else truth(session, *args, **options)

        monkeypatch.setattr(Session, "run", run)
        return asked

    return install


def lots() -> Any:
    """Thirteen or fourteen beds, in lots of four: only whole lots are in the way."""
    m = pyo.ConcreteModel()
    m.lots = pyo.Var(domain=pyo.NonNegativeIntegers, bounds=(0, 9))
    m.beds_minimum = pyo.Constraint(expr=4 * m.lots >= 13)
    m.beds_limit = pyo.Constraint(expr=4 * m.lots <= 14)
    m.cost = pyo.Objective(expr=m.lots)
    return m


def called_infeasible() -> Any:
    """A model that HiGHS 1.15.1 calls infeasible in its presolve, though nothing at all is a plan of it."""
    m = pyo.ConcreteModel()
    m.a, m.c, m.d = (pyo.Var(domain=pyo.Binary) for _ in range(3))
    m.b = pyo.Var(bounds=(0, 94))
    m.rows = pyo.ConstraintList()
    m.rows.add(10 * m.a + m.b <= 0.001)
    m.rows.add(-m.b + 77.192 * m.d <= 75)
    m.rows.add(-m.a + 8 * m.b + 9 * m.d >= 0)
    m.rows.add(92.03 * m.a - m.b + m.c - 68.3 * m.d == 0)
    m.rows.add(-m.a + 6 * m.c >= -1)
    m.rows.add(m.b + 32.8 * m.d <= 0)
    m.cost = pyo.Objective(expr=-7 * m.a + 15 * m.b + 12 * m.c + 15 * m.d)
    return m


def without_congestion() -> Instance:
    """Two sites for a year whose relaxation breaks lazy rows."""
    return apply_overrides(two_years(), ["bed_types.congestion = none", "bed_types.queue_day_gbp ="])


def test_rows_that_contradict_each_other_are_infeasible_by_arithmetic() -> None:
    m = beds_and_shifts()
    m.shifts.setub(0.5)
    outcome = solve_model(m, EXACT)
    assert (outcome.stopped, outcome.holds) == (Stopped.INFEASIBLE, Holds.NOTHING)
    assert "contradict each other" in outcome.message


def test_what_only_whole_numbers_make_impossible_is_infeasible_without_presolve_too() -> None:
    outcome = solve_model(lots(), EXACT)
    assert (outcome.stopped, outcome.holds) == (Stopped.INFEASIBLE, Holds.NOTHING)
    assert "without presolve too" in outcome.message


def test_bounds_that_leave_no_whole_number_are_infeasible() -> None:
    m = pyo.ConcreteModel()
    m.lots = pyo.Var(domain=pyo.Integers, bounds=(1, 9))
    m.none = pyo.Constraint(expr=2 * m.lots == 3)
    m.cost = pyo.Objective(expr=m.lots)
    assert solve_model(m, EXACT).stopped is Stopped.INFEASIBLE


@pytest.mark.parametrize("model", [called_infeasible, beds_and_shifts])
def test_a_model_that_presolve_calls_infeasible_has_its_cheapest_plan(model: Any, monkeypatch: Any) -> None:
    truth = Session.run

    def run(session: Session, *args: Any, **options: Any) -> Outcome:
        outcome = truth(session, *args, **options)
        return outcome if session._option("presolve") == "off" else NONE

    monkeypatch.setattr(Session, "run", run)
    outcome = solve_model(model(), EXACT)
    assert (outcome.stopped, outcome.holds) == (Stopped.GAP_REACHED, Holds.OPTIMAL_PLAN)
    assert (outcome.objective, outcome.bound) == pytest.approx(
        (24, 24) if model is beds_and_shifts else (0, 0)
    )


def test_a_model_that_a_version_of_highs_calls_infeasible_has_its_plan() -> None:
    outcome = solve_model(called_infeasible(), EXACT)
    assert (outcome.holds, outcome.objective) == (Holds.OPTIMAL_PLAN, pytest.approx(0))


def test_rows_as_they_are_written_may_be_called_infeasible_and_have_their_plan(monkeypatch: Any) -> None:
    """2 x 21,000,000 + 3 x 100,000 + 3 x 0.168 - 0.003 = 42,300,000.501, and HiGHS 1.15.1 and 1.16.0 find no plan."""
    monkeypatch.setattr(session, "row_scale", lambda matrix: np.ones(matrix.shape[0]))
    compiled = compile_model(large_rows())
    outcome = second_way.solve(compiled, EXACT)
    assert outcome.values is not None
    assert compiled.is_plan(outcome.values)


@pytest.mark.parametrize("is_integer", [True, False])
def test_one_lie_is_followed_by_the_plan(lie: Lie, is_integer: bool) -> None:
    compiled = compile_model(beds_and_shifts())
    lie(lambda run: run == 0)
    outcome = second_way.solve(compiled if is_integer else compiled.relaxed(), EXACT)
    assert (outcome.stopped, outcome.objective, outcome.bound) == (Stopped.GAP_REACHED, 24, 24)
    assert (outcome.row_duals is None) is is_integer


def test_a_plan_at_hand_stands_against_a_solver_that_only_ever_says_infeasible(lie: Lie) -> None:
    compiled = compile_model(beds_and_shifts())
    start = np.array([3.0, 1.0])[
        np.argsort(compiled.columns_of([compiled.model.beds, compiled.model.shifts]))
    ]
    lie(lambda _: True)
    outcome = second_way.solve(compiled, EXACT, start)
    assert (outcome.stopped, outcome.holds, outcome.objective) == (
        Stopped.OTHER_LIMIT,
        Holds.FEASIBLE_PLAN,
        24,
    )


@pytest.mark.parametrize("ended", [Stopped.TIME_LIMIT, Stopped.INTERRUPTED, Stopped.FAILED])
def test_what_no_second_way_confirms_is_said_not_to_be_confirmed(ended: Stopped, monkeypatch: Any) -> None:
    outcomes = iter([NONE, *[Outcome(ended, Holds.NOTHING)] * 2])
    monkeypatch.setattr(Session, "run", lambda *_, **__: next(outcomes))
    outcome = solve_model(lots(), EXACT)
    assert (outcome.stopped, outcome.holds) == (Stopped.UNCONFIRMED, Holds.NOTHING)
    assert outcome.message == f"Infeasible, not confirmed: {ended.value}"


def test_without_a_time_limit_the_second_way_has_one(monkeypatch: Any) -> None:
    seen = []
    truth = Session.run

    def run(session: Session, *args: Any, **options: Any) -> Outcome:
        seen.append((session._option("presolve"), session._options.time_limit))
        return truth(session, *args, **options)

    monkeypatch.setattr(Session, "run", run)
    assert solve_model(lots(), EXACT).stopped is Stopped.INFEASIBLE
    assert seen[-1] == ("off", second_way.SECONDS)


def test_rows_contradict_each_other_where_they_ask_for_more_than_bounds_allow() -> None:
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, 2)), pyo.Var(bounds=(0, 2))
    m.least = pyo.Constraint(expr=m.x + m.y >= 5)
    m.most = pyo.Constraint(expr=m.x <= 9)
    m.cost = pyo.Objective(expr=m.x)
    compiled = compile_model(m)
    least, most = compiled.rows_of([m.least, m.most])
    weights = np.zeros(2)
    assert not second_way.contradict(compiled, weights)
    weights[least] = 1.0  # at least 5 of 4
    assert second_way.contradict(compiled, weights)
    assert not second_way.contradict(compiled, -weights)  # a row has one side only
    weights[most] = -0.4  # 5 - 0.4 x 9 of 0.6 x 2 + 2
    assert not second_way.contradict(compiled, weights)


@pytest.mark.parametrize(("asked", "expected"), [(5.0, False), (5 + 1e-7, False), (5.001, True)])
def test_what_misses_by_less_than_a_plan_may_is_no_contradiction(asked: float, expected: bool) -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(0, 5))
    m.y = pyo.Var(bounds=(0, None))
    m.least = pyo.Constraint(expr=m.x - 1e-12 * m.y >= asked)
    m.cost = pyo.Objective(expr=m.x)
    assert second_way.contradict(compile_model(m), np.array([1.0])) is expected


def test_columns_without_bound_allow_anything() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var()
    m.least = pyo.Constraint(expr=m.x >= 1e6)
    m.cost = pyo.Objective(expr=m.x)
    assert not second_way.contradict(compile_model(m), np.array([1.0]))


@pytest.mark.parametrize(
    ("instance", "is_large"), [(without_congestion, False), (without_congestion, True), (two_years, False)]
)
def test_wherever_the_solver_lies_once_the_plan_costs_the_same(
    lie: Lie, instance: Callable[[], Instance], is_large: bool, monkeypatch: Any
) -> None:
    if is_large:
        monkeypatch.setattr(search, "LARGE", 0)
    m = build(instance())
    compiled, options = compile_model(m), SolverOptions(gap=1e-3, threads=1)
    runs = lie(lambda _: False)
    truth = find_plan(m, compiled, options)[1].objective
    for number in range(min(len(runs), 12)):
        lie(lambda run, number=number: run == number)
        _, outcome = find_plan(m, compiled, options)
        assert outcome.holds is not Holds.NOTHING, f"lied to in run {number}"
        assert outcome.objective == pytest.approx(truth, rel=2e-3), f"lied to in run {number}"


@pytest.mark.parametrize(("asked", "expected"), [(0.0, Stopped.UNCONFIRMED), (1e6, Stopped.INFEASIBLE)])
def test_capacity_that_is_fixed_and_has_no_price_has_no_plan_only_where_that_is_confirmed(
    asked: float, expected: Stopped, monkeypatch: Any
) -> None:
    m = build(as_is(two_years()))
    compiled = compile_model(m)
    beds = np.zeros(len(compiled.cost))
    beds[compiled.columns_of(m.beds_open.values())] = 1.0
    asks = compiled.with_rows(beds[None, :], np.array([asked]), np.array([np.inf]))
    monkeypatch.setattr(Pricing, "_priced", lambda *_: None)
    assert find_plan(m, asks, EXACT)[1].stopped is expected


@pytest.mark.parametrize("is_best_effort", [False, True])
def test_a_planner_is_told_that_it_was_not_confirmed(is_best_effort: bool, monkeypatch: Any) -> None:
    outcome = Outcome(
        Stopped.UNCONFIRMED, Holds.NOTHING, message="Infeasible, not confirmed: time limit reached"
    )
    monkeypatch.setattr("capplan.plan.solving.find_plan", lambda _, compiled, *__: (compiled, outcome))
    with pytest.raises(NoPlanFound, match=r"not confirmed.*time limit reached.*allow more time"):
        solve_instance(two_years(), best_effort=is_best_effort)


def test_what_another_solver_says_is_confirmed_by_highs(monkeypatch: Any) -> None:
    monkeypatch.setattr(other, "solve_with_pyomo", lambda *_: NONE)
    options = SolverOptions(solver="cbc", gap=0.0)
    assert solve_model(beds_and_shifts(), options).objective == pytest.approx(24)
    assert "without presolve too" in solve_model(lots(), options).message


def test_what_is_not_infeasible_is_left_as_it_is() -> None:
    outcome = Outcome(Stopped.TIME_LIMIT, Holds.NOTHING)
    compiled = compile_model(beds_and_shifts())
    assert second_way.confirmed(compiled, outcome, Clock.started(EXACT)) is outcome
