"""What schemes cost, and missed targets, and what closed wards release."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capplan.formulation.beds.wards import released
from capplan.formulation.model import Model
from capplan.formulation.schemes.in_force import live
from capplan.formulation.terms import Term, scaled
from capplan.instance import text


def schemes(m: Model) -> Iterator[Term]:
    """Schemes: one_off_gbp × go_live, and month_gbp × months while live, in each locality where they go live."""
    for key, rollout in m.rollout.items():
        one_off, month = float(rollout.row["one_off_gbp"]), float(rollout.row["month_gbp"])
        booked = rollout.scheme, text(rollout.row["provider"]), rollout.locality, ""
        for t in m.PERIODS:
            pairs, constant = scaled(live(m, key, t), month * float(m.months[t]))
            if t in rollout.points:
                pairs.append((one_off, m.go_live[*key, t]))
            yield Term(*booked, t, tuple(pairs), constant)


def shortfall(m: Model) -> Iterator[Term]:
    """Targets that are missed: shortfall_gbp × target_shortfall, in the last period of the window."""
    for key in m.target_shortfall:
        row = m.target[key]
        gbp = 0.0 if np.isnan(row.shortfall_gbp) else row.shortfall_gbp
        yield Term(row.target, "", "", "", row.periods[-1], ((gbp, m.target_shortfall[key]),))


def acute(m: Model) -> Iterator[Term]:
    """Closed acute wards, negative: gain_share × ward_month_gbp × months × wards_closed, once double running is over."""
    for x in m.ACUTE:
        for t in m.PERIODS:
            yield Term(x, "", "", "", t, tuple((-gbp, ward) for gbp, ward in released(m, x, t)))
