"""Beds and sites: the tables `beds` and `sites` against the instance and people in care; which beds became which."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.verify.differences import above, below, not_multiple, not_zero, unequal
from capplan.verify.evidence import Evidence
from capplan.verify.people.care import in_beds
from capplan.verify.schemes.effects import beds_max

KEYS = ["site", "bed_type"]
ARC = ["site", "from_bed_type", "to_bed_type"]


def bed_capacity(evidence: Evidence) -> Iterator[Problem]:
    """People in beds fill at most the agreed share of the beds that are open or bought for one person."""
    days = in_beds(evidence)
    types = days.index.get_level_values("bed_type")
    share = evidence.instance.table("bed_types").set_index("bed_type")["occupancy_max"].reindex(types)
    most = bed_days(evidence).reindex(days.index, fill_value=0.0).mul(share.to_numpy(), axis=0)
    yield from above("beds", "bed_capacity", "person-days", days, most, scale=days.sum(axis=1))


def bed_days(evidence: Evidence) -> pd.DataFrame:
    """Bed days to be had, of open and of spot beds: rows (site, bed_type), columns periods."""
    spot = evidence.wide("beds", "spot_beds", *KEYS)
    return (beds_available(evidence) + spot) * evidence.horizon.days


def beds_available(evidence: Evidence) -> pd.DataFrame:
    """Beds open, times the share of the period in which the unit can be had."""
    is_open = evidence.wide("beds", "beds_open", *KEYS)
    return is_open * evidence.share_available(_units(evidence).reindex(is_open.index))


def occupancy(evidence: Evidence) -> Iterator[Problem]:
    """Occupancy is people in beds over beds open and spot beds."""
    table = evidence.tables["beds"].set_index([*KEYS, "period"])
    beds = (bed_days(evidence) / evidence.horizon.days).stack().reindex(table.index)
    some = beds > 0
    expected = (table["people_in_care"] / beds)[some]
    yield from unequal("beds", "occupancy", "occupancy", table["occupancy"][some], expected)


def bed_balance(evidence: Evidence) -> Iterator[Problem]:
    """Beds open are those before, plus opened, less closed, plus converted."""
    beds, opened, closed, converted = (
        evidence.wide("beds", column, *KEYS)
        for column in ("beds_open", "beds_opened", "beds_closed", "beds_converted")
    )
    before = evidence.before(beds, _units(evidence)["beds"])
    yield from unequal("beds", "bed_balance", "beds_open", beds, before + opened - closed + converted, before)
    for column, changes in {
        "beds_opened": opened,
        "beds_closed": closed,
        "beds_converted": converted,
    }.items():
        yield from not_zero("beds", "decision_points", column, changes, ~evidence.is_decision[None, :])


def bed_bounds(evidence: Evidence) -> Iterator[Problem]:
    """Beds open come in steps, between beds_min and beds_max, none or unit_beds_min, where they can be had."""
    beds = evidence.wide("beds", "beds_open", *KEYS)
    units = _units(evidence).reindex(beds.index)
    may_be_open = evidence.may_be_open(units)
    yield from not_zero("beds", "bed_availability", "beds_open", beds, ~may_be_open)
    yield from not_multiple(
        "beds", "beds_step", "beds_open", beds, units["beds_step"].fillna(1.0).to_numpy()[:, None]
    )
    for column, compare in (("beds_min", below), ("beds_max", above)):
        bound = units[column].fillna(0.0).to_numpy()[:, None] * may_be_open
        frame = pd.DataFrame(bound, beds.index, beds.columns)
        yield from compare("beds", column, "beds_open", beds, frame)
    smallest = units["unit_beds_min"].fillna(0.0).to_numpy()[:, None] * (beds > 0)
    yield from below("beds", "unit_size_minimum", "beds_open", beds, smallest)


def no_bed_negative(evidence: Evidence) -> Iterator[Problem]:
    """Opened, closed and spot beds are not negative; spot beds are bought only where they have a price."""
    for column in ("beds_opened", "beds_closed", "spot_beds"):
        beds = evidence.wide("beds", column, *KEYS)
        yield from not_zero("beds", "no_bed_negative", column, beds, beds.to_numpy() < 0)
    spot = evidence.wide("beds", "spot_beds", *KEYS)
    prices = _units(evidence)[[f"spot_bed_{unit}_gbp" for unit in ("day", "month", "year")]]
    no_price = prices.reindex(spot.index).isna().all(axis=1).to_numpy()
    yield from not_zero("beds", "spot_beds_have_price", "spot_beds", spot, no_price[:, None])


def lead_and_notice(evidence: Evidence) -> Iterator[Problem]:
    """No bed opens before lead_periods or closes before notice_periods from the start, unless its contract ends."""
    periods = np.arange(len(evidence.horizon))
    for column, lag in (("beds_opened", "lead_periods"), ("beds_closed", "notice_periods")):
        changes = evidence.wide("beds", column, *KEYS)
        units = _units(evidence).reindex(changes.index)
        too_soon = (periods < units[lag].fillna(0.0).to_numpy()[:, None]) & evidence.may_be_open(units)
        yield from not_zero("beds", lag, column, changes, too_soon)


def conversions_allowed(evidence: Evidence) -> Iterator[Problem]:
    """Beds converted at a site sum to 0, and each unit gains and loses no more than `conversions` allows."""
    net = evidence.wide("beds", "beds_converted", *KEYS)
    total = net.groupby(level="site").sum()
    yield from unequal("beds", "conversions_balance", "beds_converted of all types", total, total * 0)
    rows = evidence.instance.table("conversions")
    rows = rows.assign(most=rows["beds_per_change_max"].fillna(np.inf))
    for end, sign, what in (("to_bed_type", 1.0, "gained"), ("from_bed_type", -1.0, "lost")):
        allowed = rows.rename(columns={end: "bed_type"}).groupby(KEYS)["most"].sum()
        limit = pd.DataFrame({period: allowed.reindex(net.index, fill_value=0.0) for period in net.columns})
        yield from above("beds", "conversions_allowed", f"beds {what}", net * sign, limit)
    before = evidence.before(evidence.wide("beds", "beds_open", *KEYS), _units(evidence)["beds"])
    yield from above("beds", "conversion_capacity", "beds converted away", -net, before.reindex(net.index))


def site_capacity(evidence: Evidence) -> Iterator[Problem]:
    """Beds of all types, spot beds included, fit into the building while it is open."""
    open_beds = evidence.wide("beds", "beds_open", *KEYS) + evidence.wide("beds", "spot_beds", *KEYS)
    beds = open_beds.groupby(level="site").sum()
    units = evidence.instance.table("site_beds").groupby("site")["beds_max"].sum()
    most = evidence.instance.table("sites").set_index("site")["beds_max"].fillna(units).fillna(0.0)
    most = beds_max(evidence.instance, evidence.horizon, most.reindex(beds.index), evidence.tables["schemes"])
    is_open = evidence.wide("sites", "is_open", "site").reindex(beds.index, fill_value=0.0)
    # Spot beds alone do not open a site that costs nothing to open.
    is_open.loc[_is_free(evidence).reindex(beds.index).to_numpy(bool)] = 1.0
    yield from above("beds", "site_capacity", "beds", beds, is_open * most)


def sites_open(evidence: Evidence) -> Iterator[Problem]:
    """A site is open or not, changes at decision points only, and opens or closes only where it may."""
    is_open = evidence.wide("sites", "is_open", "site")
    sites = evidence.instance.table("sites").set_index("site").reindex(is_open.index)
    yield from not_multiple("sites", "is_open_whole", "is_open", is_open, 1.0)
    yield from above("sites", "is_open_whole", "is_open", is_open, is_open * 0 + 1)
    change = is_open - evidence.before(is_open, sites["is_open"].astype(float))
    yield from not_zero("sites", "decision_points", "change", change, ~evidence.is_decision[None, :])
    for column, sign in (("can_open", 1.0), ("can_close", -1.0)):
        forbidden = ~sites[column].to_numpy(bool)[:, None]
        yield from not_zero("sites", column, "change", (change * sign).clip(lower=0.0), forbidden)


def _is_free(evidence: Evidence) -> pd.Series:
    """Whether a site opens and closes at no cost and without conditions."""
    sites = evidence.instance.table("sites").set_index("site")
    return (sites["open_gbp_per_month"] == 0) & sites["can_open"] & sites["can_close"]


def _units(evidence: Evidence) -> pd.DataFrame:
    return evidence.instance.table("site_beds").set_index(KEYS)


def least_conversions(evidence: Evidence) -> pd.DataFrame:
    """Beds converted: rows (site, from_bed_type, to_bed_type), columns periods.

    The cheapest conversions that `conversions` allows and that give the net numbers of the table `beds`; nothing
    where none do (`conversions_allowed` says so).
    """
    rows = evidence.instance.table("conversions").set_index(ARC)
    net = evidence.wide("beds", "beds_converted", "site", "bed_type")
    flows = pd.DataFrame(0.0, index=rows.index, columns=net.columns)
    for site, arcs in rows.groupby(level="site"):
        at_site = net[net.index.get_level_values("site") == site].droplevel("site")
        for period in at_site.columns[(at_site != 0).any()]:
            flows.loc[arcs.index, period] = _cheapest(arcs, at_site[period], evidence)
    return flows


def sites_that_tell(evidence: Evidence) -> pd.Index:
    """Sites where the net numbers leave no choice: no way from a bed type back to it, whichever direction it takes."""
    rows = evidence.instance.table("conversions")
    return pd.Index([site for site, arcs in rows.groupby("site") if _is_forest(arcs)])


def _is_forest(arcs: pd.DataFrame) -> bool:
    from scipy.sparse.csgraph import connected_components

    ends = arcs[["from_bed_type", "to_bed_type"]]
    names = {name: n for n, name in enumerate(np.unique(ends.to_numpy(str)))}
    links = np.zeros((len(names), len(names)))
    for one, other in ends.itertuples(index=False):
        links[names[one], names[other]] += 1
    groups, _ = connected_components(links, directed=False)
    return bool(groups == len(names) - len(arcs))


def _cheapest(arcs: pd.DataFrame, net: pd.Series, evidence: Evidence) -> np.ndarray:
    from scipy.optimize import linprog

    gained = [arcs.index.get_level_values("to_bed_type") == bed_type for bed_type in net.index]
    lost = [arcs.index.get_level_values("from_bed_type") == bed_type for bed_type in net.index]
    balance = np.array(gained, dtype=float) - np.array(lost, dtype=float)
    price = arcs["convert_gbp_per_bed"].to_numpy() + evidence.instance.settings.change_gbp
    most = [(0.0, None if np.isnan(most) else most) for most in arcs["beds_per_change_max"]]
    result = linprog(price, A_eq=balance, b_eq=net.to_numpy(), bounds=most)
    return np.asarray(result.x) if result.success else np.zeros(len(arcs))
