"""Schemes change stays, hours and success: who starts while they are in a state has its numbers for the whole stay."""

import pytest

from tests.formulation.tiny import (
    AT_HOME,
    IN_BEDS,
    WEEKS,
    WITH_CREW,
    WITH_TEAM,
    Tables,
    gbp,
    numbers,
    starts,
    target,
    tiny,
)
from tests.formulation.tiny import (
    checked_plan_for as plan_for,
)

shows = pytest.mark.shows("scheme_state_limit")

THIRTY_DAYS: Tables = {
    **IN_BEDS,
    "site_beds": "site,bed_type,beds_max,bed_day_gbp\nhill,ward,40,10",
    "packages": "package,setting,bed_type,stay_days,stay_distribution\nstay,bed,ward,30,fixed",
    "referrals": "locality,pathway,people_per_day\nnorth,going_home,1",
    "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,never,never",
    "scheme_effects": "scheme,effect,add\nsooner,packages.stay_days,-10",
}
"""One a day goes into a bed for 30 days; a scheme makes it 20."""
SUMMER = {"start": "2018-06-01", "period": "month", "periods": 3, "opening": "steady"}


def must(scheme: str, earliest: str = "", **cells: object) -> str:
    """A scheme that goes live on its first day."""
    row = {"scheme": scheme, "mandatory": "yes", "earliest": earliest, "latest": earliest} | cells
    return f"{','.join(row)}\n{','.join(str(cell) for cell in row.values())}"


def in_beds(plan) -> list[float]:
    return numbers(plan, "beds", "people_in_care")


@shows
def test_a_shorter_stay_frees_a_third_of_the_beds_for_those_who_start_after_it():
    plan = plan_for(THIRTY_DAYS, **SUMMER, schemes=must("sooner", "2018-06-01"))
    # Those from before stay their 30 days: 30 in beds until day 20 of June, falling to 20 on its last day.
    assert in_beds(plan) == [round((20 * 30 + 10 * 25) / 30, 6), 20, 20]


@shows
def test_who_starts_before_the_scheme_goes_live_stays_as_long_as_ever():
    plan = plan_for(THIRTY_DAYS, **SUMMER, schemes=must("sooner", "2018-07-01"))
    assert in_beds(plan) == [30, round((20 * 30 + 10 * 25 + 20) / 31, 6), 20]


@shows
def test_a_scheme_on_the_stay_goes_live_where_the_beds_it_frees_are_worth_it():
    """In July and August 10 beds fewer at £10 a day, in June 30 until day 20 and then 28.3: 62 × £100 in all."""
    worth, dear = (
        plan_for(THIRTY_DAYS, **SUMMER, schemes=f"scheme,one_off_gbp,latest\nsooner,{price},2018-06-01")
        for price in (6200, 8000)
    )
    assert list(worth.tables["schemes"]["is_live"]) == [True] * 3
    assert list(dear.tables["schemes"]["is_live"]) == [False] * 3
    assert in_beds(dear) == [30, 30, 30]


@shows
def test_new_visits_take_half_as_long_again_in_the_first_weeks_of_a_scheme():
    plan = plan_for(
        WITH_TEAM,
        periods=4,
        schemes=must("new_way", WEEKS[0]),
        scheme_effects="""
            scheme,effect,resource,multiply,from_month,to_month
            new_way,package_hours.hours_per_week,worker,1.5,0,0.4
            """,
    )
    # Who starts in the first two weeks needs an hour and a half a day in this week and the next.
    assert numbers(plan, "staff", "hours_needed") == [24.5 * 1.5, 49 * 1.5, 24.5 * 1.5 + 24.5, 49]


@shows
def test_crews_are_asked_for_less_by_those_who_start_with_the_scheme():
    plan = plan_for(
        WITH_CREW,
        periods=3,
        schemes=must("aids", WEEKS[1]),
        scheme_effects="scheme,effect,multiply\naids,package_care.care_hours_per_day,0.5",
    )
    assert numbers(plan, "shifts", "care_hours_needed") == [24.5, 24.5 + 12.25, 24.5]


