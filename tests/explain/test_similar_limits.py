"""Limits that are alike stand on one line, with their sum or their range."""

from dataclasses import replace

import pytest

from capplan.explain.limits import limits_of, loosened_model
from capplan.explain.limits.limit import Change, Kind, Limit
from capplan.explain.rules import Naming
from capplan.explain.similar_limits import SIMILAR, likeness, line_of, lines, would_do
from tests.explain.cases import beds, small

NAMING = Naming(small(beds))


@pytest.fixture(scope="module")
def wards():
    """The most beds at both sites: five at Cottage Hospital, three at Manor House."""
    return [
        limit for limit in limits_of(loosened_model(small(beds)), small(beds)) if limit.what == "beds_max"
    ]


def at(column: str, *keys: str, value: object = 2.0, what: str = "", **more: str) -> list[Limit]:
    """A limit of some kind for each key."""
    name = {"site": "site_beds", "package": "eligibility"}.get(column, "pathways")
    others = tuple((key, (text,)) for key, text in more.items())
    return [Limit(what, Kind.DATES, name, ((column, (key,)), *others), what, value) for key in keys]


def test_beds_of_one_type_are_added_up_with_each_site_named(wards):
    assert line_of(wards, NAMING) == "at most 8 beds (Ward bed) at Cottage Hospital (5) and Manor House (3)"


def test_what_would_do_is_added_up_over_those_that_change(wards):
    change = Change(wards[0], 4.0, 9.0)
    assert would_do(wards, {change.limit.key: change}, NAMING) == " (12 beds would do)"
    assert would_do(wards, {}, NAMING) == ""


def test_one_limit_is_told_as_it_always_was(wards):
    assert line_of(wards[:1], NAMING) == "at most 5 beds (Ward bed) at Cottage Hospital"


def test_values_that_differ_are_told_as_a_range():
    short, long = (
        at("site", "cottage", what="lead_periods", value=1.0),
        at("site", "manor", what="lead_periods", value=3.0),
    )
    assert line_of([*short, *long], NAMING) == (
        "2 units of beds (at Cottage Hospital and Manor House) take 1 month to 3 months to open"
    )


def test_what_a_package_suits_names_the_package():
    own = at("pathway", "rehab", "crisis", what="share_max", value=0.5, package="home_rehab")
    assert line_of(own, NAMING) == "home_rehab suits at most 50% of Rehab and Crisis"


def test_few_stand_each_on_a_line_of_their_own():
    two = at("site", "cottage", "manor", what="notice_periods")
    assert [len(line) for line in lines(two)] == [1, 1]
    assert [len(line) for line in lines([*two, *at("site", "third", what="notice_periods")])] == [3]


def test_beds_of_different_types_are_not_alike(wards):
    other = replace(wards[0], filters=(("site", ("cottage",)), ("bed_type", ("nursing",))))
    assert likeness(other) != likeness(wards[0]) == likeness(wards[1])


def test_limits_that_are_told_alone_are_like_no_other():
    targets = at("target", "one", "two", what="target")
    assert "target" not in SIMILAR
    assert likeness(targets[0]) != likeness(targets[1])
