"""Why a search stopped, what it holds, and how far it is: what the solver says, for those who load no solver."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Stopped(Enum):
    """Why the solver stopped."""

    GAP_REACHED = "proved within the gap"
    TIME_LIMIT = "time limit reached"
    OTHER_LIMIT = "another limit reached"
    INTERRUPTED = "interrupted"
    INFEASIBLE = "proved that no plan exists"
    UNCONFIRMED = "said to have no plan, not confirmed"
    UNBOUNDED = "cost has no lower end"
    FAILED = "failed"


class Holds(Enum):
    """What the solver holds."""

    OPTIMAL_PLAN = "a plan proved within the gap"
    FEASIBLE_PLAN = "a plan"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Progress:
    """Where a running solve is: best plan so far and best bound, in the objective's own unit and sense.

    None = not known yet. gap is a share of the objective, seconds count from the start of the run.
    """

    seconds: float
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    nodes: int = 0