TWO_SCHEMES: Tables = {
    **AT_HOME,
    "packages": "package,setting,stay_days,stay_distribution,care_day_gbp\ncare,home,28,fixed,10",
    "scheme_effects": """
        scheme,effect,multiply,add
        halve,packages.stay_days,0.5,0
        shorten,packages.stay_days,1,-7
        """,
}
"""28 days at home at £10 a day: 14 with one scheme, 21 with the other, 7 with both."""


@shows
@pytest.mark.shows("joint_state_balance")
def test_two_schemes_on_one_stay_multiply_and_then_add():
    plan = plan_for(
        TWO_SCHEMES,
        periods=4,
        schemes=f"""
            scheme,mandatory,earliest,latest
            halve,yes,,{WEEKS[0]}
            shorten,yes,{WEEKS[2]},{WEEKS[2]}
            """,
    )
    # Two weeks of 14-day stays, then 7-day stays: 3.5 new, 7 of last week's, 3.5 of those before, and so on.
    assert numbers(plan, "caseload", "people_in_care") == [3.5, 10.5, 14, 10.5]
    assert starts(plan) == [7, 7, 7, 7]


@shows
@pytest.mark.parametrize(
    ("halve", "shorten", "stay"), [(0, 0, 7), (0, 9999, 14), (9999, 0, 21), (9999, 9999, 28)]
)
def test_of_two_schemes_those_go_live_that_are_worth_it(halve: int, shorten: int, stay: int):
    plan = plan_for(
        TWO_SCHEMES,
        schemes=f"scheme,one_off_gbp\nhalve,{halve}\nshorten,{shorten}",
        periods=6,
        bank_holidays="none",
    )
    live = plan.tables["schemes"].groupby("scheme")["is_live"].all()
    assert dict(live) == {"halve": halve == 0, "shorten": shorten == 0}
    assert numbers(plan, "caseload", "people_in_care")[5] == stay


@shows
def test_a_scheme_that_helps_more_people_saves_what_failures_cost():
    plan = plan_for(
        AT_HOME,
        eligibility="pathway,package,success,failure_gbp\nstaying_home,care,0.5,100",
        pathways="pathway,direction,delay_day_gbp,unmet_gbp\nstaying_home,step_up,100,1000",
        referrals="locality,pathway,people_per_week\nnorth,staying_home,7",
        schemes=f"scheme,one_off_gbp,earliest\nbetter,200,{WEEKS[1]}",
        scheme_effects="scheme,effect,multiply,add\nbetter,eligibility.success,1.4,0.1",
        targets="target,metric,sense,value,unit\nkept_home,diversions,min,1,per_week",
        periods=3,
    )
    # From the second week 80 % instead of half of seven people: £210 a week less for failures.
    assert target(plan, "achieved") == [3.5, 5.6, 5.6]
    assert numbers(plan, "costs", "gbp", item="failures") == [350, 140, 140]
    assert gbp(plan, "schemes") == 200


@shows
def test_an_effect_reaches_only_whom_its_filters_leave():
    plan = plan_for(
        TWO_SCHEMES,
        localities="locality\nnorth\nsouth",
        referrals="locality,pathway,people_per_week\nnorth,going_home,7\nsouth,going_home,7",
        schemes=must("halve", WEEKS[0]),
        scheme_effects="scheme,effect,locality,multiply\nhalve,packages.stay_days,south,0.25",
    )
    assert numbers(plan, "caseload", "people_in_care", locality="north") == [3.5, 10.5]
    assert numbers(plan, "caseload", "people_in_care", locality="south") == [3.5, 7]


@shows
def test_a_scheme_that_goes_locality_by_locality_changes_stays_where_it_is_live():
    plan = plan_for(
        TWO_SCHEMES,
        localities="locality\nnorth\nsouth",
        referrals="locality,pathway,people_per_week\nnorth,going_home,7\nsouth,going_home,7",
        schemes=must("halve", WEEKS[0], by_locality="yes"),
        scheme_localities=f"scheme,locality,earliest\nhalve,north,{WEEKS[0]}",
        scheme_effects="scheme,effect,multiply\nhalve,packages.stay_days,0.25",
    )
    assert numbers(plan, "caseload", "people_in_care", locality="north") == [3.5, 7]
    assert numbers(plan, "caseload", "people_in_care", locality="south") == [3.5, 10.5]


