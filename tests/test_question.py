import subprocess
import sys
from typing import Any

import pytest

from capplan.errors import UsageError
from capplan.question import SolverOptions
from capplan.solver.outcome import relative_gap


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("gap", -0.1),
        ("gap", 5),
        ("gap", float("nan")),
        ("time_limit", 0),
        ("time_limit", float("inf")),
        ("threads", 0),
        ("seed", -1),
        ("seed", 2**31),
        ("solver", " "),
    ],
)
def test_an_option_out_of_range_is_an_error_that_names_the_setting(setting: str, value: Any) -> None:
    with pytest.raises(UsageError, match=f"^{setting} is"):
        SolverOptions(**{setting: value})


def test_the_ends_of_the_ranges_are_accepted() -> None:
    SolverOptions(gap=0, time_limit=0.01, threads=1, seed=2**31 - 1)
    SolverOptions(gap=1, time_limit=None, threads=None, seed=0)


def test_options_and_outcomes_load_no_solver_and_no_pyomo() -> None:
    code = (
        "import sys, capplan.solver, capplan.question, capplan.solver.outcome;"
        "sys.exit(' '.join({'highspy', 'pyomo', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).stderr == b"\n"


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100, 98, 0.02), (-100, -102, 0.02), (0, 0, 0), (0, -1, float("inf")), (None, 5, None), (5, None, None)],
)
def test_the_gap_is_the_distance_to_the_bound_as_a_share_of_the_objective(
    objective: float | None, bound: float | None, gap: float | None
) -> None:
    assert relative_gap(objective, bound) == gap
