import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of
from tests.checks.test_targets import aimed

DISAGREE = "arithmetic_targets_disagree"


def test_a_monthly_and_a_yearly_target_that_agree_are_fine():
    monthly = {"value": 15}
    for value, unit in ((180, "per_year"), (15 * 12 / 52, "per_week"), (180, "total")):
        assert not problems_of(aimed(monthly, {"target": "again", "value": value, "unit": unit}), DISAGREE)


def test_180_a_month_beside_15_a_month_looks_like_a_slip_of_unit():
    problem = only(aimed({"value": 15}, {"target": "printed", "value": 180}), DISAGREE, Severity.WARNING)
    assert place(problem) == ("targets", 3, "value")
    assert "12 times the other: looks like a unit slip (12, the months of a year)" in problem.message


def test_a_baseline_of_104_a_year_is_not_8_a_month():
    monthly = {"value": 12, "baseline": 8}
    yearly = {"target": "year", "value": 144, "baseline": 104, "unit": "per_year"}
    problem = only(aimed(monthly, yearly), DISAGREE, Severity.WARNING)
    assert problem.column == "baseline"
    assert "1.083 times" in problem.message
    assert "slip" not in problem.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"value": 15}, {"value": 20}),  # two levels in one unit: a floor and an ambition
        ({"value": 15, "to": "2017-09-30"}, {"value": 180, "from": "2017-10-01"}),
        ({"value": 15, "pathway": "rehab"}, {"value": 180}),
        ({"value": 15}, {"value": 180, "sense": "max"}),
        ({"value": ""}, {"value": 180}),
    ],
)
def test_targets_on_different_things_may_differ(one, other):
    assert not problems_of(aimed(one, {"target": "other", **other}), DISAGREE)


def test_a_target_below_todays_number_is_pointed_out():
    rule = "arithmetic_baseline_beyond_target"
    assert place(only(aimed({"value": 20, "baseline": 25}), rule, Severity.WARNING)) == (
        "targets",
        2,
        "baseline",
    )
    only(aimed({"value": 20, "baseline": 15, "sense": "max"}), rule, Severity.WARNING)
    assert not problems_of(aimed({"value": 5, "baseline": 25, "value_is": "increase"}), rule)


@pytest.mark.parametrize(
    ("table", "old", "new", "column", "row"),
    [
        ("site_beds", "24,150", "24,15", "bed_day_gbp", 2),
        ("site_beds", "24,150", "24,2500", "bed_day_gbp", 2),
        ("staff", "2300", "23000", "wte_month_gbp", 2),
        ("staff", "2300", "230", "wte_month_gbp", 2),
        ("shifts", "160", "16", "shift_gbp", 2),
        ("shifts", "160", "1700", "shift_gbp", 2),
    ],
)
def test_prices_far_from_the_usual_are_pointed_out(table, old, new, column, row):
    problem = only(build({table: (old, new)}), "arithmetic_price_unusual", Severity.WARNING)
    assert place(problem) == (table, row, column)


def test_a_price_of_nothing_is_a_statement():
    assert not problems_of(build({"site_beds": ("24,150", "24,0")}), "arithmetic_price_unusual")


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("packages", "35,exponential", "400,exponential", "stay_days"),
        ("roles", "rsw,25", "rsw,61", "contact_hours_per_week"),
        ("roles", "25,0.2", "25,1.2", "turnover_per_year"),
        ("package_care", "1.5", "25", "care_hours_per_day"),
    ],
)
def test_numbers_far_from_the_usual_are_pointed_out(table, old, new, column):
    problem = only(build({table: (old, new)}), "arithmetic_number_unusual", Severity.WARNING)
    assert (problem.table, problem.column) == (table, column)


def test_a_package_that_never_helps_and_a_locality_without_people():
    rule = "arithmetic_nobody_helped"
    never = only(build({"eligibility": ("urgent,0.75", "urgent,0")}), rule, Severity.WARNING)
    assert place(never) == ("eligibility", 4, "success")
    empty = only(build({"localities": ("-2.1,4000", "-2.1,0")}), rule, Severity.WARNING)
    assert place(empty) == ("localities", 3, "population_65_plus")


def test_a_weekly_price_among_daily_ones():
    units = "site,bed_type,beds,bed_day_gbp\ncottage,ic,16,150\nmanor,ic,4,{}\nbarn,ic,4,151"
    sites = "site,locality\ncottage,town\nmanor,village\nbarn,village"
    rule = "arithmetic_price_in_another_unit"
    problem = only(build(site_beds=units.format(1050), sites=sites), rule, Severity.WARNING)
    assert place(problem) == ("site_beds", 3, "bed_day_gbp")
    assert not problems_of(build(site_beds=units.format(500), sites=sites), rule)


def test_a_yearly_target_on_monthly_referrals():
    rule = "arithmetic_target_twelve_times_referrals"
    problem = only(aimed({"value": 360}), rule, Severity.WARNING)
    assert place(problem) == ("targets", 2, "value")
    assert not problems_of(aimed({"value": 360, "unit": "per_year"}), rule)


def test_prices_of_several_years_are_pointed_out_once_for_each_table_and_year():
    units = "site,bed_type,beds,bed_day_gbp,price_year,note\ncottage,ic,16,150,{},\nmanor,ic,4,120,2015/16,{}"
    rule = "arithmetic_price_years_mixed"
    old = only(build(site_beds=units.format("2017/18", "")), rule, Severity.WARNING)
    assert place(old) == ("site_beds", 3, "price_year")
    assert "1 rows are in prices of 2015/16, others in prices of 2017/18" in old.message
    only(build(site_beds=units.format("2017/18", "accepted: uplifted since")), rule, Severity.INFO)
    assert len(problems_of(build(site_beds=units.format("2015/16", "accepted: uplifted since")), rule)) == 2
    assert not problems_of(build(site_beds=units.format("2015/16", ""), price_year="2015/16"), rule)


def test_a_last_day_that_is_the_first_of_a_month_may_be_a_month_that_a_spreadsheet_made_a_day():
    limits = "limit,resource,to,max,note\ncounty,ic,{},20,{}"
    rule = "arithmetic_ends_on_a_first"
    problem = only(build(limits=limits.format("2017-06-01", "")), rule, Severity.WARNING)
    assert place(problem) == ("limits", 2, "to")
    assert "1 June 2017" in problem.message
    assert not problems_of(build(limits=limits.format("2017-06-30", "")), rule)
    only(build(limits=limits.format("2017-06-01", "accepted: the day it closes")), rule, Severity.INFO)
