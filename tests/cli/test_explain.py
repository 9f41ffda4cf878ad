"""`capplan explain`, and what `solve` says where there is no plan."""

import csv
import io
import json
from pathlib import Path

import pytest

from capplan.cli import explain
from capplan.errors import Infeasible
from tests.cli.conftest import replace

TOO_MUCH = ("--set", "targets[target=discharges].value = 2")


@pytest.fixture(autouse=True)
def own_cache(here, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))


@pytest.mark.usefixtures("tiny")
def test_without_a_plan_it_names_the_conflict_and_a_change_that_solve_accepts(capplan):
    result = capplan("explain", "tiny", *TOO_MUCH)
    assert result.exit_code == 4
    assert "the target ‘Discharges a day’: at least 2 a day" in result.stdout
    assert "30.5 people a month are referred to Discharge from hospital" in result.stdout
    assert "targets[target=discharges].value = 1" in result.stdout
    assert capplan("solve", "tiny", "--set", "targets[target=discharges].value = 1").exit_code == 0


@pytest.mark.usefixtures("tiny")
def test_as_many_are_referred_as_the_warning_says_whichever_periods_conflict(capplan):
    result = capplan("solve", "tiny", "--set", "targets[target=discharges].value = 40")
    assert "30.5 a month are referred while it holds" in result.stderr
    assert "30.5 people a month are referred to Discharge from hospital" in result.stderr


@pytest.mark.usefixtures("tiny")
def test_its_rows_come_as_csv_and_json(capplan):
    rows = list(csv.DictReader(io.StringIO(capplan("explain", "tiny", *TOO_MUCH, "--format", "csv").stdout)))
    assert [row["part"] for row in rows] == ["conflict", "mend"]
    document = json.loads(capplan("explain", "tiny", *TOO_MUCH, "--format", "json").stdout)
    assert document[1]["override"] == "targets[target=discharges].value = 1"


@pytest.mark.usefixtures("tiny")
def test_solve_without_a_plan_says_first_what_cannot_hold(capplan):
    result = capplan("solve", "tiny", *TOO_MUCH)
    assert result.exit_code == 4
    assert "the target ‘Discharges a day’: at least 2 a day" in result.stderr
    assert "capplan explain" in result.stderr
    assert result.stdout == ""


@pytest.mark.usefixtures("tiny")
def test_with_a_plan_it_says_what_one_more_is_worth(capplan):
    result = capplan("explain", "tiny", "--solve-again", "1", "--jobs", "1")
    assert result.exit_code == 0
    assert "What is tight" in result.stdout
    assert "the target ‘Discharges a day’" in result.stdout
    assert list(Path("cache/capplan").rglob("*.json"))


@pytest.mark.usefixtures("tiny")
def test_a_run_is_explained_from_its_own_tables(capplan):
    assert capplan("solve", "tiny", "--out", "run").exit_code == 0
    result = capplan("explain", "run", "--solve-again", "0", "--format", "csv")
    assert result.exit_code == 0
    assert {row["by"] for row in csv.DictReader(io.StringIO(result.stdout))} == {"relaxation"}


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("price", ["bed=3", "beds", "beds=free", "beds=-1"])
def test_a_price_that_is_none_is_a_usage_error_that_says_how(capplan, price):
    result = capplan("explain", "tiny", *TOO_MUCH, "--price", price)
    assert result.exit_code == 2
    assert price in result.stderr


@pytest.mark.usefixtures("tiny")
def test_of_todays_capacity_nothing_is_offered_that_only_its_fixing_made(capplan):
    assert capplan("solve", "tiny", "--scenario", "do_nothing", "--out", "run").exit_code == 0
    assert capplan("solve", "tiny", "--as-is", "--out", "as-is").exit_code == 0
    asked = (
        ("tiny", "--scenario", "do_nothing"),
        ("run",),
        ("as-is",),
        ("run", "--set", "instance.periods = 5"),
    )
    for args in asked:
        result = capplan("explain", *args, "--solve-again", "1")
        assert result.exit_code == 0
        assert "Today's capacity is fixed here and decides nothing" in result.stdout
        assert "Full beds" in result.stdout
        assert "25 beds" not in result.stdout
        assert "3 shifts" not in result.stdout


def test_what_a_planner_typed_is_explained_with_todays_capacity_too(capplan, tiny):
    replace(tiny / "eligibility.csv", "rehab_home,1,0.5", "rehab_home,1,0.1")
    teams = ("--set", "staff.wte = 5", "--set", "site_beds.beds = 10")
    (row,) = explained(capplan, "tiny", "--scenario", "do_nothing", *teams)
    assert (row["table"], row["column"], row["from"]) == ("eligibility", "share_max", "0.1")


def explained(capplan, *args):
    result = capplan("explain", *args, "--solve-again", "0", "--format", "csv")
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_what_a_planner_wrote_is_checked_and_not_what_fixing_leaves_of_it(capplan, tiny):
    (tiny / "limits.csv").write_text("limit,resource,max\nfew_beds,rehab,25\n", encoding="utf-8")
    with (tiny / "scenarios.csv").open("a", encoding="utf-8") as file:
        file.write("fewer,Fewer beds,limits[limit=few_beds].max = 20,made up\n")
    assert capplan("explain", "tiny", "--scenario", "do_nothing", "--solve-again", "0").exit_code == 0
    assert capplan("solve", "tiny", "--as-is", "--out", "run").exit_code == 0
    assert capplan("explain", "run", "--solve-again", "0").exit_code == 0


def test_todays_capacity_without_a_plan_says_that_nothing_of_it_can_give_way(capplan, tiny, monkeypatch):
    def none(*_, **__):
        raise Infeasible("no plan")

    monkeypatch.setattr(explain, "answer", none)
    result = capplan("explain", tiny, "--scenario", "do_nothing")
    assert result.exit_code == 4
    assert "nothing of it can give way" in result.stdout
    assert capplan("explain", tiny, "--scenario", "do_nothing", "--format", "csv").stdout.startswith("part,")
