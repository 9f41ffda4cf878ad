"""Scheme starts: people start in a way that schemes have changed, while the schemes are in that state."""

from __future__ import annotations

from typing import Any

from capplan import modelling as pyo
from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.schemes.in_force import active
from capplan.formulation.terms import added, scaled, total, weighted_sum


def add_variables(m: Model) -> None:
    """No variables; the groups of starts that share a state, numbered within each stream."""
    m.starts_in_state = {
        (*key, g): group for key, groups in m.data.in_state.items() for g, group in enumerate(groups)
    }
    m.STARTS_IN_STATE = list(m.starts_in_state)


@constraint("STARTS_IN_STATE", "PERIODS", unit="people")
def scheme_state_limit(m: Model, l: str, h: str, p: str, group: int, t: int) -> Any:
    """People start on the terms of a state of the schemes only while the schemes are in that state.

        sum(starts[l,h,p,k,s,t]) <= people_at_most[l,h,p,t] * (sum(go_live[j,l,e]) or joint_state[joint,state,t])

    A start is copied once for every state, each copy with its own stay, hours and success, so that none of them is
    multiplied by a decision. Exactly one state holds when a person starts, and it rules the whole stay.
    """
    in_state = m.starts_in_state[l, h, p, group]
    pairs, constant = added(active(m, in_state.touch, joint, t) for joint in in_state.joints)
    if not pairs and constant >= 1:
        return pyo.Constraint.Skip
    starts = total(m.starts[l, h, p, o.course, o.site, t] for o in in_state.options)
    holds = scaled((pairs, constant), float(m.people_at_most[l, h, p][t]))
    return starts <= weighted_sum(*holds)
