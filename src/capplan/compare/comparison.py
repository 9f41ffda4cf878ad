"""Plans side by side: numbers, differences from a baseline, what separates them, and what a reader has to know."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from capplan import wording
from capplan.compare.common_scope import CommonScope, common_scope
from capplan.compare.differences import differences
from capplan.compare.drivers import COLUMNS, changed_cells
from capplan.compare.runs_compared import ComparedRun, View, in_order
from capplan.horizon import Horizon

SHOWN = 6


@dataclass(frozen=True)
class Comparison:
    """Plans compared on what they share; the first of `runs` is the baseline.

    `measures` is described in `differences`, `drivers` in `changed_cells`; `notes` say what was left out, what is not
    converted and what is not proved.
    """

    runs: tuple[ComparedRun, ...]
    common_scope: CommonScope
    measures: pd.DataFrame
    drivers: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def baseline(self) -> ComparedRun:
        """What the others are held against."""
        return self.runs[0]

    @property
    def others(self) -> tuple[ComparedRun, ...]:
        """Every plan but the baseline."""
        return self.runs[1:]


def compare(runs: Sequence[ComparedRun], baseline: str | None = None) -> Comparison:
    """Plans side by side against a baseline (left out: the first).

    Raises UsageError for fewer than two plans, names that are not unique, a baseline that is none of them, and plans
    that have no time or no locality in common.
    """
    ordered = in_order(runs, baseline)
    scope = common_scope({run.name: run.solved for run in ordered})
    views = [View(run, scope) for run in ordered]
    changed = [changed_cells(ordered[0], other) for other in ordered[1:]]
    drivers = pd.concat(changed, ignore_index=True) if changed else pd.DataFrame(columns=list(COLUMNS))
    return Comparison(ordered, scope, differences(views), drivers, tuple(_notes(views)))


def _notes(views: Sequence[View]) -> Iterator[str]:
    """One sentence for each thing in which the plans are not alike."""
    yield from _time(views)
    yield from _places(views)
    yield from _prices(views)
    yield from _proofs(views)
    yield from _unknown(views)


def _time(views: Sequence[View]) -> Iterator[str]:
    scope = views[0].common_scope
    if scope.is_whole_time:
        return
    span = f"{_day(scope.first)} to {_day(scope.last)}"
    left_out = wording.listed(list(_beyond(views)), SHOWN, "; ")
    yield f"Compared from {span}, which all of them plan; left out: {left_out}."
    if any(view.run.solved.instance.settings.discount_rate_per_year for view in views):
        yield "Each plan's costs are discounted to its own beginning."


def _beyond(views: Sequence[View]) -> Iterator[str]:
    scope = views[0].common_scope
    for view in views:
        days = Horizon.of(view.run.solved.instance.settings).starts
        if days[0] < scope.first:
            yield f"{view.run.name} before that, from {_day(days[0])}"
        if days[-1] > scope.end:
            yield f"{view.run.name} after that, to {_day(days[-1] - datetime.timedelta(days=1))}"


def _day(day: datetime.date) -> str:
    return wording.date(day.isoformat())


def _places(views: Sequence[View]) -> Iterator[str]:
    scope = views[0].common_scope
    if scope.is_whole_place:
        return
    names = [_names(view)[key] for view in views[:1] for key in sorted(scope.localities)]
    yield f"Compared in {wording.listed(names, SHOWN)}, which all of them have."
    for view in views:
        others = [name for key, name in _names(view).items() if key not in scope.localities]
        left_out = [wording.listed(others, SHOWN)] if others else []
        gbp = _beyond_places(view)
        if round(gbp):
            left_out.append(f"{wording.money(gbp)} of costs that stand in no locality of them")
        if left_out:
            yield f"Left out of {view.run.name}: {'; '.join(left_out)}."


def _names(view: View) -> dict[str, str]:
    rows = view.run.solved.instance.table("localities")
    return dict(zip(rows["locality"], rows["name"].fillna(rows["locality"]), strict=True))


def _beyond_places(view: View) -> float:
    """Cash of the days shared that is booked on no single locality: schemes, wards, teams of several places."""
    costs = view.run.solved.tables["costs"]
    costs = costs[costs["period"].map(view.common_scope.has).astype(bool)]
    single = set(view.run.solved.instance.table("localities")["locality"])
    outside = [place not in single and not view.common_scope.covers(place) for place in costs["locality"]]
    return float(costs.loc[outside, "gbp"].sum())


def _prices(views: Sequence[View]) -> Iterator[str]:
    years = {view.run.name: view.run.solved.instance.settings.price_year for view in views}
    if len(set(years.values())) > 1:
        years_named = [f"{name} {year or 'of no year that is named'}" for name, year in years.items()]
        yield f"Prices are of different years and not converted: {wording.listed(years_named, SHOWN, '; ')}."


def _proofs(views: Sequence[View]) -> Iterator[str]:
    """How much cheaper each plan could still be, which is what a difference in cost is held against."""
    plans = {view.run.name: view.run.solved for view in views}
    proved = {
        name: max(plan.objective - plan.bound, 0.0) for name, plan in plans.items() if plan.bound is not None
    }
    if any(round(gbp) for gbp in proved.values()):
        margins = [f"{name} {wording.money(gbp)}" for name, gbp in proved.items()]
        yield f"A plan could be cheaper by no more than: {wording.listed(margins, SHOWN, '; ')}."
    elif len(proved) == len(plans):
        yield "Proved: no plan is cheaper than any of these."
    best = [name for name, plan in plans.items() if plan.is_best_effort]
    if best:
        yield f"Best effort, targets missed as little as can be, whatever it costs: {wording.listed(best, SHOWN)}."
    unproved = [name for name, plan in plans.items() if plan.bound is None]
    if unproved:
        yield f"How much cheaper a plan could be is not proved: {wording.listed(unproved, SHOWN)}."


def _unknown(views: Sequence[View]) -> Iterator[str]:
    every = {table for view in views for table in view.run.solved.tables}
    for view in views:
        missing = sorted(every - set(view.run.solved.tables))
        if missing:
            yield f"{view.run.name} has no table {wording.listed(missing, SHOWN)}: what it says is not known there."
