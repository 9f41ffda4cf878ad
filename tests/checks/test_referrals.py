from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = "locality,hospital,pathway,month,people_per_month,growth_per_year,profile"
REST = "town,,crisis,,24,,\nvillage,,crisis,,16,,"


def referred(rows: str, **given: object):
    """The clean instance with other people on `rehab`."""
    return build(referrals=f"{COLUMNS}\n{rows}\n{REST}", **given)


def test_people_cannot_be_shared_out_by_a_population_that_is_not_known():
    localities = "locality,population_65_plus,network\ntown,6000,west\nvillage,,west"
    problem = only(referred(",,rehab,,30,,", localities=localities), "referrals_without_population")
    assert place(problem) == ("localities", 3, "population_65_plus")
    assert not problems_of(
        referred("town,,rehab,,30,,", localities=localities), "referrals_without_population"
    )


def test_a_rate_per_1000_needs_the_population_of_its_locality():
    localities = "locality,population_65_plus,network\ntown,6000,west\nvillage,,west"
    rows = "locality,pathway,people_per_1000_65_plus_per_year\n{},rehab,40\ntown,crisis,40"
    assert (
        only(
            build(referrals=rows.format("village"), localities=localities), "referrals_without_population"
        ).row
        == 3
    )
    assert not problems_of(
        build(referrals=rows.format("town"), localities=localities), "referrals_without_population"
    )


def test_catchment_shares_sum_to_one():
    catchments = "locality,hospital,share\ntown,infirmary,0.7\ntown,royal,{}\nvillage,infirmary,1"
    hospitals = "hospital\ninfirmary\nroyal"
    problem = only(
        build(catchments=catchments.format(0.2), hospitals=hospitals), "catchment_shares_do_not_sum_to_one"
    )
    assert place(problem) == ("catchments", 2, "share")
    assert "sum to 0.9" in problem.message
    assert not problems_of(
        build(catchments=catchments.format(0.3), hospitals=hospitals), "catchment_shares_do_not_sum_to_one"
    )


def test_a_locality_without_a_catchment_among_others_with_one_is_mentioned():
    one = "locality,hospital,share\ntown,infirmary,1"
    assert "village" in only(build(catchments=one), "catchment_missing", Severity.INFO).message
    assert not problems_of(build(catchments="locality,hospital,share\n"), "catchment_missing")


def test_months_outside_the_plan_are_counted():
    rows = "town,,rehab,,20,,\nvillage,,rehab,2016-05,9,,\nvillage,,rehab,2017-03,9,,\nvillage,,rehab,,9,,"
    problem = only(referred(rows), "referral_months_outside_plan", Severity.WARNING)
    assert place(problem) == ("referrals", 3, "month")
    assert "2 rows are for months outside the plan (May 2016 to March 2017)" in problem.message


def test_a_first_month_that_the_plan_begins_in_is_inside():
    instance = referred("town,,rehab,2017-04,20,,\ntown,,rehab,,20,,", start="2017-04-15")
    assert not problems_of(instance, "referral_months_outside_plan")


def test_months_without_a_row_are_named():
    months = [f"2017-{month:02d}" for month in range(4, 13)] + ["2018-01", "2018-03"]
    rows = "\n".join(f"town,,rehab,{month},20,," for month in months)
    problem = only(referred(rows), "referral_months_missing", Severity.WARNING)
    assert "in 2018-02: no row" in problem.message
    assert not problems_of(referred(f"{rows}\ntown,,rehab,2018-02,0,,"), "referral_months_missing")
    assert not problems_of(referred(f"{rows}\ntown,,rehab,,20,,"), "referral_months_missing")


def test_growth_in_a_row_with_a_month_is_not_used():
    rows = "town,,rehab,,20,0.02,\ntown,,rehab,2017-06,25,0.02,"
    problem = only(referred(rows), "growth_or_season_in_a_month_row", Severity.WARNING)
    assert place(problem) == ("referrals", 3, "month")


def test_a_profile_averages_one():
    season = "profile,month,factor\nwinter,1,{}\nwinter,7,0.9"
    problem = only(build(profiles=season.format(1.6)), "profile_far_from_one", Severity.WARNING)
    # A sum of 12.5 over twelve months.
    assert "average 1.042" in problem.message
    assert not problems_of(build(profiles=season.format(1.1)), "profile_far_from_one")


def test_a_pathway_that_nobody_is_referred_to():
    instance = build(referrals="locality,pathway,people_per_month\ntown,rehab,20\ntown,crisis,0")
    assert place(only(instance, "pathway_without_people", Severity.WARNING)) == ("pathways", 3, "pathway")
