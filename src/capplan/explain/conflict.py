"""Which limits cannot all hold: sets of them of which none can be left out.

An elastic model says so in one linear program: every limit may give way at a price, and those in which the least price
is rooted (the dual) conflict by themselves (Chinneck, Feasibility and Infeasibility in Optimization, 2008, chapter 6).
Then each is left out in turn, and stays out where the others still conflict.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capplan.explain.elastic import Elastic
from capplan.explain.limits.limit import Change, Kind
from capplan.explain.similar_limits import likeness
from capplan.results.status import Stopped

NOTHING = 1e-7
"""A price below which nothing gives way: what the solver's arithmetic leaves over, of limits of size 1."""
NEARLY_ALL = 0.999
"""A gap that ends a search as soon as its bound is above nothing."""
MOST_CONFLICTS = 5
LEAST_SECONDS = 0.5
"""What one question about whole numbers may take at least."""


@dataclass(frozen=True)
class Conflict:
    """Limits (positions) that cannot all hold, and what else the proof rests on.

    `rows` are the rows of the model with their shadow prices, largest first, those of the limits left out; `held` has
    for each limit the positions of the rows that hold it where they matter. Empty where `is_whole`: only whole
    numbers make it impossible, which has no shadow prices, and not `is_minimal` where time did not suffice to leave out
    what is not needed. `needed` says of each kind in it what its limits would have
    to be for the others of the conflict to hold.
    """

    limits: tuple[int, ...]
    rows: tuple[tuple[int, float], ...] = ()
    held: tuple[tuple[int, ...], ...] = ()
    is_whole: bool = False
    is_minimal: bool = True
    needed: tuple[Change, ...] = ()


def conflicts(elastic: Elastic, seconds: float | None = None) -> tuple[Conflict, ...]:
    """Conflicts that share no limit: the first, then what still conflicts once that gives way.

    `seconds` is what all questions about whole numbers together may take. Empty where nothing conflicts.
    """
    so_far: list[Conflict] = []
    gone: set[int] = set()
    for is_whole in (False, True):
        watch = _Watch(seconds) if is_whole else None
        while len(so_far) < MOST_CONFLICTS:
            conflict = _conflict(elastic, gone, watch)
            if conflict is None or not conflict.limits:
                break
            so_far.append(conflict)
            gone.update(conflict.limits)
        if so_far:
            break
    return tuple(so_far)


class _Watch:
    """How long questions about whole numbers may take."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be asked."""
        return self._ends is not None and time.monotonic() >= self._ends

    @property
    def for_one(self) -> float | None:
        """What one question may take, so that others can follow [seconds]."""
        return None if self._ends is None else max((self._ends - time.monotonic()) / 4, LEAST_SECONDS)


LEFT_OUT_FIRST = (
    *(
        Kind.OPENING,
        Kind.DATES,
        Kind.TRAVEL,
        Kind.SUITABILITY,
        Kind.HIRES,
        Kind.WAITS,
        Kind.WITHOUT,
        Kind.SCHEMES,
    ),
    *(Kind.SHARES, Kind.COVER, Kind.SITES, Kind.SHIFTS, Kind.STAFF, Kind.BEDS, Kind.BUDGETS, Kind.DELAYS),
    *(Kind.SPENDING, Kind.TARGETS),
)
"""Kinds in the order in which a conflict should do without them: targets are what people ask about."""
MANY = 12
"""More limits than these that are told on one line are left out together, or not at all."""


def _conflict(elastic: Elastic, gone: Collection[int], watch: _Watch | None) -> Conflict | None:
    """A conflict; with a watch one of whole numbers, without one of the relaxation."""
    everything = [g for g in range(len(elastic.limits)) if g not in gone]
    left = _that_conflict(elastic, everything, watch)
    if left is None:
        return None
    thinning = _Thinning(elastic, watch, left)
    for kind in LEFT_OUT_FIRST:
        thinning.without([g for g in left if elastic.limits[g].kind is kind])
    conflict = _described(elastic, thinning.left, is_whole=watch is not None)
    return replace(conflict, is_minimal=thinning.is_minimal)


