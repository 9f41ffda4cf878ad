"""Demand and capacity by pathway and month: starts that capacity allows, by hand on tiny instances."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import capplan
from capplan.report.workbook.return_sheet import blocks
from capplan.returns import planning_return
from capplan.returns.spare_capacity import usable_share
from tests.formulation.tiny import IN_BEDS, WEEKS, WITH_CREW, WITH_TEAM, plan_for, tiny

TINY = Path(__file__).parents[2] / "instances" / "tiny"
STEADY = {"opening": "steady"}


@pytest.fixture(scope="module")
def plan():
    return capplan.solve(TINY)


def the_return(plan):
    return planning_return(plan.instance, plan.tables)


def told(plan, pathway="going_home"):
    """Demand, commissioned, spot and gap of a pathway over all months."""
    rows = the_return(plan)
    rows = rows[rows["pathway"] == pathway]
    return [round(float(rows[name].sum()), 6) for name in ("demand", "commissioned", "spot", "gap")]


def beds(**changes):
    row = {"site": "hill", "bed_type": "ward", "beds_max": "20", "bed_day_gbp": "10"} | changes
    return {"site_beds": f"{','.join(row)}\n{','.join(row.values())}"}


def test_what_is_short_of_demand_is_the_gap(plan):
    # 30 are referred in April, the target is 0.9 a day, and no bed or worker is left idle.
    april = the_return(plan).query("pathway == 'discharge' and month == '2017-04-01'").iloc[0]
    assert list(april[["demand", "commissioned", "spot", "gap"]]) == [30, 27, 0, 3]


def test_idle_hours_of_a_crew_are_starts_that_it_could_still_take(plan):
    # Three crews are on duty where 2.4 would do (README.md of the instance): 30 starts x 3 / 2.4.
    april = the_return(plan).query("pathway == 'crisis' and month == '2017-04-01'").iloc[0]
    assert list(april[["demand", "commissioned", "spot", "gap"]]) == pytest.approx([30, 37.5, 0, -7.5])


def test_spot_beds_carry_what_block_beds_cannot():
    # Seven people are in care, five of them in beds that are bought for the period: of 14 starts 10 and 4.
    plan = plan_for(
        IN_BEDS,
        beds(beds_max="5", spot_bed_day_gbp="30"),
        sites="site,locality,beds_max\nhill,north,20",
        **STEADY,
    )
    assert told(plan) == [14, 10, 4, 0]


def test_a_free_bed_for_a_stay_is_one_start_more():
    # Fourteen beds for seven people with stays of a week: as many again could start.
    assert told(plan_for(IN_BEDS, beds(beds="14", beds_min="14"), **STEADY)) == [14, 28, 0, -14]


def test_beds_count_at_the_occupancy_allowed():
    types = "bed_type,occupancy_max\nward,0.7"
    plan = plan_for(IN_BEDS, beds(beds="20", beds_min="20"), bed_types=types, **STEADY)
    assert told(plan) == [14, 28, 0, -14]


def test_beds_that_are_there_for_half_the_plan_count_for_half():
    # From the second week on; opening empty, so that 3.5 people are in care in the first week and 7 in the second.
    late = beds(beds="14", beds_min="14", beds_max="14", available_from="2018-02-12")
    plan = plan_for(IN_BEDS, late)
    starts = float(plan.tables["starts"]["people"].sum())
    in_care = float(plan.tables["beds"]["people_in_care"].sum())
    demand, commissioned, spot, gap = told(plan)
    assert commissioned == pytest.approx(starts + 14 - in_care)
    assert (demand, spot, gap) == (14, 0, pytest.approx(14 - commissioned))


def test_beds_in_which_nobody_starts_count_for_those_who_could():
    # The far site's seven beds are kept whatever they cost, and nobody is sent so far.
    far = plan_for(
        IN_BEDS,
        sites="site,locality\nhill,north\nfar,north",
        site_beds="site,bed_type,beds,beds_min,beds_max,bed_day_gbp\nhill,ward,0,0,20,10\nfar,ward,7,7,7,0",
        travel="locality,site,minutes\nnorth,hill,0\nnorth,far,600",
        travel_gbp_per_minute=1,
        **STEADY,
    )
    assert set(far.tables["starts"]["site"]) == {"hill"}
    assert told(far) == [14, 28, 0, -14]


def test_agency_hours_are_spot_capacity():
    # An hour a day each: seven people need 49 hours a week, five workers give 35.
    staff = "locality,role,wte,wte_max,wte_month_gbp,agency_hour_gbp\nnorth,worker,5,5,400,20"
    assert told(plan_for(WITH_TEAM, staff=staff, **STEADY)) == [14, 10, 4, 0]


def test_spot_care_is_spot_capacity():
    shifts = "locality,shift_type,shifts,shifts_max,shift_gbp,spot_care_hour_gbp\nnorth,day,5,5,10,20"
    assert told(plan_for(WITH_CREW, shifts=shifts, **STEADY)) == [14, 10, 4, 0]


def test_what_has_least_room_decides():
    # Room for seven more in beds and for 3.5 more in the hours of the crew.
    plan = plan_for(
        IN_BEDS,
        beds(beds="14", beds_min="14"),
        {name: WITH_CREW[name] for name in ("shift_types",)},
        shifts="locality,shift_type,shifts,shifts_min,shifts_max,shift_gbp\nnorth,day,10,10,10,10",
        package_care="package,shift_type,care_hours_per_day\nstay,day,1",
        **STEADY,
    )
    # 49 hours of 70 a week are needed: 3 starts more for every 7.
    assert told(plan) == [14, 20, 0, -6]


def test_pathways_that_share_beds_share_their_room_as_they_start():
    # Six and one start a week in seven of fourteen beds: twelve and two could.
    plan = plan_for(
        IN_BEDS,
        beds(beds="14", beds_min="14"),
        pathways="pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,100,1000\ncrisis,step_up,100,1000",
        eligibility="pathway,package\ngoing_home,stay\ncrisis,stay",
        referrals="locality,pathway,people_per_week\nnorth,going_home,6\nnorth,crisis,1",
        **STEADY,
    )
    assert told(plan) == [12, 24, 0, -12]
    assert told(plan, "crisis") == [2, 4, 0, -2]
    assert list(the_return(plan)["direction"]) == ["step_down", "step_up"]


def test_a_week_is_spread_over_its_months_by_days():
    # Seven people in the week from Monday 26 February: three days of February, four of March.
    plan = plan_for(IN_BEDS, start="2018-02-26", periods=1, **STEADY)
    assert list(the_return(plan)["month"]) == ["2018-02-01", "2018-03-01"]
    assert list(the_return(plan)["demand"]) == [3, 4]


def test_a_package_that_needs_nobody_has_the_capacity_that_it_uses():
    assert told(plan_for(WITH_TEAM, package_hours="package,role,hours_per_week")) == [14, 14, 0, 0]


def test_without_people_there_is_no_demand_and_no_capacity():
    plan = plan_for(IN_BEDS, referrals="locality,pathway,people_per_week\nnorth,going_home,0", **STEADY)
    assert told(plan) == [0, 0, 0, 0]


def test_capacity_is_never_less_than_what_starts(plan):
    found = the_return(plan).set_index(["pathway", "month"])
    starts = plan.tables["starts"].groupby(["pathway", "period"])["people"].sum()
    allowed = found["commissioned"] + found["spot"]
    assert (allowed - starts.rename_axis(["pathway", "month"]) > -1e-9).all()


def test_a_block_has_the_twelve_months_from_april_and_their_sum(plan):
    ((year, block),) = blocks(plan)
    assert year == "2017/18"
    assert list(block.columns)[:2] == ["2017-04-01", "2017-05-01"]
    assert list(block.columns)[-2:] == ["2018-03-01", "year"]
    demand = block.loc[("step_down", "Discharge from hospital", "demand")]
    assert list(demand.iloc[:6]) == [30, 31, 30, 31, 31, 30]
    assert demand.iloc[6:12].isna().all()
    assert demand["year"] == 183


def test_a_year_that_starts_in_january_has_its_columns_from_january():
    ((year, block),) = blocks(plan_for(IN_BEDS, year_starts=1))
    assert year == "2018"
    assert next(iter(block.columns)) == "2018-01-01"


def test_a_plan_over_the_end_of_march_has_two_blocks():
    found = dict(blocks(plan_for(IN_BEDS, start="2018-03-26", periods=1, **STEADY)))
    assert list(found) == ["2017/18", "2018/19"]
    assert [block.loc[("step_down", "going_home", "demand"), "year"] for block in found.values()] == [6, 1]


def test_pathways_of_a_direction_are_added_up():
    plan = plan_for(
        IN_BEDS,
        pathways="pathway,direction,delay_day_gbp,unmet_gbp\nfirst,step_down,100,1000\nsecond,step_down,100,1000",
        eligibility="pathway,package\nfirst,stay\nsecond,stay",
        referrals="locality,pathway,people_per_week\nnorth,first,6\nnorth,second,1",
    )
    ((_, block),) = blocks(plan)
    assert block.loc[("step_down", "All pathways", "demand"), "year"] == 14
    assert list(dict.fromkeys(block.index.get_level_values("pathway"))) == ["first", "second", "All pathways"]


@pytest.mark.parametrize(
    ("said", "share"),
    [
        # One bed: of those who come 1 in 5 is refused at a load of 1/4, which fills it to 1/4 x 4/5.
        ("refuse,0.2,,", 0.2),
        # One bed: whoever comes while it is taken waits, so it may be taken 3 days in 10.
        ("wait,,0.3,", 0.3),
        # The queue has a price and no chance is agreed: as full as the plan fills it at most.
        ("wait,,,10", 0.6),
    ],
)
def test_beds_that_congest_count_for_what_their_list_may_carry(said, share):
    instance = tiny(
        IN_BEDS,
        bed_types=f"bed_type,congestion,refusal_probability_max,wait_probability_max,queue_day_gbp\nward,{said}",
    )
    rows = {"site": "hill", "bed_type": "ward", "period": list(WEEKS[:2]), "beds_open": 1.0, "spot_beds": 0.0}
    table = pd.DataFrame(rows | {"people_in_care": [0.1, 0.6]})
    assert list(usable_share(instance, table)) == pytest.approx([share, share])
