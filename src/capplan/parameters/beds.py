"""Beds that can be had: what is open, less the days on which its contract does not run."""

from __future__ import annotations

import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance


def beds_available(instance: Instance, beds: pd.DataFrame) -> pd.Series:
    """Beds open of each row of the result table that can be had, spot beds not among them [beds, mean of a period].

    A unit whose dates (`available_from`, `available_to`) leave it half a period counts half its beds.
    """
    horizon = Horizon.of(instance.settings)
    share = {
        (row.site, row.bed_type): horizon.share_within(row.available_from, row.available_to)
        for row in instance.site_beds.itertuples()
    }
    position = {period: t for t, period in enumerate(horizon.periods)}
    keys = zip(beds["site"], beds["bed_type"], beds["period"], strict=True)
    return beds["beds_open"] * [float(share[site, bed_type][position[t]]) for site, bed_type, t in keys]
