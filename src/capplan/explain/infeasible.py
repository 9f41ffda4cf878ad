"""An instance without a plan: what cannot all hold, and the least that would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from capplan.explain.conflict import Conflict, conflicts
from capplan.explain.elastic import Elastic
from capplan.explain.limits import limits_of, loosened_model
from capplan.explain.limits.limit import Kind, Limit
from capplan.explain.mends import Mend, mend_by, mends, needed, without_errors
from capplan.formulation.model import Model
from capplan.instance import Instance
from capplan.solver.compiled import paused_garbage_collector
from capplan.solver_options import SolverOptions

SECONDS = 60.0
"""What one question about whole numbers may take."""


@dataclass(frozen=True)
class Explanation:
    """Why an instance has no plan: the limits there are, which of them conflict, and what would mend it.

    `model` is the one in which conflicts were sought, None where none were; without conflicts nothing is in the way.
    """

    instance: Instance
    model: Model | None
    rows: tuple[Any, ...]
    limits: tuple[Limit, ...]
    conflicts: tuple[Conflict, ...]
    mends: tuple[Mend, ...] = ()
    together: Mend | None = None


def explain_infeasible(
    instance: Instance,
    options: SolverOptions | None = None,
    prices: Mapping[Kind, float] | None = None,
    *,
    with_mends: bool = True,
) -> Explanation:
    """What cannot all hold in an instance without a plan and, where asked, the least changes that would mend it.

    `prices` are what a unit of each kind is worth to the planner: with them, one more mend lets these kinds give way
    together. Raises Infeasible where something cannot hold that is no limit.
    """
    options = options or SolverOptions()
    options = replace(options, time_limit=min(options.time_limit or SECONDS, SECONDS))
    with paused_garbage_collector():
        m = loosened_model(instance)
        limits = tuple(limits_of(m, instance))
        with Elastic(m, limits, options) as elastic:
            conflicting = tuple(
                replace(conflict, needed=needed(elastic, conflict, options))
                for conflict in conflicts(elastic, options.time_limit)
            )
            explanation = Explanation(instance, m, elastic.compiled.constraints, limits, conflicting)
            if not conflicting or not with_mends:
                return explanation
            kinds = mends(elastic, instance, conflicting, options)
            first = {g for conflict in conflicting for g in conflict.limits}
            together = mend_by(elastic, instance, prices, options, first) if prices else None
    *alone, together = without_errors(instance, [*kinds, together or Mend(())])
    return replace(explanation, mends=tuple(alone), together=together if prices else None)
