"""People are referred, wait, start a package or go without."""

import pytest

from capplan.errors import Infeasible
from tests.formulation.tiny import AT_HOME, IN_BEDS, gbp, numbers, plan_for, starts

shows = pytest.mark.shows

NO_BEDS = {
    "site_beds": """
        site,bed_type,beds_max,bed_day_gbp
        hill,ward,0,10
        """
}
BEDS_FROM_SECOND_WEEK = {
    "site_beds": """
        site,bed_type,beds_max,bed_day_gbp,available_from
        hill,ward,20,10,2018-02-12
        """
}
SOONER = {"discount_rate_per_year": 0.035}
"""With a discount rate who goes without had better do so later, and who starts sooner: there are no ties."""


def going_home(**cells: object) -> dict[str, str]:
    """The pathway with other prices or limits."""
    row = {"pathway": "going_home", "direction": "step_down", "delay_day_gbp": 100, "unmet_gbp": 1000} | cells
    return {"pathways": f"{','.join(row)}\n{','.join(str(cell) for cell in row.values())}"}


def waiting(people: float) -> dict[str, str]:
    return {"waiting": f"locality,pathway,people\nnorth,going_home,{people}"}


@shows("waiting_balance", "cost waiting")
def test_who_finds_no_bed_in_the_first_week_waits_for_the_second():
    plan = plan_for(IN_BEDS, BEDS_FROM_SECOND_WEEK)
    assert starts(plan) == [0, 14]
    assert numbers(plan, "waiting", "waiting_at_end") == [7, 0]
    # The queue grows from 0 to 7 and falls back to 0: 3.5 people on average, for 7 days, twice.
    assert numbers(plan, "waiting", "delayed_days") == [24.5, 24.5]
    assert gbp(plan, "waiting") == 2 * 24.5 * 100


@shows("waiting_balance", "cost unmet")
def test_whoever_would_wait_in_vain_goes_without_at_once():
    plan = plan_for(IN_BEDS, NO_BEDS, waiting(3))
    assert numbers(plan, "waiting", "unmet") == [3 + 7, 7]
    assert gbp(plan, "unmet") == 17 * 1000
    # The three wait until some moment of the first week: half of it on average.
    assert gbp(plan, "waiting") == 3 / 2 * 7 * 100


def test_nobody_waits_where_a_delay_may_never_be():
    plan = plan_for(IN_BEDS, BEDS_FROM_SECOND_WEEK, going_home(delay_day_gbp="never"))
    assert numbers(plan, "waiting", "unmet") == [7, 0]
    assert starts(plan) == [0, 7]


def test_everybody_starts_in_the_end_where_nobody_may_go_without():
    plan = plan_for(IN_BEDS, BEDS_FROM_SECOND_WEEK, going_home(delay_day_gbp=100_000, unmet_gbp="never"))
    assert numbers(plan, "waiting", "unmet") == [0, 0]
    assert starts(plan) == [0, 14]


def test_there_is_no_plan_where_nobody_may_wait_nor_go_without_a_bed():
    with pytest.raises(Infeasible):
        plan_for(IN_BEDS, NO_BEDS, going_home(delay_day_gbp="never", unmet_gbp="never"))


@shows("cost unmet")
def test_who_still_waits_at_the_end_costs_as_much_as_who_goes_without():
    plan = plan_for(IN_BEDS, NO_BEDS, going_home(delay_day_gbp=0))
    assert gbp(plan, "unmet") == 14 * 1000


@shows("cost unmet")
def test_who_still_waits_at_the_end_and_may_not_go_without_costs_the_longest_wait():
    plan = plan_for(IN_BEDS, NO_BEDS, going_home(unmet_gbp="never", wait_days_max=14))
    assert numbers(plan, "waiting", "waiting_at_end") == [7, 14]
    assert gbp(plan, "unmet", period="2018-02-12") == 14 * 14 * 100
    assert gbp(plan, "unmet") == 14 * 14 * 100


def test_who_still_waits_at_the_end_costs_nothing_without_a_longest_wait():
    plan = plan_for(IN_BEDS, NO_BEDS, going_home(unmet_gbp="never"))
    assert numbers(plan, "waiting", "waiting_at_end") == [7, 14]
    assert gbp(plan, "unmet") == 0


@shows("wait_limit")
def test_the_average_wait_stays_within_the_longest_allowed():
    plan = plan_for(IN_BEDS, BEDS_FROM_SECOND_WEEK, going_home(wait_days_max=2))
    # At one referral a day, a queue of 2 people is a wait of 2 days.
    assert numbers(plan, "waiting", "waiting_at_end") == [2, 0]
    assert numbers(plan, "waiting", "unmet") == [5, 0]


@shows("wait_limit")
def test_the_longest_wait_is_an_average_over_the_hospitals_of_a_locality():
    plan = plan_for(
        IN_BEDS,
        BEDS_FROM_SECOND_WEEK,
        going_home(wait_days_max=2),
        hospitals="hospital\nroyal\ngeneral",
        referrals="""
            locality,hospital,pathway,people_per_week
            north,royal,going_home,4
            north,general,going_home,3
            """,
        # A target for one hospital tells its people apart: they may take the whole queue.
        targets="""
            target,metric,sense,value,unit,hospital,window
            most_of_general,discharges,min,5,total,general,horizon
            """,
    )
    assert numbers(plan, "waiting", "waiting_at_end", hospital="general")[0] == pytest.approx(2)
    assert sum(numbers(plan, "waiting", "unmet", hospital="general")) == pytest.approx(1)
    assert sum(numbers(plan, "waiting", "waiting_at_end")) == pytest.approx(2)


