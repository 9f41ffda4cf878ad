"""Whether plans differ is decided on their numbers, and told where the numbers read alike."""

import math
from dataclasses import replace

import pytest

import capplan
from capplan.cli.text import as_markdown
from capplan.compare import ComparedRun, compare, sections
from capplan.compare.differences import _difference


def with_table(run, table, name="other", **columns):
    """The plan under another name, with other columns of a table."""
    tables = run.solved.tables
    changed = {**tables, table: tables[table].assign(**columns)}
    return replace(run, name=name, solved=replace(run.solved, tables=changed))


def scaled(run, table, name="other", **factors):
    """The plan with some columns of a table multiplied."""
    frame = run.solved.tables[table]
    return with_table(run, table, name, **{column: frame[column] * by for column, by in factors.items()})


def paying(run, gbp, name="other"):
    """The plan with so much more for its beds, all in the first row."""
    costs = run.solved.tables["costs"]
    first = costs.index == costs.index[costs["item"] == "beds"][0]
    return with_table(
        run, "costs", name, **{column: costs[column] + gbp * first for column in ("gbp", "gbp_discounted")}
    )


def page(*runs):
    return as_markdown(sections(compare(runs)))


def rows(text, *begin):
    """The rows of the tables that begin with these cells."""
    return [line for line in text.splitlines() if line.startswith(f"| {' | '.join(begin)} |")]


def test_amounts_that_read_alike_are_shown_with_their_difference(base):
    dear = paying(base, 1_010_000 - 146_400, "base")
    assert "| beds | £1.01m | £1.01m | +£3,000 | +0.3% |" in page(dear, paying(dear, 3_000))
    third = replace(dear, name="third")
    assert "| beds | £1.01m | £1.01m (+£3,000) | £1.01m |" in page(dear, paying(dear, 3_000), third)


def test_a_few_thousandths_of_a_person_are_a_difference(base):
    """18.3 people go without, one in 6,000 more."""
    told = page(base, scaled(base, "waiting", unmet=1 + 1 / 6000))
    assert rows(told, "everybody", "go without") == [
        "| everybody | go without | 18.3 | 18.3 | +0.003 | +under 0.1% |"
    ]
    assert "0.003 more people go without" in told


def test_what_a_solver_leaves_is_the_same(base):
    told = page(base, scaled(base, "waiting", unmet=1 + 1e-8, starts=1 - 1e-9))
    assert rows(told, "everybody", "go without") == ["| everybody | go without | 18.3 | 18.3 | same |  |"]
    assert "go without" not in told.split("##")[1]


def test_the_page_and_the_table_agree_on_what_is_the_same(base):
    """10 pence of £146,400 are less than a millionth."""
    found = compare([base, paying(base, 0.10)])
    beds = found.measures.query("group == 'cost_by_item' and key == 'beds' and run == 'other'")
    assert beds["difference"].tolist() == [0.0]
    assert "| beds | £146,400 | £146,400 | same |  |" in as_markdown(sections(found))


def test_a_change_below_what_is_shown_is_not_minus_nothing(base):
    told = page(base, scaled(base, "waiting", unmet=1 - 0.0002))
    assert rows(told, "everybody", "go without")[0].endswith("| -0.004 | -under 0.1% |")
    assert "-0%" not in told


def test_a_line_of_hardly_anything_is_told_where_plans_differ_in_it(base):
    hours = base.solved.tables["staff"].index == 0
    told = page(base, with_table(base, "staff", agency_hours=0.04 * hours))
    assert rows(told, "agency") == ["| agency | hours | 0 | 0.04 | +0.04 |  |"]
    assert not rows(page(base, with_table(base, "staff", agency_hours=1e-9)), "agency")


def test_what_one_plan_does_not_know_is_neither_the_same_nor_a_difference(base):
    old = {name: table for name, table in base.solved.tables.items() if name != "shifts"}
    told = page(base, ComparedRun("old", replace(base.solved, tables=old)))
    assert rows(told, "Rapid response crew") == ["| Rapid response crew | crews on duty | 3 |  |  |  |"]


def test_targets_that_ask_for_nearly_the_same_are_told_apart(base):
    """0.9 a day, and one in 5,000 more."""
    told = page(base, scaled(base, "targets", required=1.0002, achieved=1.1))
    (line,) = rows(told, "Discharges a day")
    assert "| 0.9 a day and 0.90018 a day |" in line


def test_a_shortfall_that_would_be_shown_as_0_is_next_to_nothing(base):
    missed = with_table(base, "targets", shortfall=1e-4, is_met=False)
    assert "0.9 a day, short by next to nothing (" not in page(base, missed)
    assert rows(page(base, missed), "Discharges a day") == [
        "| Discharges a day |  | 0.9 a day | 0.9 a day | 0.9 a day, short by next to nothing | same |  |"
    ]


@pytest.mark.parametrize("name", ["12", "£1.9m a year", "2017/18"])
def test_places_and_runs_that_are_called_like_numbers_are_text(base, town_only, instance, name):
    places = instance.written["localities"].assign(name=[name, "13"])
    renamed = [
        replace(run, name=called, solved=replace(run.solved, instance=instance.replace(localities=places)))
        for run, called in ((base, "2017"), (town_only, name))
    ]
    told = page(*renamed)
    table = told[told.index(f"| {name} | Rehab bed |") - 100 :]
    assert "| --- | --- | --- | ---: | ---: | ---: | ---: |" in table


def test_a_change_of_a_cell_lines_up_by_what_it_is(base, instance):
    def rule(override):
        plan = replace(base.solved, instance=capplan.change(instance, override))
        told = page(base, ComparedRun("other", plan)).split("## What separates them")[1]
        return next(line for line in told.splitlines() if line.startswith("| ---")).split()[-2]

    assert rule("packages[package=rehab_bed].stay_days = 24") == "---:"
    assert rule("site_beds.available_from = 2017-05-01") == "---"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        *((math.inf, math.inf, (0.0, 0.0, True)), (0.0, -0.0, (0.0, None, True))),
        *((math.inf, 5.0, (-math.inf, None, False)), (math.nan, 5.0, (None, None, False))),
        *((math.nan, math.nan, (None, None, True)), (10.0, 10.004, (0.0, 0.0, True))),
        (10.0, 10.006, (0.006, 0.0006, False)),
    ],
)
def test_numbers_that_are_never_or_not_known_are_compared_too(before, now, told):
    found = _difference(before, now, 0.0, 0.0, least=0.005)
    assert [None if math.isnan(number) else pytest.approx(number) for number in found[:2]] == list(told[:2])
    assert found[2] is told[2]
