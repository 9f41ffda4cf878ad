"""What the checker has before it: an instance, the result tables of a run, and how to line them up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.results.columns import Column, ResultTable
from capplan.results.reading import WORDS
from capplan.results.tables import TABLES
from capplan.verify.people.demand import referrals, waiting_at_opening
from capplan.verify.schemes.effects import with_schemes
from capplan.wording import count

STOP_COUNTING = frozenset({"rows_unique", "numbers_complete", "names_known"})
"""Rules of `complete` whose problems leave nothing that can be counted."""


@dataclass(frozen=True)
class Evidence:
    """An instance and the result tables of one run of it, with what `run.json` says beside them.

    `tables` are as `complete` returns them: text never missing, numbers as floats. `objective` is empty where
    nobody said it; `as_is` and `best_effort` are the options of the run. `today` are the tables of today's capacity;
    None where the run has none.
    """

    instance: Instance
    tables: Mapping[str, pd.DataFrame]
    objective: float | None = None
    as_is: bool = False
    best_effort: bool = False
    today: Mapping[str, pd.DataFrame] | None = None
    _of_instance: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    _of_tables: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def of_today(self, instance: Instance, objective: float | None) -> Evidence:
        """The same for today's capacity, with what was worked out of stays."""
        tables = self.today or {}
        return Evidence(instance, tables, objective, as_is=True, _of_instance=self._of_instance)

    def with_tables(self, **changed: pd.DataFrame) -> Evidence:
        """The same with some tables changed."""
        return replace(self, tables={**self.tables, **changed}, _of_tables={})

    @cached_property
    def horizon(self) -> Horizon:
        """The calendar of the plan."""
        return Horizon.of(self.instance.settings)

    @cached_property
    def referrals(self) -> pd.DataFrame:
        """People referred with the schemes that are live: rows (locality, hospital, pathway), one column per period."""
        return with_schemes(
            self.instance, self.horizon, self.referrals_without_schemes, self.tables["schemes"]
        )

    @cached_property
    def referrals_as_today(self) -> pd.DataFrame:
        """People referred if no other schemes go live than those that are live before the plan."""
        schemes, live = self.instance.table("schemes"), self.tables["schemes"]
        today = live[live["scheme"].isin(schemes.loc[schemes["is_live"], "scheme"])]
        return with_schemes(self.instance, self.horizon, self.referrals_without_schemes, today)

    @cached_property
    def referrals_without_schemes(self) -> pd.DataFrame:
        """People who would be referred if no scheme were live."""
        return referrals(self.instance, self.horizon)

    @cached_property
    def waiting_at_opening(self) -> pd.Series:
        """People waiting at the start, by (locality, hospital, pathway)."""
        return waiting_at_opening(self.instance, self.referrals_without_schemes)

    def wide(self, table: str, value: str, *keys: str) -> pd.DataFrame:
        """A column of a result table: one row per combination of `keys`, one column per period, summed.

        Nobody may change the frame: it is worked out once.
        """
        key = (table, value, keys)
        if key not in self._of_tables:
            self._of_tables[key] = self.spread(self.tables[table], value, *keys)
        return self._of_tables[key]

    def spread(self, rows: pd.DataFrame, value: str, *keys: str) -> pd.DataFrame:
        """Any rows with a column `period` as a frame of one row per `keys` and one column per period, summed."""
        periods = pd.Index(self.horizon.periods, name="period")
        if rows.empty:  # what a plan has none of: most tables of a small one
            return pd.DataFrame(index=rows.set_index(list(keys)).index, columns=periods, dtype=float)
        sums = rows.groupby([*keys, "period"])[value].sum(min_count=1)
        return sums.unstack("period").reindex(columns=periods).astype(float).fillna(0.0)

    @cached_property
    def is_decision(self) -> np.ndarray:
        """Whether capacity may change at the beginning of each period."""
        return np.isin(np.arange(len(self.horizon)), self.horizon.decision_points)

    def share_available(self, rows: pd.DataFrame) -> np.ndarray:
        """Share of each period's days (columns) in which each row (available_from, available_to) can be had."""
        bounds = zip(rows["available_from"], rows["available_to"], strict=True)
        shares = [self.horizon.share_within(first, last) for first, last in bounds]
        return np.array(shares).reshape(len(rows), len(self.horizon))

    def may_be_open(self, rows: pd.DataFrame) -> np.ndarray:
        """For each row and period: whether any period of its decision point is available."""
        available = self.share_available(rows) > 0
        epochs = self.horizon.epoch
        by_epoch = {e: available[:, epochs == e].any(axis=1) for e in self.horizon.decision_points}
        return np.stack([by_epoch[e] for e in epochs], axis=1)

    def before(self, wide: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
        """The frame one period earlier: `opening` (same index) stands before the first period."""
        earlier = wide.shift(1, axis=1)
        earlier.iloc[:, 0] = opening.reindex(wide.index).fillna(0.0).to_numpy()
        return earlier


Args = ParamSpec("Args")
Value = TypeVar("Value")
Fact = Callable[Concatenate[Evidence, Args], Value]


def once(fact: Fact[Args, Value]) -> Fact[Args, Value]:
    """Makes a function of an Evidence remember its values there: nobody may change what it returns."""
    return _remembered(fact, lambda evidence: evidence._of_tables)


def once_an_instance(fact: Fact[Args, Value]) -> Fact[Args, Value]:
    """The same for a function of packages and calendar alone, whose values hold for today's capacity too."""
    return _remembered(fact, lambda evidence: evidence._of_instance)


def _remembered(
    fact: Fact[Args, Value], memory: Callable[[Evidence], dict[Hashable, Any]]
) -> Fact[Args, Value]:
    @wraps(fact)
    def remembered(evidence: Evidence, /, *args: Args.args, **kwargs: Args.kwargs) -> Value:
        call, values = (fact, args, tuple(sorted(kwargs.items()))), memory(evidence)
        if call not in values:
            values[call] = fact(evidence, *args, **kwargs)
        value: Value = values[call]
        return value

    return remembered


def complete(
    instance: Instance, tables: Mapping[str, pd.DataFrame], records: Mapping[str, ResultTable] = TABLES
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The result tables with text filled and numbers as floats, and what is missing or unreadable in them."""
    problems: list[Problem] = []
    ready: dict[str, pd.DataFrame] = {}
    names_of_plan = _names_of_plan(instance)
    for name, table in records.items():
        cells = tables.get(name, pd.DataFrame())
        if table.needs and name not in tables and instance.table(table.needs).empty:
            cells = pd.DataFrame(columns=table.names)
        missing = [column for column in table.names if column not in cells.columns]
        if missing:
            what = f"has no column {', '.join(missing)}" if name in tables else "is missing"
            problems.append(Problem(name, "tables_complete", f"the result table {name} {what}"))
            continue
        ready[name] = _typed(table, cells)
        problems.extend(_unknown_columns(table, cells))
        problems.extend(_faults(table, ready[name], names_of_plan))
    problems.extend(
        Problem(name, "tables_complete", f"there is no result table {name}")
        for name in tables
        if name not in records
    )
    return ready, problems


def _unknown_columns(table: ResultTable, cells: pd.DataFrame) -> Iterator[Problem]:
    for column in cells.columns:
        if column not in table:
            yield Problem(
                table.name, "tables_complete", f"{column} is no column of the result table {table.name}"
            )


def _typed(table: ResultTable, cells: pd.DataFrame) -> pd.DataFrame:
    columns = {c.name: _cells(c, cells[c.name]) for c in table.columns}
    return pd.DataFrame(columns).reset_index(drop=True)


def _cells(column: Column, cells: pd.Series) -> pd.Series:
    if column.is_text:
        return _text(cells)
    return _numbers(cells) if column.is_number else _flags(cells)


def _text(cells: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.fillna("")
    return cells.astype(object).fillna("").astype(str)


def _numbers(cells: pd.Series) -> pd.Series:
    if cells.dtype != object and not isinstance(cells.dtype, pd.StringDtype):
        return cells.astype(float)
    return pd.to_numeric(cells, errors="coerce").astype(float)


def _flags(cells: pd.Series) -> pd.Series:
    if cells.dtype != object and not isinstance(cells.dtype, pd.StringDtype):
        return cells.astype(float)
    return cells.astype(str).str.strip().str.lower().map(WORDS).astype(float)


def _faults(
    table: ResultTable, frame: pd.DataFrame, names_of_plan: Mapping[str, set[str]]
) -> Iterator[Problem]:
    keys = list(table.key)
    for row in frame.loc[frame.duplicated(keys), keys].itertuples(index=False):
        yield Problem(table.name, "rows_unique", f"{', '.join(row)}: the row is there more than once")
    for column in table.columns:
        if not column.is_text:
            cells = frame[column.name].to_numpy()
            wrong = int((np.isinf(cells) if column.may_be_empty else ~np.isfinite(cells)).sum())
            if wrong:
                message = f"{column.name} is no number in {count(wrong, 'row')}"
                yield Problem(table.name, "numbers_complete", message)
    for name, names in names_of_plan.items():
        if name in frame.columns:
            for unknown in sorted(set(frame[name]) - names):
                message = f"{unknown!r} is no {name.replace('_', ' ')} of the plan"
                yield Problem(table.name, "names_known", message)


def _names_of_plan(instance: Instance) -> dict[str, set[str]]:
    """What may stand in the columns that name things; nothing is said where people or costs have no such place."""
    own = {"package": "packages", "pathway": "pathways", "bed_type": "bed_types", "role": "roles"}
    own |= {"shift_type": "shift_types", "target": "targets", "scheme": "schemes"}
    names = {column: set(instance.table(table)[column]) for column, table in own.items()}
    for column, table in {"site": "sites", "hospital": "hospitals"}.items():
        names[column] = {"", *instance.table(table)[column]}
    names["hospital"] |= set(instance.table("hospitals")["sub_region"].dropna())
    teams = {"", "all", *instance.networks, *instance.table("localities")["locality"]}
    names |= dict.fromkeys(("locality", "from_locality", "to_locality"), teams)
    return names | {"period": set(Horizon.of(instance.settings).periods)}
