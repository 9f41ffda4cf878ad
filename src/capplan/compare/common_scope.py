"""What several plans share: the days that all of them plan, and the localities that all of them have."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from capplan.errors import UsageError
from capplan.geography import localities_of
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.solved import Solved


@dataclass(frozen=True)
class CommonScope:
    """Days from `first` to the day before `end`, and the localities that all plans have.

    `is_whole_time`, `is_whole_place`: no plan has more than that. All plans have a period that begins on `first` and
    one that ends before `end`, so that periods lie wholly inside or outside. `places` are the localities, and the
    networks (and `all`) that mean the same of them in every plan.
    """

    first: datetime.date
    end: datetime.date
    localities: frozenset[str]
    places: frozenset[str]
    is_whole_time: bool
    is_whole_place: bool

    @property
    def last(self) -> datetime.date:
        """The last day that counts."""
        return self.end - datetime.timedelta(days=1)

    def has(self, period: str) -> bool:
        """Whether a period (the ISO date of its first day) counts."""
        return self.first.isoformat() <= period < self.end.isoformat()

    def covers(self, place: str) -> bool:
        """Whether a locality, network or `all` counts; what stands nowhere belongs to the whole place."""
        return self.is_whole_place or place in self.places


def common_scope(plans: Mapping[str, Solved]) -> CommonScope:
    """What plans (by name) share; UsageError where they have no time, or no locality, in common."""
    horizons = {name: Horizon.of(plan.instance.settings) for name, plan in plans.items()}
    days = sorted(set[datetime.date].intersection(*(set(horizon.starts) for horizon in horizons.values())))
    if len(days) < 2:
        spans = (f"{name} {h.starts[0]} to {h.starts[-1]}" for name, h in horizons.items())
        raise UsageError(f"the runs have no period in common: {'; '.join(spans)}")
    places = {name: frozenset(plan.instance.table("localities")["locality"]) for name, plan in plans.items()}
    shared = frozenset.intersection(*places.values())
    if not shared:
        raise UsageError(f"the runs have no locality in common: {_listed(places)}")
    return CommonScope(
        days[0],
        days[-1],
        shared,
        shared | _same_groups([plan.instance for plan in plans.values()], shared),
        is_whole_time=all((h.starts[0], h.starts[-1]) == (days[0], days[-1]) for h in horizons.values()),
        is_whole_place=all(localities == shared for localities in places.values()),
    )


def _same_groups(instances: Sequence[Instance], shared: frozenset[str]) -> frozenset[str]:
    """Networks, and `all`, that stand for the same localities in every plan, all of them shared."""
    names = {"all", *(network for instance in instances for network in instance.networks)}
    areas = {name: {localities_of(instance, name) for instance in instances} for name in names}
    return frozenset(name for name, area in areas.items() if len(area) == 1 and next(iter(area)) <= shared)


def rows_in_scope(plan: Solved, scope: CommonScope) -> dict[str, pd.DataFrame]:
    """The result tables of a plan without the rows of other periods and places."""
    return {name: _in_scope(plan.instance, table, scope) for name, table in plan.tables.items()}


def _in_scope(instance: Instance, table: pd.DataFrame, scope: CommonScope) -> pd.DataFrame:
    if "period" in table.columns and not scope.is_whole_time:
        table = table[table["period"].map(scope.has).astype(bool)]
    if scope.is_whole_place:
        return table
    if "locality" in table.columns:
        return table[_inside(table["locality"], scope)]
    if "site" in table.columns:
        sites = instance.table("sites").set_index("site")["locality"]
        return table[_inside(table["site"].map(sites), scope)]
    return table.iloc[:0] if "hospital" in table.columns else table


def _inside(places: pd.Series, scope: CommonScope) -> pd.Series:
    return places.map({place: scope.covers(place) for place in places.unique()}).astype(bool)


def _listed(places: Mapping[str, Iterable[str]]) -> str:
    return "; ".join(f"{name} has {_few(sorted(localities))}" for name, localities in places.items())


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
