import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = (
    "locality",
    "network",
    "hospital",
    "site",
    "pathway",
    "package",
    "resource",
    "from_month",
    "to_month",
    "multiply",
    "add",
)
FOUR = "scheme\na\nb\nc\nd"


def effects(*rows: dict[str, object], schemes: str = FOUR, **given: object):
    """The clean instance with four schemes and these effects, of scheme `a` unless a row says otherwise."""
    lines = [
        ",".join(
            str(cell) for cell in (row.get("scheme", "a"), row["effect"], *(row.get(c, "") for c in COLUMNS))
        )
        for row in rows
    ]
    return build(
        schemes=schemes, scheme_effects="\n".join([",".join(["scheme", "effect", *COLUMNS]), *lines]), **given
    )


REFERRALS, UNMET = "referrals.people_per_month", "pathways.unmet_gbp"
STAY, SUCCESS, HOURS, CARE = (
    "packages.stay_days",
    "eligibility.success",
    "package_hours.hours_per_week",
    "package_care.care_hours_per_day",
)


@pytest.mark.parametrize(
    ("effect", "column", "cell"),
    [
        (REFERRALS, "package", "reable"),
        (UNMET, "site", "manor"),
        ("sites.beds_max", "pathway", "rehab"),
        (STAY, "resource", "rsw"),
        (SUCCESS, "resource", "rsw"),
    ],
)
def test_a_filter_that_the_number_does_not_have(effect, column, cell):
    instance = effects({"effect": effect, column: cell, "multiply": 0.9})
    assert place(only(instance, "effect_filter_not_used")) == ("scheme_effects", 2, column)


@pytest.mark.parametrize(
    "row",
    [
        {"effect": REFERRALS, "locality": "village", "network": "east"},
        {"effect": STAY, "pathway": "crisis", "package": "ic_bed"},
        {"effect": HOURS, "package": "urgent"},
        {"effect": HOURS, "resource": "day"},
        {"effect": CARE, "pathway": "rehab"},
        {"effect": "sites.beds_max", "locality": "town", "site": "manor"},
    ],
)
def test_filters_that_leave_nothing(row):
    localities = "locality,name,network\ntown,Town,west\nvillage,Village,west\ncity,City,east"
    instance = effects(
        {**row, "multiply": 0.9}, {"effect": REFERRALS, "multiply": 0.9}, localities=localities
    )
    assert place(only(instance, "effect_on_nothing")) == ("scheme_effects", 2, "effect")


def test_a_locality_that_takes_no_part_has_no_effect():
    instance = effects(
        {"effect": REFERRALS, "locality": "village", "multiply": 0.9},
        schemes="scheme,by_locality\na,yes",
        scheme_localities="scheme,locality\na,town",
    )
    assert only(instance, "effect_on_nothing").row == 2


def test_an_effect_that_ends_before_it_begins():
    instance = effects({"effect": REFERRALS, "from_month": 3, "to_month": 3, "multiply": 0.9})
    assert place(only(instance, "effect_window_backwards")) == ("scheme_effects", 2, "to_month")


def test_an_effect_that_changes_nothing():
    instance = effects({"effect": REFERRALS, "multiply": 1}, {"effect": REFERRALS, "from_month": 1, "add": 1})
    assert place(only(instance, "effect_changes_nothing", Severity.WARNING)) == (
        "scheme_effects",
        2,
        "multiply",
    )


def test_a_cost_of_going_without_where_nobody_may():
    instance = effects(
        {"effect": UNMET, "multiply": 0.9},
        pathways="pathway,direction,delay_day_gbp,wait_days_max,unmet_gbp\nrehab,step_down,300,20,never\ncrisis,step_up,never,,1500",
    )
    assert "in rehab nobody may go without" in only(instance, "effect_on_never").message
    assert problems_of(effects({"effect": UNMET, "multiply": 0.9}), "effect_on_never") == []


def test_more_room_that_no_unit_can_use():
    rows = {"effect": "sites.beds_max", "site": "cottage", "add": 5}
    assert place(only(effects(rows), "effect_on_room_without_beds", Severity.WARNING)) == (
        "scheme_effects",
        2,
        "effect",
    )
    sites = "site,name,locality,provider,kind,beds_max\ncottage,,town,nhs,,20\nmanor,,village,,,12"
    assert problems_of(effects(rows, sites=sites), "effect_on_room_without_beds") == []
    assert problems_of(effects({**rows, "add": -5}), "effect_on_room_without_beds") == []


def test_people_added_where_nobody_is_referred():
    rows = {"effect": REFERRALS, "pathway": "crisis", "add": 2}
    referrals = "locality,pathway,people_per_month\ntown,rehab,20\nvillage,rehab,10\ntown,crisis,24"
    by_locality = effects(rows, schemes="scheme,by_locality\na,yes", referrals=referrals)
    assert "village" in only(by_locality, "effect_adds_to_nobody").message
    assert problems_of(effects(rows, referrals=referrals), "effect_adds_to_nobody") == []


