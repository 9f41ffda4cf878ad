import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COTTAGE = "cottage,ic,16,0,24,150"
COLUMNS = "site,bed_type,beds,beds_min,beds_max,bed_day_gbp"


def with_unit(row: str, columns: str = COLUMNS, **given: object):
    """The clean instance with one other unit at the cottage hospital."""
    return build(site_beds=f"{columns}\n{row}\nmanor,ic,4{',' * (columns.count(',') - 2)}", **given)


def test_beds_that_may_open_need_a_price():
    problem = only(build({"site_beds": (COTTAGE, "cottage,ic,16,0,24,")}), "bed_price_missing")
    assert place(problem) == ("site_beds", 2, "bed_day_gbp")
    assert "up to 24 'ic' beds" in problem.message


def test_bed_types_say_how_full_they_may_be_or_how_they_congest():
    problem = only(build({"bed_types": ("ic,0.9", "ic,")}), "occupancy_missing")
    assert place(problem) == ("bed_types", 2, "occupancy_max")
    congested = "bed_type,congestion,queue_day_gbp\nic,wait,100"
    assert not problems_of(build(bed_types=congested), "occupancy_missing")


def test_a_price_of_a_month_or_a_week_is_a_price():
    for spelling in ("bed_week_gbp", "bed_month_gbp", "bed_year_gbp"):
        assert not problems_of(build({"site_beds": ("bed_day_gbp", spelling)}), "bed_price_missing")


def test_more_beds_than_allowed_cannot_be_open_today():
    assert place(only(build({"site_beds": (COTTAGE, "cottage,ic,25,0,24,150")}), "beds_above_maximum")) == (
        "site_beds",
        2,
        "beds",
    )


def test_beds_below_the_minimum_are_impossible_where_opening_takes_time():
    columns = f"{COLUMNS},lead_periods"
    late = only(with_unit("cottage,ic,16,20,24,150,3", columns), "beds_below_minimum")
    assert place(late) == ("site_beds", 2, "beds_min")
    assert "16 are open today" in late.message
    assert "3 periods" in late.message
    at_once = only(with_unit("cottage,ic,16,20,24,150,0", columns), "beds_below_minimum", Severity.INFO)
    assert "4 'ic' beds" in at_once.message


@pytest.mark.parametrize("column", ["beds_min", "unit_beds_min"])
def test_the_fewest_beds_are_not_more_than_the_most(column):
    columns = COLUMNS.replace("beds_min", column)
    problem = only(with_unit("cottage,ic,16,30,24,150", columns), "bed_bounds_cross")
    assert problem.column == column
    assert f"{column} = 30 is more than beds_max = 24" in problem.message


def test_a_unit_smaller_than_its_smallest_size_is_pointed_out():
    columns = COLUMNS.replace("beds_min", "unit_beds_min")
    problem = only(with_unit("cottage,ic,6,8,24,150", columns), "unit_below_smallest_size", Severity.WARNING)
    assert place(problem) == ("site_beds", 2, "unit_beds_min")


def test_beds_open_in_steps():
    columns = COLUMNS.replace("beds_min", "beds_step")
    assert only(with_unit("cottage,ic,16,5,25,150", columns), "beds_not_in_steps").column == "beds"
    most = only(with_unit("cottage,ic,15,5,24,150", columns), "beds_maximum_not_in_steps", Severity.INFO)
    assert "at most 20" in most.message


def test_a_building_holds_the_beds_of_its_units():
    problem = only(build({"sites": ("community_hospital,30", "community_hospital,15")}), "site_too_small")
    assert place(problem) == ("sites", 2, "beds_max")
    assert "16 beds are open today" in problem.message
    floor = with_unit(
        "cottage,ic,10,16,24,150", sites="site,locality,beds_max\ncottage,town,15\nmanor,village,9"
    )
    assert "16 beds must be open" in only(floor, "site_too_small").message


