"""The `schemes` table: what is live when, and what it costs."""

from __future__ import annotations

import pandas as pd

from capplan.formulation.costs.objective import cash_factor
from capplan.formulation.model import Model
from capplan.formulation.schemes.in_force import live
from capplan.plan.people import value
from capplan.results.tables import SCHEMES


def schemes_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.SCHEMES`, which states key, columns and units."""
    rows = []
    for term in m.cost_terms["schemes"]:
        pairs, constant = live(m, (term.key, term.locality), term.t)
        is_live = constant + sum(value(variable) for _, variable in pairs) > 0.5
        gbp = term.constant + sum(price * value(variable) for price, variable in term.gbp)
        period = m.data.horizon.periods[term.t]
        rows.append((term.key, term.locality, period, is_live, gbp * cash_factor(m, term.t)))
    return SCHEMES.frame(rows)