def test_too_many_joint_states_are_named():
    rows = [{"scheme": j, "effect": STAY, "package": "reable", "multiply": 0.9} for j in "abcd"]
    problem = only(effects(*rows), "too_many_joint_states")
    assert "a, b, c, d change 'reable' for 'rehab' together, in 16 joint states" in problem.message
    assert problems_of(effects(*rows[:3]), "too_many_joint_states") == []


def test_schemes_that_exclude_one_another_have_fewer_joint_states():
    rows = [{"scheme": j, "effect": STAY, "package": "reable", "multiply": 0.9} for j in "abcd"]
    excluding = "scheme,excludes\na,b;c;d\nb,\nc,\nd,"
    assert "in 9 joint states" in only(effects(*rows, schemes=excluding), "too_many_joint_states").message
    more = "scheme,excludes\na,b;c;d\nb,c\nc,\nd,"
    assert problems_of(effects(*rows, schemes=more), "too_many_joint_states") == []


def test_a_ramp_of_one_scheme_alone_may_be_as_long_as_it_likes():
    instance = effects({"effect": STAY, "multiply": 0.9}, schemes="scheme,ramp_periods\na,10")
    assert problems_of(instance, "too_many_joint_states") == []


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"effect": SUCCESS, "pathway": "crisis", "add": 0.3}, "1.05, above 1"),
        ({"effect": SUCCESS, "pathway": "crisis", "multiply": 1.2, "add": -1}, "-0.1, below 0"),
        ({"effect": STAY, "package": "ic_bed", "add": -28}, "0 days"),
        ({"effect": STAY, "package": "ic_bed", "add": -30}, "-2, below 0"),
        ({"effect": HOURS, "package": "reable", "add": -4}, "-1, below 0"),
        ({"effect": CARE, "add": -2}, "-0.5, below 0"),
        ({"effect": UNMET, "pathway": "crisis", "add": -1600}, "-100, below 0"),
        ({"effect": "sites.beds_max", "site": "manor", "add": -13}, "-1, below 0"),
    ],
)
def test_a_number_that_cannot_be(row, wrong):
    assert wrong in only(effects(row), "effect_out_of_range").message


def test_numbers_that_just_can_be():
    rows = [
        {"effect": SUCCESS, "pathway": "crisis", "add": 0.25},
        {"effect": STAY, "package": "ic_bed", "add": -27},
        {"effect": HOURS, "package": "reable", "add": -3},
        {"effect": UNMET, "pathway": "crisis", "add": -1500},
        {"effect": "sites.beds_max", "site": "manor", "add": -12},
        {"effect": REFERRALS, "pathway": "crisis", "multiply": 0},
    ]
    assert problems_of(effects(*rows), "effect_out_of_range") == []
    assert problems_of(effects(*rows), "referrals_below_zero") == []


def test_two_schemes_that_together_make_a_success_more_than_certain():
    rows = [{"scheme": j, "effect": SUCCESS, "pathway": "crisis", "multiply": 1.2} for j in "ab"]
    assert (
        "a, b: eligibility.success of 'urgent' would be 1.08, above 1"
        in only(effects(*rows), "effect_out_of_range").message
    )
    assert problems_of(effects(*rows, schemes="scheme,excludes\na,b\nb,"), "effect_out_of_range") == []


def test_more_people_taken_away_than_are_referred():
    rows = [
        {"effect": REFERRALS, "pathway": "crisis", "multiply": 0.5},
        {"scheme": "b", "effect": REFERRALS, "pathway": "crisis", "add": -22},
    ]
    assert (
        "a, b would take away 105% of the referrals of 'crisis'"
        in only(effects(*rows), "referrals_below_zero").message
    )
    rows[1]["add"] = -19
    assert problems_of(effects(*rows), "referrals_below_zero") == []


def test_a_dip_and_a_gain_do_not_hold_at_once():
    rows = [
        {"effect": REFERRALS, "pathway": "crisis", "to_month": 3, "multiply": 0.4},
        {"effect": REFERRALS, "pathway": "crisis", "from_month": 3, "multiply": 0.2},
    ]
    assert problems_of(effects(*rows), "referrals_below_zero") == []


def test_a_gap_between_shares_of_nobody():
    gap = "target,metric,sense,value,unit,for_each\ngap,served_share_gap,max,0.1,share,locality"
    row = {"effect": REFERRALS, "locality": "village", "multiply": 0}
    assert place(only(effects(row, targets=gap), "gap_of_nobody")) == ("targets", 2, "metric")
    assert problems_of(effects({**row, "multiply": 0.1}, targets=gap), "gap_of_nobody") == []
