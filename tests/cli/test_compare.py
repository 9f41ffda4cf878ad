"""`capplan compare`: what it reads, solves on the way, prints and returns."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from capplan.cli import cli
from capplan.cli.text import as_markdown
from capplan.sections import Grid, Section
from tests.cli.conftest import REPOSITORY, replace


def call(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder in which the tiny instance and its scenarios have been compared once."""
    folder = tmp_path_factory.mktemp("compared")
    shutil.copytree(REPOSITORY / "instances" / "tiny", folder / "tiny")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = call("compare", "tiny", "--scenario", "all")
    assert result.exit_code == 0
    (folder / "stdout").write_text(result.stdout, encoding="utf-8")
    (folder / "stderr").write_text(result.stderr, encoding="utf-8")
    return folder


@pytest.fixture
def there(folder, monkeypatch):
    """That folder as the working directory; tests only add to it."""
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def runs(there):
    return there / "results" / "tiny", there / "results" / "tiny-scenarios" / "town_only"


def test_an_instance_is_solved_as_it_stands_and_in_each_scenario(folder):
    told = (folder / "stdout").read_text(encoding="utf-8")
    wanted = [
        "Compared with tiny",
        "more_discharges costs £11,100 more (+3.3%); meets 2 of 2 imposed targets, as tiny does",
        "town_only costs £49,598 more (+14.8%)",
        "What separates them",
        "locality=southvale,role=rsw",
        "5 → 0",
        "Targets",
        "Cost",
        "£219,600 (+£73,200)",
        "People by locality",
        "92.5% (+5 points)",
        "Capacity",
        "15 (+5)",
        "How full beds are",
    ]
    positions = [told.find(each) for each in wanted]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_what_was_solved_is_saved_where_solve_saves_it(folder):
    for place in ("tiny", "tiny-scenarios/more_discharges", "tiny-scenarios/town_only"):
        assert (folder / "results" / place / "run.json").is_file()
    assert (folder / "stderr").read_text().count("Solving Tiny") == 3


def test_what_is_solved_already_is_not_solved_again(there):
    result = call("compare", "tiny", "--scenario", "all")
    assert result.stdout == (there / "stdout").read_text(encoding="utf-8")
    assert result.stderr.count("is solved already") == 3
    assert "Solving" not in result.stderr


def test_an_instance_that_has_changed_is_solved_again(there, tmp_path):
    shutil.copytree(there / "tiny", tmp_path / "tiny")
    shutil.copytree(there / "results", tmp_path / "results")
    replace(tmp_path / "tiny" / "instance.toml", "periods = 6", "periods = 2")
    result = call(
        "compare", tmp_path / "tiny", there / "results" / "tiny", "--out-runs", tmp_path / "results"
    )
    assert "Solving Tiny" in result.stderr
    assert "1 April 2017 to 31 May 2017" in result.stdout


def test_text_that_is_not_for_a_terminal_is_plain_and_not_cut(folder):
    told = (folder / "stdout").read_text(encoding="utf-8")
    assert "\x1b" not in told
    assert "…" not in told


def test_csv_has_a_row_for_each_measure_and_run(runs):
    rows = list(csv.DictReader(io.StringIO(call("compare", *runs, "--format", "csv").stdout)))
    (beds,) = [
        row
        for row in rows
        if (row["group"], row["key"], row["where"], row["run"]) == ("beds_at_end", "rehab", "", "town_only")
    ]
    assert beds == {
        "group": "beds_at_end",
        "key": "rehab",
        "where": "",
        "unit": "beds",
        "run": "town_only",
        "value": "15.0",
        "difference": "5.0",
        "difference_share": "0.5",
        "is_no_difference": "false",
    }
    assert {row["run"] for row in rows} == {"tiny", "town_only"}


def test_json_has_runs_notes_drivers_and_measures(runs):
    document = json.loads(call("compare", *runs, "--format", "json").stdout)
    assert document["baseline"] == "tiny"
    assert [run["name"] for run in document["runs"]] == ["tiny", "town_only"]
    assert document["runs"][1]["scenario"] == "town_only"
    assert (document["from"], document["to"]) == ("2017-04-01", "2017-09-30")
    assert document["drivers"] == [
        {
            "run": "town_only",
            "table": "staff",
            "row": "locality=southvale,role=rsw",
            "column": "wte_max",
            "from": 5.0,
            "to": 0.0,
        }
    ]
    assert {"group", "value", "difference"} <= set(document["measures"][0])


def test_two_runs_have_the_difference_in_columns_of_its_own(runs):
    told = call("compare", *runs).stdout
    assert "£146,400   £219,600    +£73,200      +50%" in told


def test_the_baseline_can_be_another(runs):
    told = call("compare", *runs, "--baseline", "town_only").stdout
    assert told.startswith("Compared with town_only")
    assert "tiny costs £49,598 less (-12.9%)" in told


def test_a_file_is_written_in_the_format_of_its_ending(runs, tmp_path):
    for name, beginning in (("told.md", "## Compared with tiny"), ("told.txt", "Compared with tiny")):
        result = call("compare", *runs, "--out", tmp_path / "new" / name)
        assert result.stdout == ""
        assert name in result.stderr
        assert (tmp_path / "new" / name).read_text(encoding="utf-8").startswith(beginning)


def test_the_format_asked_for_comes_before_the_files_ending(runs, tmp_path):
    call("compare", *runs, "--format", "csv", "--out", tmp_path / "told.json")
    assert (tmp_path / "told.json").read_text(encoding="utf-8").startswith("group,key")


def test_markdown_has_tables_with_numbers_on_the_right(runs):
    told = call("compare", *runs, "--format", "markdown").stdout
    assert "| item | tiny | town_only | difference | per cent |\n| --- | ---: | ---: | ---: | ---: |" in told
    assert "| beds | £146,400 | £219,600 | +£73,200 | +50% |" in told