@shows
def test_the_state_at_the_start_rules_what_follows_on():
    plan = plan_for(
        IN_BEDS,
        packages="""
            package,setting,bed_type,stay_days,stay_distribution
            stay,bed,ward,7,fixed
            care,home,,14,fixed
            """,
        onward="package,next_package,share\nstay,care,1",
        schemes=must("sooner", WEEKS[1]),
        scheme_effects="scheme,effect,package,multiply\nsooner,packages.stay_days,care,0.5",
        periods=4,
    )
    # Started in the first week: home for 14 days from the second. Started later: home for 7.
    assert numbers(plan, "caseload", "people_in_care", package="care") == [0, 3.5, 7 + 3.5, 3.5 + 3.5 + 3.5]


@shows
def test_a_scheme_that_is_live_already_has_shortened_the_stays_of_all():
    live = "scheme,is_live\nsooner,yes"
    assert in_beds(plan_for(THIRTY_DAYS, **SUMMER, schemes=live)) == [20, 20, 20]
    census = {"opening": "census", "census": "locality,site,package,people\nnorth,hill,stay,20"}
    plan = plan_for(THIRTY_DAYS, **(SUMMER | census), schemes=live)
    # Of the 20 half are gone by day 10 and all by day 20; then 20 who started in the plan.
    assert in_beds(plan) == [20, 20, 20]


def test_options_that_no_scheme_changes_are_not_copied():
    with_scheme = tiny(THIRTY_DAYS, **SUMMER, schemes=must("sooner", "2018-06-01"))
    assert len(with_scheme.scheme_effects) == 1
    plan = plan_for(
        TWO_SCHEMES,
        schemes=must("halve", WEEKS[0]),
        scheme_effects="scheme,effect,pathway,multiply\nhalve,packages.stay_days,other,0.5",
        pathways="""
            pathway,direction,delay_day_gbp,unmet_gbp
            going_home,step_down,100,1000
            other,step_down,100,1000
            """,
    )
    assert numbers(plan, "caseload", "people_in_care") == [3.5, 10.5]


CONGESTED: Tables = {
    **IN_BEDS,
    "bed_types": "bed_type,congestion,queue_day_gbp\nward,wait,80",
    "packages": """
        package,setting,bed_type,stay_days,stay_distribution,stay_sd_days
        stay,bed,ward,14,lognormal,10
        short,bed,ward,6,exponential,
        care,home,,7,fixed,
        """,
    "site_beds": "site,bed_type,beds_max,bed_day_gbp\nhill,ward,30,10",
    "pathways": """
        pathway,direction,delay_day_gbp,unmet_gbp
        crisis,step_up,100,3000
        going_home,step_down,100,3000
        """,
    "eligibility": "pathway,package\ncrisis,short\ngoing_home,stay",
    "referrals": "locality,pathway,people_per_week\nnorth,crisis,7\nnorth,going_home,7",
    "onward": "package,next_package,share\nstay,care,0.5",
}


@pytest.mark.parametrize("is_live", ["yes", "no"])
@pytest.mark.parametrize(
    "effect", ["packages.stay_days,going_home,0.7", "referrals.people_per_month,crisis,0.4"]
)
def test_queues_are_told_right_where_schemes_change_stays_and_referrals(effect: str, is_live: str):
    plan = plan_for(
        CONGESTED,
        opening="steady",
        schemes=f"scheme,is_live\nchange,{is_live}",
        scheme_effects=f"scheme,effect,pathway,multiply\nchange,{effect}",
    )
    assert plan.tables["schemes"]["is_live"].all()
    assert (plan.tables["beds"]["people_queueing"] > 0).all()
