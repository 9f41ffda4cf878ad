"""Whom and where the filters of a row leave: those of targets and of the effects of schemes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from capplan.geography import localities_of, names
from capplan.instance import Instance
from capplan.results.metrics import METRICS, Quantity

Line = dict[str, Any]
"""One row of a table with the filters of targets."""


@dataclass(frozen=True)
class Scope:
    """Whom and where a target counts: people by locality, hospital and pathway; starts by package, site and bed type.

    `sites` and `bed_types` are None where no filter speaks of beds, so that care at home counts too.
    `providers` is None where no filter speaks of them (it narrows `spend` by who is paid).
    """

    localities: frozenset[str]
    hospitals: frozenset[str]
    pathways: frozenset[str]
    packages: frozenset[str]
    sites: frozenset[str] | None
    bed_types: frozenset[str] | None
    providers: frozenset[str] | None

    def has_people(self, locality: str, hospital: str, pathway: str) -> bool:
        """Whether people of that locality, hospital and pathway count."""
        return locality in self.localities and hospital in self.hospitals and pathway in self.pathways

    def has_start(self, package: str, site: str) -> bool:
        """Whether a start of that package there (`""`: at home) counts."""
        return package in self.packages and (self.sites is None or site in self.sites)

    def has_unit(self, site: str, bed_type: str) -> bool:
        """Whether the beds of that type at that site count."""
        return (self.sites is None or site in self.sites) and (
            self.bed_types is None or bed_type in self.bed_types
        )


def scope_of(line: Line, instance: Instance) -> Scope:
    """What the filters of a row leave, of what its `metric` counts."""
    localities = localities_of(instance, line["locality"])
    if names(line["network"]):
        localities &= localities_of(instance, line["network"])
    return Scope(
        localities,
        _hospitals(line, instance),
        _pathways(line, instance),
        _packages(line, instance),
        _sites(line, instance, localities),
        names(line["bed_type"]) or None,
        names(line["provider"]) or None,
    )


def _hospitals(line: Line, instance: Instance) -> frozenset[str]:
    rows = instance.hospitals
    named, regions = names(line["hospital"]), names(line["sub_region"])
    if not named and not regions:
        return frozenset({"", *rows["hospital"]})
    if regions:
        rows = rows[rows["sub_region"].isin(regions)]
    return frozenset(rows["hospital"]) & (named or frozenset(rows["hospital"]))


def _pathways(line: Line, instance: Instance) -> frozenset[str]:
    rows = instance.pathways
    metric = METRICS.get(str(line["metric"]))
    if metric is not None and metric.direction is not None:
        rows = rows[rows["direction"] == metric.direction]
    return frozenset(rows["pathway"]) & (names(line["pathway"]) or frozenset(rows["pathway"]))


def _packages(line: Line, instance: Instance) -> frozenset[str]:
    rows = instance.packages
    metric = METRICS.get(str(line["metric"]))
    if (metric is not None and metric.is_in_beds) or names(line["bed_type"]):
        rows = rows[rows["setting"] == "bed"]
    if names(line["bed_type"]):
        rows = rows[rows["bed_type"].isin(names(line["bed_type"]))]
    return frozenset(rows["package"]) & (names(line["package"]) or frozenset(rows["package"]))


def _sites(line: Line, instance: Instance, localities: frozenset[str]) -> frozenset[str] | None:
    """Sites that the filters leave; None where no filter speaks of sites (a provider of spend may be anyone).

    Where beds are counted, localities and networks are those in which the sites are.
    """
    metric = METRICS.get(str(line["metric"]))
    is_cash = metric is not None and metric.quantity is Quantity.CASH
    columns = ("site", "kind") if is_cash else ("site", "kind", "provider")
    of_beds = metric is not None and metric.is_of_beds
    places = (*columns, "locality", "network") if of_beds else columns
    if not any(names(line[column]) for column in places):
        return None
    rows = instance.sites
    if of_beds:
        rows = rows[rows["locality"].isin(localities)]
    for column in columns:
        if names(line[column]):
            rows = rows[rows[column].isin(names(line[column]))]
    return frozenset(rows["site"])
