"""Beds open, close and convert at decision points; people in beds fit into what is open."""

import pytest

from tests.formulation.tiny import IN_BEDS, gbp, numbers, plan_for, starts

shows = pytest.mark.shows

FROM_APRIL = {"start": "2017-04-01", "period": "month", "periods": 3}
STEADY_WEEK = {"opening": "steady", "periods": 1}
ONLY_IN_APRIL = {
    "referrals": """
        locality,pathway,month,people_per_month
        north,going_home,2017-04,30
        """
}


def unit(**cells: object) -> dict[str, str]:
    """The beds on the hill, otherwise."""
    row = {"site": "hill", "bed_type": "ward", "beds_max": 20, "bed_day_gbp": 10} | cells
    return {"site_beds": f"{','.join(row)}\n{','.join('' if v is None else str(v) for v in row.values())}"}


def site(**cells: object) -> dict[str, str]:
    """The hill, otherwise."""
    row = {"site": "hill", "locality": "north"} | cells
    return {"sites": f"{','.join(row)}\n{','.join(str(value) for value in row.values())}"}


def stay(**cells: object) -> dict[str, str]:
    """The stay, otherwise."""
    row = {
        "package": "stay",
        "setting": "bed",
        "bed_type": "ward",
        "stay_days": 7,
        "stay_distribution": "fixed",
    }
    row |= cells
    return {"packages": f"{','.join(row)}\n{','.join(str(value) for value in row.values())}"}


@shows("people_days_balance")
def test_a_35_day_stay_that_begins_in_april_fills_beds_in_april_may_and_june():
    plan = plan_for(
        IN_BEDS,
        unit(beds_max=30, bed_day_gbp=1),
        stay(stay_days=35),
        ONLY_IN_APRIL,
        **FROM_APRIL,
    )
    assert starts(plan) == [30, 0, 0]
    # Who starts x days after 1 April is in care for 30 - x days of April, 15 on average. The 35 days reach June for
    # those who start on one of the last 4 days: 2 days of June on average, 8 / 30 over all. The rest is in May.
    april, june = 15, 8 / 30
    expected = [april, (35 - april - june) * 30 / 31, june]
    assert numbers(plan, "beds", "people_in_care") == pytest.approx(expected, abs=1e-6)


@shows("people_days_balance")
def test_a_steady_opening_finds_as_many_in_care_as_the_first_period_starts():
    plan = plan_for(IN_BEDS, opening="steady")
    # One a day for 7 days each: 7 people at any moment.
    assert numbers(plan, "beds", "people_in_care") == [7, 7]


@shows("people_days_balance", "cost care_days")
def test_people_found_in_beds_stay_for_the_rest_of_their_stay():
    plan = plan_for(
        IN_BEDS,
        unit(beds=4),
        stay(stay_days=14, care_day_gbp=3),
        opening="census",
        census="locality,site,package,people\nnorth,hill,stay,4",
        referrals="locality,pathway,people_per_week\nnorth,going_home,0",
    )
    # The rest of a stay of 14 days is anything from 0 to 14: 7 days on average. Half of them are still there after
    # the first week, for 3.5 days on average: 1.75 days of the second week and 5.25 of the first.
    assert numbers(plan, "beds", "people_in_care") == [4 * 5.25 / 7, 4 * 1.75 / 7]
    assert gbp(plan, "care_days") == 4 * 7 * 3


@shows("bed_capacity", "cost beds")
def test_beds_are_open_for_the_people_in_care_at_the_occupancy_allowed():
    plan = plan_for(IN_BEDS, bed_types="bed_type,occupancy_max\nward,0.7", opening="steady")
    assert numbers(plan, "beds", "beds_open") == [10, 10]
    assert numbers(plan, "beds", "occupancy") == [0.7, 0.7]
    assert gbp(plan, "beds") == 2 * 10 * 7 * 10


@shows("bed_capacity", "cost spot")
def test_spot_beds_are_bought_for_those_whom_the_open_beds_cannot_hold():
    plan = plan_for(IN_BEDS, unit(beds_max=5, spot_bed_day_gbp=30), site(beds_max=20), opening="steady")
    assert numbers(plan, "beds", "beds_open") == [5, 5]
    assert numbers(plan, "beds", "spot_beds") == [2, 2]
    assert gbp(plan, "spot") == 2 * 7 * 30 * 2


@shows("bed_capacity", "bed_balance")
def test_a_contract_that_begins_within_a_period_gives_and_costs_its_share_of_it():
    until_fourth_day = {"available_from": "2018-02-05", "available_to": "2018-02-08"}
    plan = plan_for(IN_BEDS, unit(beds_max=7, **until_fourth_day), opening="steady", periods=1)
    # 7 beds for 4 of the 7 days.
    assert numbers(plan, "beds", "people_in_care") == [4]
    assert gbp(plan, "beds") == 7 * 4 * 10


