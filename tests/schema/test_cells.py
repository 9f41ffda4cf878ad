"""What people and spreadsheet programs write into a cell, and what is made of it."""

import calendar
import datetime as dt
from math import inf, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capplan.schema.canonical import dtype
from capplan.schema.cells import Fault, parse
from capplan.schema.columns import Column, Kind
from capplan.schema.text import suggested_key

MONEY = Column("bed_day_gbp", Kind.NUMBER, "", "£/bed-day")
SHARE = Column("share", Kind.NUMBER, "", "share")
BEDS = Column("beds", Kind.NUMBER, "", "beds")
PRICE_OR_NEVER = Column("unmet_gbp", Kind.NUMBER, "", "£/person", words={"never": inf})
WHOLE = Column("shifts", Kind.WHOLE, "")
DATE = Column("from", Kind.DATE, "")
DATE_TO = Column("to", Kind.DATE_TO, "")
MONTH = Column("month", Kind.MONTH, "")
TIME = Column("start", Kind.TIME, "")
YES_NO = Column("is_open", Kind.YES_NO, "")
KEY = Column("site", Kind.KEY, "")
TEXT = Column("note", Kind.TEXT, "")
FILTER = Column("locality", Kind.NAMES, "")
KINDS_FILTER = Column("kind", Kind.NAMES, "", choices=("care_home", "extra_care"))
DIRECTION = Column("direction", Kind.CHOICE, "", choices=("step_down", "step_up"))


def read(column: Column, cell: object) -> object:
    """The one cell as read; fails where it cannot be."""
    typed, faults = parse(column, pd.Series([cell], dtype=object))
    assert not faults
    return typed.iloc[0]


def fault(column: Column, cell: object) -> Fault:
    typed, faults = parse(column, pd.Series([cell], dtype=object))
    assert pd.isna(typed.iloc[0])
    assert len(faults) == 1
    return faults[0]


@pytest.mark.parametrize(
    ("column", "cell", "number"),
    [
        (MONEY, "£1,150", 1150),
        (MONEY, "-£ 5.50", -5.5),
        (MONEY, "1,150,000.25", 1150000.25),
        (MONEY, " 12 ", 12),
        (MONEY, "12\u00a0", 12),
        (MONEY, "\ufeff12", 12),
        (MONEY, "−3", -3),
        (MONEY, "+3.", 3),
        (MONEY, ".5", 0.5),
        (MONEY, "1e3", 1000),
        (MONEY, 12, 12),
        (MONEY, np.float64(0.1), 0.1),
        (SHARE, "92%", 0.92),
        (SHARE, "12.5 %", 0.125),
        (SHARE, 0.92, 0.92),
        (PRICE_OR_NEVER, "never", inf),
        (PRICE_OR_NEVER, " Never ", inf),
        (PRICE_OR_NEVER, inf, inf),
        (WHOLE, "3", 3),
        (WHOLE, "3.0", 3),
        (WHOLE, "1,000", 1000),
    ],
)
def test_numbers_are_read_as_people_write_them(column, cell, number):
    assert read(column, cell) == number


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        (MONEY, "1,15", "ambiguous"),
        (MONEY, "1.150,5", "ambiguous"),
        (MONEY, "1,1500", "ambiguous"),
        (MONEY, "1 150", "ambiguous"),
        (MONEY, "1.2.3", "ambiguous"),
        (MONEY, "(1,150)", "brackets"),
        (MONEY, "$5", "not in pounds"),
        (MONEY, "150 a day", "not a number only"),
        (MONEY, "NaN", "not a number"),
        (MONEY, "n/a", "not a number"),
        (MONEY, "-", "not a number"),
        (MONEY, "TBC", "not a number"),
        (MONEY, "lots", "not a number"),
        (MONEY, "1_000", "not a number only"),
        (MONEY, "٣", "not a number"),
        (MONEY, "inf", "not a finite number"),
        (MONEY, "never", "not a number"),
        (MONEY, "1e999", "not a finite number"),
        (MONEY, inf, "not a finite number"),
        (MONEY, "#REF!", "formula error"),
        (MONEY, "#DIV/0!", "formula error"),
        (MONEY, "#N/A", "formula error"),
        (MONEY, "########", "formula error"),
        (MONEY, True, "yes or no"),
        (MONEY, dt.datetime(2017, 4, 1), "a date"),
        (BEDS, "92%", "percentage"),
        (BEDS, "£5", "money"),
        (WHOLE, "2.5", "not a whole number"),
        (WHOLE, 2.5, "not a whole number"),
    ],
)
def test_what_may_mean_two_numbers_or_none_is_a_fault(column, cell, why):
    assert why in fault(column, cell).why


