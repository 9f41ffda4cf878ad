"""The numbers of a saved run that the Wiltshire page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from capplan.runs import Run

Numbers = dict[str, Any]
YEARS = (
    "ict_year",
    "rsw_year",
    "discharge_core_year",
    "ch_extra_month",
    "ucah_year",
    "step_up_ch_year",
    "step_up_south_year",
    "end_of_life_year",
)
"""Targets whose achievement is the year's number of people on one line of the document."""
MONTHS = ("2017-04", "2017-05", "2017-07", "2017-08", "2017-10", "2017-11", "2018-01", "2018-03")
"""Months whose capacity is shown."""


def run_numbers(run: Run) -> Numbers:
    """What every run shows: cost and bound [£], people by line and pathway, imposed targets missed."""
    summary = run.tables["summary"].set_index("measure")["value"]
    targets = run.tables["targets"]
    achieved = targets.drop_duplicates("target", keep="last").set_index("target")["achieved"]
    return {
        "is_best_effort": bool(run.info["options"]["best_effort"]),
        "cost": round(run.info["objective"]),
        "bound": None if run.info["bound"] is None else round(run.info["bound"]),
        "paid": round(summary["cost_paid"]),
        "notional": round(summary["cost_notional"]),
        "items": _items(run.tables["costs"]),
        "year": {name: round(achieved[name], 1) for name in YEARS},
        "missed": _missed(targets),
    }


def capacity_numbers(run: Run) -> Numbers:
    """What the plan and today's capacity show in more detail: beds, teams, crews, people, decisions, targets."""
    areas = run.instance.localities.set_index("locality")["network"]
    waiting, last = run.tables["waiting"], run.tables["beds"]["period"].max()
    ict = waiting[waiting["pathway"] == "ict"]
    return {
        "beds": _wide(run.tables["beds"], ["site", "bed_type"], "beds_open"),
        "staff": _wide(run.tables["staff"], ["locality", "role"], "wte"),
        "shifts": _wide(run.tables["shifts"], ["locality", "shift_type"], "shifts_on_duty"),
        "packages": _people(run.tables["starts"], ["pathway", "package"]),
        "served": _served(waiting, waiting["pathway"]),
        "ict_by_area": _served(ict, ict["locality"].map(areas)),
        "decisions": _decisions(run.tables["decisions"]),
        "last_month": _last_month(run.tables["targets"], last),
        "prices": _prices(run.tables["targets"]),
    }


def _items(costs: pd.DataFrame) -> Mapping[str, int]:
    return {item: round(gbp) for item, gbp in costs.groupby("item")["gbp"].sum().items()}


def _missed(targets: pd.DataFrame) -> list[Numbers]:
    """Imposed targets that are missed: in how many windows, and by how many people (share: the worst window)."""
    missed = targets[targets["is_imposed"] & (targets["shortfall"] > 0.05)]
    found = []
    for name, rows in missed.groupby("target"):
        is_share = (rows["metric"] == "bed_share").any()
        short = rows["shortfall"].max() if is_share else rows["shortfall"].sum()
        found.append({"target": name, "windows": len(rows), "short": round(short, 3)})
    return found


def _wide(table: pd.DataFrame, keys: list[str], value: str) -> Mapping[str, Mapping[str, float]]:
    """A value by key and month, in the months shown, where it is ever above zero."""
    periods = table["period"].astype(str).str[:7]
    shown = table.assign(period=periods)[periods.isin(MONTHS)]
    wide = shown.pivot_table(index=keys, columns="period", values=value)
    return {
        " ".join(key): {t: round(v, 2) for t, v in row.items()} for key, row in wide.iterrows() if row.any()
    }


def _people(table: pd.DataFrame, keys: list[str]) -> Mapping[str, float]:
    return {" ".join(key): round(people, 1) for key, people in table.groupby(keys)["people"].sum().items()}


def _served(waiting: pd.DataFrame, by: pd.Series) -> Mapping[str, Mapping[str, float]]:
    """Referrals and starts of the year [people]."""
    sums = waiting.groupby(by)[["referrals", "starts"]].sum()
    return {str(key): {k: round(v, 1) for k, v in row.items()} for key, row in sums.iterrows()}


def _decisions(decisions: pd.DataFrame) -> list[Numbers]:
    columns = ["decide_by", "what", "from", "where", "change", "full_year_gbp"]
    rows = decisions[columns].astype({"decide_by": str, "from": str}).sort_values(columns[:4])
    return [dict(zip(columns, row, strict=True)) for row in rows.round(2).itertuples(index=False)]


def _last_month(targets: pd.DataFrame, period: Any) -> Mapping[str, list[float]]:
    """What the monthly targets ask for and get in the last month [people in it, or a share]."""
    rows = targets[targets["window"].astype(str) == str(period)].drop_duplicates("target")
    return {str(r.target): [round(r.required, 3), round(r.achieved, 3)] for r in rows.itertuples()}


def _prices(targets: pd.DataFrame) -> Mapping[str, float]:
    """The dearest window of each imposed target [£ for one person more]."""
    imposed = targets[targets["is_imposed"]]
    return {str(name): round(gbp) for name, gbp in imposed.groupby("target")["marginal_gbp"].max().items()}
