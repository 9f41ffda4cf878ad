"""Teams give contact hours, recruits come late, people leave, agencies and neighbours help."""

import pytest

from tests.formulation.tiny import AT_HOME, IN_BEDS, WITH_TEAM, gbp, numbers, plan_for, starts

shows = pytest.mark.shows

STEADY = {"opening": "steady"}


def team(**cells: object) -> dict[str, str]:
    """The team in the north, otherwise."""
    row = {"locality": "north", "role": "worker", "wte": 0, "wte_max": 20, "wte_month_gbp": 400} | cells
    return {"staff": f"{','.join(row)}\n{','.join(str(value) for value in row.values())}"}


def role(**cells: object) -> dict[str, str]:
    """The worker, otherwise."""
    row = {"role": "worker", "contact_hours_per_week": 7} | cells
    return {"roles": f"{','.join(row)}\n{','.join(str(value) for value in row.values())}"}


@shows("staff_capacity", "cost staff")
def test_posts_are_filled_for_the_hours_that_people_in_care_need():
    plan = plan_for(WITH_TEAM, team(wte=4, wte_min=4))
    # 3.5 people in care on average in the first week and 7 in the second, an hour a day each.
    assert numbers(plan, "staff", "hours_needed") == [24.5, 49]
    assert numbers(plan, "staff", "hours_available") == [28, 49]
    assert numbers(plan, "staff", "wte") == [4, 7]
    # A week in February is a quarter of a month.
    assert gbp(plan, "staff") == (4 + 7) * 400 / 4


@shows("hours_needed_balance")
def test_visits_that_taper_need_fewer_hours_from_the_second_week_of_the_stay():
    plan = plan_for(
        WITH_TEAM,
        packages="package,setting,stay_days,stay_distribution\ncare,home,14,fixed",
        package_hours="""
            package,role,from_day,to_day,hours_per_week
            care,worker,0,7,14
            care,worker,7,,3.5
            """,
        periods=3,
    )
    # Seven starts a week. First week of their stay: 3.5 days in this week and 3.5 in the next, two hours each;
    # second week: 3.5 days in the next and 3.5 in the one after, half an hour each.
    first, second = 7 * 3.5 * 2, 7 * 3.5 * 0.5
    assert numbers(plan, "staff", "hours_needed") == [first, 2 * first + second, 2 * first + 2 * second]


@shows("hours_needed_balance")
def test_every_start_may_need_hours_of_its_own():
    hours = "package,role,hours_per_week,hours_per_start\ncare,worker,7,2"
    plan = plan_for(WITH_TEAM, package_hours=hours)
    assert numbers(plan, "staff", "hours_needed") == [24.5 + 14, 49 + 14]


@shows("hours_needed_balance")
def test_people_found_in_care_at_home_need_their_hours():
    plan = plan_for(
        WITH_TEAM,
        opening="census",
        census="locality,package,people\nnorth,care,2",
        referrals="locality,pathway,people_per_week\nnorth,going_home,0",
    )
    # What is left of a stay of 7 days is 3.5 on average, all of it in the first week.
    assert numbers(plan, "staff", "hours_needed") == [2 * 3.5, 0]


@shows("staff_capacity")
def test_time_on_the_road_is_no_contact_time():
    plan = plan_for(WITH_TEAM, localities="locality,home_travel_share\nnorth,0.3", **STEADY)
    # 49 hours at home take 70 with the journeys, which are 10 WTE.
    assert numbers(plan, "staff", "wte") == [10, 10]
    assert numbers(plan, "staff", "hours_needed") == [49, 49]
    assert numbers(plan, "staff", "hours_available") == [49, 49]


@shows("starts_served_balance")
def test_one_team_for_two_localities_pays_for_the_roads_of_each():
    plan = plan_for(
        WITH_TEAM,
        team(locality="all", wte_max=30),
        localities="locality,population_65_plus,home_travel_share\nnorth,1000,0.3\nsouth,1000,0.5",
        referrals="""
            locality,pathway,people_per_week
            north,going_home,7
            south,going_home,7
            """,
        **STEADY,
    )
    # 49 hours take 70 in the north, which are 10 WTE, and 98 in the south, which are 14.
    assert numbers(plan, "staff", "wte") == [10 + 14, 10 + 14]


