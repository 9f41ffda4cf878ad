"""What live schemes change, counted again from the table `schemes`: referrals, the cost of going without, buildings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from capplan.horizon import Horizon
from capplan.instance import Instance

MONTHS = {"week": 7 / (365.25 / 12), "month": 1, "quarter": 3}


def with_schemes(
    instance: Instance, horizon: Horizon, people: pd.DataFrame, live: pd.DataFrame
) -> pd.DataFrame:
    """People referred with the schemes that are live (rows of the table `schemes`).

    `people`, without any scheme, has a row for each (locality, hospital, pathway) and a column for each period.
    Effects add up, each on the number without schemes; what one adds is shared like the referrals it acts on.
    """
    changed = people.copy()
    for row, where, fraction in in_force(instance, horizon, live, "referrals.people_per_month"):
        inside = _chosen(instance, people.index.to_frame(index=False), row, where)
        own = people[inside.to_numpy()]
        total = own.sum(axis=0)
        share = (own / total.where(total > 0)).fillna(0.0)
        share.loc[:, total.to_numpy() == 0] = (
            own.sum(axis=1) / max(own.to_numpy().sum(), 1e-300)
        ).to_numpy()[:, None]
        more = own * (row["multiply"] - 1) + share * (row["add"] * horizon.months)
        changed.loc[own.index] += more * fraction
    return changed


def unmet_gbp(instance: Instance, horizon: Horizon, index: pd.MultiIndex, live: pd.DataFrame) -> pd.DataFrame:
    """Cost of a person of each (locality, hospital, pathway) who goes without, by period; 0 where nobody may."""
    prices = instance.table("pathways").set_index("pathway")["unmet_gbp"].replace(np.inf, 0.0)
    each = index.get_level_values("pathway").map(prices).to_numpy(float)
    base = pd.DataFrame(dict.fromkeys(horizon.periods, each), index=index)
    base.columns.name = "period"
    return _multiplied_and_added(instance, horizon, base, live, "pathways.unmet_gbp")


def beds_max(instance: Instance, horizon: Horizon, most: pd.Series, live: pd.DataFrame) -> pd.DataFrame:
    """Beds that fit into each site, by period; `most` is without schemes, by site."""
    base = pd.DataFrame({period: most.astype(float) for period in horizon.periods})
    base.columns.name = "period"
    return _multiplied_and_added(instance, horizon, base, live, "sites.beds_max").clip(lower=0.0)


def _multiplied_and_added(
    instance: Instance, horizon: Horizon, base: pd.DataFrame, live: pd.DataFrame, effect: str
) -> pd.DataFrame:
    """The number with all effects on it: factors multiply, then what they add is added."""
    factor, added = base * 0 + 1.0, base * 0
    for row, where, fraction in in_force(instance, horizon, live, effect):
        rows = base.index.to_frame(index=False)
        inside = _chosen(instance, rows, row, where).to_numpy()[:, None] * fraction
        factor *= 1 + inside * (row["multiply"] - 1)
        added += inside * row["add"]
    return base * factor + added


def in_force(
    instance: Instance, horizon: Horizon, live: pd.DataFrame, effect: str
) -> Iterator[tuple[pd.Series, str, np.ndarray]]:
    """Effects of one kind, where (a locality, or "" for everywhere), and how far they have come in each period."""
    schemes = instance.table("schemes").set_index("scheme")
    effects = instance.table("scheme_effects")
    for _, row in effects[effects["effect"] == effect].iterrows():
        own = live[live["scheme"] == row["scheme"]]
        for where, rows in own.groupby("locality"):
            is_live = rows.set_index("period")["is_live"].reindex(list(horizon.periods)).fillna(0.0) > 0.5
            months = MONTHS[instance.settings.period]
            yield row, str(where), _come_so_far(schemes.loc[row["scheme"]], row, is_live.to_numpy(), months)


def _come_so_far(scheme: pd.Series, row: pd.Series, is_live: np.ndarray, months: float) -> np.ndarray:
    """The ramp of an effect over the periods, 0 to 1, of a scheme that is live in some."""
    until = np.inf if pd.isna(row["to_month"]) else row["to_month"]
    if scheme["is_live"]:
        return is_live * float(np.isinf(until))
    age = np.cumsum(is_live) - 1 - scheme["lag_periods"]
    holds = is_live & (age >= 0) & (age * months + 1e-9 >= row["from_month"]) & (age * months + 1e-9 < until)
    return np.asarray(holds * np.minimum((age + 1) / (scheme["ramp_periods"] + 1), 1.0))


def _chosen(instance: Instance, rows: pd.DataFrame, effect: pd.Series, where: str) -> pd.Series:
    """Which rows the filters of an effect leave, of a roll-out in one locality or everywhere."""
    described = _described(instance, rows)
    inside = pd.Series(True, index=rows.index)
    if where:
        inside &= described["locality"] == where
    for column in ("locality", "network", "hospital", "sub_region", "pathway", "site", "kind", "provider"):
        if column in described and pd.notna(effect[column]):
            inside &= _is_named(instance, described[column], column, str(effect[column]).split(";"))
    return inside


def _described(instance: Instance, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns that filters act on."""
    if "site" in rows:
        sites = instance.table("sites")[["site", "locality", "kind", "provider"]]
        rows = rows.merge(sites, on="site", how="left")
    networks = instance.table("localities").set_index("locality")["network"]
    described = rows.assign(network=rows["locality"].map(networks))
    if "hospital" in rows:
        regions: dict[str, Any] = instance.table("hospitals").set_index("hospital")["sub_region"].to_dict()
        described = described.assign(sub_region=rows["hospital"].map(regions))
    return described


def _is_named(instance: Instance, cells: pd.Series, column: str, wanted: list[str]) -> pd.Series:
    """Whether a cell is one of those wanted; a locality is also wanted where its network is."""
    if column != "locality":
        return cells.isin(wanted)
    places = instance.table("localities")
    own = set(wanted) & set(places["locality"])
    by_network = set(places.loc[places["network"].isin(set(wanted) - own), "locality"])
    return cells.isin(own | by_network | (set(places["locality"]) if "all" in wanted else set()))
