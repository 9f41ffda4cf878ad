"""Saved runs: whatever number in any table of a plan or of today's capacity is changed, the checker says so."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import capplan
from capplan.results.describe import not_counted
from capplan.results.tables import ANSWERS, TABLES
from capplan.today import as_is
from capplan.verify import RULES, verify_run
from capplan.verify.evidence import Evidence, complete

ROOT = Path(__file__).parents[2]
THURROCK = ROOT / "results" / "places" / "thurrock" / "base"
NUMBERS = [(table.name, c) for table in TABLES.values() for c in table.columns if not c.is_text]
TEXTS = [(table.name, c) for table in TABLES.values() for c in table.columns if c.is_text]


@pytest.fixture(scope="module")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return capplan.write_run(
        capplan.solve(ROOT / "instances" / "tiny"), tmp_path_factory.mktemp("runs") / "tiny"
    )


@cache
def evidence_of(run: Path) -> dict[str, Evidence]:
    """The evidence of a run's plan and of its plan of today's capacity."""
    instance = capplan.read(run)
    of_today = as_is(instance)
    tables, today = (
        complete(
            of,
            {file.stem: pd.read_csv(file, dtype=str, keep_default_na=False) for file in folder.glob("*.csv")},
        )[0]
        for of, folder in ((instance, run), (of_today, run / "today"))
    )
    plan = Evidence(instance, tables, today=today)
    return {"": plan, "today": plan.of_today(of_today, None)}


def changed_by_one(evidence: Evidence, table: str, column: str) -> Evidence | None:
    """The evidence with one number more by 1 (yes and no swapped, nothing filled in); None where there are no rows."""
    frame = evidence.tables[table].copy()
    if frame.empty:
        return None
    row = frame[column].dropna().index[-1] if frame[column].notna().any() else frame.index[-1]
    is_flag = TABLES[table].column(column).kind.value == "yes/no"
    old = 0.0 if pd.isna(frame.at[row, column]) else frame.at[row, column]
    frame.at[row, column] = 1 - old if is_flag else old + 1
    return evidence.with_tables(**{table: frame})


@pytest.mark.parametrize("part", ["", "today"])
@pytest.mark.parametrize(("table", "column"), NUMBERS, ids=lambda each: getattr(each, "name", each))
def test_any_number_of_thurrock_changed_by_one_is_noticed_by_the_rule_that_claims_it(part, table, column):
    _is_noticed(THURROCK, part, table, column)


@pytest.mark.parametrize("part", ["", "today"])
@pytest.mark.parametrize(("table", "column"), NUMBERS, ids=lambda each: getattr(each, "name", each))
def test_any_number_of_tiny_changed_by_one_is_noticed_by_the_rule_that_claims_it(
    tiny_run, part, table, column
):
    _is_noticed(tiny_run, part, table, column)


def _is_noticed(run: Path, part: str, table: str, column) -> None:
    changed = changed_by_one(evidence_of(run)[part], table, column.name)
    is_of_today = any(rule.startswith("today.") for rule in column.counted_by)
    if column.not_counted or changed is None or (part and is_of_today):
        return  # the plan of today's capacity is not compared with itself
    assert any(next(RULES[rule](changed), None) is not None for rule in column.counted_by)


@pytest.mark.parametrize("part", ["", "today"])
@pytest.mark.parametrize(("table", "column"), TEXTS, ids=lambda each: getattr(each, "name", each))
@pytest.mark.parametrize("place", ["thurrock", "tiny"])
def test_any_text_that_is_changed_or_emptied_is_noticed_by_a_rule_that_claims_it(
    tiny_run, place, part, table, column
):
    evidence = evidence_of(THURROCK if place == "thurrock" else tiny_run)[part]
    frame, rules = evidence.tables[table], rules_of(table, column)
    if frame.empty or column.not_counted:
        return
    for other in {"", "elsewhere"} - {frame[column.name].iloc[-1]}:
        changed = frame.copy()
        changed.loc[changed.index[-1], column.name] = other
        tables = {**evidence.tables, table: changed}
        is_no_name = any(p.rule == "names_known" for p in complete(evidence.instance, tables)[1])
        assert is_no_name or found_by(evidence.with_tables(**tables), rules), other


@pytest.mark.parametrize("part", ["", "today"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("place", ["thurrock", "tiny"])
def test_any_row_that_is_left_out_is_noticed_by_a_rule_that_claims_the_rows(tiny_run, place, part, table):
    evidence = evidence_of(THURROCK if place == "thurrock" else tiny_run)[part]
    frame = evidence.tables[table]
    numbers = [column.name for column in TABLES[table].columns if column.is_number]
    # A row of nothing is the hardest to miss, and a cost of nothing may be left out.
    of_nothing = frame.index[(frame[numbers].fillna(0.0) == 0).all(axis=1)] if table != "costs" else []
    for row in {*frame.index[-1:], *of_nothing[-1:]}:
        changed = evidence.with_tables(**{table: frame.drop(index=row)})
        assert any(found_by(changed, TABLES[table].rows_by)) or any(found_by(changed, claims(table)))


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("starts", ["northtown", "", "discharge", "rehab_bed", "cottage", "2017-04-01", 0.0, 0.0]),
        ("cross_cover", ["rsw", "northtown", "southvale", "2017-04-01", 0.0]),
        ("costs", ["beds", "imagined", "", "", "", "", "2017-04-01", 0.0, 0.0]),
        ("decisions", ["rehab", "cottage", "2017-05-01", 0.0, "2017-05-01", 0.0, 0.0, 0.0, ""]),
        ("planning_return", ["step_down", "discharge", "2018-01-01", 0.0, 0.0, 0.0, 0.0]),
        ("access", ["northtown", "elsewhere", 0.0, float("nan"), 0.0]),
        ("caseload", ["", "rehab_bed", "2017-04-01", 0.0]),
        ("waiting", ["northtown", "", "crisis", "2017-04-01", *[0.0] * 6]),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_row_of_nothing_that_is_too_much_is_noticed(tiny_run, table, row):
    evidence = evidence_of(tiny_run)[""]
    more = pd.DataFrame([row], columns=TABLES[table].names)
    rows = pd.concat([evidence.tables[table], more], ignore_index=True)
    rules = {*TABLES[table].rows_by, *claims(table)}
    assert found_by(evidence.with_tables(**{table: rows}), rules)


def claims(table: str) -> set[str]:
    return {rule for column in TABLES[table].columns for rule in column.counted_by}


def rules_of(table: str, column) -> tuple[str, ...]:
    return TABLES[table].rows_by if column.name in TABLES[table].key else column.counted_by


def found_by(evidence: Evidence, rules) -> list[str]:
    """The rules that find something wrong."""
    return [rule for rule in rules if next(RULES[rule](evidence), None) is not None]


def test_every_column_is_claimed_by_a_rule_or_says_why_none_counts_it():
    for table in TABLES.values():
        assert set(table.rows_by) <= set(RULES), table.name
        assert table.rows_by, table.name
        for column in table.columns:
            is_key = column.name in table.key
            assert set(column.counted_by) <= set(RULES), column
            assert (bool(column.counted_by) or is_key) != bool(column.not_counted), column
    for table in ANSWERS.values():
        assert all(column.not_counted for column in table.columns)
    assert [(table, column) for table, column, _ in not_counted()] == [
        ("targets", "marginal_gbp"),
        ("planning_return", "commissioned"),
        ("planning_return", "spot"),
    ]


@pytest.fixture
def run(tiny_run: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_run, tmp_path / "run")


def test_a_run_as_it_was_saved_is_right(run):
    assert verify_run(run) == ()


def edit(run: Path, name: str, column: str, change) -> None:
    file = run / f"{name}.csv"
    table = pd.read_csv(file)
    table.assign(**{column: change(table)}).to_csv(file, index=False)


@pytest.mark.parametrize(
    ("table", "column", "change", "place"),
    [
        ("today/costs", "gbp", lambda table: table["gbp"] * 2, "today/costs"),
        ("today/waiting", "referrals", lambda table: table["referrals"] * 0, "today/waiting"),
        ("today/beds", "people_in_care", lambda table: table["people_in_care"] * 0, "today/beds"),
        ("targets", "today_gives", lambda _: 99, "targets"),
        ("beds", "beds_imagined", lambda _: -1, "beds"),
        ("today/beds", "beds_imagined", lambda _: -1, "today/beds"),
    ],
)
def test_what_is_changed_in_the_folder_is_noticed_where_it_is(run, table, column, change, place):
    edit(run, table, column, change)
    assert place in {problem.where for problem in verify_run(run)}


def test_a_run_that_has_lost_the_tables_of_today_may_not_tell_of_it(run):
    shutil.rmtree(run / "today")
    info = json.loads((run / "run.json").read_text(encoding="utf-8"))
    info = {name: value for name, value in info.items() if name != "today"} | {"objective_today": None}
    (run / "run.json").write_text(json.dumps(info), encoding="utf-8")
    problems = {str(problem) for problem in verify_run(run)}
    assert "targets: today_gives is filled in, and the run has no tables of today's capacity" in problems
    assert any("do_nothing_cost_paid" in text for text in problems)


def test_a_gap_and_a_cost_of_today_that_do_not_follow_are_noticed(run):
    info = json.loads((run / "run.json").read_text(encoding="utf-8"))
    (run / "run.json").write_text(json.dumps({**info, "gap": 0.2, "objective_today": 7.0}), encoding="utf-8")
    assert {problem.rule for problem in verify_run(run)} == {"gap", "objective_today"}


def test_an_answer_with_a_column_of_another_name_is_noticed(run):
    shutil.copytree(THURROCK / "answers", run / "answers")
    assert [p for p in verify_run(run) if p.where.startswith("answers/")] == []
    edit(run, "answers/one_more", "saves_pounds", lambda _: 1)
    assert {problem.where for problem in verify_run(run)} == {"answers/one_more"}


def test_a_stay_of_ten_seconds_is_refused_and_the_shortest_agrees():
    tiny = capplan.read(ROOT / "instances" / "tiny")
    with pytest.raises(capplan.InvalidInstance, match=r"stay_days.*0\.001 or more"):
        capplan.solve(tiny, sets=["packages.stay_days = 0.0001"])


def test_the_shortest_stay_is_counted_alike_by_model_and_checker(tmp_path):
    tiny = capplan.read(ROOT / "instances" / "tiny")
    plan = capplan.solve(tiny, sets=["packages.stay_days = 0.001"])
    assert verify_run(capplan.write_run(plan, tmp_path / "run")) == ()
