"""Who is where: journeys, networks, sub-regions, and what the filters of a row match."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.instance import Instance

EARTH_RADIUS_KM = 6371.0


def names(cell: object) -> frozenset[str]:
    """The names in a filter cell (`a;b`); empty where the cell is, which means every one."""
    return frozenset() if pd.isna(cell) else frozenset(str(cell).split(";"))


def matches(cell: object, name: str) -> bool:
    """Whether a filter cell leaves the name in."""
    chosen = names(cell)
    return not chosen or name in chosen


def localities_of(instance: Instance, cell: object) -> frozenset[str]:
    """The localities that a cell stands for: localities, networks, `all` or nothing (all of them)."""
    rows = instance.localities
    chosen = names(cell)
    if not chosen or "all" in chosen:
        return frozenset(rows["locality"])
    by_network = rows.loc[rows["network"].isin(chosen), "locality"]
    own = rows.loc[rows["locality"].isin(chosen), "locality"]
    # A name that is both a locality and a network means the locality.
    networks_only = by_network[rows.loc[by_network.index, "network"].isin(chosen - set(own))]
    return frozenset(own) | frozenset(networks_only)


def hospitals_of(instance: Instance, name: str) -> frozenset[str]:
    """The hospitals that a name stands for: a hospital, or else the hospitals of a sub-region."""
    rows = instance.hospitals
    if (rows["hospital"] == name).any():
        return frozenset({name})
    return frozenset(rows.loc[rows["sub_region"] == name, "hospital"])


def travel_minutes(instance: Instance) -> pd.DataFrame:
    """Minutes from locality to site; index locality, columns site; NaN where nothing is known.

    Rows of `travel` come first; else great-circle distance × detour_factor ÷ speed_kmh where both have coordinates (a
    site without any takes its locality's); else 0 within the site's own locality.
    """
    localities = instance.localities.set_index("locality").sort_index()
    sites = instance.sites.set_index("site").sort_index()
    home = localities.reindex(sites["locality"])
    latitude = sites["latitude"].fillna(pd.Series(home["latitude"].to_numpy(), sites.index))
    longitude = sites["longitude"].fillna(pd.Series(home["longitude"].to_numpy(), sites.index))
    km = great_circle_km(
        localities["latitude"].to_numpy()[:, None],
        localities["longitude"].to_numpy()[:, None],
        latitude.to_numpy(),
        longitude.to_numpy(),
    )
    minutes = km * instance.settings.detour_factor / instance.settings.speed_kmh * 60
    own = localities.index.to_numpy()[:, None] == sites["locality"].to_numpy()
    table = pd.DataFrame(
        np.where(np.isnan(minutes) & own, 0.0, minutes), index=localities.index, columns=sites.index
    )
    for row in instance.travel.itertuples():
        table.at[row.locality, row.site] = row.minutes
    return table


def great_circle_km(
    latitude: np.ndarray, longitude: np.ndarray, other_latitude: np.ndarray, other_longitude: np.ndarray
) -> np.ndarray:
    """Distance over the globe between points in degrees (haversine formula) [km]."""
    phi, lam, phi2, lam2 = (
        np.radians(np.asarray(a, dtype=float)) for a in (latitude, longitude, other_latitude, other_longitude)
    )
    half = np.sin((phi2 - phi) / 2) ** 2 + np.cos(phi) * np.cos(phi2) * np.sin((lam2 - lam) / 2) ** 2
    km: np.ndarray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    return km
