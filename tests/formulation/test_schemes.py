"""Schemes: when they go live, in which order, what they cost, and what they change."""

import numpy as np
import pandas as pd
import pytest

from capplan.digest.decisions import to_sign
from capplan.parameters.prepare import prepare
from capplan.plan import solve
from capplan.search.quarters import in_quarters
from capplan.verify import verify
from tests.formulation.tiny import (
    AT_HOME,
    EXACT,
    IN_BEDS,
    WEEKS,
    Tables,
    gbp,
    numbers,
    plan_for,
    starts,
    target,
    tiny,
)

PAID: Tables = {
    **AT_HOME,
    "packages": "package,setting,stay_days,stay_distribution,start_gbp\ncare,home,7,fixed,100",
}
"""Seven people a week go home, for £100 each."""
HALVED = "scheme,effect,multiply\nprevent,referrals.people_per_month,0.5"
"""Half as many are referred: £350 a week less."""
THREE_PLACES: Tables = {
    **PAID,
    "localities": "locality\neast\nnorth\nsouth",
    "referrals": """
        locality,pathway,people_per_week
        east,going_home,7
        north,going_home,7
        south,going_home,7
        """,
}
DEAR: Tables = {
    **AT_HOME,
    "packages": "package,setting,stay_days,stay_distribution,start_gbp\ncare,home,7,fixed,9999",
}
"""Care is so dear that all seven a week go without, for £1,000 each."""


def live(plan, scheme: str, locality: str = "") -> list[bool]:
    """Whether a scheme is live, by period."""
    table = plan.tables["schemes"]
    return list(table.loc[(table["scheme"] == scheme) & (table["locality"] == locality), "is_live"])


def test_a_scheme_goes_live_where_it_saves_more_than_it_costs():
    cheap = plan_for(PAID, schemes="scheme,one_off_gbp\nprevent,1399", scheme_effects=HALVED, periods=4)
    dear = plan_for(PAID, schemes="scheme,one_off_gbp\nprevent,1401", scheme_effects=HALVED, periods=4)
    assert live(cheap, "prevent") == [True] * 4
    assert starts(cheap) == numbers(cheap, "waiting", "referrals") == [3.5] * 4
    assert cheap.objective == pytest.approx(1400 + 1399)
    assert live(dear, "prevent") == [False] * 4
    assert starts(dear) == [7.0] * 4


@pytest.mark.shows("cost schemes")
def test_a_scheme_costs_what_it_takes_to_go_live_and_what_it_takes_to_run():
    plan = plan_for(
        PAID,
        schemes="scheme,provider,one_off_gbp,month_gbp,earliest\nprevent,Trust,200,400,2018-02-09",
        scheme_effects=HALVED,
        start="2018-02-01",
        periods=4,
    )
    assert live(plan, "prevent") == [False, False, True, True]
    assert numbers(plan, "schemes", "gbp") == [0, 0, 300, 100]
    assert gbp(plan, "schemes", key="prevent", provider="Trust") == 400
    assert plan.objective == pytest.approx(700 + 700 + 350 + 350 + 400)


@pytest.mark.shows("scheme_age_link")
def test_a_scheme_goes_live_only_once_however_much_that_earns():
    plan = plan_for(PAID, schemes="scheme,one_off_gbp\ngrant,-1000", periods=3)
    assert gbp(plan, "schemes") == -1000


@pytest.mark.shows("scheme_mandatory_minimum")
def test_a_mandatory_scheme_goes_live_as_late_as_its_window_allows_when_it_only_costs():
    plan = plan_for(
        PAID, schemes=f"scheme,month_gbp,mandatory,latest\npromised,400,yes,{WEEKS[1]}", periods=3
    )
    assert live(plan, "promised") == [False, True, True]
    assert gbp(plan, "schemes") == 200


