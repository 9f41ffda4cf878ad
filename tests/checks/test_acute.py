"""Acute wards: beds counted twice, baselines that cannot be, wards that can never close."""

import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

HEAD = (
    "hospital,discharges_baseline_per_month,diversions_baseline_per_month,ward_beds,wards_max,ward_month_gbp,"
    "bed_days_per_discharge,bed_days_per_diversion,occupancy"
)
HOSPITALS = "hospital,name,sub_region\ninfirmary,Infirmary,north\ncottage,Cottage,north\nfar,Far,south"


def wards(*rows: str, **tables: str):
    return build(acute_beds="\n".join([HEAD, *rows]), **tables)


def test_a_hospital_and_its_sub_region_would_free_the_same_bed_days_twice():
    both = wards("infirmary,10,,4,1,1000,4,,0.9", "north,10,,4,1,1000,4,,0.9", hospitals=HOSPITALS)
    problem = only(both, "ward_counted_twice")
    assert place(problem) == ("acute_beds", 2, "hospital")
    assert "'north', which has a row too" in problem.message
    apart = wards("infirmary,10,,4,1,1000,4,,0.9", "south,10,,4,1,1000,4,,0.9", hospitals=HOSPITALS)
    assert not problems_of(apart, "ward_counted_twice")
    closes_none = wards("infirmary,10,,4,1,1000,4,,0.9", "north,10,,4,0,1000,4,,0.9", hospitals=HOSPITALS)
    assert not problems_of(closes_none, "ward_counted_twice")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("infirmary,,,4,1,1000,4,,0.9", "bed_days_per_discharge"),
        ("infirmary,10,,4,1,1000,,,0.9", "discharges_baseline_per_month"),
        ("infirmary,,,4,1,1000,,5,0.9", "bed_days_per_diversion"),
        ("infirmary,,5,4,1,1000,,,0.9", "diversions_baseline_per_month"),
    ],
)
def test_a_baseline_and_what_each_frees_go_together(row, column):
    assert only(wards(row), "ward_line_not_counted", Severity.WARNING).column == column


def test_a_baseline_beyond_the_people_referred_is_pointed_out():
    # 30 a month are referred for rehab; of 40 crises care averts 0.75.
    assert not problems_of(wards("infirmary,30,30,4,1,1000,4,5,0.9"), "ward_baseline_above_referrals")
    problem = only(wards("infirmary,31,,4,1,1000,4,,0.9"), "ward_baseline_above_referrals", Severity.WARNING)
    assert place(problem) == ("acute_beds", 2, "discharges_baseline_per_month")
    assert "at most 30 a month" in problem.message
    averted = wards("infirmary,,31,4,1,1000,,5,0.9")
    assert only(averted, "ward_baseline_above_referrals", Severity.WARNING).column.startswith("diversions")


def test_a_ward_for_which_not_enough_beds_can_be_freed_is_pointed_out():
    # 30 more than the baseline in the 90 days from January to March free 3.57 beds at 10.7 days each, 3.63 at 10.9.
    short = wards("infirmary,20,,4,1,1000,10.7,,0.9")
    problem = only(short, "ward_never_closes", Severity.WARNING)
    assert place(problem) == ("acute_beds", 2, "ward_beds")
    assert "its 4 beds at occupancy 90% need 3.6 freed" in problem.message
    assert not problems_of(wards("infirmary,20,,4,1,1000,10.9,,0.9"), "ward_never_closes")
    none = wards("infirmary,20,,4,0,1000,1,,0.9")
    assert not problems_of(none, "ward_never_closes")


def test_a_ward_of_a_hospital_that_refers_nobody_never_closes():
    instance = wards("far,0,,4,1,1000,4,,0.9", hospitals=HOSPITALS)
    problem = only(instance, "ward_never_closes", Severity.WARNING)
    assert "0 would be" in problem.message


def test_wards_that_were_half_empty_are_pointed_out():
    assert only(wards("infirmary,10,,4,1,1000,9,,0.5"), "arithmetic_ward_occupancy_unusual", Severity.WARNING)
    assert not problems_of(wards("infirmary,10,,4,1,1000,9,,0.6"), "arithmetic_ward_occupancy_unusual")


def test_bed_days_of_failures_without_wards_change_nothing():
    rows = "pathway,package,success,failure_acute_bed_days\nrehab,ic_bed,0.8,3\ncrisis,urgent,0.75,"
    problem = only(build(eligibility=rows), "failure_bed_days_not_counted", Severity.INFO)
    assert place(problem) == ("eligibility", 2, "failure_acute_bed_days")
    with_wards = build(eligibility=rows, acute_beds=f"{HEAD}\ninfirmary,10,,4,1,1000,9,,0.9")
    assert not problems_of(with_wards, "failure_bed_days_not_counted")
