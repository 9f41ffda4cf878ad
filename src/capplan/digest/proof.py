"""How good the plan is proved to be."""

from __future__ import annotations

from capplan import wording
from capplan.results.status import Stopped
from capplan.solved import Solved

EARLY = {
    Stopped.INTERRUPTED: "Interrupted: this is the best plan found until then.",
    Stopped.TIME_LIMIT: "The time limit was reached: this is the best plan found until then.",
    Stopped.OTHER_LIMIT: "The solver reached a limit: this is the best plan found until then.",
}


def how_good(plan: Solved) -> tuple[str, ...]:
    """Why the search ended early, if it did, and by how much a plan could still be cheaper."""
    early = EARLY.get(plan.stopped)
    return tuple(filter(None, [early, _proved(plan)]))


def _proved(plan: Solved) -> str:
    if plan.is_best_effort:
        return "Imposed targets are missed as little as they can be; among such plans this one costs least."
    if plan.bound is None or plan.gap is None:
        return "How much cheaper a plan could be is not proved."
    saving = max(plan.objective - plan.bound, 0.0)
    if plan.gap < 5e-7:
        return "Proved: no plan is cheaper."
    return f"Proved: no plan can be more than {wording.share(plan.gap, 2)} ({wording.money(saving)}) cheaper."