def test_what_markdown_would_read_as_its_own_stays_text():
    page = as_markdown([Section("A | B", ("<script>", "*not* a `list`"), Grid(("a",), (("1|2\n3",),)))])
    assert page == "## A \\| B\n\n- \\<script\\>\n- \\*not\\* a \\`list\\`\n\n| a |\n| --- |\n| 1\\|2 3 |\n"


def test_runs_of_one_name_are_told_apart(runs, tmp_path):
    shutil.copytree(runs[0], tmp_path / "b" / "tiny")
    assert "b/tiny costs the same" in call("compare", runs[0], tmp_path / "b" / "tiny").stdout
    assert "tiny (2) costs the same" in call("compare", runs[0], runs[0]).stdout


def test_welsh_names_of_folders_and_localities_come_through(runs, tmp_path):
    shutil.copytree(runs[1], tmp_path / "Tŷ-croes")
    replace(tmp_path / "Tŷ-croes" / "instance" / "localities.csv", "Southvale", "Ynys Môn")
    shutil.copytree(tmp_path / "Tŷ-croes", tmp_path / "Llŷn")
    told = call("compare", runs[0], tmp_path / "Tŷ-croes", "--baseline", "Tŷ-croes").stdout
    assert told.startswith("Compared with Tŷ-croes")
    assert "Ynys Môn" in told
    call("compare", runs[0], tmp_path / "Llŷn", "--out", tmp_path / "told.csv")
    assert "Llŷn" in (tmp_path / "told.csv").read_text(encoding="utf-8")


def test_a_scenario_that_cannot_meet_its_targets_is_compared_as_far_as_it_can(there, tmp_path):
    shutil.copytree(there / "tiny", tmp_path / "tiny")
    scenarios = tmp_path / "tiny" / "scenarios.csv"
    scenarios.write_text(
        "scenario,changes\ntoo_much,staff.wte_max = 0; packages[package=rehab_bed].stay_days = 40\n"
    )
    result = call("compare", tmp_path / "tiny", "--scenario", "too_much", "--out-runs", tmp_path / "results")
    assert result.exit_code == 0
    assert "looking for the one that misses targets least" in result.stderr
    assert "too_much: best effort and scenario too_much." in result.stdout
    assert "meets 1 of 2 imposed targets (tiny 2 of 2)" in result.stdout
    assert "short by" in result.stdout
    again = call("compare", tmp_path / "tiny", "--scenario", "too_much", "--out-runs", tmp_path / "results")
    assert again.stdout == result.stdout
    assert "Solving" not in again.stderr


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["results/tiny"], 2, "needs two runs or more"),
        (["tiny"], 2, "an instance with --scenario"),
        (["results/tiny", "results/typo"], 3, "there is no such folder"),
        (["results/tiny", "results/tiny", "--baseline", "typo"], 2, "no run is called 'typo'"),
        (["results/tiny", "results/tiny", "--scenario", "all"], 2, "only runs were given"),
        (["tiny", "--scenario", "town_onyl"], 2, "did you mean 'town_only'"),
        (["tiny", "--scenario", "all", "--gap", "2"], 2, "gap is 2"),
        (["results/tiny", "results/tiny", "--out", "told.xlsx"], 2, "written as text"),
        (["results/tiny", "results/tiny", "--out", "results"], 2, "is a folder"),
        (["results/tiny", "results/tiny", "--out", "tiny/instance.toml/told.md"], 2, "cannot write"),
        (["results/tiny", "results/tiny", "--format", "pdf"], 2, "is not one of"),
        ([], 2, "Missing argument"),
    ],
)
@pytest.mark.usefixtures("there")
def test_wrong_input_is_told_with_its_exit_code(args, code, told):
    result = call("compare", *args)
    assert result.exit_code == code
    assert told in result.stderr
    assert result.stdout == ""


def test_a_run_that_cannot_be_read_is_told_before_anything_is_solved(there, tmp_path):
    shutil.copytree(there / "results" / "tiny", tmp_path / "broken")
    Path(tmp_path, "broken", "run.json").write_text("{}")
    result = call("compare", "tiny", tmp_path / "broken", "--out-runs", tmp_path / "new")
    assert result.exit_code == 2
    assert "run.json, stopped: is not said" in result.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("costs", "item,key", "items,key", "costs.csv: there is no column items in a run"),
        ("costs", ",24000.0,", ",,", "costs.csv row 2, gbp: is empty, and must be a number"),
        ("beds", "2017-04-01,10.0", "2017-04-01,nan", "beds.csv row 2, beds_open: 'nan' is not a number"),
    ],
)
@pytest.mark.parametrize("command", ["compare", "report"])
def test_what_is_no_table_of_a_run_is_refused_with_the_command_that_tells_all(
    runs, tmp_path, command, table, old, new, told
):
    one, other = runs
    damaged = shutil.copytree(one, tmp_path / "damaged")
    replace(damaged / f"{table}.csv", old, new)
    result = call(command, damaged, other)
    assert result.exit_code == 2
    assert told in result.stderr
    assert f"capplan check {damaged} tells all that is wrong with it" in result.stderr


def test_a_run_from_before_a_table_and_a_column_were_there_is_compared_all_the_same(runs, tmp_path):
    one, other = runs
    older = shutil.copytree(one, tmp_path / "older")
    for folder in (older, older / "today"):
        (folder / "planning_return.csv").unlink()
        rows = list(csv.reader((folder / "starts.csv").open(encoding="utf-8", newline="")))
        where = rows[0].index("successes")
        with (folder / "starts.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row[:where] + row[where + 1 :] for row in rows])
    assert call("compare", older, other).exit_code == 0
