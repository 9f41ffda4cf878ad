"""The independent checker: recomputes a plan from its instance and its result tables alone.

Nothing of the model is used. People in care are integrated numerically, so that the model's closed forms are
counted a second way; every balance, capacity, limit, target and cost is counted from the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.results.info import ANSWERS_FOLDER, TODAY
from capplan.results.tables import ANSWERS, TABLES
from capplan.verify import (
    acute,
    agreement,
    beds,
    congestion,
    decisions,
    limits,
    planning,
    rows,
    shifts,
    staff,
    teams,
)
from capplan.verify import info as info_rules
from capplan.verify import today as today_rules
from capplan.verify.differences import shortened
from capplan.verify.evidence import STOP_COUNTING, Evidence, complete
from capplan.verify.money import budgets, costs
from capplan.verify.people import care, flow
from capplan.verify.saved import Saved, read_saved
from capplan.verify.schemes import order
from capplan.verify.targets import required

__all__ = [
    "RULES",
    "Rule",
    "Saved",
    "Today",
    "findings",
    "read_saved",
    "verify",
    "verify_run",
    "verify_saved",
]

Rule = Callable[[Evidence], Iterator[Problem]]

# By what their names begin with: their module, or its room.
PARTS: Mapping[str, tuple[Rule, ...]] = {
    "rows": (
        rows.rows_there,
        rows.rows_needed,
    ),
    "flow": (
        flow.referral_rows,
        flow.waiting_balance,
        flow.nobody_negative,
        flow.starts_sum,
        flow.delayed_days,
        flow.mean_wait,
        flow.never,
        flow.wait_limit,
        flow.opening_limit,
        flow.eligibility_limit,
        flow.options_allowed,
        flow.access,
    ),
    "care": (
        care.caseload,
        care.people_in_beds,
    ),
    "beds": (
        beds.bed_capacity,
        beds.occupancy,
        beds.bed_balance,
        beds.bed_bounds,
        beds.no_bed_negative,
        beds.lead_and_notice,
        beds.conversions_allowed,
        beds.site_capacity,
        beds.sites_open,
    ),
    "congestion": (
        congestion.refused_go_without,
        congestion.service_level,
        congestion.probabilities,
        congestion.queues,
        congestion.waiting_counted,
    ),
    "staff": (
        staff.hours_needed,
        staff.hours_available,
        staff.capacity,
        staff.utilisation,
        staff.cross_cover,
        staff.wte_balance,
        staff.wte_arrived,
        staff.hiring,
        staff.wte_bounds,
    ),
    "shifts": (
        shifts.care_hours_needed,
        shifts.care_hours_available,
        shifts.capacity,
        shifts.utilisation,
        shifts.cross_cover,
        shifts.shifts_on_duty,
        shifts.lead_and_notice,
        shifts.cover_minimum,
    ),
    "teams": (teams.cross_cover_allowed,),
    "limits": (limits.totals,),
    "schemes": (
        order.scheme_rows,
        order.once_and_for_good,
        order.window,
        order.mandatory,
        order.order,
        order.exclusion,
        order.pilot,
        order.go_live_limit,
        order.amounts,
    ),
    "targets": (
        required.successes,
        required.targets,
        required.words,
        required.targets_met,
    ),
    "acute": (
        acute.bed_days_freed,
        acute.beds_freed,
        acute.wards_closed,
        acute.ward_release,
        acute.acute_gbp,
    ),
    "costs": (
        costs.costs,
        costs.discounted,
    ),
    "money": (
        budgets.budgets,
        budgets.budget_limits,
        budgets.transfers,
    ),
    "planning": (
        planning.demand,
        planning.gap,
    ),
    "decisions": (
        decisions.changes,
        decisions.amounts,
        decisions.terms,
    ),
    "agreement": (agreement.summary,),
    "today": (
        today_rules.today_gives,
        today_rules.do_nothing_spend,
    ),
}
RULES: Mapping[str, Rule] = {
    f"{part}.{rule.__name__}": rule for part, rules in PARTS.items() for rule in rules
}
"""Every rule, which yields what is wrong, by the name that records of result tables have for it."""


def verify(
    instance: Instance,
    tables: Mapping[str, pd.DataFrame],
    *,
    objective: float | None = None,
    as_is: bool = False,
    best_effort: bool = False,
    today: Today | None = None,
) -> tuple[Problem, ...]:
    """Everything in which the result tables disagree with the instance or with one another; empty if nothing.

    `tables` are the result tables by name, as frames with the key columns as columns. `objective` is what the
    solver reported [£]; a run `as_is` or with `best_effort` may miss targets. `today` is the plan of today's capacity,
    which is counted in the same way. A number may be off by a millionth of the largest term of its row (at least by
    1e-6), numbers of people in care by a millionth of their sum over the horizon. At most 20 problems of a kind are
    listed, with a count of the rest.
    """
    ready, problems = complete(instance, tables)
    before, in_today = ({}, []) if today is None else complete(today.instance, today.tables)
    if not _can_be_counted(ready, problems) or (today is not None and not _can_be_counted(before, in_today)):
        return (*shortened(problems), *_placed(in_today, TODAY))
    # Numbers that are too large to be added up are differences, and no news for whoever reads the terminal.
    with np.errstate(over="ignore", invalid="ignore"):
        evidence = Evidence(instance, ready, objective, as_is, best_effort, None if today is None else before)
        problems += findings(evidence)
        if today is not None:
            in_today += findings(evidence.of_today(today.instance, today.objective))
            in_today += today_rules.unfounded(before, today_rules.ITSELF)
    return (*shortened(problems), *_placed(in_today, TODAY))


@dataclass(frozen=True)
class Today:
    """The plan of today's capacity: the instance with today's capacity fixed, its result tables, its cost [£]."""

    instance: Instance
    tables: Mapping[str, pd.DataFrame]
    objective: float | None = None


def _can_be_counted(ready: Mapping[str, pd.DataFrame], problems: Sequence[Problem]) -> bool:
    return len(ready) == len(TABLES) and all(problem.rule not in STOP_COUNTING for problem in problems)


def _placed(problems: Sequence[Problem], folder: str) -> Iterator[Problem]:
    """The problems of the tables in a folder of the run."""
    return (replace(problem, place=f"{folder}/{problem.table}") for problem in shortened(problems))


def findings(evidence: Evidence) -> Iterator[Problem]:
    """What the rules find wrong, one after the other, each when it is asked for."""
    for rule in RULES.values():
        yield from rule(evidence)


def verify_run(path: str | PathLike[str]) -> tuple[Problem, ...]:
    """Checks a run folder: its `instance/`, its result tables, those in `today/`, what `answers/` and run.json hold.

    What cannot be read is told first, all of it, and nothing is counted then. Raises FileNotFoundError where the folder
    holds no `run.json`.
    """
    return verify_saved(read_saved(Path(path)))


def verify_saved(saved: Saved) -> tuple[Problem, ...]:
    """The same of a run folder that was read."""
    instance, before = saved.instance, saved.instance_today
    if instance is None or before is None or saved.unread:
        return (*shortened(saved.unread), *saved.unsaid, *_shapes(saved))
    info, options = saved.info, saved.info["options"]
    today = Today(before, saved.today, info.get(TODAY, {}).get("objective")) if saved.today else None
    problems = verify(
        instance,
        saved.tables,
        objective=info["objective"],
        as_is=options.get("as_is") is True,
        best_effort=options.get("best_effort") is True,
        today=today,
    )
    unfounded = today_rules.unfounded(complete(instance, saved.tables)[0]) if today is None else ()
    of_run = info_rules.findings(info, instance, has_today=bool(saved.today))
    return (*problems, *unfounded, *saved.unsaid, *of_run, *_of_answers(saved, instance))


def _shapes(saved: Saved) -> Iterator[Problem]:
    """What is missing or unknown in tables that can be read, where others cannot."""
    if saved.instance is None or saved.instance_today is None:
        return
    unread = {problem.place for problem in saved.unread}
    yield from _of_what_is_there(complete(saved.instance, saved.tables)[1], unread)
    if saved.today:
        in_today = _placed(complete(saved.instance_today, saved.today)[1], TODAY)
        yield from _of_what_is_there([*in_today], unread)
    yield from _of_what_is_there([*_of_answers(saved, saved.instance)], unread)


def _of_what_is_there(problems: Sequence[Problem], unread: Collection[str]) -> Iterator[Problem]:
    """The problems of tables other than those that cannot be read."""
    return (each for each in shortened(problems) if f"{each.where}.csv" not in unread)


def _of_answers(saved: Saved, instance: Instance) -> Iterator[Problem]:
    """What is wrong with `answers/`; its numbers are not counted again (`results.tables.ANSWERS` says why)."""
    asked = {name: record for name, record in ANSWERS.items() if name in saved.answers}
    return _placed(complete(instance, saved.answers, asked)[1], ANSWERS_FOLDER)
