"""Rules across tables: one function a rule, all problems at once."""

from __future__ import annotations

from collections.abc import Sequence

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
from capplan.checks.asking import Checked, Rule, ask, ask_again
from capplan.checks.ratios import ratios
from capplan.errors import InvalidInstance, Problem, Severity
from capplan.instance import Instance
from capplan.question import Question

__all__ = ["RULES", "Checked", "check", "check_again", "check_fully", "check_question", "ratios"]

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


def check(instance: Instance, rules: Sequence[Rule] = RULES) -> tuple[Problem, ...]:
    """Every problem of an instance: errors, warnings, information; within each by table and row.

    Warnings of rules named `arithmetic_…` are information where the row's note begins with `accepted:`.
    """
    return ask(instance, rules).problems


def check_fully(instance: Instance) -> Checked:
    """The instance with every problem, to check changed ones against (`check_again`)."""
    return ask(instance, RULES)


def check_again(base: Checked, changed: Instance) -> Checked:
    """The same of a changed instance: only rules that read what has changed are asked."""
    return ask_again(base, changed)


def check_question(question: Question, base: Checked | None = None) -> Checked:
    """What a planner wrote for a question, checked; InvalidInstance where it has errors.

    `base`: an instance that was checked before, of which the question's differs in a few tables. Today's capacity is
    fixed when it is solved, so that what is checked is the instance before that.
    """
    checked = check_fully(question.changed) if base is None else check_again(base, question.changed)
    errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
    if errors:
        raise InvalidInstance(errors)
    return checked
