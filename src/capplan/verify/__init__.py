"""The independent checker: recomputes a plan from its instance and its result tables alone.

Nothing of the model is used. People in care are integrated numerically, so that the model's closed forms are
counted a second way; every balance, capacity, limit, target and cost is counted from the tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path

import pandas as pd

from capplan.errors import Problem
from capplan.files import read
from capplan.instance import Instance
from capplan.verify import (
    acute,
    agreement,
    beds,
    care,
    congestion,
    costs,
    flow,
    limits,
    money,
    schemes,
    shifts,
    staff,
    targets,
    teams,
)
from capplan.verify.differences import shortened
from capplan.verify.evidence import TEXT, Evidence, complete

Rule = Callable[[Evidence], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
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
    care.caseload,
    care.people_in_beds,
    beds.bed_capacity,
    beds.occupancy,
    beds.bed_balance,
    beds.bed_bounds,
    beds.no_bed_negative,
    beds.lead_and_notice,
    beds.conversions_allowed,
    beds.site_capacity,
    beds.sites_open,
    congestion.refused_go_without,
    congestion.service_level,
    congestion.probabilities,
    congestion.queues,
    congestion.waiting_counted,
    staff.hours_needed,
    staff.hours_available,
    staff.capacity,
    staff.utilisation,
    staff.cross_cover,
    staff.wte_balance,
    staff.wte_arrived,
    staff.hiring,
    staff.wte_bounds,
    shifts.care_hours_needed,
    shifts.care_hours_available,
    shifts.capacity,
    shifts.utilisation,
    shifts.cross_cover,
    shifts.shifts_on_duty,
    shifts.lead_and_notice,
    shifts.cover_minimum,
    teams.cross_cover_allowed,
    limits.totals,
    schemes.scheme_rows,
    schemes.once_and_for_good,
    schemes.window,
    schemes.mandatory,
    schemes.order,
    schemes.exclusion,
    schemes.pilot,
    schemes.go_live_limit,
    schemes.amounts,
    targets.targets,
    targets.targets_met,
    acute.bed_days_freed,
    acute.beds_freed,
    acute.wards_closed,
    acute.ward_release,
    acute.acute_gbp,
    costs.costs,
    costs.discounted,
    money.budgets,
    money.budget_limits,
    money.transfers,
    agreement.decisions,
    agreement.decision_amounts,
    agreement.summary,
)
"""Every rule, one function each: it yields what it finds wrong."""


def verify(
    instance: Instance,
    tables: Mapping[str, pd.DataFrame],
    *,
    objective: float | None = None,
    as_is: bool = False,
    best_effort: bool = False,
) -> tuple[Problem, ...]:
    """Everything in which the result tables disagree with the instance or with one another; empty if nothing.

    `tables` are the result tables by name, as frames with the key columns as columns. `objective` is what the
    solver reported [£]; a run `as_is` or with `best_effort` may miss targets. A number may be off by a millionth of
    the largest term of its row (at least by 1e-6), numbers of people in care by a millionth of their sum over the
    horizon. At most 20 problems of a kind are listed, with a count of the rest.
    """
    ready, problems = complete(instance, tables)
    if len(ready) == len(TEXT) and all(problem.rule != "names_known" for problem in problems):
        problems += findings(Evidence(instance, ready, objective, as_is, best_effort))
    return shortened(problems)


def findings(evidence: Evidence) -> Iterator[Problem]:
    """What the rules find wrong, one after the other, each as it is found."""
    for rule in RULES:
        yield from rule(evidence)


def verify_run(path: str | PathLike[str]) -> tuple[Problem, ...]:
    """Checks a run folder: its `instance/`, its result tables and the objective and options in `run.json`.

    Raises FileNotFoundError where the folder holds no `run.json`, InvalidInstance where its instance cannot be read.
    """
    folder = Path(path)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    tables = {
        name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in TEXT
        if (folder / f"{name}.csv").is_file()
    }
    options = run.get("options", {})
    return verify(
        read(folder / "instance"),
        tables,
        objective=run.get("objective"),
        as_is=bool(options.get("as_is", False)),
        best_effort=bool(options.get("best_effort", False)),
    )
