"""Bromley: the do-nothing gap is the document's, and what the page says of budgets, prevention and pilots is so."""

from __future__ import annotations

import pytest

import capplan
from docs.places import page
from docs.places.bromley import LAST, PARTNERS, PLACE, PREVENTION, gap


@pytest.fixture(scope="module")
def numbers():
    return page.read_numbers(PLACE)


@pytest.fixture(scope="module")
def runs(numbers):
    return numbers["runs"]


def test_nothing_done_leaves_the_documents_61_million_in_2019_20():
    plan = capplan.solve(capplan.read(PLACE.instance_folder), as_is=True, threads=1)
    budgets = plan.tables["budgets"].set_index(["funder", "year"])
    gaps = [budgets.loc[(partner, LAST), "gap_gbp"] for partner in PARTNERS]
    assert sum(gaps) == pytest.approx(61e6, abs=5_000)  # committed spend is written in thousands


def test_the_page_tells_the_same_gap_and_a_smaller_one_with_the_plan(numbers):
    assert gap(numbers, "base", "do_nothing_gap_gbp") == pytest.approx(61e6, abs=5_000)
    assert 50e6 < gap(numbers, "base") < 61e6


def test_partners_get_no_more_than_savings_elsewhere_have(runs):
    for year in ("2017/18", "2018/19", LAST):
        for partner, saved in zip(
            PARTNERS, ("Savings elsewhere, health", "Savings elsewhere, council"), strict=True
        ):
            received = runs["base"]["funders"][f"{partner} {year}"]["transferred_gbp"]
            assert received <= runs["base"]["funders"][f"{saved} {year}"]["budget_gbp"] + 1


def test_a_pool_costs_no_more_than_separate_budgets(runs):
    assert runs["pooled_budgets"]["bound"] <= runs["base"]["cost"]
    assert runs["pooled_budgets"]["cost"] < runs["base"]["bound"]  # it is worth something here


def test_prevention_costs_least_where_it_works_and_breaks_the_targets_where_it_is_bought_and_fails(runs):
    costs = [runs[name]["cost"] for name in PREVENTION]
    assert min(costs) == runs["prevention_works"]["cost"]
    assert [name for name in PREVENTION if runs[name]["is_best_effort"]] == ["prevention_bought_and_fails"]
    assert "prevention" in runs["prevention_bought_and_fails"]["schemes"]
    assert "prevention" not in runs["prevention_fails"]["schemes"]


def test_the_pilot_goes_first_and_the_others_follow_half_a_year_later(runs):
    live = {key.split()[1]: found["from"] for key, found in runs["base"]["schemes"].items() if " " in key}
    first = live.pop("orpington")
    assert live
    assert min(live.values()) > first
    assert (int(min(live.values())[:4]) - int(first[:4])) * 12 + int(min(live.values())[5:7]) >= int(
        first[5:7]
    ) + 6


def test_teams_that_change_nothing_are_not_set_up(runs):
    assert not [key for key in runs["networks_disappoint"]["schemes"] if key.startswith("network_teams")]
