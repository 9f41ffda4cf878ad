from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = "locality,shift_type,shifts,shifts_min,shifts_max,shift_gbp,lead_periods"


def crews(row: str, **given: object):
    """The clean instance with other crews."""
    return build(shifts=f"{COLUMNS}\n{row}", **given)


def test_shifts_need_a_price():
    assert place(only(crews("all,day,3,0,6,,0"), "shift_price_missing")) == ("shifts", 2, "shift_gbp")
    hourly = build(shifts="locality,shift_type,shifts,shift_hour_gbp\nall,day,3,20")
    assert not problems_of(hourly, "shift_price_missing")


def test_more_shifts_than_allowed_cannot_be_on_duty():
    assert only(crews("all,day,7,0,6,160,0"), "shifts_above_maximum").value == "7"


def test_shifts_below_the_minimum_are_impossible_where_adding_takes_time():
    assert "2 periods" in only(crews("all,day,3,4,6,160,2"), "shifts_below_minimum").message
    only(crews("all,day,3,4,6,160,0"), "shifts_below_minimum", Severity.INFO)


def test_the_fewest_shifts_are_not_more_than_the_most():
    assert only(crews("all,day,3,8,6,160,0"), "shift_bounds_cross").column == "shifts_min"


def test_crews_that_no_package_needs_have_nothing_to_do():
    types = "shift_type,days,start,hours,care_hours\nday,all,08:00,8,6\nnight,all,22:00,8,5"
    both = "all,day,3,0,6,160,0\nall,night,1,0,1,180,0"
    assert only(crews(both, shift_types=types), "shift_type_unused", Severity.WARNING).row == 3
    cover = "network,shift_type,on_duty_min\nwest,night,1"
    assert not problems_of(crews(both, shift_types=types, cover=cover), "shift_type_unused")


def test_cover_names_a_locality_of_its_network():
    localities = "locality,population_65_plus,network\ntown,6000,west\nvillage,4000,east"
    instance = build(localities=localities, cover="network,locality,shift_type,on_duty_min\neast,town,day,1")
    assert place(only(instance, "cover_network_and_locality")) == ("cover", 2, "locality")


def test_cover_asks_for_no_more_crews_than_there_can_be():
    problem = only(build(cover="network,shift_type,on_duty_min\nwest,day,7"), "cover_above_maximum")
    assert place(problem) == ("cover", 2, "on_duty_min")
    assert "at most 6" in problem.message
    assert not problems_of(build(cover="shift_type,on_duty_min\nday,6"), "cover_above_maximum")


TYPES = "shift_type,days,start,hours,care_hours\n"


def test_days_on_which_nobody_is_on_duty_are_mentioned():
    weekdays = build(shift_types=f"{TYPES}day,weekdays,08:00,8,6")
    problem = only(weekdays, "days_without_shifts", Severity.INFO)
    assert "Saturdays, Sundays and bank holidays" in problem.message


def test_shift_types_at_the_same_hours_are_mentioned():
    types = f"{TYPES}day,all,08:00,8,6\nlate,weekends,{{}},9,6"
    care = "package,shift_type,care_hours_per_day\nurgent,day,1\nurgent,late,1"
    clash = build(shift_types=types.format("15:00"), package_care=care)
    assert place(only(clash, "shifts_overlap", Severity.INFO)) == ("package_care", 3, "shift_type")
    # 16:00 to 01:00 follows on; 23:30 to 08:30 wraps into the next morning.
    assert not problems_of(build(shift_types=types.format("16:00"), package_care=care), "shifts_overlap")
    assert problems_of(build(shift_types=types.format("23:30"), package_care=care), "shifts_overlap")
