"""A plan by diving: round a part of the whole numbers, let everything else move, round the next part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capplan.results.status import Holds, Stopped
from capplan.search.propagate import Propagation
from capplan.solver import highs
from capplan.solver.arrays import Flags, Floats, Indices
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome
from capplan.solver_options import SolverOptions

PARTS_OF_A_GROUP = 2
"""In how many goes a group is rounded when all goes well: more are slower and a little better."""
WHOLE = 1e-6
SMALL_LOT = 3
"""Below this many numbers, a lot that fits no plan is put aside and not halved again."""
SECONDS_FOR_REST = 10.0


@dataclass(frozen=True)
class Group:
    """Whole-number columns that are rounded together; up from `round_up_from` on [fraction]."""

    columns: Indices
    round_up_from: float


def dive(
    compiled: Compiled,
    relaxed: Outcome,
    groups: Sequence[Group],
    options_left: Callable[[], SolverOptions],
    lp_method: highs.LpMethod = "ipm",
) -> Outcome:
    """A plan near the relaxation's; holds NOTHING where the dive found none or was stopped.

    `options_left` gives the options with the time that is left now. Groups are rounded in order, in each the numbers
    nearest to whole ones first. Numbers that fit no plan when rounded are put aside; a search over those few ends
    the dive.
    """
    dived = _Dive(compiled, relaxed, options_left, lp_method)
    for group in groups:
        if not dived.round(group):
            return replace(dived.outcome, holds=Holds.NOTHING, values=None)
    return dived.finish()


class _Dive:
    def __init__(
        self,
        compiled: Compiled,
        relaxed: Outcome,
        options_left: Callable[[], SolverOptions],
        lp_method: highs.LpMethod,
    ) -> None:
        self._compiled, self._options_left, self._method = compiled, options_left, lp_method
        self._everything = np.arange(len(compiled.cost))
        self._propagation = Propagation(compiled)
        self._lower, self._upper = compiled.column_lower.copy(), compiled.column_upper.copy()
        self.outcome = relaxed

    @property
    def _values(self) -> Floats:
        if self.outcome.values is None:
            raise ValueError("a dive begins from a relaxation that has been solved")
        return self.outcome.values

    def round(self, group: Group) -> bool:
        """Fixes the group's columns that fit; False where the search was stopped."""
        columns = group.columns
        lot_size = max(1, -(-len(columns) // PARTS_OF_A_GROUP))
        while len(columns):
            values = self._values[columns]
            rounded = np.floor(values + 1 - group.round_up_from + WHOLE)
            distance = np.abs(values - rounded)
            nearest = np.argsort(distance, kind="stable")
            whole = nearest[: int((distance < WHOLE).sum())]
            if len(whole):
                # What is whole already is fixed as it is: nothing else has to move.
                self._lower[columns[whole]] = self._upper[columns[whole]] = rounded[whole]
                columns = np.delete(columns, whole)
                continue
            done, stopped = self._fix_what_fits(columns, rounded, nearest[:lot_size])
            if stopped:
                return False
            columns = np.delete(columns, done)
        return True

    def _fix_what_fits(self, columns: Indices, rounded: Floats, lot: Indices) -> tuple[Indices, bool]:
        """Fixes the lot or, where that fits no plan, its first half and so on; what was dealt with, and a stop."""
        while True:
            is_small = len(lot) <= SMALL_LOT
            for lower, upper in self._ways_to_fix(columns[lot], rounded[lot], with_others=is_small):
                outcome = self._solve(lower, upper)
                if outcome.values is not None:
                    self._lower, self._upper, self.outcome = lower, upper, outcome
                    return lot, False
                if outcome.stopped in (Stopped.TIME_LIMIT, Stopped.INTERRUPTED):
                    self.outcome = outcome
                    return lot, True
            if is_small:
                return lot, False  # put aside: left to the search at the end
            lot = lot[: len(lot) // 2]

    def _ways_to_fix(
        self, columns: Indices, rounded: Floats, with_others: bool
    ) -> Iterator[tuple[Floats, Floats]]:
        """Bounds with the columns fixed as rounded; then one by one, each as those before it leave it room.

        With others: all rounded down and all rounded up as well. Fewer wards closed, or more units open, often fit.
        """
        if (together := self._all_at(columns, rounded)) is not None:
            yield together
        bounds: tuple[Floats, Floats] | None = (self._lower, self._upper)
        for column, value in zip(columns, rounded, strict=True):
            bounds = bounds and self._fixed(*bounds, int(column), value)
        if bounds is not None:
            lower, upper = self._lower.copy(), self._upper.copy()
            lower[columns], upper[columns] = bounds[0][columns], bounds[1][columns]
            yield lower, upper
        for other in (np.floor, np.ceil) if with_others else ():
            values = other(self._values[columns])
            if (values != rounded).any() and (together := self._all_at(columns, values)) is not None:
                yield together

    def _all_at(self, columns: Indices, values: Floats) -> tuple[Floats, Floats] | None:
        """Bounds with the columns fixed; None where one row by itself says that this fits nothing."""
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[columns] = upper[columns] = values
        return None if self._propagation.tightened(lower, upper) is None else (lower, upper)

    def _fixed(self, lower: Floats, upper: Floats, column: int, value: float) -> tuple[Floats, Floats] | None:
        """Bounds with one more column fixed, and what follows; the other way round where that fits nothing."""
        nearest = float(np.clip(value, lower[column], upper[column]))
        other = nearest + (1.0 if nearest < self._values[column] else -1.0)
        for way in (nearest, other):
            if lower[column] <= way <= upper[column]:
                low, high = lower.copy(), upper.copy()
                low[column] = high[column] = way
                if (bounds_left := self._propagation.tightened(low, high)) is not None:
                    return bounds_left
        return None

    def _solve(self, lower: Floats, upper: Floats) -> Outcome:
        problem = self._compiled.with_bounds(self._everything, lower, upper).relaxed()
        return highs.solve(problem, self._options_left(), lp_method=self._method)

    def finish(self) -> Outcome:
        """The plan, or what a search over the numbers put aside finds."""
        if _is_whole(self._values[self._compiled.is_integer]).all():
            return replace(self.outcome, holds=Holds.FEASIBLE_PLAN)
        rest = self._compiled.with_bounds(self._everything, self._lower, self._upper)
        options = self._options_left()
        seconds = min(SECONDS_FOR_REST, options.time_limit or np.inf)
        outcome = highs.solve(rest, replace(options, time_limit=seconds), lp_method=self._method)
        own_limit = outcome.stopped is Stopped.TIME_LIMIT and seconds == SECONDS_FOR_REST
        if outcome.values is None and (own_limit or outcome.stopped is Stopped.INFEASIBLE):
            # The dive's own limit, or numbers that it had fixed: the dive failed, the search goes on.
            return replace(outcome, stopped=Stopped.FAILED)
        return outcome


def _is_whole(values: Floats) -> Flags:
    whole: Flags = np.abs(values - np.round(values)) < WHOLE
    return whole
