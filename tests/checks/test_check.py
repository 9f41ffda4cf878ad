import pandas as pd
import pytest

from capplan.checks import RULES, check
from capplan.checks.facts import Facts
from capplan.errors import Severity
from capplan.instance import Instance
from tests.checks.cases import SETTINGS, TABLES, build, only, problems_of


@pytest.fixture(scope="module")
def clean():
    return Facts.of(build())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_rule_complains_of_a_clean_instance(rule, clean):
    assert list(rule(clean)) == []


def test_the_clean_instance_is_one_that_capplan_reads(clean):
    read = Instance.from_frames(SETTINGS, **TABLES)
    for name in TABLES:
        pd.testing.assert_frame_equal(read.table(name), clean.table(name), check_index_type=False)


def test_every_rule_has_a_name_and_says_what_it_is_for():
    assert len({rule.__name__ for rule in RULES}) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)


def test_errors_come_first_then_tables_and_rows_in_order():
    instance = build(
        {
            "site_beds": ("cottage,ic,16,0,24,150", "cottage,ic,26,0,24,3000"),
            "packages": ("ic_bed,bed,ic", "ic_bed,bed,"),
        }
    )
    problems = check(instance)
    assert [p.severity for p in problems] == sorted((p.severity for p in problems), key=list(Severity).index)
    errors = [p.table for p in problems if p.severity is Severity.ERROR]
    assert errors[0] == "site_beds"
    assert "packages" in errors


def test_a_problem_names_table_row_column_value_and_what_to_do():
    problem = only(build({"site_beds": ("cottage,ic,16", "cottage,ic,26")}), "beds_above_maximum")
    assert (problem.table, problem.place, problem.row) == ("site_beds", "site_beds", 2)
    assert (problem.column, problem.value) == ("beds", "26")
    assert "26 'ic' beds are open today at 'cottage', more than beds_max = 24" in str(problem)
    assert "raise beds_max to 26" in problem.what_now


def test_the_column_is_named_in_the_unit_that_the_planner_used():
    weekly = build(
        {"site_beds": ("bed_day_gbp", "bed_week_gbp"), "packages": ("28,lognormal,14", "28,fixed,")}
    )
    # 120 pounds a week is 17 a day.
    low = [p for p in problems_of(weekly, "arithmetic_price_unusual") if p.row == 3]
    assert (low[0].column, low[0].value) == ("bed_week_gbp", "120")


def test_suspicious_arithmetic_is_information_once_accepted_in_the_note():
    rows = """
        package,setting,bed_type,stay_days,note
        ic_bed,bed,ic,28,
        reable,home,,400,accepted: people who stay for good
        urgent,home,,3,
        """
    assert only(build(packages=rows), "arithmetic_number_unusual", Severity.INFO).row == 3
    only(build(packages=rows.replace("accepted", "said")), "arithmetic_number_unusual", Severity.WARNING)


def test_an_error_is_not_made_information_by_a_note():
    rows = """
        site,bed_type,beds,beds_max,bed_day_gbp,note
        cottage,ic,26,24,150,accepted: yes
        """
    only(build(site_beds=rows), "beds_above_maximum", Severity.ERROR)


def test_a_mistake_in_many_rows_is_told_fifty_times_and_then_counted():
    rows = "\n".join(["locality,site,minutes", *(f"l{i},s{j},200" for i in range(10) for j in range(10))])
    instance = build(
        localities="\n".join(["locality", *(f"l{i}" for i in range(10))]),
        sites="\n".join(["site,locality", *(f"s{j},l0" for j in range(10))]),
        travel=rows,
        catchments="locality,hospital,share\nl0,infirmary,1",
        site_beds="site,bed_type,beds,bed_day_gbp\ns0,ic,20,150",
        referrals="locality,pathway,people_per_month\nl0,rehab,10\nl1,crisis,10",
    )
    problems = problems_of(instance, "journey_over_three_hours")
    assert len(problems) == 51
    assert any(problem.message == "the same holds for 50 more rows" for problem in problems)


def test_braces_in_names_are_text():
    sites = """
        site,name,locality,beds_max
        cottage,{beds},town,10
        manor,{beds},village,12
        """
    assert "'{beds}'" in only(build(sites=sites), "duplicate_display_name", Severity.WARNING).message
