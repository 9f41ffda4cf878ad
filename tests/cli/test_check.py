"""`capplan check`: all problems at once, implied ratios, and runs counted again."""

import csv
import io
import json
import shutil

import pytest

from tests.cli.conftest import REPOSITORY, replace


def test_a_clean_instance_has_nothing_to_complain_of_and_shows_what_its_numbers_imply(capplan, tiny):
    result = capplan("check", tiny)
    assert result.exit_code == 0
    assert result.stdout.startswith("No problems found.")
    assert "people per bed year" in result.stdout


def test_mistakes_in_several_tables_are_told_at_once_with_what_to_do(capplan, tiny):
    replace(tiny / "sites.csv", "cottage,", "cotage,")
    replace(tiny / "bed_types.csv", "0.8", "80 beds")
    result = capplan("check", tiny)
    assert result.exit_code == 3
    assert "Errors (4)" in result.stdout
    assert (
        "site_beds.csv row 2, site: 'cottage' is not in sites.csv (cotage); did you mean 'cotage'?"
        in result.stdout
    )
    assert "bed_types.csv row 2" in result.stdout
    assert "What the numbers imply" not in result.stdout


def test_rules_across_tables_are_checked(capplan, tiny):
    replace(tiny / "eligibility.csv", "crisis", "discharge")
    result = capplan("check", tiny)
    assert result.exit_code == 3
    assert "pathways.csv row" in result.stdout


def test_warnings_alone_leave_exit_code_0(capplan, tiny):
    replace(tiny / "targets.csv", "unit,source", "unit,baseline,source")
    replace(tiny / "targets.csv", "0.9,per_day,", "0.9,per_day,0.99,")
    replace(tiny / "targets.csv", "0.7,per_day,", "0.7,per_day,,")
    result = capplan("check", tiny)
    assert result.exit_code == 0
    assert "Warnings (1)" in result.stdout
    assert "targets.csv row 2, baseline" in result.stdout


def test_json_holds_problems_and_ratios_in_one_document(capplan, tiny):
    replace(tiny / "sites.csv", "cottage,", "cotage,")
    document = json.loads(capplan("check", tiny, "--format", "json").stdout)
    problem = next(each for each in document["problems"] if each["table"] == "site_beds")
    assert (problem["severity"], problem["row"], problem["column"], problem["value"]) == (
        "error",
        2,
        "site",
        "cottage",
    )
    assert document["ratios"] == []


def test_csv_has_one_row_a_problem(capplan, tiny):
    replace(tiny / "sites.csv", "cottage,", "cotage,")
    rows = list(csv.DictReader(io.StringIO(capplan("check", tiny, "--format", "csv").stdout)))
    assert {row["place"] for row in rows} == {"site_beds.csv", "travel.csv"}
    assert {row["severity"] for row in rows} == {"error"}


def test_a_workbook_is_told_by_its_sheets(capplan, tiny):
    capplan("convert", tiny, "tiny.xlsx")
    assert capplan("check", "tiny.xlsx").exit_code == 0
    replace(tiny / "targets.csv", "unit,source", "unit,baseline,source")
    replace(tiny / "targets.csv", "0.9,per_day,", "0.9,per_day,0.99,")
    replace(tiny / "targets.csv", "0.7,per_day,", "0.7,per_day,,")
    capplan("convert", tiny, "other.xlsx")
    assert "sheet targets row 2, baseline" in capplan("check", "other.xlsx").stdout


@pytest.mark.parametrize("path", ["nowhere", "nowhere.xlsx"])
def test_what_is_not_there_is_a_problem_like_others(capplan, path):
    result = capplan("check", path)
    assert result.exit_code == 3
    assert path in result.stdout


def test_fifty_errors_are_shown_and_the_rest_counted(capplan, tiny):
    lines = (tiny / "travel.csv").read_text().splitlines()
    many = [lines[0], *(lines[1].replace("cottage", f"site_{n}") for n in range(80))]
    (tiny / "travel.csv").write_text("\n".join(many) + "\n")
    text = capplan("check", tiny).stdout
    assert "more" in text
    assert len(text.splitlines()) < 60


def test_a_run_agrees_with_its_instance(capplan, solved):
    result = capplan("check", solved.folder / "results" / "tiny")
    assert result.exit_code == 0
    assert "the run agrees with its instance" in result.stdout


def test_a_run_that_was_tampered_with_is_found_out(capplan, solved, here):
    run = here / "run"
    shutil.copytree(solved.folder / "results" / "tiny", run)
    replace(
        run / "costs.csv",
        "146400.0" if "146400.0" in (run / "costs.csv").read_text() else "24000.0",
        "23000.0",
    )
    result = capplan("check", run)
    assert result.exit_code == 3
    assert "costs" in result.stdout


def test_a_run_without_its_tables_is_no_traceback(capplan, here):
    (here / "run").mkdir()
    (here / "run" / "run.json").write_text("{")
    result = capplan("check", "run")
    assert result.exit_code == 3
    assert "run: the run has 2 errors; nothing was counted" in result.stdout
    assert "run.json: is not JSON" in result.stdout
    assert "instance: there is no such folder" in result.stdout


def test_all_that_cannot_be_read_in_a_run_is_told_where_it_is(capplan, solved, here):
    run = shutil.copytree(solved.folder / "results" / "tiny", here / "run")
    replace(run / "beds.csv", "2017-04-01,10.0", "2017-04-01,ten")
    (run / "today" / "costs.csv").write_text("item;key\n")
    result = capplan("check", run)
    assert result.exit_code == 3
    assert "the run has 2 errors; nothing was counted" in result.stdout
    assert "beds.csv row 2, beds_open: 'ten' is not a number" in result.stdout
    assert "today/costs.csv: cells are separated by ';'" in result.stdout
    rows = list(csv.DictReader(io.StringIO(capplan("check", run, "--format", "csv").stdout)))
    assert (rows[0]["place"], rows[0]["row"], rows[0]["column"], rows[0]["value"]) == (
        "beds.csv",
        "2",
        "beds_open",
        "ten",
    )


def test_a_run_without_its_instance_is_no_instance_with_errors(capplan, solved, here):
    run = shutil.copytree(solved.folder / "results" / "tiny", here / "run")
    shutil.rmtree(run / "instance")
    result = capplan("check", run)
    assert result.exit_code == 3
    assert "the run has 1 error; nothing was counted" in result.stdout
    assert "solved or written" not in result.stderr


def test_what_was_not_counted_is_named_text_and_run_json_too(capplan, solved, here):
    run = shutil.copytree(solved.folder / "results" / "tiny", here / "run")
    shutil.copytree(REPOSITORY / "results" / "places" / "thurrock" / "base" / "answers", run / "answers")
    text = capplan("check", run).stdout
    assert "everything of one_more (found by solving again" in text
    assert "holds, stopped, bound, nodes, rows and columns of run.json" in text


def test_the_contradictions_of_the_wiltshire_document_are_warnings(capplan):
    result = capplan("check", REPOSITORY / "instances" / "wiltshire-2017")
    assert result.exit_code == 0
    assert "unit slip" in result.stdout
