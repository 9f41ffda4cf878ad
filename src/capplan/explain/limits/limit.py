"""Limits: what a planner has set and could set otherwise, and where the model holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import inf
from typing import Any

from capplan.overrides.grammar import Operation, Override

Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""Columns of a table with the values that choose its rows; "" stands for an empty cell."""
Held = tuple[tuple[Any, float], ...]
"""Rows, or variables whose bound is meant, with what one unit of a limit's change gives each of them."""


class Kind(Enum):
    """Kinds of limits that give way together, counted in one unit: what `--price` puts a price on."""

    TARGETS = "targets"
    SPENDING = "spending"
    DELAYS = "delays"
    SHARES = "shares"
    BUDGETS = "budgets"
    BEDS = "beds"
    SITES = "sites"
    STAFF = "staff"
    SHIFTS = "shifts"
    HIRES = "hires"
    COVER = "cover"
    SUITABILITY = "suitability"
    WAITS = "waits"
    WITHOUT = "without"
    TRAVEL = "travel"
    DATES = "dates"
    SCHEMES = "schemes"
    OPENING = "opening"


@dataclass(frozen=True)
class Step:
    """One step in which a limit gives way that cannot by a little: its new value, and the variables that it frees."""

    value: object
    frees: tuple[Any, ...] = ()
    early: tuple[tuple[Any, Any, float], ...] = ()
    """Capacity that is there earlier: (its variable, the row it adds to, what one unit adds to that)."""


@dataclass(frozen=True)
class Limit:
    """One cell of an instance that holds the plan back.

    `what` is the name under which its wording is registered, `value` what stands in the cell now and `direction` +1
    where more gives room, -1 where less does. `weight` is what one unit of the cell's change counts in the unit of its
    `kind`, `step` the multiples in which it changes (0: any number), `most` the largest change that makes sense.
    A limit with `steps` gives way in those, from its present value on, and holds no rows by itself. `is_summed` says
    that the variables in `at_most` share the change and do not have it each; `shut` lists variables that stay 0 while a
    binary (of a site, of a unit) is 0, however far the limit gives way. `instead` is what the cell becomes where it
    gives way altogether, however much is needed.
    """

    what: str
    kind: Kind
    table: str
    filters: Filters
    column: str
    value: Any
    direction: int = 1
    weight: float = 1.0
    step: float = 0.0
    most: float = inf
    rows: Held = ()
    at_most: Held = ()
    at_least: Held = ()
    steps: tuple[Step, ...] = ()
    is_summed: bool = False
    shut: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    instead: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, Filters, str]:
        """The cell."""
        return self.table, self.filters, self.column

    def override(self, value: object) -> str:
        """The text that puts another value into the cell."""
        text = self.instead if self.instead is not None else spelled(value)
        return str(Override(self.table, self.filters, self.column, Operation.SET, text))

    @property
    def is_stepped(self) -> bool:
        """Whether it gives way in steps of its own."""
        return bool(self.steps)

    def named(self, column: str) -> str:
        """What a filter of the cell says."""
        return ";".join(dict(self.filters).get(column, ()))


@dataclass(frozen=True)
class Change:
    """One cell that gets another value: `amount` says by how much, without direction, where that is a number."""

    limit: Limit
    amount: float
    value: object

    @property
    def override(self) -> str:
        """The change as `--set` takes it."""
        return self.limit.override(self.value)


def chosen(row: Mapping[str, Any], columns: Sequence[str]) -> Filters:
    """Filters that choose a row by its key; an empty cell is asked for as such."""
    return tuple((column, ("" if _is_empty(row[column]) else str(row[column]),)) for column in columns)


def spelled(value: object) -> str:
    """A value as an override writes it: whole numbers without a point, others with what digits they need."""
    if isinstance(value, float):
        return f"{round(value, 10):.10f}".rstrip("0").rstrip(".")
    return str(value)


def _is_empty(cell: object) -> bool:
    return cell is None or cell != cell  # noqa: PLR0124 - NaN is the one that differs from itself