class _Thinning:
    """Limits that conflict (`left`), of which what is not needed is left out, group by group."""

    def __init__(self, elastic: Elastic, watch: _Watch | None, left: Sequence[int]) -> None:
        self.left, self.is_minimal = list(left), True
        self._elastic, self._watch = elastic, watch

    def without(self, group: Sequence[int], *, is_needed: bool = False) -> None:
        """Leaves out a group, or what of it is not needed; `is_needed` where it is known that not all of it can go."""
        group = [g for g in group if g in self.left]
        if not group:
            return
        if self._watch is not None and self._watch.is_over:
            self.is_minimal = False
            return
        if not is_needed:
            others = [g for g in self.left if g not in group]
            still = _that_conflict(self._elastic, others, self._watch)
            if still is not None:
                self.left = still
                return
        first, second = self._halves(group)
        self.without(first)
        # Something of the group is needed: where the first half went, that stands in the second.
        self.without(second, is_needed=not set(first) & set(self.left))

    def _halves(self, group: Sequence[int]) -> tuple[list[int], list[int]]:
        """A group in two halves, by the lines on which it is told, then by limit; none of a line too long for that."""
        lines: dict[tuple[str, ...], list[int]] = {}
        for g in group:
            lines.setdefault(likeness(self._elastic.limits[g]), []).append(g)
        if len(group) == 1 or (len(lines) == 1 and len(group) > MANY):
            return [], []
        each = list(lines.values()) if len(lines) > 1 else [[g] for g in group]
        middle = len(each) // 2
        first, second = each[:middle], each[middle:]
        return [g for part in first for g in part], [g for part in second for g in part]


def _that_conflict(elastic: Elastic, limits: Sequence[int], watch: _Watch | None) -> list[int] | None:
    """Of the limits those in which the conflict is rooted; None where they can all hold, or it is not proved."""
    free = [g for g in range(len(elastic.limits)) if g not in set(limits)]
    prices = _prices(elastic, limits)
    if watch is not None:
        outcome = elastic.run_unbounded(prices, free, is_whole=True, gap=NEARLY_ALL, time_limit=watch.for_one)
        is_proved = outcome.bound is not None and outcome.bound > NOTHING
        return list(limits) if is_proved or outcome.stopped is Stopped.INFEASIBLE else None
    outcome = elastic.run_unbounded(prices, free)
    if outcome.objective is None or outcome.objective <= NOTHING:
        return None
    rooted = elastic.supports(outcome, prices)
    return [g for g in limits if g in rooted]


def _prices(elastic: Elastic, limits: Sequence[int]) -> dict[int, float]:
    """Every limit gives way at price 1 for as much as it is now."""
    return {g: 1.0 / float(elastic.scale[g]) for g in limits}


def _described(elastic: Elastic, limits: Sequence[int], *, is_whole: bool) -> Conflict:
    if is_whole or not limits:
        return Conflict(tuple(limits), is_whole=is_whole)
    free = [g for g in range(len(elastic.limits)) if g not in limits]
    outcome = elastic.run_unbounded(_prices(elastic, limits), free)
    if outcome.row_duals is None:
        return Conflict(tuple(limits))
    duals = np.abs(outcome.row_duals)
    matters = duals > 1e-9 * max(float(duals.max(initial=0.0)), 1e-9)
    held = tuple(
        tuple(n for n, row in enumerate(elastic.held_by[g]) if row >= 0 and matters[row]) for g in limits
    )
    of_limits = {row for rows in elastic.held_by for row in rows}
    n_rows = len(elastic.compiled.constraints)
    rows = [(int(r), float(duals[r])) for r in np.flatnonzero(matters[:n_rows]) if int(r) not in of_limits]
    return Conflict(tuple(limits), tuple(sorted(rows, key=lambda row: -row[1])), held)