@shows("starts_served_balance")
def test_people_in_beds_are_served_by_the_team_of_the_site_without_roads():
    plan = plan_for(
        IN_BEDS,
        role(),
        localities="locality,home_travel_share\nnorth,0\nsouth,0.5",
        sites="site,locality\nhill,south",
        staff="""
            locality,role,wte,wte_max,wte_month_gbp
            north,worker,0,20,400
            south,worker,0,20,400
            """,
        package_hours="package,role,hours_per_week\nstay,worker,7",
        **STEADY,
    )
    assert numbers(plan, "staff", "wte", locality="north") == [0, 0]
    # An hour a day for 7 people: no travel from bed to bed.
    assert numbers(plan, "staff", "wte", locality="south") == [7, 7]


@shows("staff_capacity", "cost agency")
def test_agency_hours_fill_what_the_posts_leave_open():
    plan = plan_for(WITH_TEAM, team(wte_max=5, agency_hour_gbp=30), **STEADY)
    assert numbers(plan, "staff", "agency_hours") == [14, 14]
    assert gbp(plan, "agency") == 28 * 30


@shows("staff_capacity")
def test_a_team_works_and_is_paid_only_while_it_is_available():
    until_fourth_day = {"available_from": "2018-02-05", "available_to": "2018-02-08"}
    plan = plan_for(WITH_TEAM, team(wte=7, wte_max=7, **until_fourth_day), opening="steady", periods=1)
    # 7 WTE for 4 of 7 days serve 4 a week.
    assert starts(plan) == [4]
    assert gbp(plan, "staff") == 7 * 100 * 4 / 7


@shows("wte_balance")
def test_recruits_work_only_after_the_lag():
    plan = plan_for(WITH_TEAM, role(recruitment_periods=1), team(wte=2))
    assert numbers(plan, "staff", "wte") == [2, 7]
    assert numbers(plan, "staff", "wte_hired") == [5, 0]
    assert numbers(plan, "staff", "wte_arrived") == [0, 5]


@shows("wte_balance")
def test_turnover_begins_when_recruits_can_arrive():
    plan = plan_for(
        WITH_TEAM,
        role(turnover_per_year=4.8, recruitment_periods=2),
        team(wte=10, wte_max=10, hires_max_per_period=0),
        package_hours="package,role,hours_per_week\ncare,worker,10",
        start="2018-02-01",
        periods=4,
        **STEADY,
    )
    # 4.8 a year is 0.4 a month, a tenth in a week. All 10 WTE are needed: 7 people in care, 10 hours a week each.
    assert numbers(plan, "staff", "wte_turnover") == [0, 0, 1, 0.9]
    assert numbers(plan, "staff", "wte") == [10, 10, 9, 8.1]


@shows("wte_balance")
def test_people_already_recruited_arrive_in_their_month():
    plan = plan_for(
        WITH_TEAM,
        team(wte=1, wte_max=3, hires_max_per_period=0),
        arrivals="locality,role,month,wte\nnorth,worker,2018-03,2",
        start="2018-02-15",
        periods=3,
    )
    # 1 March is the last day of the third week that begins on 15 February.
    assert numbers(plan, "staff", "wte_arrived") == [0, 0, 2]
    assert numbers(plan, "staff", "wte") == [1, 1, 3]


@shows("wte_balance", "cost changes", "cost hiring")
def test_posts_that_nobody_needs_are_given_up_and_recruits_cost_once():
    plan = plan_for(
        WITH_TEAM,
        team(wte=9.5, hiring_gbp_per_wte=40),
        package_hours="package,role,hours_per_week\ncare,worker,6",
        change_gbp=5,
    )
    # 3 WTE are needed now and 6 in a week. Keeping one costs £100, giving it up and hiring it again £50.
    assert numbers(plan, "staff", "wte") == [3, 6]
    assert numbers(plan, "staff", "wte_left") == [6.5, 0]
    assert gbp(plan, "hiring") == 3 * 40
    assert gbp(plan, "changes") == (6.5 + 3) * 5


