"""The workbook of runs: what Excel is given, read back with another library and against the run's CSV files."""

from __future__ import annotations

import csv
import re
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

import capplan
from capplan import wording
from capplan.errors import UsageError
from capplan.report import workbook
from capplan.report.workbook import results, write_workbook
from capplan.report.workbook.book import Book, distinct
from capplan.report.workbook.charts import ChartData, _with_fewer_series
from capplan.report.workbook.results import SHEETS
from capplan.results.tables import BEDS, TABLES
from capplan.runs import read_run
from capplan.runs.writing import write_run
from tests.formulation.tiny import AT_HOME, IN_BEDS, plan_for

TINY = Path(__file__).parents[3] / "instances" / "tiny"
NASTY = (
    "<script>alert(1)</script>",
    "=cmd()",
    "'quotes' & \"more\"",
    "🏥 Über & Söhne",
    "+44 1865",
    "@SUM(A1)",
)
EXCEL_TABLE = re.compile(r"[a-z_\\][a-z0-9_.\\]*", re.ASCII)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The run of the tiny instance with every kind of target, saved."""
    place = tmp_path_factory.mktemp("run") / "tiny"
    write_run(capplan.solve(TINY), place)
    return place


@pytest.fixture(scope="module")
def run(folder):
    return read_run(folder)


@pytest.fixture(scope="module")
def more():
    return capplan.solve(TINY, scenario="more_discharges")


@pytest.fixture(scope="module")
def book(run, tmp_path_factory):
    path = write_workbook([("tiny", run)], tmp_path_factory.mktemp("book") / "tiny.xlsx")
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    """Two runs of an instance whose every name would like to be something else, with names as bad."""
    script, formula, quotes, emoji, phone, at = NASTY
    plan = plan_for(
        IN_BEDS,
        title=formula,
        localities=table("locality,name,population_65_plus", ("north", script, 10), ("south", script, 20)),
        sites=table("site,name,locality", ("hill", quotes, "north")),
        bed_types=table("bed_type,name,occupancy_max", ("ward", formula, 1)),
        pathways=table(
            "pathway,name,direction,delay_day_gbp,unmet_gbp", ("going_home", emoji, "step_down", 100, 1000)
        ),
        packages=table("package,name,setting,bed_type,stay_days", ("stay", phone, "bed", "ward", 7)),
        targets=table("target,name,metric,sense,value,unit", ("all", at, "discharges", "min", 5, "per_week")),
        referrals=table(
            "locality,pathway,people_per_week", ("north", "going_home", 7), ("south", "going_home", 1)
        ),
        funding=table("item,funder,share", ("beds", formula, 1)),
    )
    path = tmp_path_factory.mktemp("nasty") / "nasty.xlsx"
    return write_workbook([("=1+1", plan), ("[a]:*?/\\'b'", plan), ("x" * 60, plan), ("X" * 60, plan)], path)


def table(header, *rows):
    return pd.DataFrame(rows, columns=header.split(",")).astype(object)


def header(sheet):
    return [cell.value for cell in sheet[1]]


def column(sheet, heading):
    position = header(sheet).index(heading)
    return [row[position] for row in sheet.iter_rows(min_row=2)]


def sheet_of(table_name):
    return SHEETS.get(table_name, table_name.capitalize().replace("_", " "))


def test_every_result_table_has_the_numbers_of_the_csv_file(book, folder, run):
    compared = 0
    for name in run.tables:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows:
            continue
        sheet = book[sheet_of(name)]
        assert sheet.max_row == len(rows) + 1
        for number in (each for each in TABLES[name].columns if each.is_number):
            key, shown = number.name, [cell.value for cell in column(sheet, number.title_with_unit)]
            assert shown == [float(row[key]) if row[key] else None for row in rows], (name, key)
            compared += len(rows)
    assert compared > 500


def test_keys_are_shown_by_name_and_days_as_days(book, run):
    sheet = book["Decisions"]
    assert {cell.value for cell in column(sheet, "What")} == {"Rehab bed", "Rehab support worker"}
    assert {cell.value for cell in column(sheet, "Where")} == {"Cottage Hospital", "Northtown", "Southvale"}
    shown = [cell.value.date().isoformat() for cell in column(sheet, "From")]
    assert shown == list(run.tables["decisions"]["from"])
    assert {cell.number_format for cell in column(sheet, "From")} == {wording.EXCEL_FORMATS["date"]}


def test_money_and_shares_are_formatted_as_such(book):
    assert {cell.number_format for cell in column(book["Costs"], "Cost (£, cash)")} == {
        wording.EXCEL_FORMATS["money"]
    }
    assert {cell.number_format for cell in column(book["Beds"], "Occupancy (share)")} == {
        wording.EXCEL_FORMATS["share"]
    }


def test_numbers_of_a_summary_are_numbers_and_days_are_days(book):
    rows = {tuple(cell.value for cell in row[:3]): row for row in book["Summary"].iter_rows()}
    beds = next(row for row in book["Summary"].iter_rows() if row[0].value == "beds")
    assert [cell.value for cell in beds[1:4]] == [366_000, 146_400, -219_600]
    assert [cell.number_format for cell in beds[2:4]] == [
        wording.EXCEL_FORMATS["money"],
        wording.EXCEL_FORMATS["money_change"],
    ]
    decision = next(row for key, row in rows.items() if key[1] == "Rehab bed")
    assert [decision[n].value.date().isoformat() for n in (0, 4)] == ["2017-04-01"] * 2
    assert (decision[3].value, decision[3].number_format) == (-15, wording.EXCEL_FORMATS["whole_change"])
    target = next(row for key, row in rows.items() if key[0] == "Discharges a day")
    assert [cell.value for cell in target[2:5]] == ["1 a day", "0.9 a day", "0.9 a day"]


def test_amounts_of_several_units_are_formatted_one_by_one(book):
    sheet = book["Measures"]
    formats = dict(
        zip(
            (cell.value for cell in column(sheet, "Measure")),
            (cell.number_format for cell in column(sheet, "Value (in the unit named)")),
            strict=True,
        )
    )
    assert formats["cost_paid"] == wording.EXCEL_FORMATS["money"]
    assert formats["step_down_starts"] == wording.EXCEL_FORMATS["number"]


def test_numbers_below_one_keep_two_decimals(tmp_path):
    few = plan_for(IN_BEDS, referrals="locality,pathway,people_per_week\nnorth,going_home,0.94")
    sheet = openpyxl.load_workbook(write_workbook([("few", few)], tmp_path / "few.xlsx"))["Waiting"]
    shown = column(sheet, "Referred (people)")[0]
    assert (shown.value, shown.number_format) == (0.94, wording.EXCEL_FORMATS["small"])


def test_result_tables_are_excel_tables_under_frozen_headers(book, run):
    for name, frame in run.tables.items():
        if len(frame):
            sheet = book[sheet_of(name)]
            (excel_table,) = sheet.tables.values()
            assert excel_table.ref == sheet.dimensions
            assert sheet.freeze_panes.endswith("2")


def test_there_is_no_formula_anywhere(nasty):
    book = openpyxl.load_workbook(nasty)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    with zipfile.ZipFile(nasty) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not [name for name in sheets if b"<f>" in archive.read(name) or b"<f " in archive.read(name)]


@pytest.mark.parametrize("text", NASTY)
def test_what_an_instance_calls_its_things_is_text(nasty, text):
    book = openpyxl.load_workbook(nasty)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text]
    same_name = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == f"{text} (north)"
    ]
    assert (found and {cell.data_type for cell in found} == {"s"}) or same_name


def test_two_things_of_one_name_are_told_apart_by_their_keys(nasty):
    shown = {cell.value for cell in column(openpyxl.load_workbook(nasty)["Waiting"], "Locality")}
    assert shown == {"<script>alert(1)</script> (north)", "<script>alert(1)</script> (south)"}


def test_names_of_charts_come_from_cells_and_never_from_texts(nasty):
    with zipfile.ZipFile(nasty) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "charts/chart" in name]
    references = [ref for chart in charts for ref in re.findall(r"<c:f>(.*?)</c:f>", chart)]
    assert len(charts) >= 12  # beds, occupancy and funders, four runs
    assert references
    assert all(re.fullmatch(r"('.*'|\w+)!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", ref) for ref in references)


def test_names_of_sheets_and_tables_are_valid_and_unique(nasty):
    book = openpyxl.load_workbook(nasty)
    sheets = [name.lower() for name in book.sheetnames]
    assert len(set(sheets)) == len(sheets)
    assert all(
        len(name.encode("utf-16-le")) <= 62 and not re.search(r"[\[\]:*?/\\]", name) for name in sheets
    )
    assert not any(name.startswith("'") or name.endswith("'") for name in sheets)
    tables = [name.lower() for sheet in book for name in sheet.tables]
    assert len(set(tables)) == len(tables) > 8
    assert all(EXCEL_TABLE.fullmatch(name) for name in tables)


def test_headings_of_a_table_are_those_of_its_cells_and_unique(nasty):
    for sheet in openpyxl.load_workbook(nasty):
        for excel_table in sheet.tables.values():
            first = sheet[excel_table.ref][0]
            headings = [one.name for one in excel_table.tableColumns]
            assert headings == [cell.value for cell in first]
            assert len({heading.lower() for heading in headings}) == len(headings)


def test_every_link_of_the_contents_leads_to_a_sheet(nasty):
    book = openpyxl.load_workbook(nasty)
    links = [
        cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink
    ]
    targets = [re.fullmatch(r"'(.*)'!A1", link)[1].replace("''", "'") for link in links]
    assert set(targets) == set(book.sheetnames) - {"Contents"}


def test_several_runs_stand_below_each_other_with_their_names(run, more, tmp_path):
    path = write_workbook([("plan", run), ("more", more)], tmp_path / "two.xlsx")
    sheet = openpyxl.load_workbook(path)["Beds"]
    beds = [
        (one.value, period.value.isoformat()[:10], beds.value)
        for one, period, beds in zip(
            column(sheet, "Run"), column(sheet, "Period from"), column(sheet, "Beds open (beds)"), strict=True
        )
    ]
    # README.md of the instance: ten beds, and eleven in the scenario.
    assert beds[0] == ("plan", "2017-04-01", 10)
    assert beds[-1] == ("more", "2017-09-01", 11)
    assert len(beds) == 12


def test_a_column_that_one_run_does_not_have_is_empty_there(run, more, tmp_path):
    older = replace(
        run, tables={**run.tables, "beds": run.tables["beds"].drop(columns="refusal_probability")}
    )
    path = write_workbook([("older", older), ("more", more)], tmp_path / "two.xlsx")
    sheet = openpyxl.load_workbook(path)["Beds"]
    shown = [cell.value for cell in column(sheet, BEDS.column("refusal_probability").title_with_unit)]
    expected = more.tables["beds"]["refusal_probability"].astype(object)
    assert shown == [None] * 6 + list(expected.where(expected.notna(), None))


def test_every_heading_is_traced_to_its_column_in_the_run_folder(book, run):
    told = [tuple(cell.value for cell in row) for row in book["Columns"].iter_rows(min_row=2)]
    assert ("Beds", "Beds open", "beds", "beds_open", "beds.csv") in told
    assert len(told) == sum(len(frame.columns) for frame in run.tables.values())


def test_the_contents_tell_what_is_empty(book):
    told = [row[1].value for row in book["Contents"].iter_rows(min_row=2)]
    assert f"{TABLES['acute'].about}: nothing in this plan" in told


def test_a_table_that_is_too_large_is_told_instead_of_written(run, tmp_path, monkeypatch):
    monkeypatch.setattr(results, "LARGEST", 20)
    book = openpyxl.load_workbook(write_workbook([("tiny", run)], tmp_path / "small.xlsx"))
    assert "Costs" not in book.sheetnames
    assert any("see costs.csv" in str(row[1].value) for row in book["Contents"].iter_rows())


def test_the_planning_return_shows_what_is_missing(book):
    sheet = book["Planning return"]
    rows = {tuple(cell.value for cell in row[:3]): row for row in sheet.iter_rows(min_row=5)}
    gap = rows["Step-down", "Discharge from hospital", "Gap (demand less capacity)"]
    assert [cell.value for cell in gap[3:5]] == [3, 3.1]
    assert gap[3].font.bold
    spare = rows["Step-up", "Crisis at home", "Gap (demand less capacity)"]
    assert not spare[3].font.bold
    assert [cell.value for cell in sheet[5]][3:6] == ["Apr 2017", "May 2017", "Jun 2017"]


def test_charts_draw_the_numbers_beside_them(book):
    sheet = book["Capacity"]
    chart = sheet._charts[0]
    assert str(chart.series[0].val.numRef.f) == "Capacity!$B$5:$B$10"
    assert [sheet[f"B{row}"].value for row in range(5, 11)] == [10] * 6


def test_a_chart_of_many_series_shows_the_largest_and_all_others_together():
    many = pd.DataFrame({f"site {n}": [float(n)] for n in range(10)}, index=["2017/18"])
    shown = _with_fewer_series(ChartData("Cost", "£", "money", "stacked", many)).frame
    assert list(shown.columns) == [*(f"site {n}" for n in range(3, 10)), "All others"]
    assert shown.loc["2017/18", "All others"] == 0 + 1 + 2


def test_a_plan_of_nothing_has_a_workbook(tmp_path):
    nothing = plan_for(AT_HOME, referrals="locality,pathway,people_per_week\nnorth,going_home,0")
    book = openpyxl.load_workbook(write_workbook([("nothing", nothing)], tmp_path / "nothing.xlsx"))
    assert book.sheetnames[:2] == ["Contents", "Summary"]


def test_a_plan_of_todays_capacity_has_a_workbook(run, tmp_path):
    assert write_workbook([("today", run.today)], tmp_path / "today.xlsx").is_file()


def test_the_same_runs_give_the_same_bytes(run, tmp_path):
    first, second = (write_workbook([("tiny", run)], tmp_path / f"{n}.xlsx").read_bytes() for n in (1, 2))
    assert first == second


def test_a_failure_leaves_the_old_file_and_nothing_else(run, tmp_path, monkeypatch):
    path = tmp_path / "report.xlsx"
    path.write_text("what was there before")

    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(workbook, "add_results", fails)
    with pytest.raises(ZeroDivisionError):
        write_workbook([("tiny", run)], path)
    assert path.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [path]


def test_where_nothing_can_be_written_the_user_is_told(run, tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        write_workbook([("tiny", run)], tmp_path / "missing" / "report.xlsx")


def test_a_hundred_thousand_rows_are_all_there(run, tmp_path):
    starts = pd.concat([run.tables["starts"]] * 2778, ignore_index=True).iloc[:100_000]
    large = replace(run, tables={"starts": starts[["locality", "period", "people"]]})
    sheet = _only_results(large, tmp_path / "large.xlsx").get_sheet_by_name("Starts")
    assert sheet.height == 100_001
    assert sheet.to_python()[-1][-1] == starts["people"].iloc[-1]


def test_a_cell_takes_no_more_than_three_hundred_bytes_of_memory(run, tmp_path):
    # Ten columns of a hundred thousand rows then take 300 MB; Excel tables cannot be written in a stream.
    starts = pd.concat([run.tables["starts"]] * 56, ignore_index=True).iloc[:4000]
    large = replace(run, tables={"starts": starts})
    tracemalloc.start()
    try:
        _only_results(large, tmp_path / "large.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 300 * starts.size
    finally:
        tracemalloc.stop()


def _only_results(run, path):
    with Workbook(path) as file:
        results.add_results(Book(file), [("large", run)])
    return CalamineWorkbook.from_path(path)


@settings(max_examples=30)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_sheets_may_be_called_anything(titles):
    with Workbook("anything.xlsx", {"in_memory": True}) as file:
        book = Book(file)
        for title in titles:
            book.add_sheet(title, "")
        file.add_worksheet()


@settings(max_examples=50)
@given(st.lists(st.text(max_size=8), min_size=1, max_size=8))
def test_headings_are_made_unique_in_number_and_order(headings):
    found = distinct(headings)
    assert len(found) == len(headings)
    assert len({name.lower() for name in found}) == len(found)
