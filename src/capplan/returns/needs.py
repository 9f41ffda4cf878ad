"""What one start of care takes in all: bed days at a unit, hours of teams and crews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.instance import Instance
from capplan.parameters.stays import Stay
from capplan.parameters.teams import Teams, teams
from capplan.returns.spare_capacity import BEDS, SHIFTS, STAFF, Resource

DAYS_PER_WEEK = 7.0
Option = tuple[str, str, str, str]
"""Locality of the person, pathway, package, site (empty: at home)."""
OPTION = ["locality", "pathway", "package", "site"]
Needs = dict[Resource, float]
"""Bed days or hours by unit, team and crew."""


class NeedPerStart:
    """Answers what a start of the package takes, at the stay and hours of the instance's tables.

    Hours are those of the team or crew that serves the place, after its average travel: longer roads take more of
    them, and beds, which need no travel, fewer.
    """

    def __init__(self, instance: Instance) -> None:
        self._packages = instance.packages.set_index("package").to_dict("index")
        self._home_of_site = dict(zip(instance.sites["site"], instance.sites["locality"], strict=True))
        self._serving = {
            STAFF: teams(instance, "staff", "role"),
            SHIFTS: teams(instance, "shifts", "shift_type"),
        }
        self._contact_hours: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        for table, package, resource, rows in _hours_by_package(instance):
            hours = _hours(self._stay(package), rows)
            self._contact_hours[package].append((table, resource, hours))

    def __call__(self, option: Option) -> Needs:
        """What one start of the option takes of each resource [bed days, hours]; nothing that it takes none of."""
        locality, _, package, site = option
        needs: Needs = {}
        if site:
            needs[BEDS, site, self._packages[package]["bed_type"]] = float(
                self._packages[package]["stay_days"]
            )
        place = self._home_of_site[site] if site else locality
        for table, resource, hours in self._contact_hours.get(package, ()):
            serving = self._serving[table]
            team = serving.serving(place, resource)
            roads = _roads(serving, team, resource, None if site else place)
            needs[table, team, resource] = hours * roads
        return {resource: amount for resource, amount in needs.items() if amount > 0}

    def _stay(self, package: str) -> Stay:
        row = self._packages[package]
        sd = row["stay_sd_days"]
        return Stay(row["stay_distribution"], float(row["stay_days"]), None if pd.isna(sd) else float(sd))


def _hours_by_package(instance: Instance) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """Table, package, role or shift type, and its rows: a window of the stay each, with contact hours per day."""
    roles, care = instance.package_hours, instance.package_care
    roles = roles.assign(hours_per_day=roles["hours_per_week"] / DAYS_PER_WEEK)
    care = care.assign(hours_per_day=care["care_hours_per_day"], hours_per_start=0.0)
    for table, rows, resource in ((STAFF, roles, "role"), (SHIFTS, care, "shift_type")):
        for (package, name), windows in rows.groupby(["package", resource]):
            yield table, package, name, windows


def _hours(stay: Stay, windows: pd.DataFrame) -> float:
    """Contact hours of a whole stay."""
    hours = float(windows["hours_per_start"].sum())
    for row in windows.itertuples():
        after = 0.0 if pd.isna(row.to_day) else float(stay.remaining(row.to_day))
        hours += (float(stay.remaining(row.from_day)) - after) * float(row.hours_per_day)
    return hours


def _roads(serving: Teams, team: str, resource: str, home: str | None) -> float:
    """Hours of the team's own kind for a contact hour: at the home of somebody in a locality, or (None) in a bed."""
    off_the_road = 1 - serving.own_travel_share(team, resource)
    return off_the_road if home is None else float(np.divide(off_the_road, 1 - serving.travel_share[home]))
