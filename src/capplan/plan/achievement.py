"""The `targets` table: what was asked, what today's capacity gives, and what the plan achieves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from capplan.formulation.target_rows import WEIGHTED_BY_SUCCESS, TargetRow
from capplan.plan.people import People
from capplan.results.cost_items import NOTIONAL
from capplan.scope import Scope

TOLERANCE = 1e-6
Series = np.ndarray
Tables = Mapping[str, pd.DataFrame]
NOT_KNOWN = float("nan")


class Achievement:
    """Measures targets in a solved model, imposed or not; what a scope adds up to is worked out once."""

    def __init__(self, m: Any, found: People, tables: Tables) -> None:
        self._m, self._found, self._tables = m, found, tables
        self._known: dict[tuple[str, Scope], tuple[Series, Series]] = {}

    def of(self, row: TargetRow) -> float:
        """What the plan achieves over the row's window: people, days or £ in all, or a ratio.

        Where nobody is referred there is no gap between members, as in the model.
        """
        periods = list(row.periods)
        if row.metric == "served_share_gap":
            shares = [self._share(*self._sums("served_share", member), periods) for member in row.members]
            known = [share for share in shares if not np.isnan(share)]
            return max(known) - min(known) if known else 0.0
        part, whole = self._sums(row.metric, row.scope)
        return self._share(part, whole, periods) if row.is_ratio else float(part[periods].sum())

    def short_by(self, row: TargetRow) -> float:
        """How much is missed: people, days or £; of ratios the numerator (people, days, bed days; shares of a gap)."""
        periods = list(row.periods)
        if not row.is_ratio or row.metric == "served_share_gap":
            missed = row.required - self.of(row)
        else:
            part, whole = self._sums(row.metric, row.scope)
            missed = float(np.dot(row.level, whole[periods]) - part[periods].sum())
        missed = missed if row.sense == "min" else -missed
        return 0.0 if missed < TOLERANCE * max(abs(row.required), 1.0) else missed

    @staticmethod
    def _share(part: Series, whole: Series, periods: list[int]) -> float:
        below = float(whole[periods].sum())
        return float(part[periods].sum()) / below if below > 0 else NOT_KNOWN

    def _sums(self, metric: str, scope: Scope) -> tuple[Series, Series]:
        """Numerator and denominator of a metric in a scope, by period."""
        key = metric, scope
        if key not in self._known:
            nothing = np.ones(len(self._m.PERIODS))
            if metric in ("delayed_days", "mean_wait_days"):
                self._known[key] = self._delayed_days(scope), self._referrals(scope)
            elif metric in ("occupancy", "bed_share"):
                self._known[key] = self._bed_days(metric, scope)
            elif metric == "spend":
                self._known[key] = self._spend(scope), nothing
            else:
                self._known[key] = self._starts(metric, scope), self._referrals(scope)
        return self._known[key]

    def _starts(self, metric: str, scope: Scope) -> Series:
        sums = np.zeros(len(self._m.PERIODS))
        weighted = metric in WEIGHTED_BY_SUCCESS
        success = self._success if weighted else {}
        for key, series in self._found.starts.items():
            package, site = self._m.data.stages[key[3]].package, key[4]
            if scope.has_people(*key[:3]) and scope.has_start(package, site):
                sums += series * (success[key] if weighted else 1.0)
        return sums

    @property
    def _success(self) -> dict[tuple[str, str, str, str, str], float]:
        demand = self._m.data.demand
        return {
            (demand.localities[i], demand.hospitals[h], stream.pathway, o.package, o.site): o.success
            for stream in self._m.data.streams
            for i, h in stream.members
            for o in stream.options
        }

    def _referrals(self, scope: Scope) -> Series:
        return self._sum_waiting(scope, "referrals")

    def _delayed_days(self, scope: Scope) -> Series:
        return self._sum_waiting(scope, "delayed_days")

    def _sum_waiting(self, scope: Scope, column: str) -> Series:
        table = self._tables["waiting"]
        rows = table[
            table["locality"].isin(scope.localities)
            & table["hospital"].isin(scope.hospitals)
            & table["pathway"].isin(scope.pathways)
        ]
        return self._by_period(rows, rows[column])

    def _by_period(self, rows: pd.DataFrame, amounts: pd.Series) -> Series:
        sums = amounts.groupby(rows["period"]).sum()
        return np.asarray(sums.reindex(list(self._m.data.horizon.periods)).fillna(0.0), dtype=float)

    def _bed_days(self, metric: str, scope: Scope) -> tuple[Series, Series]:
        table = self._tables["beds"]
        at_sites = table if scope.sites is None else table[table["site"].isin(scope.sites)]
        of_type = (
            at_sites if scope.bed_types is None else at_sites[at_sites["bed_type"].isin(scope.bed_types)]
        )
        days = self._m.days
        if metric == "occupancy":
            people = self._by_period(of_type, of_type["people_in_care"]) * days
            beds = self._open_beds(of_type) + self._by_period(of_type, of_type["spot_beds"])
            return people, beds * days
        return self._open_beds(of_type) * days, self._open_beds(at_sites) * days

    def _open_beds(self, rows: pd.DataFrame) -> Series:
        position = {period: t for t, period in enumerate(self._m.data.horizon.periods)}
        available = [
            self._m.data.units[s, b].available[position[period]]
            for s, b, period in zip(rows["site"], rows["bed_type"], rows["period"], strict=True)
        ]
        return self._by_period(rows, rows["beds_open"] * np.array(available, dtype=float))

    def _spend(self, scope: Scope) -> Series:
        table = self._tables["costs"]
        rows = table[~table["item"].isin(NOTIONAL)]
        if scope.providers is not None:
            rows = rows[rows["provider"].isin(scope.providers)]
        if scope.sites is not None:
            rows = rows[rows["site"].isin(scope.sites)]
        inside = np.array(
            [self._m.area[name or "all"] <= scope.localities for name in rows["locality"]], dtype=bool
        )
        return self._by_period(rows[inside], rows.loc[inside, "gbp"])


def targets_table(
    m: Any, now: Achievement, today: Mapping[tuple[str, str, str], float], duals: Mapping[Any, float]
) -> pd.DataFrame:
    """Every target in every scope and window.

    One row per (target, scope, window): metric, sense, unit, is_imposed, baseline, today_gives (with today's
    capacity), required, achieved [people, days or £ over the window; ratios as they are], shortfall [people, days,
    £; of ratios the people or bed days missed], is_met (empty where no value is agreed), marginal_gbp [£ for one
    unit more, with whole beds, posts and shifts kept as they are].
    """
    rows = []
    for row in m.data.targets:
        has_value = not np.isnan(row.required)
        shortfall = now.short_by(row) if has_value else NOT_KNOWN
        rows.append(
            {
                "target": row.target,
                "scope": row.scope_name,
                "window": row.window,
                "metric": row.metric,
                "sense": row.sense,
                "unit": row.unit,
                "is_imposed": row.is_imposed,
                "baseline": row.baseline,
                "today_gives": today.get(row.key, NOT_KNOWN),
                "required": row.required,
                "achieved": now.of(row),
                "shortfall": shortfall,
                "is_met": shortfall == 0 if has_value else None,
                "marginal_gbp": duals.get(row.key, NOT_KNOWN),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "target",
    "scope",
    "window",
    "metric",
    "sense",
    "unit",
    "is_imposed",
    "baseline",
    "today_gives",
    "required",
    "achieved",
    "shortfall",
    "is_met",
    "marginal_gbp",
]