@shows("opening_limit")
def test_the_queue_does_not_grow_in_the_first_period_of_a_steady_opening():
    steady = {"opening": "steady", "periods": 3}
    from_third_week = {"site_beds": BEDS_FROM_SECOND_WEEK["site_beds"].replace("02-12", "02-19")}
    plan = plan_for(IN_BEDS, from_third_week, waiting(2), going_home(delay_day_gbp=1), **steady)
    assert numbers(plan, "waiting", "waiting_at_end") == [2, 9, 0]
    assert numbers(plan, "waiting", "unmet") == [7, 0, 0]


@shows("eligibility_limit", "starts_so_far_balance")
def test_a_package_takes_no_more_than_the_share_it_suits():
    share = {"eligibility": "pathway,package,share_max\ngoing_home,care,0.6"}
    plan = plan_for(AT_HOME, share, **SOONER)
    assert starts(plan) == [4.2, 4.2]
    assert sum(numbers(plan, "waiting", "unmet")) == pytest.approx(5.6)


@shows("eligibility_limit", "starts_so_far_balance")
def test_people_who_wait_keep_their_claim_to_a_package():
    half = {"eligibility": "pathway,package,share_max\ngoing_home,stay,0.5"}
    plan = plan_for(IN_BEDS, BEDS_FROM_SECOND_WEEK, half, waiting(2))
    # Half of the 2 who waited at the start and of 7 + 7 referred; half of the last 7 would be 3.5.
    assert starts(plan) == [0, 8]


@shows("eligibility_limit")
def test_each_eligibility_row_limits_its_own_people():
    plan = plan_for(
        AT_HOME,
        **SOONER,
        localities="locality\nnorth\nsouth",
        eligibility="""
            pathway,package,locality,share_max
            going_home,care,,0.6
            going_home,care,south,0.2
            """,
        referrals="""
            locality,pathway,people_per_week
            north,going_home,10
            south,going_home,10
            """,
    )
    # The row with more filters holds in the south.
    assert starts(plan, locality="north") == [6, 6]
    assert starts(plan, locality="south") == [2, 2]


@shows("starts_at_balance", "people_days_balance")
def test_people_of_all_localities_fill_the_same_beds():
    plan = plan_for(
        IN_BEDS,
        localities="locality\nnorth\nsouth",
        referrals="""
            locality,pathway,people_per_week
            north,going_home,7
            south,going_home,13
            """,
    )
    assert starts(plan, site="hill", locality="south") == [13, 13]
    # 20 people a week for a week each fill the 20 beds; in the first week half of them.
    assert numbers(plan, "beds", "people_in_care") == [10, 20]


@shows("starts_home_balance", "cost care_days")
def test_people_of_all_localities_add_up_to_the_care_at_home():
    plan = plan_for(
        AT_HOME,
        localities="locality\nnorth\nsouth",
        packages="package,setting,stay_days,stay_distribution,care_day_gbp\ncare,home,7,fixed,2",
        referrals="""
            locality,pathway,people_per_week
            north,going_home,7
            south,going_home,14
            """,
    )
    assert numbers(plan, "caseload", "people_in_care", locality="north") == [3.5, 7]
    assert numbers(plan, "caseload", "people_in_care", locality="south") == [7, 14]
    assert gbp(plan, "care_days") == 2 * 7 * (3.5 + 7 + 7 + 14)
    assert gbp(plan, "care_days", locality="south") == 2 * 7 * (7 + 14)


BEDS_AT_TWO_SITES = {
    "localities": "locality\nnorth\nsouth",
    "sites": "site,locality\nhill,north\ndale,south",
    "site_beds": "site,bed_type,beds_max,bed_day_gbp\nhill,ward,20,10\ndale,ward,20,5",
    "travel": "locality,site,minutes\nnorth,dale,40\nsouth,hill,40",
}


def test_the_cheaper_site_takes_all_where_no_journey_is_too_long():
    plan = plan_for(IN_BEDS, BEDS_AT_TWO_SITES)
    assert starts(plan, site="dale") == [7, 7]


@pytest.mark.parametrize(
    "limits", [{"travel_minutes_max": 30}, going_home(travel_minutes_max=30)], ids=["setting", "pathway"]
)
def test_nobody_goes_to_a_site_too_far_away(limits):
    plan = plan_for(IN_BEDS, BEDS_AT_TWO_SITES, **limits)
    assert starts(plan, site="hill") == [7, 7]
    assert starts(plan, site="dale") == [0, 0]


@shows("cost travel")
def test_journeys_have_a_price_a_minute():
    plan = plan_for(IN_BEDS, BEDS_AT_TWO_SITES, travel_gbp_per_minute=0.25)
    # In the dale a bed day costs £5 less; for the 3.5 days of a stay in its first week that is £17.50 for £10.
    assert starts(plan, site="dale") == [7, 7]
    assert gbp(plan, "travel", locality="north") == 14 * 40 * 0.25
    assert starts(plan_for(IN_BEDS, BEDS_AT_TWO_SITES, travel_gbp_per_minute=2), site="hill") == [7, 7]


def test_an_eligibility_row_may_name_hospital_and_site():
    plan = plan_for(
        IN_BEDS,
        BEDS_AT_TWO_SITES,
        hospitals="hospital\nroyal\ngeneral",
        eligibility="""
            pathway,package,hospital,site
            going_home,stay,royal,
            going_home,stay,general,hill
            """,
        referrals="""
            locality,hospital,pathway,people_per_week
            north,royal,going_home,4
            north,general,going_home,3
            """,
    )
    assert starts(plan, hospital="royal", site="dale") == [4, 4]
    assert starts(plan, hospital="general", site="hill") == [3, 3]
