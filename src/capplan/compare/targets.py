"""Targets of every plan: how many are met, what each asks for, what is achieved, and by how much it is missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from capplan.compare.measures import EVERYWHERE, NOT_KNOWN, Values
from capplan.compare.runs_compared import View
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
    in_common = _in_place([view for view in views if view.has("targets")])
    scope = views[0].common_scope
    if scope.is_whole_time and len({view.run.solved.instance.settings.period for view in views}) == 1:
        return in_common
    spans = {view.run.name: _spans(view, in_common[view.run.name]) for view in views if view.has("targets")}
    first, end = scope.first.isoformat(), scope.end.isoformat()
    outside = {
        window
        for spans_of_run in spans.values()
        for window, (begins, ends) in spans_of_run.items()
        if begins < first
        or ends > end
        or any(window in other and other[window] != spans_of_run[window] for other in spans.values())
    }
    return {name: rows[[key not in outside for key in _windows(rows)]] for name, rows in in_common.items()}


def counts(rows: pd.DataFrame) -> Mapping[str, Values]:
    """`targets_imposed`, `targets_met`: targets with a value, and those of them that are met in every window."""
    with_value = rows[rows["is_imposed"].astype(bool) & rows["required"].notna()]
    met = with_value["is_met"].astype(bool).groupby(with_value["target"]).all()
    return {
        "targets_imposed": {("", EVERYWHERE): float(len(met))},
        "targets_met": {("", EVERYWHERE): float(met.sum())},
    }


def numbers(view: View, rows: pd.DataFrame) -> tuple[Mapping[str, Values], Units]:
    """Numbers of MEASURED by target and scope, and the units of what is required and achieved.

    What adds up is the mean over the windows in the target's own unit; of ratios the last window counts. Shortfalls
    are summed, in people, days or £. An imposed target is met (1) or missed (0) over all its windows.
    """
    by_group: dict[str, Values] = {name: {} for name in MEASURED}
    units: dict[tuple[str, str], str] = {}
    for (target, scope), windows in rows.groupby(["target", "scope"], sort=False):
        last = windows.iloc[-1].to_dict()
        key = str(target), str(scope)
        units[key] = _unit(last)
        by_group["target_required"][key] = _over_windows(view, windows, last, "required")
        by_group["target_achieved"][key] = _over_windows(view, windows, last, "achieved")
        missed = windows["shortfall"].dropna()
        by_group["target_shortfall"][key] = float(missed.sum()) if len(missed) else NOT_KNOWN
        is_asked = last["is_imposed"] and len(missed)
        by_group["target_is_met"][key] = float(missed.sum() == 0) if is_asked else NOT_KNOWN
    return by_group, units


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
    with_number = rows[rows[column].notna()]
    if with_number.empty:
        return NOT_KNOWN
    return rate(view.run.solved, last, float(with_number[column].sum()), tuple(with_number["window"]))


def _unit(row: Mapping[str, Any]) -> str:
    metric = METRICS[row["metric"]]
    if metric.is_ratio:
        return "share" if metric.is_share else "days"
    return f"{metric.unit} {PER[row['unit']]}"


def _in_place(views: Sequence[View]) -> dict[str, pd.DataFrame]:
    """Targets that count nobody and nothing outside the places shared, in any of the plans."""
    rows = {view.run.name: view.tables["targets"] for view in views}
    if not views or views[0].common_scope.is_whole_place:
        return rows
    outside = {key for view in views for key in _outside(view)}
    return {
        name: of_run[[key not in outside for key in zip(of_run["target"], of_run["scope"], strict=True)]]
        for name, of_run in rows.items()
    }


def _outside(view: View) -> Iterator[tuple[str, str]]:
    """Targets and scopes that reach beyond the localities shared."""
    instance, shared = view.run.solved.instance, view.common_scope.localities
    targets = instance.table("targets").set_index("target")
    rows = view.tables["targets"][["target", "scope"]].drop_duplicates()
    for target, scope in rows.itertuples(index=False, name=None):
        if scope not in shared and not _area(instance, targets.loc[target]) <= shared:
            yield target, scope


def _area(instance: Instance, target: pd.Series) -> frozenset[str]:
    return localities_of(instance, target["locality"]) & localities_of(instance, target["network"])


def _windows(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["target"], rows["window"], strict=True))


def _spans(view: View, rows: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    return {key: days_of(view.run.solved, *key) for key in dict.fromkeys(_windows(rows))}
