"""The `summary` table: what a planner wants to know first, beside what today's capacity gives."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from capplan.formulation.model import Model
from capplan.results.cost_items import NOTIONAL
from capplan.results.tables import SUMMARY

Tables = Mapping[str, pd.DataFrame]


def summary_table(m: Model, tables: Tables, today: Tables | None) -> pd.DataFrame:
    """The rows of `results.tables.SUMMARY`, which states key, columns and units."""
    rows = [
        *_costs(tables["costs"]),
        *_people(m, tables),
        *_unmet(m, tables, ""),
        *_capacity(m, tables),
        *_targets(tables["targets"]),
        *_gaps(tables["budgets"], "gap"),
        *([] if today is None else _do_nothing(m, tables, today)),
    ]
    return SUMMARY.frame(rows)


def _costs(costs: pd.DataFrame) -> list[tuple[str, float, str]]:
    notional = costs["item"].isin(NOTIONAL)
    rows = [
        ("objective", costs["gbp_discounted"].sum(), "£ discounted"),
        ("cost_paid", costs.loc[~notional, "gbp"].sum(), "£"),
        ("cost_notional", costs.loc[notional, "gbp"].sum(), "£"),
    ]
    return rows + [(f"cost_{item}", gbp, "£") for item, gbp in costs.groupby("item")["gbp"].sum().items()]


def _people(m: Model, tables: Tables) -> list[tuple[str, float, str]]:
    waiting = tables["waiting"]
    direction = waiting["pathway"].map({p: row["direction"] for p, row in m.data.pathways.items()})
    rows = []
    for name in sorted(direction.dropna().unique()):
        of = waiting[direction == name]
        rows += [
            (f"{name}_referrals", of["referrals"].sum(), "people"),
            (f"{name}_starts", of["starts"].sum(), "people"),
            (f"{name}_unmet", of["unmet"].sum(), "people"),
            (f"{name}_delayed_days", of["delayed_days"].sum(), "days"),
        ]
    last = waiting["period"] == m.data.horizon.periods[-1]
    return [*rows, ("waiting_at_end", waiting.loc[last, "waiting_at_end"].sum(), "people")]


def _unmet(m: Model, tables: Tables, prefix: str) -> list[tuple[str, float, str]]:
    """People who go without, by the year in which they do."""
    waiting, horizon = tables["waiting"], m.data.horizon
    years = waiting["period"].map(dict(zip(horizon.periods, horizon.years, strict=True)))
    unmet = waiting["unmet"].groupby(years).sum().reindex(list(horizon.share_of_year), fill_value=0.0)
    return [(f"{prefix}unmet_{year}", float(people), "people") for year, people in unmet.items()]


def _gaps(budgets: pd.DataFrame, gap: str) -> list[tuple[str, float, str]]:
    """committed + plan - budget, by funder and year."""
    known = budgets[budgets[f"{gap}_gbp"].notna()]
    rows = zip(known["funder"], known["year"], known[f"{gap}_gbp"], strict=True)
    return [(f"{gap}_{funder}_{year}", float(gbp), "£") for funder, year, gbp in rows]


def _do_nothing(m: Model, tables: Tables, today: Tables) -> list[tuple[str, float, str]]:
    costs = today["costs"]
    paid = float(costs.loc[~costs["item"].isin(NOTIONAL), "gbp"].sum())
    return [
        ("do_nothing_cost_paid", paid, "£"),
        *_unmet(m, today, "do_nothing_"),
        *_gaps(tables["budgets"], "do_nothing_gap"),
    ]


def _capacity(m: Model, tables: Tables) -> list[tuple[str, float, str]]:
    rows = []
    for table, key, column, unit in (
        ("beds", "bed_type", "beds_open", "beds"),
        ("staff", "role", "wte", "WTE"),
        ("shifts", "shift_type", "shifts_on_duty", "shifts"),
    ):
        frame = tables[table]
        if len(frame):
            last = frame[frame["period"] == frame["period"].max()]
            rows += [
                (f"{column}_at_end_{name}", amount, unit)
                for name, amount in last.groupby(key)[column].sum().items()
            ]
    rows.append(("spot_bed_days", _spot_bed_days(m, tables["beds"]), "bed days"))
    rows.append(("agency_hours", tables["staff"]["agency_hours"].sum(), "hours"))
    rows.append(("spot_care_hours", tables["shifts"]["spot_care_hours"].sum(), "hours"))
    return rows


def _spot_bed_days(m: Model, beds: pd.DataFrame) -> float:
    days = beds["period"].map(dict(zip(m.data.horizon.periods, m.days, strict=True)))
    return float((beds["spot_beds"] * days).sum())


def _targets(targets: pd.DataFrame) -> list[tuple[str, float, str]]:
    imposed = targets[targets["is_imposed"] & targets["required"].notna()]
    met = imposed["is_met"].astype(bool) if len(imposed) else pd.Series([], dtype=bool)
    return [("targets_imposed", float(len(imposed)), "rows"), ("targets_met", float(met.sum()), "rows")]
