"""Changes to an instance as text: `referrals[pathway=crisis].people_per_month *= 1.2`.

The same text serves `--set`, scenarios and studies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from capplan.errors import InvalidInstance, Problem, UsageError
from capplan.instance import Instance
from capplan.overrides.change import changed_settings, changed_table
from capplan.overrides.grammar import GRAMMAR, Operation, Override, parse_override, split_changes
from capplan.schema.canonical import written_form
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.headers import unknown_table
from capplan.schema.names import directory_of
from capplan.schema.rules import validate
from capplan.schema.tables import TABLES
from capplan.schema.text import Unreadable
from capplan.today import as_is, is_do_nothing

__all__ = [
    "GRAMMAR",
    "Operation",
    "Override",
    "apply_overrides",
    "apply_scenario",
    "listed_changes",
    "parse_override",
    "split_changes",
]


def apply_overrides(instance: Instance, texts: Sequence[str]) -> Instance:
    """A copy of the instance with the overrides applied one after the other.

    Raises UsageError with every override that cannot be read or touches no row, and InvalidInstance with
    every row that breaks a rule of its table afterwards.
    """
    refused: list[str] = []
    problems: list[Problem] = []
    changed: set[str] = set()
    for text in listed_changes(texts):
        try:
            override = parse_override(text)
            instance = _applied(instance, override)
            changed.add(override.table)
        except UsageError as error:
            refused.append(str(error))
        except InvalidInstance as error:
            problems += error.problems
    if refused:
        raise UsageError("\n".join(refused))
    for name in TABLES:
        if name in changed:
            problems += validate(TABLES[name], instance.written[name])
    if problems:
        raise InvalidInstance([_placed(instance, problem) for problem in problems])
    return instance


def listed_changes(changes: Sequence[str]) -> tuple[str, ...]:
    """The changes as a tuple; UsageError where they are one text, or hold anything but texts."""
    if isinstance(changes, str):
        raise UsageError(f"'{changes}' is one text where a list of changes is wanted: write [{changes!r}]")
    listed = tuple(changes)
    for change in listed:
        if not isinstance(change, str):
            raise UsageError(f"{change!r} is no change: write text such as 'instance.periods = 24'")
    return listed


def apply_scenario(instance: Instance, scenario: str) -> Instance:
    """A copy of the instance with the changes of a scenario, called by its key or name.

    Every instance has `do_nothing`: today's capacity and schemes as they are. Raises UsageError where there is no
    such scenario, and as `apply_overrides`.
    """
    if is_do_nothing(instance, scenario):
        return as_is(instance)
    column = Column("scenario", Kind.NAME, "The scenario.", refers_to=("scenarios",))
    try:
        key = directory_of(column, instance.written, instance.form.place, {}).find(scenario)
    except Unreadable as reason:
        raise UsageError(f"scenario '{scenario}' {reason.why}; {reason.what_now}") from None
    table = instance.table("scenarios")
    changes = table.loc[table["scenario"] == key, "changes"].iloc[0]
    return apply_overrides(instance, split_changes(changes) if isinstance(changes, str) else ())


def _applied(instance: Instance, override: Override) -> Instance:
    try:
        if override.table == "instance":
            return instance.trusted(settings=changed_settings(instance, override))
        table = _table(override.table)
        return instance.trusted(**{table.name: written_form(table, changed_table(instance, table, override))})
    except UsageError as error:
        raise UsageError(f"{override}: {error}") from None


def _table(name: str) -> Table:
    if name not in TABLES:
        message, what_now = unknown_table(name)
        raise UsageError(f"{message}; {what_now}")
    return TABLES[name]


def _placed(instance: Instance, problem: Problem) -> Problem:
    return replace(problem, place=f"{instance.form.place(problem.table)} after the overrides")
