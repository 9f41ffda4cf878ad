"""The data dictionary: every table an instance may have.

Readers, checks, the workbook template, `capplan schema` and the docs are printed from here and from nowhere else.
"""

from __future__ import annotations

from types import MappingProxyType

from capplan.schema.columns import Table
from capplan.schema.tables import achieved, commissioned, people, places
from capplan.schema.tables.parts import TARGET_FILTERS

__all__ = ["TABLES", "TARGET_FILTERS"]

TABLES: MappingProxyType[str, Table] = MappingProxyType(
    {table.name: table for part in (places, commissioned, people, achieved) for table in part.TABLES}
)
