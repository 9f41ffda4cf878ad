"""`capplan solve`: what it prints, writes and returns. The numbers are those of instances/tiny/README.md."""

import csv
import io
import json
import os
from dataclasses import replace as replace_fields
from itertools import chain, repeat
from pathlib import Path

import pytest

from capplan.checks import RULES, check_question
from capplan.cli import solve
from capplan.errors import NoPlanFound, UsageError
from capplan.plan import answer
from capplan.results.status import Holds, Stopped
from capplan.solver.highs import Session
from capplan.solver.outcome import Outcome
from tests.cli.conftest import replace

pytestmark = pytest.mark.usefixtures("tiny")


def test_a_planner_reads_first_whether_targets_are_met_then_what_to_commission_and_what_it_costs(solved):
    wanted = [
        "Tiny: two localities, six months",
        "Both imposed targets are met.",
        "What to commission",
        "the first by 1 April 2017",
        "-15",
        "Capacity from 1 September 2017",
        "What it costs over the plan",
        "£334,648",
        "People",
        "What is tight",
        "Proved: no plan is cheaper.",
        "Saved in results/tiny",
    ]
    positions = [solved.stdout.find(each) for each in wanted]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_what_is_printed_stays_on_one_page(solved):
    assert len(solved.stdout.splitlines()) <= 60


def test_costs_stand_beside_those_of_todays_capacity(solved):
    assert "in all                               £497,394  £334,648   -£162,746" in solved.stdout


def test_text_that_is_not_for_a_terminal_has_no_escape_codes_and_is_not_cut(solved):
    assert "\x1b" not in solved.stdout
    assert "…" not in solved.stdout
    assert max(len(line) for line in solved.stdout.splitlines()) > 120


def test_verbose_tells_the_size_of_the_model_and_the_stages(solved):
    assert "rows" in solved.stderr
    assert "build" in solved.stderr


def test_the_run_folder_holds_the_plan(solved):
    run = solved.folder / "results" / "tiny"
    assert json.loads((run / "run.json").read_text())["objective"] == pytest.approx(334_648)


def test_json_on_stdout_is_one_document_and_nothing_else(capplan):
    document = json.loads(capplan("solve", "tiny", "--format", "json").stdout)
    assert document["objective"] == pytest.approx(334_648)
    assert document["stopped"] == "gap_reached"
    assert {row["what"] for row in document["decisions"]} == {"rehab", "rsw"}
    assert document["targets"][0]["is_met"] is True
    assert document["targets"][0]["baseline"] is None


def test_csv_on_stdout_is_the_summary(capplan):
    rows = list(csv.DictReader(io.StringIO(capplan("solve", "tiny", "--format", "csv").stdout)))
    assert next(float(row["value"]) for row in rows if row["measure"] == "cost_paid") == pytest.approx(
        325_498
    )


def test_a_change_on_the_command_line_is_solved_and_noted_in_the_run(capplan):
    change = "targets[target=discharges].value = 0.94"
    result = capplan("solve", "tiny", "--set", change, "--out", "more")
    assert "£345,748" in result.stdout
    run = json.loads(Path("more/run.json").read_text())
    assert run["overrides"] == [change]
    assert "0.94" in Path("more/instance/targets.csv").read_text()


def test_a_change_that_touches_nothing_is_a_usage_error_that_lists_what_there_is(capplan):
    result = capplan("solve", "tiny", "--set", "targets[target=dischargs].value = 1")
    assert result.exit_code == 2
    assert "discharges" in result.stderr
    assert not Path("results").exists()


def test_a_scenario_is_solved_like_a_change_to_it_by_hand(capplan):
    assert "£345,748" in capplan("solve", "tiny", "--scenario", "more_discharges").stdout
    assert Path("results/tiny-more_discharges/run.json").exists()


def test_all_scenarios_are_solved_into_folders_of_their_own_and_compared(capplan):
    result = capplan("solve", "tiny", "--scenario", "all", "--out", "runs")
    assert result.exit_code == 0
    assert json.loads(Path("runs/town_only/run.json").read_text())["scenario"] == "town_only"
    assert json.loads(Path("runs/more_discharges/run.json").read_text())["objective"] == pytest.approx(
        345_747.6
    )
    assert "£384,246" in result.stdout
    assert "£345,748" in result.stdout


def test_of_several_scenarios_only_the_rules_are_asked_again_whose_tables_they_change(capplan, monkeypatch):
    asked = []

    def counted(question, base):
        checked = check_question(question, base)
        asked.append(len(checked.asked))
        return checked

    monkeypatch.setattr(solve, "check_question", counted)
    assert capplan("solve", "tiny", "--scenario", "all", "--out", "runs").exit_code == 0
    assert len(asked) == 2
    assert 0 < max(asked) < len(RULES) / 2


