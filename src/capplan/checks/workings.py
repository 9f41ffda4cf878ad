"""Which tables are read while something is worked out: what has to be worked out again is known without a list."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, overload

import pandas as pd

SETTINGS = "instance"
"""What the settings are called among the tables."""
Value = TypeVar("Value")


@dataclass(frozen=True)
class WorkedOut(Generic[Value]):
    """Something worked out, and the tables that were read for it."""

    value: Value
    tables: frozenset[str]


@dataclass
class Reads:
    """The tables read so far for each thing that is being worked out, the innermost last."""

    _open: list[set[str]] = field(default_factory=list)

    def note(self, *tables: str) -> None:
        """These tables were read, for whatever is being worked out."""
        if self._open:
            self._open[-1].update(tables)

    @contextmanager
    def noted(self) -> Iterator[set[str]]:
        """Collects what is read within; it is read for what is being worked out around it too."""
        own: set[str] = set()
        self._open.append(own)
        try:
            yield own
        finally:
            self._open.pop()
            self.note(*own)


@dataclass(frozen=True)
class Workings:
    """What was worked out, by name: once each, and read again with the tables that it rests on."""

    reads: Reads = field(default_factory=Reads)
    by_name: dict[Hashable, WorkedOut[Any]] = field(default_factory=dict)

    def worked_out(self, name: Hashable, work_out: Callable[[], Value]) -> Value:
        """What goes by that name, worked out where it is not known yet; every reader has read its tables."""
        if name not in self.by_name:
            with self.reads.noted() as tables:
                value = work_out()
            self.by_name[name] = WorkedOut(value, frozenset(tables))
        working: WorkedOut[Value] = self.by_name[name]
        self.reads.note(*working.tables)
        return working.value

    def without(self, tables: frozenset[str]) -> Workings:
        """What still holds where these tables are others."""
        return Workings(
            by_name={name: working for name, working in self.by_name.items() if not working.tables & tables}
        )


@dataclass(frozen=True)
class NotedTables(Mapping[str, pd.DataFrame]):
    """Tables by name, each reading of one noted."""

    plain: Mapping[str, pd.DataFrame]
    reads: Reads

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.reads.note(name)
        return self.plain[name]

    def __contains__(self, name: object) -> bool:
        return name in self.plain

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)


class HasWorkings(Protocol):
    """What facts belong to."""

    @property
    def workings(self) -> Workings:
        """What is known already."""


Owner = TypeVar("Owner", bound=HasWorkings)


class fact(Generic[Owner, Value]):
    """A property that is worked out once, with the tables that it rests on."""

    def __init__(self, work_out: Callable[[Owner], Value]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> fact[Owner, Value]: ...
    @overload
    def __get__(self, owner: Owner, kind: type) -> Value: ...
    def __get__(self, owner: Owner | None, kind: type) -> fact[Owner, Value] | Value:
        if owner is None:
            return self
        return owner.workings.worked_out(self._name, lambda: self._work_out(owner))
