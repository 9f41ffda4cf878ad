"""How good the plan is proved to be."""

from __future__ import annotations

from capplan import wording
from capplan.plan import Plan
from capplan.solver.outcome import Stopped

EARLY = {
    Stopped.INTERRUPTED: "Interrupted: this is the best plan found until then.",
    Stopped.TIME_LIMIT: "The time limit was reached: this is the best plan found until then.",
    Stopped.OTHER_LIMIT: "The solver reached a limit: this is the best plan found until then.",
}


def how_good(plan: Plan) -> tuple[str, ...]:
    """Why the search ended early, if it did, and by how much a plan could still be cheaper."""
    early = EARLY.get(plan.result.stopped)
    return tuple(filter(None, [early, _proved(plan)]))


def _proved(plan: Plan) -> str:
    result = plan.result
    if plan.is_best_effort:
        return "Imposed targets are missed as little as they can be; among such plans this one costs least."
    if result.bound is None or result.gap is None:
        return "How much cheaper a plan could be is not proved."
    saving = max(result.objective - result.bound, 0.0)
    if result.gap < 5e-7:
        return "Proved: no plan is cheaper."
    return (
        f"Proved: no plan can be more than {wording.share(result.gap, 2)} ({wording.money(saving)}) cheaper."
    )
