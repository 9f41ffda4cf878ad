import shutil
import sys
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest

from capplan.errors import UsageError
from capplan.results.status import Holds, Progress, Stopped
from capplan.solver import solve_model
from capplan.solver.other import _settings
from capplan.solver_options import SolverOptions
from tests.solver.examples import beds_and_shifts, hard, knapsack

CBC = SolverOptions(solver="cbc", gap=0.0)
needs_cbc = pytest.mark.skipif(
    not (shutil.which("cbc") or shutil.which("cbc", path=str(Path(sys.executable).parent))),
    reason="cbc is not installed (pip install cbcbox)",
)


@needs_cbc
def test_cbc_and_highs_agree_on_a_model_that_minimises() -> None:
    m = beds_and_shifts()
    outcome = solve_model(m, CBC)
    assert (outcome.stopped, outcome.holds) == (Stopped.GAP_REACHED, Holds.OPTIMAL_PLAN)
    assert (m.beds.value, m.shifts.value) == pytest.approx((3, 1))
    assert outcome.objective == pytest.approx(24)


@needs_cbc
def test_cbc_and_highs_agree_on_a_model_that_maximises(capfd: Any) -> None:
    weights, values = [12, 7, 11, 8, 9, 6, 5, 14], [24, 13, 23, 15, 16, 11, 9, 28]
    ours = solve_model(knapsack(weights, values, 26), SolverOptions(gap=0.0))
    theirs = solve_model(knapsack(weights, values, 26), CBC)
    assert theirs.objective == pytest.approx(ours.objective)
    assert theirs.bound == pytest.approx(ours.objective)
    assert capfd.readouterr() == ("", "")


@needs_cbc
def test_cbc_says_infeasible() -> None:
    m = beds_and_shifts()
    m.shifts.setub(0.5)
    outcome = solve_model(m, CBC)
    assert (outcome.stopped, outcome.holds, outcome.values) == (Stopped.INFEASIBLE, Holds.NOTHING, None)


@needs_cbc
def test_cbc_keeps_to_the_time_limit_and_holds_the_plan_it_has(tmp_path: Path, capfd: Any) -> None:
    m, seen = hard(), list[Progress]()
    options = SolverOptions(solver="cbc", gap=0.0, time_limit=1, threads=1, log_file=tmp_path / "cbc.log")
    outcome = solve_model(m, options, seen.append)
    assert (outcome.stopped, outcome.holds) == (Stopped.TIME_LIMIT, Holds.FEASIBLE_PLAN)
    assert outcome.objective == pytest.approx(pyo.value(m.cost))
    assert seen[-1].objective == outcome.objective
    assert "CBC" in (tmp_path / "cbc.log").read_text()
    assert capfd.readouterr() == ("", "")


@needs_cbc
def test_cbc_takes_a_start_and_fixed_variables() -> None:
    m = beds_and_shifts()
    m.beds.fix(2)
    m.shifts.set_value(4)
    assert solve_model(m, CBC, start=True).objective == pytest.approx(2 * 7 + 4 * 3)


@pytest.mark.parametrize(
    ("name", "says"),
    [("nonesuch", "not known"), ("_mock_asl", "not known|cannot|not installed"), ("ipopt_v2", "cannot")],
)
def test_a_solver_that_cannot_be_used_is_said_to_be_so(name: str, says: str, capfd: Any) -> None:
    with pytest.raises(UsageError, match=f"solver: '{name}'.*({says})"):
        solve_model(beds_and_shifts(), SolverOptions(solver=name))
    assert capfd.readouterr() == ("", "")


def test_a_solver_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(UsageError, match=r"'gurobi_direct' is not installed .pip install gurobipy"):
        solve_model(beds_and_shifts(), SolverOptions(solver="gurobi_direct"))


def test_options_are_said_in_the_solvers_own_words() -> None:
    def said(solver: str) -> tuple[dict[str, Any], str]:
        return _settings(SolverOptions(solver=solver, gap=0.02, time_limit=90.4, threads=3, seed=5))

    assert said("cbc") == ({"ratio": 0.02, "sec": 90, "threads": 3, "randomCbcSeed": 5}, "")
    assert said("gurobi_direct")[0] == {"MIPGap": 0.02, "TimeLimit": 90, "Threads": 3, "Seed": 5}
    assert said("glpk") == ({"mipgap": 0.02, "tmlim": 90, "seed": 5}, "glpk has no setting for threads")
    assert said("mosek") == ({}, "mosek ran with its own gap, time limit, threads and seed")