def test_a_closed_site_has_no_beds_open():
    sites = "site,locality,is_open,can_open\ncottage,town,no,{}\nmanor,village,yes,yes"
    problem = only(build(sites=sites.format("yes")), "beds_at_closed_site")
    assert place(problem) == ("site_beds", 2, "beds")
    shut = with_unit("cottage,ic,0,0,24,150", sites=sites.format("no"))
    assert only(shut, "beds_at_closed_site", Severity.WARNING).column == "beds_max"


def test_a_site_without_units_is_mentioned():
    sites = "site,locality\ncottage,town\nmanor,village\nbarn,village"
    assert place(only(build(sites=sites), "site_without_beds", Severity.INFO)) == ("sites", 4, "site")


NURSING = "bed_type,occupancy_max\nic,0.9\nnursing,0.9"


def test_a_bed_package_needs_a_site_with_such_beds():
    problem = only(
        build({"packages": ("ic_bed,bed,ic", "ic_bed,bed,nursing")}, bed_types=NURSING), "bed_type_nowhere"
    )
    assert place(problem) == ("packages", 2, "bed_type")


def test_beds_that_no_package_uses_stand_empty():
    problem = only(build(bed_types=NURSING), "bed_type_unused", Severity.WARNING)
    assert place(problem) == ("bed_types", 3, "bed_type")


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("site_beds", "site,bed_type,beds,bed_day_gbp,{}\ncottage,ic,16,150,{}"),
        ("staff", "locality,role,wte,wte_month_gbp,{}\nall,rsw,8,2300,{}"),
        ("shifts", "locality,shift_type,shifts,shift_gbp,{}\nall,day,3,160,{}"),
    ],
)
def test_what_is_commissioned_is_available_forwards_and_during_the_plan(table, text):
    dates = "available_from,available_to"
    backwards = build(**{table: text.format(dates, "2017-09-01,2017-06-30")})
    assert place(only(backwards, "available_window_backwards")) == (table, 2, "available_to")
    over = build(**{table: text.format(dates, "2015-04-01,2016-03-31")})
    assert place(only(over, "never_available", Severity.WARNING)) == (table, 2, "available_from")


def test_beds_are_not_open_before_they_can_be_had():
    columns = COLUMNS.replace("beds_min", "available_from")
    problem = only(with_unit("cottage,ic,16,2017-07-01,24,150", columns), "beds_before_available")
    assert "only from 1 July 2017" in problem.message
    assert not problems_of(with_unit("cottage,ic,16,2017-04-01,24,150", columns), "beds_before_available")


CONVERSIONS = "site,from_bed_type,to_bed_type\n{}"


def test_beds_do_not_become_what_they_are():
    instance = build(conversions=CONVERSIONS.format("cottage,ic,ic"))
    assert place(only(instance, "conversion_to_itself")) == ("conversions", 2, "to_bed_type")


def test_a_conversion_needs_both_units_and_room():
    instance = build(conversions=CONVERSIONS.format("cottage,ic,nursing"), bed_types=NURSING)
    assert place(only(instance, "conversion_without_unit")) == ("conversions", 2, "to_bed_type")
    full = with_unit(
        f"{COTTAGE}\ncottage,nursing,0,0,,150",
        conversions=CONVERSIONS.format("cottage,ic,nursing"),
        bed_types=NURSING,
    )
    problem = only(full, "conversion_without_unit", Severity.WARNING)
    assert "beds_max is 0" in problem.message


def test_spot_beds_need_room():
    columns = f"{COLUMNS},spot_bed_day_gbp"
    sites = "site,locality,beds_max\ncottage,town,0\nmanor,village,9"
    instance = with_unit("cottage,ic,0,0,0,150,200", columns, sites=sites)
    assert place(only(instance, "site_has_no_room", Severity.WARNING)) == ("site_beds", 2, "spot_bed_day_gbp")
