"""Solving an instance: build the model, find a plan, round and re-price it, read its tables."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from capplan.errors import Infeasible, NoPlanFound, SolverFailed
from capplan.formulation.build import build
from capplan.formulation.limits.targets import target_limit, target_minimum
from capplan.formulation.model import Model
from capplan.instance import Instance
from capplan.plan.achievement import Achievement, targets_table
from capplan.plan.acute import acute_table
from capplan.plan.budgets import budgets_table
from capplan.plan.capacity import TABLES as CAPACITY_TABLES
from capplan.plan.congestion import settle
from capplan.plan.costs import costs_table
from capplan.plan.decisions import decisions_table
from capplan.plan.people import access_table, caseload_table, people, starts_table, waiting_table
from capplan.plan.schemes import schemes_table
from capplan.plan.summary import summary_table
from capplan.results.rounding import to_significant_digits
from capplan.results.status import Holds, Stopped
from capplan.results.tables import PLANNING_RETURN
from capplan.returns import planning_return
from capplan.search.find_plan import find_plan, polish
from capplan.solved import Plan, Result
from capplan.solver.arrays import Floats
from capplan.solver.compiled import Compiled, compile_model, load, paused_garbage_collector
from capplan.solver.outcome import Outcome, relative_gap
from capplan.solver.watching import OnProgress
from capplan.solver_options import SolverOptions
from capplan.today import as_is as today_fixed

LEAST_SHORTFALL = 1e-6
"""How much of the least shortfall a best-effort plan may give away while it gets cheaper [share]: what the solver's
arithmetic may leave over. Where nothing need be missed, nothing may be."""


@dataclass
class _Stopwatch:
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def solve(
    instance: Instance,
    *,
    as_is: bool = False,
    best_effort: bool = False,
    options: SolverOptions | None = None,
    on_progress: OnProgress | None = None,
    is_aggregated: bool = True,
    with_today: bool = True,
) -> Plan:
    """The plan of least cost.

    `as_is` fixes today's capacity; `best_effort` misses imposed targets as little as it can, and then costs least.
    Without `with_today` the plan is compared with nothing, in half the time.
    Raises Infeasible where no plan meets every limit and imposed target, NoPlanFound where the solver was stopped
    before it had any, SolverFailed where the solver broke.
    """
    options = options or SolverOptions()
    question = today_fixed(instance) if as_is else instance
    watch = _Stopwatch()
    with paused_garbage_collector():
        with watch.stage("build"):
            m = build(question, is_aggregated=is_aggregated, misses_targets=best_effort)
        with watch.stage("hand over"):
            compiled = compile_model(m)
        with watch.stage("solve"):
            compiled, outcome = _search(m, compiled, options, best_effort, on_progress)
        with watch.stage("re-price"):
            priced = polish(compiled, outcome, options)
            if priced.values is None:
                raise _failure(priced, best_effort)
            load(compiled, priced.values)
            settle(m)
        with watch.stage("today's capacity"):
            today = _today(instance, options, is_aggregated) if with_today and not as_is else None
        with watch.stage("tables"):
            tables = _tables(m, _duals(m, compiled, priced), today)
    objective = float(tables["costs"]["gbp_discounted"].sum())
    bound = None if best_effort else outcome.bound
    result = Result(
        outcome.stopped,
        outcome.holds,
        objective,
        bound,
        relative_gap(objective, min(bound, objective)) if bound is not None else None,
        outcome.nodes,
        len(compiled.cost),
        compiled.A.shape[0],
    )
    return Plan(question, result, tables, watch.seconds, options, as_is, best_effort, today)


def _today(instance: Instance, options: SolverOptions, is_aggregated: bool) -> Plan | None:
    """The plan with today's capacity, or None where even that has none (say, more people in care than beds)."""
    try:
        return solve(instance, as_is=True, options=options, is_aggregated=is_aggregated)
    except (Infeasible, NoPlanFound):
        return None


def _search(
    m: Model, compiled: Compiled, options: SolverOptions, best_effort: bool, on_progress: OnProgress | None
) -> tuple[Compiled, Outcome]:
    start = None
    if best_effort:
        compiled, start = _with_least_shortfall(m, compiled, options, on_progress)
    compiled, outcome = find_plan(m, compiled, options, on_progress, start)
    if outcome.holds is Holds.NOTHING:
        raise _failure(outcome, best_effort)
    return compiled, outcome


