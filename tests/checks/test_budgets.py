import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = "funder,year,budget_gbp,committed_gbp"
WARNING = Severity.WARNING


def limited(*rows: str, pools: str = "", **settings: object):
    """The clean instance (April 2017 to March 2018) with budgets and pools."""
    tables = {"budgets": "\n".join([COLUMNS, *rows])}
    if pools:
        tables["budget_pools"] = f"pool,funder,transfer_max_gbp\n{pools}"
    return build(**tables, **settings)


@pytest.mark.parametrize("year", ["2017", "2017-18", "2017/2018", "17/18", "2017/19", "01/12/2011"])
def test_a_year_is_written_as_financial_years_are(year):
    problem = only(limited(f"nhs,{year},1000,0"), "budget_year_unreadable")
    assert place(problem) == ("budgets", 2, "year")
    assert "2017/18" in problem.what_now


def test_years_that_begin_in_january_have_one_number():
    assert not problems_of(limited("nhs,2017,1000,0", year_starts=1), "budget_year_unreadable")
    assert problems_of(limited("nhs,2017/18,1000,0", year_starts=1), "budget_year_unreadable")


def test_a_year_outside_the_plan_is_not_used():
    assert only(limited("nhs,2018/19,1000,0"), "budget_year_outside", WARNING).row == 2
    assert not problems_of(limited("nhs,2018/19,1000,0", periods=13), "budget_year_outside")


def test_a_year_of_the_plan_without_a_budget_is_told():
    problem = only(limited("nhs,2017/18,1000,0", periods=24), "budget_year_missing", WARNING)
    assert "2018/19" in problem.message
    assert not problems_of(limited("nhs,2017/18,1000,0"), "budget_year_missing")


def test_part_of_a_year_has_part_of_the_budget():
    problem = only(limited("nhs,2017/18,1200,0", periods=9), "arithmetic_budget_pro_rata", WARNING)
    assert "9 months" in problem.message
    assert "£900" in problem.message
    assert not problems_of(limited("nhs,2017/18,1200,0"), "arithmetic_budget_pro_rata")
    assert not problems_of(
        limited("nhs,2017/18,1200,0", period="week", periods=52), "arithmetic_budget_pro_rata"
    )


def test_more_committed_than_there_is():
    assert only(limited("nhs,2017/18,1000,1001"), "budget_below_committed", WARNING).column == "committed_gbp"
    assert not problems_of(limited("nhs,2017/18,1000,1000"), "budget_below_committed")


def test_a_funder_is_in_one_pool_at_most():
    rows = ("nhs,2017/18,1000,0", "council,2017/18,1000,0")
    twice = limited(*rows, pools="one,nhs,\none,council,\ntwo,nhs,\ntwo,council,")
    assert [problem.row for problem in problems_of(twice, "funder_in_two_pools")] == [4, 5]
    assert not problems_of(limited(*rows, pools="one,nhs,\none,council,"), "funder_in_two_pools")


def test_a_pool_has_two_members_who_have_budgets():
    rows = ("nhs,2017/18,1000,0",)
    assert only(limited(*rows, pools="one,nhs,"), "pool_of_one", WARNING).value == "one"
    both = limited(*rows, pools="one,nhs,\none,council,")
    assert not problems_of(both, "pool_of_one")
    assert only(both, "pool_member_without_budget", WARNING).value == "council"
