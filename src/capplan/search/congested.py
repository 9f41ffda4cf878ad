"""Plans where beds congest: bounds by envelopes of the queue, plans priced by the queue itself, until the two meet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from capplan.errors import UsageError
from capplan.formulation.model import Model
from capplan.results.status import Progress, Stopped
from capplan.search.dive_order import opening_columns
from capplan.search.extended import Extended
from capplan.search.first_plan import find_first_plan
from capplan.search.incumbent import Incumbent
from capplan.search.pricing import Pricing
from capplan.search.relaxation import Relaxation
from capplan.solver import second_way
from capplan.solver.arrays import Floats, Indices
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome
from capplan.solver.watching import OnProgress
from capplan.solver_options import SolverOptions

PART_OF_GAP = 0.3
"""How much of the gap asked for is left to the search over whole numbers, and to queues that are bounded too low."""


def find_plan(
    model: Model,
    compiled: Compiled,
    options: SolverOptions,
    on_progress: OnProgress | None,
    start: Floats | None,
) -> tuple[Compiled, Outcome]:
    """The cheapest plan of a model with congestion, priced by the queue itself: as `search.find_plan`.

    The model returned is the plan's own: whole numbers fixed, its queues bounded by their tangents.
    """
    if options.solver.lower() != "highs":
        raise UsageError(f"congestion needs the solver highs, not {options.solver}")
    search = Search(model, compiled, Clock.started(options), on_progress)
    if start is not None:
        search.price(start)
    return search.settled() if compiled.is_settled else search.run()


class Search:
    """Relaxations, whole numbers and prices in turn, and where that stands."""

    def __init__(
        self, model: Model, compiled: Compiled, clock: Clock, on_progress: OnProgress | None
    ) -> None:
        self._model, self._base, self._clock = model, compiled, clock
        self.incumbent = Incumbent(clock, on_progress)
        self.relaxation = Relaxation(model, compiled, clock, self.incumbent)
        self._pricing = Pricing(compiled, self.relaxation.queues, clock)
        self._priced: set[bytes] = set()

    def price(self, values: Floats, near: Floats | None = None) -> None:
        """Prices the whole numbers of some values, unless that was done, and keeps the plan if it is the best.

        `near`: about how much load every line will have.
        """
        whole = np.round(values[: len(self._base.cost)][self._base.is_integer])
        if whole.tobytes() in self._priced:
            return
        self._priced.add(whole.tobytes())
        priced = self._pricing.price(whole, is_first=self.incumbent.best is None, near=near)
        if priced is not None:
            self.incumbent.keep(*priced)

    def settled(self) -> tuple[Compiled, Outcome]:
        """The plan where the whole numbers are fixed, all of them."""
        base, incumbent = self._base, self.incumbent
        self.price(np.clip(np.zeros(len(base.cost)), base.column_lower, base.column_upper))
        if incumbent.best is not None:
            return incumbent.result(base, Stopped.GAP_REACHED, incumbent.objective)
        none = self._pricing.why_none(base.column_lower[base.is_integer])
        return incumbent.result(base, none.stopped, None, none.message)

    def run(self) -> tuple[Compiled, Outcome]:
        """Goes on until the plan is proved or nothing is left to refine."""
        is_large = self.relaxation.is_large
        if is_large and self.incumbent.best is None:
            self.find_first_plan()
        while True:
            outcome = self.relaxation.relax()
            if outcome.values is None:
                return self._result(outcome)
            extended = self.relaxation.extend()
            if is_large:
                outcome = self.openings_alone(extended)
                if self._is_over(outcome):
                    return self._result(outcome)
            outcome = self._whole_numbers(extended)
            if outcome.values is None:
                return self._result(outcome)
            self.price(outcome.values)
            if self._is_over(outcome):
                return self._result(outcome)
            if not self._refine(extended, outcome.values):
                return self._result(replace(outcome, stopped=Stopped.OTHER_LIMIT))

    def _is_over(self, outcome: Outcome) -> bool:
        return self.incumbent.is_close or outcome.stopped is not Stopped.GAP_REACHED

    def _result(self, outcome: Outcome) -> tuple[Compiled, Outcome]:
        incumbent = self.incumbent
        return incumbent.result(self.relaxation.compiled, outcome.stopped, incumbent.bound, outcome.message)

    def find_first_plan(self) -> None:
        """A plan by diving, in quarters where the months allow it."""
        find_first_plan(self.relaxation, self._base, self.price)

    def openings_alone(self, extended: Extended) -> Outcome:
        """A bound from a search in which openings and go-lives are whole and nothing else need be.

        The relaxation is weak where units, sites and schemes open in part. A search over those alone cuts that off much
        earlier than one over every bed and post.
        """
        return self._searched(extended, opening_columns(self._model, self._base))

    def _whole_numbers(self, extended: Extended) -> Outcome:
        return self._searched(extended, np.flatnonzero(extended.compiled.is_integer))

    def _searched(self, extended: Extended, whole: Indices) -> Outcome:
        """A search from the best plan over some whole numbers, the others relaxed."""
        start, best = None, self.incumbent.best
        if best is not None and best[1].values is not None:
            start = extended.values_of(best[1].values)
        options = replace(self._clock.left, gap=PART_OF_GAP * self._clock.options.gap)
        compiled, method = extended.compiled.with_whole(whole), self.relaxation.method
        outcome = second_way.solve(compiled, options, start, self._heard, method, self.incumbent.enough)
        self.incumbent.nodes += outcome.nodes
        self.incumbent.hear(outcome.bound)
        return outcome

    def _heard(self, progress: Progress) -> None:
        self.incumbent.hear(progress.bound)

    def _refine(self, extended: Extended, values: Floats) -> bool:
        """Facets at the plan found, and intervals of their own for sizes whose queue is still bounded too low."""
        added = extended.tighten(values)
        base = values[: len(self._base.cost)]
        base = np.where(self._base.is_integer, np.round(base), base)
        dear = self._errors(base)
        split = [self.relaxation.intervals.split(group, beds) for group, beds in dear]
        return bool(added or any(split))

    def _errors(self, values: Floats) -> list[tuple[int, int]]:
        """Groups, and their beds, whose queues or loads are further from the truth than the gap bears, worst first."""
        queues, cost = self.relaxation.queues, self.relaxation.compiled.cost
        sizes = np.rint(queues.beds @ values).astype(np.int64)
        asked = queues.truth(queues.sizes(values), values)
        asked = np.where(np.isfinite(asked), asked, 1e6)
        has = queues.by_chance(values)
        gbp = np.where(queues.is_priced, cost[queues.queue], 0.0)
        error = np.maximum(asked - has, 0.0) * gbp
        too_full = (
            queues.load @ values
            > queues.load_max(np.minimum(queues.sizes(values), sizes)) * (1 + 1e-6) + 1e-6
        )
        by_group = np.bincount(queues.group, weights=error)
        full = np.bincount(queues.group, weights=too_full) > 0
        order = np.argsort(-by_group, kind="stable")
        rest = np.cumsum(by_group[order][::-1])[::-1]
        allowed = PART_OF_GAP * self._clock.options.gap * abs(self.incumbent.objective or 0.0)
        is_wrong = (by_group[order] > 0) & (rest > allowed)
        first = np.unique(queues.group, return_index=True)[1]
        return [
            (int(group), int(sizes[first[group]]))
            for group, wrong in zip(order, is_wrong, strict=True)
            if (wrong or full[group]) and sizes[first[group]] > 0
        ]
