"""The shipped example gives what its README works out by hand."""

from pathlib import Path

import pytest

import capplan

TINY = Path(__file__).parents[1] / "instances" / "tiny"
BY_HAND = {
    "beds": 146_400,
    "staff": 48_000,
    "shifts": 82_350,
    "travel": 1_098,
    "failures": 45_750,
    "changes": 1_900,
    "unmet": 9_150,
}


@pytest.fixture(scope="module")
def plan():
    return capplan.solve(TINY, gap=0)


@pytest.mark.parametrize(
    ("question", "cost"),
    [
        ({}, 334_648),
        ({"as_is": True}, 497_394),
        ({"scenario": "more_discharges"}, 345_747.60),
        ({"scenario": "town_only"}, 384_246),
    ],
    ids=["plan", "today's capacity", "more discharges", "town only"],
)
def test_tiny_costs_what_its_readme_works_out(question, cost):
    found = capplan.solve(TINY, gap=0, **question)
    assert found.objective == pytest.approx(cost, abs=0.005)
    assert f"{cost:,.2f}".removesuffix(".00") in (TINY / "README.md").read_text(encoding="utf-8")


def test_every_line_of_the_cost_table_is_as_by_hand(plan):
    costs = plan.tables["costs"].groupby("item")["gbp"].sum()
    assert costs[costs.abs() > 0.005].to_dict() == pytest.approx(BY_HAND, abs=0.005)


def test_capacity_is_as_by_hand(plan):
    last = {name: plan.tables[name].query("period == period.max()") for name in ("beds", "staff", "shifts")}
    assert last["beds"]["beds_open"].tolist() == [10]
    assert dict(zip(last["staff"]["locality"], last["staff"]["wte"], strict=True)) == pytest.approx(
        {"northtown": 2, "southvale": 2}
    )
    assert last["shifts"]["shifts_on_duty"].tolist() == [3]


def test_the_people_left_out_are_from_southvale(plan):
    unmet = plan.tables["waiting"].groupby("locality")["unmet"].sum()
    assert unmet.to_dict() == pytest.approx({"northtown": 0, "southvale": 18.3})


def test_scenarios_of_the_readme_are_all_there_are():
    scenarios = set(capplan.read(TINY).scenarios["scenario"])
    assert scenarios == {"more_discharges", "town_only"}
