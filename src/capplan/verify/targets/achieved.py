"""What a plan achieves by each metric, by period, for whom and where the filters of a target say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from capplan.results.cost_items import NOTIONAL
from capplan.results.metrics import METRICS, Metric, Per, Quantity
from capplan.verify.beds import bed_days, beds_available
from capplan.verify.evidence import Evidence
from capplan.verify.people.demand import STREAM
from capplan.verify.people.eligibility import OPTION, described, matches, used_options
from capplan.verify.schemes.variants import success_of
from capplan.verify.teams import staff_teams

PEOPLE = ("locality", "network", "hospital", "sub_region", "pathway")
PLACES = ("site", "kind", "provider", "bed_type")
BED_PLACES = ("locality", "network", "site", "kind", "provider")
SPENDING = ("site", "kind", "provider")

Line = Mapping[str, Any]
"""One row of the instance's `targets`."""


@dataclass(frozen=True)
class Achieved:
    """The result tables with the columns that the filters of targets act on."""

    evidence: Evidence

    @cached_property
    def starts(self) -> pd.DataFrame:
        """The table `starts` with success, direction, setting, bed type, site and so on of each row."""
        rows = self.evidence.tables["starts"].merge(used_options(self.evidence), on=OPTION, how="left")
        return rows.assign(success=success_of(self.evidence, rows))

    @cached_property
    def people(self) -> pd.DataFrame:
        """Referrals and delayed days by (locality, hospital, pathway, period)."""
        delayed = self.evidence.wide("waiting", "delayed_days", *STREAM).stack().rename("delayed_days")
        referred = self.evidence.referrals.stack().rename("referrals")
        rows = pd.concat([referred, delayed], axis=1).fillna(0.0).reset_index()
        return described(self.evidence.instance, rows)

    @cached_property
    def beds(self) -> pd.DataFrame:
        """Bed days open, bed days to be had (spot beds too), and person-days, by (site, bed_type, period).

        The locality is the site's.
        """
        keys = ["site", "bed_type"]
        days = self.evidence.horizon.days
        frames = {
            "open_days": beds_available(self.evidence) * days,
            "all_days": bed_days(self.evidence),
            "person_days": self.evidence.wide("beds", "people_in_care", *keys) * days,
        }
        rows = pd.concat([frame.stack().rename(name) for name, frame in frames.items()], axis=1)
        rows = rows.reset_index()
        sites = self.evidence.instance.table("sites").set_index("site")["locality"]
        return described(self.evidence.instance, rows.assign(locality=rows["site"].map(sites)))

    @cached_property
    def spending(self) -> pd.DataFrame:
        """The cash rows of the table `costs`."""
        rows = self.evidence.tables["costs"]
        rows = rows[~rows["item"].isin(NOTIONAL)]
        return described(self.evidence.instance, rows)

    def is_spent_in(self, line: Line) -> pd.Series:
        """Whether the locality of each cost, or the whole area of the team it is booked on, is in a target's.

        What is booked nowhere counts only where every locality does.
        """
        places = self.evidence.instance.table("localities")
        for column in ("locality", "network"):
            places = places[matches(self.evidence.instance, places, column, line[column])]
        inside = frozenset(places["locality"])
        teams = staff_teams(self.evidence)
        booked = {name: teams.area(name or "all") <= inside for name in self.spending["locality"].unique()}
        return self.spending["locality"].map(booked).astype(bool)

    def by_period(self, rows: pd.DataFrame, value: str | pd.Series) -> np.ndarray:
        """A column summed over the rows of each period."""
        values = rows[value] if isinstance(value, str) else value
        sums = values.groupby(rows["period"]).sum().reindex(list(self.evidence.horizon.periods))
        total: np.ndarray = sums.fillna(0.0).to_numpy(float)
        return total

    def chosen(self, rows: pd.DataFrame, line: Line, filters: tuple[str, ...]) -> pd.DataFrame:
        """The rows that a target's filters leave."""
        kept = pd.Series(True, index=rows.index)
        for column in filters:
            kept &= matches(self.evidence.instance, rows, column, line[column])
        return rows[kept]


def counted(facts: Achieved, line: Line) -> tuple[np.ndarray, np.ndarray]:
    """By period: what a metric counts, and what it is divided by where it is a quotient (else ones)."""
    metric = METRICS[str(line["metric"])]
    one = np.ones(len(facts.evidence.horizon))
    if metric.quantity is Quantity.CASH:
        spending = facts.spending[facts.is_spent_in(line)]
        return facts.by_period(facts.chosen(spending, line, SPENDING), "gbp"), one
    if metric.quantity is Quantity.BED_DAYS:
        at_sites = facts.chosen(facts.beds, line, BED_PLACES)
        of_type = facts.chosen(at_sites, line, ("bed_type",))
        return facts.by_period(of_type, "open_days"), facts.by_period(at_sites, "open_days")
    if metric.quantity is Quantity.PERSON_DAYS:
        beds = facts.chosen(facts.beds, line, (*BED_PLACES, "bed_type"))
        return facts.by_period(beds, "person_days"), facts.by_period(beds, "all_days")
    people = _of_direction(facts.chosen(facts.people, line, PEOPLE), metric)
    base = facts.by_period(people, "referrals") if metric.per is Per.REFERRALS else one
    if metric.quantity is Quantity.DAYS_WAITED:
        return facts.by_period(people, "delayed_days"), base
    return _starts(facts, line, metric), base


def _starts(facts: Achieved, line: Line, metric: Metric) -> np.ndarray:
    starts = _of_direction(facts.chosen(facts.starts, line, (*PEOPLE, *PLACES, "package")), metric)
    if metric.is_in_beds:
        starts = starts[starts["setting"] == "bed"]
    weight = starts["success"] if metric.is_by_success else 1.0
    return facts.by_period(starts, starts["people"] * weight)


def _of_direction(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    return rows if metric.direction is None else rows[rows["direction"] == metric.direction]
