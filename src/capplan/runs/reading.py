"""Run folders read back: a saved run looks like the plan it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from capplan.errors import UsageError
from capplan.files import read
from capplan.instance import Instance
from capplan.results.status import Stopped
from capplan.results.tables import TABLES
from capplan.runs.answers import read_answers
from capplan.runs.parts import INSTANCE_FOLDER, RUN_FILE, TODAY_FOLDER, is_run, read_cells
from capplan.today import as_is

NEEDED = ("stopped", "objective", "bound", "gap", "options")
"""What run.json has to say for a run to be read."""


@dataclass(frozen=True)
class Run:
    """A saved plan: `info` as in run.json, the instance that was solved, and the result tables by name.

    `today_tables` are those of today's capacity; None where there are none. `answers` is what was asked of the run
    since it was saved, by question.
    """

    path: Path
    info: Mapping[str, Any]
    instance: Instance
    tables: Mapping[str, pd.DataFrame]
    today_tables: Mapping[str, pd.DataFrame] | None = None
    answers: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def with_answers(self, found: Mapping[str, pd.DataFrame]) -> Run:
        """The run with more answers than it has, or newer ones."""
        return replace(self, answers={**self.answers, **found})

    @cached_property
    def today(self) -> Run | None:
        """The same with today's capacity fixed; None where this is that plan itself, or where none was saved."""
        if self.today_tables is None:
            return None
        found = self.info["today"]
        info = {**self.info, **found, "options": {**self.info["options"], "as_is": True}}
        return Run(self.path / TODAY_FOLDER, info, as_is(self.instance), self.today_tables)

    @property
    def objective(self) -> float:
        """Discounted cost of the plan [£], the sum of `costs.gbp_discounted`."""
        return float(self.info["objective"])

    @property
    def bound(self) -> float | None:
        """What no plan can cost less than [£ discounted]; None where nothing is proved."""
        bound = self.info["bound"]
        return None if bound is None else float(bound)

    @property
    def gap(self) -> float | None:
        """The share of the cost by which a plan may still be cheaper; None where nothing is proved."""
        gap = self.info["gap"]
        return None if gap is None else float(gap)

    @property
    def stopped(self) -> Stopped:
        """Why the search ended."""
        return Stopped[str(self.info["stopped"]).upper()]

    @property
    def is_as_is(self) -> bool:
        """Whether today's capacity was fixed."""
        return bool(self.info["options"].get("as_is"))

    @property
    def is_best_effort(self) -> bool:
        """Whether targets were missed as little as can be, before cost counted."""
        return bool(self.info["options"].get("best_effort"))


def read_run(path: Path | str) -> Run:
    """A saved run; UsageError where the folder is none, InvalidInstance where its instance cannot be read."""
    path = Path(path)
    if not is_run(path):
        raise UsageError(f"{path} is no run folder: it has no {RUN_FILE}")
    try:
        info = _read_info(path / RUN_FILE)
        tables = _read_tables(path)
        today = _read_tables(path / TODAY_FOLDER) if "today" in info else {}
        answers = read_answers(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is no run folder that can be read: {error}") from error
    return Run(path, info, read(path / INSTANCE_FOLDER), tables, today or None, answers)


def _read_info(file: Path) -> dict[str, Any]:
    """What run.json says; ValueError where it does not say what is needed to read the run."""
    info = json.loads(file.read_text(encoding="utf-8"))
    known = info if isinstance(info, dict) else {}
    missing = [name for name in NEEDED if name not in known]
    if missing:
        raise ValueError(f"{file.name} does not say {', '.join(missing)}")
    if str(known["stopped"]).upper() not in Stopped.__members__ or not isinstance(known["options"], dict):
        raise ValueError(f"{file.name} says something else than a run does: {known['stopped']}")
    return dict(known)


def _read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    files = {name: folder / f"{name}.csv" for name in TABLES}
    return {name: TABLES[name].typed(read_cells(file)) for name, file in files.items() if file.is_file()}
