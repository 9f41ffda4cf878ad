"""Runs side by side in the workbook; the numbers are those of instances/tiny/README.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import capplan
from capplan import wording
from capplan.compare import ComparedRun, compare
from capplan.report.workbook import write_workbook
from tests.formulation.tiny import IN_BEDS, plan_for

TINY = Path(__file__).parents[3] / "instances" / "tiny"


@pytest.fixture(scope="module")
def plan():
    return capplan.solve(TINY)


@pytest.fixture(scope="module")
def more():
    return capplan.solve(TINY, scenario="more_discharges")


@pytest.fixture(scope="module")
def book(plan, more, tmp_path_factory):
    return opened([("plan", plan), ("=more()", more)], tmp_path_factory.mktemp("book"))


def opened(runs, folder):
    return openpyxl.load_workbook(write_workbook(runs, folder / "report.xlsx"))


def rows_of(book):
    """Rows of the table of differences, by measure, key and place."""
    rows = list(book["Differences"].iter_rows(min_row=2))
    return {tuple(cell.value for cell in row[:3]): row for row in rows}


def about(book):
    return [row[1].value for row in book["Contents"].iter_rows() if row[1].value]


def test_one_run_is_compared_with_nothing(plan, tmp_path):
    assert not {"Comparison", "Differences", "Changes"} & set(opened([("plan", plan)], tmp_path).sheetnames)


def test_every_plan_stands_beside_the_first_with_its_difference(book):
    row = rows_of(book)["Cost", None, None]
    assert [cell.value for cell in row[3:]] == [
        "£ discounted",
        pytest.approx(334_648),
        pytest.approx(345_747.6),
        pytest.approx(11_099.6),
        pytest.approx(11_099.6 / 334_648),
        None,
    ]
    assert [cell.number_format for cell in row[4:7]] == [wording.EXCEL_FORMATS["money"]] * 3
    assert row[7].number_format == wording.EXCEL_FORMATS["share"]


def test_places_and_things_are_called_by_their_names(book):
    row = rows_of(book)["Beds at end", "Rehab bed", "Northtown"]
    assert [cell.value for cell in row[4:7]] == [10, 11, 1]


def test_every_number_of_the_comparison_is_there(book, plan, more):
    measures = compare([ComparedRun("plan", plan), ComparedRun("=more()", more)]).measures
    shown = [value for row in rows_of(book).values() for value in (row[4].value, row[5].value)]
    assert len(shown) == len(measures)
    known = sorted(measures["value"].dropna())
    assert sorted(value for value in shown if value is not None) == pytest.approx(known, rel=1e-12)


def test_a_difference_that_the_gaps_leave_open_is_said_not_to_be_proved(plan, more, tmp_path):
    vague = replace(more, result=replace(more.result, bound=more.objective - 20_000))
    rows = rows_of(opened([("plan", plan), ("vague", vague)], tmp_path))
    assert rows["Cost", None, None][8].value == "not proved"
    assert rows["Beds at end", "Rehab bed", None][8].value is None


def test_what_was_changed_is_listed(book):
    rows = [tuple(cell.value for cell in row) for row in book["Changes"].iter_rows(min_row=2)]
    assert rows == [("=more()", "targets", "target=discharges", "value", "0.9", "0.94")]


def test_runs_of_one_instance_have_no_changes(plan, tmp_path):
    book = opened([("one", plan), ("two", plan)], tmp_path)
    assert "Changes" not in book.sheetnames
    assert "What was changed: nothing, the runs are of one instance" in about(book)


def test_plans_with_nothing_in_common_are_not_compared_and_it_is_said_why(plan, tmp_path):
    book = opened([("tiny", plan), ("other", plan_for(IN_BEDS))], tmp_path)
    assert "Comparison" not in book.sheetnames
    assert any(text.startswith("No comparison: ") for text in about(book))


def test_cost_and_capacity_of_the_plans_are_drawn_side_by_side(book):
    sheet = book["Side by side"]
    assert len(sheet._charts) == 5
    assert [cell.value for cell in sheet["A"][4:6]] == ["plan", "=more()"]


def test_the_summary_of_the_comparison_is_that_of_the_command(book):
    texts = [row[0].value for row in book["Comparison"].iter_rows() if row[0].value]
    assert texts[0] == "Side by side with plan"
    assert any("£11,100 more" in text for text in texts)