def test_a_fault_says_what_to_write_instead():
    assert fault(PRICE_OR_NEVER, "infinity").what_now == "write never"
    assert "1150.5" in fault(MONEY, "1.150,5").what_now


APRIL = dt.date(2017, 4, 1)


@pytest.mark.parametrize(
    "cell",
    [
        "2017-04-01",
        "2017-4-1",
        "2017/04/01",
        "2017-04-01 00:00:00",
        "2017-04-01T00:00",
        "01/04/2017",
        "1/4/2017",
        "01-04-2017",
        "1.4.2017",
        "01/04/17",
        "01/04/2017 00:00",
        "1 April 2017",
        "1st April 2017",
        "01-Apr-17",
        "1 apr 2017",
        "April 1, 2017",
        "Apr-17",
        "Apr 2017",
        "April 2017",
        "APRIL 2017",
        "2017-04",
        "04/2017",
        "4/2017",
        dt.date(2017, 4, 1),
        dt.datetime(2017, 4, 1),
        pd.Timestamp("2017-04-01"),
    ],
)
@pytest.mark.parametrize("column", [DATE, MONTH])
def test_the_first_of_april_is_read_in_every_usual_spelling(column, cell):
    assert read(column, cell).date() == APRIL


@pytest.mark.parametrize("cell", ["Apr-17", "April 2017", "2017-04", "04/2017"])
def test_an_end_given_as_a_month_is_its_last_day(cell):
    assert read(DATE_TO, cell).date() == dt.date(2017, 4, 30)


def test_an_end_given_as_a_day_is_that_day():
    assert read(DATE_TO, "1/4/2017").date() == APRIL


def test_a_month_ends_on_29_february_in_a_leap_year():
    assert read(DATE_TO, "Feb-20").date() == dt.date(2020, 2, 29)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("13/25/2017", "no month 25"),
        ("04/25/2017", "no month 25"),
        ("31/02/2017", "no such day"),
        ("29/02/2017", "no such day"),
        ("0/4/2017", "no such day"),
        ("42826", "ordinal"),
        (42826, "ordinal"),
        (42826.0, "ordinal"),
        ("20170401", "ordinal"),
        ("17-Apr", "year is missing"),
        ("1/4", "year is missing"),
        ("2017/18", "financial year"),
        ("2017/04", "financial year"),
        ("Q1 2017", "no date"),
        ("1 Avril 2017", "no month 'avril'"),
        ("soon", "no date"),
        ("1/4/0017", "outside the years"),
        (dt.datetime(2017, 4, 1, 8), "time of the day"),
        ("2017-04-01 08:00", "time of the day"),
        (True, "no date"),
        ("#VALUE!", "formula error"),
    ],
)
def test_what_is_no_date_is_a_fault(cell, why):
    assert why in fault(DATE, cell).why


def test_an_ordinal_is_told_the_date_that_a_spreadsheet_means_by_it():
    assert "2017-04-01" in fault(DATE, 42826).why


def test_a_day_is_no_month():
    assert fault(MONTH, "15/04/2017").what_now == "write 2017-04"


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_any_day_is_read_back_from_its_usual_spellings(day):
    name = calendar.month_name[day.month]
    for text in (f"{day}", f"{day.day}/{day.month}/{day.year}", f"{day.day} {name} {day.year}"):
        assert read(DATE, text).date() == day


@pytest.mark.parametrize("cell", ["08:00", "8:00", "08:00:00", dt.time(8), dt.datetime(1899, 12, 31, 8)])
def test_eight_in_the_morning_is_read_in_every_usual_spelling(cell):
    assert read(TIME, cell) == "08:00"


@pytest.mark.parametrize("cell", ["24:00", "8", "8am", "08:60", "08:00:30", 0.333])
def test_what_is_no_time_is_a_fault(cell):
    assert "no time" in fault(TIME, cell).why


@pytest.mark.parametrize("cell", [True, "yes", "Y", "TRUE", "true", "1", 1, 1.0, "on"])
def test_yes_is_read_in_every_usual_spelling(cell):
    assert read(YES_NO, cell) is np.True_ or read(YES_NO, cell) is True


@pytest.mark.parametrize("cell", [False, "no", "N", "FALSE", "0", 0, "off"])
def test_no_is_read_in_every_usual_spelling(cell):
    assert not read(YES_NO, cell)


