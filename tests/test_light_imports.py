"""What is loaded: each part only what it needs, so that a short command is not all imports."""

import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "instances" / "tiny"
SOLVING = ("scipy", "pyomo", "highspy", "capplan.plan", "capplan.formulation", "capplan.solver")
SELDOM = ("holidays", "jinja2", "openpyxl", "pandera", "rapidfuzz", "tomlkit", "vl_convert")
"""What only some instances, or files of another kind, need."""


def loaded_by(code: str, *among: str) -> set[str]:
    """Those of the modules that the code loads in a Python of its own."""
    asked = f"{code}\nimport sys; print('loaded:', *[name for name in {among!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(answer.stdout.rsplit("loaded:", 1)[1].split())


def command(*args: object) -> str:
    """Code that runs a command to its end."""
    words = [str(arg) for arg in args]
    return f"from capplan.cli import cli\ntry: cli({words!r})\nexcept SystemExit as end: assert not end.code"


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """A run of the tiny instance, and what `capplan solve` loaded for it."""
    run = tmp_path_factory.mktemp("runs") / "tiny"
    among = (
        *("scipy.stats", "scipy.special", "scipy.optimize", "scipy.spatial", "scipy.signal", "pyomo.environ"),
        *("holidays", "pandera", "hypothesis", "xlsxwriter", "rapidfuzz", "jinja2", "capplan.explain"),
    )
    return run, loaded_by(command("solve", TINY, "--out", run), *among)


@pytest.mark.parametrize("part", ["files", "checks", "verify", "overrides"])
def test_what_reads_and_checks_loads_no_solver_and_nothing_that_is_seldom_needed(part):
    assert loaded_by(f"import capplan.{part}", *SOLVING, *SELDOM, "xlsxwriter") == set()


@pytest.mark.parametrize("part", ["runs", "digest", "compare", "report"])
def test_what_reads_results_loads_no_solver_and_nothing_that_is_seldom_needed(part):
    assert loaded_by(f"import capplan.{part}", *SOLVING, *SELDOM, "xlsxwriter") == set()


def test_solving_a_plain_instance_loads_neither_statistics_nor_the_rest_of_pyomo(solved):
    _, loaded = solved
    assert loaded == set()


@pytest.mark.parametrize("args", [("check", "{run}"), ("compare", "{run}", "{run}")])
def test_a_command_on_saved_runs_loads_no_solver(solved, args):
    run, _ = solved
    assert loaded_by(command(*(arg.format(run=run) for arg in args)), *SOLVING, *SELDOM) == set()


def test_a_report_without_questions_loads_no_solver(solved, tmp_path):
    run, _ = solved
    made = command("report", run, "--quick", "--out", tmp_path / "page.html")
    assert loaded_by(made, "pyomo", "highspy", "capplan.plan", "capplan.explain") == set()


@pytest.mark.parametrize("first", ["capplan.modelling", "scipy", "scipy.stats", "pyomo.environ"])
def test_pyomo_and_scipy_are_whole_for_others_whatever_is_loaded_first(first):
    code = (
        f"import {first}, capplan.modelling, pyomo.environ\n"
        "from pyomo.common.dependencies import scipy, scipy_available\n"
        "import scipy.stats, scipy.integrate, scipy.spatial\n"
        "assert scipy_available and scipy.stats.norm.cdf(0.0) == 0.5\n"
        "assert scipy.integrate.quad and scipy.spatial.KDTree\n"
        "assert pyomo.environ.Var is capplan.modelling.Var"
    )
    assert loaded_by(code, "scipy.stats") == {"scipy.stats"}
