"""Run folders: whole or not at all, the same bytes for the same question, read back as written."""

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import capplan
from capplan.digest import digest, how_good
from capplan.errors import UsageError
from capplan.question import Question
from capplan.results.status import Stopped
from capplan.runs import is_answer, read_run, saved_answer, writing
from capplan.runs.writing import free_place, write_run
from capplan.solver_options import SolverOptions

TINY = Path(__file__).parents[1] / "instances" / "tiny"


@pytest.fixture(scope="module")
def plan():
    return capplan.solve(TINY)


def files(folder):
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def tables(folder):
    return {name: content for name, content in files(folder).items() if name.endswith(".csv")}


def test_a_run_is_read_back_as_it_was_written(plan, tmp_path):
    run = read_run(write_run(plan, tmp_path / "run", overrides=["a.b = 1"], scenario="s"))
    assert set(run.tables) == set(plan.tables)
    for name, table in plan.tables.items():
        pd.testing.assert_frame_equal(run.tables[name], table, check_dtype=False, check_exact=True)
    assert run.instance.fingerprint == plan.instance.fingerprint == run.info["fingerprint"]
    assert run.info["overrides"] == ["a.b = 1"]
    assert run.info["scenario"] == "s"


def test_run_json_says_what_was_asked_and_what_came_out(plan, tmp_path):
    info = json.loads((write_run(plan, tmp_path / "run") / "run.json").read_text())
    assert info["title"] == "Tiny: two localities, six months"
    assert info["options"]["gap"] == 0.005
    assert info["options"]["as_is"] is False
    assert (info["stopped"], info["holds"]) == ("gap_reached", "optimal_plan")
    assert info["objective"] == pytest.approx(334_648)
    assert info["objective_today"] == pytest.approx(497_394)
    assert info["bound"] <= info["objective"] + 1e-6
    assert {"build", "solve", "tables"} <= set(info["seconds"])
    assert set(info["versions"]) == {"python", "capplan", "pyomo", "highspy", "pandas"}


def test_a_saved_run_tells_a_planner_what_the_plan_told(plan, tmp_path):
    run = read_run(write_run(plan, tmp_path / "run"))
    assert digest(run) == digest(plan)
    assert how_good(run) == how_good(plan)
    assert (run.objective, run.bound, run.gap, run.stopped) == (
        plan.objective,
        plan.bound,
        plan.gap,
        Stopped.GAP_REACHED,
    )


def test_todays_capacity_is_read_back_too(plan, tmp_path):
    today = read_run(write_run(plan, tmp_path / "run")).today
    assert set(today.tables) == set(plan.today.tables)
    for name, table in plan.today.tables.items():
        pd.testing.assert_frame_equal(today.tables[name], table, check_dtype=False, check_exact=True)
    assert today.instance.fingerprint == plan.today.instance.fingerprint
    assert today.objective == plan.today.objective == pytest.approx(497_394)
    assert (today.is_as_is, today.is_best_effort, today.today) == (True, False, None)


def test_a_best_effort_run_says_so(plan, tmp_path):
    run = read_run(write_run(replace(plan, is_best_effort=True), tmp_path / "run"))
    assert run.is_best_effort
    assert not run.is_as_is


def test_a_run_of_an_older_version_has_no_today(plan, tmp_path):
    place = write_run(plan, tmp_path / "run")
    shutil.rmtree(place / "today")
    assert read_run(place).today is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "does not say stopped, objective"),
        ('{"stopped": 1, "objective": 1, "bound": 1, "gap": 0, "options": {}}', "stopped: is 1, and must be"),
    ],
)
def test_a_run_json_that_says_something_else_is_told(plan, tmp_path, text, told):
    place = write_run(plan, tmp_path / "run")
    (place / "run.json").write_text(text)
    with pytest.raises(UsageError, match=told):
        read_run(place)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("beds", "site,bed_type,period\n", "the column beds_open is missing"),
        ("sites", "site,period,is_open\na,b,true\na,b,true\n", "two rows have the same site, period"),
        (
            "today/sites",
            "site,period,is_open\na,b,soon\n",
            r"today/sites\.csv row 2, is_open: 'soon' is neither",
        ),
        ("beds", None, r"beds\.csv: is missing"),
    ],
)
def test_a_table_that_is_none_of_a_run_is_told(plan, tmp_path, name, content, told):
    place = write_run(plan, tmp_path / "run")
    file = place / f"{name}.csv"
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(UsageError, match=told):
        read_run(place)


