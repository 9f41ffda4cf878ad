"""The parts of a report on one plan, in the order in which people ask."""

from __future__ import annotations

from capplan.report.blocks import Part
from capplan.report.parts import (
    access,
    acute,
    aims,
    assumptions,
    background,
    capacity,
    cost,
    dictionary,
    places,
    shortly,
    signing,
    tight,
    waits,
)
from capplan.report.subject import Subject

ORDER = (
    shortly.in_short,
    aims.targets,
    signing.what_to_sign,
    capacity.what_is_open,
    cost.what_it_costs,
    waits.people,
    access.by_locality,
    acute.beds_freed,
    places.on_the_map,
    tight.where_it_is_tight,
    assumptions.what_it_rests_on,
    background.about_this_plan,
)
"""Every part of one plan; the data dictionary, which is the same for all, comes after them."""

__all__ = ["ORDER", "dictionary", "parts"]


def parts(subject: Subject) -> tuple[Part, ...]:
    """What a report says of one plan; parts that have nothing to say are left out."""
    return tuple(part for make in ORDER if (part := make(subject)) is not None)
