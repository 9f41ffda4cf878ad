"""The parts of a report on one plan, in the order in which people ask."""

from __future__ import annotations

from capplan.report.blocks import Part
from capplan.report.parts import (
    assumptions,
    background,
    capacity,
    costs,
    in_short,
    map_of_places,
    people,
    targets,
)
from capplan.report.subject import Subject

ORDER = (
    in_short.in_short,
    targets.which_are_met,
    capacity.what_to_sign,
    capacity.what_is_open,
    costs.what_it_costs,
    people.who_starts_and_waits,
    people.access_by_locality,
    capacity.beds_freed,
    map_of_places.on_the_map,
    targets.where_it_is_tight,
    assumptions.what_it_rests_on,
    background.about_this_plan,
)
"""Every part of one plan; the data dictionary, which is the same for all, comes after them."""


def parts(subject: Subject) -> tuple[Part, ...]:
    """What a report says of one plan; parts that have nothing to say are left out."""
    return tuple(part for make in ORDER if (part := make(subject)) is not None)
