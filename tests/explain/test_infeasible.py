"""Every planted cause is named, and every mend gives a plan."""

import pickle
from functools import cache

import pytest

import capplan
from capplan.errors import Infeasible
from capplan.explain import Explanation, as_table, explain_infeasible, sections
from capplan.explain.limits.limit import Kind
from capplan.explain.mends import has_plan
from capplan.explain.sections import as_data
from capplan.schema.tables import TABLES
from capplan.solver_options import SolverOptions
from tests.explain import cases
from tests.explain.cases import CAUSES, small

every_cause = pytest.mark.parametrize("plant", CAUSES, ids=lambda plant: plant.__name__)


@cache
def explained(plant) -> Explanation:
    return explain_infeasible(small(plant))


def mend_of(plant, kind):
    return next(mend for mend in explained(plant).mends if mend.kinds == (kind,))


def told(plant):
    return "\n".join(
        "\n".join(
            [
                section.heading,
                *section.lines,
                *(" ".join(row) for row in (section.grid.texts() if section.grid else ())),
            ]
        )
        for section in sections(explained(plant))
    )


def test_the_small_instance_has_a_plan_and_nothing_in_it_conflicts():
    assert explain_infeasible(small()).conflicts == ()
    assert capplan.solve(small()).objective > 0


@every_cause
def test_the_planted_cause_is_named(plant):
    found = explained(plant)
    named = {(found.limits[g].table, found.limits[g].column) for one in found.conflicts for g in one.limits}
    assert set(CAUSES[plant]) <= named


@every_cause
def test_every_mend_gives_the_instance_a_plan(plant):
    mends = [mend for mend in explained(plant).mends if mend.changes]
    assert mends
    assert all(mend.is_checked for mend in mends)


@pytest.mark.parametrize(
    "plant", [cases.beds, cases.pool, cases.journeys, cases.two_at_once], ids=lambda p: p.__name__
)
def test_solve_says_the_same_before_and_after_a_mend(plant):
    with pytest.raises(Infeasible):
        capplan.solve(small(plant))
    last = [mend for mend in explained(plant).mends if mend.changes][-1]
    assert capplan.solve(small(plant), sets=last.overrides).objective > 0


@pytest.mark.parametrize(
    ("plant", "kind", "override"),
    [
        # Fifteen are referred, whatever is asked.
        (cases.above_referrals, Kind.TARGETS, "targets[target=discharges].value = 15"),
        # A bed takes one person for 30 days: 14 people in the 30 days of April need 14 beds.
        (cases.beds_of_the_county, Kind.BEDS, "limits[limit=county_beds].max = 14"),
        (cases.building, Kind.BEDS, "site_beds[site=manor,bed_type=ward].beds_max = 10"),
        # In June 14 people take 20 days at an hour a day, and a WTE gives 4 hours on each of 30 days: 280 / 120.
        (cases.staff, Kind.STAFF, "staff[locality=all,role=rsw].wte_max = 2.4"),
        (cases.cover, Kind.COVER, "cover[network=west,locality=,shift_type=rapid].on_duty_min = 2"),
        (cases.journeys, Kind.TRAVEL, "pathways[pathway=rehab].travel_minutes_max = 40"),
        # Fourteen beds for 122 days at £100 in a third of a year, of which the budget is a third: 512,400.
        (cases.budget, Kind.BUDGETS, "budgets[funder=ccg,year=2017/18].budget_gbp = 512400"),
        # Two months at £50,000, from the second decision point on, in a third of a year: £100,000 of £300,000.
        (cases.scheme, Kind.BUDGETS, "budgets[funder=ccg,year=2017/18].budget_gbp = 300000"),
        # In April, which begins with empty beds, 14 people fill half as many; in May they fill 14.
        (
            cases.available_later,
            Kind.DATES,
            "site_beds[site=cottage,bed_type=ward].available_from = 2017-05-01",
        ),
        (cases.lead, Kind.DATES, "site_beds[site=cottage,bed_type=ward].lead_periods = 0"),
        (cases.closed_site, Kind.SITES, "sites[site=cottage].can_open = true"),
        # Lots of 4: 12 beds are one fewer than 13, 16 two more than 14.
        (cases.whole_lots, Kind.BEDS, "limits[limit=exactly].min = 12"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_least_change_is_as_by_hand(plant, kind, override):
    mend = mend_of(plant, kind)
    assert mend.overrides == (override,)
    assert mend.is_least


@pytest.mark.parametrize("plant", [cases.beds, cases.budget, cases.staff, cases.shifts, cases.recruits])
def test_a_little_less_than_the_least_change_leaves_no_plan(plant):
    for change in (change for mend in explained(plant).mends for change in mend.changes):
        less = 1.0 if change.limit.step else 0.12 * change.amount
        value = float(str(change.value)) - change.limit.direction * less
        assert has_plan(small(plant), [change.limit.override(value)], SolverOptions()) is False


def test_two_conflicts_at_once_are_told_apart_and_mended_together():
    found = explained(cases.two_at_once)
    assert len(found.conflicts) == 2
    assert not any(mend.changes for mend in found.mends if len(mend.kinds) == 1)
    together = {frozenset(mend.kinds) for mend in found.mends if mend.changes}
    assert {frozenset({Kind.COVER, Kind.BEDS}), frozenset({Kind.SHIFTS, Kind.TARGETS})} <= together


def test_a_conflict_is_told_with_names_numbers_and_what_would_do():
    text = told(cases.beds)
    assert "the target ‘discharges’: at least 12 a month from 1 May 2017 (8.1 a month could be held)" in text
    assert "at most 8 beds (Ward bed) at Cottage Hospital (5) and Manor House (3) (12 beds would do)" in text
    assert "a stay in a bed (Ward bed) takes 30 days" in text
    assert "Not enough alone, however far: staff and shifts." in text


def test_only_whole_numbers_in_the_way_are_told_as_such():
    text = told(cases.whole_lots)
    assert "whole ones do not" in text
    assert "open and close 4 at a time" in text


def test_people_and_beds_are_added_up_only_at_prices_that_were_given():
    assert explained(cases.beds).together is None
    assert "not added up unasked" in told(cases.beds)
    # A person a month costs 3 in the three months asked for, so a bed for £1 is cheaper and a bed for £4 is not.
    for gbp, gives_way in ((1.0, Kind.BEDS), (4.0, Kind.TARGETS)):
        mend = explain_infeasible(small(cases.beds), prices={Kind.TARGETS: 1.0, Kind.BEDS: gbp}).together
        assert {change.limit.kind for change in mend.changes} == {gives_way}
        assert mend.is_checked


def test_the_table_has_a_row_for_every_limit_in_conflict_and_every_change():
    found = explained(cases.beds)
    table = as_table(found)
    assert (table["part"] == "conflict").sum() == len(found.conflicts[0].limits)
    assert (table["part"] == "mend").sum() == sum(len(mend.changes) for mend in found.mends)
    assert table.loc[table["part"] == "mend", "override"].notna().all()


def test_conflicts_are_data_that_travel_without_the_model():
    found = explained(cases.cover)
    (conflict,) = as_data(found)
    assert conflict.lines[0] == "These cannot all hold"
    assert {limit.kind for limit in conflict.limits} == {
        found.limits[g].kind.value for g in found.conflicts[0].limits
    }
    cover = next(limit for limit in conflict.limits if limit.table == "cover")
    assert cover.column in TABLES["cover"].spellings
    assert dict(cover.key)["shift_type"] == "rapid"
    assert "on duty" in cover.says
    assert pickle.loads(pickle.dumps(conflict)) == conflict
