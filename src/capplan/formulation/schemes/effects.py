"""Schemes at work: what they change in the cost of going without, and in the beds that fit into a building."""

from __future__ import annotations

from typing import Any

import numpy as np

from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.schemes.in_force import active
from capplan.formulation.terms import Terms, added, scaled, total, weighted_sum


def add_variables(m: Model) -> None:
    """`unmet_in_state` where a scheme changes what it costs to go without; sites that it makes larger or smaller."""
    data, calendar = m.data, m.data.schemes.calendar
    touches = {s.key: data.schemes.unmet_touch(data.people_of(s)) for s in data.streams}
    m.unmet_touch = {
        key: touch
        for key, touch in touches.items()
        if touch and not np.isinf(data.pathways[key[2]]["unmet_gbp"])
    }
    m.unmet_states = {key: calendar.joint_states(touch) for key, touch in m.unmet_touch.items()}
    m.the_end = len(m.PERIODS)  # people still waiting then go without
    m.UNMET_MOMENTS = [(*key, t) for key in m.unmet_touch for t in (*m.PERIODS, m.the_end)]
    m.UNMET_STATES = [
        (*key, state) for key in m.UNMET_MOMENTS for state in range(len(m.unmet_states[key[:3]]))
    ]
    m.declare("unmet_in_state")
    m.site_touch = {s: data.schemes.site_touch(s, data.sites[s]["locality"]) for s in m.SITES}
    m.beds_max_at_most = {s: _beds_max_at_most(m, s) for s in m.SITES}
    m.CHANGED_SITES = [s for s in m.SITES if m.site_touch[s]]


def _beds_max_at_most(m: Model, s: str) -> float:
    """Most beds that ever fit into a site, whatever goes live."""
    touch, base = m.site_touch[s], float(m.data.sites[s]["beds_max"])
    joints = m.data.schemes.calendar.joint_states(touch)
    return max(float(m.data.schemes.value(base, touch, joint)) for joint in joints)


def unmet_price(m: Model, key: tuple[str, str, str], state: int) -> float:
    """Cost of a person of a stream who goes without, in a joint state of the schemes that change it [£]."""
    base = float(m.data.pathways[key[2]]["unmet_gbp"])
    return float(m.data.schemes.value(base, m.unmet_touch[key], m.unmet_states[key][state]))


def beds_max(m: Model, s: str, t: int) -> Terms:
    """Beds that fit into a site in period t, as terms."""
    touch, base = m.site_touch[s], float(m.data.sites[s]["beds_max"])
    return added(
        scaled(active(m, touch, joint, t), m.data.schemes.value(base, touch, joint))
        for joint in m.data.schemes.calendar.joint_states(touch)
    )


@constraint("UNMET_MOMENTS", unit="people")
def unmet_state_balance(m: Model, l: str, h: str, p: str, t: int) -> Any:
    """Whoever goes without does so in one state of the schemes that change what it costs.

        unmet[l,h,p,t] + sum(refused_per_start[k] * starts[l,h,p,k,s,t]), or waiting[l,h,p,t] at the end == sum(unmet_in_state[l,h,p,t,state])

    Copied once a state, so that no price is multiplied by a decision. Who still waits at the end goes without, and
    so does whom full beds refuse.
    """
    if t == m.the_end:
        people = total([m.waiting[l, h, p, m.PERIODS[-1]]])
    else:
        refused, options = m.data.refused_per_start, m.stream[l, h, p].options
        turned_away = [(refused[o.course], m.starts[l, h, p, o.course, o.site, t]) for o in options]
        people = weighted_sum([(1.0, m.unmet[l, h, p, t]), *(pair for pair in turned_away if pair[0])])
    states = range(len(m.unmet_states[l, h, p]))
    return people == total(m.unmet_in_state[l, h, p, t, state] for state in states)


@constraint("UNMET_STATES", unit="people")
def unmet_state_link(m: Model, l: str, h: str, p: str, t: int, state: int) -> Any:
    """Only the copy of the state that holds can have anybody.

        unmet_in_state[l,h,p,t,state] <= people_at_most[l,h,p,t] * (sum(go_live[j,l,e]) or joint_state[joint,state,t])

    Exactly one state holds in a period; going live decides which.
    """
    period = m.PERIODS[-1] if t == m.the_end else t
    touch, joint = m.unmet_touch[l, h, p], m.unmet_states[l, h, p][state]
    holds = scaled(active(m, touch, joint, period), float(m.people_at_most[l, h, p][period]))
    return m.unmet_in_state[l, h, p, t, state] <= weighted_sum(*holds)


@constraint("CHANGED_SITES", "PERIODS", unit="beds")
def site_scheme_capacity(m: Model, s: str, t: int) -> Any:
    """A building that a scheme enlarges holds more beds once the scheme is live, and not before.

        sum(beds_open[s,b,e(t)] + spot_beds[s,b,t]) <= beds_max[s] + sum(more beds * (go_live[j,l,e] or joint_state[joint,state,t]))

    `site_capacity` holds the beds of a closed site at none.
    """
    spot_keys = [key for key in m.units_at[s] if (*key, t) in m.spot_beds]
    beds = [m.beds_open[*key, m.epoch[t]] for key in m.units_at[s]]
    beds += [m.spot_beds[*key, t] for key in spot_keys]
    return total(beds) <= weighted_sum(*beds_max(m, s, t))
