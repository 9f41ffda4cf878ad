import itertools
import random
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
import pytest

from capplan.errors import SolverFailed, UsageError
from capplan.results.status import Holds, Progress, Stopped
from capplan.solver import solve_model
from capplan.solver.compiled import compile_model
from capplan.solver.highs import Session, solve, write_lp
from capplan.solver_options import SolverOptions
from tests.solver.examples import EXACT, beds_and_shifts, hard, knapsack

ROOT = Path(__file__).parents[2]


def test_the_cheapest_care_is_three_beds_and_a_shift() -> None:
    m = beds_and_shifts()
    outcome = solve_model(m, EXACT)
    assert outcome.stopped is Stopped.GAP_REACHED
    assert outcome.holds is Holds.OPTIMAL_PLAN
    assert (outcome.objective, outcome.bound, outcome.gap) == pytest.approx((24, 24, 0))
    assert (m.beds.value, m.shifts.value) == pytest.approx((3, 1))
    assert outcome.row_duals is None


@pytest.mark.parametrize("seed", range(5))
def test_a_knapsack_is_packed_as_well_as_by_trying_everything(seed: int) -> None:
    dice = random.Random(seed)
    weights, values = ([dice.randint(1, 20) for _ in range(10)] for _ in range(2))
    best = max(
        sum(v for v, t in zip(values, taken, strict=True) if t)
        for taken in itertools.product([0, 1], repeat=10)
        if sum(w for w, t in zip(weights, taken, strict=True) if t) <= 40
    )
    outcome = solve_model(knapsack(weights, values, 40), EXACT)
    assert (outcome.objective, outcome.bound) == pytest.approx((best, best))


def test_an_lp_has_prices() -> None:
    compiled = compile_model(beds_and_shifts()).relaxed()
    outcome = solve(compiled, EXACT)
    beds, shifts = compiled.columns_of([compiled.model.beds, compiled.model.shifts])
    assert outcome.objective == pytest.approx(24)
    # One person more takes one shift more: £3. A fourth bed would save 3 x £3 - £7 = £2.
    assert outcome.row_duals == pytest.approx([3])
    assert outcome.reduced_costs is not None
    assert outcome.reduced_costs[[beds, shifts]] == pytest.approx([-2, 0])


def test_prices_of_a_model_that_maximises_are_in_its_own_sense() -> None:
    compiled = compile_model(knapsack([2, 3], [5, 7], 4)).relaxed()
    outcome = solve(compiled, EXACT)
    # 5 for the first thing and two thirds of 7; more room is worth 7 / 3 a unit.
    assert outcome.objective == pytest.approx(5 + 2 / 3 * 7)
    assert outcome.row_duals == pytest.approx([7 / 3])


def test_after_the_mip_the_integers_are_fixed_and_the_lp_has_prices() -> None:
    compiled = compile_model(beds_and_shifts())
    plan = solve(compiled, EXACT).values
    assert plan is not None
    outcome = solve(compiled.with_integers_fixed(plan), EXACT, extra={"primal_feasibility_tolerance": 1e-9})
    assert outcome.objective == pytest.approx(24)
    assert outcome.row_duals == pytest.approx([3])


def test_too_few_beds_and_shifts_are_infeasible() -> None:
    m = beds_and_shifts()
    m.shifts.setub(0.5)
    outcome = solve_model(m)
    assert outcome.stopped is Stopped.INFEASIBLE
    assert outcome.holds is Holds.NOTHING
    assert (outcome.objective, outcome.bound, outcome.values) == (None, None, None)
    assert m.beds.value is None


@pytest.mark.parametrize("domain", [pyo.Integers, pyo.Reals])
def test_cost_without_end_is_unbounded(domain: Any) -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(domain=domain)
    m.y = pyo.Var(domain=domain)
    m.link = pyo.Constraint(expr=m.x - m.y <= 3)
    m.cost = pyo.Objective(expr=m.x + m.y)
    outcome = solve_model(m)
    assert outcome.stopped is Stopped.UNBOUNDED
    assert outcome.holds is Holds.NOTHING
    m.half = pyo.Constraint(expr=m.x - m.y >= 4)
    assert solve_model(m).stopped is Stopped.INFEASIBLE


def test_a_model_without_variables_in_its_rows_is_solved() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(2, 9))
    m.cost = pyo.Objective(expr=3 * m.x + 1)
    assert solve_model(m).objective == pytest.approx(7)
    assert m.x.value == pytest.approx(2)
    m.x.fix(4)
    outcome = solve_model(m)
    assert (outcome.stopped, outcome.objective) == (Stopped.GAP_REACHED, 13)


