"""Crews on duty give care hours on the days of their shift type; spot care, cover and neighbours."""

import pytest

from tests.formulation.tiny import WITH_CREW, gbp, numbers, plan_for, starts

shows = pytest.mark.shows

STEADY = {"opening": "steady"}
EASTER = {"start": "2018-03-28", "periods": 1, "opening": "steady"}
"""The week from Wednesday 28 March 2018: Good Friday is the 30th, Easter Monday 2 April."""


def crew(**cells: object) -> dict[str, str]:
    """The crew in the north, otherwise."""
    row = {"locality": "north", "shift_type": "day", "shifts": 0, "shifts_max": 20, "shift_gbp": 10} | cells
    kept = {name: value for name, value in row.items() if value is not None}
    return {"shifts": f"{','.join(kept)}\n{','.join(str(value) for value in kept.values())}"}


def on(days: str, care_hours: float = 1) -> dict[str, str]:
    """The shift on other days."""
    return {"shift_types": f"shift_type,days,start,hours,care_hours\nday,{days},08:00,8,{care_hours}"}


@shows("shift_capacity", "care_hours_needed_balance", "cost shifts")
def test_crews_are_on_duty_for_the_hours_that_people_in_care_need():
    plan = plan_for(WITH_CREW)
    # 3.5 people in care on average in the first week and 7 in the second, an hour a day each.
    assert numbers(plan, "shifts", "care_hours_needed") == [24.5, 49]
    assert numbers(plan, "shifts", "shifts_on_duty") == [4, 7]
    assert numbers(plan, "shifts", "care_hours_available") == [28, 49]
    assert gbp(plan, "shifts") == (4 + 7) * 7 * 10


@shows("care_hours_needed_balance")
def test_only_the_days_of_the_stay_that_a_row_names_need_a_crew():
    care = "package,shift_type,from_day,to_day,care_hours_per_day\ncare,day,0,3.5,2"
    plan = plan_for(WITH_CREW, package_care=care)
    # The first half of a stay: 7 starts a week fill 7 * 3.5 days in all, those of the first week's 3.5 days
    # on average 2.625 in that week (half of them have the whole 3.5, the other half 1.75) and 0.875 in the next.
    expected = [7 * 2 * 2.625, 7 * 2 * 3.5]
    assert numbers(plan, "shifts", "care_hours_needed") == expected


@shows("shift_capacity")
def test_bank_holidays_count_as_weekends():
    weekends = plan_for(WITH_CREW, on("weekends", care_hours=7), **EASTER)
    weekdays = plan_for(WITH_CREW, on("weekdays", care_hours=7), **EASTER)
    # Friday to Monday are 4 days off; Wednesday, Thursday and Tuesday are 3 working days.
    assert numbers(weekends, "shifts", "care_hours_available") == [2 * 4 * 7]
    assert numbers(weekdays, "shifts", "care_hours_available") == [3 * 3 * 7]
    assert gbp(weekdays, "shifts") == 3 * 3 * 10


@shows("shift_capacity")
def test_a_saturday_is_one_day_and_sundays_and_bank_holidays_are_three_at_easter():
    saturday = plan_for(WITH_CREW, on("saturday", care_hours=7), **EASTER)
    sunday = plan_for(WITH_CREW, on("sunday_and_bank_holidays", care_hours=7), **EASTER)
    assert gbp(saturday, "shifts") == 7 * 1 * 10
    assert gbp(sunday, "shifts") == 3 * 3 * 10


@shows("shift_capacity")
def test_without_a_calendar_of_bank_holidays_easter_is_a_week_like_any_other():
    plan = plan_for(WITH_CREW, on("weekdays", care_hours=7), bank_holidays="none", **EASTER)
    assert numbers(plan, "shifts", "care_hours_available") == [2 * 5 * 7]


