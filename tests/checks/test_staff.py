from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = "locality,role,wte,wte_min,wte_max,wte_month_gbp"


def team(row: str, **given: object):
    """The clean instance with another team in place of its own."""
    return build(staff=f"{COLUMNS}\n{row}", **given)


def test_posts_need_a_price():
    problem = only(team("all,rsw,,0,20,"), "staff_price_missing")
    assert place(problem) == ("staff", 2, "wte_month_gbp")
    assert "up to 20 WTE" in problem.message
    assert not problems_of(team("all,rsw,,0,0,"), "staff_price_missing")
    yearly = build(staff="locality,role,wte,wte_year_gbp\nall,rsw,8,27600")
    assert not problems_of(yearly, "staff_price_missing")


def test_more_people_than_allowed_cannot_be_in_post():
    problem = only(team("all,rsw,12,0,10,2300"), "staff_above_maximum")
    assert place(problem) == ("staff", 2, "wte")


def test_posts_below_the_minimum_are_impossible_where_recruiting_takes_time():
    late = only(team("all,rsw,8,10,20,2300"), "staff_below_minimum")
    assert "2 periods" in late.message
    roles = "role,contact_hours_per_week\nrsw,25"
    only(team("all,rsw,8,10,20,2300", roles=roles), "staff_below_minimum", Severity.INFO)
    recruits = "locality,role,month,wte\nall,rsw,2017-04,2"
    only(team("all,rsw,8,10,20,2300", arrivals=recruits), "staff_below_minimum", Severity.INFO)


def test_the_fewest_posts_are_not_more_than_the_most():
    assert only(team("all,rsw,8,30,20,2300"), "staff_bounds_cross").column == "wte_min"


def test_a_team_that_no_package_needs_has_nothing_to_do():
    roles = "role,contact_hours_per_week\nrsw,25\nnurse,25"
    instance = team("all,rsw,8,0,20,2300\nall,nurse,2,0,2,3500", roles=roles)
    assert place(only(instance, "role_unused", Severity.WARNING)) == ("staff", 3, "role")


def test_recruits_arrive_in_a_team_during_the_plan():
    arrivals = "locality,role,month,wte\n{}"
    stray = build(arrivals=arrivals.format("town,rsw,2017-06,2"))
    assert place(only(stray, "arrival_without_team")) == ("arrivals", 2, "locality")
    early = build(arrivals=arrivals.format("all,rsw,2017-03,2"))
    problem = only(early, "arrival_outside_plan", Severity.WARNING)
    assert "March 2017" in problem.message
    assert not problems_of(build(arrivals=arrivals.format("all,rsw,2018-03,2")), "arrival_outside_plan")


def test_recruits_who_make_a_team_too_large_are_pointed_out():
    arrivals = "locality,role,month,wte\nall,rsw,2017-06,8\nall,rsw,2017-07,6"
    problem = only(build(arrivals=arrivals), "arrivals_above_maximum", Severity.WARNING)
    assert "14 WTE" in problem.message
    assert "makes 22; wte_max is 20" in problem.message


def test_help_comes_from_one_team_and_goes_to_another():
    rows = "resource,from_locality,to_locality\n{}"
    assert place(only(build(cross_cover=rows.format("rsw,all,town")), "cross_cover_without_team")) == (
        "cross_cover",
        2,
        "to_locality",
    )
    assert (
        "help itself"
        in only(build(cross_cover=rows.format("rsw,all,all")), "cross_cover_without_team").message
    )


def test_a_wide_and_a_narrow_team_may_stand_side_by_side():
    instance = team("all,rsw,8,0,20,2300\ntown,rsw,2,0,4,2300")
    assert not problems_of(instance, "people_whom_nobody_serves")
