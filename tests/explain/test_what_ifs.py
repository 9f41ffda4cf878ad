"""Assumptions that could change the answer, solved again at both ends."""

import math

import pytest

import capplan
from capplan.digest.answers import could_change_it as told
from capplan.explain.what_ifs import could_change_it, what_ifs
from capplan.runs import keep_answer, read_run
from capplan.runs.writing import write_run
from capplan.solver_options import SolverOptions
from tests.explain import cases
from tests.explain.cases import STAY, small, with_ranges

EXACT = SolverOptions(gap=1e-6)


@pytest.fixture(scope="module")
def plan():
    return capplan.solve(small(with_ranges), gap=1e-6)


@pytest.fixture(scope="module")
def table(plan):
    return could_change_it(plan, EXACT, n_told=2)


def test_numbers_with_a_range_come_first_then_those_on_which_money_hangs(plan):
    found = what_ifs(plan)
    assert [one.number for one in found[:2]] == ["site_beds.bed_day_gbp", "packages.stay_days"]
    assert found[1].at_high == (f"{STAY} = 40",)
    assert {one.low for one in found[2:]} == {"a tenth lower"}


def test_every_change_is_one_that_the_instance_takes(plan):
    for one in what_ifs(plan):
        for changes in (one.at_low, one.at_high):
            assert capplan.change(plan.instance, *changes) is not plan.instance


def test_what_moves_the_cost_most_is_told_first_with_what_two_solves_differ_by(plan, table):
    first = table.iloc[0]
    assert first["number"] == "packages.stay_days"
    for end in ("low", "high"):
        again = capplan.solve(plan.instance, sets=[first[f"overrides_{end}"]], gap=1e-6)
        assert first[f"{end}_gbp"] == pytest.approx(again.objective - plan.objective, abs=0.01)
    assert first["low_gbp"] < 0 < first["high_gbp"]


def test_what_would_be_open_is_told_beside_it(table):
    # Fifteen people a month in beds for 20 days need ten beds, for 30 days fifteen.
    assert "Ward bed" in table.iloc[0]["changes_low"]
    assert table.iloc[0]["changes_low"].startswith("-")
    assert table.iloc[0]["by_low"] == "plan"


def test_an_end_without_a_plan_comes_before_any_cost():
    def at_the_edge(tables):
        with_ranges(tables)
        cases.target(tables, 14)
        for row in tables["site_beds"]:
            row["beds_max"] = row["beds"]
        tables["site_beds"][0].update(beds=12, beds_max=12)

    plan = capplan.solve(small(at_the_edge), gap=1e-6)
    table = could_change_it(plan, EXACT, n_told=1)
    assert table.iloc[0]["number"] == "packages.stay_days"
    assert not table.iloc[0]["has_plan_high"]
    assert math.isnan(table.iloc[0]["high_gbp"])


def test_answers_stand_in_the_run_until_it_is_solved_again(plan, table, tmp_path):
    place = write_run(plan, tmp_path / "run")
    assert told(read_run(place)) is None
    assert keep_answer(place, "assumptions", table)
    section = told(read_run(place))
    assert section is not None
    assert section.grid is not None
    assert section.grid.texts()[0][0] == "packages.stay_days"
    assert read_run(place).answers["assumptions"]["low_gbp"].tolist() == pytest.approx(
        table["low_gbp"].tolist()
    )
    assert told(read_run(write_run(plan, place))) is None