@shows("shift_capacity")
def test_time_on_the_road_is_no_care_time():
    plan = plan_for(WITH_CREW, localities="locality,home_travel_share\nnorth,0.3", **STEADY)
    assert numbers(plan, "shifts", "shifts_on_duty") == [10, 10]


@shows("shift_capacity", "cost spot")
def test_spot_care_fills_what_the_crews_leave_open():
    plan = plan_for(WITH_CREW, crew(shifts_max=5, spot_care_hour_gbp=20), **STEADY)
    assert numbers(plan, "shifts", "shifts_on_duty") == [5, 5]
    assert numbers(plan, "shifts", "spot_care_hours") == [14, 14]
    assert gbp(plan, "spot") == 28 * 20


@shows("shift_capacity")
def test_crews_work_and_are_paid_only_while_they_are_available():
    until_fourth_day = {"available_from": "2018-02-05", "available_to": "2018-02-08"}
    plan = plan_for(WITH_CREW, crew(shifts=7, shifts_max=7, **until_fourth_day), periods=1, **STEADY)
    assert starts(plan) == [4]
    assert gbp(plan, "shifts") == 7 * 4 * 10


@shows("shift_balance")
def test_shifts_are_added_only_after_the_lead():
    plan = plan_for(WITH_CREW, crew(shifts=3, lead_periods=1))
    # 3 crews serve 6 of 7 in the first week; one waits for the second.
    assert numbers(plan, "shifts", "shifts_on_duty") == [3, 7]
    assert starts(plan) == [6, 8]


@shows("shift_balance", "cost changes")
def test_shifts_are_dropped_only_after_the_notice():
    plan = plan_for(WITH_CREW, crew(shifts=12, notice_periods=1), change_gbp=5, **STEADY)
    assert numbers(plan, "shifts", "shifts_on_duty") == [12, 7]
    assert gbp(plan, "changes") == 5 * 5


@shows("shift_balance")
def test_shifts_change_only_at_decision_points():
    plan = plan_for(WITH_CREW, periods=4, capacity_changes_every=2)
    assert numbers(plan, "shifts", "shifts_on_duty") == [7, 7, 7, 7]


@shows("shift_cover_minimum")
def test_enough_crews_are_on_duty_whatever_the_load():
    plan = plan_for(
        WITH_CREW,
        localities="locality,network\nnorth,hills\nsouth,hills",
        shifts="""
            locality,shift_type,shifts_max,shift_gbp
            north,day,5,10
            south,day,5,9
            """,
        cover="""
            network,locality,shift_type,on_duty_min
            hills,,day,3
            ,north,day,1
            """,
        referrals="locality,pathway,people_per_week\nnorth,going_home,0",
    )
    # Of the three for the hills one must be in the north, the others are cheaper in the south.
    assert numbers(plan, "shifts", "shifts_on_duty", locality="north") == [1, 1]
    assert numbers(plan, "shifts", "shifts_on_duty", locality="south") == [2, 2]


@shows("shift_capacity", "cross_cover_limit")
def test_crews_help_their_neighbours():
    plan = plan_for(
        WITH_CREW,
        localities="locality\nnorth\nsouth",
        shifts="""
            locality,shift_type,shifts_max,shift_gbp
            north,day,5,10
            south,day,20,12
            """,
        cross_cover="resource,from_locality,to_locality,travel_share\nday,south,north,0.5",
        **STEADY,
    )
    # The north lacks two crews: four from the south lose half of their hours on the road.
    assert numbers(plan, "shifts", "shifts_on_duty", locality="south") == [4, 4]
    assert numbers(plan, "shifts", "care_hours_received", locality="north") == [14, 14]
    assert numbers(plan, "cross_cover", "hours_given") == [28, 28]


def test_shifts_stay_between_floor_and_maximum():
    plan = plan_for(WITH_CREW, crew(shifts_min=5, shifts_max=6))
    assert numbers(plan, "shifts", "shifts_on_duty") == [5, 6]