@pytest.mark.parametrize("cell", ["maybe", 2, "yes please"])
def test_what_is_neither_yes_nor_no_is_a_fault(cell):
    assert "neither yes nor no" in fault(YES_NO, cell).why


@pytest.mark.parametrize("cell", ["Step Up", "step-up", "STEP_UP", " step_up "])
def test_a_choice_is_read_whatever_its_capitals_and_blanks(cell):
    assert read(DIRECTION, cell) == "step_up"


def test_a_mistyped_choice_is_told_the_nearest_one():
    assert fault(DIRECTION, "stepup").what_now == "did you mean 'step_up'?"


@pytest.mark.parametrize("key", ["a", "ic_bed", "p2_b"])
def test_a_key_in_lower_snake_case_is_kept(key):
    assert read(KEY, key) == key


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [
        ("Ynys Môn", "ynys_mon"),
        ("St Mary's", "st_marys"),
        ("IC-bed", "ic_bed"),
        ("2nd ward", "n2nd_ward"),
        (7, "n7"),
    ],
)
def test_what_is_no_key_is_told_the_key_it_might_be(cell, suggestion):
    assert f"'{suggestion}'" in fault(KEY, cell).what_now


@given(st.text(max_size=12))
def test_a_suggested_key_is_a_key(text):
    suggestion = suggested_key(text)
    assert not suggestion or read(KEY, suggestion) == suggestion


def test_a_filter_names_each_once():
    assert read(FILTER, " north ;south; north;") == "north;south"
    assert pd.isna(read(FILTER, ";"))


def test_a_filter_of_choices_takes_choices_only():
    assert read(KINDS_FILTER, "Care home;extra care") == "care_home;extra_care"
    assert "is not one of" in fault(KINDS_FILTER, "care_home;barn").why


def test_text_is_trimmed_and_otherwise_left_alone():
    assert read(TEXT, "  =1+1; Llanrwst\u00a0😀 ") == "=1+1; Llanrwst 😀"
    assert read(TEXT, "two\r\nlines") == "two\nlines"
    assert read(TEXT, "Mo\u0302n") == "Môn"
    assert read(TEXT, 2017.0) == "2017"
    assert read(TEXT, 0.5) == "0.5"


@pytest.mark.parametrize("cell", ["a\x00b", "bell\x07", "\x1b[31m", "a\ud800b"])
def test_control_characters_in_text_are_a_fault(cell):
    assert "control character" in fault(TEXT, cell).why


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("empty", [None, nan, "", "  ", "\u00a0", pd.NaT])
def test_an_empty_cell_is_empty_in_a_column_of_any_kind(kind, empty):
    column = Column("any", kind, "", choices=("a",))
    typed, faults = parse(column, pd.Series([empty], dtype=object))
    assert typed.isna().all()
    assert not faults


@pytest.mark.parametrize("kind", list(Kind))
def test_a_parsed_column_has_the_type_of_its_kind(kind):
    column = Column("any", kind, "", choices=("a",))
    typed, _ = parse(column, pd.Series(["a", "1", None], index=[2, 3, 7], name="any", dtype=object))
    assert typed.dtype == dtype(column)
    assert list(typed.index) == [2, 3, 7]
    assert typed.name == "any"


def test_cells_alike_are_one_fault_with_all_their_rows():
    typed, faults = parse(BEDS, pd.Series(["x", "1", "x", "y"], index=[2, 3, 5, 9], dtype=object))
    assert [(list(each.rows), each.value) for each in faults] == [([2, 5], "x"), ([9], "y")]
    assert typed.tolist()[1] == 1


def test_true_among_ones_is_not_taken_for_a_number():
    typed, faults = parse(BEDS, pd.Series([1, True, 1.0], dtype=object))
    assert typed.tolist()[::2] == [1, 1]
    assert [list(each.rows) for each in faults] == [[1]]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_is_read_back_exactly_from_its_shortest_spelling(number):
    assert read(BEDS, repr(number)) == number


@given(st.floats(-1e12, 1e12))
def test_thousands_separators_and_pounds_do_not_change_a_number(number):
    assert read(MONEY, f"£{number:,.2f}".replace("£-", "-£")) == float(f"{number:.2f}")


@given(st.text())
def test_any_text_is_read_or_refused_but_never_crashes(text):
    for kind in Kind:
        parse(Column("any", kind, "", "share", choices=("a",), words={"never": inf}), pd.Series([text]))
