"""Bournemouth, Dorset and Poole: what the page says of diversion, wards and placements is so."""

from __future__ import annotations

import pytest

from docs.places import page
from docs.places.dorset import PLACE, wards

RATES = {"base": 0.15, "diversion_20": 0.20, "diversion_25": 0.25, "diversion_30": 0.30}


@pytest.fixture(scope="module")
def runs():
    return page.read_numbers(PLACE)["runs"]


@pytest.mark.parametrize(("run", "rate"), RATES.items())
def test_each_rate_is_met_and_hardly_passed(runs, run, rate):
    assert not runs[run]["is_best_effort"]
    assert rate - 1e-4 <= runs[run]["targets"]["diversion"]["achieved"] <= rate + 0.006


def test_wards_close_whole_and_more_of_them_at_30_per_cent(runs):
    assert all(wards(run) == int(wards(run)) for run in runs.values())
    assert wards(runs["diversion_30"]) > wards(runs["base"]) > 0
    assert wards(runs["as_is"]) == wards(runs["diversion_30_no_ward_closes"]) == 0


def test_30_per_cent_costs_more_where_no_ward_closes(runs):
    assert runs["diversion_30_no_ward_closes"]["bound"] > runs["diversion_30"]["cost"]


def test_more_diversion_is_cheaper_where_wards_close_and_dearer_where_none_does(runs):
    assert runs["diversion_30"]["cost"] < runs["base"]["bound"]
    assert runs["diversion_30_no_ward_closes"]["bound"] > runs["fifteen_no_ward_closes"]["cost"]


@pytest.mark.parametrize(
    ("trusts", "across"),
    [("base", "wards_across_sub_region"), ("diversion_30", "diversion_30_sub_region")],
)
def test_closing_by_trust_looks_cheaper(runs, trusts, across):
    assert runs[trusts]["cost"] < runs[across]["bound"]


def test_virtual_wards_are_bought_only_where_diversion_may_pass_30_per_cent(runs):
    assert [name for name, run in runs.items() if "virtual_wards" in run["schemes"]] == ["as_much_as_pays"]


def test_at_1500_pounds_an_admission_diversion_pays_without_closing_wards(runs):
    at_600, at_1500 = (
        runs[f"as_pays_{name}no_ward_closes"]["targets"]["diversion"]["achieved"] for name in ("", "at_1500_")
    )
    assert at_600 == pytest.approx(0.15, abs=0.005)
    assert at_1500 > 0.25


def test_without_placements_everybody_new_is_cared_for_at_home(runs):
    for name in ("no_placements", "no_placements_42_hours"):
        assert runs[name]["packages"].get("long_term placement", 0) == 0
        assert (
            runs[name]["measures"]["wte_at_end_home_carer"]
            > runs["base"]["measures"]["wte_at_end_home_carer"]
        )


def test_six_hours_a_day_make_home_care_dearer_than_placements(runs):
    assert runs["no_placements_42_hours"]["bound"] > runs["base"]["cost"]
