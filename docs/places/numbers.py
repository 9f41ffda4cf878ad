"""The numbers of a saved run that a page may show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from capplan.runs import Run

Found = dict[str, Any]
LEAST_MISS = 0.05
"""A shortfall below this is not told: it is rounding [people, days]."""


def run_numbers(run: Run) -> Found:
    """What every run shows: cost and bound [£], people, targets, budgets, schemes and wards."""
    tables = run.tables
    summary = tables["summary"].set_index("measure")["value"]
    return {
        "is_best_effort": bool(run.info["options"]["best_effort"]),
        "stopped": run.info["stopped"],
        "cost": round(run.info["objective"]),
        "bound": None if run.info["bound"] is None else round(run.info["bound"]),
        "gap": None if run.info["gap"] is None else round(run.info["gap"], 6),
        "paid": round(summary["cost_paid"]),
        "notional": round(summary["cost_notional"]),
        "items": _sums(tables["costs"], ["item"], "gbp", 0),
        "measures": {
            str(name): round(value, 1)
            for name, value in summary.items()
            if not str(name).startswith(("cost_", "objective"))
        },
        "targets": _targets(tables["targets"]),
        "windows": _windows(tables["targets"]),
        "missed": _missed(tables["targets"]),
        "served": _served(tables["waiting"], tables["waiting"]["pathway"]),
        "occupancy": _occupancy(tables["beds"]),
        "packages": _sums(tables["starts"], ["pathway", "package"], "people", 1),
        "funders": _funders(tables.get("budgets")),
        "schemes": _schemes(tables.get("schemes")),
        "wards": _wards(tables.get("acute")),
    }


def capacity_numbers(run: Run, months: Sequence[str]) -> Found:
    """What some runs show in more detail: beds, teams, crews, people by area, decisions, targets, prices."""
    areas = run.instance.localities.set_index("locality")["network"]
    waiting, last = run.tables["waiting"], run.tables["beds"]["period"].max()
    of_area = waiting["locality"].map(areas).fillna(waiting["locality"])
    return {
        "beds": _wide(run.tables["beds"], ["site", "bed_type"], "beds_open", months),
        "staff": _wide(run.tables["staff"], ["locality", "role"], "wte", months),
        "shifts": _wide(run.tables["shifts"], ["locality", "shift_type"], "shifts_on_duty", months),
        "areas": {
            str(pathway): _served(rows, of_area[rows.index]) for pathway, rows in waiting.groupby("pathway")
        },
        "decisions": _decisions(run.tables["decisions"]),
        "last_month": _last_month(run.tables["targets"], last),
        "prices": _prices(run.tables["targets"]),
    }


def _sums(table: pd.DataFrame, keys: list[str], value: str, digits: int) -> Mapping[str, float]:
    """Sums by key, the parts of a key joined by a blank."""
    sums = table.groupby(keys)[value].sum()
    names = [" ".join(key) if isinstance(key, tuple) else str(key) for key in sums.index]
    return {name: round(v, digits) if digits else round(v) for name, v in zip(names, sums, strict=True)}


def _occupancy(beds: pd.DataFrame) -> Mapping[str, float]:
    """How full the beds of each type are over the horizon, every period alike [0-1]."""
    in_use = beds.assign(people=beds["occupancy"] * beds["beds_open"])
    sums = in_use.groupby("bed_type")[["people", "beds_open"]].sum()
    shares = (sums["people"] / sums["beds_open"]).dropna()
    return {str(bed): round(float(share), 3) for bed, share in shares.items()}


def _targets(targets: pd.DataFrame) -> Mapping[str, Mapping[str, float | str | None]]:
    """Every target in its last window (of `for_each` the last member's too): required, achieved, today; metric."""
    last = targets.drop_duplicates("target", keep="last")
    columns = {"required": "required", "achieved": "achieved", "today": "today_gives"}
    return {
        str(row["target"]): {
            "metric": row["metric"],
            **{name: _number(row[column], 4) for name, column in columns.items()},
        }
        for row in last.to_dict("records")
    }


def _windows(targets: pd.DataFrame) -> Mapping[str, int]:
    """How many rows of imposed targets there are, and how many are met."""
    imposed = targets[targets["is_imposed"] & targets["required"].notna()]
    return {"imposed": len(imposed), "met": int((imposed["shortfall"] <= LEAST_MISS).sum())}


def _missed(targets: pd.DataFrame) -> list[Found]:
    """Imposed targets that are missed: in how many windows, and by how much in all (differences: the worst)."""
    missed = targets[targets["is_imposed"] & (targets["shortfall"] > LEAST_MISS)]
    found = []
    for name, rows in missed.groupby("target"):
        metric = rows["metric"].iloc[0]
        short = rows["shortfall"].max() if metric == "served_share_gap" else rows["shortfall"].sum()
        found.append({"target": name, "metric": metric, "windows": len(rows), "short": round(short, 3)})
    return found


def _served(waiting: pd.DataFrame, by: pd.Series) -> Mapping[str, Mapping[str, float]]:
    """Referrals and starts over the horizon [people]."""
    sums = waiting.groupby(by)[["referrals", "starts"]].sum()
    return {str(key): {k: round(v, 1) for k, v in row.items()} for key, row in sums.iterrows()}


def _funders(budgets: pd.DataFrame | None) -> Mapping[str, Mapping[str, float | None]]:
    """Each funder's year: budget, committed, plan, transferred, gap [£]."""
    if budgets is None or budgets.empty:
        return {}
    columns = [name for name in budgets.columns if name.endswith("_gbp")]
    return {
        f"{row['funder']} {row['year']}": {name: _number(row[name], 0) for name in columns}
        for row in budgets.to_dict("records")
    }


def _schemes(schemes: pd.DataFrame | None) -> Mapping[str, Mapping[str, Any]]:
    """Each roll-out that ever lives: its first live period, and what it costs over the horizon [£]."""
    if schemes is None or schemes.empty:
        return {}
    return {
        f"{scheme} {locality}".strip(): {
            "from": str(rows.loc[rows["is_live"].astype(float) > 0.5, "period"].min()),
            "gbp": round(rows["gbp"].sum()),
        }
        for (scheme, locality), rows in schemes.groupby(["scheme", "locality"], dropna=False)
        if (rows["is_live"].astype(float) > 0.5).any()
    }


def _wards(acute: pd.DataFrame | None) -> Mapping[str, Mapping[str, Any]]:
    """Each hospital or sub-region at the end: wards closed, beds freed; and what came back over the horizon [£]."""
    if acute is None or acute.empty:
        return {}
    return {
        str(name): {
            "wards_closed": round(float(rows["wards_closed"].iloc[-1]), 2),
            "beds_freed": round(float(rows["beds_freed"].iloc[-1]), 1),
            "gbp": round(float(rows["gbp"].sum())),
        }
        for name, rows in acute.sort_values("period").groupby("hospital")
    }


def _wide(
    table: pd.DataFrame, keys: list[str], value: str, months: Sequence[str]
) -> Mapping[str, Mapping[str, float]]:
    """A value by key and month, in the months shown, where it is ever above zero."""
    periods = table["period"].astype(str).str[:7]
    shown = table.assign(period=periods)[periods.isin(months)]
    wide = shown.pivot_table(index=keys, columns="period", values=value)
    return {
        " ".join(key): {t: round(v, 2) for t, v in row.items()} for key, row in wide.iterrows() if row.any()
    }


def _decisions(decisions: pd.DataFrame) -> list[Found]:
    columns = ["decide_by", "what", "from", "where", "change", "full_year_gbp"]
    rows = decisions[columns].astype({"decide_by": str, "from": str}).sort_values(columns[:4])
    return [dict(zip(columns, row, strict=True)) for row in rows.round(2).itertuples(index=False)]


def _last_month(targets: pd.DataFrame, period: Any) -> Mapping[str, list[float]]:
    """What the targets of single periods ask for and get in the last one [people in it, or a share]."""
    rows = targets[targets["window"].astype(str) == str(period)].drop_duplicates("target")
    return {str(r.target): [round(r.required, 3), round(r.achieved, 3)] for r in rows.itertuples()}


def _prices(targets: pd.DataFrame) -> Mapping[str, float]:
    """The dearest window of each imposed target [£ for one unit more]."""
    imposed = targets[targets["is_imposed"]].dropna(subset="marginal_gbp")
    return {str(name): round(gbp) for name, gbp in imposed.groupby("target")["marginal_gbp"].max().items()}


def _number(value: float, digits: int) -> float | None:
    if pd.isna(value):
        return None
    return round(float(value), digits) if digits else round(float(value))
