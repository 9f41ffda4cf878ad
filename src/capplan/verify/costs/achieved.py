"""What schemes cost, and missed targets, and what closed wards release."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan.verify.acute import released
from capplan.verify.costs.booked import indexed, times
from capplan.verify.evidence import Evidence
from capplan.verify.targets import window_periods


def schemes(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Going live in the first live period, unless live before the start; running while live."""
    is_live = evidence.wide("schemes", "is_live", "scheme", "locality")
    rows = evidence.instance.table("schemes").set_index("scheme")
    rows = rows.reindex(is_live.index.get_level_values("scheme")).set_axis(is_live.index)
    began = is_live - evidence.before(is_live, rows["is_live"].astype(float))
    gbp = times(began.clip(lower=0.0), rows["one_off_gbp"])
    gbp += times(is_live, rows["month_gbp"]) * evidence.horizon.months
    scheme, locality = (gbp.index.get_level_values(level) for level in ("scheme", "locality"))
    yield indexed(gbp, "schemes", scheme, rows["provider"], locality, [""] * len(gbp))


def shortfall(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Missed targets, in the last period of their window."""
    lines = evidence.instance.table("targets").set_index("target")
    prices = lines["shortfall_gbp"].where(lines["is_imposed"] & lines["value"].notna()).dropna()
    last = {
        (target, window): evidence.horizon.periods[periods[-1]]
        for target in prices.index
        for window, periods in window_periods(lines.loc[target], evidence.horizon).items()
    }
    rows = evidence.tables["targets"]
    windows = zip(rows["target"], rows["window"], strict=True)
    gbp = rows["shortfall"] * rows["target"].map(prices)
    rows = rows.assign(period=[last.get(key, "") for key in windows], gbp=gbp)
    gbp = evidence.spread(rows[rows["period"] != ""], "gbp", "target")
    nowhere = [""] * len(gbp)
    yield indexed(gbp, "shortfall", gbp.index, nowhere, nowhere, nowhere)


def acute(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """What closed wards release, booked on no place."""
    gbp = -released(evidence)
    nowhere = [""] * len(gbp)
    yield indexed(gbp, "acute", gbp.index, nowhere, nowhere, nowhere)
