"""Care that follows on: who leaves a package starts the next one, uses capacity there, and counts in no target."""

import pytest

from capplan.horizon import Horizon
from tests.formulation.tiny import AT_HOME, IN_BEDS, WITH_TEAM, gbp, numbers, starts, target, tiny
from tests.formulation.tiny import checked_plan_for as plan_for

shows = pytest.mark.shows("onward")

BED_THEN_HOME = {
    **IN_BEDS,
    "packages": """
        package,setting,bed_type,stay_days,stay_distribution,start_gbp,care_day_gbp
        stay,bed,ward,7,fixed,,
        care,home,,7,fixed,100,10
        """,
    "onward": "package,next_package,share\nstay,care,0.5",
}
"""One a day goes into a bed for a week, and every other of them on to a week of care at home."""
TEAM = {name: WITH_TEAM[name] for name in ("roles", "staff", "package_hours")}


@shows
def test_ten_days_in_a_bed_and_then_twenty_at_home():
    plan = plan_for(
        IN_BEDS,
        packages="""
            package,setting,bed_type,stay_days,stay_distribution
            stay,bed,ward,10,fixed
            care,home,,20,fixed
            """,
        onward="package,next_package,share\nstay,care,1",
        referrals="locality,pathway,people_per_day\nnorth,going_home,1",
        start="2018-04-01",
        period="month",
        periods=3,
    )
    assert starts(plan) == [30, 31, 30]
    # In April 10 are in beds from the 11th on; home from the 11th on, 20 of them only in May.
    assert numbers(plan, "caseload", "people_in_care", package="stay") == [round(250 / 30, 6), 10, 10]
    assert numbers(plan, "caseload", "people_in_care", package="care") == [round(200 / 30, 6), 20, 20]


@shows
def test_half_of_those_who_leave_a_bed_need_a_worker_a_week_later():
    plan = plan_for(BED_THEN_HOME, TEAM, periods=3)
    assert starts(plan) == [7, 7, 7]
    assert set(plan.tables["starts"]["package"]) == {"stay"}
    # 7 leave in the second week, half of them for home: 1.75 there on average, then 3.5.
    assert numbers(plan, "caseload", "people_in_care", package="care") == [0, 1.75, 3.5]
    assert numbers(plan, "staff", "hours_needed") == [0, 7 * 1.75, 7 * 3.5]
    assert numbers(plan, "staff", "wte") == [0, 1.75, 3.5]


@shows
def test_the_next_package_is_paid_for_when_it_starts_and_by_the_day():
    plan = plan_for(BED_THEN_HOME, periods=3)
    assert numbers(plan, "costs", "gbp", item="starts") == [3.5 * 100, 3.5 * 100]
    assert numbers(plan, "costs", "gbp", item="care_days") == [1.75 * 7 * 10, 3.5 * 7 * 10]
    assert list(plan.tables["costs"].query("item == 'starts'")["period"]) == ["2018-02-12", "2018-02-19"]


@shows
def test_hours_at_the_start_are_needed_when_the_next_package_starts():
    hours = "package,role,hours_per_week,hours_per_start\ncare,worker,0,2"
    plan = plan_for(BED_THEN_HOME, TEAM, package_hours=hours, periods=3)
    assert numbers(plan, "staff", "hours_needed") == [0, 7, 7]


@shows
def test_those_who_go_on_count_in_no_target():
    discharges = "target,metric,sense,value,unit\nout,discharges,min,6,per_week"
    plan = plan_for(BED_THEN_HOME, targets=discharges)
    assert target(plan, "achieved") == [7, 7]


@shows
def test_a_third_package_follows_the_second():
    plan = plan_for(
        BED_THEN_HOME,
        packages=BED_THEN_HOME["packages"] + "meals,home,,7,fixed,,",
        onward="package,next_package,share\nstay,care,0.5\ncare,meals,0.4",
        periods=4,
    )
    assert numbers(plan, "caseload", "people_in_care", package="care") == [0, 1.75, 3.5, 3.5]
    assert numbers(plan, "caseload", "people_in_care", package="meals") == [0, 0, 0.7, 1.4]


@shows
def test_a_bed_of_another_type_follows_at_the_same_site():
    plan = plan_for(
        IN_BEDS,
        bed_types="bed_type,occupancy_max\nflat,1\nward,1",
        site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,flat,20,10\nhill,ward,20,10",
        packages="""
            package,setting,bed_type,stay_days,stay_distribution
            rest,bed,flat,7,fixed
            stay,bed,ward,7,fixed
            """,
        onward="package,next_package,share\nstay,rest,1",
        periods=3,
    )
    assert numbers(plan, "beds", "people_in_care", bed_type="flat") == [0, 3.5, 7]
    assert numbers(plan, "beds", "beds_open", bed_type="flat") == [0, 4, 7]