def test_a_loose_gap_is_said_and_kept() -> None:
    outcome = solve_model(hard(60, 10), SolverOptions(gap=0.2))
    assert outcome.stopped is Stopped.GAP_REACHED
    assert outcome.gap is not None
    assert 0 < outcome.gap <= 0.2


@pytest.mark.parametrize(("shifts", "cost"), [(8.0, 31), (np.nan, 28)])
def test_a_start_is_the_first_plan_and_what_it_leaves_open_is_completed(
    shifts: float, cost: int, tmp_path: Path
) -> None:
    compiled = compile_model(beds_and_shifts())
    start = np.empty(2)
    # One bed for £7 leaves seven people to shifts at £3: 28; with a shift too many 31.
    start[compiled.columns_of([compiled.model.beds, compiled.model.shifts])] = 1, shifts
    log_file = tmp_path / "highs.log"
    outcome = solve(compiled, SolverOptions(log_file=log_file), start, extra={"presolve": "off"})
    assert outcome.objective == pytest.approx(24)
    # 1.15 writes a comma, 1.16 a colon.
    assert re.search(rf"MIP start solution is feasible\W+objective value is {cost}\b", log_file.read_text())


def test_a_start_that_the_solver_had_no_time_to_look_at_is_kept_if_it_is_a_plan() -> None:
    compiled = compile_model(hard())
    no_time = SolverOptions(time_limit=1e-9)
    outcome = solve(compiled, no_time, start=np.zeros(300))
    assert outcome.stopped is Stopped.TIME_LIMIT
    assert outcome.holds is Holds.FEASIBLE_PLAN
    assert outcome.objective == 0
    assert solve(compiled, no_time, start=np.full(300, 3.0)).holds is Holds.NOTHING


def test_a_start_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="3 values, the model 2 columns"):
        solve(compile_model(beds_and_shifts()), EXACT, start=np.zeros(3))


@pytest.mark.parametrize("method", ["choose", "simplex", "ipm"])
def test_every_lp_method_gives_whole_numbers_in_a_mip_and_prices_in_an_lp(method: Any) -> None:
    compiled = compile_model(knapsack([2, 3, 4], [5, 7, 8], 6))
    assert solve(compiled, EXACT, lp_method=method).objective == pytest.approx(13)
    outcome = solve(compiled.relaxed(), EXACT, lp_method=method)
    assert outcome.objective == pytest.approx(5 + 7 + 8 / 4)
    assert outcome.row_duals == pytest.approx([2])


def test_the_same_seed_and_threads_give_the_same_plan() -> None:
    compiled = compile_model(hard(40, 8))
    options = SolverOptions(gap=0.01, seed=7, threads=1)
    first, second = (solve(compiled, options) for _ in range(2))
    assert first.values is not None
    assert second.values is not None
    assert (first.values == second.values).all()
    assert first.nodes == second.nodes


def test_threads_may_differ_from_run_to_run_in_one_process() -> None:
    compiled = compile_model(beds_and_shifts())
    for threads in (1, 2, 1):
        assert solve(compiled, SolverOptions(threads=threads)).objective == pytest.approx(24)


def test_nothing_is_printed_and_the_log_goes_to_its_file(tmp_path: Path, capfd: Any) -> None:
    log_file = tmp_path / "highs.log"
    solve_model(beds_and_shifts(), SolverOptions(log_file=log_file))
    assert "HiGHS" in log_file.read_text()
    assert capfd.readouterr() == ("", "")


def test_not_even_the_first_solve_of_a_process_prints_a_banner() -> None:
    code = "from capplan.solver import solve_model; from tests.solver import examples; solve_model(examples.hard(9, 2))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_log_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"log_file: .*nowhere"):
        solve_model(beds_and_shifts(), SolverOptions(log_file=tmp_path / "nowhere" / "log"))


def test_an_option_that_highs_does_not_have_is_named(capfd: Any) -> None:
    with pytest.raises(UsageError, match="mip_speed = 'fast'"):
        solve(compile_model(beds_and_shifts()), EXACT, extra={"mip_speed": "fast"})
    assert capfd.readouterr() == ("", "")


