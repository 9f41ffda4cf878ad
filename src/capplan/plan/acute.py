"""The `acute` table: bed days freed in hospital, wards closed, and what they release."""

from __future__ import annotations

from typing import Any

import pandas as pd

from capplan.formulation.money import cash_factor
from capplan.plan.people import value

COLUMNS = ["hospital", "period", "bed_days_freed", "wards_closed", "beds_freed", "gbp"]


def acute_table(m: Any) -> pd.DataFrame:
    """Acute beds that the plan frees, and wards that close.

    One row per (hospital, period), hospital or sub-region as in `acute_beds`: bed_days_freed [bed days beyond the
    baselines, less those of failures; negative below the baselines], wards_closed [wards, since the start],
    beds_freed [beds, mean over the period] = bed_days_freed ÷ days, gbp [£, cash of the period; negative: released].
    """
    gbp = {
        (term.key, term.t): cash_factor(m, term.t) * sum(price * value(ward) for price, ward in term.gbp)
        for term in m.cost_terms["acute"]
    }
    rows = []
    for x in m.ACUTE:
        for t in m.PERIODS:
            freed, closed = value(m.bed_days_freed[x, t]), value(m.wards_closed[x, m.epoch[t]])
            rows.append((x, m.data.horizon.periods[t], freed, closed, freed / m.days[t], gbp[x, t]))
    return pd.DataFrame(rows, columns=COLUMNS)
