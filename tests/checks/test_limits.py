from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = "limit,resource,locality,network,site,kind,provider,from,to,min,max"


def limited(row: str):
    """The clean instance with one limit."""
    return build(limits=f"{COLUMNS}\n{row}")


def test_a_limit_has_a_least_and_a_most_in_that_order():
    assert only(limited("county,ic,,,,,,,,30,20"), "limit_bounds_cross").column == "min"
    assert only(limited("county,ic,,,,,,,,,"), "limit_says_nothing", Severity.WARNING).row == 2


def test_a_limit_runs_forwards_and_during_the_plan():
    backwards = limited("county,ic,,,,,,2017-09-01,2017-06-30,,20")
    assert place(only(backwards, "dates_backwards")) == ("limits", 2, "to")
    assert not problems_of(backwards, "never_holds")
    within_a_month = limited("county,ic,,,,,,2017-06-05,2017-06-25,,20")
    assert place(only(within_a_month, "never_holds", Severity.WARNING)) == ("limits", 2, "from")
    assert not problems_of(limited("county,ic,,,,,,2018-03-01,,,20"), "never_holds")


def test_teams_have_no_site():
    assert only(limited("workers,rsw,,,cottage,,,,,,20"), "limit_filter_not_used").column == "site"
    assert not problems_of(limited("beds,ic,,,cottage,,,,,,20"), "limit_filter_not_used")


def test_a_limit_that_catches_nothing_is_an_error_if_it_asks_for_a_minimum():
    only(limited("county,ic,,,cottage,care_home,,,,,20"), "limit_catches_nothing", Severity.WARNING)
    only(limited("county,ic,,,cottage,care_home,,,,5,"), "limit_catches_nothing", Severity.ERROR)
    assert not problems_of(limited("county,ic,,,,,,,,,20"), "limit_catches_nothing")


def test_a_minimum_that_the_maxima_do_not_reach():
    # 24 and 10 beds, 20 WTE, 6 shifts.
    for row, most in (("b,ic", 34), ("w,rsw", 20), ("s,day", 6)):
        assert not problems_of(limited(f"{row},,,,,,,,{most},"), "limit_out_of_range")
        problem = only(limited(f"{row},,,,,,,,{most + 1},"), "limit_out_of_range")
        assert f"add up to {most}" in problem.message
    only(limited("b,ic,town,,,,,,,25,"), "limit_out_of_range")
    assert not problems_of(limited("b,ic,west,,,,,,,34,"), "limit_out_of_range")


def test_a_maximum_below_the_minima():
    columns = "site,bed_type,beds,beds_min,bed_day_gbp"
    floors = build(
        limits=f"{COLUMNS}\ncounty,ic,,,,,,,,,12",
        site_beds=f"{columns}\ncottage,ic,16,10,150\nmanor,ic,4,3,120",
    )
    assert "minima in site_beds add up to 13" in only(floors, "limit_out_of_range").message
