"""Display names of the things in an instance."""

from __future__ import annotations

from collections.abc import Mapping

from capplan.instance import Instance

Names = Mapping[str, Mapping[str, str]]
"""For each table the display names of its keys."""
TABLES = (
    *("localities", "hospitals", "sites", "bed_types", "roles", "shift_types", "pathways", "packages"),
    *("targets", "schemes"),
)


def display_names(instance: Instance) -> Names:
    """For each table whose rows have a name: key to display name, the key itself where there is none."""
    names_by_table = {}
    for table in TABLES:
        frame = instance.table(table)
        keys = frame.iloc[:, 0]
        names_by_table[table] = dict(zip(keys, frame["name"].fillna(keys), strict=True))
    return names_by_table


def name_of(names: Names, key: str, *tables: str) -> str:
    """The display name of a key in the first of the tables that has it; the key where none has."""
    return next((names[table][key] for table in tables if key in names[table]), key)
