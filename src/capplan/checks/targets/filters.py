"""What the filters of a target leave (people, hospitals, sites, pathways, packages), and filters that say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.errors import Problem
from capplan.geography import localities_of
from capplan.parameters.eligible_rows import EligiblePackage, chosen
from capplan.results.metrics import METRICS, Quantity, metrics_with
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

    def starts(self, facts: Facts, option: EligiblePackage) -> np.ndarray:
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


def filter_not_used(facts: Facts) -> Iterator[Problem]:
    """A filter, or for_each, that the metric does not look at."""
    targets = facts.table("targets")
    for name, rows in targets.groupby("metric", sort=False):
        metric = METRICS[str(name)]
        filled = set(rows.columns[rows.notna().any()])
        for column in (each for each in metric.ignored_filters if each in filled):
            yield from at_rows(
                facts,
                "targets",
                rows[rows[column].notna()],
                f"{metric.name} is not counted by {column}: the filter would change nothing",
                column=column,
                now=f"leave {column} empty",
            )
        yield from at_rows(
            facts,
            "targets",
            rows[rows["for_each"].isin(metric.ignored_filters)],
            f"{metric.name} is not counted by {{for_each}}",
            column="for_each",
            now="take another filter",
        )


def gap_needs_members(facts: Facts) -> Iterator[Problem]:
    """served_share_gap compares the members of for_each, and can only be kept small."""
    targets = facts.table("targets")
    gaps = targets[targets["metric"].isin(metrics_with(quantity=Quantity.SHARE_GAP))]
    yield from at_rows(
        facts,
        "targets",
        gaps[gaps["for_each"].isna()],
        "'{target}' is a gap between the members of for_each, which is empty",
        column="for_each",
        now="say for_each = locality, network or another filter",
    )
    yield from at_rows(
        facts,
        "targets",
        gaps[gaps["sense"] != "max"],
        "'{target}' asks for a gap of at least {value}",
        column="sense",
        now="say max",
    )


def bed_share_of_what(facts: Facts) -> Iterator[Problem]:
    """bed_share without a bed type is always 1."""
    targets = facts.table("targets")
    shares = targets[targets["metric"].isin(metrics_with(quantity=Quantity.BED_DAYS))]
    yield from at_rows(
        facts,
        "targets",
        shares[shares["bed_type"].isna() & (shares["for_each"] != "bed_type")],
        "'{target}' is a share of bed days, and bed_type does not say of which beds",
        column="bed_type",
        now="name the bed type",
    )


def target_catches_nobody(facts: Facts) -> Iterator[Problem]:
    """The filters of a target leave nobody, or nothing that they could start."""
    targets = facts.table("targets")
    for row, record in targets.to_dict("index").items():
        empty = _what_is_empty(facts, record)
        if empty:
            yield problem(
                "targets",
                f"the filters of '{record['target']}' leave no {empty}",
                row=int(row),
                column="metric",
                value=record["metric"],
                now="filters must hold together: look at them, and at the metric",
            )


def _what_is_empty(facts: Facts, target: dict[str, object]) -> str:
    metric, left = METRICS[str(target["metric"])], choose(facts, target)
    people = (left.pathways, left.localities, left.hospitals)
    if metric.quantity is Quantity.CASH:
        return "" if left.localities.any() and (left.sites.any() or not left.by_site) else "locality or site"
    if metric.is_of_beds:
        return "" if _has_units(facts, target, left) else "beds"
    if not all(axis.any() for axis in people):
        return "people that the metric counts"
    is_of_waits = metric.quantity is Quantity.DAYS_WAITED
    if is_of_waits or any(left.starts(facts, option).any() for option in facts.eligible):
        return ""
    return "package that these people could start"


def _has_units(facts: Facts, target: dict[str, object], left: Chosen) -> bool:
    units = facts.table("site_beds")
    wanted = [] if pd.isna(target["bed_type"]) else str(target["bed_type"]).split(";")
    of_type = units["bed_type"].isin(wanted) | (not wanted)
    return bool((of_type & units["site"].isin(facts.axes.sites[left.sites])).any())


RULES = (filter_not_used, gap_needs_members, bed_share_of_what, target_catches_nobody)
