"""A congested model whose lists choose an interval of sizes each, bounded by the facets of that interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from capplan.formulation.people.congestion import load_chord
from capplan.queueing import Facet
from capplan.search.intervals import Interval, Intervals
from capplan.solver.arrays import Floats, Indices, Matrix
from capplan.solver.compiled import Compiled


@dataclass(frozen=True)
class Choice:
    """The columns of one interval of one group of lines: binary, beds, and load and queue by line."""

    interval: Interval
    chosen: int
    beds: int
    loads: Indices
    queues: Indices


class Extended:
    """The compiled model with the columns and rows of the intervals; its first columns are those of the model."""

    def __init__(self, compiled: Compiled, intervals: Intervals) -> None:
        self._base, self._intervals, self._queues = compiled, intervals, intervals.queues
        self._size = len(compiled.cost)
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[dict[int, float]] = []
        self._row_lower: list[float] = []
        self._row_upper: list[float] = []
        self._terms_of_base: list[tuple[int, Indices, Floats]] = []
        self.choices: dict[int, list[Choice]] = {}
        for group in range(int(self._queues.group.max(initial=-1)) + 1):
            if len(intervals.intervals(group)) > 1:
                self._add(group)
        self.compiled = self._compiled()

    def _column(self, upper: float, *, whole: bool = False) -> int:
        self._lower.append(0.0)
        self._upper.append(upper)
        self._whole.append(whole)
        return self._size + len(self._lower) - 1

    def _row(
        self,
        terms: dict[int, float],
        low: float,
        high: float,
        base: Matrix | None = None,
        line: int = 0,
        factor: float = 1.0,
    ) -> None:
        """low <= terms + factor · (line of a matrix over the model's columns) <= high."""
        if base is not None:
            entries = slice(base.indptr[line], base.indptr[line + 1])
            self._terms_of_base.append((len(self._rows), base.indices[entries], factor * base.data[entries]))
        self._rows.append(terms)
        self._row_lower.append(low)
        self._row_upper.append(high)

    def _add(self, group: int) -> None:
        queues, one = self._queues, self._intervals.list_of(group)
        lines = self._intervals.lines(group)
        choices = []
        for low, high in self._intervals.intervals(group):
            choice = Choice(
                (low, high),
                self._column(1.0, whole=True),
                self._column(float(high)),
                np.array([self._column(one.load_max(high)) for _ in lines]),
                np.array([self._column(np.inf) if queues.is_priced[line] else -1 for line in lines]),
            )
            choices.append(choice)
            self._row({choice.beds: 1.0, choice.chosen: -float(low)}, 0.0, np.inf)
            self._row({choice.beds: 1.0, choice.chosen: -float(high)}, -np.inf, 0.0)
            sizes = tuple(size for size in one.sizes if low <= size <= high)
            slope, intercept = load_chord(one, sizes)
            for column in choice.loads.tolist():
                self._row({column: 1.0, choice.beds: -slope, choice.chosen: -intercept}, -np.inf, 0.0)
        self.choices[group] = choices
        self._sum_up(lines, choices)

    def _sum_up(self, lines: Indices, choices: list[Choice]) -> None:
        """One interval where the list is open; beds, loads and queues are those of the interval chosen."""
        queues, first = self._queues, int(lines[0])
        chosen = {choice.chosen: 1.0 for choice in choices}
        self._row({**chosen, int(queues.is_open[first]): -1.0}, 0.0, 0.0)
        self._row({choice.beds: 1.0 for choice in choices}, 0.0, 0.0, queues.beds, first, -1.0)
        for i, line in enumerate(lines.tolist()):
            self._row({int(choice.loads[i]): 1.0 for choice in choices}, 0.0, 0.0, queues.load, line, -1.0)
            if queues.is_priced[line]:
                parts = {int(choice.queues[i]): -1.0 for choice in choices}
                lower = -float(queues.waiting_known[line])
                self._row({**parts, int(queues.queue[line]): 1.0}, lower, np.inf, queues.waiting, line)

    def _facets(self) -> tuple[list[dict[int, float]], list[tuple[int, Facet]]]:
        """Facets on the columns of intervals, and those on whole groups."""
        rows, whole = [], []
        for (group, interval), by_line in self._intervals.facets.items():
            lines = self._intervals.lines(group).tolist()
            choice = next((c for c in self.choices.get(group, []) if c.interval == interval), None)
            if (
                choice is None
                and len(self._intervals.intervals(group)) > 1
                and interval != self._whole_of(group)
            ):
                continue
            for line, facets in by_line.items():
                for facet in facets:
                    if choice is None:
                        whole.append((line, facet))
                        continue
                    i = lines.index(line)
                    rows.append(
                        {
                            int(choice.queues[i]): 1.0,
                            choice.beds: -facet.alpha,
                            int(choice.loads[i]): -facet.beta,
                            choice.chosen: -facet.gamma,
                        }
                    )
        return rows, whole

    def _whole_of(self, group: int) -> Interval:
        sizes = self._intervals.list_of(group).sizes
        return sizes[0], sizes[-1]

    def _compiled(self) -> Compiled:
        own, whole = self._facets()
        for terms in own:
            self._row(terms, 0.0, np.inf)
        base = self._base
        columns = self._size + len(self._lower)
        matrix = _matrix(self._rows, columns) + self._base_terms(columns)
        wide_base = sp.csr_array(
            (base.A.data, base.A.indices, base.A.indptr), shape=(base.A.shape[0], columns)
        )
        grown = replace(
            base,
            A=wide_base,
            column_lower=np.append(base.column_lower, self._lower),
            column_upper=np.append(base.column_upper, self._upper),
            cost=np.append(base.cost, np.zeros(len(self._lower))),
            is_integer=np.append(base.is_integer, np.array(self._whole, dtype=bool)),
        )
        if self._rows:
            grown = grown.with_rows(matrix, np.array(self._row_lower), np.array(self._row_upper))
        if whole:
            lines, facets = np.array([line for line, _ in whole]), np.array([facet for _, facet in whole])
            rows, lower = self._queues.bounds(lines, *facets.T)
            rows = sp.csr_array((rows.data, rows.indices, rows.indptr), shape=(len(lines), columns))
            grown = grown.with_rows(rows, lower, np.full(len(lines), np.inf))
        return grown

    def _base_terms(self, columns: int) -> Any:
        """What the rows hold of the model's own columns."""
        none = [(0, np.array([], dtype=np.int64), np.array([]))]
        rows, at, data = zip(*none, *self._terms_of_base, strict=True)
        lines = np.repeat(rows, [len(part) for part in at])
        entries = np.concatenate(data), (lines, np.concatenate(at))
        return sp.csr_array(entries, shape=(len(self._rows), columns))

    def tighten(self, values: Floats) -> int:
        """Finds facets that the values (of the extended columns) break; how many."""
        queues, added = self._queues, 0
        base = values[: self._size]
        beds, load = queues.beds @ base, queues.load @ base
        have = queues.waiting_anyway(base) + queues.by_chance(base)
        for line in np.flatnonzero(queues.is_priced).tolist():
            group = int(queues.group[line])
            if group not in self.choices:
                interval = self._whole_of(group)
                is_open = base[queues.is_open[line]]
                added += self._intervals.add(line, interval, beds[line], load[line], is_open, have[line])
                continue
            i = int(np.flatnonzero(self._intervals.lines(group) == line)[0])
            for choice in self.choices[group]:
                at = (
                    values[choice.beds],
                    values[choice.loads[i]],
                    values[choice.chosen],
                    values[choice.queues[i]],
                )
                added += self._intervals.add(line, choice.interval, *at)
        return added

    def values_of(self, plan: Floats) -> Floats:
        """A plan (by the model's columns, queues as they are) with the columns of the intervals filled in."""
        queues = self._queues
        values = np.append(plan, np.zeros(len(self._lower)))
        beds, load = queues.beds @ plan, queues.load @ plan
        asked = queues.waiting_anyway(plan) + queues.by_chance(plan)
        for group, choices in self.choices.items():
            lines = self._intervals.lines(group)
            number = round(float(beds[lines[0]]))
            for choice in choices:
                low, high = choice.interval
                if low <= number <= high:
                    values[choice.chosen], values[choice.beds] = 1.0, number
                    values[choice.loads] = load[lines]
                    priced = choice.queues >= 0
                    values[choice.queues[priced]] = asked[lines][priced]
        return values


def _matrix(rows: list[dict[int, float]], columns: int) -> Any:
    lengths = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.array([column for row in rows for column in row], dtype=np.int64)
    data = np.array([coefficient for row in rows for coefficient in row.values()], dtype=float)
    return sp.csr_array((data, indices, lengths), shape=(len(rows), columns))
