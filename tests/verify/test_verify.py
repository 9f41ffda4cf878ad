"""A plan that is right passes; whatever number in it is changed, the checker says so."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from capplan.errors import Problem, Severity
from capplan.instance import Instance
from capplan.results.tables import TABLES
from capplan.verify import RULES, verify, verify_run
from capplan.verify.evidence import Evidence, complete

Tables = dict[str, pd.DataFrame]
OF_TODAY = ("today_gives", "do_nothing_gbp", "do_nothing_gap_gbp")
"""Columns that are empty here: tests/verify/test_saved_runs.py has runs with today's capacity."""
OF_CONGESTION = ("people_queueing", "people_waiting", "refusal_probability", "wait_probability")
"""Columns of `beds` that are empty here: tests/verify/test_congestion.py has a plan with queues."""
CHECKED = [
    (table, column)
    for table, record in TABLES.items()
    for column in (each.name for each in record.columns if not each.is_text and not each.not_counted)
    if column not in (*OF_CONGESTION, *OF_TODAY)
]


def test_a_plan_worked_out_by_hand_is_right(run_folder: Path):
    assert verify_run(run_folder) == ()


@pytest.mark.parametrize(("table", "column"), CHECKED)
def test_every_number_that_is_changed_is_found(two_weeks: Instance, results: Tables, table: str, column: str):
    changed = results[table].copy()
    row = changed[column].dropna().index[-1]
    cell = changed.at[row, column]
    changed[column] = changed[column].astype(object)
    changed.at[row, column] = (not cell) if isinstance(cell, np.bool_) else cell + 0.5
    assert _is_found(table, two_weeks, {**results, table: changed})


@pytest.mark.parametrize("table", TABLES)
def test_every_row_that_is_left_out_is_found(two_weeks: Instance, results: Tables, table: str):
    assert _is_found(table, two_weeks, {**results, table: results[table].iloc[1:]})


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("starts", "locality", "b"),
        ("starts", "package", "home"),
        ("costs", "provider", "Trust"),
        ("costs", "funder", "ccg"),
        ("budgets", "funder", "ccg"),
        ("costs", "locality", "b"),
        ("waiting", "hospital", "h"),
        ("caseload", "locality", "b"),
        ("decisions", "where", "a"),
        ("targets", "window", "2017/18"),
    ],
)
def test_what_is_booked_on_another_place_is_found(
    two_weeks: Instance, results: Tables, table: str, column: str, name: str
):
    assert _is_found(table, two_weeks, {**results, table: results[table].assign(**{column: name})})


def _is_found(table: str, instance: Instance, tables: Tables) -> bool:
    """Whether a rule that claims a column of the table finds anything wrong."""
    evidence = Evidence(instance, complete(instance, tables)[0])
    claims = {rule for column in TABLES[table].columns for rule in column.counted_by}
    own = [rule for name, rule in RULES.items() if name in claims]
    return any(next(rule(evidence), None) is not None for rule in own)


def test_a_difference_names_the_table_the_rule_the_key_and_both_numbers(two_weeks: Instance, results: Tables):
    beds = results["beds"].assign(people_in_care=[3, 6.5, 0, 0])
    problems = [p for p in verify(two_weeks, {**results, "beds": beds}) if p.rule == "people_in_beds"]
    message = "site s, bed_type ic, 2018-02-12: people_in_care is 6.5, recomputed 6 (+0.5)"
    assert problems == [Problem("beds", "people_in_beds", message, severity=Severity.ERROR)]


def test_an_objective_that_is_not_the_sum_of_the_costs_is_found(two_weeks: Instance, results: Tables):
    total = results["costs"]["gbp_discounted"].sum()
    assert verify(two_weeks, results, objective=total) == ()
    assert [p.rule for p in verify(two_weeks, results, objective=total + 1)] == ["objective"]


def test_the_objective_is_read_from_the_run_folder(run_folder: Path, tmp_path: Path):
    copied = shutil.copytree(run_folder, tmp_path / "run")
    run = json.loads((copied / "run.json").read_text(encoding="utf-8"))
    (copied / "run.json").write_text(json.dumps({**run, "objective": 1}), encoding="utf-8")
    assert [p.rule for p in verify_run(copied)] == ["objective"]


def test_a_missing_table_and_a_missing_column_are_named(two_weeks: Instance, results: Tables):
    del results["caseload"]
    results["beds"] = results["beds"].drop(columns="spot_beds")
    problems = [(p.table, p.rule, p.message) for p in verify(two_weeks, results)]
    assert problems == [
        ("beds", "tables_complete", "the result table beds has no column spot_beds"),
        ("caseload", "tables_complete", "the result table caseload is missing"),
    ]


def test_rows_twice_and_periods_outside_the_plan_are_named(two_weeks: Instance, results: Tables):
    sites = results["sites"]
    later = pd.DataFrame([{"site": "s", "period": "2018-02-19", "is_open": True}])
    results["sites"] = pd.concat([sites, sites.iloc[:1], later], ignore_index=True)
    rules = {p.rule for p in verify(two_weeks, results)}
    assert {"rows_unique", "names_known"} <= rules


def test_a_cell_without_a_number_is_named(two_weeks: Instance, results: Tables):
    results["beds"] = results["beds"].astype({"people_in_care": object})
    results["beds"].loc[0, "people_in_care"] = "three"
    assert "numbers_complete" in {p.rule for p in verify(two_weeks, results)}


def test_differences_beyond_the_twentieth_of_a_kind_are_counted(two_weeks: Instance, results: Tables):
    results["costs"] = results["costs"].assign(gbp=lambda rows: rows["gbp"] * 1.01)
    problems = [p for p in verify(two_weeks, results) if p.rule == "costs"]
    assert len(problems) == 21
    assert problems[-1].message == "and 24 more of the same kind"


def test_rounding_in_the_seventh_digit_is_no_difference(two_weeks: Instance, results: Tables):
    results["costs"] = results["costs"].assign(gbp=lambda rows: rows["gbp"] * (1 + 1e-7))
    assert verify(two_weeks, results) == ()


def test_a_hard_target_may_be_missed_by_todays_capacity_or_with_best_effort(
    two_weeks: Instance, results: Tables
):
    hard = two_weeks.written["targets"].assign(shortfall_gbp=float("nan"))
    instance = two_weeks.replace(targets=hard)
    results["costs"] = results["costs"][results["costs"]["item"] != "shortfall"]

    def rules(**options: bool) -> set[str]:
        return {p.rule for p in verify(instance, results, **options)}

    assert "target_hard" in rules()
    assert "target_hard" not in rules(as_is=True) | rules(best_effort=True)


def test_a_run_from_before_there_were_schemes_needs_no_table_of_them(two_weeks: Instance, results: Tables):
    del results["schemes"]
    assert "tables_complete" in {p.rule for p in verify(two_weeks, results)}
    none = two_weeks.replace(schemes=two_weeks.written["schemes"].iloc[:0])
    assert "tables_complete" not in {p.rule for p in verify(none, results)}
