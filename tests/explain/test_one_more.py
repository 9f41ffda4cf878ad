"""What binds in a plan, and what one unit more is worth."""

import pytest

import capplan
from capplan.digest.answers import LEFT_OPEN, one_more_section
from capplan.explain import feasible_sections, feasible_table, resolve, what_one_more_is_worth
from capplan.explain.limits.limit import Kind
from capplan.explain.one_more import by_relaxation, worth_of
from capplan.explain.resolve import Answer
from capplan.solver_options import SolverOptions
from tests.explain import cases
from tests.explain.cases import small

EXACT = SolverOptions(gap=1e-6)
MORE_BEDS = "site_beds[site=manor,bed_type=ward].beds_max = 5"


def few_beds(tables):
    """Twelve beds for fifteen people a month, all of them worth opening."""
    cases.only_beds(tables)
    for row, most in zip(tables["site_beds"], (8, 4), strict=True):
        row.update(beds=most, beds_max=most)


def with_target(tables):
    few_beds(tables)
    cases.target(tables, 12)


@pytest.fixture(scope="module")
def worths():
    return what_one_more_is_worth(small(few_beds), EXACT, n_solved=1)


def saving(instance, override):
    before, after = capplan.solve(instance, gap=1e-6), capplan.solve(instance, sets=[override], gap=1e-6)
    return before.objective - after.objective


def test_beds_that_are_all_open_bind_and_nothing_else_does(worths):
    assert {(worth.one_more.limit.what, worth.one_more.limit.named("site")) for worth in worths} == {
        ("beds_max", "cottage"),
        ("beds_max", "manor"),
    }


def test_one_bed_more_saves_what_two_solves_differ_by(worths):
    dearest = worths[0]
    assert dearest.is_solved
    assert dearest.saves_gbp == pytest.approx(saving(small(few_beds), dearest.one_more.override), abs=0.01)


def test_only_the_dearest_are_solved_again_and_each_says_by_what_it_was_found(worths):
    assert [worth.is_solved for worth in worths] == [True, False]
    table = feasible_table(worths, small(few_beds))
    assert table["by"].tolist() == ["plan", "relaxation"]
    told = feasible_sections(capplan.solve(small(few_beds)), table)[-1]
    assert [row[-1] for row in told.grid.texts()] == ["the plan", "the relaxation"]


def test_where_fractions_change_nothing_the_relaxation_says_the_same(worths):
    by_plan, by_relaxed = worths
    assert by_relaxed.saves_gbp == pytest.approx(by_plan.one_more.saves_gbp, rel=0.05)


def test_one_more_asked_for_by_a_target_costs():
    one = next(
        one for one in by_relaxation(small(cases_dear_target), EXACT) if one.limit.kind is Kind.TARGETS
    )
    assert one.saves_gbp < 0
    assert one.override == "targets[target=discharges].value = 11"


def cases_dear_target(tables):
    """Ten a month are asked for, in beds that nobody would open for their own sake."""
    cases.only_beds(tables)
    tables["pathways"][0]["unmet_gbp"] = 100
    cases.target(tables, 10)


def test_what_cannot_be_had_is_told_as_no_plan():
    asked = what_one_more_is_worth(small(at_the_edge), EXACT, n_solved=6)
    target = next(worth for worth in asked if worth.one_more.limit.kind is Kind.TARGETS)
    assert not target.has_plan
    table = feasible_table(asked, small(at_the_edge))
    told = feasible_sections(capplan.solve(small(at_the_edge)), table)[-1]
    assert any("no plan" in row for row in told.grid.texts())


def at_the_edge(tables):
    """Twelve a month are asked for, and there are twelve beds for stays of a month."""
    cases_dear_target(tables)
    for row, most in zip(tables["site_beds"], (8, 4), strict=True):
        row.update(beds=0, beds_max=most)
    tables["targets"][0]["value"] = 11.8


def test_answers_are_kept_and_not_looked_for_again(tmp_path, monkeypatch):
    instance = small(few_beds)
    first = resolve.resolve(instance, [(), (MORE_BEDS,)], EXACT, cache=tmp_path)
    monkeypatch.setattr(resolve, "solve", lambda *_, **__: pytest.fail("solved again"))
    assert resolve.resolve(instance, [(), (MORE_BEDS,)], EXACT, cache=tmp_path) == first


def test_another_instance_has_answers_of_its_own(tmp_path):
    few, more = (resolve.resolve(small(plant), [()], EXACT, cache=tmp_path)[0] for plant in (few_beds, None))
    assert few.objective > more.objective


def test_a_spoilt_answer_is_found_again(tmp_path):
    instance = small(few_beds)
    first = resolve.resolve(instance, [()], EXACT, cache=tmp_path)
    for file in tmp_path.iterdir():
        file.write_text("{")
    assert resolve.resolve(instance, [()], EXACT, cache=tmp_path) == first


def test_processes_side_by_side_answer_as_one_does():
    alone = SolverOptions(gap=1e-6, threads=1)
    one, two = (resolve.resolve(small(few_beds), [(), (MORE_BEDS,)], alone, jobs=jobs) for jobs in (1, 2))
    assert [answer.objective for answer in one] == pytest.approx([answer.objective for answer in two])


def test_a_difference_within_what_is_proved_is_no_difference():
    one = by_relaxation(small(few_beds), EXACT)[0]

    def told(*answers):
        table = feasible_table([worth_of(one, *answers)], small(few_beds))
        return one_more_section(table).grid.texts()[0]

    assert LEFT_OPEN in told(Answer(1000.0, 990.0), Answer(995.0, 985.0))
    assert "£100" in told(Answer(1000.0, 999.0), Answer(900.0, 899.0))
