import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import capplan
from capplan.checks import check_fully, check_question
from capplan.errors import InvalidInstance, UsageError
from capplan.instance import Instance
from capplan.plan import answer
from capplan.question import Question
from capplan.solver.outcome import relative_gap
from capplan.solver_options import SolverOptions


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("gap", -0.1),
        ("gap", 5),
        ("gap", float("nan")),
        ("time_limit", 0),
        ("time_limit", float("inf")),
        ("threads", 0),
        ("seed", -1),
        ("seed", 2**31),
        ("solver", " "),
    ],
)
def test_an_option_out_of_range_is_an_error_that_names_the_setting(setting: str, value: Any) -> None:
    with pytest.raises(UsageError, match=f"^{setting} is"):
        SolverOptions(**{setting: value})


def test_the_ends_of_the_ranges_are_accepted() -> None:
    SolverOptions(gap=0, time_limit=0.01, threads=1, seed=2**31 - 1)
    SolverOptions(gap=1, time_limit=None, threads=None, seed=0)


def test_options_and_outcomes_load_no_solver_and_no_pyomo() -> None:
    code = (
        "import sys, capplan.solver, capplan.question, capplan.solver.outcome;"
        "sys.exit(' '.join({'highspy', 'pyomo', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).stderr == b"\n"


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100, 98, 0.02), (-100, -102, 0.02), (0, 0, 0), (0, -1, float("inf")), (None, 5, None), (5, None, None)],
)
def test_the_gap_is_the_distance_to_the_bound_as_a_share_of_the_objective(
    objective: float | None, bound: float | None, gap: float | None
) -> None:
    assert relative_gap(objective, bound) == gap


TINY = Path(__file__).parents[1] / "instances" / "tiny"
MORE_BEDS = "site_beds.beds = 26"


@pytest.fixture(scope="module")
def tiny() -> Instance:
    return capplan.read(TINY)


def test_changes_come_after_the_scenario_and_leave_the_instance_as_it_was(tiny: Instance) -> None:
    change = "staff[locality=southvale].wte_max += 1"
    question = Question(tiny, [change], "town_only")
    by_hand = capplan.change(capplan.change(tiny, scenario="town_only"), change)
    assert question.changed.fingerprint == by_hand.fingerprint != tiny.fingerprint
    assert question.posed is question.changed
    assert question.changes == (change,)


@pytest.mark.parametrize("asked", [{"as_is": True}, {"scenario": "do_nothing"}])
def test_todays_capacity_is_fixed_after_the_changes_and_what_a_planner_wrote_is_checked(
    tiny: Instance, asked: dict[str, Any]
) -> None:
    question = Question(tiny, ["site_beds.beds_max = 30", MORE_BEDS], **asked)
    assert question.is_as_is
    (written,), (posed,) = (one.site_beds.to_dict("records") for one in (question.changed, question.posed))
    assert (written["beds"], written["beds_min"], written["beds_max"]) == (26, 0, 30)
    assert (posed["beds"], posed["beds_min"], posed["beds_max"]) == (26, 26, 26)


def test_change_gives_what_is_solved(tiny: Instance) -> None:
    changed = capplan.change(tiny, "site_beds.beds_max = 30", MORE_BEDS, scenario="do_nothing")
    assert changed.site_beds["beds_max"].tolist() == [26]


def test_an_instance_with_a_scenario_of_that_name_has_nothing_fixed(tiny: Instance) -> None:
    rows = [{"scenario": "do_nothing", "changes": "instance.periods = 3"}]
    question = Question(tiny.replace(scenarios=rows), scenario="do_nothing")
    assert not question.is_as_is
    assert question.posed.settings.periods == 3


def test_nothing_is_applied_before_it_is_asked_for(tiny: Instance) -> None:
    question = Question(tiny, ["nothing.of = this"], "nowhere")
    with pytest.raises(UsageError, match="nowhere"):
        question.changed  # noqa: B018 - asking is the test


@pytest.mark.parametrize("changes", ["instance.periods = 3", [3], [None]])
def test_changes_that_are_no_list_of_texts_are_a_usage_error_that_says_so(
    tiny: Instance, changes: Any
) -> None:
    with pytest.raises(UsageError, match=r"a list of changes is wanted|is no change"):
        Question(tiny, changes)


@pytest.mark.parametrize(
    "other",
    [
        {"options": SolverOptions(gap=0.01)},
        {"options": SolverOptions(time_limit=9)},
        {"options": SolverOptions(seed=1)},
        {"options": SolverOptions(threads=1)},
        {"options": SolverOptions(solver="cbc")},
        {"best_effort": True},
        {"as_is": True},
        {"scenario": "town_only"},
        {"changes": ["instance.periods = 5"]},
    ],
)
def test_whatever_changes_the_answer_changes_the_fingerprint(tiny: Instance, other: dict[str, Any]) -> None:
    assert Question(tiny, **other).fingerprint != Question(tiny).fingerprint


def test_questions_that_have_one_answer_have_one_fingerprint(tiny: Instance, tmp_path: Path) -> None:
    plain = Question(tiny).fingerprint
    logged = SolverOptions(log_file=tmp_path / "log")
    assert Question(capplan.read(TINY), options=logged).fingerprint == plain
    assert Question(tiny, ["instance.bank_holidays = england"]).fingerprint == plain
    assert Question(tiny, as_is=True).fingerprint == Question(tiny, scenario="do_nothing").fingerprint


def test_a_question_is_checked_as_the_planner_wrote_it(tiny: Instance) -> None:
    base = check_fully(tiny)
    wrong = Question(tiny, ["site_beds.beds = 26", "site_beds.beds_max = 25"], as_is=True)
    for known in (None, base):
        with pytest.raises(InvalidInstance, match="more than beds_max"):
            check_question(wrong, known)
        with pytest.raises(InvalidInstance, match="more than beds_max"):
            answer(wrong, base=known)


def test_what_was_checked_is_not_asked_again_where_it_is_answered(
    tiny: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(tiny, ["instance.periods = 3"], as_is=True)
    checked = check_question(question, check_fully(tiny))
    monkeypatch.setattr("capplan.checks._answer", lambda *_: pytest.fail("a rule was asked again"))
    assert answer(question, base=checked).is_as_is


def test_a_question_answered_is_what_solve_gives(tiny: Instance) -> None:
    change = "targets[target=discharges].value = 0.94"
    plan = answer(Question(tiny, [change]))
    assert plan.objective == pytest.approx(345_748, abs=1)
    assert plan.objective == capplan.solve(TINY, sets=[change]).objective
