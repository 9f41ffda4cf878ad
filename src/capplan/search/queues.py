"""The lists of a compiled model that congest: beds, loads and queues by column, and rows that bound the queues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from capplan.formulation.model import Model
from capplan.formulation.people import congestion
from capplan.parameters.waiting_lists import WHOLE, BedList, Key
from capplan.queueing import mean_queue, mean_queue_slope
from capplan.solver.arrays import Flags, Floats, Indices, Matrix
from capplan.solver.compiled import Compiled

FIRST_TANGENTS = (0.3, 0.45, 0.55, 0.63, 0.7, 0.76, 0.82, 0.87, 0.91, 0.94, 0.965, 0.985, 1.0)
"""Shares of the largest load at which a queue with a known number of beds is bounded at first."""
FEW_TANGENTS = (0.5, 0.8, 0.95)
"""The same where it is bounded near its load as well."""
SMALLEST_LOAD = 1e-6
"""Loads below this are the solver's dust [people]."""


@dataclass(frozen=True, eq=False)
class Queues:
    """Every list in every period, a line each: what it has in terms of the columns of a compiled model.

    `beds`, `load`, `waiting` are matrices of lines by columns (`waiting` plus `waiting_known`: people who wait
    anyway); `whole_beds` counts beds, from whole-number columns alone and by the part of the period in which they
    can be had. `queue` is the column of the queue by chance, -1 where it has no price, `is_open` that of the list's
    binary; `group` says which lines have the same list and decision point.
    """

    lists: tuple[BedList, ...]
    decision: Indices
    period: Indices
    group: Indices
    beds: Matrix
    whole_beds: Matrix
    load: Matrix
    waiting: Matrix
    waiting_known: Floats
    queue: Indices
    is_open: Indices

    def __len__(self) -> int:
        return len(self.lists)

    @property
    def is_priced(self) -> Flags:
        """Which lines have a queue that costs something."""
        return np.asarray(self.queue >= 0)

    def sizes(self, values: Floats) -> Indices:
        """Whole beds of every line."""
        return np.asarray(np.floor(self.whole_beds @ values + WHOLE), dtype=np.int64)

    def truth(self, sizes: Indices, values: Floats) -> Floats:
        """People queueing by chance in every line [people], by the queue itself; 0 where it has no price."""
        load = np.maximum(self.load @ values, 0.0)
        people = np.zeros(len(self))
        lines = np.flatnonzero(self.is_priced & (load > SMALLEST_LOAD))
        for cv_squared, same in self._alike(lines):
            people[lines[same]] = mean_queue(sizes[lines[same]], load[lines[same]], cv_squared)
        return np.asarray(np.maximum(people - self.waiting_anyway(values), 0.0))

    def waiting_anyway(self, values: Floats) -> Floats:
        """People who wait for every line other than by chance, on average."""
        return np.asarray(self.waiting @ values + self.waiting_known)

    def by_chance(self, values: Floats) -> Floats:
        """People queueing by chance in every line, as the values have it; 0 where it has no price."""
        return np.where(self.is_priced, values[self.queue], 0.0)

    def settled(self, values: Floats) -> Floats:
        """The values with every queue as it is."""
        settled = values.copy()
        settled[self.queue[self.is_priced]] = self.truth(self.sizes(values), values)[self.is_priced]
        return settled

    def bounds(self, lines: Indices, alpha: Floats, beta: Floats, gamma: Floats) -> tuple[Any, Floats]:
        """Rows queue + waiting >= alpha · beds + beta · load + gamma · is_open: matrix and lower bounds."""
        rows = np.arange(len(lines))
        shape = (len(lines), self.beds.shape[1])
        queue = sp.csr_array((np.ones(len(lines)), (rows, self.queue[lines])), shape=shape)
        is_open = sp.csr_array((gamma, (rows, self.is_open[lines])), shape=shape)
        beds, load = sp.diags_array(alpha) @ self.beds[lines], sp.diags_array(beta) @ self.load[lines]
        return sp.csr_array(queue + self.waiting[lines] - beds - load - is_open), -self.waiting_known[lines]

    def tangents(self, lines: Indices, sizes: Indices, loads: Floats) -> tuple[Any, Floats]:
        """Rows that hold the queue of known sizes above its tangents at some loads."""
        value, slope = np.zeros(len(lines)), np.zeros(len(lines))
        for cv_squared, same in self._alike(lines):
            value[same] = mean_queue(sizes[same], loads[same], cv_squared)
            slope[same] = mean_queue_slope(sizes[same], loads[same], cv_squared)
        matrix, lower = self.bounds(lines, np.zeros(len(lines)), slope, np.zeros(len(lines)))
        return matrix, lower + value - slope * loads

    def _alike(self, lines: Indices) -> Iterator[tuple[float, Indices]]:
        """Positions of the lines whose stays vary alike."""
        cv_squared = np.array([self.lists[line].cv_squared for line in lines])
        for one in np.unique(cv_squared):
            yield float(one), np.flatnonzero(cv_squared == one)

    def load_max(self, sizes: Indices) -> Floats:
        """The largest load that every line may have with so many beds."""
        return np.array([one.load_max(float(n)) for one, n in zip(self.lists, sizes, strict=True)])