@shows
def test_full_beds_further_on_stop_starts_before():
    """Who starts in the first week needs a flat in the second for 3.5 days: one flat is enough for two of them."""
    plan = plan_for(
        IN_BEDS,
        bed_types="bed_type,occupancy_max\nflat,1\nward,1",
        site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,flat,1,10\nhill,ward,20,10",
        packages="""
            package,setting,bed_type,stay_days,stay_distribution
            rest,bed,flat,7,fixed
            stay,bed,ward,7,fixed
            """,
        onward="package,next_package,share\nstay,rest,1",
        discount_rate_per_year=0.035,
    )
    assert starts(plan) == [2, 12]


@shows
def test_who_is_in_a_bed_at_the_start_goes_home_from_it():
    plan = plan_for(
        BED_THEN_HOME,
        opening="census",
        census="locality,site,package,people\nnorth,hill,stay,4",
    )
    # Half of the 4 go home, on average in the middle of the first week, for 3.5 days in it and 3.5 in the next.
    assert numbers(plan, "caseload", "people_in_care", package="care") == [1, 1 + 1.75]
    assert numbers(plan, "costs", "gbp", item="starts") == [2 * 100, 3.5 * 100]


@shows
def test_a_steady_opening_has_those_at_home_from_the_start():
    plan = plan_for(BED_THEN_HOME, opening="steady")
    assert numbers(plan, "caseload", "people_in_care", package="stay") == [7, 7]
    assert numbers(plan, "caseload", "people_in_care", package="care") == [3.5, 3.5]
    assert gbp(plan, "starts") == 2 * 3.5 * 100


LOCAL_TEAMS = {
    **TEAM,
    "localities": "locality,population_65_plus\nnorth,1000\nsouth,3000",
    "referrals": "locality,pathway,people_per_week\nnorth,going_home,7\nsouth,going_home,14",
    "staff": "locality,role,wte,wte_max,wte_month_gbp\nnorth,worker,0,20,400\nsouth,worker,0,20,400",
}


@shows
def test_people_go_home_to_where_they_live():
    plan = plan_for(
        BED_THEN_HOME, LOCAL_TEAMS, site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,ward,40,10"
    )
    assert numbers(plan, "staff", "hours_needed", locality="north") == [0, 7 * 1.75]
    assert numbers(plan, "staff", "hours_needed", locality="south") == [0, 7 * 3.5]
    assert len(tiny(BED_THEN_HOME, LOCAL_TEAMS).localities) == 2


@shows
def test_where_nobody_says_who_lives_where_people_in_beds_go_home_like_referrals():
    plan = plan_for(
        BED_THEN_HOME,
        LOCAL_TEAMS,
        opening="census",
        census="site,package,people\nhill,stay,12",
        site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,ward,40,10",
    )
    # 12 / 2 go home; a third of the referrals are from the north. 3.5 of their 7 days fall in the first week.
    assert numbers(plan, "caseload", "people_in_care", package="care", locality="north")[0] == 1
    assert numbers(plan, "caseload", "people_in_care", package="care", locality="south")[0] == 2


@shows
@pytest.mark.parametrize(
    ("first", "then"), [("exponential", "lognormal"), ("gamma", "fixed"), ("lognormal", "gamma")]
)
def test_days_at_home_add_up_to_share_times_mean_stay(first: str, then: str):
    plan = plan_for(
        AT_HOME,
        packages=f"""
            package,setting,stay_days,stay_distribution,stay_sd_days
            care,home,20,{first},15
            later,home,12,{then},9
            """,
        onward="package,next_package,share\ncare,later,0.4",
        referrals="locality,pathway,month,people_per_month\nnorth,going_home,2018-02,10",
        start="2018-02-01",
        period="month",
        periods=18,
    )
    horizon = Horizon.of(plan.instance.settings)
    lengths = dict(zip(horizon.periods, horizon.days, strict=True))
    rows = plan.tables["caseload"]
    days = (rows["people_in_care"] * rows["period"].map(lengths)).groupby(rows["package"]).sum()
    assert days["care"] == pytest.approx(10 * 20, rel=1e-5)
    assert days["later"] == pytest.approx(10 * 0.4 * 12, rel=1e-5)
