"""What a solver said: why it stopped, what it holds, and the numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from capplan.results.status import Holds, Stopped

if TYPE_CHECKING:
    from capplan.solver.arrays import Floats


@dataclass(frozen=True, eq=False)
class Outcome:
    """Why the solver stopped, what it holds, and the numbers in the objective's own unit and sense.

    values and reduced_costs follow the compiled model's columns, row_duals its rows. A dual is the change of
    the objective for one unit more of the row's bound; duals are None where a column is integer.
    gap = |objective - bound| / |objective|. seconds is the wall time of the run.
    """

    stopped: Stopped
    holds: Holds
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    values: Floats | None = None
    row_duals: Floats | None = None
    reduced_costs: Floats | None = None
    seconds: float = 0.0
    nodes: int = 0
    message: str = ""

    def with_plan(self, values: Floats, objective: float) -> Outcome:
        """The same with a plan, which is proved where the gap was reached."""
        proved = self.stopped is Stopped.GAP_REACHED
        return replace(
            self,
            holds=Holds.OPTIMAL_PLAN if proved else Holds.FEASIBLE_PLAN,
            objective=objective,
            gap=relative_gap(objective, self.bound),
            values=values,
        )


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """|objective - bound| / |objective|: 0 where they agree, infinite at objective 0, None where unknown."""
    if objective is None or bound is None:
        return None
    if objective == bound:
        return 0.0
    return abs(objective - bound) / abs(objective) if objective else math.inf


def known(number: float) -> float | None:
    """The number, or None where the solver writes infinity (or not a number) for "don't know"."""
    return float(number) if math.isfinite(number) else None
