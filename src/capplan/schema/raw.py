"""An instance as read from files, before anything is parsed: what readers give and writers take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import pandas as pd

from capplan.errors import Problem


class Form(Enum):
    """Where an instance came from, which decides how a place in it is called."""

    FOLDER = "folder"
    WORKBOOK = "workbook"
    MEMORY = "memory"

    def place(self, table: str) -> str:
        """What the planner calls the table: `sites.csv`, `sheet sites` or `sites`."""
        if self is Form.FOLDER:
            return f"{table}.csv" if table != "instance" else "instance.toml"
        return f"sheet {table}" if self is Form.WORKBOOK else table


@dataclass(frozen=True)
class RawInstance:
    """Settings and tables as they stand in the files.

    `tables` maps table names to frames of unparsed cells (str, or what a workbook holds: float, int, bool, datetime;
    None or NaN where empty), indexed by `row`, the row in the file or sheet (the header is row 1); column names as in
    the header. `problems` are those that the reader itself met.
    """

    form: Form
    settings: Mapping[str, object]
    tables: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...] = field(default=())
