"""The frozen Instance: settings and validated tables of one planning question."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

import pandas as pd

from capplan import wording
from capplan.assemble import assemble, raw_frame, type_of_table
from capplan.errors import InvalidInstance, Problem
from capplan.schema.canonical import canonical, empty_frame, spelled
from capplan.schema.raw import Form, RawInstance
from capplan.schema.settings import Settings
from capplan.schema.tables import TABLES

PLACES = {"localities": ("locality", "localities"), "hospitals": ("hospital", ""), "sites": ("site", "")}
"""Of which tables an instance tells first how many rows there are, and what one and several are called."""
WIDEST = 400
"""No line of what an instance says of itself is longer."""


@dataclass(frozen=True, repr=False, eq=False)
class Instance:
    """All the data of one planning question; frozen: a scenario is a changed copy (`replace`).

    Two instances are equal where their settings and tables are (`fingerprint`).

    `written` holds every table of the schema as the planner wrote it (units as written, empty cells empty, keys in
    place of display names), indexed by `row`, the row in the file; tables that were left out are empty.
    `instance.sites`, `instance.table("sites")` give the table as the model reads it: one unit, defaults filled in.

    `capplan.read`, `from_frames` and `replace` keep to the rules of the schema; the constructor asks nothing.
    """

    settings: Settings
    written: Mapping[str, pd.DataFrame]
    form: Form = Form.MEMORY
    _canonical: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        complete = {name: self.written[name] if name in self.written else _left_out(name) for name in TABLES}
        object.__setattr__(self, "written", complete)

    @classmethod
    def from_raw(cls, raw: RawInstance) -> tuple[Instance | None, tuple[Problem, ...]]:
        """The instance in raw cells, None where any problem is an error, and all that is wrong with it."""
        assembled = assemble(raw)
        made = None if assembled.settings is None else cls(assembled.settings, assembled.written, raw.form)
        return made, assembled.problems

    @classmethod
    def from_frames(cls, settings: Settings | Mapping[str, object], **tables: type_of_table) -> Instance:
        """An instance out of Python objects: the settings, and per table a frame, a list of rows or CSV text.

        Read as files are: units, names and dates as people write them, all rules of the schema. Rows count from 2, as
        in a file, unless a frame has an index `row`. Raises InvalidInstance with every problem.
        """
        raw: dict[str, pd.DataFrame] = {}
        no_tables: list[Problem] = []
        for name, table in tables.items():
            try:
                raw[name] = raw_frame(name, table)
            except InvalidInstance as error:
                no_tables += error.problems
        if not isinstance(settings, Settings | Mapping):
            message = f"the settings are of type {type(settings).__name__}, and no mapping"
            no_tables.append(Problem("instance", "kind", message, "give a mapping of settings to values"))
        if no_tables:
            raise InvalidInstance(no_tables)
        made, problems = cls.from_raw(RawInstance(Form.MEMORY, _only_what_is_set(settings), raw))
        if made is None:
            raise InvalidInstance(problems)
        return made

    def table(self, name: str) -> pd.DataFrame:
        """The table as the model reads it; index `row`; columns of the schema, defaults filled in. Do not edit it."""
        if name not in self._canonical:
            written = self.written[name]
            self._canonical[name] = canonical(TABLES[name], written) if len(written) else _without_rows(name)
        return self._canonical[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in TABLES:
            raise AttributeError(name)
        return self.table(name)

    def replace(
        self, *, settings: Settings | Mapping[str, object] | None = None, **tables: type_of_table
    ) -> Instance:
        """A copy with other settings or other tables, each as a whole.

        They are read as `from_frames` reads them, with the tables that stay: names have to be in them. Raises
        InvalidInstance with every problem.
        """
        whole = {name: frame for name, frame in self.written.items() if not frame.empty} | tables
        made = Instance.from_frames(self.settings if settings is None else settings, **whole)
        other = {name: frame for name, frame in made.written.items() if not frame.equals(self.written[name])}
        return self.trusted(settings=made.settings, **other)

    def trusted(self, *, settings: Settings | None = None, **tables: pd.DataFrame) -> Instance:
        """A copy with other settings or written tables that keep to the schema by the way they were made.

        Nothing is asked, in no time: for changes of our own, `replace` is for those of others.
        """
        kept = {name: frame for name, frame in self._canonical.items() if name not in tables}
        return replace_fields(
            self, settings=settings or self.settings, written={**self.written, **tables}, _canonical=kept
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the settings and every table as written: equal for equal instances, folder or workbook."""
        digest = sha256(self.settings.model_dump_json().encode())
        for name, frame in self.written.items():
            if not frame.empty:
                text = spelled(name, frame).to_csv(index=False, lineterminator="\n")
                digest.update(f"\n{name}\n{text}".encode())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instance) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        settings, rows = self.settings, {name: len(frame) for name, frame in self.written.items()}
        length = f"{wording.count(settings.periods, settings.period)} from {wording.date(settings.start)}"
        where = ", ".join(wording.count(rows[name], *called) for name, called in PLACES.items())
        told = ", ".join(f"{name} {n}" for name, n in rows.items() if n)
        lines = [f"{type(self).__name__}: {settings.title}", f"{length}; {where}", f"rows: {told or 'none'}"]
        return "\n  ".join(textwrap.shorten(line, WIDEST, placeholder=" …") for line in lines)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks named in `localities`, sorted."""
        return tuple(sorted(self.table("localities")["network"].dropna().unique()))


def _only_what_is_set(settings: Settings | Mapping[str, object]) -> Mapping[str, object]:
    """Settings as a file has them."""
    return settings.model_dump(exclude_unset=True) if isinstance(settings, Settings) else settings


Row = Mapping[str, Any]
"""A row of a table: cells by column."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, cells by column: as `to_dict("records")`, which is slow for small tables of many columns."""
    cells = zip(*(frame[column].tolist() for column in frame.columns), strict=True)
    return [dict(zip(frame.columns, row, strict=True)) for row in cells]


def by_key(frame: pd.DataFrame, key: str) -> dict[str, Row]:
    """The rows of a table by the column that is its key."""
    return {row[key]: row for row in records(frame)}


def text(cell: object) -> str:
    """A cell's text; "" where it is empty."""
    return "" if pd.isna(cell) else str(cell)


@cache
def _left_out(name: str) -> pd.DataFrame:
    """The written table of every instance that leaves it out: most of the tables, so that they share one frame."""
    return empty_frame(TABLES[name])


@cache
def _without_rows(name: str) -> pd.DataFrame:
    """The table as the model reads it where it has no rows."""
    return canonical(TABLES[name], _left_out(name))