def test_a_scenario_without_a_plan_stops_no_other_and_decides_the_exit_code(capplan, tiny):
    with (tiny / "scenarios.csv").open("a") as file:
        file.write("too_much,Too much,targets[target=discharges].value = 2,made up\n")
    result = capplan("solve", "tiny", "--scenario", "too_much", "--scenario", "town_only", "--format", "csv")
    assert result.exit_code == 4
    rows = {row["scenario"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert rows["too_much"]["result"] == "infeasible"
    assert float(rows["town_only"]["cost_gbp"]) == pytest.approx(384_246)


def test_an_unknown_scenario_is_a_usage_error(capplan):
    result = capplan("solve", "tiny", "--scenario", "town")
    assert result.exit_code == 2
    assert "town_only" in result.stderr


def test_as_is_fixes_todays_capacity(capplan):
    text = capplan("solve", "tiny", "--as-is").stdout
    assert "paid in all                 £497,394" in text
    assert "What to commission" not in text
    assert Path("results/tiny-as-is/run.json").exists()


def test_targets_out_of_reach_are_infeasible_and_best_effort_names_each_miss(capplan, tiny):
    replace(tiny / "targets.csv", "0.9,per_day", "1.5,per_day")
    result = capplan("solve", "tiny")
    assert result.exit_code == 4
    assert result.stdout == ""
    assert "--best-effort" in result.stderr
    assert not Path("results/tiny").exists()

    best = capplan("solve", "tiny", "--best-effort")
    assert best.exit_code == 0
    assert "1 of 2 imposed targets is missed." in best.stdout
    assert "91.5 people, in 6 of 6" in best.stdout  # 183 days, 1.5 asked and 1 referred


def test_what_is_said_to_have_no_plan_and_not_confirmed_is_no_infeasible_instance(capplan, monkeypatch):
    ends = chain([Stopped.INFEASIBLE], repeat(Stopped.TIME_LIMIT))
    monkeypatch.setattr(Session, "run", lambda *_, **__: Outcome(next(ends), Holds.NOTHING))
    result = capplan("solve", "tiny")
    assert (result.exit_code, result.stdout) == (5, "")
    assert "no plan meets every limit, budget and imposed target, but was not confirmed" in result.stderr
    assert "time limit reached" in result.stderr


def test_an_invalid_instance_lists_every_problem_and_writes_nothing(capplan, tiny):
    replace(tiny / "sites.csv", "cottage", "cotage")
    replace(tiny / "targets.csv", "0.9,per_day", "many,per_day")
    result = capplan("solve", "tiny")
    assert result.exit_code == 3
    assert "targets.csv row 2, value" in result.stderr
    assert "site_beds.csv row 2, site" in result.stderr
    assert result.stdout == ""
    assert not Path("results").exists()


def test_an_instance_that_is_not_there_is_an_invalid_one(capplan):
    result = capplan("solve", "nowhere")
    assert result.exit_code == 3
    assert "nowhere: there is no such folder" in result.stderr


def test_rules_across_tables_stop_a_solve_too(capplan, tiny):
    replace(tiny / "eligibility.csv", "crisis", "discharge")
    result = capplan("solve", "tiny")
    assert result.exit_code == 3
    assert "crisis" in result.stderr


def test_warnings_go_to_stderr_and_quiet_silences_them(capplan, tiny):
    # 0.99 a day of 1 referred is within reach; as a baseline above the target it looks wrong.
    replace(tiny / "targets.csv", "unit,source", "unit,baseline,source")
    replace(tiny / "targets.csv", "0.9,per_day,", "0.9,per_day,0.99,")
    replace(tiny / "targets.csv", "0.7,per_day,", "0.7,per_day,,")
    loud = capplan("solve", "tiny", "--as-is")
    assert "warning: targets.csv row 2, baseline" in loud.stderr
    assert "warning" not in loud.stdout
    quiet = capplan("solve", "tiny", "--as-is", "-q")
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--gap", "2"),
        ("--time-limit", "-1"),
        ("--threads", "0"),
        ("--seed", "-3"),
        ("--solver", "no_such_solver"),
    ],
)
def test_a_solver_option_that_makes_no_sense_is_a_usage_error(capplan, option, value):
    result = capplan("solve", "tiny", option, value)
    assert result.exit_code == 2
    assert option.strip("-").replace("-", "_") in result.stderr or value in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_with_other_things_in_it_is_left_alone(capplan):
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("important")
    result = capplan("solve", "tiny", "--out", "mine")
    assert result.exit_code == 2
    assert "notes.txt" in result.stderr
    assert [each.name for each in Path("mine").iterdir()] == ["notes.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_usage_error(capplan):
    Path("locked").mkdir(mode=0o500)
    result = capplan("solve", "tiny", "--out", "locked/run")
    assert result.exit_code == 2
    assert "locked" in result.stderr


def test_a_plan_that_cannot_be_saved_is_told_all_the_same(capplan, monkeypatch):
    def full(*_, **__):
        raise UsageError("cannot write the run folder: No space left on device")

    monkeypatch.setattr(solve, "write_run", full)
    result = capplan("solve", "tiny", "--as-is")
    assert result.exit_code == 2
    assert "£497,394" in result.stdout
    assert "Not saved." in result.stdout
    assert "No space left" in result.stderr


def test_a_file_in_the_way_is_a_usage_error_before_anything_is_solved(capplan, monkeypatch):
    Path("run").write_text("a file")
    monkeypatch.setattr(solve, "answer", lambda *_, **__: pytest.fail("solved for nothing"))
    assert capplan("solve", "tiny", "--out", "run").exit_code == 2


def test_solving_a_run_again_does_not_replace_it(capplan, solved, monkeypatch):
    monkeypatch.chdir(solved.folder)
    before = Path("results/tiny/run.json").read_bytes()
    assert capplan("solve", "results/tiny").exit_code == 0
    assert Path("results/tiny/run.json").read_bytes() == before
    assert (
        Path("results/tiny-again/summary.csv").read_bytes() == Path("results/tiny/summary.csv").read_bytes()
    )


def test_ctrl_c_before_any_plan_is_exit_5_without_a_run_folder(capplan, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(solve, "answer", interrupted)
    result = capplan("solve", "tiny")
    assert result.exit_code == 5
    assert "interrupted before any plan" in result.stderr
    assert not Path("results/tiny").exists()


def test_ctrl_c_after_a_plan_keeps_it(capplan, monkeypatch):
    def stopped(*args, **options):
        plan = answer(*args, **options)
        return replace_fields(
            plan, result=replace_fields(plan.result, stopped=Stopped.INTERRUPTED, bound=330_000.0)
        )

    monkeypatch.setattr(solve, "answer", stopped)
    result = capplan("solve", "tiny")
    assert result.exit_code == 0
    assert "Stopped early (interrupted)" in result.stderr
    assert "best plan found until then" in result.stdout
    assert json.loads(Path("results/tiny/run.json").read_text())["stopped"] == "interrupted"


def test_a_time_limit_without_a_plan_is_exit_5(capplan, monkeypatch):
    def nothing(*_, **__):
        raise NoPlanFound("stopped before any plan was found (time limit reached): allow more time")

    monkeypatch.setattr(solve, "answer", nothing)
    result = capplan("solve", "tiny", "--time-limit", "1")
    assert result.exit_code == 5
    assert "allow more time" in result.stderr


def test_a_bug_keeps_its_traceback(capplan, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(solve, "answer", broken)
    with pytest.raises(ZeroDivisionError):
        capplan("solve", "tiny")


def test_names_in_welsh_are_printed_as_they_are(capplan, tiny):
    replace(tiny / "localities.csv", "Northtown", "Ynys Môn – tŷ ŵyr")
    text = capplan("solve", "tiny").stdout
    assert "Ynys Môn – tŷ ŵyr" in text


def test_names_that_look_like_paths_or_markup_stay_names(capplan, tiny):
    replace(tiny / "sites.csv", "Cottage Hospital", "../../etc/[red]passwd[/red]")
    replace(tiny / "instance.toml", 'title = "', 'title = "../')
    result = capplan("solve", "tiny", "--as-is", "--out", "deep/run")
    assert result.exit_code == 0
    assert "../../etc/[red]passwd[/red]" in result.stdout
    assert sorted(each.name for each in Path().iterdir()) == ["deep", "tiny"]
    assert [each.name for each in Path("deep").iterdir()] == ["run"]


def test_every_instance_has_a_scenario_in_which_nothing_is_done(capplan, tiny):
    result = capplan("solve", tiny, "--scenario", "do_nothing", "--format", "json")
    assert result.exit_code == 0
    run = json.loads(result.stdout)
    assert (run["scenario"], run["options"]["as_is"]) == ("do_nothing", True)
    assert run["objective"] == pytest.approx(497_394)
    assert Path(run["run"]).name == "tiny-do_nothing"
    assert capplan("check", run["run"]).exit_code == 0


def test_budgets_that_cannot_be_kept_are_infeasible_with_best_effort_too(capplan, tiny):
    (tiny / "funding.csv").write_text("item,funder\nshifts,nhs\n", encoding="utf-8")
    (tiny / "budgets.csv").write_text("funder,year,budget_gbp\nnhs,2017/18,100\n", encoding="utf-8")
    result = capplan("solve", tiny)
    assert result.exit_code == 4
    assert "budget" in result.stderr
    assert capplan("solve", tiny, "--best-effort").exit_code == 4
