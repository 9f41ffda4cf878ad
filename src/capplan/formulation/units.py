"""Sites, and the units of beds in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capplan.formulation.rows import Row, by_key, text
from capplan.horizon import Horizon
from capplan.instance import Instance, records


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
    found = {}
    for row in records(instance.site_beds.sort_values(["site", "bed_type"])):
        site = sites[row["site"]]
        found[row["site"], row["bed_type"]] = Unit(
            row["site"],
            row["bed_type"],
            str(site["locality"]),
            text(site["provider"]),
            row,
            horizon.share_within(row["available_from"], row["available_to"]),
        )
    return found
