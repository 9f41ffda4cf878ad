"""Rules across tables: one function a rule, all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from capplan.checks import (
    access,
    acute,
    arithmetic,
    availability,
    budgets,
    capacity,
    congestion,
    conversions,
    funding,
    limits,
    names,
    need,
    onward,
    opening,
    reachable_targets,
    referrals,
    scenarios,
    scheme_effects,
    scheme_states,
    schemes,
    shifts,
    staff,
    targets,
    travel,
    unusual,
)
from capplan.checks.facts import Facts
from capplan.checks.ratios import ratios
from capplan.errors import Problem, Severity
from capplan.instance import Instance
from capplan.schema.tables import TABLES

__all__ = ["RULES", "check", "ratios"]

Rule: TypeAlias = Callable[[Facts], Iterable[Problem]]
MODULES = (
    names,
    travel,
    capacity,
    availability,
    congestion,
    conversions,
    staff,
    shifts,
    limits,
    need,
    onward,
    referrals,
    opening,
    access,
    targets,
    reachable_targets,
    schemes,
    scheme_effects,
    scheme_states,
    acute,
    funding,
    budgets,
    scenarios,
    arithmetic,
    unusual,
)
RULES: tuple[Rule, ...] = tuple(rule for module in MODULES for rule in module.RULES)
"""Every rule, `rule(facts)`; its name is the name that problems carry, its docstring says what it is for."""
ACCEPTED = "accepted:"
ORDER = {name: position for position, name in enumerate(("instance", *TABLES))}
SEVERITIES = list(Severity)


def check(instance: Instance, rules: Sequence[Rule] = RULES) -> tuple[Problem, ...]:
    """Every problem of an instance: errors, warnings, information; within each by table and row.

    Warnings of rules named `arithmetic_…` are information where the row's note begins with `accepted:`.
    """
    facts = Facts.of(instance)
    problems = [
        _accepted(facts, replace(problem, rule=rule.__name__, place=instance.form.place(problem.table)))
        for rule in rules
        for problem in rule(facts)
    ]
    return tuple(sorted(problems, key=_position))


def _position(problem: Problem) -> tuple[int, int, int, str]:
    return SEVERITIES.index(problem.severity), ORDER[problem.table], problem.row or 0, problem.rule


def _accepted(facts: Facts, problem: Problem) -> Problem:
    """The problem, as information where the planner has looked at the row and accepted it."""
    notes = facts.written.get(problem.table, {}).get("note")
    if not problem.rule.startswith("arithmetic_") or problem.row is None or notes is None:
        return problem
    if str(notes[problem.row]).strip().lower().startswith(ACCEPTED):
        return replace(problem, severity=Severity.INFO)
    return problem
