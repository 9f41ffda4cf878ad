"""The calendar of a plan: periods, months pro rata, financial years, decision points, duty days."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capplan.horizon import Horizon
from capplan.schema.settings import Settings


def horizon(**settings: object) -> Horizon:
    return Horizon.of(Settings(**{"title": "A plan", "start": "2017-04-01", "periods": 3} | settings))


def test_months_are_calendar_months():
    plan = horizon()
    assert plan.periods == ("2017-04-01", "2017-05-01", "2017-06-01")
    assert plan.days.tolist() == [30, 31, 30]
    assert plan.months == pytest.approx([1, 1, 1])
    assert plan.edges.tolist() == [0, 30, 61, 91]


def test_a_first_month_that_is_cut_short_counts_by_its_days():
    plan = horizon(start="2017-04-11")
    assert plan.periods == ("2017-04-11", "2017-05-01", "2017-06-01")
    assert plan.days.tolist() == [20, 31, 30]
    assert plan.months == pytest.approx([20 / 30, 1, 1])


def test_quarters_begin_in_january_april_july_and_october():
    plan = horizon(start="2017-05-01", period="quarter")
    assert plan.periods == ("2017-05-01", "2017-07-01", "2017-10-01")
    assert plan.months == pytest.approx([2, 3, 3])


def test_weeks_run_from_the_start():
    plan = horizon(start="2017-04-26", period="week")
    assert plan.periods == ("2017-04-26", "2017-05-03", "2017-05-10")
    assert plan.days.tolist() == [7, 7, 7]
    # Five days of April and two of May.
    assert plan.months[0] == pytest.approx(5 / 30 + 2 / 31)


def test_february_of_a_leap_year_has_29_days():
    assert horizon(start="2020-02-01", periods=1).days.tolist() == [29]


@given(
    st.dates(datetime.date(2000, 1, 1), datetime.date(2050, 12, 31)),
    st.sampled_from(["week", "month", "quarter"]),
    st.integers(1, 40),
)
def test_periods_follow_one_another_without_a_gap(start, period, periods):
    plan = horizon(start=start, period=period, periods=periods)
    assert len(plan) == periods == len(plan.periods)
    assert len(plan.dates) == plan.days.sum() == plan.edges[-1]
    assert (plan.days > 0).all()
    assert plan.sum_by_period(np.ones(len(plan.dates))).tolist() == plan.days.tolist()
    by_month = plan.dates.to_period("M").value_counts()
    shares = [days / month.days_in_month for month, days in by_month.items()]
    assert plan.months.sum() == pytest.approx(sum(shares))


def test_a_financial_year_runs_from_april():
    plan = horizon(start="2018-02-01", periods=4)
    assert plan.years == ("2017/18", "2017/18", "2018/19", "2018/19")


def test_the_turn_of_the_century_is_written_with_two_digits():
    assert horizon(start="2099-04-01").years[0] == "2099/00"


def test_a_financial_year_may_begin_in_another_month():
    assert horizon(start="2017-12-01", periods=2, year_starts=1).years == ("2017", "2018")
    assert horizon(start="2017-09-01", periods=2, year_starts=10).years == ("2016/17", "2017/18")


def test_years_since_the_start_are_counted_in_months():
    assert horizon(periods=13).years_since_start[[0, 6, 12]] == pytest.approx([0, 0.5, 1])


def test_capacity_changes_every_quarter_unless_said_otherwise():
    assert horizon(periods=7).decision_points == (0, 3, 6)
    assert horizon(periods=7).epoch.tolist() == [0, 0, 0, 3, 3, 3, 6]
    assert horizon(periods=27, period="week").decision_points == (0, 13, 26)
    assert horizon(periods=3, period="quarter").decision_points == (0, 1, 2)
    assert horizon(periods=5, capacity_changes_every=2).decision_points == (0, 2, 4)


def test_what_begins_or_ends_within_a_period_has_its_share_of_the_days():
    plan = horizon()
    share = plan.share_within(pd.Timestamp("2017-04-21"), pd.Timestamp("2017-06-15"))
    assert share == pytest.approx([10 / 30, 1, 15 / 30])
    assert plan.share_within(None, pd.NaT).tolist() == [1, 1, 1]
    assert plan.share_within(pd.Timestamp("2018-01-01"), None).tolist() == [0, 0, 0]


def test_duty_days_of_easter_week():
    # Wednesday 28 March 2018 to Tuesday 3 April: Good Friday on the 30th, Easter Monday on 2 April.
    plan = horizon(start="2018-03-28", period="week", periods=1)
    expected = {"all": 7, "weekdays": 3, "weekends": 4, "saturday": 1, "sunday_and_bank_holidays": 3}
    assert {pattern: plan.duty_days(pattern)[0] for pattern in expected} == expected


def test_a_saturday_that_is_a_bank_holiday_is_no_saturday():
    # 26 December 2020 was a Saturday and Boxing Day; its substitute is Monday the 28th.
    plan = horizon(start="2020-12-26", period="week", periods=1)
    assert plan.duty_days("saturday")[0] == 0
    assert plan.duty_days("sunday_and_bank_holidays")[0] == 4  # 26, 27, 28 December and New Year's Day
    assert plan.duty_days("weekdays")[0] == 3


def test_bank_holidays_differ_by_country_and_may_be_left_out():
    # 30 November 2017 is St Andrew's Day, a Thursday; 17 March 2017 St Patrick's Day, a Friday.
    november = {"start": "2017-11-01", "periods": 1}
    march = {"start": "2017-03-01", "periods": 1}
    assert horizon(**november).duty_days("weekdays")[0] == 22
    assert horizon(**november, bank_holidays="scotland").duty_days("weekdays")[0] == 21
    assert horizon(**march).duty_days("weekdays")[0] == 23
    assert horizon(**march, bank_holidays="northern_ireland").duty_days("weekdays")[0] == 22
    assert horizon(start="2017-12-01", periods=1, bank_holidays="none").duty_days("weekdays")[0] == 21
    assert horizon(start="2017-12-01", periods=1, bank_holidays="wales").duty_days("weekdays")[0] == 19


@given(
    st.dates(datetime.date(2010, 1, 1), datetime.date(2040, 12, 31)),
    st.sampled_from(["england", "wales", "scotland", "northern_ireland", "none"]),
)
def test_duty_days_divide_the_days_among_them(start, bank_holidays):
    plan = horizon(start=start, period="month", periods=3, bank_holidays=bank_holidays)
    everything = plan.duty_days("all").tolist()
    assert everything == plan.days.tolist()
    weekdays = plan.duty_days("weekdays")
    assert (weekdays + plan.duty_days("weekends")).tolist() == everything
    rest = plan.duty_days("saturday") + plan.duty_days("sunday_and_bank_holidays")
    assert (weekdays + rest).tolist() == everything
