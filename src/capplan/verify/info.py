"""What run.json says, held against the instance in the run, its options and its own other numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import pandas as pd

from capplan.errors import Problem, UsageError
from capplan.instance import Instance
from capplan.question import fingerprint_of
from capplan.results.info import RUN_FILE, TODAY
from capplan.solver_options import SolverOptions
from capplan.today import as_is
from capplan.verify.differences import TOLERANCE
from capplan.wording import precise, precise_change

Info = Mapping[str, Any]


def findings(info: Info, instance: Instance, *, has_today: bool) -> Iterator[Problem]:
    """What run.json says that cannot be, of a run whose fields are what they have to be."""
    yield from of_today(info, is_there=has_today)
    yield from of_numbers(info)
    yield from of_instance(info, instance)


def of_numbers(info: Info) -> Iterator[Problem]:
    """A bound is no more than the cost, a gap is what lies between them, and what is said twice is the same."""
    today = info.get(TODAY)
    yield from _proved(info, "")
    if today is not None:
        yield from _proved(today, f"{TODAY}.")
    own = None if today is None else today["objective"]
    if info.get("objective_today") != own:
        message = f"is {_shown(info.get('objective_today'))}, and today.objective {_shown(own)}"
        yield _problem("objective_today", message, "objective_today")


def of_instance(info: Info, instance: Instance) -> Iterator[Problem]:
    """The instance in the run is what was solved, with these options, as it is called."""
    title, options = instance.settings.title, info["options"]
    if info.get("title", title) != title:
        yield _problem("title", f"is {info['title']!r}, and that of the instance {title!r}", "title")
    own = instance.fingerprint
    if info.get("fingerprint", own) != own:
        message = "is not that of instance/: the instance in the run is not what was solved"
        now = "or another version of capplan saved the run: solve again"
        yield _problem("fingerprint", message, "fingerprint", now)
    elif "question" in info:
        yield from _of_question(info, instance)
    if options.get("as_is") is True and as_is(instance).fingerprint != own:
        message = "is true, and the capacity in the instance is not fixed"
        yield _problem("options.as_is", message, "as_is")
    if options.get("best_effort") is True and (info["bound"] is not None or "question" not in info):
        why = (
            "question is not said"
            if "question" not in info
            else "bound is a number, though nothing is proved"
        )
        yield _problem("options.best_effort", f"is true, and {why}", "best_effort")


def of_today(info: Info, *, is_there: bool) -> Iterator[Problem]:
    """The run has tables of today's capacity where run.json tells of it, and only there."""
    if is_there and TODAY not in info:
        yield _problem(TODAY, f"is not said, and {TODAY}/ is there", TODAY)
    if not is_there and TODAY in info:
        yield _problem(TODAY, f"is said, and there are no tables in {TODAY}/", TODAY)
    if TODAY in info and info["options"].get("as_is") is True:
        yield _problem(TODAY, "is said of a plan that is today's capacity itself", TODAY)


def _of_question(info: Info, instance: Instance) -> Iterator[Problem]:
    """The question is that of the instance and the options."""
    options = info["options"]
    known = {field.name for field in fields(SolverOptions)} - {"log_file"}
    switches = {name: options.get(name, False) for name in ("as_is", "best_effort")}
    try:
        asked = SolverOptions(**{name: options[name] for name in options if name in known})
    except (UsageError, TypeError, AttributeError) as error:
        yield _problem("options", f"cannot be: {error}", "options")
        return
    if fingerprint_of(instance, asked, **switches) != info["question"]:
        message = "are not those with which the instance was solved (question is another)"
        yield _problem("options", message, "question")


def _proved(said: Info, part: str) -> Iterator[Problem]:
    objective, bound, gap = (said[name] for name in ("objective", "bound", "gap"))
    if bound is None or gap is None:
        if (bound is None) != (gap is None):
            message = f"is {_shown(gap)}, and bound {_shown(bound)}"
            yield _problem(f"{part}gap", message, "gap")
        return
    if bound - objective > TOLERANCE * max(1.0, abs(objective)):
        message = f"is {precise(bound)}, and the plan costs {precise(objective)} ({precise_change(bound - objective)})"
        yield _problem(f"{part}bound", message, "bound")
    should = _gap(objective, min(bound, objective))
    if gap != should and not abs(gap - should) <= TOLERANCE:
        yield _problem(f"{part}gap", f"is {precise(gap)}, recomputed {precise(should)}", "gap")


def _gap(objective: float, bound: float) -> float:
    if objective == bound:
        return 0.0
    return abs(objective - bound) / abs(objective) if objective else float("inf")


def _problem(name: str, message: str, rule: str, what_now: str = "") -> Problem:
    return Problem(RUN_FILE, rule, message, what_now, column=name)


def _shown(number: object) -> str:
    return "null" if number is None or pd.isna(number) else precise(float(str(number)))
