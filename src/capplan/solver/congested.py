"""Plans where beds congest: bounds by envelopes of the queue, plans priced by the queue itself, until the two meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from capplan.errors import UsageError
from capplan.formulation.coarse import MONTHS, in_quarters
from capplan.formulation.model import build
from capplan.solver import highs
from capplan.solver.arrays import Floats, Indices
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled, compile_model
from capplan.solver.diving import dive_in_order, opening_columns, transfer, with_fewer_wards
from capplan.solver.intervals import Extended, Intervals
from capplan.solver.lazy import LazyRows
from capplan.solver.openings import Openings, better_openings
from capplan.solver.options import SolverOptions
from capplan.solver.outcome import Holds, Outcome, Progress, Stopped, relative_gap
from capplan.solver.pricing import LARGE, Pricing
from capplan.solver.queues import queues

OnProgress = Callable[[Progress], None]
ROUNDS = 12
"""How often facets that a relaxation breaks are looked for before whole numbers are."""
ROUNDS_LARGE = 4
"""The same where each takes seconds."""
ENOUGH = 1e-4
"""By how much of itself a relaxation must still rise for another round of facets."""
IMPROVING = 0.15
"""Share of the time limit that a first plan's openings may be improved for."""
PART_OF_GAP = 0.3
"""How much of the gap asked for is left to the search over whole numbers, and to queues that are bounded too low."""


