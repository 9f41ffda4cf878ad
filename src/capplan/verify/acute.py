"""Acute wards: the bed days that the plan frees, the wards that close on them, and what they release."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.verify.differences import above, below, not_multiple, not_zero, unequal
from capplan.verify.evidence import Evidence, once
from capplan.verify.people.eligibility import OPTION, used_options
from capplan.verify.schemes.variants import success_of

KEY = "hospital"


def acute_rows(instance: Instance) -> pd.DataFrame:
    """The table `acute_beds` by hospital or sub-region."""
    return instance.table("acute_beds").set_index(KEY)


def bed_days_freed(evidence: Evidence) -> Iterator[Problem]:
    """Bed days freed are those of discharges and diversions beyond the baselines, less those of failures."""
    reported = evidence.wide("acute", "bed_days_freed", KEY)
    yield from unequal("acute", "bed_days_freed", "bed_days_freed", reported, *_freed(evidence))


def beds_freed(evidence: Evidence) -> Iterator[Problem]:
    """Beds freed are bed days freed over days."""
    reported = evidence.wide("acute", "beds_freed", KEY)
    expected = evidence.wide("acute", "bed_days_freed", KEY) / evidence.horizon.days
    yield from unequal("acute", "beds_freed", "beds_freed", reported, expected)


def wards_closed(evidence: Evidence) -> Iterator[Problem]:
    """Wards are whole, close at decision points, stay closed, and are at most as many as can close."""
    rows, closed = acute_rows(evidence.instance), evidence.wide("acute", "wards_closed", KEY)
    before = evidence.before(closed, pd.Series(dtype=float))
    yield from not_multiple("acute", "wards_whole", "wards_closed", closed, 1.0)
    changed = (closed - before).to_numpy() * ~evidence.is_decision
    yield from not_zero("acute", "decision_points", "wards_closed", closed, np.abs(changed) > 0)
    yield from below("acute", "ward_order_link", "wards_closed", closed, before)
    most = closed * 0.0
    most[:] = rows["wards_max"].reindex(closed.index).fillna(0.0).to_numpy()[:, None]
    yield from above("acute", "wards_max", "wards_closed", closed, most)


def ward_release(evidence: Evidence) -> Iterator[Problem]:
    """Closed wards are filled, at their occupancy, by the bed days freed until the next decision point."""
    rows, closed = acute_rows(evidence.instance), evidence.wide("acute", "wards_closed", KEY)
    freed, scale = _freed(evidence)
    beds = (rows["ward_beds"] * rows["occupancy"]).reindex(closed.index).fillna(0.0)
    filled = closed.mul(beds, axis=0) * evidence.horizon.days
    by_decision = [frame.T.groupby(evidence.horizon.epoch).sum().T for frame in (filled, freed, scale)]
    needed, had, terms = (frame.reindex(closed.index, fill_value=0.0) for frame in by_decision)
    some = needed > 0
    yield from above(
        "acute",
        "ward_release_link",
        "bed days of wards closed",
        needed[some].fillna(0.0),
        had[some].fillna(0.0),
        terms,
    )


def acute_gbp(evidence: Evidence) -> Iterator[Problem]:
    """What the table says is released is what the item acute of `costs` comes to."""
    costs = evidence.tables["costs"]
    costs = costs[costs["item"] == "acute"].rename(columns={"key": KEY})
    expected = evidence.spread(costs, "gbp", KEY).rename_axis(KEY)
    yield from unequal("acute", "acute_gbp", "gbp", evidence.wide("acute", "gbp", KEY), expected)


def released(evidence: Evidence) -> pd.DataFrame:
    """What closed wards release at the prices of the price year [£, positive]: rows hospitals, columns periods.

    Counted by the month: a ward that closes at the beginning of a period releases from double_running_months on.
    """
    rows, closed = acute_rows(evidence.instance), evidence.wide("acute", "wards_closed", KEY)
    closing = closed - evidence.before(closed, pd.Series(dtype=float))
    ends = np.cumsum(evidence.horizon.months)
    begins = ends - evidence.horizon.months
    gbp = closed * 0.0
    for hospital in closed.index.intersection(rows.index):
        row = rows.loc[hospital]
        for t, wards in enumerate(closing.loc[hospital]):
            single = begins[t] + row["double_running_months"]
            months = np.clip(ends - np.maximum(begins, single), 0.0, None)
            gbp.loc[hospital] += wards * row["gain_share"] * row["ward_month_gbp"] * months
    return gbp


@once
def _freed(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bed days freed, and the sum of the sizes of their terms: rows hospitals, columns periods."""
    rows, months = acute_rows(evidence.instance), evidence.horizon.months
    used = used_options(evidence)[[*OPTION, "direction", "success", "failure_acute_bed_days"]]
    starts = evidence.tables["starts"].merge(used, on=OPTION)
    starts["success"] = success_of(evidence, starts)
    freed, scale = {}, {}
    for name, row in rows.iterrows():
        own = starts[starts["hospital"].isin(_hospitals(evidence.instance, str(name)))]
        each = own["people"] * _freed_by_start(own, row)
        by_period = evidence.spread(own.assign(freed=each, size=each.abs(), where=name), "freed", "where")
        sizes = evidence.spread(own.assign(size=each.abs(), where=name), "size", "where")
        today = _today(row) * months
        freed[name] = by_period.sum().to_numpy() - today
        scale[name] = sizes.sum().to_numpy() + today
    columns = pd.Index(evidence.horizon.periods, name="period")
    frames = [pd.DataFrame.from_dict(d, orient="index", columns=columns, dtype=float) for d in (freed, scale)]
    return frames[0].rename_axis(KEY), frames[1].rename_axis(KEY)


def _today(row: pd.Series) -> float:
    """Bed days a month that the baselines free."""
    discharges = row["discharges_baseline_per_month"] * row["bed_days_per_discharge"]
    diversions = row["diversions_baseline_per_month"] * row["bed_days_per_diversion"]
    return float(np.nan_to_num(discharges) + np.nan_to_num(diversions))


def _freed_by_start(starts: pd.DataFrame, row: pd.Series) -> pd.Series:
    """Bed days that each start frees, by its direction; a direction without a baseline frees none."""
    is_down, is_up = starts["direction"] == "step_down", starts["direction"] == "step_up"
    counts = {
        column: not np.isnan(row[f"{column}s_baseline_per_month"]) for column in ("discharge", "diversion")
    }
    freed = is_down * counts["discharge"] * row["bed_days_per_discharge"]
    freed = freed + is_up * counts["diversion"] * row["bed_days_per_diversion"] * starts["success"]
    return freed - (is_down | is_up) * starts["failure_acute_bed_days"] * (1 - starts["success"])


def _hospitals(instance: Instance, name: str) -> set[str]:
    """The hospital of that name or, where there is none, those of the sub-region."""
    rows = instance.table("hospitals")
    return {name} if name in set(rows["hospital"]) else set(rows.loc[rows["sub_region"] == name, "hospital"])
