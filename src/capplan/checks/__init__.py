"""Rules across tables: one function a rule, all problems at once.

Of a changed instance only those rules are asked again whose tables have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from capplan.checks import (
    acute,
    arithmetic,
    beds,
    congestion,
    limits,
    names,
    scenarios,
    shifts,
    staff,
    travel,
    unusual,
)
from capplan.checks.facts import Facts
from capplan.checks.money import budgets, funding
from capplan.checks.people import access, onward, packages, referrals
from capplan.checks.ratios import ratios
from capplan.checks.schemes import effects, order, states
from capplan.checks.targets import filters, reachable, values
from capplan.checks.workings import SETTINGS, WorkedOut
from capplan.errors import InvalidInstance, Problem, Severity
from capplan.instance import Instance
from capplan.question import Question
from capplan.schema.tables import TABLES

__all__ = ["RULES", "Checked", "check", "check_again", "check_fully", "check_question", "ratios"]

Rule: TypeAlias = Callable[[Facts], Iterable[Problem]]
Answer: TypeAlias = WorkedOut[tuple[Problem, ...]]
"""What a rule complains of, and the tables that it read."""
ACCEPTED = "accepted:"
ORDER = {name: position for position, name in enumerate((SETTINGS, *TABLES))}
SEVERITIES = list(Severity)

MODULES = (
    *(names, travel),
    *(referrals, packages, onward, access),  # people
    *(beds, congestion),
    *(staff, shifts),
    limits,
    *(values, filters, reachable),  # targets
    *(funding, budgets),  # money
    *(order, effects, states),  # schemes
    acute,
    scenarios,
    *(arithmetic, unusual),
)
RULES: tuple[Rule, ...] = tuple(rule for module in MODULES for rule in module.RULES)
"""Every rule, `rule(facts)`; its name is the name that problems carry, its docstring says what it is for."""


@dataclass(frozen=True)
class Checked:
    """An instance of which every rule was asked: what each complains of, and what it read.

    `asked` are the rules that were asked for this instance; the answers of others were known.
    """

    facts: Facts
    answers: dict[Rule, Answer]
    asked: tuple[Rule, ...]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem: errors, warnings, information; within each by table and row."""
        problems = [problem for answer in self.answers.values() for problem in answer.value]
        return tuple(sorted(problems, key=_position))


def check(instance: Instance, rules: Sequence[Rule] = RULES) -> tuple[Problem, ...]:
    """Every problem of an instance: errors, warnings, information; within each by table and row.

    Warnings of rules named `arithmetic_…` are information where the row's note begins with `accepted:`.
    """
    return _ask(instance, rules).problems


def check_fully(instance: Instance) -> Checked:
    """The instance with every problem, to check changed ones against (`check_again`)."""
    return _ask(instance, RULES)


def check_again(base: Checked, changed: Instance) -> Checked:
    """The same of a changed instance: only rules that read a table which differs are asked, the others stand."""
    before = base.facts.plain
    if changed.form is not before.form:  # places are called otherwise
        return _ask(changed, tuple(base.answers))
    different = _different(before, changed)
    facts = Facts.of(changed, base.facts.workings.without(different))
    asked = tuple(rule for rule, answer in base.answers.items() if answer.tables & different)
    anew = {rule: _answer(rule, facts) for rule in asked}
    return Checked(facts, base.answers | anew, asked)


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


def _ask(instance: Instance, rules: Sequence[Rule]) -> Checked:
    """Every rule asked of an instance."""
    facts = Facts.of(instance)
    return Checked(facts, {rule: _answer(rule, facts) for rule in rules}, tuple(rules))


def _different(one: Instance, other: Instance) -> frozenset[str]:
    """The tables in which two instances differ, `instance` for the settings."""
    tables = {
        name
        for name, frame in one.written.items()
        if other.written[name] is not frame and not other.written[name].equals(frame)
    }
    return frozenset(tables | ({SETTINGS} if one.settings != other.settings else set()))


def _answer(rule: Rule, facts: Facts) -> Answer:
    with facts.workings.reads.noted() as tables:
        problems = tuple(_placed(rule, facts, problem) for problem in rule(facts))
    return WorkedOut(problems, frozenset(tables))


def _placed(rule: Rule, facts: Facts, problem: Problem) -> Problem:
    """The problem with its rule and place; as information where the planner has looked at the row and accepted it."""
    placed = replace(problem, rule=rule.__name__, place=facts.form.place(problem.table))
    if not placed.rule.startswith("arithmetic_") or placed.row is None or placed.table not in TABLES:
        return placed
    notes = facts.written[placed.table].get("note")
    if notes is not None and str(notes[placed.row]).strip().lower().startswith(ACCEPTED):
        return replace(placed, severity=Severity.INFO)
    return placed


def _position(problem: Problem) -> tuple[int, int, int, str]:
    return SEVERITIES.index(problem.severity), ORDER[problem.table], problem.row or 0, problem.rule
