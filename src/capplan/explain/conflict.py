"""Which limits cannot all hold: sets of them of which none can be left out.

An elastic model says so in one linear program: every limit may give way at a price, and those in which the least price
is rooted (the dual) conflict by themselves (Chinneck, Feasibility and Infeasibility in Optimization, 2008, chapter 6).
Then each is left out in turn, and stays out where the others still conflict.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capplan.explain.elastic import Elastic
from capplan.explain.limit import Change
from capplan.solver.outcome import Outcome, Stopped

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
    found: list[Conflict] = []
    gone: set[int] = set()
    for is_whole in (False, True):
        watch = _Watch(seconds) if is_whole else None
        while len(found) < MOST_CONFLICTS:
            conflict = _conflict(elastic, gone, watch)
            if conflict is None or not conflict.limits:
                break
            found.append(conflict)
            gone.update(conflict.limits)
        if found:
            break
    return tuple(found)


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


def _conflict(elastic: Elastic, gone: Collection[int], watch: _Watch | None) -> Conflict | None:
    """A conflict; with a watch one of whole numbers, without one of the relaxation."""
    everything = [g for g in range(len(elastic.limits)) if g not in gone]
    left = _that_conflict(elastic, everything, watch)
    if left is None:
        return None
    tested: set[int] = set()
    for group in _groups(elastic, left, is_whole=watch is not None):
        if watch is not None and watch.is_over:
            break
        if not set(group) <= set(left):
            continue
        still = _that_conflict(elastic, [g for g in left if g not in group], watch)
        left = left if still is None else still
        tested |= set(group) if len(group) == 1 else set()
    return replace(_told(elastic, left, is_whole=watch is not None), is_minimal=set(left) <= tested)


def _groups(elastic: Elastic, left: Sequence[int], *, is_whole: bool) -> Iterator[list[int]]:
    """What is left out in turn: with whole numbers, which have no dual, whole kinds first."""
    # What others may more easily do without goes first: targets are what people ask about.
    in_order = sorted(left, key=lambda g: (elastic.limits[g].what == "target", g))
    if is_whole:
        kinds = dict.fromkeys(elastic.limits[g].kind for g in in_order)
        yield from ([g for g in in_order if elastic.limits[g].kind is kind] for kind in kinds)
    yield from ([g] for g in in_order)


def _that_conflict(elastic: Elastic, limits: Sequence[int], watch: _Watch | None) -> list[int] | None:
    """Of the limits those in which the conflict is rooted; None where they can all hold, or it is not proved."""
    prices = {g: 1.0 / float(elastic.scale[g]) for g in limits}
    outcome = _least(elastic, prices, watch)
    if watch is not None:
        is_proved = outcome.bound is not None and outcome.bound > NOTHING
        return list(limits) if is_proved or outcome.stopped is Stopped.INFEASIBLE else None
    if outcome.objective is None or outcome.objective <= NOTHING:
        return None
    rooted = elastic.supports(outcome, prices)
    return [g for g in limits if g in rooted]


def _least(elastic: Elastic, prices: dict[int, float], watch: _Watch | None) -> Outcome:
    free = [g for g in range(len(elastic.limits)) if g not in prices]
    if watch is None:
        return elastic.run(prices, free, is_bounded=False)
    seconds = watch.for_one
    return elastic.run(prices, free, is_whole=True, is_bounded=False, gap=NEARLY_ALL, time_limit=seconds)


def _told(elastic: Elastic, limits: Sequence[int], *, is_whole: bool) -> Conflict:
    if is_whole or not limits:
        return Conflict(tuple(limits), is_whole=is_whole)
    outcome = _least(elastic, {g: 1.0 / float(elastic.scale[g]) for g in limits}, None)
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
