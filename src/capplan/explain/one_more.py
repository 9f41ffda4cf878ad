"""One unit more of what holds a plan back: which change of which cell that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from capplan.explain.elastic import Elastic
from capplan.explain.infeasible import limits_of
from capplan.explain.limit import Kind, Limit
from capplan.explain.room import model_with_room
from capplan.instance import Instance
from capplan.solver.compiled import paused_garbage_collector
from capplan.solver_options import SolverOptions
from capplan.today import is_fixed

UNITS = {Kind.BUDGETS: 1000.0, Kind.SPENDING: 1000.0, Kind.SUITABILITY: 0.01, Kind.SHARES: 0.01}
"""One more of each kind, where that is not 1: £1,000, one in a hundred."""
UNITS_OF_TARGETS = {"per_day": 0.1, "per_year": 10.0, "total": 10.0, "share": 0.01}
"""One more of a target, in its own unit, where that is not 1."""
NEXT_TO_NOTHING = 1.0
"""What is worth less than this a unit does not bind [£]."""


@dataclass(frozen=True)
class OneMore:
    """One unit more in one limit, and what the relaxation says that it saves [£, discounted].

    Of a target one unit more is asked for, so that what it saves is below 0: it costs.
    """

    limit: Limit
    unit: float
    saves_gbp: float

    @property
    def value(self) -> float:
        """What stands in the cell then."""
        direction = -self.limit.direction if is_asked(self.limit) else self.limit.direction
        return float(round(self.limit.value + direction * self.unit, 10))

    @property
    def override(self) -> str:
        """The change as `--set` takes it."""
        return self.limit.override(self.value)


def is_asked(limit: Limit) -> bool:
    """Whether the limit is something asked for, of which one more costs, and no room, of which one more saves."""
    return limit.what == "target"


def by_relaxation(instance: Instance, options: SolverOptions, *, is_as_is: bool = False) -> list[OneMore]:
    """What one unit more in every limit that binds saves or costs, by the relaxation; the dearest first.

    What gives way in steps, or altogether, has no unit and is left out; and where today's capacity is fixed
    (`is_as_is`), what the fixing wrote.
    """
    with paused_garbage_collector():
        m = model_with_room(instance, with_cost=True)
        with Elastic(m, tuple(limits_of(m, instance)), options) as elastic:
            values, limits = elastic.values_of_room(), elastic.limits
    found = [
        _one_more(limit, float(value))
        for limit, value in zip(limits, values, strict=True)
        if not limit.is_stepped
        and limit.instead is None
        and isinstance(limit.value, float)
        and isfinite(limit.value)
        and not (is_as_is and is_fixed(limit.table, limit.column))
    ]
    binding = [one for one in found if np.isfinite(one.saves_gbp) and abs(one.saves_gbp) >= NEXT_TO_NOTHING]
    return sorted(binding, key=lambda one: (-abs(one.saves_gbp), one.override))


def _one_more(limit: Limit, per_unit: float) -> OneMore:
    unit = limit.step or UNITS.get(limit.kind, 1.0)
    if is_asked(limit) and limit.kind is not Kind.SPENDING:
        unit = UNITS_OF_TARGETS.get(str(limit.facts["unit"]), 1.0)
    room = limit.most if not is_asked(limit) else inf
    unit = min(unit, room) if room > 0 else unit
    return OneMore(limit, unit, (-1 if is_asked(limit) else 1) * per_unit * unit)