@pytest.mark.shows("scheme_order_link")
def test_a_scheme_waits_for_what_it_requires():
    plan = plan_for(
        PAID,
        schemes=f"""
            scheme,one_off_gbp,requires,earliest
            prevent,0,register,
            register,100,,{WEEKS[2]}
            """,
        scheme_effects=HALVED,
        periods=4,
    )
    assert live(plan, "register") == live(plan, "prevent") == [False, False, True, True]
    assert plan.objective == pytest.approx(700 + 700 + 350 + 350 + 100)


def test_a_scheme_whose_requirement_costs_more_than_it_saves_stays_away():
    schemes = "scheme,one_off_gbp,requires\nprevent,0,register\nregister,1401,"
    plan = plan_for(PAID, schemes=schemes, scheme_effects=HALVED, periods=4)
    assert not any(plan.tables["schemes"]["is_live"])


def test_who_requires_a_scheme_that_goes_locality_by_locality_waits_for_all_of_them():
    plan = plan_for(
        THREE_PLACES,
        schemes="""
            scheme,by_locality,go_lives_max_per_period,requires
            teams,yes,1,
            prevent,no,,teams
            """,
        scheme_effects=HALVED,
        periods=4,
    )
    assert live(plan, "prevent") == [False, False, True, True]


def test_what_has_been_live_is_enough_for_who_requires_it():
    plan = plan_for(
        PAID,
        schemes=f"scheme,requires,earliest,lasts_periods\nprevent,training,{WEEKS[2]},\ntraining,,,1",
        scheme_effects=HALVED,
        periods=4,
    )
    assert sum(live(plan, "training")) == 1
    assert live(plan, "prevent") == [False, False, True, True]


@pytest.mark.shows("scheme_exclusion_link")
def test_one_of_two_schemes_that_exclude_each_other_may_follow_when_the_other_has_ended():
    plan = plan_for(
        PAID,
        schemes="""
            scheme,excludes,lasts_periods,earliest
            better,good,2,
            good,,,
            """,
        scheme_effects="""
            scheme,effect,multiply
            better,referrals.people_per_month,0
            good,referrals.people_per_month,0.5
            """,
        periods=4,
    )
    assert sorted(numbers(plan, "waiting", "referrals")) == [0, 0, 3.5, 3.5]
    assert [one + other for one, other in zip(live(plan, "better"), live(plan, "good"), strict=True)] == [
        1
    ] * 4


@pytest.mark.shows("scheme_pilot_link")
def test_no_locality_goes_live_before_the_pilot_has_run_its_time():
    plan = plan_for(
        THREE_PLACES,
        schemes="scheme,by_locality,pilot_locality,pilot_periods\nprevent,yes,south,2",
        scheme_effects=HALVED,
        periods=4,
    )
    assert live(plan, "prevent", "south") == [True] * 4
    assert live(plan, "prevent", "north") == live(plan, "prevent", "east") == [False, False, True, True]
    assert numbers(plan, "waiting", "referrals", locality="north") == [7, 7, 3.5, 3.5]


@pytest.mark.shows("go_live_limit")
@pytest.mark.parametrize(("every", "by_period"), [(1, [1, 2, 3, 3]), (2, [2, 2, 3, 3])])
def test_no_more_localities_go_live_than_can_be_looked_after(every, by_period):
    plan = plan_for(
        THREE_PLACES,
        schemes="scheme,by_locality,go_lives_max_per_period\nprevent,yes,1",
        scheme_effects=HALVED,
        periods=4,
        capacity_changes_every=every,
    )
    assert list(plan.tables["schemes"].groupby("period")["is_live"].sum()) == by_period


def test_only_the_localities_of_a_scheme_take_part_each_from_its_own_day():
    plan = plan_for(
        THREE_PLACES,
        schemes="scheme,by_locality\nprevent,yes",
        scheme_localities=f"scheme,locality,earliest\nprevent,north,{WEEKS[1]}\nprevent,east,",
        scheme_effects=HALVED,
        periods=3,
    )
    assert live(plan, "prevent", "north") == [False, True, True]
    assert live(plan, "prevent", "east") == [True] * 3
    assert numbers(plan, "waiting", "referrals", locality="south") == [7, 7, 7]


