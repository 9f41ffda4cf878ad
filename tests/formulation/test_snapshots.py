"""Every constraint family, built alone on a tiny instance, as a text to review; CAPPLAN_UPDATE_SNAPSHOTS=1 rewrites."""

import os
from pathlib import Path

import pytest

from capplan.formulation.build import all_families
from tests.formulation.cases import CASES
from tests.formulation.lp import family_alone

SNAPSHOTS = Path(__file__).parent / "snapshots"
FAMILIES = {family.name: family for family in all_families()}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_built_alone_is_the_one_that_was_reviewed(name):
    built = family_alone(FAMILIES[name], CASES[name]())
    snapshot = SNAPSHOTS / f"{name}.lp"
    if os.environ.get("CAPPLAN_UPDATE_SNAPSHOTS"):
        snapshot.write_text(built, encoding="utf-8")
    assert built == snapshot.read_text(encoding="utf-8")


def test_no_snapshot_is_left_over_from_a_family_that_is_gone():
    assert {snapshot.stem for snapshot in SNAPSHOTS.iterdir()} == set(FAMILIES)
