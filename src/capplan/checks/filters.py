"""What the filters of a target leave: people, hospitals, sites, pathways and packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.reach import Option, chosen
from capplan.geography import localities_of
from capplan.results.metrics import METRICS
from capplan.schema.tables import TARGET_FILTERS

BY_SITE = ("site", "kind", "provider", "bed_type")


@dataclass(frozen=True)
class Chosen:
    """Masks over localities, hospitals (last: none), sites, and over the rows of `pathways` and `packages`.

    `by_site`: a filter acts on the place of a start, so that starts at home do not count.
    """

    localities: np.ndarray
    hospitals: np.ndarray
    sites: np.ndarray
    pathways: pd.Series
    packages: pd.Series
    by_site: bool

    def starts(self, facts: Facts, option: Option) -> np.ndarray:
        """Where the filters leave somebody who could start: array (locality, hospital, site)."""
        grid = facts.open_to(option)
        if not self.pathways[option.pathway] or not self.packages[option.package]:
            return np.zeros_like(grid)
        site = np.array([not self.by_site]) if option.at_home else self.sites
        left: np.ndarray = grid & self.localities[:, None, None] & self.hospitals[:, None] & site
        return left


def choose(facts: Facts, target: Mapping[str, object]) -> Chosen:
    """What a target counts: its filters, the direction of its metric, and beds only for admissions."""
    name = ("chosen", *(str(target[column]) for column in ("metric", *TARGET_FILTERS)))
    return facts.worked_out(name, lambda: _chosen(facts, target))


def _chosen(facts: Facts, target: Mapping[str, object]) -> Chosen:
    localities, hospitals, sites = (facts.table(name) for name in ("localities", "hospitals", "sites"))
    pathways = facts.table("pathways").set_index("pathway")["direction"]
    packages = facts.table("packages").set_index("package")
    metric = METRICS[str(target["metric"])]
    area = localities_of(facts, target["locality"]) & localities_of(facts, target["network"])
    hospital = chosen(facts.axes.hospitals, target["hospital"])
    sub_region = chosen(pd.Index([*hospitals["sub_region"], np.nan], dtype=object), target["sub_region"])
    at_sites = sites["locality"].isin(area) if metric.is_of_beds else True
    by_type = chosen(packages["bed_type"], target["bed_type"])
    in_bed = (packages["setting"] == "bed") | (not metric.is_in_beds)
    by_site = any(pd.notna(target[name]) for name in BY_SITE)
    return Chosen(
        localities["locality"].isin(area).to_numpy(),
        hospital & sub_region,
        chosen(facts.axes.sites, target["site"])
        & chosen(sites["kind"], target["kind"])
        & chosen(sites["provider"], target["provider"])
        & at_sites,
        pd.Series(
            chosen(pathways.index, target["pathway"])
            & (pathways == metric.direction if metric.direction else True),
            pathways.index,
        ),
        pd.Series(chosen(packages.index, target["package"]) & by_type & in_bed, packages.index),
        by_site,
    )


def members(facts: Facts, target: Mapping[str, object]) -> list[dict[str, object]]:
    """A target with for_each as one target for every member; any other as it is."""
    column = target["for_each"]
    if pd.isna(column):
        return [dict(target)]
    column = str(column)
    return [{**target, column: name} for name in _names(facts, column, target[column])]


def _names(facts: Facts, column: str, cell: object) -> list[str]:
    if pd.notna(cell):
        return str(cell).split(";")
    if column == "network":
        return list(facts.networks)
    if column in ("sub_region", "kind", "provider"):
        table = "hospitals" if column == "sub_region" else "sites"
        return sorted(facts.table(table)[column].dropna().unique())
    table = "localities" if column == "locality" else f"{column}s"
    return list(facts.table(table)[column])
