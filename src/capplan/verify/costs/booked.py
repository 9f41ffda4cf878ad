"""Amounts as rows of the table `costs`: who supplies what, and where it is booked."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from capplan.verify.evidence import Evidence

KEYS = ["item", "key", "provider", "locality", "site"]
UNIT = ["site", "bed_type"]


def times(wide: pd.DataFrame, price: pd.Series) -> pd.DataFrame:
    """Each row times its price; no price is 0."""
    return wide.mul(price.reindex(wide.index).fillna(0.0), axis=0)


def at_site(evidence: Evidence, item: str, gbp: pd.DataFrame) -> pd.DataFrame:
    """Rows (site, key) as rows of `costs`, booked where the site stands."""
    sites = evidence.instance.table("sites").set_index("site")
    at, key = (gbp.index.get_level_values(level) for level in (0, 1))
    return indexed(gbp, item, key, at.map(sites["provider"]), at.map(sites["locality"]), at)


def of_team(item: str, gbp: pd.DataFrame, provider: pd.Series) -> pd.DataFrame:
    """Rows (locality, resource) as rows of `costs`."""
    team, key = (gbp.index.get_level_values(level) for level in (0, 1))
    return indexed(gbp, item, key, provider, team, [""] * len(gbp))


def booked(evidence: Evidence, item: str, gbp: pd.DataFrame) -> pd.DataFrame:
    """Rows by package, locality of residence and site as rows of `costs`."""
    providers = evidence.instance.table("sites").set_index("site")["provider"]
    package, locality, site = (gbp.index.get_level_values(n) for n in ("package", "locality", "site"))
    return indexed(gbp, item, package, site.map(providers), locality, site)


def of_people(item: str, gbp: pd.DataFrame) -> pd.DataFrame:
    """Rows (locality, pathway) as rows of `costs`."""
    locality, pathway = (gbp.index.get_level_values(level) for level in (0, 1))
    nobody = [""] * len(gbp)
    return indexed(gbp, item, pathway, nobody, locality, nobody)


def indexed(gbp: pd.DataFrame, item: str, *levels: Iterable[object]) -> pd.DataFrame:
    """Rows as rows of `costs`: key, provider, locality and site of each; "" where there is none."""
    texts = [["" if pd.isna(text) else text for text in level] for level in levels]
    index = pd.MultiIndex.from_arrays([[item] * len(gbp), *texts], names=KEYS)
    return gbp.set_axis(index)
