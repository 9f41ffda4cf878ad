"""What the charts show: capacity, occupancy and waiting by period, and cost by funder and year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from capplan.funding import NOBODY
from capplan.horizon import Horizon
from capplan.parameters.units import beds_available
from capplan.report.workbook.columns import unique_names
from capplan.results.cost_items import NOTIONAL
from capplan.solved import Solved

SPOT_BEDS = "Spot beds"
NOBODY_NAMED = "Nobody is named"


@dataclass(frozen=True)
class Shown:
    """A chart: title, unit of its axis, kind of its numbers, its form, and a frame of one column per series.

    Forms: `stacked` (columns on top of each other) and `lines`. The index has periods as ISO dates, or years.
    """

    title: str
    unit: str
    kind: str
    form: str
    frame: pd.DataFrame


def capacity(plan: Solved) -> Iterator[Shown]:
    """Beds open by type with spot beds [beds], posts by role [WTE] and crews by shift type, by period."""
    names = unique_names(plan.instance)
    beds = _wide(plan, "beds", "bed_type", "beds_open").rename(columns=names["bed_types"])
    spot = _wide(plan, "beds", "bed_type", "spot_beds").sum(axis=1)
    if spot.any():
        beds[SPOT_BEDS] = spot
    wte = _wide(plan, "staff", "role", "wte").rename(columns=names["roles"])
    crews = _wide(plan, "shifts", "shift_type", "shifts_on_duty").rename(columns=names["shift_types"])
    yield Shown("Beds open by type", "beds", "whole", "stacked", beds)
    yield Shown("Staff in post by role", "WTE", "number", "stacked", wte)
    yield Shown("Crews on duty by shift", "crews", "whole", "stacked", crews)


def occupancy_and_waiting(plan: Solved) -> Iterator[Shown]:
    """Occupancy by bed type [0-1, of beds that can be had and spot beds] and who waits at the end of each period."""
    names = unique_names(plan.instance)
    beds = plan.tables["beds"]
    had = beds.assign(had=beds_available(plan.instance, beds) + beds["spot_beds"])
    sums = had.groupby(["period", "bed_type"])[["people_in_care", "had"]].sum()
    share = (sums["people_in_care"] / sums["had"].where(sums["had"] > 0)).unstack("bed_type")
    share = share.reindex(list(Horizon.of(plan.instance.settings).periods)).dropna(axis=1, how="all")
    yield Shown("Occupancy by bed type", "share", "share", "lines", share.rename(columns=names["bed_types"]))
    waiting = _wide(plan, "waiting", "pathway", "waiting_at_end").rename(columns=names["pathways"])
    yield Shown("People waiting at the end, by pathway", "people", "number", "stacked", waiting)


def cost_by_funder(plan: Solved) -> Shown:
    """What is paid by funder and financial year [£, cash]; what nobody pays (waiting, unmet) is not in it."""
    costs = plan.tables["costs"]
    paid = costs[(costs["funder"] != NOBODY) | ~costs["item"].isin(NOTIONAL)]
    horizon = Horizon.of(plan.instance.settings)
    year = paid["period"].map(dict(zip(horizon.periods, horizon.years, strict=True))).rename("year")
    sums = paid["gbp"].groupby([year, paid["funder"]]).sum().unstack("funder")
    sums = sums.reindex(list(horizon.share_of_year)).fillna(0.0)
    return Shown("Cost by funder", "£, cash", "money", "stacked", sums.rename(columns={NOBODY: NOBODY_NAMED}))


def _wide(plan: Solved, table: str, key: str, value: str) -> pd.DataFrame:
    """A column of a result table by period (rows) and key (columns), summed; nothing but zeros is left out."""
    sums = plan.tables[table].groupby(["period", key])[value].sum().unstack(key)
    sums = sums.reindex(list(Horizon.of(plan.instance.settings).periods)).astype(float).fillna(0.0)
    return sums.loc[:, (sums != 0).any()]
