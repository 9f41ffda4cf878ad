"""What several rules work out from an instance: computed once, and only when a rule asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from capplan.checks.workings import SETTINGS, NotedTables, Value, Workings, fact
from capplan.demand import Demand, demand
from capplan.funding import Funding
from capplan.geography import localities_of, travel_minutes
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.parameters.eligible_rows import NO_ROW, Axes, EligiblePackage, eligible_packages
from capplan.rollouts import Rollouts, rollouts
from capplan.schema.settings import Settings


@dataclass(frozen=True, repr=False, eq=False)
class Facts(Instance):
    """An instance together with what follows from it.

    What is read is noted (`workings`): of every fact, and of every rule that is asked, it is known which tables it
    rests on; the settings count as one.
    """

    workings: Workings = field(default_factory=Workings)

    __eq__, __hash__ = object.__eq__, object.__hash__  # comparing tables would note all of them as read

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "written", NotedTables(self.written, self.workings.reads))

    @classmethod
    def of(cls, instance: Instance, workings: Workings | None = None) -> Facts:
        """The same instance; tables that it holds already are shared. `workings`: what is known to hold for it."""
        own = Workings() if workings is None else workings
        return cls(instance.settings, instance.written, instance.form, instance._canonical, own)

    def __getattribute__(self, name: str) -> Any:
        if name == "settings":
            self.workings.reads.note(SETTINGS)
        return super().__getattribute__(name)

    def table(self, name: str) -> pd.DataFrame:
        """The table as the model reads it."""
        self.workings.reads.note(name)
        return super().table(name)

    def trusted(self, *, settings: Settings | None = None, **tables: pd.DataFrame) -> Facts:
        """A changed copy of which nothing is known yet; what is read of it, is read of this."""
        changed = self.plain.trusted(settings=settings, **tables)
        return Facts.of(changed, Workings(self.workings.reads))

    @property
    def plain(self) -> Instance:
        """The instance alone: what is read of it is noted nowhere."""
        own = vars(self)
        return Instance(own["settings"], own["written"].plain, self.form, self._canonical)

    def worked_out(self, name: Hashable, work_out: Callable[[], Value]) -> Value:
        """Something that a rule works out piece by piece, each once and kept with the tables that it rests on."""
        return self.workings.worked_out(name, work_out)

    @fact
    def horizon(self) -> Horizon:
        """The calendar of the plan."""
        return Horizon.of(self.settings)

    @fact
    def rollouts(self) -> Rollouts:
        """Schemes by where and when they may go live, and what they change."""
        return rollouts(self, self.horizon)

    @fact
    def who_pays(self) -> Funding:
        """Who pays for which costs."""
        return Funding.of(self)

    @fact
    def axes(self) -> Axes:
        """Localities, hospitals and sites along the axes of every grid."""
        return Axes.of(self)

    @fact
    def minutes(self) -> np.ndarray:
        """Minutes from locality to site, array (locality, site); NaN where not known."""
        table = travel_minutes(self).reindex(index=self.axes.localities, columns=self.axes.sites)
        minutes: np.ndarray = table.to_numpy(dtype=float)
        return minutes

    @fact
    def demand(self) -> Demand:
        """Who is referred when, and who waits at the start."""
        return demand(self, self.horizon)

    @fact
    def referred(self) -> pd.Series:
        """People referred during the plan; index pathway, of those with a row of referrals."""
        with_rows = sorted(set(self.table("referrals")["pathway"]))
        return pd.Series({pathway: self.people(pathway).sum() for pathway in with_rows}, dtype=float)

    @fact
    def eligible(self) -> tuple[EligiblePackage, ...]:
        """Every package of every pathway, with the eligibility rows that hold."""
        return eligible_packages(self, self.axes)

    @fact
    def beds_possible(self) -> pd.Series:
        """Most beds a unit can ever have, spot beds included; index (site, bed_type) [beds].

        A unit at a site that is closed for good, or too small for it, has fewer than its own beds_max.
        """
        sites = self.table("sites").set_index("site")
        units = self.table("site_beds")
        unit_max = units["beds_max"].where(
            units["spot_bed_day_gbp"].isna() & self._spot_by_month.isna(), np.inf
        )
        site_max = sites["beds_max"].fillna(units.groupby("site")["beds_max"].sum()).fillna(0.0)
        site_max = site_max.where(sites["is_open"] | sites["can_open"], 0.0)
        most = np.minimum(unit_max, units["site"].map(site_max))
        return pd.Series(most.to_numpy(), index=pd.MultiIndex.from_frame(units[["site", "bed_type"]]))

    @property
    def _spot_by_month(self) -> pd.Series:
        units = self.table("site_beds")
        return units["spot_bed_month_gbp"].fillna(units["spot_bed_year_gbp"])

    def sites_with(self, package: str) -> np.ndarray:
        """Sites where the package's bed type can have any bed: array (site)."""
        return self._sites_by_package[package]

    @fact
    def _sites_by_package(self) -> dict[str, np.ndarray]:
        most = self.beds_possible[self.beds_possible > 0]
        sites, bed_type = most.index.get_level_values("site"), most.index.get_level_values("bed_type")
        packages = self.table("packages")
        return {
            package: np.asarray(self.axes.sites.isin(sites[bed_type == needed]))
            for package, needed in zip(packages["package"], packages["bed_type"], strict=True)
        }

    def within_reach(self, pathway: str) -> np.ndarray:
        """Sites that a pathway's people may travel to: array (locality, site)."""
        own = self.table("pathways").set_index("pathway")["travel_minutes_max"][pathway]
        limit = np.fmin(
            own, np.nan if self.settings.travel_minutes_max is None else self.settings.travel_minutes_max
        )
        if np.isnan(limit):
            return np.ones(self.minutes.shape, dtype=bool)
        near: np.ndarray = self.minutes <= limit
        return near

    def open_to(self, option: EligiblePackage) -> np.ndarray:
        """Where an option is eligible, within reach and a bed possible: array (locality, hospital, site)."""
        return self._open[option.pathway, option.package]

    @fact
    def _open(self) -> dict[tuple[str, str], np.ndarray]:
        grids = {}
        for option in self.eligible:
            grid = (option.position != NO_ROW) & (self.of_row("share_max", option) > 0)
            if not option.at_home:
                grid &= (self.within_reach(option.pathway) & self.sites_with(option.package))[:, None, :]
            grids[option.pathway, option.package] = grid
        return grids

    def of_row(self, column: str, option: EligiblePackage) -> np.ndarray:
        """A number of the eligibility row that holds: array (locality, hospital, site); 0 where none does."""
        by_row = np.append(self.table("eligibility")[column].to_numpy(dtype=float), 0.0)
        numbers: np.ndarray = by_row[option.position]
        return numbers

    def people(self, pathway: str) -> np.ndarray:
        """People referred to a pathway, array (locality, hospital, period)."""
        return self._people_by_pathway[pathway]

    @fact
    def _people_by_pathway(self) -> dict[str, np.ndarray]:
        people = self.demand
        localities = pd.Index(people.localities).get_indexer(self.axes.localities)
        hospitals = pd.Index(people.hospitals).get_indexer(self.axes.hospitals)
        grid = people.referrals[localities][:, hospitals]
        return {pathway: grid[:, :, position] for position, pathway in enumerate(people.pathways)}

    @fact
    def areas(self) -> dict[str, frozenset[str]]:
        """The localities that each locality, network and `all` stands for."""
        named = [*self.table("localities")["locality"], *self.networks, "all"]
        return {name: localities_of(self, name) for name in named}

    @fact
    def edges(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last day of the plan."""
        return self.horizon.dates[0], self.horizon.dates[-1]
