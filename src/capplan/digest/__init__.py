"""What a planner wants to know first about a plan, in the order in which they ask; and how good it is proved to be."""

from __future__ import annotations

from capplan import wording
from capplan.digest import bottlenecks, capacity, costs, decisions, people, targets
from capplan.results.status import Stopped
from capplan.sections import Section
from capplan.solved import Solved

__all__ = ["digest", "how_good"]

PARTS = (
    targets.targets,
    decisions.to_sign,
    capacity.at_the_end,
    capacity.wards,
    costs.by_item,
    costs.by_funder,
    costs.budgets,
    people.by_pathway,
    bottlenecks.what_is_tight,
)
EARLY = {
    Stopped.INTERRUPTED: "Interrupted: this is the best plan found until then.",
    Stopped.TIME_LIMIT: "The time limit was reached: this is the best plan found until then.",
    Stopped.OTHER_LIMIT: "The solver reached a limit: this is the best plan found until then.",
}


def digest(plan: Solved) -> tuple[Section, ...]:
    """The plan in about sixty lines: targets, decisions, capacity, costs, funders, people, what is tight."""
    return tuple(section for part in PARTS if (section := part(plan)) is not None)


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
