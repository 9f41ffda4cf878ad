"""The frozen Instance: settings and validated tables of one planning question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from functools import cache
from typing import Any

import pandas as pd

from capplan.schema.canonical import canonical, empty_frame
from capplan.schema.raw import Form
from capplan.schema.settings import Settings
from capplan.schema.tables import TABLES


@dataclass(frozen=True)
class Instance:
    """All the data of one planning question; frozen: a scenario is a changed copy (`replace`).

    `written` holds every table of the schema as the planner wrote it (units as written, empty cells empty, keys in
    place of display names), indexed by `row`, the row in the file; tables that were left out are empty.
    `instance.sites`, `instance.table("sites")` give the table as the model reads it: one unit, defaults filled in.
    """

    settings: Settings
    written: Mapping[str, pd.DataFrame]
    form: Form = Form.MEMORY
    _canonical: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        complete = {name: self.written[name] if name in self.written else _left_out(name) for name in TABLES}
        object.__setattr__(self, "written", complete)

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

    def replace(self, *, settings: Settings | None = None, **tables: pd.DataFrame) -> Instance:
        """A copy with other settings or other written tables; KeyError for a table that does not exist."""
        unknown = sorted(set(tables) - set(TABLES))
        if unknown:
            raise KeyError(f"no such table: {', '.join(unknown)}")
        kept = {name: frame for name, frame in self._canonical.items() if name not in tables}
        return replace_fields(
            self, settings=settings or self.settings, written={**self.written, **tables}, _canonical=kept
        )

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks named in `localities`, sorted."""
        return tuple(sorted(self.table("localities")["network"].dropna().unique()))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, cells by column: as `to_dict("records")`, which is slow for small tables of many columns."""
    cells = zip(*(frame[column].tolist() for column in frame.columns), strict=True)
    return [dict(zip(frame.columns, row, strict=True)) for row in cells]


@cache
def _left_out(name: str) -> pd.DataFrame:
    """The written table of every instance that leaves it out: most of the tables, so that they share one frame."""
    return empty_frame(TABLES[name])


@cache
def _without_rows(name: str) -> pd.DataFrame:
    """The table as the model reads it where it has no rows."""
    return canonical(TABLES[name], _left_out(name))
