"""The `targets` table: what was asked, what today's capacity gives, and what the plan achieves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from capplan.formulation.model import Model
from capplan.parameters.targets import TargetRow
from capplan.plan.people import People, success_of_options
from capplan.results.cost_items import NOTIONAL
from capplan.results.metrics import METRICS, Metric, Per, Quantity
from capplan.results.tables import TARGETS
from capplan.scope import Scope

TOLERANCE = 1e-6
Series = np.ndarray
Tables = Mapping[str, pd.DataFrame]
NOT_KNOWN = float("nan")


class Achievement:
    """Measures targets in a solved model, imposed or not; what a scope adds up to is worked out once."""

    def __init__(self, m: Model, flows: People, tables: Tables) -> None:
        self._m, self._flows, self._tables = m, flows, tables
        self._known: dict[tuple[str, Scope], tuple[Series, Series]] = {}

    def of(self, row: TargetRow) -> float:
        """What the plan achieves over the row's window: people, days or £ in all, or a ratio.

        Where nobody is referred there is no gap between members, as in the model.
        """
        periods = list(row.periods)
        if METRICS[row.metric].quantity is Quantity.SHARE_GAP:
            shares = [
                self._share(*self._sums(METRICS["served_share"], member), periods) for member in row.members
            ]
            known = [share for share in shares if not np.isnan(share)]
            return max(known) - min(known) if known else 0.0
        part, whole = self._sums(METRICS[row.metric], row.scope)
        return self._share(part, whole, periods) if row.is_ratio else float(part[periods].sum())

    def short_by(self, row: TargetRow) -> float:
        """How much is missed: people, days or £; of ratios the numerator (people, days, bed days; shares of a gap)."""
        periods = list(row.periods)
        if METRICS[row.metric].per is None:
            missed = row.required - self.of(row)
        else:
            part, whole = self._sums(METRICS[row.metric], row.scope)
            missed = float(np.dot(row.level, whole[periods]) - part[periods].sum())
        missed = missed if row.sense == "min" else -missed
        return 0.0 if missed < TOLERANCE * max(abs(row.required), 1.0) else missed

    @staticmethod
    def _share(part: Series, whole: Series, periods: list[int]) -> float:
        below = float(whole[periods].sum())
        return float(part[periods].sum()) / below if below > 0 else NOT_KNOWN

    def _sums(self, metric: Metric, scope: Scope) -> tuple[Series, Series]:
        """Numerator and denominator of a metric in a scope, by period."""
        key = metric.name, scope
        if key not in self._known:
            self._known[key] = self._quantity(metric, scope), self._denominator(metric, scope)
        return self._known[key]

    def _quantity(self, metric: Metric, scope: Scope) -> Series:
        match metric.quantity:
            case Quantity.DAYS_WAITED:
                return self._sum_waiting(scope, "delayed_days")
            case Quantity.PERSON_DAYS:
                return np.asarray(self._by_period_of_beds(scope, "people_in_care") * self._m.days)
            case Quantity.BED_DAYS:
                return np.asarray(self._open_beds(self._units(scope)) * self._m.days)
            case Quantity.CASH:
                return self._spend(scope)
            case Quantity.STARTS | Quantity.SHARE_GAP:
                return self._starts(metric, scope)

    def _denominator(self, metric: Metric, scope: Scope) -> Series:
        match metric.per:
            case Per.REFERRALS:
                return self._sum_waiting(scope, "referrals")
            case Per.BED_DAYS:
                spot_beds = self._by_period_of_beds(scope, "spot_beds")
                return np.asarray((self._open_beds(self._units(scope)) + spot_beds) * self._m.days)
            case Per.BED_DAYS_OF_EVERY_TYPE:
                return np.asarray(self._open_beds(self._units(replace(scope, bed_types=None))) * self._m.days)
            case None:
                return np.ones(len(self._m.PERIODS))

    def _starts(self, metric: Metric, scope: Scope) -> Series:
        sums = np.zeros(len(self._m.PERIODS))
        success = success_of_options(self._m) if metric.is_by_success else {}
        for key, series in self._flows.starts.items():
            package, site = self._m.data.stages[key[3]].package, key[4]
            if scope.has_people(*key[:3]) and scope.has_start(package, site):
                sums += series * (success[key] if metric.is_by_success else 1.0)
        return sums

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

    def _units(self, scope: Scope) -> pd.DataFrame:
        """The rows of `beds` that a scope leaves."""
        table = self._tables["beds"]
        kept = np.ones(len(table), dtype=bool)
        for column, names in (("site", scope.sites), ("bed_type", scope.bed_types)):
            if names is not None:
                kept &= table[column].isin(names).to_numpy()
        return table[kept]

    def _by_period_of_beds(self, scope: Scope, column: str) -> Series:
        rows = self._units(scope)
        return self._by_period(rows, rows[column])

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
    m: Model, now: Achievement, today: Mapping[tuple[str, str, str], float], duals: Mapping[Any, float]
) -> pd.DataFrame:
    """The rows of `results.tables.TARGETS`, which states key, columns and units."""
    rows = []
    for row in m.data.targets:
        has_value = not np.isnan(row.required)
        shortfall = now.short_by(row) if has_value else NOT_KNOWN
        rows.append(
            (
                *row.key,
                row.metric,
                row.sense,
                row.unit,
                row.is_imposed,
                row.baseline,
                today.get(row.key, NOT_KNOWN),
                row.required,
                now.of(row),
                shortfall,
                shortfall == 0 if has_value else None,
                duals.get(row.key, NOT_KNOWN),
            )
        )
    return TARGETS.frame(rows)
