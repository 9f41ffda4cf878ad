"""What whole commands take, from the start of Python to its end, here and in another checkout of capplan."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.page import markdown

HERE = Path(__file__).parents[1]
RUNS = 5
CALL = "from capplan.cli import main; main()"
COMMANDS = {
    "`--help`": ("--help",),
    "`check` tiny": ("check", "{tiny}"),
    "`check` Wiltshire": ("check", "{wiltshire}"),
    "`solve` tiny": ("solve", "{tiny}", "--out", "{run}"),
    "`check` a run": ("check", "{run}"),
    "`compare` two runs": ("compare", "{run}", "{run}"),
    "`report` a run": ("report", "{run}", "--quick", "--out", "{page}"),
}
"""Each after those whose results it reads."""


@dataclass(frozen=True)
class Timed:
    """One command: CPU seconds of each run, here and at the same time in the other checkout, if there is one."""

    name: str
    here: tuple[float, ...]
    there: tuple[float, ...] = ()

    @property
    def ratio(self) -> float:
        """Seconds here ÷ seconds there: the median over the pairs, which a machine that slows down leaves alone."""
        return median(here / there for here, there in zip(self.here, self.there, strict=True))


def measure(
    other: Path | None = None, runs: int = RUNS, commands: Mapping[str, Sequence[str]] = COMMANDS
) -> list[Timed]:
    """Every command in turn, a first time uncounted: that leaves compiled modules and what later commands read."""
    checkouts = [HERE] if other is None else [HERE, other.resolve()]
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, str(n)) for n in range(len(checkouts))]
        return [_timed(name, command, checkouts, places, runs) for name, command in commands.items()]


def _timed(
    name: str, command: Sequence[str], checkouts: Sequence[Path], places: Sequence[Path], runs: int
) -> Timed:
    rounds = [
        [cpu_seconds(checkout, command, place) for checkout, place in zip(checkouts, places, strict=True)]
        for _ in range(1 + runs)
    ]
    return Timed(name, *zip(*rounds[1:], strict=True))


def cpu_seconds(checkout: Path, command: Sequence[str], place: Path) -> float:
    """User and system seconds of one command, which has to end well, with the checkout's own Python if it has one."""
    place.mkdir(exist_ok=True)
    own = checkout / ".venv" / "bin" / "python"
    names = {
        "tiny": HERE / "instances" / "tiny",
        "wiltshire": HERE / "instances" / "wiltshire-2017",
        "run": place / "run",
        "page": place / "page.html",
    }
    environment = os.environ | {"PYTHONPATH": str(checkout / "src"), "PYTHONPYCACHEPREFIX": str(place)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [own if own.exists() else sys.executable, "-c", CALL, *(part.format(**names) for part in command)],
        env=environment,
        cwd=place,
        capture_output=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def report(found: Sequence[Timed]) -> str:
    """A row for each command: the ratio first, then seconds."""
    if not all(timed.there for timed in found):
        return markdown(("command", "CPU, s"), [(timed.name, f"{median(timed.here):.2f}") for timed in found])
    rows = [
        (timed.name, f"{timed.ratio:.2f} ×", f"{median(timed.here):.2f}", f"{median(timed.there):.2f}")
        for timed in found
    ]
    return markdown(("command", "CPU, ratio", "here, s", "the other checkout, s"), rows)
