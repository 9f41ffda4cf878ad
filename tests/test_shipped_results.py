"""The results that are shipped: of the instances that are there, and what capplan says of them today."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import capplan
from docs.places import results
from docs.places.known import PLACES
from docs.places.place import BASE, REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
LARGEST = 3_000_000
BY_NAME = {"argvalues": list(PLACES.values()), "ids": list(PLACES)}


@pytest.mark.parametrize("place", **BY_NAME)
def test_the_shipped_results_are_of_today(place):
    assert results.complaint(place) is None


@pytest.mark.parametrize("place", **BY_NAME)
def test_the_report_of_every_place_is_linked_and_small(place):
    report = place.runs_folder / results.REPORT
    assert str(report.relative_to(REPOSITORY)) in README
    assert report.stat().st_size < LARGEST


@pytest.mark.parametrize("place", **BY_NAME)
def test_the_comparison_has_the_plan_and_five_scenarios(place):
    text = (place.runs_folder / results.COMPARISON).read_text(encoding="utf-8")
    assert len(place.compared) == 5
    table = next(line for line in text.splitlines() if line.startswith("| target "))
    assert [cell.strip() for cell in table.split("|") if cell.strip() in ("the plan", *place.compared)] == [
        "the plan",
        *place.compared,
    ]


def test_another_instance_makes_the_results_stale(tmp_path):
    capplan.write(
        capplan.change(capplan.read(PLACES["thurrock"].instance_folder), "instance.change_gbp = 501"),
        tmp_path / "changed",
    )
    changed = replace(PLACES["thurrock"], instance=str(tmp_path / "changed"))
    assert f"thurrock/{BASE} is not of the instance" in str(results.complaint(changed))


def test_every_picture_of_the_readme_is_there():
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert Path(REPOSITORY, path).is_file()
