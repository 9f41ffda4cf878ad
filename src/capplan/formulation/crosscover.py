"""Cross-cover: teams and crews help their neighbours with hours of their own staff."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from capplan import modelling as pyo
from capplan.formulation import shifts, staff
from capplan.formulation.family import constraint, total


def add_variables(m: pyo.ConcreteModel) -> None:
    """`hours_lent[resource, giver, receiver, t]`, and for each team whom it may help and by whom it is helped."""
    m.helping, m.helped = defaultdict(list), defaultdict(list)
    known = set(m.TEAMS) | set(m.CREWS)
    for one in (*m.data.staff.help, *m.data.shifts.help):
        if (one.giver, one.resource) in known and (one.receiver, one.resource) in known:
            m.helping[one.resource, one.giver].append(one)
            m.helped[one.resource, one.receiver].append(one)
    m.HELP = sorted((h.resource, h.giver, h.receiver) for given in m.helping.values() for h in given)
    m.HELPERS = sorted({(resource, giver) for resource, giver, _ in m.HELP})
    m.hours_lent = pyo.Var([(*key, t) for key in m.HELP for t in m.PERIODS], within=pyo.NonNegativeReals)


@constraint("HELPERS", "PERIODS", unit="hours")
def cross_cover_limit(m: Any, r: str, l: str, t: int) -> Any:
    """A team gives no more hours than its own staff have.

        sum(hours_lent[r,l,l',t]) <= wte[l,r,t] * contact_hours[l,r,t]

    Neither agency hours nor hours that were lent can be passed on. Crews give hours of their shifts likewise.
    """
    lent = total(m.hours_lent[r, l, help.receiver, t] for help in m.helping[r, l])
    if r in m.shift_type:
        has_own = (l, r) in m.data.shifts.areas
        own = shifts.care_hours(m, (l, r), t) * m.shifts_on_duty[l, r, m.epoch[t]] if has_own else 0.0
    else:
        own = staff.contact_hours(m, (l, r), t) * m.wte[l, r, t] if (l, r, t) in m.wte else 0.0
    return lent <= own
