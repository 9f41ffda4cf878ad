import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = [
    "target",
    "metric",
    "sense",
    "value",
    "unit",
    "value_is",
    "baseline",
    "is_imposed",
    "for_each",
    "from",
    "to",
    "window",
    "ramp_from",
    "ramp_until",
    "shortfall_gbp",
    "locality",
    "network",
    "hospital",
    "site",
    "kind",
    "pathway",
    "package",
    "bed_type",
]
USUAL = {"target": "goal", "metric": "discharges", "sense": "min", "value": 20, "unit": "per_month"}


def aimed(*targets: dict[str, object], **given: object):
    """The clean instance with other targets; each dict changes the usual one (20 discharges a month)."""
    rows = [",".join(str({**USUAL, **target}.get(column, "")) for column in COLUMNS) for target in targets]
    return build(targets="\n".join([",".join(COLUMNS), *rows]), **given)


def test_a_target_without_a_value_is_not_agreed_yet():
    assert place(only(aimed({"value": ""}), "target_not_agreed", Severity.INFO)) == ("targets", 2, "value")


@pytest.mark.parametrize(
    ("metric", "wrong", "right"),
    [
        ("diversion_rate", "per_month", "share"),
        ("occupancy", "total", "share"),
        ("discharges", "share", "per_month"),
        ("delayed_days", "share", "per_month"),
        ("mean_wait_days", "per_month", "total"),
    ],
)
def test_the_unit_fits_the_metric(metric, wrong, right):
    value = 0.5 if wrong == "share" else 5
    assert place(only(aimed({"metric": metric, "unit": wrong, "value": value}), "target_unit")) == (
        "targets",
        2,
        "unit",
    )
    assert not problems_of(aimed({"metric": metric, "unit": right, "value": value}), "target_unit")


def test_a_share_lies_between_0_and_1_and_a_count_above_0():
    share = {"metric": "diversion_rate", "unit": "share"}
    assert only(aimed({**share, "value": 92}), "target_out_of_range").column == "value"
    assert not problems_of(aimed({**share, "value": 1}), "target_out_of_range")
    rise = {**share, "value": 0.3, "value_is": "increase", "baseline": 0.8}
    assert "1.1" in only(aimed(rise), "target_out_of_range").message
    assert only(aimed({"baseline": -3}), "target_out_of_range").column == "baseline"
    assert not problems_of(
        aimed({"value": -3, "value_is": "increase", "baseline": 20}), "target_out_of_range"
    )


def test_an_increase_needs_its_baseline():
    rise = {"value": 5, "value_is": "increase"}
    assert place(only(aimed(rise), "increase_without_baseline")) == ("targets", 2, "baseline")
    assert not problems_of(aimed({**rise, "value": ""}), "increase_without_baseline")


def test_a_ramp_has_a_beginning_and_a_later_end():
    assert only(aimed({"ramp_from": 10}), "ramp_half_given").column == "ramp_until"
    assert only(aimed({"ramp_until": "2017-09-01"}), "ramp_half_given").column == "ramp_from"
    ramp = {"ramp_from": 10, "ramp_until": "2017-09-01"}
    assert not problems_of(aimed(ramp), "ramp_half_given")
    only(aimed({**ramp, "from": "2017-10-01"}), "ramp_half_given", Severity.ERROR)
    only(aimed({**ramp, "to": "2017-08-31"}), "ramp_half_given", Severity.WARNING)
    only(aimed({**ramp, "ramp_until": "2019-04-01"}), "ramp_half_given", Severity.INFO)


@pytest.mark.parametrize(
    ("metric", "column", "name"),
    [
        ("mean_wait_days", "site", "cottage"),
        ("occupancy", "pathway", "rehab"),
        ("spend", "package", "reable"),
    ],
)
def test_a_filter_that_the_metric_does_not_look_at_is_an_error(metric, column, name):
    unit = {"occupancy": "share", "mean_wait_days": "total"}.get(metric, "per_month")
    target = {"metric": metric, "sense": "max", "unit": unit, "value": 0.9}
    assert only(aimed({**target, column: name}), "filter_not_used").column == column
    assert only(aimed({**target, "for_each": column}), "filter_not_used").column == "for_each"
    assert not problems_of(aimed({**target, "network": "west"}), "filter_not_used")


def test_a_gap_is_between_members_and_kept_small():
    gap = {"metric": "served_share_gap", "sense": "max", "unit": "share", "value": 0.1}
    assert only(aimed(gap), "gap_needs_members").column == "for_each"
    assert only(aimed({**gap, "for_each": "locality", "sense": "min"}), "gap_needs_members").column == "sense"
    assert not problems_of(aimed({**gap, "for_each": "locality"}), "gap_needs_members")


def test_a_share_of_beds_says_of_which():
    share = {"metric": "bed_share", "unit": "share", "value": 0.5}
    assert only(aimed(share), "bed_share_of_what").column == "bed_type"
    assert not problems_of(aimed({**share, "bed_type": "ic"}), "bed_share_of_what")


@pytest.mark.parametrize(
    "filters",
    [
        {"pathway": "crisis"},
        {"bed_type": "ic", "package": "reable"},
        {"site": "cottage", "kind": "care_home"},
        {"site": "cottage", "package": "reable"},
        {"metric": "admissions", "package": "urgent"},
        {"metric": "occupancy", "unit": "share", "value": 0.9, "site": "cottage", "kind": "care_home"},
    ],
)
def test_filters_that_leave_nobody_are_an_error(filters):
    problem = only(aimed(filters), "target_catches_nobody")
    assert place(problem) == ("targets", 2, "metric")


@pytest.mark.parametrize(
    "filters",
    [
        {"pathway": "rehab;crisis"},
        {"bed_type": "ic"},
        {"site": "cottage", "kind": "community_hospital"},
        {"locality": "west", "network": "west"},
        {"metric": "mean_wait_days", "unit": "total", "sense": "max"},
        {"metric": "spend", "site": "manor"},
        {"metric": "occupancy", "unit": "share", "value": 0.9},
    ],
)
def test_filters_that_hold_together_are_fine(filters):
    assert not problems_of(aimed(filters), "target_catches_nobody")


def test_a_network_and_a_locality_outside_it_leave_nobody():
    localities = "locality,population_65_plus,network\ntown,6000,west\nvillage,4000,east"
    only(aimed({"locality": "town", "network": "east"}, localities=localities), "target_catches_nobody")


def test_at_least_and_at_most_of_one_thing_do_not_cross():
    least, most = {"value": 20}, {"target": "cap", "sense": "max", "value": 15}
    problem = only(aimed(least, most), "bounds_cross")
    assert place(problem) == ("targets", 3, "value")
    assert "'goal' asks for at least 20 and 'cap' for at most 15" in problem.message
    only(aimed(least, {**most, "is_imposed": "no"}), "bounds_cross", Severity.WARNING)
    only(aimed({**least, "shortfall_gbp": 50}, most), "bounds_cross", Severity.WARNING)
    assert not problems_of(aimed(least, {**most, "value": 20}), "bounds_cross")
    assert not problems_of(aimed(least, {**most, "pathway": "rehab"}), "bounds_cross")
    assert not problems_of(
        aimed({**least, "from": "2017-10-01"}, {**most, "to": "2017-09-30"}), "bounds_cross"
    )
