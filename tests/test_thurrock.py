"""Thurrock's tables: what the bid says, what it leaves open, and the page that tells of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import capplan
from docs.places import thurrock
from docs.places.page import read_numbers

THURROCK = Path(__file__).parents[1] / "instances" / "thurrock-2015"


@pytest.fixture(scope="module")
def instance():
    return capplan.read(THURROCK)


@pytest.fixture(scope="module")
def told():
    return read_numbers(thurrock.PLACE)


def test_the_menu_has_every_setting_of_the_bid(instance):
    assert set(instance.table("bed_types")["bed_type"]) == {"ward", "nursing", "interim", "flat", "living"}
    assert {"reablement_telecare", "rapid_telecare"} <= set(instance.packages["package"])


def test_nothing_closes_before_the_review_of_april_2016(instance):
    locks = instance.table("limits").query("limit.str.startswith('lock_')")
    today = instance.table("site_beds").groupby("bed_type")["beds"].sum()
    assert (locks["to"].astype(str).str[:10] == "2016-03-31").all()
    assert locks.set_index("resource")["min"].to_dict() == today[today > 0].to_dict()


def test_the_bid_sets_no_number_for_admissions_avoided(instance):
    targets = instance.targets.set_index("target")
    assert targets.loc[["admissions_avoided", "discharges", "independent"], "value"].isna().all()


def test_more_gain_share_never_costs_more(told):
    runs = told["runs"]
    assert runs["full_gain_share"]["bound"] <= runs["base"]["cost"]
    assert runs["base"]["bound"] <= runs["no_gain_share"]["cost"]


def test_keeping_what_is_there_and_a_broad_menu_never_cost_less(told):
    runs = told["runs"]
    for name in ("keep_what_is_there", "broad_menu", "separate_budgets", "whole_ward"):
        assert runs[name]["cost"] >= runs["base"]["bound"]


def test_a_dearer_success_never_costs_less(told):
    runs = told["runs"]
    assert runs["base"]["bound"] <= runs["pbr_150"]["cost"]
    assert runs["pbr_150"]["bound"] <= runs["pbr_300"]["cost"]