def test_numbers_that_are_no_numbers_are_refused() -> None:
    compiled = compile_model(beds_and_shifts())
    with pytest.raises(SolverFailed, match="not a number"):
        solve(compiled.with_cost(np.array([np.nan, 1.0])), EXACT)


def test_progress_is_told_in_the_calling_thread_and_ends_with_the_outcome() -> None:
    seen: list[tuple[Progress, threading.Thread]] = []
    options = SolverOptions(gap=0.0, time_limit=1.0)
    outcome = solve_model(hard(), options, lambda p: seen.append((p, threading.current_thread())))
    assert {thread for _, thread in seen} == {threading.current_thread()}
    assert len(seen) > 1
    costs = [p.objective for p, _ in seen if p.objective is not None]
    assert costs == sorted(costs, reverse=True)
    last = seen[-1][0]
    assert (last.objective, last.bound, last.gap) == (outcome.objective, outcome.bound, outcome.gap)


def test_progress_of_a_model_that_maximises_is_in_its_own_sense() -> None:
    m = hard()
    m.cost.set_value(-m.cost.expr)
    m.cost.set_sense(pyo.maximize)
    seen: list[Progress] = []
    outcome = solve_model(m, SolverOptions(gap=0.0, time_limit=0.7), seen.append)
    assert outcome.stopped is Stopped.TIME_LIMIT
    for progress in seen:
        if progress.objective is not None and progress.bound is not None:
            assert 0 <= progress.objective <= progress.bound


