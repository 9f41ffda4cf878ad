"""Rules asked of an instance, and again of a changed one: only those whose tables have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from capplan.checks.facts import Facts
from capplan.checks.noting import SETTINGS, Known
from capplan.errors import Problem, Severity
from capplan.instance import Instance
from capplan.schema.tables import TABLES

Rule: TypeAlias = Callable[[Facts], Iterable[Problem]]
Answer: TypeAlias = Known[tuple[Problem, ...]]
"""What a rule complains of, and the tables that it read."""
ACCEPTED = "accepted:"
ORDER = {name: position for position, name in enumerate((SETTINGS, *TABLES))}
SEVERITIES = list(Severity)


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
        found = [problem for answer in self.answers.values() for problem in answer.value]
        return tuple(sorted(found, key=_position))


def ask(instance: Instance, rules: Sequence[Rule]) -> Checked:
    """Every rule asked of an instance."""
    facts = Facts.of(instance)
    return Checked(facts, {rule: _answer(rule, facts) for rule in rules}, tuple(rules))


def ask_again(base: Checked, changed: Instance) -> Checked:
    """The rules asked of a changed instance: those that read a table which differs, the others stand."""
    before = base.facts.plain
    if changed.form is not before.form:  # places are called otherwise
        return ask(changed, tuple(base.answers))
    other = _different(before, changed)
    facts = Facts.of(changed, base.facts.workings.without(other))
    asked = tuple(rule for rule, answer in base.answers.items() if answer.tables & other)
    anew = {rule: _answer(rule, facts) for rule in asked}
    return Checked(facts, base.answers | anew, asked)


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
        problems = tuple(_told(rule, facts, problem) for problem in rule(facts))
    return Known(problems, frozenset(tables))


def _told(rule: Rule, facts: Facts, problem: Problem) -> Problem:
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
