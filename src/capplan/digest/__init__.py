"""What a planner wants to know first about a plan, in the order in which they ask."""

from __future__ import annotations

from capplan.digest import acute, aims, capacity, costs, decisions, funders, need, tight
from capplan.digest.proof import how_good
from capplan.sections import Section
from capplan.solved import Solved

__all__ = ["digest", "how_good"]

PARTS = (
    aims.targets,
    decisions.to_sign,
    capacity.at_the_end,
    acute.wards,
    costs.by_item,
    funders.cost_by_funder,
    funders.budgets,
    need.people,
    tight.what_is_tight,
)


def digest(plan: Solved) -> tuple[Section, ...]:
    """The plan in about sixty lines: targets, decisions, capacity, costs, funders, people, what is tight."""
    return tuple(section for part in PARTS if (section := part(plan)) is not None)