def _failure(outcome: Outcome, is_best_effort: bool) -> Exception:
    if outcome.stopped is Stopped.INFEASIBLE:
        return Infeasible(
            "no plan meets every limit, budget and imposed target; --best-effort shows which targets are missed, "
            "and by how much, if as much is achieved as can be"
            if not is_best_effort
            else "no plan keeps every limit and budget, whatever targets are missed: look at what cannot give way "
            "(maxima, limits, waits, pathways where nobody may go without, budgets)"
        )
    if outcome.stopped is Stopped.UNCONFIRMED:
        held = "limit and budget" if is_best_effort else "limit, budget and imposed target"
        return NoPlanFound(
            f"the solver says that no plan meets every {held}, but was not confirmed on a second way "
            f"({outcome.message}): allow more time"
        )
    if outcome.stopped in (Stopped.TIME_LIMIT, Stopped.INTERRUPTED, Stopped.OTHER_LIMIT):
        return NoPlanFound(f"stopped before any plan was found ({outcome.stopped.value}): allow more time")
    return SolverFailed(f"the solver gave up: {outcome.stopped.value}; {outcome.message}")


def _with_least_shortfall(
    m: Model, compiled: Compiled, options: SolverOptions, on_progress: OnProgress | None
) -> tuple[Compiled, Floats]:
    """The model with one more row, that targets are missed as little as can be, and a plan that does.

    What is missed is added up as shares of what each target asks for.
    """
    keys = list(m.target_shortfall)
    required = np.array([max(abs(m.target[key].required), 1.0) for key in keys])
    columns = compiled.columns_of(m.target_shortfall[key] for key in keys)
    cost = np.zeros(len(compiled.cost))
    # Scaled so that the target that asks for most has coefficient 1: the solver's tolerances are absolute.
    cost[columns[columns >= 0]] = (required.max(initial=1.0) / required)[columns >= 0]
    closest = replace(options, gap=min(options.gap, LEAST_SHORTFALL))
    _, outcome = find_plan(m, compiled.with_cost(cost), closest, on_progress)
    if outcome.values is None:
        raise _failure(outcome, is_best_effort=True)
    least = float(cost @ outcome.values)
    if least <= LEAST_SHORTFALL:
        return compiled.with_bounds(columns[columns >= 0], 0.0, 0.0), outcome.values
    allowed = np.array([least * (1 + LEAST_SHORTFALL)])
    limited = compiled.with_rows(cost[None, :], np.array([-np.inf]), allowed, ["least_shortfall_limit"])
    return limited, outcome.values


def _duals(m: Model, compiled: Compiled, priced: Outcome) -> dict[Any, float]:
    """Shadow price of each imposed target: £ for one unit more, whole numbers kept as they are."""
    if priced.row_duals is None:
        return {}
    duals_of = {}
    for family in (target_minimum.rows(m), target_limit.rows(m)):
        keys = list(family)
        rows = compiled.rows_of(family[key] for key in keys)
        duals_of.update(
            {key: abs(float(priced.row_duals[r])) for key, r in zip(keys, rows, strict=True) if r >= 0}
        )
    return duals_of


def _tables(m: Model, duals: Mapping[Any, float], today: Plan | None) -> dict[str, pd.DataFrame]:
    flows = people(m)
    tables = {name: table(m) for name, table in CAPACITY_TABLES.items()}
    tables["schemes"] = schemes_table(m)
    tables["decisions"] = decisions_table(m)
    tables["starts"] = starts_table(m, flows)
    tables["waiting"] = waiting_table(m, flows)
    tables["caseload"] = caseload_table(m, flows)
    tables["access"] = access_table(m, tables["waiting"])
    tables["acute"] = acute_table(m)
    tables["costs"] = costs_table(m, flows)
    before = None if today is None else today.tables
    tables["budgets"] = budgets_table(m, tables["costs"], None if before is None else before["costs"])
    tables["targets"] = targets_table(m, Achievement(m, flows, tables), _today_gives(today), duals)
    tables["summary"] = summary_table(m, tables, before)
    rounded = {name: to_significant_digits(table) for name, table in tables.items()}
    returned = planning_return(m.data.instance, rounded)
    return rounded | {PLANNING_RETURN.name: to_significant_digits(returned)}


def _today_gives(today: Plan | None) -> dict[tuple[str, str, str], float]:
    if today is None:
        return {}
    table = today.tables["targets"]
    keys = zip(table["target"], table["scope"], table["window"], strict=True)
    return dict(zip(keys, table["achieved"], strict=True))
