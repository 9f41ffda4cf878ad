"""What a plan's whole numbers really cost: everything else is free to move, and queues are as long as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from capplan.results.status import Holds, Stopped
from capplan.search.queues import FEW_TANGENTS, FIRST_TANGENTS, SMALLEST_LOAD, Queues
from capplan.solver import highs, second_way
from capplan.solver.arrays import Floats, Indices
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome
from capplan.solver_options import SolverOptions

LARGE = 10_000
"""Columns from which interior point beats simplex on a first relaxation."""
ROUNDS = 40
ROUNDS_LARGE = 1
"""Rounds of further tangents; where one takes seconds, the first tangents are close enough."""
EXACT = 1e-6
"""By how much of a plan's cost its queues may be dearer than its tangents say [share]."""
EXACT_LARGE = 1e-3
"""The same where each round takes seconds. The plan's cost counts its queues as they are either way."""
NEAR = (0.97, 1.0, 1.03)
"""Where loads are known roughly, queues are bounded there and in few other places."""
SMALL_PART = 1e-3
"""Queues that lack less than this share of what the worst lacks get no further tangent."""
TIGHT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}


class Pricing:
    """Prices plans of one compiled model."""

    def __init__(self, compiled: Compiled, queues: Queues, clock: Clock) -> None:
        self._compiled, self._queues, self._clock = compiled, queues, clock
        self._whole = np.flatnonzero(compiled.is_integer)
        self._is_large = len(compiled.cost) >= LARGE

    def price(
        self, whole: Floats, is_first: bool = True, near: Floats | None = None
    ) -> tuple[Compiled, Outcome] | None:
        """The plan with these whole numbers: its model, with tangents of its queues, and values, cost and duals.

        None where they fit no plan. A first plan is worth its price whatever that takes; any other is given up where
        the time is over. `near`: about how much load every line will have [people].
        """
        options = replace(self._clock.options, time_limit=None) if is_first else self._clock.left
        fixed, sizes = self._with_fixed(whole, near)
        for extra in ({},) if self._is_large else (TIGHT, {}):
            # Tighter than numbers of very different size may allow.
            plan = self._priced(fixed, sizes, options, extra)
            if plan is not None:
                return plan
        return None

    def why_none(self, whole: Floats) -> Outcome:
        """Of whole numbers without a price: INFEASIBLE where they fit no plan, UNCONFIRMED where that is not sure."""
        fixed, _ = self._with_fixed(whole, None)
        outcome = second_way.solve(fixed, self._clock.left, lp_method="ipm")
        if outcome.stopped is Stopped.INFEASIBLE:
            return outcome
        return Outcome(Stopped.UNCONFIRMED, Holds.NOTHING, message=outcome.stopped.value)

    def _with_fixed(self, whole: Floats, near: Floats | None) -> tuple[Compiled, Indices]:
        """The model with these whole numbers and first tangents, and the size of every line."""
        fixed = self._compiled.with_bounds(self._whole, whole, whole).relaxed()
        values = np.zeros(len(fixed.cost))
        values[self._whole] = whole
        sizes = self._queues.sizes(values)
        return self._bounded(fixed, sizes, near), sizes

    def _priced(
        self, fixed: Compiled, sizes: Indices, options: SolverOptions, extra: Mapping[str, float]
    ) -> tuple[Compiled, Outcome] | None:
        """Solves with more and more tangents, each time from the last corner."""
        with highs.Session(fixed, options, extra) as session:
            outcome = session.run(lp_method="ipm" if self._is_large else "choose")
            for _ in range(ROUNDS_LARGE if self._is_large else ROUNDS):
                if outcome.stopped is not Stopped.GAP_REACHED or outcome.values is None:
                    return None
                settled = self._queues.settled(outcome.values)
                lacking = self._lacking(fixed, outcome.values, settled)
                if not len(lacking):
                    break
                loads = self._loads(lacking, sizes, outcome.values)
                rows, lower = self._queues.tangents(lacking, sizes[lacking], loads)
                upper = np.full(len(lacking), np.inf)
                session.add_rows(rows, lower, upper)
                fixed = fixed.with_rows(rows, lower, upper, self._names("queue_minimum", lacking))
                outcome = session.run()
        if outcome.stopped is not Stopped.GAP_REACHED or outcome.values is None:
            return None
        settled = self._queues.settled(outcome.values)
        return fixed, replace(outcome, values=settled, objective=fixed.objective_at(settled))

    def _bounded(self, fixed: Compiled, sizes: Indices, near: Floats | None) -> Compiled:
        """The model with every list held to its service level, and queues bounded at a few loads."""
        queues, every = self._queues, np.arange(len(self._queues))
        most = queues.load_max(sizes)
        names = self._names("service_level_limit", every)
        fixed = fixed.with_rows(queues.load, np.full(len(queues), -np.inf), most, names)
        lines = np.flatnonzero(queues.is_priced & (sizes > 0))
        shares = FIRST_TANGENTS if near is None else FEW_TANGENTS
        loads = np.outer(most[lines], shares)
        if near is not None:
            about = np.clip(np.outer(near[lines], NEAR), SMALLEST_LOAD, most[lines, None])
            loads = np.hstack([loads, about])
        lines = np.repeat(lines, loads.shape[1])
        rows, lower = queues.tangents(lines, sizes[lines], loads.ravel())
        return fixed.with_rows(rows, lower, np.full(len(lines), np.inf), self._names("queue_minimum", lines))

    def _loads(self, lines: Indices, sizes: Indices, values: Floats) -> Floats:
        most = self._queues.load_max(sizes)[lines]
        return np.asarray(np.clip((self._queues.load @ values)[lines], SMALLEST_LOAD, most))

    def _lacking(self, fixed: Compiled, values: Floats, settled: Floats) -> Indices:
        """Lines whose queue is dearer than the tangents say, where that adds up to anything."""
        column = self._queues.queue
        extra = np.where(self._queues.is_priced, (settled[column] - values[column]) * fixed.cost[column], 0.0)
        exact = EXACT_LARGE if self._is_large else EXACT
        if extra.clip(min=0).sum() <= exact * max(1.0, abs(fixed.objective_at(values))):
            return np.array([], dtype=np.int64)
        return np.flatnonzero(extra > extra.max() * SMALL_PART)

    def _names(self, family: str, lines: Indices) -> list[str]:
        queues = self._queues
        return [f"{family}[{','.join(map(str, (*queues.lists[i].key, queues.period[i])))}]" for i in lines]
