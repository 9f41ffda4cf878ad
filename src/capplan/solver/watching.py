"""Run a long call into native code so that progress is shown and Ctrl-C answered meanwhile.

The call runs in a thread of its own, because Python answers Ctrl-C in the main thread only, and not while
that is inside native code. The thread that asked for the call waits, and it alone calls `on_progress`.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from capplan.results.status import Progress
from capplan.solver.arrays import Floats

OnProgress = Callable[[Progress], None]

# Between two looks at the running call; also what Windows needs, where waiting is deaf to Ctrl-C.
_LOOK_SECONDS = 0.1
# News come as they come, and at least this often, so that a clock can run.
_HEARTBEAT_SECONDS = 1.0
# HiGHS looks at no flag during the first relaxation of a MIP, which may take minutes.
_PATIENCE_SECONDS = 10.0
_LAST_PATIENCE_SECONDS = 1.0


class Watch:
    """What the running call and the waiting thread share.

    The call reads `stop` and `enough` (a bound at which it stops by itself) and writes the rest: its newest Progress,
    the best plan found and its objective, and whether the bound was enough.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.reset()

    def reset(self, enough: float | None = None) -> None:
        """Forget the last call."""
        self.stop.clear()
        self.enough, self.is_enough = enough, False
        self.latest = Progress(0.0)
        self.incumbent: tuple[Floats, float] | None = None


class _Call:
    """A function running in its own thread, and how it ended."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._error: BaseException | None = None
        self.finished = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="solver", daemon=True).start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001  raised again by the thread that waits
            self._error = error
        finally:
            self.finished.set()

    def reraise(self) -> None:
        if self._error is not None:
            raise self._error


def run_watched(work: Callable[[], object], watch: Watch, on_progress: OnProgress | None = None) -> bool:
    """Run `work` to its end, calling `on_progress` from this thread meanwhile; True when it has ended.

    The first Ctrl-C sets `watch.stop`, which `work` has to obey. False if it does not within 10 seconds: it
    ends by itself, and what it uses is not to be touched again. A second Ctrl-C raises KeyboardInterrupt.
    An error in `on_progress` stops `work` and is raised.
    """
    call = _Call(work)
    try:
        call.start()
        _wait(call, watch, on_progress, math.inf)
    except KeyboardInterrupt:
        watch.stop.set()
        if not _wind_down(call, watch):
            return False
    except BaseException:
        watch.stop.set()
        _wait(call, watch, None, _PATIENCE_SECONDS)
        raise
    call.reraise()
    return True


def _wind_down(call: _Call, watch: Watch) -> bool:
    try:
        return _wait(call, watch, None, _PATIENCE_SECONDS)
    except KeyboardInterrupt:
        # A thread that calls back into an interpreter which is closing down brings the process down noisily.
        _wait(call, watch, None, _LAST_PATIENCE_SECONDS)
        raise


def _wait(call: _Call, watch: Watch, on_progress: OnProgress | None, patience: float) -> bool:
    """Wait for the call's end, at most `patience` seconds; True when it has ended."""
    began = last = time.monotonic()
    shown = watch.latest
    while not call.finished.wait(_LOOK_SECONDS):
        now = time.monotonic()
        if now - began > patience:
            return False
        if on_progress is not None and (watch.latest is not shown or now - last >= _HEARTBEAT_SECONDS):
            shown, last = watch.latest, now
            on_progress(replace(shown, seconds=now - began))
    return True
