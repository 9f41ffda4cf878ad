"""Why a question has no plan, as data that an error can carry."""

from __future__ import annotations

import pandas as pd

from capplan.errors import CapplanError, Conflict, ConflictingLimit, Infeasible
from capplan.explain.infeasible import Explanation, explain_infeasible
from capplan.explain.limit import Limit
from capplan.explain.rules import Naming, rule
from capplan.explain.telling import conflict_sections
from capplan.instance import Instance
from capplan.question import Question

TODAY_HAS_NO_PLAN = (
    "Today's capacity is fixed here and decides nothing, so that nothing of it can give way: people cannot be cared "
    "for with it as the instance says. What would be needed is a question for the plan (the same without do_nothing or "
    "--as-is)."
)


def with_conflicts(error: Infeasible, question: Question) -> Infeasible:
    """The error with the conflicts of its question, sought now."""
    return Infeasible(str(error), conflicts_of(question))


def conflicts_of(question: Question) -> tuple[Conflict, ...]:
    """What cannot all hold in a question without a plan; nothing where that is not found.

    At best effort no target is asked for. Today's capacity decides nothing, so that nothing of it could give way.
    """
    if question.is_as_is:
        return ()
    instance = _without_targets(question.posed) if question.best_effort else question.posed
    try:
        return as_data(explain_infeasible(instance, question.options, with_mends=False))
    except CapplanError:
        return ()  # what is told is that there is no plan


def as_data(explained: Explanation) -> tuple[Conflict, ...]:
    """The conflicts of an explanation without its model."""
    naming = Naming(explained.instance)
    return tuple(
        Conflict(
            tuple(_limit(explained.limits[g], naming) for g in conflict.limits),
            (section.heading, *section.lines),
            conflict.is_minimal,
        )
        for conflict, section in zip(explained.conflicts, conflict_sections(explained), strict=False)
    )


def _limit(limit: Limit, naming: Naming) -> ConflictingLimit:
    key = tuple((column, ";".join(values)) for column, values in limit.filters)
    return ConflictingLimit(limit.kind.value, limit.table, limit.column, key, rule(limit, naming))


def _without_targets(instance: Instance) -> Instance:
    """A copy in which no target is imposed, as for a plan that may miss them all."""
    written = instance.written["targets"]
    no = pd.Series(False, index=written.index, dtype="boolean")
    return instance.trusted(targets=written.assign(is_imposed=no))
