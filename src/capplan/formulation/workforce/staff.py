"""Staff: teams give contact hours, recruits come late, people leave, agencies and neighbours help."""

from __future__ import annotations

from typing import Any

import numpy as np

from capplan import modelling as pyo
from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import weighted_sum
from capplan.formulation.workforce.needs import hours_needed
from capplan.instance import by_key, records
from capplan.parameters.data import Data
from capplan.parameters.loads import DAYS_PER_WEEK


def add_variables(m: Model) -> None:
    """`wte` by team and period, what changes it at decision points, `agency_hours`, `hours_needed`."""
    data: Data = m.data
    m.TEAMS = list(data.teams)
    m.STAFFED = [key for key, team in data.teams.items() if team.row]
    m.role = by_key(data.instance.roles, "role")
    m.declare("hours_needed", "wte", "wte_left", "wte_hired")
    for key in m.STAFFED:
        row = data.teams[key].row
        for t in m.PERIODS:
            is_available = data.teams[key].available[t] > 0
            m.wte[*key, t].setlb(row["wte_min"] if is_available else 0.0)
            m.wte[*key, t].setub(row["wte_max"] if is_available else 0.0)
    _add_steps(m)
    m.HIRING_LIMITED = [key for key in m.STAFFED if not np.isnan(data.teams[key].row["hires_max_per_period"])]
    m.WITH_AGENCY = [key for key in m.STAFFED if not np.isnan(data.teams[key].row["agency_hour_gbp"])]
    m.declare("agency_hours")
    m.arrivals = {key: _arrivals(data, key) for key in m.STAFFED}


def _add_steps(m: Model) -> None:
    m.STEPPED_TEAMS = [key for key in m.STAFFED if m.data.teams[key].row["wte_step"] != 1]
    m.declare("hire_steps")
    for key in m.STAFFED:
        row = m.data.teams[key].row
        most = row["hires_max_per_period"] / row["wte_step"]
        whole = m.hire_steps if key in m.STEPPED_TEAMS else m.wte_hired
        for e in m.DECISIONS:
            # The limit on hires, in whole recruits: tighter than hiring_limit wherever the limit is not whole.
            whole[*key, e].setub(None if np.isnan(most) else np.floor(most * m.periods_until_next[e] + 1e-9))
    for key in m.STEPPED_TEAMS:
        for e in m.DECISIONS:
            m.wte_hired[*key, e].domain = pyo.NonNegativeReals


def _arrivals(data: Data, key: tuple[str, str]) -> np.ndarray:
    """People already recruited who start work, by period: in the period that holds the first day of their month."""
    rows = data.instance.arrivals
    arrived = np.zeros(len(data.horizon))
    for row in records(rows[(rows["locality"] == key[0]) & (rows["role"] == key[1])]):
        day = (row["month"].date() - data.horizon.starts[0]).days
        # A plan that starts within the month finds them at work from its first period.
        in_month_of_start = row["month"].date() == data.horizon.starts[0].replace(day=1)
        t = 0 if in_month_of_start else int(np.searchsorted(data.horizon.edges, day, side="right")) - 1
        if 0 <= t < len(arrived):
            arrived[t] += row["wte"]
    return arrived


def contact_hours(m: Model, key: tuple[str, str], t: int) -> float:
    """Contact hours that one WTE of the team gives in a period, after travel between homes."""
    team = m.data.teams[key]
    weeks = m.days[t] / DAYS_PER_WEEK
    a_week = m.role[team.resource]["contact_hours_per_week"]
    return float(a_week * weeks * (1 - team.travel_share) * team.available[t])


def turnover(m: Model, role: str, t: int) -> float:
    """Share of posts that fall vacant in a period; none before the plan's own recruits can arrive."""
    row = m.role[role]
    return float(row["turnover_per_year"] * m.months[t] / 12) if t >= row["recruitment_periods"] else 0.0


@constraint("TEAMS", "PERIODS", unit="hours")
def hours_needed_balance(m: Model, l: str, r: str, t: int) -> Any:
    """Hours needed are what people in care ask of the team, at home on its roads and in the beds of its sites.

        hours_needed[l,r,t] == sum(hours[k,r,u,t] * starts_served[v,u] for u <= t) + census_hours[l,r,t]

    Hours taper with the day of the stay, so each start asks for its own hours in each later period.
    """
    return m.hours_needed[l, r, t] == hours_needed(m, m.needs["staff"][l, r], t)


@constraint("TEAMS", "PERIODS", unit="hours")
def staff_capacity(m: Model, l: str, r: str, t: int) -> Any:
    """Hours needed by people in care never exceed the hours the team has, hires in and is lent.

        hours_needed[l,r,t] <= wte[l,r,t] * contact_hours[l,r,t] + agency_hours[l,r,t] + sum((1 - travel_share) * hours_lent[r,l',l,t]) - sum(hours_lent[r,l,l',t])

    Contact hours are those left after leave, sickness, administration and travel between homes.
    """
    have = [(contact_hours(m, (l, r), t), m.wte[l, r, t])] if (l, r, t) in m.wte else []
    have += [(1.0, m.agency_hours[l, r, t])] if (l, r, t) in m.agency_hours else []
    have += [(1 - help.travel_share, m.hours_lent[r, help.giver, l, t]) for help in m.helped[r, l]]
    have += [(-1.0, m.hours_lent[r, l, help.receiver, t]) for help in m.helping[r, l]]
    return m.hours_needed[l, r, t] <= weighted_sum(have)


@constraint("STAFFED", "PERIODS", unit="WTE")
def wte_balance(m: Model, l: str, r: str, t: int) -> Any:
    """WTE in post are those of the previous period less turnover and leavers, plus recruits who start work.

        wte[l,r,t] == (1 - turnover[r,t]) * wte[l,r,t-1] + wte_hired[l,r,t-recruitment_periods[r]] + arrivals[l,r,t] - wte_left[l,r,t]

    A recruit works only recruitment_periods after the decision; turnover begins when the plan's own recruits can
    arrive, since until then nothing that is decided here could replace who leaves.
    """
    staying = 1 - turnover(m, r, t)
    today = m.data.teams[l, r].row["wte"]
    today = 0.0 if np.isnan(today) else today
    before = staying * (m.wte[l, r, t - 1] if t > 0 else today)
    decided = t - int(m.role[r]["recruitment_periods"])
    hired = m.wte_hired[l, r, decided] if decided in m.decision_set else 0.0
    left = m.wte_left[l, r, t] if t in m.decision_set else 0.0
    return m.wte[l, r, t] == before + hired + float(m.arrivals[l, r][t]) - left


@constraint("STEPPED_TEAMS", "DECISIONS", unit="WTE")
def hire_step_balance(m: Model, l: str, r: str, e: int) -> Any:
    """Recruits come in whole steps.

        wte_hired[l,r,e] == wte_step[l,r] * hire_steps[l,r,e]

    Half-time posts have steps of 0.5, a team recruited together a step of its size.
    """
    return m.wte_hired[l, r, e] == m.data.teams[l, r].row["wte_step"] * m.hire_steps[l, r, e]


@constraint("HIRING_LIMITED", "DECISIONS", unit="WTE")
def hiring_limit(m: Model, l: str, r: str, e: int) -> Any:
    """No more people are recruited at once than can be found and trained.

        wte_hired[l,r,e] <= hires_max_per_period[l,r] * periods_until_next[e]

    The limit is a rate: one decision covers all periods until the next.
    """
    return m.wte_hired[l, r, e] <= m.data.teams[l, r].row["hires_max_per_period"] * m.periods_until_next[e]