def test_effects_come_after_the_lag_and_grow_in_equal_steps():
    plan = plan_for(
        PAID,
        schemes="scheme,lag_periods,ramp_periods,month_gbp\nprevent,1,1,40",
        scheme_effects=HALVED,
        start="2018-02-01",
        periods=4,
    )
    assert live(plan, "prevent") == [True] * 4
    assert numbers(plan, "waiting", "referrals") == [7, 5.25, 3.5, 3.5]
    assert numbers(plan, "schemes", "gbp") == [10] * 4


def test_a_dip_in_the_first_months_comes_before_the_gain():
    plan = plan_for(
        PAID,
        period="month",
        start="2018-04-01",
        periods=4,
        referrals="locality,pathway,people_per_month\nnorth,going_home,40",
        schemes="scheme\nprevent",
        scheme_effects="""
            scheme,effect,from_month,to_month,multiply
            prevent,referrals.people_per_month,0,1,1.25
            prevent,referrals.people_per_month,1,,0.5
            """,
    )
    assert numbers(plan, "waiting", "referrals") == [50, 20, 20, 20]


def test_a_scheme_stays_live_until_it_ends():
    plan = plan_for(PAID, schemes=f"scheme,ends\nprevent,{WEEKS[1]}", scheme_effects=HALVED, periods=4)
    assert live(plan, "prevent") == [True, True, False, False]
    assert numbers(plan, "waiting", "referrals") == [3.5, 3.5, 7, 7]


def test_a_scheme_that_lasts_goes_live_when_it_helps_most():
    plan = plan_for(
        PAID,
        referrals="locality,pathway,people_per_week,month\nnorth,going_home,7,2018-02\nnorth,going_home,28,2018-03",
        schemes="scheme,lasts_periods\nprevent,1",
        scheme_effects=HALVED,
        start=WEEKS[1],
        periods=3,
    )
    assert live(plan, "prevent") == [False, False, True]


def test_a_live_scheme_has_its_full_effect_and_its_running_cost_and_nothing_to_decide():
    plan = plan_for(
        PAID,
        schemes=f"scheme,is_live,one_off_gbp,month_gbp,ramp_periods,lag_periods,ends\nprevent,yes,999,400,3,3,{WEEKS[1]}",
        scheme_effects=HALVED,
        periods=3,
    )
    assert live(plan, "prevent") == [True, True, False]
    assert numbers(plan, "schemes", "gbp") == [100, 100, 0]
    assert numbers(plan, "waiting", "referrals") == [3.5, 3.5, 7]


@pytest.mark.shows("as is")
def test_as_it_is_only_live_schemes_are_live():
    instance = tiny(
        PAID,
        schemes="scheme,is_live,requires\nold,yes,\nprevent,no,old",
        scheme_effects="scheme,effect,add\nold,referrals.people_per_month,-4\nprevent,referrals.people_per_month,-8",
    )
    plan = solve(instance, options=EXACT)
    assert numbers(plan, "waiting", "referrals") == [7 - 1 - 2] * 2
    assert plan.today is not None
    assert numbers(plan.today, "waiting", "referrals") == [7 - 1] * 2
    assert set(plan.today.tables["schemes"]["scheme"]) == {"old"}


def test_effects_on_referrals_add_up_each_on_the_number_without_schemes():
    plan = plan_for(
        PAID,
        schemes="scheme\nprevent\nadvice",
        scheme_effects="""
            scheme,effect,multiply,add
            prevent,referrals.people_per_month,0.5,
            advice,referrals.people_per_month,0.75,-4
            """,
    )
    assert numbers(plan, "waiting", "referrals") == [7 * (1 - 0.5 - 0.25) - 1] * 2


