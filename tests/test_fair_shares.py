"""The page on fair shares tells what its examples do to the shipped instance."""

import re
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import capplan
from capplan.instance import Instance

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "fair-shares.md").read_text(encoding="utf-8")
EXAMPLES = {
    block.splitlines()[1].split(",")[0]: block for block in re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
}


def with_example(name: str) -> Instance:
    """Tiny with the rows of an example added to its targets."""
    tiny = capplan.read(ROOT / "instances" / "tiny")
    rows = Instance.from_frames(
        tiny.settings.model_dump(), **{**tiny.written, "targets": EXAMPLES[name]}
    ).written["targets"]
    targets = pd.concat([tiny.written["targets"], rows])
    return tiny.replace(targets=targets.set_axis(pd.RangeIndex(2, len(targets) + 2, name="row")))


@pytest.fixture(scope="module")
def unfair() -> float:
    return capplan.solve(ROOT / "instances" / "tiny", gap=0).objective


@pytest.mark.parametrize(
    ("name", "northtown", "southvale", "dearer"),
    [("fair_share", 0.56, 0.34, 146.40), ("small_gap", 0.564, 0.336, 131.76)],
)
def test_an_example_of_the_page_costs_what_the_page_says(name, northtown, southvale, dearer, unfair):
    plan = capplan.solve(with_example(name), gap=0)
    starts = plan.tables["starts"].query("pathway == 'discharge'").groupby("locality")["people"].sum() / 183
    assert starts.to_dict() == pytest.approx({"northtown": northtown, "southvale": southvale})
    assert plan.objective - unfair == pytest.approx(dearer, abs=0.005)
    assert f"£{dearer:.2f}" in PAGE


def test_the_ring_fence_is_one_that_wiltshire_has():
    wiltshire = capplan.read(ROOT / "instances" / "wiltshire-2017").table("targets").set_index("target")
    example = pd.read_csv(StringIO(EXAMPLES["step_up_half"])).iloc[0].drop("target")
    assert wiltshire.loc["ch_half_step_up", example.index].to_dict() == example.to_dict()
