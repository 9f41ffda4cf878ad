"""What a reader of a comparison has to know: what was left out, what is not converted, what is not proved."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from capplan import wording
from capplan.compare.given import View
from capplan.horizon import Horizon

SHOWN = 6


def notes(views: Sequence[View]) -> Iterator[str]:
    """One sentence for each thing in which the plans are not alike."""
    yield from _time(views)
    yield from _places(views)
    yield from _prices(views)
    yield from _proofs(views)
    yield from _unknown(views)


def _time(views: Sequence[View]) -> Iterator[str]:
    ground = views[0].ground
    if ground.is_whole_time:
        return
    span = f"{_day(ground.first)} to {_day(ground.last)}"
    left_out = wording.listed(list(_beyond(views)), SHOWN, "; ")
    yield f"Compared from {span}, which all of them plan; left out: {left_out}."
    if any(view.given.solved.instance.settings.discount_rate_per_year for view in views):
        yield "Each plan's costs are discounted to its own beginning."


def _beyond(views: Sequence[View]) -> Iterator[str]:
    ground = views[0].ground
    for view in views:
        days = Horizon.of(view.given.solved.instance.settings).starts
        if days[0] < ground.first:
            yield f"{view.given.name} before that, from {_day(days[0])}"
        if days[-1] > ground.end:
            yield f"{view.given.name} after that, to {_day(days[-1] - datetime.timedelta(days=1))}"


def _day(day: datetime.date) -> str:
    return wording.date(day.isoformat())


def _places(views: Sequence[View]) -> Iterator[str]:
    ground = views[0].ground
    if ground.is_whole_place:
        return
    names = [_names(view)[key] for view in views[:1] for key in sorted(ground.localities)]
    yield f"Compared in {wording.listed(names, SHOWN)}, which all of them have."
    for view in views:
        others = [name for key, name in _names(view).items() if key not in ground.localities]
        left_out = [wording.listed(others, SHOWN)] if others else []
        gbp = _beyond_places(view)
        if round(gbp):
            left_out.append(f"{wording.money(gbp)} of costs that stand in no locality of them")
        if left_out:
            yield f"Left out of {view.given.name}: {'; '.join(left_out)}."


def _names(view: View) -> dict[str, str]:
    rows = view.given.solved.instance.table("localities")
    return dict(zip(rows["locality"], rows["name"].fillna(rows["locality"]), strict=True))


def _beyond_places(view: View) -> float:
    """Cash of the days shared that is booked on no single locality: schemes, wards, teams of several places."""
    costs = view.given.solved.tables["costs"]
    costs = costs[costs["period"].map(view.ground.has).astype(bool)]
    single = set(view.given.solved.instance.table("localities")["locality"])
    outside = [place not in single and not view.ground.covers(place) for place in costs["locality"]]
    return float(costs.loc[outside, "gbp"].sum())


def _prices(views: Sequence[View]) -> Iterator[str]:
    years = {view.given.name: view.given.solved.instance.settings.price_year for view in views}
    if len(set(years.values())) > 1:
        told = [f"{name} {year or 'of no year that is named'}" for name, year in years.items()]
        yield f"Prices are of different years and not converted: {wording.listed(told, SHOWN, '; ')}."


def _proofs(views: Sequence[View]) -> Iterator[str]:
    """How much cheaper each plan could still be, which is what a difference in cost is held against."""
    plans = {view.given.name: view.given.solved for view in views}
    proved = {
        name: max(plan.objective - plan.bound, 0.0) for name, plan in plans.items() if plan.bound is not None
    }
    if any(round(gbp) for gbp in proved.values()):
        told = [f"{name} {wording.money(gbp)}" for name, gbp in proved.items()]
        yield f"A plan could be cheaper by no more than: {wording.listed(told, SHOWN, '; ')}."
    elif len(proved) == len(plans):
        yield "Proved: no plan is cheaper than any of these."
    best = [name for name, plan in plans.items() if plan.is_best_effort]
    if best:
        yield f"Best effort, targets missed as little as can be, whatever it costs: {wording.listed(best, SHOWN)}."
    unknown = [name for name, plan in plans.items() if plan.bound is None]
    if unknown:
        yield f"How much cheaper a plan could be is not proved: {wording.listed(unknown, SHOWN)}."


def _unknown(views: Sequence[View]) -> Iterator[str]:
    every = {table for view in views for table in view.given.solved.tables}
    for view in views:
        missing = sorted(every - set(view.given.solved.tables))
        if missing:
            yield f"{view.given.name} has no table {wording.listed(missing, SHOWN)}: what it says is not known there."
