import pytest

from capplan.checks.targets.reachable import required
from capplan.errors import Severity
from capplan.horizon import Horizon
from tests.checks.cases import build, only, problems_of
from tests.checks.test_targets import aimed

RULE = "target_above_referrals"


def test_no_more_discharges_are_asked_for_than_people_are_referred():
    # 30 a month are referred; 0.75 of 40 a month can be kept out of hospital.
    assert not problems_of(aimed({"value": 30}), RULE)
    problem = only(aimed({"value": 31}), RULE, Severity.WARNING)
    assert "asks for 31 people a month; 30 a month are referred" in problem.message
    assert "there may be no plan" in problem.message
    assert "no plan" not in only(aimed({"value": 31, "shortfall_gbp": 100}), RULE, Severity.WARNING).message


def test_diversions_count_successes_only():
    diverted = {"metric": "diversions"}
    assert not problems_of(aimed({**diverted, "value": 30}), RULE)
    assert "bring at most 30" in only(aimed({**diverted, "value": 31}), RULE, Severity.WARNING).message
    rate = {"metric": "diversion_rate", "unit": "share"}
    assert not problems_of(aimed({**rate, "value": 0.75}), RULE)
    only(aimed({**rate, "value": 0.76}), RULE, Severity.WARNING)


def test_packages_bring_no_more_than_they_suit():
    home = {"package": "reable"}
    # share_max 0.6 of 30.
    assert not problems_of(aimed({**home, "value": 18}), RULE)
    assert "at most 18" in only(aimed({**home, "value": 19}), RULE, Severity.WARNING).message


def test_the_best_package_counts_first_and_the_rest_makes_up():
    # Beds succeed more often and suit half; reablement would suit more than the other half.
    eligibility = (
        "pathway,package,success,share_max\nrehab,ic_bed,0.8,0.5\nrehab,reable,0.7,0.6\ncrisis,urgent,0.75,1"
    )
    won = {"metric": "successes", "pathway": "rehab"}
    # Half of the thirty at 0.8, the other half at 0.7.
    assert not problems_of(aimed({**won, "value": 22.5}, eligibility=eligibility), RULE)
    assert (
        "at most 22.5"
        in only(aimed({**won, "value": 22.6}, eligibility=eligibility), RULE, Severity.WARNING).message
    )


def test_the_member_that_cannot_be_reached_is_named():
    problem = only(aimed({"value": 15, "for_each": "locality"}), RULE, Severity.WARNING)
    assert "for village asks for 15" in problem.message


def test_people_waiting_at_the_start_count_too():
    waiting = "locality,pathway,people\ntown,rehab,24"
    assert not problems_of(aimed({"value": 32}, waiting=waiting), RULE)
    only(aimed({"value": 33}, waiting=waiting), RULE, Severity.WARNING)


@pytest.mark.parametrize(
    ("unit", "window", "value", "total"),
    [
        ("per_day", "", 1, 365),
        ("per_week", "", 7, 365),
        ("per_month", "", 10, 120),
        ("per_year", "", 120, 120),
        ("total", "", 120, 120),
        ("total", "year", 120, 120),
        ("total", "each", 10, 120),
    ],
)
def test_units_and_windows_come_to_the_same_total(unit, window, value, total):
    instance = aimed({"unit": unit, "window": window, "value": value})
    target = instance.targets.iloc[0].to_dict()
    assert required(Horizon.of(instance.settings), target).sum() == pytest.approx(total)


def test_a_ramp_rises_day_by_day_and_is_held():
    ramp = {"value": 20, "ramp_from": 10, "ramp_until": "2017-05-01", "unit": "per_month"}
    target = aimed(ramp).targets.iloc[0].to_dict()
    people = required(Horizon.of(aimed(ramp).settings), target)
    # Thirty days of April, the value at the beginning of each: 10 + 10 * (0 + 1 + ... + 29) / 30 / 30.
    assert people[0] == pytest.approx(10 + 10 * 14.5 / 30)
    assert people[1] == pytest.approx(20)


BEDS = {"pathway": "rehab", "bed_type": "ic"}


def test_no_more_people_are_asked_into_beds_than_the_most_beds_carry():
    # 34 beds at 0.9 for 365 days, stays of 28 days: 398.8 a year, 33.24 a month.
    given = {"referrals": "locality,pathway,people_per_month\ntown,rehab,90\ntown,crisis,5"}
    assert not problems_of(aimed({**BEDS, "value": 33.2}, **given), "target_above_beds")
    problem = only(aimed({**BEDS, "value": 40}, **given), "target_above_beds", Severity.WARNING)
    # 40 * 12 * 28 / 365 / 0.9 = 40.9
    assert "the most beds allowed (34) carry 33.24 a month" in problem.message
    assert "41 beds would be needed" in problem.message


def test_a_limit_on_all_beds_counts_as_the_most():
    limit = {"limits": "limit,resource,max\ncounty,ic,20"}
    problem = only(aimed({**BEDS, "value": 25}, **limit), "target_above_beds", Severity.WARNING)
    assert "the most beds allowed (20)" in problem.message
    assert not problems_of(aimed({**BEDS, "value": 25}), "target_above_beds")


def test_where_people_may_go_home_beds_do_not_bind():
    assert not problems_of(build(), "target_above_beds")
    assert not problems_of(aimed({"value": 200}), "target_above_beds")


def test_nothing_is_said_where_a_scheme_may_change_what_can_be_reached():
    scheme = {"schemes": "scheme\nflow"}
    effect = "scheme,effect,package,multiply\nflow,packages.stay_days,reable,"
    assert not problems_of(aimed({"value": 31}, scheme_effects=effect + "0.9", **scheme), RULE)
    # An effect that is not known yet changes nothing.
    only(aimed({"value": 31}, scheme_effects=effect + "1", **scheme), RULE, Severity.WARNING)
