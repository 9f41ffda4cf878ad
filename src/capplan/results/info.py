"""What run.json says of a run, as data: its fields, what may stand in each, and which of them nothing counts again."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capplan.errors import Problem
from capplan.results.status import Holds, Stopped

RUN_FILE = "run.json"
INSTANCE_FOLDER, TODAY, ANSWERS_FOLDER = "instance", "today", "answers"
"""Folders of a run: what was solved, tables of today's capacity, what was asked of the run afterwards."""
SWITCHES = ("as_is", "best_effort")
"""Options that say what kind of plan it is."""
ONLY_A_SOLVER = "only a solver can count them"
ASKED_BEFORE = "what was asked before the instance in the run was made"
OF_THE_COMPUTER = "when, how long and by which versions"


@dataclass(frozen=True)
class Field:
    """One field of run.json: `holds` says what it has to be, `is_one` whether a value is that.

    `is_needed`: a run has it to be read; `is_always`: every run that is saved says it. `not_counted`: why nothing
    holds it against the rest of the run.
    """

    name: str
    holds: str
    is_one: Callable[[Any], bool]
    is_needed: bool = False
    is_always: bool = True
    not_counted: str = ""


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_number_or_none(value: Any) -> bool:
    return value is None or is_number(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_gap(value: Any) -> bool:
    """A share; infinite where the plan costs nothing."""
    return value is None or value == math.inf or (is_number(value) and value >= 0)


def _is_why(value: Any) -> bool:
    """Why a search ended that had a plan."""
    none = (Stopped.INFEASIBLE, Stopped.UNCONFIRMED, Stopped.UNBOUNDED, Stopped.FAILED)
    return isinstance(value, str) and value in {s.name.lower() for s in Stopped if s not in none}


def _is_held(value: Any) -> bool:
    return value in [h.name.lower() for h in Holds if h is not Holds.NOTHING]


def _are_options(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name, False), bool) for name in SWITCHES)


def _are_seconds(value: Any) -> bool:
    return isinstance(value, dict) and all(is_number(each) and each >= 0 for each in value.values())


def _are_versions(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_moment(value: Any) -> bool:
    try:
        datetime.datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


PROVED = (
    Field(
        "stopped", "the reason for which a search with a plan ended", _is_why, True, not_counted=ONLY_A_SOLVER
    ),
    Field("objective", "a number", is_number, True),
    Field("bound", "a number, or null", _is_number_or_none, True, not_counted=ONLY_A_SOLVER),
    Field("gap", "a share, or null", _is_gap, True),
)
"""What is said of the plan and of today's capacity alike."""
FIELDS = (
    Field("title", "text", _is_text),
    Field("fingerprint", "text", _is_text),
    Field("question", "text", _is_text, is_always=False),
    Field("scenario", "text, or null", _is_text_or_none, is_always=False, not_counted=ASKED_BEFORE),
    Field("overrides", "a list of texts", _are_texts, is_always=False, not_counted=ASKED_BEFORE),
    Field("holds", "optimal_plan or feasible_plan", _is_held, not_counted=ONLY_A_SOLVER),
    *PROVED,
    Field("options", "options, as_is and best_effort true or false", _are_options, True),
    *(
        Field(name, "a whole number from 0", _is_count, is_always=False, not_counted=ONLY_A_SOLVER)
        for name in ("nodes", "rows", "columns")
    ),
    Field("objective_today", "a number, or null", _is_number_or_none, is_always=False),
    Field("seconds", "numbers from 0", _are_seconds, is_always=False, not_counted=OF_THE_COMPUTER),
    Field("written", "a date and time", _is_moment, is_always=False, not_counted=OF_THE_COMPUTER),
    Field("versions", "texts", _are_versions, is_always=False, not_counted=OF_THE_COMPUTER),
)
NEEDED = tuple(field.name for field in FIELDS if field.is_needed)
"""What run.json has to say for a run to be read."""


def read_info(folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    """What the run.json of a folder says, nothing where it is no JSON, and what is wrong with its fields."""
    try:
        info = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [Problem(RUN_FILE, "run_file", f"cannot be read: {error.strerror}")]
    except (ValueError, RecursionError) as error:
        return {}, [Problem(RUN_FILE, "run_file", f"is not JSON: {error}")]
    if not isinstance(info, dict):
        return {}, [Problem(RUN_FILE, "run_file", f"does not say {', '.join(NEEDED)}")]
    return info, list(_faults(info))


def stops_reading(problem: Problem) -> bool:
    """Whether a problem with run.json leaves too little to read the run by."""
    return problem.rule == "run_file"


def not_counted() -> tuple[tuple[str, str, str], ...]:
    """Fields of run.json that nothing counts again: the file, the field, why."""
    return tuple((RUN_FILE, field.name, field.not_counted) for field in FIELDS if field.not_counted)


def _faults(info: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _wrong(FIELDS, info, "")
    if TODAY in info and not isinstance(info[TODAY], dict):
        yield _problem(TODAY, f"is {_shown(info[TODAY])}, and must be what is said of today's capacity")
    elif TODAY in info:
        yield from _wrong(PROVED, info[TODAY], f"{TODAY}.")


def _wrong(fields: tuple[Field, ...], said: Mapping[str, Any], part: str) -> Iterator[Problem]:
    for field in fields:
        if field.name not in said:
            if field.is_always:
                rule = "run_file" if field.is_needed else "run_file_complete"
                yield _problem(f"{part}{field.name}", "is not said", rule)
        elif not field.is_one(said[field.name]):
            yield _problem(f"{part}{field.name}", f"is {_shown(said[field.name])}, and must be {field.holds}")


def _problem(name: str, message: str, rule: str = "run_file") -> Problem:
    return Problem(RUN_FILE, rule, message, column=name)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"
