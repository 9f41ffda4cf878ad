"""The same question gets the same plan, byte for byte, however it is written down and wherever it is solved."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import capplan
from capplan.instance import Instance
from tests.strategies import ANYWHERE, instance_with

TWO_OF_EVERYTHING = ("second_locality", "second_hospital", "second_site", "step_up", "conversion")
QUESTIONS = {
    "beds": (
        *TWO_OF_EVERYTHING,
        "travel",
        "census",
        "waiting",
        "spot_beds",
        "target_for_each",
        "one_off_costs",
    ),
    "teams": (
        *TWO_OF_EVERYTHING,
        "local_teams",
        "cross_cover",
        "staff",
        "agency",
        "turnover",
        "shifts",
        "cover",
    ),
    "everything_else": tuple(
        sorted(set(ANYWHERE) - {"hard_target", "never_wait", "wait_limit", "empty_opening"})
    ),
}
SOLVE = "import sys, capplan; capplan.write_run(capplan.solve(sys.argv[1], gap=1e-9), sys.argv[2])"


@pytest.fixture(scope="module", params=QUESTIONS.values(), ids=QUESTIONS.keys())
def instance(request: pytest.FixtureRequest) -> Instance:
    return instance_with(request.param, seed=5)


@pytest.fixture(scope="module")
def tables(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The result tables of the instance as it is in memory."""
    return solved(instance, tmp_path_factory.mktemp("runs") / "in_memory")


def result_tables(run: Path) -> dict[str, bytes]:
    """The CSV files of a run folder."""
    return {file.name: file.read_bytes() for file in run.glob("*.csv")}


def solved(instance: Instance | Path, run: Path) -> dict[str, bytes]:
    return result_tables(capplan.write_run(capplan.solve(instance, gap=1e-9), run))


def test_two_solves_write_the_same_tables(instance: Instance, tables: dict[str, bytes], tmp_path: Path):
    assert len(tables) > 10
    assert solved(instance, tmp_path / "again") == tables


@pytest.mark.parametrize("name", ["folder", "book.xlsx"])
def test_a_folder_and_a_workbook_give_the_tables_of_the_instance_in_memory(
    instance: Instance, tables: dict[str, bytes], tmp_path: Path, name: str
):
    capplan.write(instance, tmp_path / name)
    assert solved(tmp_path / name, tmp_path / "run") == tables


def test_the_order_of_rows_changes_no_table(instance: Instance, tables: dict[str, bytes], tmp_path: Path):
    in_file_order = {"targets"}  # the results keep the planner's order of targets
    upside_down = {
        name: frame.iloc[::-1] for name, frame in instance.written.items() if name not in in_file_order
    }
    found = solved(instance.trusted(**upside_down), tmp_path / "run")
    assert [name for name in tables if found[name] != tables[name]] == []


def test_a_process_that_hashes_otherwise_writes_the_same_tables(
    instance: Instance, tables: dict[str, bytes], tmp_path: Path
):
    capplan.write(instance, tmp_path / "folder")
    subprocess.run(
        [sys.executable, "-c", SOLVE, tmp_path / "folder", tmp_path / "run"],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        check=True,
    )
    assert result_tables(tmp_path / "run") == tables
