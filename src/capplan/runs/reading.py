"""Run folders read back: a saved run looks like the plan it was made from, and may answer a question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from capplan.errors import InvalidInstance, UsageError
from capplan.files import read
from capplan.instance import Instance
from capplan.question import Question
from capplan.results.status import Stopped
from capplan.results.tables import TABLES
from capplan.runs.folder import INSTANCE_FOLDER, RUN_FILE, TODAY_FOLDER, is_run, read_answers, read_cells
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

    def with_answers(self, answers: Mapping[str, pd.DataFrame]) -> Run:
        """The run with more answers than it has, or newer ones."""
        return replace(self, answers={**self.answers, **answers})

    @cached_property
    def today(self) -> Run | None:
        """The same with today's capacity fixed; None where this is that plan itself, or where none was saved."""
        if self.today_tables is None:
            return None
        of_today = self.info["today"]
        info = {**self.info, **of_today, "options": {**self.info["options"], "as_is": True}}
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
        info = read_info(path)
        tables = _read_tables(path)
        today = _read_tables(path / TODAY_FOLDER) if "today" in info else {}
        answers = read_answers(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is no run folder that can be read: {error}") from error
    return Run(path, info, read(path / INSTANCE_FOLDER), tables, today or None, answers)


def read_info(path: Path) -> dict[str, Any]:
    """What the run.json of a run says; ValueError where it does not say what is needed to read the run."""
    file = path / RUN_FILE
    info = json.loads(file.read_text(encoding="utf-8"))
    entries = info if isinstance(info, dict) else {}
    missing = [name for name in NEEDED if name not in entries]
    if missing:
        raise ValueError(f"{file.name} does not say {', '.join(missing)}")
    if str(entries["stopped"]).upper() not in Stopped.__members__ or not isinstance(entries["options"], dict):
        raise ValueError(f"{file.name} says something else than a run does: {entries['stopped']}")
    return dict(entries)


def _read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    files = {name: folder / f"{name}.csv" for name in TABLES}
    return {name: TABLES[name].typed(read_cells(file)) for name, file in files.items() if file.is_file()}


def is_answer(run: Run, question: Question) -> bool:
    """Whether a run answers a question: of the same instance, solved in the same way, and as closely as is asked.

    A run that ended for want of time is the answer to the very same question alone, and one that was interrupted to
    none. Raises UsageError and InvalidInstance where the question cannot be posed.
    """
    is_same = (run.is_as_is, run.is_best_effort) == (question.is_as_is, question.best_effort)
    if not is_same or run.instance.fingerprint != question.posed.fingerprint:
        return False
    if _is_close(run, question.options.gap):
        return True
    return run.info.get("question") == question.fingerprint and run.stopped is not Stopped.INTERRUPTED


def saved_answer(question: Question, *places: Path | str) -> Run | None:
    """The first run that answers a question: each place is a run folder, or one that holds run folders.

    Runs that cannot be read answer nothing. Raises as `is_answer`.
    """
    posed = question.posed.fingerprint
    for place in _runs_in(places):
        try:
            run = read_run(place) if _may_be_of(place, posed) else None
        except (UsageError, InvalidInstance):
            continue
        if run is not None and is_answer(run, question):
            return run
    return None


def _runs_in(places: Iterable[Path | str]) -> Iterator[Path]:
    for place in map(Path, places):
        if is_run(place):
            yield place
        elif place.is_dir():
            yield from (folder for folder in sorted(place.iterdir()) if is_run(folder))


def _may_be_of(place: Path, fingerprint: str) -> bool:
    """Whether a run's own notes leave open that it is of this instance: its tables are read only then."""
    try:
        return bool(read_info(place).get("fingerprint", fingerprint) == fingerprint)
    except (OSError, ValueError):
        return False


def _is_close(run: Run, gap: float) -> bool:
    """Whether the plan is proved to within the gap; of one at best effort, whether it was sought so."""
    if run.is_best_effort:
        return run.stopped is Stopped.GAP_REACHED and float(run.info["options"].get("gap", 1.0)) <= gap
    return run.gap is not None and run.gap <= gap