def test_two_solves_write_the_same_bytes(plan, tmp_path):
    one = write_run(plan, tmp_path / "one")
    two = write_run(capplan.solve(TINY), tmp_path / "two")
    assert tables(one) == tables(two)


def test_the_workbook_of_an_instance_gives_the_same_bytes_as_its_folder(plan, tmp_path):
    capplan.write(capplan.read(TINY), tmp_path / "tiny.xlsx")
    from_folder = write_run(plan, tmp_path / "one")
    from_workbook = write_run(capplan.solve(tmp_path / "tiny.xlsx"), tmp_path / "two")
    assert tables(from_folder) == tables(from_workbook)
    assert read_run(from_folder).info["fingerprint"] == read_run(from_workbook).info["fingerprint"]


def test_no_table_holds_the_time_of_day(plan, tmp_path):
    content = b"".join(tables(write_run(plan, tmp_path / "run")).values())
    year = read_run(tmp_path / "run").info["written"][:4].encode()
    assert year not in content


def test_the_fingerprint_changes_with_a_number_and_not_with_a_default_written_out():
    instance = capplan.read(TINY)
    changed = capplan.change(instance, "bed_types[bed_type=rehab].occupancy_max = 0.81")
    assert changed.fingerprint != instance.fingerprint
    spelt_out = capplan.change(instance, "instance.bank_holidays = england")
    assert spelt_out.fingerprint == instance.fingerprint


def test_a_run_that_is_there_is_replaced_whole(plan, tmp_path):
    place = write_run(plan, tmp_path / "run")
    (place / "old_table.csv").write_text("from an older version\n")
    write_run(plan, place)
    assert not (place / "old_table.csv").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["run"]


def test_an_empty_folder_becomes_the_run(plan, tmp_path):
    (tmp_path / "run").mkdir()
    assert read_run(write_run(plan, tmp_path / "run")).info["title"]


@pytest.mark.parametrize("stray", ["notes.txt", "report.html", "hard_winter/run.json", "today/notes.txt"])
def test_what_is_no_part_of_a_run_is_never_deleted(plan, tmp_path, stray):
    place = write_run(plan, tmp_path / "run")
    (place / stray).parent.mkdir(exist_ok=True)
    (place / stray).write_text("important")
    with pytest.raises(UsageError, match=stray.split("/")[0]):
        write_run(plan, place)
    assert (place / stray).read_text() == "important"


def test_an_instance_folder_is_no_place_for_a_run(plan, tmp_path):
    capplan.write(plan.instance, tmp_path / "mine")
    with pytest.raises(UsageError, match="other files"):
        write_run(plan, tmp_path / "mine")
    assert (tmp_path / "mine" / "instance.toml").exists()


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        free_place(tmp_path / "run")


def test_a_folder_below_a_file_is_refused_before_anything_is_solved(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="nothing can be written"):
        free_place(tmp_path / "file" / "run")


