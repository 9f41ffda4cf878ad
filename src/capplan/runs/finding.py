"""Which saved run is the answer to a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from capplan.errors import InvalidInstance, UsageError
from capplan.question import Question
from capplan.results.status import Stopped
from capplan.runs.parts import is_run
from capplan.runs.reading import Run, read_info, read_run


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
