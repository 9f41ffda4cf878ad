"""The `acute` table: bed days freed in hospital, wards closed, and what they release."""

from __future__ import annotations

import pandas as pd

from capplan.formulation.costs.objective import cash_factor
from capplan.formulation.model import Model
from capplan.plan.people import value
from capplan.results.tables import ACUTE


def acute_table(m: Model) -> pd.DataFrame:
    """The rows of `results.tables.ACUTE`, which states key, columns and units."""
    gbp = {
        (term.key, term.t): cash_factor(m, term.t) * sum(price * value(ward) for price, ward in term.gbp)
        for term in m.cost_terms["acute"]
    }
    rows = []
    for x in m.ACUTE:
        for t in m.PERIODS:
            freed, closed = value(m.bed_days_freed[x, t]), value(m.wards_closed[x, m.epoch[t]])
            rows.append((x, m.data.horizon.periods[t], freed, closed, freed / m.days[t], gbp[x, t]))
    return ACUTE.frame(rows)
