"""`capplan report`: a page of runs, or one clear message."""

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Solved


@pytest.fixture
def run(solved: Solved):
    return solved.folder / "results" / "tiny"


def test_a_page_is_written_and_said_where(capplan, here, run):
    answer = capplan("report", run, "--out", "pages/tiny.html")
    assert answer.exit_code == 0
    assert answer.stdout == "Report written: pages/tiny.html\n"
    html = (here / "pages" / "tiny.html").read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "Tiny: two localities, six months" in html
    assert list((here / "pages").iterdir()) == [here / "pages" / "tiny.html"]


def test_a_report_is_not_written_beside_what_is_no_run(capplan, tiny, here):
    answer = capplan("report", tiny, "--out", "tiny.html")
    assert answer.exit_code == 2
    assert "no run folder" in answer.stderr
    assert not (here / "tiny.html").exists()


@pytest.mark.parametrize("out", ["tiny.pdf", "tiny"])
def test_only_a_page_can_be_written(capplan, run, out):
    answer = capplan("report", run, "--out", out)
    assert answer.exit_code == 2
    assert ".html" in answer.stderr


def test_a_workbook_is_written_where_the_file_ends_in_xlsx(capplan, here, run):
    answer = capplan("report", run, "--out", "books/tiny.xlsx")
    assert answer.exit_code == 0
    assert answer.stdout == "Report written: books/tiny.xlsx\n"
    sheets = CalamineWorkbook.from_path(here / "books" / "tiny.xlsx").sheet_names
    assert sheets[0] == "Contents"
    assert "Planning return" in sheets
    assert list((here / "books").iterdir()) == [here / "books" / "tiny.xlsx"]


def test_one_run_twice_is_refused(capplan, run):
    answer = capplan("report", run, run, "--out", "both.html")
    assert answer.exit_code == 2
    assert "twice" in answer.stderr


def test_a_folder_is_no_file_to_write(capplan, here, run):
    (here / "folder.html").mkdir()
    assert capplan("report", run, "--out", "folder.html").exit_code == 2
