"""`capplan report`: a page of runs, or one clear message."""

import shutil

import pytest
from python_calamine import CalamineWorkbook

from capplan.plan import solve
from capplan.runs.writing import write_run
from tests.cli.conftest import Solved
from tests.explain.cases import small, with_ranges


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


@pytest.fixture
def own_run(here, monkeypatch, run):
    """A copy of the run that nobody has asked anything."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))
    return shutil.copytree(run, here / "own", ignore=shutil.ignore_patterns("answers"))


def test_a_report_says_what_one_more_would_buy_and_keeps_it_with_the_run(capplan, here, own_run):
    assert capplan("report", own_run, "--out", "one.html").exit_code == 0
    html = (here / "one.html").read_text(encoding="utf-8")
    assert "Where it is tight, and what one more would buy" in html
    assert "One unit more" in html
    assert "the relaxation" in html
    assert (own_run / "answers" / "one_more.csv").is_file()
    assert capplan("check", own_run).exit_code == 0


def test_a_quick_report_solves_nothing(capplan, here, own_run):
    assert capplan("report", own_run, "--out", "one.html", "--quick").exit_code == 0
    assert "One unit more" not in (here / "one.html").read_text(encoding="utf-8")
    assert not (own_run / "answers").exists()


def test_solved_again_it_tells_the_assumptions_that_could_change_the_answer(capplan, here, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))
    own_run = write_run(solve(small(with_ranges)), here / "own")
    answer = capplan("report", own_run, "--out", "one.html", "--solve-again", "1", "--jobs", "1")
    assert answer.exit_code == 0
    html = (here / "one.html").read_text(encoding="utf-8")
    assert "The five assumptions that could change the answer" in html
    assert "The five assumptions on which most money hangs" not in html
    capplan("report", own_run, "--out", "again.html")
    assert (here / "again.html").read_text(encoding="utf-8") == html
    book = capplan("report", own_run, "--out", "book.xlsx")
    assert book.exit_code == 0
    rows = CalamineWorkbook.from_path(str(here / "book.xlsx")).get_sheet_by_name("Summary").to_python()
    assert any("could change the answer" in str(row[0]) for row in rows)
