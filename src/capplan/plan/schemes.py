"""The `schemes` table: what is live when, and what it costs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from capplan.formulation.in_force import live
from capplan.formulation.money import cash_factor
from capplan.plan.people import value


def schemes_table(m: Any) -> pd.DataFrame:
    """Schemes, in each locality where they go live locality by locality.

    One row per (scheme, locality, period), locality empty where the scheme goes live everywhere at once: is_live
    [yes/no], gbp [£ in cash: going live and running].
    """
    rows = []
    for term in m.cost_terms["schemes"]:
        pairs, constant = live(m, (term.key, term.locality), term.t)
        is_live = constant + sum(value(variable) for _, variable in pairs) > 0.5
        gbp = term.constant + sum(price * value(variable) for price, variable in term.gbp)
        period = m.data.horizon.periods[term.t]
        rows.append((term.key, term.locality, period, is_live, gbp * cash_factor(m, term.t)))
    return pd.DataFrame(rows, columns=["scheme", "locality", "period", "is_live", "gbp"]).astype(
        {"is_live": bool, "gbp": float}
    )