@shows("bed_balance")
def test_beds_are_open_only_while_they_are_available():
    second_and_third_week = {"available_from": "2018-02-12", "available_to": "2018-02-25"}
    plan = plan_for(IN_BEDS, unit(beds=20, beds_min=20, **second_and_third_week), periods=4)
    assert numbers(plan, "beds", "beds_open") == [0, 20, 20, 0]
    assert numbers(plan, "beds", "beds_closed") == [20, 0, 0, 20]
    assert numbers(plan, "beds", "beds_opened") == [0, 20, 0, 0]


@shows("bed_balance", "cost openings", "cost closings", "cost changes")
def test_opening_and_closing_beds_costs_once_for_each_bed():
    plan = plan_for(
        IN_BEDS,
        unit(beds=2, opening_gbp_per_bed=30, closing_gbp_per_bed=40),
        stay(stay_days=10),
        ONLY_IN_APRIL,
        change_gbp=5,
        **FROM_APRIL,
    )
    # Who starts on one of the last 10 days takes 5 days into May on average: 50 person-days there, 250 in April.
    assert numbers(plan, "beds", "people_in_care") == pytest.approx([250 / 30, 50 / 31, 0], abs=1e-6)
    assert numbers(plan, "beds", "beds_open") == [9, 2, 0]
    assert numbers(plan, "beds", "beds_opened") == [7, 0, 0]
    assert numbers(plan, "beds", "beds_closed") == [0, 7, 2]
    assert gbp(plan, "openings") == 7 * 30
    assert gbp(plan, "closings") == 9 * 40
    assert gbp(plan, "changes") == 16 * 5


@shows("bed_balance")
def test_beds_open_only_after_the_lead():
    plan = plan_for(IN_BEDS, unit(beds=1, lead_periods=1))
    assert numbers(plan, "beds", "beds_open") == [1, 7]


@shows("bed_balance")
def test_beds_close_only_after_the_notice():
    plan = plan_for(IN_BEDS, unit(beds=12, notice_periods=1))
    assert numbers(plan, "beds", "beds_open") == [12, 7]


@shows("bed_balance")
def test_beds_change_only_at_decision_points():
    plan = plan_for(IN_BEDS, periods=4, capacity_changes_every=2)
    # The 7 of the second week are open from the first.
    assert numbers(plan, "beds", "beds_open") == [7, 7, 7, 7]
    assert numbers(plan, "beds", "beds_opened") == [7, 0, 0, 0]


WARD_AND_FLATS = {
    "bed_types": "bed_type,occupancy_max\nward,1\nflat,1",
    "site_beds": """
        site,bed_type,beds,beds_max,bed_day_gbp,opening_gbp_per_bed
        hill,flat,10,10,10,
        hill,ward,0,10,10,9000
        """,
}


@shows("bed_balance", "cost conversions", "cost changes")
def test_beds_are_converted_where_that_is_cheaper_than_opening_new_ones():
    plan = plan_for(
        IN_BEDS,
        WARD_AND_FLATS,
        conversions="site,from_bed_type,to_bed_type,convert_gbp_per_bed\nhill,flat,ward,50",
        opening="steady",
        change_gbp=1,
    )
    assert numbers(plan, "beds", "beds_converted", bed_type="ward") == [7, 0]
    assert numbers(plan, "beds", "beds_converted", bed_type="flat") == [-7, 0]
    assert numbers(plan, "beds", "beds_open", bed_type="flat") == [0, 0]
    assert gbp(plan, "conversions") == 7 * 50
    # A bed that is converted changes once; the 3 flats nobody needs close.
    assert gbp(plan, "changes", key="ward") == 7
    assert gbp(plan, "changes", key="flat") == 3


@shows("bed_balance")
def test_no_more_beds_are_converted_at_once_than_the_building_works_allow():
    plan = plan_for(
        IN_BEDS,
        WARD_AND_FLATS,
        conversions="site,from_bed_type,to_bed_type,beds_per_change_max\nhill,flat,ward,3",
        change_gbp=1,
        periods=3,
    )
    assert numbers(plan, "beds", "beds_converted", bed_type="ward") == [3, 3, 1]


@shows("conversion_capacity")
def test_only_beds_that_were_open_before_can_be_converted():
    # A ward bed that people need takes two periods to open; a flat opens at once, but is no way round that.
    site_beds = """
        site,bed_type,beds,beds_max,bed_day_gbp,lead_periods
        hill,ward,0,20,10,2
        hill,flat,4,20,1,0
        """
    plan = plan_for(
        IN_BEDS,
        WARD_AND_FLATS | {"site_beds": site_beds},
        conversions="site,from_bed_type,to_bed_type\nhill,flat,ward",
        change_gbp=1,
        periods=3,
    )
    assert numbers(plan, "beds", "beds_converted", bed_type="ward")[0] == 4


@shows("bed_step_balance")
def test_beds_open_in_whole_steps():
    plan = plan_for(IN_BEDS, unit(beds_step=4))
    assert numbers(plan, "beds", "beds_open") == [4, 8]


