"""A planning question: what is asked of an instance, and how closely it is to be answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from capplan.solver_options import SolverOptions

if TYPE_CHECKING:
    from capplan.instance import Instance


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of an instance: a scenario, changes (overrides) after it, and how it is to be answered.

    as_is: with today's capacity fixed, which the scenario `do_nothing` asks for too. best_effort: imposed targets may
    be missed, as little as can be. Nothing is applied before it is asked for. `capplan.checks.check_question` checks a
    question, `capplan.plan.answer` answers it, and `capplan.runs.saved_answer` finds a run that has.

    Raises UsageError where the changes are one text and no list.
    """

    instance: Instance = field(repr=False)
    changes: Sequence[str] = ()
    scenario: str | None = None
    as_is: bool = False
    best_effort: bool = False
    options: SolverOptions = field(default_factory=SolverOptions)

    def __post_init__(self) -> None:
        from capplan.overrides import listed_changes

        object.__setattr__(self, "changes", listed_changes(self.changes))

    @cached_property
    def is_as_is(self) -> bool:
        """Whether today's capacity is fixed, be it as an option or as the scenario in which nothing is done."""
        from capplan.today import is_do_nothing

        return self.as_is or is_do_nothing(self.instance, self.scenario)

    @cached_property
    def changed(self) -> Instance:
        """The instance after the scenario and the changes: what a planner wrote, which is what is checked.

        Today's capacity is fixed in `posed` alone. Raises UsageError for a change that cannot be read or touches no
        row, InvalidInstance for one that breaks a rule of its table.
        """
        from capplan.overrides import apply_overrides, apply_scenario
        from capplan.today import is_do_nothing

        named = None if is_do_nothing(self.instance, self.scenario) else self.scenario
        changed = self.instance if named is None else apply_scenario(self.instance, named)
        return apply_overrides(changed, self.changes) if self.changes else changed

    @cached_property
    def posed(self) -> Instance:
        """What is solved, and saved with the run: the changed instance, with today's capacity fixed where asked."""
        from capplan.today import as_is

        return as_is(self.changed) if self.is_as_is else self.changed

    @property
    def fingerprint(self) -> str:
        """SHA-256 over what is solved and how: equal for questions that have one answer."""
        return fingerprint_of(self.posed, self.options, as_is=self.is_as_is, best_effort=self.best_effort)

    def at_best_effort(self) -> Question:
        """The same where targets may be missed."""
        return replace(self, best_effort=True)


def fingerprint_of(posed: Instance, options: SolverOptions, *, as_is: bool, best_effort: bool) -> str:
    """The fingerprint of the question that an instance was solved for with these options."""
    asked = {"as_is": as_is, "best_effort": best_effort, **options.that_change_answers}
    return sha256(json.dumps([posed.fingerprint, asked], sort_keys=True).encode()).hexdigest()