def test_people_added_are_shared_like_the_referrals_among_whom_the_filters_leave():
    plan = plan_for(
        THREE_PLACES,
        schemes="scheme,month_gbp\nopen_door,-100",
        scheme_effects="scheme,effect,locality,add\nopen_door,referrals.people_per_month,north;south,6",
        referrals="""
            locality,pathway,people_per_week
            east,going_home,7
            north,going_home,7
            south,going_home,14
            """,
        packages="package,setting,stay_days,stay_distribution\ncare,home,7,fixed",
        periods=1,
    )
    assert numbers(plan, "waiting", "referrals") == [7, 7.5, 15]


@pytest.mark.shows("unmet_state_balance")
@pytest.mark.shows("unmet_state_link")
def test_a_scheme_makes_it_cheaper_to_go_without_from_the_day_it_is_live():
    plan = plan_for(
        DEAR,
        schemes=f"scheme,month_gbp,earliest\nhelpline,400,{WEEKS[1]}",
        scheme_effects="scheme,effect,multiply,add\nhelpline,pathways.unmet_gbp,0.5,100",
    )
    assert numbers(plan, "waiting", "unmet") == [7, 7]
    assert gbp(plan, "unmet", period=WEEKS[0]) == 7 * 1000
    assert gbp(plan, "unmet", period=WEEKS[1]) == 7 * 600
    assert gbp(plan, "schemes") == 100


def test_a_scheme_that_makes_it_dearer_to_go_without_does_so_for_those_left_at_the_end_too():
    plan = plan_for(
        DEAR,
        pathways="pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,0,1000",
        schemes="scheme,is_live,mandatory,latest\nrule,no,yes,2018-02-05",
        scheme_effects="scheme,effect,multiply\nrule,pathways.unmet_gbp,1.5",
    )
    assert gbp(plan, "unmet") == 14 * 1500


@pytest.mark.shows("joint_state_balance")
def test_two_schemes_on_one_number_multiply_first_and_add_afterwards():
    plan = plan_for(
        DEAR,
        schemes=f"scheme,latest\nhelpline,{WEEKS[0]}\nvisits,",
        scheme_effects="""
            scheme,effect,multiply,add
            helpline,pathways.unmet_gbp,0.5,100
            visits,pathways.unmet_gbp,0.5,-50
            """,
    )
    assert gbp(plan, "unmet") == pytest.approx(14 * (1000 * 0.5 * 0.5 + 100 - 50))


def test_two_schemes_that_are_not_worth_it_together_go_live_apart():
    apart = plan_for(
        DEAR,
        schemes="scheme,month_gbp\nhelpline,20000\nvisits,12000",
        scheme_effects="scheme,effect,multiply\nhelpline,pathways.unmet_gbp,0.2\nvisits,pathways.unmet_gbp,0.5",
        periods=1,
    )
    # £5,000 against 5,600 saved; both £8,000 against 6,300; visits alone £3,000 against 3,500.
    assert live(apart, "helpline") == [True]
    assert live(apart, "visits") == [False]
    assert gbp(apart, "unmet") == pytest.approx(7 * 200)


@pytest.mark.shows("site_scheme_capacity")
def test_a_building_holds_more_beds_once_the_scheme_that_enlarges_it_is_live():
    plan = plan_for(
        IN_BEDS,
        sites="site,locality,beds_max\nhill,north,2",
        schemes=f"scheme,earliest,month_gbp\nnew_wing,{WEEKS[1]},40",
        scheme_effects="scheme,effect,multiply,add\nnew_wing,sites.beds_max,1.5,4",
        referrals="locality,pathway,people_per_week\nnorth,going_home,70",
    )
    first, later = numbers(plan, "beds", "beds_open")
    assert first <= 2
    assert later == 7
    assert numbers(plan, "schemes", "gbp") == [0, 10]


