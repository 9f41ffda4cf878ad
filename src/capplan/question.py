"""A planning question: what is asked of an instance, and how closely it is to be answered."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from capplan.errors import UsageError

if TYPE_CHECKING:
    from capplan.instance import Instance

_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class SolverOptions:
    """Settings of one solve.

    gap: share of the plan's cost by which a better plan may still exist (0.005 = 0.5 %).
    time_limit: seconds; None = none. threads: None = the solver's choice.
    seed: the same seed and threads give the same plan. log_file: where the solver writes its own log.
    solver: "highs", or the name of another solver that Pyomo knows.

    Raises UsageError, which names the setting to change.
    """

    gap: float = 0.005
    time_limit: float | None = None
    threads: int | None = None
    seed: int = 0
    log_file: Path | None = None
    solver: str = "highs"

    def __post_init__(self) -> None:
        if not 0 <= self.gap <= 1:
            raise UsageError(f"gap is {self.gap}: give a share from 0 to 1, such as 0.005 for 0.5 %")
        if self.time_limit is not None and not (self.time_limit > 0 and math.isfinite(self.time_limit)):
            raise UsageError(f"time_limit is {self.time_limit}: give seconds above 0, or leave it out")
        if self.threads is not None and self.threads < 1:
            raise UsageError(f"threads is {self.threads}: give 1 or more, or leave it out")
        if not 0 <= self.seed <= _LARGEST_SEED:
            raise UsageError(f"seed is {self.seed}: give a whole number from 0 to {_LARGEST_SEED}")
        if not self.solver.strip():
            raise UsageError("solver is empty: give a name such as highs")

    @property
    def that_change_answers(self) -> dict[str, object]:
        """Every setting but the log file, in which the answer is not."""
        return {name: value for name, value in asdict(self).items() if name != "log_file"}


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
