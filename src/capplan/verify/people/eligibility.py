"""Which package a person of a pathway may start, where, and what is known of each start in the table `starts`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.instance import Instance
from capplan.verify.evidence import Evidence, once

EARTH_RADIUS_KM = 6371.0
OPTION = ["locality", "hospital", "pathway", "package", "site"]


@once
def used_options(evidence: Evidence) -> pd.DataFrame:
    """Every (locality, hospital, pathway, package, site) that occurs in `starts`, with what the instance says of it.

    Columns: OPTION; success, share_max, failure_gbp, failure_acute_bed_days, success_gbp of the eligibility row that
    holds (empty where none does), minutes of the journey (0 at home, empty where unknown), and the columns that
    filters act on.
    """
    used = evidence.tables["starts"][OPTION].drop_duplicates().reset_index(drop=True)
    with_minutes = used.assign(minutes=_minutes(evidence.instance, used))
    return described(evidence.instance, with_minutes.join(_eligibility(evidence.instance, used)))


def possible_options(evidence: Evidence) -> pd.DataFrame:
    """Every option that is open to people of pathways in which some package has a share_max below 1.

    Columns: OPTION, `row` of `eligibility` (as in the file) and its share_max.
    """
    rows = evidence.instance.table("eligibility")
    limited = rows.loc[rows["share_max"] < 1, "pathway"]
    every = open_options(evidence)
    return every[every["pathway"].isin(limited)]


@once
def open_options(evidence: Evidence) -> pd.DataFrame:
    """Every option that is open to anybody who is referred or waits: OPTION, `row` of `eligibility`, its share_max."""
    instance = evidence.instance
    limited = instance.table("eligibility")
    streams = evidence.referrals.index.union(evidence.waiting_at_opening.index).to_frame(index=False)
    pairs = limited[["pathway", "package"]].drop_duplicates()
    every = streams.merge(pairs, on="pathway").merge(_places(instance), on="package")
    every = every[OPTION].assign(minutes=_minutes(instance, every)).join(_eligibility(instance, every))
    longest = every["pathway"].map(longest_journey(instance)).astype(float)
    is_reachable = (every["minutes"] <= longest) | np.isinf(longest)
    allowed = every.loc[is_reachable & every["row"].notna(), [*OPTION, "row", "share_max"]]
    return allowed.astype({"row": int})


def _places(instance: Instance) -> pd.DataFrame:
    """Where each package can be given: `package`, `site` (empty at home)."""
    packages, units = instance.table("packages"), instance.table("site_beds")[["site", "bed_type"]]
    in_beds = packages[packages["setting"] == "bed"].merge(units, on="bed_type")
    return pd.concat([in_beds, packages[packages["setting"] == "home"].assign(site="")])[["package", "site"]]


def matches(instance: Instance, rows: pd.DataFrame, column: str, names: object) -> pd.Series:
    """Which rows a filter (`a;b`, empty: all) leaves; a locality filter may name networks."""
    if not isinstance(names, str) or not names:
        return pd.Series(True, index=rows.index, dtype=bool)
    wanted = set(names.split(";"))
    if column == "locality":
        localities = instance.table("localities")
        networks = wanted - set(localities["locality"])
        wanted |= set(localities.loc[localities["network"].isin(networks), "locality"])
    return rows[column].isin(wanted)


def journeys(instance: Instance) -> pd.DataFrame:
    """Minutes from every locality (rows) to every site (columns); empty where nothing says how far it is."""
    localities = instance.table("localities").set_index("locality")
    sites = instance.table("sites").set_index("site")
    home = sites["locality"].map(localities["latitude"]), sites["locality"].map(localities["longitude"])
    site_at = sites["latitude"].fillna(home[0]), sites["longitude"].fillna(home[1])
    from_at = localities["latitude"], localities["longitude"]
    settings = instance.settings
    minutes = _km(from_at, site_at) * settings.detour_factor / settings.speed_kmh * 60
    own = localities.index.to_numpy()[:, None] == sites["locality"].to_numpy()[None, :]
    frame = pd.DataFrame(minutes, index=localities.index, columns=sites.index)
    frame = frame.mask(own & frame.isna(), 0.0)
    for row in instance.table("travel").itertuples(index=False):
        frame.loc[row.locality, row.site] = row.minutes
    return frame


def longest_journey(instance: Instance) -> pd.Series:
    """The longest journey allowed, by pathway; infinite where none is set."""
    by_pathway = instance.table("pathways").set_index("pathway")["travel_minutes_max"].fillna(np.inf)
    everywhere = instance.settings.travel_minutes_max
    return by_pathway.clip(upper=np.inf if everywhere is None else everywhere)


def _km(one: tuple[pd.Series, pd.Series], other: tuple[pd.Series, pd.Series]) -> np.ndarray:
    """Great-circle distances, by the haversine."""
    (lat1, lon1), (lat2, lon2) = ((np.radians(a.to_numpy(float)) for a in place) for place in (one, other))
    across = np.sin((lat1[:, None] - lat2[None, :]) / 2) ** 2
    along = np.sin((lon1[:, None] - lon2[None, :]) / 2) ** 2
    share = across + np.cos(lat1)[:, None] * np.cos(lat2)[None, :] * along
    km: np.ndarray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(share))
    return km


def _minutes(instance: Instance, used: pd.DataFrame) -> np.ndarray:
    table = journeys(instance).stack()
    journeys_used = pd.MultiIndex.from_frame(used[["locality", "site"]])
    minutes: np.ndarray = table.reindex(journeys_used).to_numpy(float)
    return np.where(used["site"] == "", 0.0, minutes)


def _eligibility(instance: Instance, used: pd.DataFrame) -> pd.DataFrame:
    """For each option the eligibility row that holds: of those that match, the one with most filters."""
    rows = instance.table("eligibility")
    columns = ["success", "share_max", "failure_gbp", "failure_acute_bed_days", "success_gbp", "row"]
    best = pd.Series(-1, index=used.index)
    chosen = pd.DataFrame(np.nan, index=used.index, columns=columns)
    filters = ["locality", "hospital", "site"]
    for number, row in rows.iterrows():
        match = (used["pathway"] == row["pathway"]) & (used["package"] == row["package"])
        for column in filters:
            match &= matches(instance, used, column, row[column])
        filters_of_row = int(row[filters].notna().sum())
        match &= best < filters_of_row
        best[match] = filters_of_row
        chosen.loc[match, columns] = [*row[columns[:-1]], number]
    return chosen


def described(instance: Instance, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns that filters act on, for those of locality, hospital, site, package they have."""
    sources = {
        ("locality", "localities"): ["network"],
        ("hospital", "hospitals"): ["sub_region"],
        ("site", "sites"): ["kind", "provider"],
        ("pathway", "pathways"): ["direction"],
        ("package", "packages"): ["setting", "bed_type"],
    }
    for (key, table), columns in sources.items():
        if key in rows.columns:
            described_by = instance.table(table).set_index(key)
            rows = rows.assign(
                **{column: rows[key].map(described_by[column]) for column in columns if column not in rows}
            )
    return rows