@shows("site_capacity")
def test_a_building_holds_no_more_beds_than_fit_spot_beds_included():
    plan = plan_for(IN_BEDS, unit(beds_max=3, spot_bed_day_gbp=20), site(beds_max=5), **STEADY_WEEK)
    assert numbers(plan, "beds", "beds_open") == [3]
    assert numbers(plan, "beds", "spot_beds") == [2]
    assert starts(plan) == [5]


@shows("site_capacity")
def test_units_of_one_building_share_its_room():
    plan = plan_for(
        IN_BEDS,
        site(beds_max=6),
        bed_types="bed_type,occupancy_max\nward,1\nflat,1",
        site_beds="""
            site,bed_type,beds_min,beds_max,bed_day_gbp
            hill,flat,2,20,10
            hill,ward,0,20,10
            """,
        **STEADY_WEEK,
    )
    assert numbers(plan, "beds", "beds_open", bed_type="ward") == [4]


@shows("site_capacity", "cost sites")
def test_a_building_costs_while_any_bed_is_open():
    plan = plan_for(IN_BEDS, site(open_gbp_per_month=500), stay(stay_days=1), ONLY_IN_APRIL, **FROM_APRIL)
    # Who starts on the last day of April is in a bed until May.
    assert plan.tables["sites"]["is_open"].tolist() == [True, True, False]
    assert gbp(plan, "sites") == 2 * 500


@shows("site_reopening_link")
def test_a_closed_site_that_may_not_open_stays_closed():
    plan = plan_for(IN_BEDS, site(is_open="no", can_open="no"))
    assert numbers(plan, "beds", "beds_open") == [0, 0]
    assert starts(plan) == [0, 0]


@shows("site_reopening_link")
def test_a_site_that_may_not_open_again_stays_open_through_an_empty_month():
    april_and_july = {
        "referrals": """
            locality,pathway,month,people_per_month
            north,going_home,2017-04,30
            north,going_home,2017-07,31
            """
    }
    months = FROM_APRIL | {"periods": 4}
    for may_open, open_in in (("yes", [True, True, False, True]), ("no", [True, True, True, True])):
        building = site(can_open=may_open, open_gbp_per_month=100)
        plan = plan_for(IN_BEDS, building, stay(stay_days=1), april_and_july, **months)
        assert plan.tables["sites"]["is_open"].tolist() == open_in
        assert gbp(plan, "sites") == 100 * sum(open_in)


@shows("site_closing_link")
def test_a_site_that_may_not_close_stays_open_without_a_person_in_it():
    plan = plan_for(
        IN_BEDS,
        site(can_close="no", open_gbp_per_month=400),
        referrals="locality,pathway,people_per_week\nnorth,going_home,0",
    )
    assert plan.tables["sites"]["is_open"].tolist() == [True, True]
    assert gbp(plan, "sites") == 400 / 4 * 2


@shows("site_link")
def test_nobody_starts_at_a_site_that_is_closed():
    plan = plan_for(
        IN_BEDS,
        sites="site,locality,open_gbp_per_month\nhill,north,100000\ndale,north,",
        site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,ward,20,1\ndale,ward,4,50",
        **STEADY_WEEK,
    )
    assert starts(plan, site="hill") == [0]
    assert starts(plan, site="dale") == [4]
    assert plan.tables["sites"].groupby("site")["is_open"].all().to_dict() == {"dale": True, "hill": False}


@shows("unit_size_minimum")
def test_a_unit_opens_with_its_smallest_size():
    plan = plan_for(IN_BEDS, unit(unit_beds_min=9))
    assert numbers(plan, "beds", "beds_open") == [9, 9]


@shows("unit_open_link")
def test_a_unit_whose_smallest_size_is_too_dear_stays_closed():
    plan = plan_for(IN_BEDS, unit(unit_beds_min=9, bed_day_gbp=200))
    # Nine beds for one week cost 9 * 7 * 200 = £12,600 and save £7,000 for those referred in it; one bed costs £1,400
    # and saves £1,000 for each of 2 people who spend 3.5 days there.
    assert numbers(plan, "beds", "beds_open") == [0, 0]
    smaller = plan_for(IN_BEDS, unit(bed_day_gbp=200))
    assert numbers(smaller, "beds", "beds_open")[1] > 0


def test_beds_stay_between_floor_and_maximum():
    plan = plan_for(IN_BEDS, unit(beds_min=5, beds_max=6))
    assert numbers(plan, "beds", "beds_open") == [5, 6]


@shows("bed_capacity")
def test_the_far_tail_of_people_already_in_care_keeps_no_unit_open():
    plan = plan_for(
        IN_BEDS,
        unit(beds=10),
        stay(stay_distribution="lognormal", stay_sd_days=7),
        ONLY_IN_APRIL,
        **FROM_APRIL | {"periods": 18, "opening": "census"},
        census="site,package,people\nhill,stay,8",
    )
    # Lognormal stays never end: in the last month a millionth of a bed day is left of the eight people.
    beds = numbers(plan, "beds", "beds_open")
    assert beds[0] > 0
    assert beds[-1] == 0
