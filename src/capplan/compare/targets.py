"""Targets of every plan: how many are met, what each asks for, what is achieved, and by how much it is missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from capplan.compare.given import View
from capplan.compare.measures import EVERYWHERE, NOT_KNOWN, Values
from capplan.digest.target_units import PER, days_of, is_ratio, rate
from capplan.geography import localities_of
from capplan.instance import Instance
from capplan.results.metrics import METRICS

Units = Mapping[tuple[str, str], str]
Rows = Mapping[str, pd.DataFrame]
"""Rows of the `targets` table that count, by the name of the plan."""


COUNTED = ("targets_imposed", "targets_met")
"""Groups of one number for the whole plan."""
MEASURED = {
    "target_required": "the target's own",
    "target_achieved": "the target's own",
    "target_shortfall": "people, days, bed days or £",
    "target_is_met": "yes (1) or no (0)",
}
"""Groups with a number by target and scope, and what they are in."""


def comparable(views: Sequence[View]) -> Rows:
    """The rows whose windows are the same days in every plan that has them, within the days and places shared."""
    known = _in_place([view for view in views if view.has("targets")])
    ground = views[0].ground
    if ground.is_whole_time and len({view.given.solved.instance.settings.period for view in views}) == 1:
        return known
    spans = {view.given.name: _spans(view, known[view.given.name]) for view in views if view.has("targets")}
    first, end = ground.first.isoformat(), ground.end.isoformat()
    outside = {
        window
        for own in spans.values()
        for window, (begins, ends) in own.items()
        if begins < first
        or ends > end
        or any(window in o and o[window] != own[window] for o in spans.values())
    }
    return {name: rows[[key not in outside for key in _windows(rows)]] for name, rows in known.items()}


def counts(rows: pd.DataFrame) -> Mapping[str, Values]:
    """`targets_imposed`, `targets_met`: targets with a value, and those of them that are met in every window."""
    asked = rows[rows["is_imposed"].astype(bool) & rows["required"].notna()]
    met = asked["is_met"].astype(bool).groupby(asked["target"]).all()
    return {
        "targets_imposed": {("", EVERYWHERE): float(len(met))},
        "targets_met": {("", EVERYWHERE): float(met.sum())},
    }


def numbers(view: View, rows: pd.DataFrame) -> tuple[Mapping[str, Values], Units]:
    """Numbers of MEASURED by target and scope, and the units of what is required and achieved.

    What adds up is the mean over the windows in the target's own unit; of ratios the last window counts. Shortfalls
    are summed, in people, days or £. An imposed target is met (1) or missed (0) over all its windows.
    """
    found: dict[str, Values] = {name: {} for name in MEASURED}
    units: dict[tuple[str, str], str] = {}
    for (target, scope), own in rows.groupby(["target", "scope"], sort=False):
        last = own.iloc[-1].to_dict()
        key = str(target), str(scope)
        units[key] = _unit(last)
        found["target_required"][key] = _over_windows(view, own, last, "required")
        found["target_achieved"][key] = _over_windows(view, own, last, "achieved")
        missed = own["shortfall"].dropna()
        found["target_shortfall"][key] = float(missed.sum()) if len(missed) else NOT_KNOWN
        is_asked = last["is_imposed"] and len(missed)
        found["target_is_met"][key] = float(missed.sum() == 0) if is_asked else NOT_KNOWN
    return found, units


def shortfall_units(rows: pd.DataFrame) -> dict[tuple[str, str], str]:
    """What the shortfall of each target and scope is counted in."""
    metrics = rows.groupby(["target", "scope"])["metric"].first()
    return {
        (str(target), str(scope)): METRICS[metric].shortfall_unit
        for (target, scope), metric in metrics.items()
    }


def _over_windows(view: View, rows: pd.DataFrame, last: Mapping[str, Any], column: str) -> float:
    if is_ratio(last):
        return float(last[column])
    known = rows[rows[column].notna()]
    if known.empty:
        return NOT_KNOWN
    return rate(view.given.solved, last, float(known[column].sum()), tuple(known["window"]))


def _unit(row: Mapping[str, Any]) -> str:
    metric = METRICS[row["metric"]]
    if metric.is_ratio:
        return "share" if metric.is_share else "days"
    return f"{metric.unit} {PER[row['unit']]}"


def _in_place(views: Sequence[View]) -> dict[str, pd.DataFrame]:
    """Targets that count nobody and nothing outside the places shared, in any of the plans."""
    rows = {view.given.name: view.tables["targets"] for view in views}
    if not views or views[0].ground.is_whole_place:
        return rows
    outside = {key for view in views for key in _outside(view)}
    return {
        name: own[[key not in outside for key in zip(own["target"], own["scope"], strict=True)]]
        for name, own in rows.items()
    }


def _outside(view: View) -> Iterator[tuple[str, str]]:
    """Targets and scopes that reach beyond the localities shared."""
    instance, shared = view.given.solved.instance, view.ground.localities
    asked = instance.table("targets").set_index("target")
    rows = view.tables["targets"][["target", "scope"]].drop_duplicates()
    for target, scope in rows.itertuples(index=False, name=None):
        if scope not in shared and not _area(instance, asked.loc[target]) <= shared:
            yield target, scope


def _area(instance: Instance, target: pd.Series) -> frozenset[str]:
    return localities_of(instance, target["locality"]) & localities_of(instance, target["network"])


def _windows(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["target"], rows["window"], strict=True))


def _spans(view: View, rows: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    return {key: days_of(view.given.solved, *key) for key in dict.fromkeys(_windows(rows))}
