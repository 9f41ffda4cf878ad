"""Rows of an instance's tables as the formulation reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from capplan.instance import records

Row = Mapping[str, Any]
"""Cells by column."""


def by_key(frame: pd.DataFrame, key: str) -> dict[str, Row]:
    """The rows of a table by the column that is its key."""
    return {row[key]: row for row in records(frame)}


def text(cell: object) -> str:
    """A cell's text; "" where it is empty."""
    return "" if pd.isna(cell) else str(cell)
