"""The relaxation of a congested model, tightened by facets of the queue and by links where it breaks them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capplan.formulation.model import Model
from capplan.results.status import Stopped
from capplan.search.extended import Extended
from capplan.search.incumbent import Incumbent
from capplan.search.intervals import Intervals
from capplan.search.lazy_rows import LazyRows
from capplan.search.pricing import LARGE
from capplan.search.quarters import MONTHS
from capplan.search.queues import queues
from capplan.solver import highs, second_way
from capplan.solver.arrays import Floats, Indices
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome

ROUNDS = 12
"""How often facets that a relaxation breaks are looked for before whole numbers are."""
ROUNDS_LARGE = 4
"""The same where each takes seconds."""
ENOUGH = 1e-4
"""By how much of itself a relaxation must still rise for another round of facets."""


class Relaxation:
    """A congested model with the links and facets found so far; `extended` is what was relaxed last.

    `solve` is `highs.solve` where nobody is told that there is no plan.
    """

    def __init__(
        self,
        model: Model,
        compiled: Compiled,
        clock: Clock,
        incumbent: Incumbent,
        solve: Callable[..., Outcome] = second_way.solve,
    ) -> None:
        self.model, self.compiled, self.clock, self._solve = model, compiled, clock, solve
        self.is_large = len(compiled.cost) >= LARGE
        self.method: highs.LpMethod = "ipm" if self.is_large else "choose"
        self.queues = queues(model, compiled)
        self.intervals = Intervals(self.queues)
        self._lazy = LazyRows(model, compiled)
        self.incumbent = incumbent
        self._has_learnt = False

    def extend(self) -> Extended:
        """The model with its intervals and all that was found so far."""
        self.extended = Extended(self.compiled, self.intervals)
        return self.extended

    def relax(self) -> Outcome:
        """The relaxation, with facets and links that it breaks until it rises little.

        Where a coarser model has shown most of them it is solved once: the next search begins with it anyway.
        """
        outcome = self._relaxed()
        if self._has_learnt:
            if outcome.values is not None:
                self._tighten(outcome.values)
            return outcome
        for _ in range(ROUNDS_LARGE if self.is_large else ROUNDS):
            if outcome.values is None or not self._tighten(outcome.values):
                break
            before = outcome.objective
            outcome = self._relaxed()
            if (
                outcome.objective is None
                or before is None
                or outcome.objective - before < ENOUGH * abs(before)
            ):
                break
        return outcome

    def _relaxed(self) -> Outcome:
        outcome = self._solve(self.extend().compiled.relaxed(), self.clock.left, lp_method=self.method)
        if outcome.stopped is Stopped.GAP_REACHED:
            self.incumbent.hear(outcome.objective)
        return outcome

    def _tighten(self, values: Floats) -> bool:
        facets = self.extended.tighten(values)
        broken = self._lazy.broken(values[: len(self.compiled.cost)])
        if len(broken):
            self.compiled = self._lazy.added_to(self.compiled, broken)
        return bool(facets or len(broken))

    def learn(self, quarters: Relaxation) -> Indices:
        """Facets found in quarters hold in their months, and links that were broken there are here.

        Returns for every line here the line of its quarter.
        """
        there = {
            (one.key, int(t)): line
            for line, (one, t) in enumerate(zip(quarters.queues.lists, quarters.queues.period, strict=True))
        }
        here = zip(self.queues.lists, self.queues.period, strict=True)
        line_of = np.array([there.get((one.key, int(t) // MONTHS), -1) for one, t in here], dtype=np.int64)
        self.intervals.learn(quarters.intervals, line_of)
        links = self._lazy.like(quarters._lazy, MONTHS)
        if len(links):
            self.compiled = self._lazy.added_to(self.compiled, links)
        self._has_learnt = True
        return line_of
