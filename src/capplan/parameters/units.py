"""Sites, the units of beds in them, and how many of the beds open can be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance, Row, by_key, records, text


@dataclass(frozen=True)
class Unit:
    """Beds of one type at one site; `available` is the share of each period in which they may be open."""

    site: str
    bed_type: str
    locality: str
    provider: str
    row: Row
    available: np.ndarray


def sites_of(instance: Instance) -> dict[str, Row]:
    """Rows of `sites` by key, sorted; `beds_max` filled in with the sum over its units."""
    rows = instance.sites.sort_values("site").copy()
    units = instance.site_beds.groupby("site")["beds_max"].sum()
    rows["beds_max"] = rows["beds_max"].fillna(rows["site"].map(units)).fillna(0.0)
    return by_key(rows, "site")


def units_of(instance: Instance, sites: Mapping[str, Row], horizon: Horizon) -> dict[tuple[str, str], Unit]:
    """The units by (site, bed type), sorted."""
    units = {}
    for row in records(instance.site_beds.sort_values(["site", "bed_type"])):
        site = sites[row["site"]]
        units[row["site"], row["bed_type"]] = Unit(
            row["site"],
            row["bed_type"],
            str(site["locality"]),
            text(site["provider"]),
            row,
            horizon.share_within(row["available_from"], row["available_to"]),
        )
    return units


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
