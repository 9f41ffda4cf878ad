"""Ctrl-C as it comes: a signal to a process that is inside the solver."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from capplan.results.status import Progress
from capplan.solver import watching
from capplan.solver.watching import Watch, run_watched

ROOT = Path(__file__).parents[2]
BEGIN = f"""
import signal, sys, threading, time
sys.path.insert(0, {str(ROOT)!r})
# A process started in the background may have been told to ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
"""
SOLVE = """
from capplan.solver import SolverOptions, solve_model
from tests.solver.examples import hard

def tell(progress):
    if progress.objective is not None and progress.seconds < 60:
        print("has a plan", flush=True)

outcome = solve_model(hard(), SolverOptions(gap=0.0, threads=1), tell)
print(outcome.stopped.name, outcome.holds.name, outcome.objective < 0, flush=True)
"""
DEAF = """
from capplan.solver.watching import Watch, run_watched
watch = Watch()

def work():
    print("running", flush=True)
    watch.stop.wait()
    print("asked to stop", flush=True)
    threading.Event().wait()

run_watched(work, watch)
"""


def start(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles only")
def test_ctrl_c_in_a_running_solve_returns_the_plan_so_far() -> None:
    with start(SOLVE) as child:
        assert line(child) == "has a plan"
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert out.splitlines()[-1] == "INTERRUPTED FEASIBLE_PLAN True"
    assert (err, child.returncode) == ("", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles only")
def test_a_second_ctrl_c_ends_a_solver_that_does_not_listen() -> None:
    with start(DEAF) as child:
        assert line(child) == "running"
        child.send_signal(signal.SIGINT)
        assert line(child) == "asked to stop"
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
    assert err.splitlines()[-1] == "KeyboardInterrupt"
    assert child.returncode != 0


def test_a_solver_that_does_not_listen_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(watching, "_HEARTBEAT_SECONDS", 0.0)
    released = threading.Event()
    watch = Watch()
    assert run_watched(released.wait, watch, interrupt) is False
    assert watch.stop.is_set()
    released.set()


def test_a_call_that_ends_by_itself_ends_the_watch() -> None:
    watch = Watch()
    assert run_watched(lambda: None, watch) is True
    assert not watch.stop.is_set()


def test_an_error_in_the_call_is_raised_where_it_was_asked_for() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_watched(fail, Watch())