def test_a_building_may_be_closed_and_enlarged_by_two_schemes():
    plan = plan_for(
        IN_BEDS,
        sites="site,locality,beds_max,open_gbp_per_month\nhill,north,1,4",
        schemes="scheme,month_gbp\nwing,4\nannex,4",
        scheme_effects="scheme,effect,add\nwing,sites.beds_max,3\nannex,sites.beds_max,5",
        periods=2,
    )
    # 3.5 beds are needed in the first week and 7 in the second: the annex alone has room for 6.
    assert numbers(plan, "beds", "beds_open") == [4, 7]
    assert gbp(plan, "sites") == 2


def test_rates_are_of_those_who_are_referred_with_the_scheme():
    asked = "target,metric,sense,value,unit\nrate,discharge_rate,min,0.8,share"
    plan = plan_for(
        DEAR,
        schemes="scheme\nprevent",
        scheme_effects=HALVED,
        targets=asked,
        periods=1,
    )
    assert starts(plan) == [pytest.approx(0.8 * 3.5)]
    assert target(plan, "achieved") == [0.8]
    assert target(plan, "is_met") == [True]


@pytest.mark.shows("share_if_live_link")
@pytest.mark.shows("share_if_live_limit")
@pytest.mark.shows("share_if_live_minimum")
def test_a_gap_between_shares_is_one_of_those_who_are_referred_with_the_scheme():
    """Half of the north's seven people have to start, so half of the south's do: of four, which were eight."""
    asked = """
        target,metric,sense,value,unit,for_each,locality
        gap,served_share_gap,max,0,share,locality,
        some,served_share,min,0.5,share,,north
        """
    schemes = f"scheme,mandatory,latest,by_locality\nprevent,yes,{WEEKS[0]},yes"
    plan = plan_for(
        DEAR,
        localities="locality\nnorth\nsouth",
        referrals="locality,pathway,people_per_week\nnorth,going_home,7\nsouth,going_home,8",
        schemes=schemes,
        scheme_localities="scheme,locality\nprevent,south",
        scheme_effects=HALVED,
        targets=asked,
        periods=1,
    )
    assert starts(plan, locality="north") == [3.5]
    assert starts(plan, locality="south") == [2]
    assert target(plan, "achieved", target="gap") == [0]


def test_waits_and_shares_are_limited_by_those_who_are_referred_with_the_scheme():
    plan = plan_for(
        DEAR,
        pathways="pathway,direction,delay_day_gbp,wait_days_max,unmet_gbp\ngoing_home,step_down,0,2,1000",
        eligibility="pathway,package,share_max\ngoing_home,care,0.5",
        packages="package,setting,stay_days,stay_distribution\ncare,home,7,fixed",
        schemes=f"scheme,mandatory,latest\nopen_door,yes,{WEEKS[0]}",
        scheme_effects="scheme,effect,multiply\nopen_door,referrals.people_per_month,2",
        periods=1,
    )
    assert starts(plan) == [7]
    assert numbers(plan, "waiting", "referrals") == [14]
    assert numbers(plan, "waiting", "mean_wait_days")[0] <= 1 + 1e-6  # half of those who may wait at the end


def test_localities_that_a_scheme_can_tell_apart_stay_apart():
    instance = tiny(
        THREE_PLACES,
        schemes="scheme,by_locality\nprevent,yes",
        scheme_localities="scheme,locality\nprevent,north",
        scheme_effects=HALVED,
    )
    assert [stream.locality for stream in prepare(instance).streams] == ["east+1", "north"]


