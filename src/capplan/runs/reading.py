"""Run folders read back: a saved run looks like the plan it was made from, and may answer a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from capplan.errors import InvalidInstance, Problem, UsageError
from capplan.files import read
from capplan.instance import Instance
from capplan.results.info import INSTANCE_FOLDER, RUN_FILE, TODAY, stops_reading
from capplan.results.info import read_info as read_run_file
from capplan.results.status import Stopped
from capplan.results.tables import TABLES
from capplan.runs.folder import is_run, read_answers, read_tables
from capplan.today import as_is

if TYPE_CHECKING:
    from capplan.question import Question


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
        return Run(self.path / TODAY, info, as_is(self.instance), self.today_tables)

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
    """A saved run; UsageError where the folder is none, InvalidInstance where its instance cannot be read.

    Tables and columns that runs of before do not have may be missing; what else is no table of a run is refused.
    """
    path = Path(path)
    if not is_run(path):
        raise UsageError(f"{path} is no run folder: it has no {RUN_FILE}")
    info, today = read_info(path), path / TODAY
    tables, problems = read_tables(path, TABLES)
    answers, of_answers = read_answers(path)
    before, of_today = read_tables(today, TABLES) if TODAY in info and any(today.glob("*.csv")) else ({}, [])
    refuse(path, [*problems, *of_today, *of_answers])
    return Run(path, info, read(path / INSTANCE_FOLDER), tables, before or None, answers)


def read_info(path: Path) -> dict[str, Any]:
    """What the run.json of a run says; UsageError where it does not say what is needed to read the run."""
    info, problems = read_run_file(path)
    refuse(path, [problem for problem in problems if stops_reading(problem)])
    return info


def refuse(path: Path, problems: Sequence[Problem]) -> None:
    """Raises UsageError where there are problems: the first of them, and the command that tells all."""
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        now = f"capplan check {path} tells all that is wrong with it"
        raise UsageError(f"{path} is no run folder that can be read: {problems[0]}{more}; {now}")


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
    except UsageError:
        return False


def _is_close(run: Run, gap: float) -> bool:
    """Whether the plan is proved to within the gap; of one at best effort, whether it was sought so."""
    if run.is_best_effort:
        return run.stopped is Stopped.GAP_REACHED and float(run.info["options"].get("gap", 1.0)) <= gap
    return run.gap is not None and run.gap <= gap