def queues(m: Model, compiled: Compiled) -> Queues:
    """The lists of a model, by the columns of its compiled form."""
    keys = [(key, t) for key in m.BED_LISTS for t in m.PERIODS]
    lists = tuple(m.bed_list[key] for key, _ in keys)
    groups: dict[Any, int] = {}
    waiting = [
        congestion.mean_waiting(m, key, t) if m.bed_list[key].is_priced else ([], 0.0) for key, t in keys
    ]
    return Queues(
        lists,
        np.array([m.epoch[t] for _, t in keys]),
        np.array([t for _, t in keys]),
        np.array([groups.setdefault((key, m.epoch[t]), len(groups)) for key, t in keys]),
        _matrix(compiled, [congestion.beds(m, key, t) for key, t in keys]),
        _matrix(compiled, [[_whole_beds(m, unit, t) for unit in m.bed_list[key].units] for key, t in keys]),
        _matrix(compiled, [congestion.load(m, key, t) for key, t in keys]),
        _matrix(compiled, [pairs for pairs, _ in waiting]),
        np.array([constant for _, constant in waiting]),
        _columns(
            compiled, [m.queue_by_chance[*key, t] if m.bed_list[key].is_priced else None for key, t in keys]
        ),
        _columns(compiled, [congestion.is_open(m, key, m.epoch[t]) for key, t in keys]),
    )


def _whole_beds(m: Model, unit: Key, t: int) -> tuple[float, Any]:
    usable, e = float(m.data.units[unit].available[t]), m.epoch[t]
    if unit in m.STEPPED_UNITS:
        return usable * float(m.data.units[unit].row["beds_step"]), m.bed_steps[*unit, e]
    return usable, m.beds_open[*unit, e]


def _matrix(compiled: Compiled, rows: Sequence[Sequence[tuple[float, Any]]]) -> Any:
    """Rows of (coefficient, variable) pairs; variables that are fixed at 0 or occur nowhere are no columns."""
    lengths = [len(row) for row in rows]
    columns = compiled.columns_of(variable for row in rows for _, variable in row)
    coefficients = np.array([coefficient for row in rows for coefficient, _ in row], dtype=float)
    at = np.repeat(np.arange(len(rows)), lengths)
    kept = columns >= 0
    shape = (len(rows), len(compiled.cost))
    return sp.csr_array((coefficients[kept], (at[kept], columns[kept])), shape=shape)


def _columns(compiled: Compiled, variables: Sequence[Any]) -> Indices:
    return compiled.columns_of(variables)
