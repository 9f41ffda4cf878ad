import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

TYPES = "bed_type,occupancy_max,congestion,queue_day_gbp,wait_probability_max,refusal_probability_max"
UNITS = "site,bed_type,waiting_list,beds,beds_max,bed_day_gbp"


def with_type(row: str, **given: object):
    """The clean instance with another kind of beds."""
    return build(bed_types=f"{TYPES}\n{row}", **given)


def with_lists(cottage: str, manor: str, types: str = "ic,,wait,50,,"):
    """The clean instance with its two units on lists."""
    rows = [f"cottage,ic,{cottage},16,24,150", f"manor,ic,{manor},4,10,120"]
    return with_type(types, site_beds="\n".join([UNITS, *rows]))


def test_beds_that_refuse_say_how_many():
    problem = only(with_type("ic,,refuse,,,"), "refusal_probability_missing")
    assert place(problem) == ("bed_types", 2, "refusal_probability_max")
    assert not problems_of(with_type("ic,,refuse,,,0.05"), "refusal_probability_missing")


@pytest.mark.parametrize("row", ["ic,,wait,,,", "ic,,wait,0,,"])
def test_a_queue_has_a_price_or_a_limit(row):
    assert place(only(with_type(row), "queue_has_no_measure"))[2] == "congestion"


@pytest.mark.parametrize("row", ["ic,,wait,50,,", "ic,,wait,,0.1,", "ic,0.9,none,,,"])
def test_one_of_the_two_is_enough_and_no_congestion_needs_neither(row):
    assert not problems_of(with_type(row), "queue_has_no_measure")


@pytest.mark.parametrize(
    ("row", "column"),
    [("ic,,wait,,1,", "wait_probability_max"), ("ic,,refuse,,,1", "refusal_probability_max")],
)
def test_a_share_of_everybody_is_no_limit(row, column):
    assert only(with_type(row), "probability_is_certain").column == column


def test_a_day_in_the_queue_costs_no_more_than_a_day_of_waiting():
    dear = with_type("ic,,wait,100000,,")
    problem = only(dear, "queue_dearer_than_delay")
    assert place(problem) == ("bed_types", 2, "queue_day_gbp")
    assert "would hide the queue" in problem.message
    assert not problems_of(with_type("ic,,wait,1,,"), "queue_dearer_than_delay")


@pytest.mark.parametrize(
    ("row", "column"),
    [("ic,0.9,none,50,,", "queue_day_gbp"), ("ic,,refuse,,0.1,0.05", "wait_probability_max")],
)
def test_a_column_of_another_congestion_is_pointed_out(row, column):
    assert only(with_type(row), "congestion_not_asked", Severity.WARNING).column == column


def test_a_list_means_nothing_without_congestion():
    plain = with_lists("town", "", types="ic,0.9,none,,,")
    assert place(only(plain, "waiting_list_without_congestion", Severity.WARNING)) == (
        "site_beds",
        2,
        "waiting_list",
    )
    assert not problems_of(with_lists("town", "town"), "waiting_list_without_congestion")


def test_a_list_of_several_bed_types_is_pointed_out():
    types = f"{TYPES}\nic,,wait,50,,\nward,,wait,50,,"
    units = f"{UNITS}\ncottage,ic,town,16,24,150\nmanor,ward,town,4,10,120"
    problem = only(build(bed_types=types, site_beds=units), "waiting_list_of_several_types", Severity.WARNING)
    assert problem.row == 3
    assert not problems_of(with_lists("town", "town"), "waiting_list_of_several_types")


def test_a_list_is_not_named_as_a_site_that_is_not_on_it():
    problem = only(with_lists("", "cottage"), "waiting_list_named_as_site")
    assert place(problem) == ("site_beds", 3, "waiting_list")
    assert not problems_of(with_lists("cottage", "cottage"), "waiting_list_named_as_site")
