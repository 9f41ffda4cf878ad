"""What a result table and its columns are: the shapes in which `results.tables` states them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd


class Kind(Enum):
    """What a cell of a result table holds."""

    NAME = "name"  # a key of the instance; empty where there is nothing to name
    WORD = "word"  # one of our own words
    TEXT = "text"
    DATE = "date"  # an ISO date, of a period its first day
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    CHANCE = "chance"
    YES_NO = "yes/no"


NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.SHARE, Kind.CHANCE})


@dataclass(frozen=True)
class Column:
    """One column of a result table.

    `help` says in a sentence what it holds, `heading` heads it for people, `unit` is its unit. `names_in` lists the
    tables of the instance whose keys a NAME holds. `may_be_empty`: a number may be missing (0 ÷ 0, not asked for).
    `counted_by` names the rules of the checker that count it again (`flow.waiting_balance`); `not_counted` says why
    none does. `is_later`: runs of before do not have it.
    """

    name: str
    kind: Kind
    help: str
    unit: str = ""
    heading: str = ""
    names_in: tuple[str, ...] = ()
    may_be_empty: bool = False
    counted_by: tuple[str, ...] = ()
    not_counted: str = ""
    is_later: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in NUMERIC

    @property
    def is_text(self) -> bool:
        """Whether its cells are text: names, words, dates."""
        return not self.is_number and self.kind is not Kind.YES_NO

    @property
    def dtype(self) -> type | None:
        """What pandas holds it as, where it is no object: numbers as floats, yes and no as bool if never empty."""
        if self.is_number:
            return float
        return bool if self.kind is Kind.YES_NO and not self.may_be_empty else None

    @property
    def title(self) -> str:
        """What heads the column for people."""
        words = self.name.replace("_", " ")
        return self.heading or words[:1].upper() + words[1:]

    @property
    def title_with_unit(self) -> str:
        """The heading with its unit in brackets."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True)
class ResultTable:
    """One result table: `about` in a few words, `help` in sentences, the columns that name its rows, all its columns.

    `needs` is a table of the instance without whose rows this one is empty (and may be missing from an older run).
    `rows_by` names the rules of the checker that say which rows there are; `is_later`: runs of before do not have it.
    """

    name: str
    about: str
    help: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    needs: str = ""
    rows_by: tuple[str, ...] = ()
    is_later: bool = False
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({column.name: column for column in self.columns})

    def __contains__(self, column: str) -> bool:
        return column in self._by_name

    @property
    def names(self) -> list[str]:
        """The names of its columns, in their order."""
        return list(self._by_name)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return self._by_name[name]

    def frame(self, rows: Iterable[Sequence[Any]] | pd.DataFrame) -> pd.DataFrame:
        """The rows as a frame with the table's columns in their order, numbers as floats where there are none.

        Rows are sequences in the order of the columns, or a frame. ValueError where columns are missing or unknown,
        where two rows have one key, and where a number is missing that may not be.
        """
        table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=self.names)
        self._refuse_columns(table)
        table = table[self.names].reset_index(drop=True)
        types = {c.name: c.dtype for c in self.columns if c.dtype and table[c.name].dtype == object}
        table = table.astype(types) if types else table
        self._refuse_rows(table)
        return table

    def completed(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with every column: those that an older run does not have are empty."""
        return table.assign(**{name: np.nan for name in self.names if name not in table})

    def _refuse_columns(self, table: pd.DataFrame) -> None:
        unknown, missing = set(table.columns) - set(self.names), set(self.names) - set(table.columns)
        if unknown or missing:
            raise ValueError(
                f"the result table {self.name} has no columns {sorted(unknown)} and must have {sorted(missing)}"
            )

    def _refuse_rows(self, table: pd.DataFrame) -> None:
        if table.duplicated(list(self.key)).any():
            raise ValueError(f"two rows of the result table {self.name} have the same {', '.join(self.key)}")
        for column in self.columns:
            if column.is_number and not column.may_be_empty and table[column.name].isna().any():
                raise ValueError(f"{column.name} of the result table {self.name} is no number in some rows")


def spelt(table: pd.DataFrame) -> pd.DataFrame:
    """A table as a CSV file has it: true and false as in the tables of an instance; numbers stay numbers.

    Columns that begin with `is_` or `has_` hold true, false or nothing.
    """
    words = {True: "true", False: "false"}
    flags = [name for name in table.columns if str(name).startswith(("is_", "has_"))]
    return table.assign(**{name: table[name].astype(object).map(words) for name in flags})
