"""What a planner reads about acute wards; the numbers are those of tests/formulation/test_acute.py."""

from dataclasses import replace

from capplan.digest import capacity, decisions
from tests.formulation.test_acute import ROYAL, wards
from tests.formulation.tiny import plan_for

NAMED = {"hospitals": "hospital,name\nroyal,Royal Hospital"}


def test_a_row_says_how_many_wards_close_from_when_and_what_that_releases():
    section = capacity.wards(plan_for(ROYAL, NAMED, wards()))
    assert section.grid.texts() == (("Royal Hospital", "1", "3", "5 Feb 2018", "3", "£2,000"),)
    # Two wards take four beds, three are freed.
    assert section.lines == ("Royal Hospital: another ward needs 1 bed more freed by the end.",)


def test_nothing_is_missing_where_every_ward_closes():
    assert capacity.wards(plan_for(ROYAL, NAMED, wards(wards_max=1))).lines == ()


def test_a_ward_that_could_close_and_does_not_is_told():
    late = plan_for(ROYAL, NAMED, wards(gain_share=0))
    freed = late.tables["acute"].assign(beds_freed=4.0, wards_closed=0.0)
    section = capacity.wards(replace(late, tables={**late.tables, "acute": freed}))
    assert section.lines == (
        "Royal Hospital: beds for another ward are freed at the end; closing it comes too late, or does not pay.",
    )


def test_none_can_close_where_none_may():
    told = capacity.wards(plan_for(ROYAL, NAMED, wards(wards_max=0)))
    assert told.grid.texts() == (("Royal Hospital", "0", "0", "", "3", "£0"),)
    assert told.lines == ()


def test_without_wards_nothing_is_said():
    assert capacity.wards(plan_for(ROYAL, NAMED)) is None


def test_a_closing_ward_is_signed_under_the_hospitals_name():
    grid = decisions.to_sign(plan_for(ROYAL, NAMED, wards())).grid
    row = ("5 Feb 2018", "acute ward", "Royal Hospital", "-1", "5 Feb 2018", "£0", "-£48,000")
    assert grid.texts() == (row,)
