"""Cross-cover: teams and crews help their neighbours with hours of their own staff."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import total
from capplan.formulation.workforce import shifts, staff


def add_variables(m: Model) -> None:
    """`hours_lent[resource, giver, receiver, t]`, and for each team whom it may help and by whom it is helped."""
    m.helping, m.helped = defaultdict(list), defaultdict(list)
    known = set(m.TEAMS) | set(m.CREWS)
    for one in (*m.data.staff.help, *m.data.shifts.help):
        if (one.giver, one.resource) in known and (one.receiver, one.resource) in known:
            m.helping[one.resource, one.giver].append(one)
            m.helped[one.resource, one.receiver].append(one)
    m.HELP = sorted((h.resource, h.giver, h.receiver) for given in m.helping.values() for h in given)
    m.HELPERS = sorted({(resource, giver) for resource, giver, _ in m.HELP})
    m.declare("hours_lent")


@constraint("HELPERS", "PERIODS", unit="hours")
def cross_cover_limit(m: Model, w: str, l: str, t: int) -> Any:
    """A team gives no more hours than its own staff have.

        sum(hours_lent[w,l,l',t]) <= wte[l,r,t] * contact_hours[l,r,t] or shifts_on_duty[l,d,e(t)] * care_hours[l,d,t]

    Neither agency hours nor hours that were lent can be passed on. Crews give hours of their shifts likewise.
    """
    lent = total(m.hours_lent[w, l, help.receiver, t] for help in m.helping[w, l])
    if w in m.shift_type:
        has_own = (l, w) in m.data.shifts.areas
        own = shifts.care_hours(m, (l, w), t) * m.shifts_on_duty[l, w, m.epoch[t]] if has_own else 0.0
    else:
        own = staff.contact_hours(m, (l, w), t) * m.wte[l, w, t] if (l, w, t) in m.wte else 0.0
    return lent <= own
