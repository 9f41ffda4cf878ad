"""The independent checker: recomputes a plan from its instance and its result tables alone.

Nothing of the model is used. People in care are integrated numerically, so that the model's closed forms are
counted a second way; every balance, capacity, limit, target and cost is counted from the tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from capplan.errors import Problem
from capplan.files import read
from capplan.instance import Instance
from capplan.results.tables import ANSWERS, TABLES
from capplan.today import as_is
from capplan.verify import acute, agreement, beds, congestion, limits, planning, shifts, staff, teams
from capplan.verify import today as today_rules
from capplan.verify.differences import shortened, unequal
from capplan.verify.evidence import Evidence, complete
from capplan.verify.money import budgets, costs
from capplan.verify.people import care, flow
from capplan.verify.schemes import order
from capplan.verify.targets import required

Rule = Callable[[Evidence], Iterator[Problem]]
TODAY, ANSWERS_FOLDER = "today", "answers"

# By what their names begin with: their module, or its room.
PARTS: Mapping[str, tuple[Rule, ...]] = {
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
    "agreement": (
        agreement.decisions,
        agreement.decision_amounts,
        agreement.summary,
    ),
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
        return (*shortened(problems), *_placed(in_today))
    evidence = Evidence(instance, ready, objective, as_is, best_effort, None if today is None else before)
    problems += findings(evidence)
    if today is not None:
        in_today += findings(evidence.of_today(today.instance, today.objective))
    return (*shortened(problems), *_placed(in_today))


@dataclass(frozen=True)
class Today:
    """The plan of today's capacity: the instance with today's capacity fixed, its result tables, its cost [£]."""

    instance: Instance
    tables: Mapping[str, pd.DataFrame]
    objective: float | None = None


def _can_be_counted(ready: Mapping[str, pd.DataFrame], problems: Sequence[Problem]) -> bool:
    return len(ready) == len(TABLES) and all(problem.rule != "names_known" for problem in problems)


def _placed(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems of the tables of today's capacity."""
    return (replace(problem, place=f"{TODAY}/{problem.table}") for problem in shortened(problems))


def findings(evidence: Evidence) -> Iterator[Problem]:
    """What the rules find wrong, one after the other, each when it is asked for."""
    for rule in RULES.values():
        yield from rule(evidence)


def verify_run(path: str | PathLike[str]) -> tuple[Problem, ...]:
    """Checks a run folder: its `instance/`, its result tables, those in `today/`, what `answers/` and run.json hold.

    Raises FileNotFoundError where the folder holds no `run.json`, InvalidInstance where its instance cannot be read.
    """
    folder = Path(path)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    options, instance, tables = run.get("options", {}), read(folder / "instance"), _tables(folder)
    today = _today(folder, instance, run)
    problems = verify(
        instance,
        tables,
        objective=run.get("objective"),
        as_is=bool(options.get("as_is", False)),
        best_effort=bool(options.get("best_effort", False)),
        today=today,
    )
    unfounded = today_rules.unfounded(complete(instance, tables)[0]) if today is None else ()
    return (*problems, *unfounded, *_of_run(run), *_of_answers(folder, instance))


def _today(folder: Path, instance: Instance, run: Mapping[str, Any]) -> Today | None:
    """What a run says of today's capacity; None where it says nothing and has no tables of it."""
    tables = _tables(folder / TODAY)
    if not tables and not run.get("today"):
        return None
    return Today(as_is(instance), tables, (run.get("today") or {}).get("objective"))


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Every CSV file of a folder, cells as text; those that are no result tables too, so that they are noticed."""
    return {
        file.stem: pd.read_csv(file, dtype=str, keep_default_na=False)
        for file in sorted(folder.glob("*.csv"))
    }


def _of_answers(folder: Path, instance: Instance) -> Iterator[Problem]:
    """What cannot be read in `answers/`; its numbers are not counted again (`results.tables.ANSWERS` says why)."""
    tables = _tables(folder / ANSWERS_FOLDER)
    records = {name: record for name, record in ANSWERS.items() if name in tables}
    for problem in shortened(complete(instance, tables, records)[1]):
        yield replace(problem, place=f"{ANSWERS_FOLDER}/{problem.table}")


def _of_run(run: Mapping[str, Any]) -> Iterator[Problem]:
    """Gaps and repeated numbers in run.json follow from the others."""
    today = run.get("today") or {}
    for part, says in (("", run), ("today.", today)):
        objective, bound, gap = (says.get(name) for name in ("objective", "bound", "gap"))
        if objective and bound is not None:
            both = (
                pd.Series({f"{part}gap": number}, dtype=float) for number in (gap, _gap(objective, bound))
            )
            yield from unequal("run.json", "gap", "gap", *both)
    if today and run.get("objective_today") != today.get("objective"):
        message = f"objective_today is {run.get('objective_today')}, today.objective {today.get('objective')}"
        yield Problem("run.json", "objective_today", message)


def _gap(objective: float, bound: float) -> float:
    return abs(objective - min(bound, objective)) / abs(objective)
