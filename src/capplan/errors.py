"""The exception tree. Only the command line catches these; a bug keeps its traceback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class CapplanError(Exception):
    """Base of every error that capplan raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(CapplanError):
    """The command or call was given something it cannot use (an unknown option value, an unwritable folder)."""

    exit_code = 2


class Severity(Enum):
    """How much a problem matters: errors stop, warnings and information do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "information"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an instance: where, what, which rule, what now.

    `row` is the row as the file or sheet shows it (the header is row 1); empty where no single row is at fault.
    `place` is what the planner calls the table: `referrals.csv`, `sheet referrals`.
    """

    table: str
    rule: str
    message: str
    what_now: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    severity: Severity = Severity.ERROR
    place: str = ""

    @property
    def where(self) -> str:
        """`referrals.csv row 3, pathway`: the place as the planner knows it, else the table."""
        row = "" if self.row is None else f" row {self.row}"
        column = "" if self.column is None else f", {self.column}"
        return f"{self.place or self.table}{row}{column}"

    def __str__(self) -> str:
        now = f"; {self.what_now}" if self.what_now else ""
        return f"{self.where}: {self.message}{now}"


class InvalidInstance(CapplanError):
    """The instance breaks one or more rules; `problems` holds all of them."""

    exit_code = 3

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        # The arguments are what a pickle makes the error from again.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@dataclass(frozen=True)
class ConflictingLimit:
    """One cell of an instance that, with others, leaves no plan.

    kind: what `explain --price` calls it (targets, beds, …). `key` chooses the row: columns with their values, "" for
    an empty cell. `says`: the limit as a rule, with the instance's names.
    """

    kind: str
    table: str
    column: str
    key: tuple[tuple[str, str], ...]
    says: str


@dataclass(frozen=True)
class Conflict:
    """Limits that cannot all hold; `lines` tell them, and what they rest on, as `capplan explain` does.

    Not `is_minimal` where time did not suffice to leave out what is not needed for it.
    """

    limits: tuple[ConflictingLimit, ...]
    lines: tuple[str, ...]
    is_minimal: bool = True


class Infeasible(CapplanError):
    """No plan meets every limit and imposed target; `conflicts` says which, empty where they were not sought."""

    exit_code = 4

    def __init__(self, message: str, conflicts: Sequence[Conflict] = ()) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(message)


class NoPlanFound(CapplanError):
    """The solver stopped (time limit, interruption) before it held any plan."""

    exit_code = 5


class SolverFailed(CapplanError):
    """The solver reported an error of its own."""