SHARED: Tables = {
    **THREE_PLACES,
    "pathways": "pathway,direction,delay_day_gbp,unmet_gbp,wait_days_max\ngoing_home,step_down,5,60,20",
    "eligibility": "pathway,package,share_max\ngoing_home,care,0.9",
    "schemes": """
        scheme,by_locality,month_gbp,one_off_gbp,ramp_periods
        prevent,no,2000,300,1
        advice,yes,200,100,
        """,
    "scheme_effects": """
        scheme,effect,locality,multiply,add
        prevent,referrals.people_per_month,,0.6,
        advice,referrals.people_per_month,north;south,,-8
        advice,pathways.unmet_gbp,,0.5,
        """,
}


def test_streams_that_are_one_cost_what_they_cost_apart():
    instance = tiny(SHARED, periods=4, capacity_changes_every=2)
    together, apart = (solve(instance, options=EXACT, is_aggregated=flag) for flag in (True, False))
    assert together.objective == pytest.approx(apart.objective, rel=1e-6)
    people = ["locality", "hospital", "pathway", "period"]
    merged = together.tables["waiting"].merge(apart.tables["waiting"], on=people, validate="1:1")
    assert len(merged) == len(apart.tables["waiting"])
    pd.testing.assert_series_equal(merged["referrals_x"], merged["referrals_y"], check_names=False, rtol=1e-6)
    balance = together.tables["waiting"]
    before = balance.groupby(people[:3])["waiting_at_end"].shift(fill_value=0.0)
    left = before + balance["referrals"] - balance["starts"] - balance["unmet"]
    assert np.allclose(left, balance["waiting_at_end"], atol=1e-6)


def test_a_go_live_is_a_decision_to_sign():
    plan = plan_for(
        THREE_PLACES,
        schemes=f"""
            scheme,provider,one_off_gbp,month_gbp,by_locality,earliest
            prevent,Trust,30,12,yes,{WEEKS[1]}
            idle,Trust,0,1,no,
            """,
        scheme_localities="scheme,locality\nprevent,north",
        scheme_effects=HALVED,
    )
    (row,) = plan.tables["decisions"].to_dict("records")
    # From 12 February to the end of March there are 48 days.
    assert row == {
        "what": "prevent",
        "where": "north",
        "from": WEEKS[1],
        "change": 1.0,
        "decide_by": WEEKS[1],
        "one_off_gbp": 30.0,
        "part_year_gbp": pytest.approx(144 * 48 / 365),
        "full_year_gbp": 144.0,
        "provider": "Trust",
    }
    assert verify(plan.instance, plan.tables, objective=plan.objective) == ()


def test_the_digest_says_which_schemes_start_and_which_do_not():
    plan = plan_for(
        THREE_PLACES,
        localities="locality,name\neast,East\nnorth,North\nsouth,South",
        schemes="""
            scheme,name,month_gbp,by_locality
            prevent,Prevention,1,yes
            idle,Idle,1,no
            old,Old,0,no
            """,
        scheme_localities="scheme,locality\nprevent,north\nprevent,south",
        scheme_effects=HALVED,
    )
    section = to_sign(plan)
    assert section is not None
    assert section.lines[1:] == (
        "Schemes to start: Prevention in North and South from 5 Feb 2018.",
        "Not started: Idle and Old.",
    )


def test_a_plan_in_quarters_translates_what_schemes_count_in_periods():
    instance = tiny(
        PAID,
        period="month",
        start="2018-04-01",
        periods=12,
        capacity_changes_every=3,
        schemes="""
            scheme,by_locality,lag_periods,ramp_periods,lasts_periods,pilot_locality,pilot_periods,go_lives_max_per_period
            prevent,yes,1,4,7,north,3,1
            """,
        scheme_effects=HALVED,
    )
    quarterly = in_quarters(instance)
    assert quarterly is not None
    (row,) = quarterly.schemes.to_dict("records")
    counted = ("lag_periods", "ramp_periods", "lasts_periods", "pilot_periods", "go_lives_max_per_period")
    assert [row[name] for name in counted] == [1, 2, 3, 1, 3]
    assert live(solve(quarterly, options=EXACT), "prevent", "north") == [True, True, True, False]
