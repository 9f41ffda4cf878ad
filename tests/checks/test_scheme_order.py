import pytest

from capplan.checks import check
from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

HALVED = "scheme,effect,multiply\nprevent,referrals.people_per_month,0.5"


def with_schemes(schemes: str, effects: str = HALVED, **given: object):
    """The clean instance with schemes, and an effect of the scheme `prevent` unless others are given."""
    return build(schemes=schemes, scheme_effects=effects, **given)


def test_schemes_that_make_sense_are_not_complained_of():
    instance = with_schemes(
        """
        scheme,one_off_gbp,month_gbp,earliest,latest,requires,excludes,lasts_periods,by_locality,go_lives_max_per_period,pilot_locality,pilot_periods,lag_periods,ramp_periods
        hub,1000,,2017-04-01,2017-09-30,,,,no,,,,,
        prevent,,500,2017-04-15,,hub,,,yes,1,town,3,1,2
        rival,,500,,,,prevent,6,no,,,,,
        """,
        """
        scheme,effect,pathway,package,from_month,to_month,multiply,add
        prevent,referrals.people_per_month,rehab,,,3,1.1,
        prevent,referrals.people_per_month,rehab,,3,,0.9,-1
        hub,eligibility.success,crisis,,,,1.1,0.1
        rival,packages.stay_days,,ic_bed,,,0.9,-2
        rival,sites.beds_max,,,,,1,5
        """,
        sites="site,locality,beds_max\ncottage,town,20\nmanor,village,8",
    )
    assert [p for p in check(instance) if p.table.startswith("scheme")] == []


def test_a_window_without_a_decision_point_is_told_and_wrong_where_the_scheme_is_mandatory():
    window = "scheme,earliest,latest,mandatory\nprevent,2017-04-15,2017-06-20,{}"
    assert place(only(with_schemes(window.format("no")), "scheme_without_window", Severity.WARNING)) == (
        "schemes",
        2,
        "earliest",
    )
    assert only(with_schemes(window.format("yes")), "scheme_without_window").row == 2
    assert (
        problems_of(with_schemes(window.format("yes").replace("06-20", "07-01")), "scheme_without_window")
        == []
    )


def test_a_locality_without_a_window_is_named():
    instance = with_schemes(
        "scheme,by_locality,latest\nprevent,yes,2017-08-01",
        scheme_localities="scheme,locality,earliest\nprevent,town,\nprevent,village,2017-07-02",
    )
    assert "in 'village'" in only(instance, "scheme_without_window", Severity.WARNING).message


@pytest.mark.parametrize("column", ["latest", "ends"])
def test_a_window_that_ends_before_it_begins(column):
    instance = with_schemes(f"scheme,earliest,{column}\nprevent,2017-07-01,2017-06-30")
    assert place(only(instance, "scheme_window_backwards")) == ("schemes", 2, column)


def test_a_live_scheme_that_ended_before_the_plan():
    instance = with_schemes("scheme,is_live,ends\nprevent,yes,2017-03-31")
    assert place(only(instance, "scheme_ended_before_start", Severity.WARNING)) == ("schemes", 2, "ends")


@pytest.mark.parametrize(
    ("column", "cell"),
    [("earliest", "2017-05-01"), ("ramp_periods", "2"), ("lasts_periods", "3"), ("mandatory", "yes")],
)
def test_what_a_live_scheme_has_no_use_for(column, cell):
    instance = with_schemes(f"scheme,is_live,{column}\nprevent,yes,{cell}")
    assert place(only(instance, "scheme_live_already", Severity.WARNING)) == ("schemes", 2, column)


def test_schemes_that_wait_for_one_another_in_a_circle():
    instance = with_schemes("scheme,requires\nprevent,hub\nhub,register\nregister,prevent\nother,hub")
    problems = problems_of(instance, "scheme_requires_itself")
    assert [p.row for p in problems] == [2, 3, 4]
    assert "prevent requires hub requires register requires prevent" in problems[0].message


@pytest.mark.parametrize(("ends", "expected"), [("", 1), ("2017-08-31", 0)])
def test_a_scheme_cannot_require_what_it_is_never_live_with_unless_that_ends(ends, expected):
    instance = with_schemes(f"scheme,requires,excludes,ends\nprevent,hub,hub,\nhub,,,{ends}")
    assert len(problems_of(instance, "scheme_requires_what_it_excludes")) == expected


def test_two_mandatory_schemes_that_exclude_each_other():
    instance = with_schemes("scheme,mandatory,excludes\nprevent,yes,hub\nhub,yes,")
    assert place(only(instance, "scheme_mandatory_excluded")) == ("schemes", 3, "excludes")


def test_a_locality_that_waits_for_a_scheme_it_has_no_part_in():
    instance = with_schemes(
        "scheme,by_locality,requires\nprevent,yes,hub\nhub,yes,",
        scheme_localities="scheme,locality\nhub,town",
    )
    assert "village" in only(instance, "scheme_requires_elsewhere").message


def test_a_pilot_where_the_scheme_cannot_go():
    schemes = "scheme,by_locality,pilot_locality\nprevent,yes,village"
    localities = "scheme,locality\nprevent,town"
    assert place(only(with_schemes(schemes, scheme_localities=localities), "scheme_pilot_elsewhere")) == (
        "schemes",
        2,
        "pilot_locality",
    )
    assert problems_of(with_schemes(schemes), "scheme_pilot_elsewhere") == []


def test_a_pilot_that_is_nowhere():
    instance = with_schemes("scheme,by_locality,pilot_periods\nprevent,yes,3")
    assert place(only(instance, "scheme_pilot_without_locality")) == ("schemes", 2, "pilot_periods")


@pytest.mark.parametrize(
    ("column", "cell"), [("go_lives_max_per_period", "1"), ("pilot_locality", "town"), ("pilot_periods", "2")]
)
def test_columns_for_localities_of_a_scheme_that_goes_live_everywhere_at_once(column, cell):
    instance = with_schemes(f"scheme,{column}\nprevent,{cell}")
    assert place(only(instance, "scheme_not_by_locality")) == ("schemes", 2, column)


def test_localities_of_a_scheme_that_goes_live_everywhere_at_once():
    instance = with_schemes("scheme\nprevent", scheme_localities="scheme,locality\nprevent,town")
    assert place(only(instance, "scheme_not_by_locality")) == ("scheme_localities", 2, "scheme")


def test_a_scheme_that_costs_nothing_and_changes_nothing():
    instance = with_schemes("scheme,requires\nprevent,training\ntraining,\nidle,")
    assert place(only(instance, "scheme_says_nothing", Severity.WARNING)) == ("schemes", 4, "scheme")
