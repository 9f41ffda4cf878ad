"""Cells: values with their kinds, which become text at the edge."""

import math

import pytest

from capplan import cells
from capplan.cli.text import as_markdown
from capplan.sections import Grid, Section, grid, without_empty


def side(*column):
    """The rule below the heading of a column in Markdown: a colon where it lines up on the right."""
    table = as_markdown([Section("", grid=Grid(("column",), tuple((cell,) for cell in column)))])
    return {"| --- |": "left", "| ---: |": "right"}[table.splitlines()[1]]


@pytest.mark.parametrize("name", ["12", "Ward 3", "2017/18", "£1.9m a year", "never", "same", "under 5s"])
def test_a_name_is_text_whatever_its_letters_look_like(name):
    assert side(name, "12") == "left"
    assert side(cells.text(name)) == "left"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        *((cells.money(1_234_567), "£1.23m"), (cells.money(1200, " a year"), "£1,200 a year")),
        *((cells.number(math.inf), "never"), (cells.share_change(-0.00004), "-under 0.1%")),
        *((cells.word("same"), "same"), (cells.year("2017/18", " (6 months)"), "2017/18 (6 months)")),
        (cells.money(5, " (", cells.word("no difference"), ")"), "£5 (no difference)"),
        (cells.share(0.562, ", short by ", cells.counted(5, "person", "people")), "56.2%, short by 5 people"),
        (cells.exact(0.9, " → ", cells.exact(0.94)), "0.9 → 0.94"),
    ],
)
def test_a_number_lines_up_on_the_right_whatever_is_said_of_it(cell, written):
    assert str(cell) == written
    assert side(cell, "") == "right"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        *((cells.date("2017-04-01"), "1 Apr 2017"), (cells.counted(5, "person", "people"), "5 people")),
        (cells.said("about ", cells.money_change(5)), "about +£5"),
    ],
)
def test_days_and_words_line_up_on_the_left(cell, written):
    assert str(cell) == written
    assert side(cell) == "left"


def test_one_word_among_numbers_makes_a_column_of_text():
    assert side(cells.number(4), "no plan") == "left"


def test_nothing_stands_where_a_value_is_not_known():
    unknown = [cells.money(math.nan, " a year"), cells.number(None), cells.date(None), cells.text("")]
    assert [str(cell) for cell in unknown] == [""] * 4
    assert not any(unknown)
    assert cells.number(0)
    columns, rows = without_empty(("a", "b"), [(cells.number(0), cells.money(math.nan))])
    assert (columns, grid(columns, rows).texts()) == (["a"], (("0",),))


def test_a_table_that_is_cut_says_how_many_rows_are_left_out():
    rows = [(cells.number(n),) for n in range(5)]
    assert grid(("n",), rows, 3, "n.csv").more == "… and 2 more (see n.csv)"
    assert (grid(("n",), rows).more, len(grid(("n",), rows).rows)) == ("", 5)


@pytest.mark.parametrize(
    ("amounts", "texts"),
    [
        ([cells.money(1_010_000), cells.money(1_013_000)], ["£1,010,000", "£1,013,000"]),
        ([cells.money(500.2, " a day"), cells.money(500.4, " a day")], ["£500.20 a day", "£500.40 a day"]),
        ([cells.share(0.9001), cells.share(0.9002)], ["90.01%", "90.02%"]),
        ([cells.number(1183.2), cells.number(1183.4)], ["1,183.2", "1,183.4"]),
        ([cells.number(1), cells.number(2)], ["1", "2"]),
        ([cells.money(1_010_000), cells.money(1_010_000 + 1e-4)], ["£1.01m", "£1.01m"]),
        ([cells.money(1_010_000), "never"], ["£1.01m", "never"]),
    ],
)
def test_different_numbers_that_would_read_alike_are_told_in_full(amounts, texts):
    assert cells.told_apart(*amounts) == texts


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        *((0.0, -0.0, True), (0.0, 9e-7, True), (0.0, 0.003, False), (0.04, 0.0, False)),
        *((2.0, 2.0000000000000013, True), (1e6, 1e6 + 0.5, True), (1_010_000, 1_013_000, False)),
        *((math.nan, math.nan, True), (math.nan, None, True), (math.nan, 0.0, False), (None, 5.0, False)),
        *((math.inf, math.inf, True), (math.inf, 500.0, False), (500.0, math.inf, False)),
    ],
)
def test_numbers_are_the_same_up_to_a_millionth(one, other, is_same):
    assert cells.is_same(one, other) is is_same


@pytest.mark.parametrize(
    ("cell", "excel"),
    [
        *(
            (cells.money(5.0), "money"),
            (cells.money_change(-5.0), "money_change"),
            (cells.share(0.5), "share"),
        ),
        *((cells.number(25.0), "whole"), (cells.number(2.5), "number"), (cells.number(0.25), "small")),
        *((cells.change(4.0), "whole_change"), (cells.date("2017-04-01"), "date")),
        *((cells.number(0.9, " a day"), ""), (cells.number(math.inf), ""), (cells.money(math.nan), "")),
        *((cells.word("same"), ""), (cells.text("12"), ""), (cells.points(0.05), "")),
    ],
)
def test_a_workbook_has_the_number_where_a_format_shows_it(cell, excel):
    assert cell.excel == excel
