"""The incumbent of a search: its best plan so far and its best bound, and what it reports of them."""

from __future__ import annotations

from dataclasses import replace

from capplan.results.status import Holds, Progress, Stopped
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled
from capplan.solver.outcome import Outcome, relative_gap
from capplan.solver.watching import OnProgress


class Incumbent:
    """The best plan so far (its model and outcome) and the best bound so far."""

    def __init__(self, clock: Clock, on_progress: OnProgress | None = None) -> None:
        self._clock, self._on_progress = clock, on_progress
        self.best: tuple[Compiled, Outcome] | None = None
        self.bound: float | None = None
        self.nodes = 0

    @property
    def objective(self) -> float | None:
        """Cost of the best plan."""
        return None if self.best is None else self.best[1].objective

    @property
    def enough(self) -> float | None:
        """The bound that proves the best plan within the gap."""
        return (
            None if self.objective is None else self.objective - self._clock.options.gap * abs(self.objective)
        )

    @property
    def is_close(self) -> bool:
        """Whether the best plan is proved within the gap."""
        gap = relative_gap(self.objective, self.bound)
        return gap is not None and gap <= self._clock.options.gap

    def keep(self, compiled: Compiled, plan: Outcome) -> None:
        """Keeps a plan if it is the best."""
        best, cost = self.objective, plan.objective
        if best is None or (cost is not None and cost < best):
            self.best = compiled, plan
            self._report()

    def hear(self, bound: float | None) -> None:
        """Keeps a bound if it is the best."""
        if bound is not None and (self.bound is None or bound > self.bound):
            self.bound = bound
        self._report()

    def _report(self) -> None:
        if self._on_progress is not None:
            bound = self._below_plan(self.bound)
            gap = relative_gap(self.objective, bound)
            self._on_progress(Progress(self._clock.elapsed, self.objective, bound, gap, self.nodes))

    def _below_plan(self, bound: float | None) -> float | None:
        """No bound is above the plan: what the solver's arithmetic leaves over is cut off."""
        return bound if bound is None or self.objective is None else min(bound, self.objective)

    def result(
        self, compiled: Compiled, stopped: Stopped, bound: float | None, message: str = ""
    ) -> tuple[Compiled, Outcome]:
        """The best plan, why the search stopped, and the bound; `compiled` where there is no plan."""
        bound = self._below_plan(bound)
        if self.best is None:
            return compiled, Outcome(stopped, Holds.NOTHING, bound=bound, nodes=self.nodes, message=message)
        compiled, plan = self.best
        if stopped in (Stopped.INFEASIBLE, Stopped.UNCONFIRMED):
            stopped = Stopped.OTHER_LIMIT  # the plan refutes it
        gap = relative_gap(plan.objective, bound)
        proved = gap is not None and gap <= self._clock.options.gap
        best = replace(
            plan,
            stopped=Stopped.GAP_REACHED if proved else stopped,
            holds=Holds.OPTIMAL_PLAN if proved else Holds.FEASIBLE_PLAN,
            bound=bound,
            gap=gap,
            nodes=self.nodes,
            seconds=self._clock.elapsed,
        )
        self._report()
        return compiled, best
