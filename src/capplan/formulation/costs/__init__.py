"""Costs: every contributor is one function that fills both the objective and an item of the `costs` table."""

from __future__ import annotations

from types import MappingProxyType

from capplan.formulation.costs.achieved import acute, schemes, shortfall
from capplan.formulation.costs.capacity import (
    agency,
    beds,
    changes,
    closings,
    conversions,
    hiring,
    openings,
    shifts,
    sites,
    spot,
    staff,
)
from capplan.formulation.costs.people import (
    care_days,
    failures,
    queueing,
    starts,
    successes,
    travel,
    unmet,
    waiting,
)
from capplan.formulation.model import Model
from capplan.formulation.terms import Contributor, Term

CONTRIBUTORS: MappingProxyType[str, Contributor] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            beds,
            sites,
            openings,
            closings,
            conversions,
            changes,
            staff,
            hiring,
            agency,
            shifts,
            spot,
            starts,
            care_days,
            travel,
            failures,
            successes,
            schemes,
            waiting,
            queueing,
            unmet,
            shortfall,
            acute,
        )
    }
)
"""The cost contributors by the item they fill in the `costs` table."""


def terms(m: Model) -> dict[str, tuple[Term, ...]]:
    """Every cost in the model, by item of the `costs` table."""
    return {item: tuple(contributor(m)) for item, contributor in CONTRIBUTORS.items()}
