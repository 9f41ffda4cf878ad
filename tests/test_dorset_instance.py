"""Bournemouth, Dorset and Poole: the tables, and what today's teams give."""

from __future__ import annotations

from pathlib import Path

import pytest

import capplan
from capplan.sources import sources

DORSET = Path(__file__).parents[1] / "instances" / "dorset-2010"


@pytest.fixture(scope="module")
def instance():
    return capplan.read(DORSET)


def test_the_tables_have_no_error_however_wards_close_and_whoever_is_funded(instance):
    for scenario in (None, "wards_across_sub_region", "no_placements_42_hours"):
        problems = capplan.check(capplan.change(instance, scenario=scenario))
        assert [str(p) for p in problems if p.severity is capplan.Severity.ERROR] == []


def test_every_number_has_a_source_or_is_named_an_assumption(instance):
    found = sources(instance)
    assert found[found["kind"] == "none"][["table", "key", "column"]].to_dict("records") == []


def test_every_range_can_be_asked(instance):
    for row in instance.table("ranges").to_dict("records"):
        for end in ("low", "high"):
            capplan.change(instance, f"{row['value']} = {row[end]}")


def test_todays_teams_divert_about_half_of_fifteen_per_cent(instance):
    plan = capplan.solve(instance, as_is=True, threads=1)
    targets = plan.tables["targets"].set_index("target")
    assert 0.06 <= targets.loc["diversion_over_all", "achieved"] <= 0.09