def test_an_error_in_the_progress_callback_stops_the_solver_and_is_raised() -> None:
    def fail(_: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        solve_model(hard(), SolverOptions(gap=0.0), fail)


def test_one_ctrl_c_returns_the_best_plan_so_far() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.objective is not None and not told:
            told.append(progress)
            raise KeyboardInterrupt

    told: list[Progress] = []
    compiled = compile_model(hard())
    outcome = solve(compiled, SolverOptions(gap=0.0), on_progress=interrupt)
    assert outcome.stopped is Stopped.INTERRUPTED
    assert outcome.holds is Holds.FEASIBLE_PLAN
    assert outcome.values is not None
    assert compiled.is_plan(outcome.values)
    assert outcome.objective == pytest.approx(compiled.objective_at(outcome.values))
    assert outcome.gap is not None
    assert outcome.gap > 0


def test_a_session_answers_as_a_new_model_would() -> None:
    compiled = compile_model(knapsack([2, 3, 4], [5, 7, 8], 6))
    take = compiled.columns_of(compiled.model.take.values())
    with Session(compiled, EXACT) as session:
        assert session.run().objective == pytest.approx(13)
        session.change_bounds(take[:1], 0.0, 0.0)
        assert session.run().objective == pytest.approx(8)
        session.change_costs(take[1:2], -9.0)
        assert session.run().objective == pytest.approx(9)
        session.set_integrality(take, False)
        relaxed = session.run()
        assert relaxed.objective == pytest.approx(9 + 3 / 4 * 8)
        assert relaxed.row_duals == pytest.approx([2])
        session.add_rows(np.array([[0.0, 0.0, 1.0]]), np.array([-np.inf]), np.array([0.5]))
        limited = session.run(lp_method="simplex")
        assert limited.objective == pytest.approx(9 + 4)
        assert limited.row_duals is not None
        assert limited.row_duals.shape == (2,)
        session.set_integrality(take, True)
        assert session.run(gap=0.0).objective == pytest.approx(9)
    assert compiled.A.shape == (1, 3)
    assert compiled.is_integer.all()


def test_a_session_goes_on_after_an_unbounded_model() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(domain=pyo.Integers)
    m.floor = pyo.Constraint(expr=m.x <= 5)
    m.cost = pyo.Objective(expr=2 * m.x)
    with Session(compile_model(m), EXACT) as session:
        assert session.run().stopped is Stopped.UNBOUNDED
        session.change_bounds(np.array([0]), -3.0, 5.0)
        assert session.run().objective == pytest.approx(-6)


def test_a_sessions_time_limit_counts_each_run_anew() -> None:
    compiled = compile_model(hard(60, 10))
    with Session(compiled, SolverOptions(gap=0.0)) as session:
        first = session.run(time_limit=0.3)
        second = session.run(time_limit=0.3)
    assert first.stopped is Stopped.TIME_LIMIT
    assert second.nodes > 0 or second.holds is Holds.FEASIBLE_PLAN
    assert second.seconds > 0.2


def large_rows() -> Any:
    """A small thing and dear ones, whole numbers, in a row with coefficients from 0.003 to 21 million."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(4), domain=pyo.NonNegativeIntegers, bounds=lambda _, i: (0, 10 if i == 3 else 1e8))
    coefficients = (2.1e7, 1e5, 0.168, -0.003)
    m.room_balance = pyo.Constraint(
        expr=sum(a * m.x[i] for i, a in enumerate(coefficients)) == 42_300_000.501
    )
    m.one_balance = pyo.Constraint(expr=4.026 * m.x[3] == 4.026)
    m.cost = pyo.Objective(expr=4.69 * m.x[0] - 1.4 * m.x[1] - 0.74 * m.x[2] + 1.87 * m.x[3])
    return m


def test_rows_with_very_large_coefficients_do_not_make_the_solver_give_up() -> None:
    # Given these rows as they are written, HiGHS (1.15.1, 1.16.0) calls the model infeasible.
    compiled = compile_model(large_rows())
    outcome = solve(compiled, EXACT)
    assert outcome.stopped is Stopped.GAP_REACHED
    assert outcome.values is not None
    assert compiled.is_plan(outcome.values)


def test_a_row_with_very_large_coefficients_has_its_price_in_its_own_unit() -> None:
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, 5)), pyo.Var(bounds=(0, None))
    m.hours_minimum = pyo.Constraint(expr=5000 * m.x + 2000 * m.y >= 30_000)
    m.cost = pyo.Objective(expr=10 * m.x + 6 * m.y)
    with Session(compile_model(m), EXACT) as session:
        # The hours that x leaves cost £6 for 2,000: £0.003 each.
        assert session.run().row_duals == pytest.approx([0.003])
        session.add_rows(np.array([[0.0, 4000.0]]), np.array([16_000.0]), np.array([np.inf]))
        outcome = session.run()
    # Now y is 4 for the new row's sake: x takes the rest, £10 for 5,000 hours, and y costs £6 - 2,000 x £0.002 a unit.
    assert outcome.objective == pytest.approx(10 * 4.4 + 6 * 4)
    assert outcome.row_duals == pytest.approx([0.002, 2 / 4000])


@pytest.mark.parametrize("is_integer", [True, False])
def test_where_the_solver_gives_up_it_is_asked_once_more(
    is_integer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, asked = highspy.Highs.getModelStatus, []

    def gives_up_at_first(highs: highspy.Highs) -> highspy.HighsModelStatus:
        asked.append(highs.getOptionValue("presolve")[1])
        return truth(highs) if asked[-1] == "off" else highspy.HighsModelStatus.kSolveError

    monkeypatch.setattr(highspy.Highs, "getModelStatus", gives_up_at_first)
    compiled = compile_model(beds_and_shifts())
    outcome = solve(compiled if is_integer else compiled.relaxed(), EXACT)
    assert asked[-1] == "off"
    assert outcome.stopped is Stopped.GAP_REACHED
    assert (outcome.objective, outcome.bound, outcome.gap) == pytest.approx((24, 24, 0))


def test_the_lp_file_has_readable_names_and_means_the_same(tmp_path: Path) -> None:
    m = pyo.ConcreteModel()
    m.beds = pyo.Var(["St Mary's", "St_Mary_s", "Hill[1]"], domain=pyo.NonNegativeIntegers)
    m.care_minimum = pyo.Constraint(m.beds.index_set(), rule=lambda m, s: 2 * m.beds[s] >= 3)
    m.cost = pyo.Objective(expr=sum(5 * beds for beds in m.beds.values()))
    write_lp(compile_model(m), tmp_path / "model.lp")
    text = (tmp_path / "model.lp").read_text()
    assert "care_minimum(St_Mary_s)" in text
    assert "beds(_Hill(1)_)" in text
    assert text.count("+5 ") == 3
    with pytest.raises(UsageError, match="path"):
        write_lp(compile_model(m), tmp_path / "nowhere" / "model.lp")


def test_a_search_stops_at_a_bound_that_is_enough() -> None:
    compiled = compile_model(hard())
    relaxed = solve(compiled.relaxed(), EXACT).objective
    assert relaxed is not None
    enough = relaxed - 0.5 * abs(relaxed)  # no plan costs less than the relaxation
    outcome = solve(compiled, EXACT, enough=enough)
    assert outcome.stopped is Stopped.OTHER_LIMIT
    assert outcome.bound is not None
    assert outcome.bound >= enough
