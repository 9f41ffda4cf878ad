"""What a table and a column are: the shapes in which `schema.tables` states the data dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property


class Kind(Enum):
    """What a cell of a column holds."""

    KEY = "key"  # the row's own name: lower_snake_case
    NAME = "name"  # a key (or display name) of another table, or one of the column's `words`
    NAMES = "names"  # a filter: one name, several `a;b`, or nothing (all)
    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    YES_NO = "yes/no"
    DATE = "date"  # a day, or a month that stands for its first day
    DATE_TO = "date (up to and including)"  # a day, or a month that stands for its last day
    MONTH = "month"  # YYYY-MM
    TIME = "time"  # HH:MM
    CHOICE = "choice"


class _Mark(Enum):
    REQUIRED = "required"


REQUIRED = _Mark.REQUIRED
NETWORKS, SUB_REGIONS = "networks", "sub_regions"
GROUPS = {NETWORKS: ("localities", "network"), SUB_REGIONS: ("hospitals", "sub_region")}
"""Not tables, but targets of a reference as well: the names in a column of another table."""

FREE_COLUMNS = ("source", "note", "price_year")
"""Columns that every table may have; so may `COLUMN_source` for every column of it."""

type_of_default = str | float | bool | _Mark | None


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in which unit, what may stand in it and what an empty cell means.

    `default` is REQUIRED, None (an empty cell stays empty) or the value an empty cell stands for;
    `default_from` names the column of the same row whose value an empty cell takes.
    `refers_to` lists the tables (or GROUPS) whose keys a NAME or NAMES column holds, `words` further
    words that are accepted: in a number column they stand for the number they map to.
    `variants` maps other spellings of the column, in other units, to the factor that turns them into this one;
    None as factor says that the conversion depends on the calendar or on another column.
    """

    name: str
    kind: Kind
    help: str
    unit: str = ""
    default: type_of_default = None
    default_from: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    words: Mapping[str, float | None] = field(default_factory=dict)
    variants: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def is_required(self) -> bool:
        """Whether an empty cell is an error (in one of the column's units, where it has several)."""
        return self.default is REQUIRED

    @property
    def spellings(self) -> tuple[str, ...]:
        """The column's own name and those in other units."""
        return (self.name, *self.variants)


@dataclass(frozen=True)
class Table:
    """One table: its columns, the ones that make its key, and whether an instance must have it.

    `alternatives` lists pairs of column groups of which a row gives one or the other.
    A key column that may be empty is listed in `key` all the same.
    """

    name: str
    section: str
    help: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_required: bool = False
    alternatives: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name or spelling; KeyError where there is none."""
        for column in self.columns:
            if name in column.spellings:
                return column
        raise KeyError(name)

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every column name a file may use, other units included, free columns left out."""
        return tuple(spelling for column in self.columns for spelling in column.spellings)

    @property
    def own_key(self) -> str | None:
        """The column that names the rows of this table for others (`site` in `sites`), if there is one."""
        return next((column.name for column in self.columns if column.kind is Kind.KEY), None)

    def is_free(self, name: str) -> bool:
        """Whether the column is one that every table may have (`source`, `note`, `price_year`, `COLUMN_source`)."""
        return name in FREE_COLUMNS or name.removesuffix("_source") in self.spellings
