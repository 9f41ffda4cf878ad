"""Names in reference columns: display names become keys; a name that nobody has is a fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from capplan.schema.cells import Fault, read_each
from capplan.schema.columns import GROUPS, Column, Kind
from capplan.schema.tables import TABLES
from capplan.schema.text import Unreadable, did_you_mean, folded, text_of

_SHOWN = 8


@dataclass(frozen=True)
class Directory:
    """The names that one reference column accepts.

    `keys` are the keys, networks and words, in the order of the files; `names` maps display names to the keys
    that bear them; `folded` maps both, without regard to capitals, to keys. `where` says where they stand.
    """

    where: str
    keys: Mapping[str, None]
    names: Mapping[str, frozenset[str]]
    folded: Mapping[str, frozenset[str]]

    def find(self, name: str) -> str:
        """The key that the name means; Unreadable where there is none or more than one."""
        if name in self.keys:
            return name
        keys = self.names.get(name) or self.folded.get(folded(name)) or frozenset()
        if len(keys) == 1:
            return next(iter(keys))
        if keys:
            raise Unreadable(f"is the name of {' and '.join(sorted(keys))}", "write the key")
        raise self._unknown(name)

    def _unknown(self, name: str) -> Unreadable:
        if not self.keys:
            return Unreadable(f"is not in {self.where}, which names nothing", f"add it to {self.where}")
        more = f", … {len(self.keys) - _SHOWN} more" if len(self.keys) > _SHOWN else ""
        listed = f"{', '.join(islice(self.keys, _SHOWN))}{more}"

        def advice() -> str:
            return did_you_mean(name, [*self.keys, *self.names]) or f"add it to {self.where}"

        return Unreadable(f"is not in {self.where} ({listed})", advice)


def directory_of(
    column: Column,
    tables: Mapping[str, pd.DataFrame],
    place: Callable[[str], str],
    aliases: Mapping[str, Mapping[str, str]],
) -> Directory:
    """The names that the column accepts, out of the typed `tables`.

    `place` is what the planner calls a table; `aliases` gives further names per table (mistyped keys that are
    reported already, so that each mistake is told once).
    """
    keys: dict[str, None] = dict.fromkeys(column.words)
    names: dict[str, set[str]] = defaultdict(set)
    for target in column.refers_to:
        for key, name in _names_in(target, tables):
            keys[key] = None
            if name:
                names[name].add(key)
        for alias, key in aliases.get(target, {}).items():
            names[alias].add(key)
    in_any_case: dict[str, set[str]] = defaultdict(set)
    for name, bearers in [*names.items(), *((key, {key}) for key in keys)]:
        in_any_case[folded(name)] |= bearers
    where = " or ".join(_called(target, place) for target in column.refers_to)
    return Directory(where, keys, _frozen(names), _frozen(in_any_case))


def resolve(column: Column, cells: pd.Series, directory: Directory) -> tuple[pd.Series, list[Fault]]:
    """The cells with display names replaced by keys, and the ones whose names nobody has."""

    def one(cell: object) -> object:
        return directory.find(text_of(cell))

    def several(cell: object) -> object:
        return ";".join(dict.fromkeys(directory.find(name) for name in str(cell).split(";")))

    return read_each(cells, "str", several if column.kind is Kind.NAMES else one)


def _names_in(target: str, tables: Mapping[str, pd.DataFrame]) -> Iterable[tuple[str, str | None]]:
    """Keys and display names (None where there is none) in a table, or the names of a group in its column."""
    table, key = GROUPS[target] if target in GROUPS else (target, TABLES[target].own_key)
    frame = tables.get(table)
    if frame is None or key not in frame.columns:
        return []
    keys = frame[key].tolist()
    has_names = "name" in frame.columns and target not in GROUPS
    names = frame["name"].tolist() if has_names else [None] * len(keys)
    pairs = dict.fromkeys(zip(keys, names, strict=True))
    return [(key, name if isinstance(name, str) else None) for key, name in pairs if isinstance(key, str)]


def _called(target: str, place: Callable[[str], str]) -> str:
    if target not in GROUPS:
        return place(target)
    table, column = GROUPS[target]
    return f"column {column} of {place(table)}"


def _frozen(names: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(bearers) for name, bearers in names.items()}