@shows("hire_step_balance")
def test_recruits_come_in_whole_steps():
    plan = plan_for(WITH_TEAM, team(wte_step=2.5), **STEADY)
    assert numbers(plan, "staff", "wte_hired") == [7.5, 0]


@shows("hiring_limit")
def test_no_more_recruits_a_period_than_the_limit():
    plan = plan_for(WITH_TEAM, team(hires_max_per_period=2), periods=3)
    assert numbers(plan, "staff", "wte_hired") == [2, 2, 2]


@shows("hiring_limit")
def test_the_limit_on_recruits_counts_all_periods_until_the_next_decision():
    plan = plan_for(
        WITH_TEAM, team(hires_max_per_period=2), periods=4, capacity_changes_every=3, change_gbp=1
    )
    # 2 for each of three weeks, then 2 for the one week that is left.
    assert numbers(plan, "staff", "wte_hired") == [6, 0, 0, 1]


def test_posts_stay_between_floor_and_maximum():
    plan = plan_for(WITH_TEAM, team(wte_min=5, wte_max=6))
    assert numbers(plan, "staff", "wte") == [5, 6]


def test_care_that_needs_a_role_without_a_team_cannot_start():
    rows = {"roles": WITH_TEAM["roles"], "package_hours": WITH_TEAM["package_hours"]}
    assert starts(plan_for(AT_HOME, rows)) == [0, 0]


TWO_TEAMS = {
    "localities": "locality\nnorth\nsouth",
    "staff": """
        locality,role,wte,wte_max,wte_month_gbp,agency_hour_gbp
        north,worker,0,6,400,
        south,worker,0,6,400,
        """,
    "referrals": """
        locality,pathway,people_per_week
        north,going_home,3
        south,going_home,7
        """,
}


@shows("staff_capacity", "cross_cover_limit")
def test_hours_lent_lose_the_road():
    plan = plan_for(
        WITH_TEAM,
        TWO_TEAMS,
        cross_cover="resource,from_locality,to_locality,travel_share\nworker,north,south,0.5",
        **STEADY,
    )
    # The south needs 49 hours and has 42; of 14 given by the north 7 arrive, on top of the north's own 21.
    assert numbers(plan, "cross_cover", "hours_given") == [14, 14]
    assert numbers(plan, "staff", "hours_received", locality="south") == [7, 7]
    assert numbers(plan, "staff", "wte", locality="north") == [5, 5]


@shows("cross_cover_limit")
def test_agency_hours_are_not_lent():
    plan = plan_for(
        WITH_TEAM,
        TWO_TEAMS,
        staff="""
            locality,role,wte,wte_max,wte_month_gbp,agency_hour_gbp
            north,worker,1,1,400,1
            south,worker,0,6,400,
            """,
        cross_cover="resource,from_locality,to_locality\nworker,north,south",
        opening="steady",
        periods=1,
    )
    # Agency could serve all of the north and more, but only the 7 hours of the north's one WTE can go south.
    assert numbers(plan, "cross_cover", "hours_given") == [7]
    assert numbers(plan, "staff", "agency_hours", locality="north") == [21]


@shows("cross_cover_limit")
def test_a_wider_team_helps_a_narrower_one():
    plan = plan_for(
        WITH_TEAM,
        localities="locality,network\nnorth,hills\nsouth,hills",
        staff="""
            locality,role,wte,wte_max,wte_month_gbp
            hills,worker,0,10,500
            north,worker,0,2,400
            """,
        **STEADY,
    )
    # The north's own team is cheaper and serves its people; what it lacks the hills' team gives, without loss.
    assert numbers(plan, "staff", "hours_received", locality="north") == [49 - 14, 49 - 14]
    assert numbers(plan, "staff", "wte", locality="hills") == [5, 5]
