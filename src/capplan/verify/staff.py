"""Posts and hours of staff: the table `staff` against the instance and the people in care."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.verify.differences import above, below, not_multiple, not_zero, unequal
from capplan.verify.evidence import Evidence
from capplan.verify.teams import check_capacity, check_help, check_hours, check_utilisation, staff_teams

KEYS = ["locality", "role"]


def hours_needed(evidence: Evidence) -> Iterator[Problem]:
    """The hours needed of a team are those of the people in care in its area."""
    rows = evidence.instance.table("package_hours")
    needs = rows.assign(
        effect="package_hours.hours_per_week",
        amount=rows["hours_per_week"],
        per_day=1 / 7,
        per_start=rows["hours_per_start"],
    )
    yield from check_hours(evidence, staff_teams(evidence), needs)


def hours_available(evidence: Evidence) -> Iterator[Problem]:
    """The hours available are WTE × contact hours a week × weeks × the time not spent on the road."""
    rows = _teams(evidence)
    roles = evidence.instance.table("roles").set_index("role")["contact_hours_per_week"]
    reported, wte = (evidence.wide("staff", column, *KEYS) for column in ("hours_available", "wte"))
    teams = staff_teams(evidence)
    a_week = [roles[role] * (1 - teams.travel_share(team)) for team, role in rows.index]
    weeks = evidence.horizon.days / 7 * evidence.share_available(rows)
    expected = wte.reindex(rows.index, fill_value=0.0) * weeks * np.array(a_week).reshape(-1, 1)
    yield from unequal("staff", "hours_available", "hours_available", reported, expected)


def capacity(evidence: Evidence) -> Iterator[Problem]:
    """Hours needed are covered; agency hours are bought only where they have a price."""
    yield from check_capacity(evidence, staff_teams(evidence), "staff_capacity")
    bought = evidence.wide("staff", "agency_hours", *KEYS)
    no_price = _of_team(evidence, bought, "agency_hour_gbp").isna().to_numpy()
    yield from not_zero("staff", "agency_has_price", "agency_hours", bought, no_price[:, None])


def utilisation(evidence: Evidence) -> Iterator[Problem]:
    """Utilisation is the hours needed and given over all hours had."""
    yield from check_utilisation(evidence, staff_teams(evidence))


def cross_cover(evidence: Evidence) -> Iterator[Problem]:
    """Hours given and received agree with `cross_cover`, and are the giver's own."""
    yield from check_help(evidence, staff_teams(evidence))


def wte_balance(evidence: Evidence) -> Iterator[Problem]:
    """WTE = previous × (1 − turnover) + arrived − left; turnover runs from the first period recruits can arrive in."""
    wte, turnover, arrived, left = (
        evidence.wide("staff", column, *KEYS) for column in ("wte", "wte_turnover", "wte_arrived", "wte_left")
    )
    before = evidence.before(wte, _of_team(evidence, wte, "wte").fillna(0.0))
    yield from unequal("staff", "wte_balance", "wte", wte, before - turnover + arrived - left, before)
    months = evidence.horizon.months / 12
    periods = np.arange(len(evidence.horizon))
    roles = _of_role(evidence, wte)
    begun = periods >= roles["recruitment_periods"].to_numpy()[:, None]
    share = roles["turnover_per_year"].to_numpy()[:, None] * months * begun
    yield from unequal("staff", "wte_turnover", "wte_turnover", turnover, before * share)


def wte_arrived(evidence: Evidence) -> Iterator[Problem]:
    """Those who start work were recruited recruitment_periods ago or are in the table `arrivals`."""
    reported, hired = (evidence.wide("staff", column, *KEYS) for column in ("wte_arrived", "wte_hired"))
    lags = _of_role(evidence, hired)["recruitment_periods"].astype(int)
    expected = hired * 0.0
    for lag in lags.unique():
        same = (lags == lag).to_numpy()
        expected[same] = hired[same].shift(lag, axis=1, fill_value=0.0)
    expected = expected.add(_arrivals(evidence), fill_value=0.0)
    yield from unequal("staff", "wte_arrived", "wte_arrived", reported, expected)


def hiring(evidence: Evidence) -> Iterator[Problem]:
    """Posts are filled and given up at decision points, in steps, no more at once than agreed."""
    hired, left = (evidence.wide("staff", column, *KEYS) for column in ("wte_hired", "wte_left"))
    for column, wte in {"wte_hired": hired, "wte_left": left}.items():
        yield from not_zero("staff", "decision_points", column, wte, ~evidence.is_decision[None, :])
        yield from not_zero("staff", "wte_negative", column, wte, wte.to_numpy() < 0)
    step = _of_team(evidence, hired, "wte_step").fillna(1.0).to_numpy()[:, None]
    yield from not_multiple("staff", "wte_step", "wte_hired", hired, step)
    most = _of_team(evidence, hired, "hires_max_per_period").fillna(np.inf).to_numpy()[:, None]
    # Away from decision points nobody is hired anyway.
    limit = np.where(evidence.is_decision, most * np.maximum(_periods_of_decision(evidence), 1), np.inf)
    limit = pd.DataFrame(limit, hired.index, hired.columns)
    yield from above("staff", "hiring_limit", "wte_hired", hired, limit)


def wte_bounds(evidence: Evidence) -> Iterator[Problem]:
    """WTE lie between wte_min and wte_max while the team can be had; else there are none."""
    wte = evidence.wide("staff", "wte", *KEYS)
    available = evidence.share_available(_teams(evidence).reindex(wte.index)) > 0
    for column, compare in (("wte_min", below), ("wte_max", above)):
        bound = _of_team(evidence, wte, column).fillna(0.0).to_numpy()[:, None] * available
        yield from compare("staff", column, "wte", wte, pd.DataFrame(bound, wte.index, wte.columns))


def _teams(evidence: Evidence) -> pd.DataFrame:
    return evidence.instance.table("staff").set_index(KEYS)


def _of_team(evidence: Evidence, teams: pd.DataFrame, column: str) -> pd.Series:
    return _teams(evidence)[column].reindex(teams.index)


def _of_role(evidence: Evidence, teams: pd.DataFrame) -> pd.DataFrame:
    roles = evidence.instance.table("roles").set_index("role")
    return roles.reindex(teams.index.get_level_values("role")).set_axis(teams.index)


def _arrivals(evidence: Evidence) -> pd.DataFrame:
    """WTE already recruited, by team and period: that of the first day of their month that lies in the plan."""
    rows = evidence.instance.table("arrivals")
    starts = pd.DatetimeIndex(evidence.horizon.starts)
    month_of_start = rows["month"] == starts[0].replace(day=1)
    day = rows["month"].mask(month_of_start, starts[0])
    inside = (day >= starts[0]) & (day < starts[-1])
    position = starts.searchsorted(pd.DatetimeIndex(day[inside]), side="right") - 1
    periods = np.array(evidence.horizon.periods)[position]
    return evidence.spread(rows[inside].assign(period=periods), "wte", *KEYS)


def _periods_of_decision(evidence: Evidence) -> np.ndarray:
    """For each decision point the number of periods until the next or the end; 0 at other periods."""
    points = [*evidence.horizon.decision_points, len(evidence.horizon)]
    count = np.zeros(len(evidence.horizon))
    count[points[:-1]] = np.diff(points)
    return count