def test_hidden_files_do_not_count(tmp_path):
    (tmp_path / ".DS_Store").write_text("")
    assert free_place(tmp_path) == tmp_path.resolve()


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("trouble", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()])
def test_a_full_disk_or_ctrl_c_leaves_everything_as_it_was(plan, tmp_path, monkeypatch, is_there, trouble):
    if is_there:
        write_run(plan, tmp_path / "run")
    before = files(tmp_path)

    def fails(*_, **__):
        raise trouble

    monkeypatch.setattr(writing, "write", fails)
    expected = UsageError if isinstance(trouble, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_run(plan, tmp_path / "run")
    assert files(tmp_path) == before


def test_the_old_run_comes_back_where_the_new_one_cannot_be_put_in_its_place(plan, tmp_path, monkeypatch):
    write_run(plan, tmp_path / "run")
    before = files(tmp_path)
    rename = Path.rename

    def fails(self, target):
        if self.name == "new":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(UsageError, match="cannot write the run folder"):
        write_run(plan, tmp_path / "run")
    assert files(tmp_path) == before


def test_names_from_an_instance_never_become_paths(plan, tmp_path):
    instance = capplan.read(TINY)
    settings = instance.settings.model_copy(update={"title": "../../escaped"})
    sites = instance.written["sites"].assign(name="../../../site")
    strange = replace(plan, instance=instance.replace(settings=settings, sites=sites))
    run = write_run(strange, tmp_path / "deep" / "run")
    assert [each.name for each in tmp_path.iterdir()] == ["deep"]
    assert [each.name for each in (tmp_path / "deep").iterdir()] == ["run"]
    assert read_run(run).info["title"] == "../../escaped"


def test_a_folder_that_is_no_run_cannot_be_read_as_one(tmp_path):
    with pytest.raises(UsageError, match=r"no run\.json"):
        read_run(tmp_path)


def test_a_broken_run_json_is_told(plan, tmp_path):
    place = write_run(plan, tmp_path / "run")
    (place / "run.json").write_text("{half")
    with pytest.raises(UsageError, match="can be read"):
        read_run(place)


def test_a_plan_as_is_keeps_the_capacity_that_was_solved(tmp_path):
    run = read_run(write_run(capplan.solve(TINY, as_is=True), tmp_path / "run"))
    assert run.info["options"]["as_is"] is True
    assert run.info["objective_today"] is None
    assert list(run.instance.site_beds["beds_max"]) == [25.0]


def test_a_run_is_found_again_by_its_question(plan, tmp_path):
    tiny = capplan.read(TINY)
    place = write_run(plan, tmp_path / "runs" / "b")
    write_run(capplan.solve(tiny, as_is=True), tmp_path / "runs" / "a")
    question = Question(tiny)
    assert read_run(place).info["question"] == question.fingerprint
    assert saved_answer(question, place).path == place
    assert saved_answer(question, tmp_path / "nowhere", tmp_path / "runs").path == place
    assert saved_answer(Question(tiny, scenario="do_nothing"), tmp_path / "runs").path.name == "a"
    assert saved_answer(Question(tiny, ["instance.periods = 5"]), tmp_path / "runs") is None
    assert saved_answer(Question(tiny, best_effort=True), tmp_path / "runs") is None


def proved(plan, gap, stopped, options):
    result = replace(plan.result, gap=gap, stopped=stopped)
    return replace(plan, result=result, options=SolverOptions(**options))


@pytest.mark.parametrize(
    ("run", "asked", "answers"),
    [
        ((0.004, Stopped.GAP_REACHED, {"gap": 0.01}), {"gap": 0.005}, True),
        ((0.009, Stopped.GAP_REACHED, {"gap": 0.01}), {"gap": 0.005}, False),
        ((0.004, Stopped.INTERRUPTED, {}), {"gap": 0.005, "seed": 9}, True),
        ((0.02, Stopped.TIME_LIMIT, {"time_limit": 5}), {"time_limit": 5}, True),
        ((0.02, Stopped.TIME_LIMIT, {"time_limit": 5}), {"time_limit": 50}, False),
        ((0.02, Stopped.INTERRUPTED, {"time_limit": 5}), {"time_limit": 5}, False),
    ],
)
def test_a_run_answers_what_it_proves_or_the_very_same_question(plan, tmp_path, run, asked, answers):
    saved = read_run(write_run(proved(plan, *run), tmp_path / "run"))
    assert is_answer(saved, Question(capplan.read(TINY), options=SolverOptions(**asked))) is answers


def test_a_run_whose_instance_was_edited_answers_no_longer(plan, tmp_path):
    place = write_run(plan, tmp_path / "run")
    settings = place / "instance" / "instance.toml"
    settings.write_text(settings.read_text().replace("periods = 6", "periods = 5"))
    assert saved_answer(Question(capplan.read(TINY)), place) is None


def test_a_run_that_cannot_be_read_answers_nothing(plan, tmp_path):
    place = write_run(plan, tmp_path / "run")
    (place / "run.json").write_text("{half")
    assert saved_answer(Question(capplan.read(TINY)), tmp_path) is None


def test_a_question_that_cannot_be_posed_is_told_and_not_searched_for(plan, tmp_path):
    place = write_run(plan, tmp_path / "run")
    with pytest.raises(UsageError, match="nowhere"):
        saved_answer(Question(capplan.read(TINY), scenario="nowhere"), place)