def find_plan(
    model: Any,
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
    if compiled.is_settled:
        search.price(np.clip(np.zeros(len(compiled.cost)), compiled.column_lower, compiled.column_upper))
        return search.result(
            Stopped.GAP_REACHED if search.best is not None else Stopped.INFEASIBLE, search.objective
        )
    return search.run()


class Search:
    """The best plan so far, the best bound so far, and the intervals and facets they led to."""

    def __init__(self, model: Any, compiled: Compiled, clock: Clock, on_progress: OnProgress | None) -> None:
        self._model, self._base, self._compiled = model, compiled, compiled
        self._clock, self._on_progress = clock, on_progress
        self._is_large = len(compiled.cost) >= LARGE
        self._lazy = LazyRows(model, compiled)
        self._queues = queues(model, compiled)
        self.intervals = Intervals(self._queues)
        self._pricing = Pricing(compiled, self._queues, clock)
        self._priced: set[bytes] = set()
        self._nodes = 0
        self._has_learnt = False
        self.best: tuple[Compiled, Outcome] | None = None
        self._bound: float | None = None

    @property
    def objective(self) -> float | None:
        """Cost of the best plan."""
        return None if self.best is None else self.best[1].objective

    def price(self, values: Floats, near: Floats | None = None) -> Outcome | None:
        """Prices the whole numbers of some values and keeps the plan if it is the best; None where they fit none.

        `near`: about how much load every line will have.
        """
        whole = np.round(values[: len(self._compiled.cost)][self._compiled.is_integer])
        if whole.tobytes() in self._priced:
            return None
        self._priced.add(whole.tobytes())
        found = self._pricing.price(whole, is_first=self.best is None, near=near)
        if found is None:
            return None
        best, cost = self.objective, found[1].objective
        if best is None or (cost is not None and cost < best):
            self.best = found
            self._report()
        return found[1]

    def run(self) -> tuple[Compiled, Outcome]:
        """Relaxations, whole numbers and prices in turn, until the plan is proved or nothing is left to refine."""
        if self._is_large and self.best is None:
            self.first_plan()
        while True:
            outcome = self.relax()
            if outcome.values is None:
                return self.result(outcome.stopped, self._bound, outcome.message)
            extended = Extended(self._compiled, self.intervals)
            if self._is_large:
                outcome = self._openings_alone(extended)
                if self._is_close or outcome.stopped is not Stopped.GAP_REACHED:
                    return self.result(outcome.stopped, self._bound, outcome.message)
            outcome = self._whole_numbers(extended)
            if outcome.values is None:
                return self.result(outcome.stopped, self._bound, outcome.message)
            self.price(outcome.values)
            if self._is_close or outcome.stopped is not Stopped.GAP_REACHED:
                return self.result(outcome.stopped, self._bound)
            if not self._refine(extended, outcome.values):
                return self.result(Stopped.OTHER_LIMIT, self._bound)

    def relax(self) -> Outcome:
        """The relaxation, with facets and links that it breaks until it rises little.

        Where a coarser model has shown most of them it is solved once: the next search begins with it anyway.
        """
        outcome = self._relaxed()
        if self._has_learnt:
            if outcome.values is not None:
                self._tighten(outcome.values)
            return outcome
        for _ in range(ROUNDS_LARGE if self._is_large else ROUNDS):
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
        self._extended = Extended(self._compiled, self.intervals)
        method: highs.LpMethod = "ipm" if self._is_large else "choose"
        outcome = highs.solve(self._extended.compiled.relaxed(), self._clock.left, lp_method=method)
        if outcome.stopped is Stopped.GAP_REACHED:
            self._hear(outcome.objective)
        return outcome

    def _tighten(self, values: Floats) -> bool:
        facets = self._extended.tighten(values)
        broken = self._lazy.broken(values[: len(self._compiled.cost)])
        if len(broken):
            self._compiled = self._lazy.added_to(self._compiled, broken)
        return bool(facets or len(broken))

    def first_plan(self) -> None:
        """A plan by diving, in quarters where the months allow it."""
        coarse = in_quarters(self._model.data.instance)
        if coarse is None or self._compiled.has_other_cost or self._compiled.extra_row_names:
            self._dive_here()
            return
        of = self._model
        m = build(coarse, is_aggregated=of.data.is_aggregated, misses_targets=of.misses_targets)
        small = compile_model(m)
        quarters = Search(m, small, self._clock, None)
        dived = quarters.dive()
        line_of = self._learn(quarters)

        def by_the_month(values: Floats) -> None:
            plan = values[: len(small.cost)]
            loads = (quarters._queues.load @ plan)[line_of]
            fixed = transfer(m, small, plan, of, self._base)
            if self.price(fixed.column_lower, loads) is None and self.best is None:
                free = transfer(m, small, plan, of, self._base, with_wards=False)
                fewer = with_fewer_wards(of, free, self._clock)
                if fewer.values is not None:
                    self.price(fewer.values, loads)

        if dived.values is None:
            return
        by_the_month(dived.values)
        better = quarters.dive_with_better_openings(dived.values)
        if better is not None:
            by_the_month(better)

    def _dive_here(self) -> None:
        dived = self.dive()
        if dived.values is not None:
            self.price(dived.values)

    def dive(self) -> Outcome:
        """The whole numbers that a dive through the relaxation comes to."""
        relaxed = self.relax()
        if relaxed.values is None:
            return relaxed
        self._wish = relaxed.values
        return dive_in_order(self._model, self._extended.compiled, relaxed, self._clock)

    def dive_with_better_openings(self, plan: Floats) -> Floats | None:
        """Another dive, with units opened and closed until that saves nothing more; None where it found nothing."""
        compiled, until = self._extended.compiled, self._clock.elapsed + self._seconds_to_improve
        openings = Openings(self._model, compiled)

        def options_left() -> SolverOptions | None:
            return None if self._clock.elapsed > until else self._clock.left

        found = better_openings(openings, compiled, plan, self._wish, options_left)
        if found is None:
            return None
        columns = openings.columns
        fixed = compiled.with_bounds(columns, found[columns], found[columns])
        relaxed = highs.solve(fixed.relaxed(), self._clock.left, lp_method="ipm")
        if relaxed.values is None:
            return None
        return dive_in_order(self._model, fixed, relaxed, self._clock).values

    @property
    def _seconds_to_improve(self) -> float:
        limit = self._clock.options.time_limit
        return np.inf if limit is None else IMPROVING * limit

    def _learn(self, quarters: Search) -> Indices:
        """Facets found in quarters hold in their months, and links that were broken there are here.

        Returns for every line here the line of its quarter.
        """
        there = {
            (one.key, int(t)): line
            for line, (one, t) in enumerate(zip(quarters._queues.lists, quarters._queues.period, strict=True))
        }
        here = zip(self._queues.lists, self._queues.period, strict=True)
        line_of = np.array([there.get((one.key, int(t) // MONTHS), -1) for one, t in here], dtype=np.int64)
        self.intervals.learn(quarters.intervals, line_of)
        links = self._lazy.like(quarters._lazy, MONTHS)
        if len(links):
            self._compiled = self._lazy.added_to(self._compiled, links)
        self._has_learnt = True
        return line_of

    def _openings_alone(self, extended: Extended) -> Outcome:
        """A bound from a search in which openings and go-lives are whole and nothing else need be.

        The relaxation is weak where units, sites and schemes open in part. A search over those alone cuts that off much
        earlier than one over every bed and post.
        """
        return self._searched(extended, opening_columns(self._model, self._compiled))

    def _whole_numbers(self, extended: Extended) -> Outcome:
        return self._searched(extended, np.flatnonzero(extended.compiled.is_integer))

    def _searched(self, extended: Extended, whole: Indices) -> Outcome:
        """A search from the best plan over some whole numbers, the others relaxed."""
        start = None
        if self.best is not None and self.best[1].values is not None:
            start = extended.values_of(self.best[1].values)
        options = replace(self._clock.left, gap=PART_OF_GAP * self._clock.options.gap)
        method: highs.LpMethod = "ipm" if self._is_large else "choose"
        compiled = extended.compiled.with_whole(whole)
        outcome = highs.solve(compiled, options, start, self._heard, method, enough=self._enough)
        self._nodes += outcome.nodes
        self._hear(outcome.bound)
        return outcome

    @property
    def _enough(self) -> float | None:
        """The bound that proves the best plan within the gap."""
        return (
            None if self.objective is None else self.objective - self._clock.options.gap * abs(self.objective)
        )

    def _refine(self, extended: Extended, values: Floats) -> bool:
        """Facets at the plan found, and intervals of their own for sizes whose queue is still bounded too low."""
        added = extended.tighten(values)
        base = values[: len(self._compiled.cost)]
        base = np.where(self._compiled.is_integer, np.round(base), base)
        dear = self._errors(base)
        split = [self.intervals.split(group, beds) for group, beds in dear]
        return bool(added or any(split))

    def _errors(self, values: Floats) -> list[tuple[int, int]]:
        """Groups, and their beds, whose queues or loads are further from the truth than the gap bears, worst first."""
        found = self._queues
        sizes = np.rint(found.beds @ values).astype(np.int64)
        asked = found.truth(found.sizes(values), values)
        asked = np.where(np.isfinite(asked), asked, 1e6)
        has = np.where(found.is_priced, values[found.queue], 0.0)
        gbp = np.where(found.is_priced, self._compiled.cost[found.queue], 0.0)
        error = np.maximum(asked - has, 0.0) * gbp
        too_full = (
            found.load @ values > found.load_max(np.minimum(found.sizes(values), sizes)) * (1 + 1e-6) + 1e-6
        )
        by_group = np.bincount(found.group, weights=error)
        full = np.bincount(found.group, weights=too_full) > 0
        order = np.argsort(-by_group, kind="stable")
        rest = np.cumsum(by_group[order][::-1])[::-1]
        allowed = PART_OF_GAP * self._clock.options.gap * abs(self.objective or 0.0)
        is_wrong = (by_group[order] > 0) & (rest > allowed)
        first = np.unique(found.group, return_index=True)[1]
        return [
            (int(group), int(sizes[first[group]]))
            for group, wrong in zip(order, is_wrong, strict=True)
            if (wrong or full[group]) and sizes[first[group]] > 0
        ]

    @property
    def _is_close(self) -> bool:
        gap = relative_gap(self.objective, self._bound)
        return gap is not None and gap <= self._clock.options.gap

    def _heard(self, progress: Progress) -> None:
        self._hear(progress.bound)

    def _hear(self, bound: float | None) -> None:
        if bound is not None and (self._bound is None or bound > self._bound):
            self._bound = bound
        self._report()

    def _report(self) -> None:
        if self._on_progress is not None:
            bound = self._below_plan(self._bound)
            gap = relative_gap(self.objective, bound)
            self._on_progress(Progress(self._clock.elapsed, self.objective, bound, gap, self._nodes))

    def _below_plan(self, bound: float | None) -> float | None:
        """No bound is above the plan: what the solver's arithmetic leaves over is cut off."""
        return bound if bound is None or self.objective is None else min(bound, self.objective)

    def result(self, stopped: Stopped, bound: float | None, message: str = "") -> tuple[Compiled, Outcome]:
        """The best plan, why the search stopped, and the bound."""
        bound = self._below_plan(bound)
        if self.best is None:
            return self._compiled, Outcome(
                stopped, Holds.NOTHING, bound=bound, nodes=self._nodes, message=message
            )
        compiled, plan = self.best
        gap = relative_gap(plan.objective, bound)
        proved = gap is not None and gap <= self._clock.options.gap
        found = replace(
            plan,
            stopped=Stopped.GAP_REACHED if proved else stopped,
            holds=Holds.OPTIMAL_PLAN if proved else Holds.FEASIBLE_PLAN,
            bound=bound,
            gap=gap,
            nodes=self._nodes,
            seconds=self._clock.elapsed,
        )
        self._report()
        return compiled, found
