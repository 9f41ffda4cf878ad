"""Metrics: what a target may count, and what it is divided by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Quantity(Enum):
    """What is added up over a window."""

    STARTS = "people who start"
    DAYS_WAITED = "days waited"
    PERSON_DAYS = "person-days in beds"
    BED_DAYS = "bed days open"
    CASH = "cash spent"
    SHARE_GAP = "highest less lowest served share"


class Per(Enum):
    """What a ratio divides by."""

    REFERRALS = "people referred"
    BED_DAYS = "bed days open and bought for one person"
    BED_DAYS_OF_EVERY_TYPE = "bed days open of every type"


_NOT_OF_WAITS = ("site", "kind", "provider", "package", "bed_type")
_NOT_OF_BEDS = ("hospital", "sub_region", "pathway", "package")
IGNORED_FILTERS: Mapping[Quantity, tuple[str, ...]] = MappingProxyType(
    {
        Quantity.DAYS_WAITED: _NOT_OF_WAITS,
        Quantity.PERSON_DAYS: _NOT_OF_BEDS,
        Quantity.BED_DAYS: _NOT_OF_BEDS,
        Quantity.CASH: (*_NOT_OF_BEDS, "bed_type"),
    }
)
"""Filters of a target at which a metric does not look, because what it counts cannot be told apart by them."""


@dataclass(frozen=True)
class Metric:
    """One metric of `targets`.

    `counts` says in a sentence what is counted; `quantity` is added up over a window and, where there is a `per`,
    divided by it. `direction` narrows it to pathways of one direction, `is_by_success` weighs each start with its
    probability of success, `is_in_beds` leaves out starts at home. `short_of` is what a shortfall is counted in, one
    and several.
    """

    name: str
    words: str
    counts: str
    quantity: Quantity = Quantity.STARTS
    per: Per | None = None
    direction: str | None = None
    is_by_success: bool = False
    is_in_beds: bool = False
    short_of: tuple[str, str] = ("person", "people")

    @property
    def is_ratio(self) -> bool:
        """Whether it is a quotient, which does not add up over windows (a gap between shares counts as one)."""
        return self.per is not None or self.quantity is Quantity.SHARE_GAP

    @property
    def is_share(self) -> bool:
        """Whether its values are shares, from 0 to 1."""
        return self.is_ratio and self.quantity is not Quantity.DAYS_WAITED

    @property
    def is_of_beds(self) -> bool:
        """Whether it counts beds where they stand, whoever is in them."""
        return self.quantity in (Quantity.PERSON_DAYS, Quantity.BED_DAYS)

    @property
    def unit(self) -> str:
        """What a value is counted in: people, days, £ or share; of ratios that are no shares, days a person."""
        if self.is_share:
            return "share"
        if self.quantity is Quantity.DAYS_WAITED:
            return "days a person" if self.is_ratio else "days"
        return "£" if self.quantity is Quantity.CASH else "people"

    @property
    def shortfall_unit(self) -> str:
        """What a shortfall is counted in: the numerator of a ratio; of a gap shares."""
        of_one = {Quantity.CASH: "£", Quantity.SHARE_GAP: "share"}
        return of_one.get(self.quantity, self.short_of[1])

    @property
    def ignored_filters(self) -> tuple[str, ...]:
        """Filters at which it does not look."""
        return IGNORED_FILTERS.get(self.quantity, ())


_DAY, _BED_DAY = ("day", "days"), ("bed day", "bed days")
_REFERRED = Per.REFERRALS

METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            Metric(
                "discharges", "discharges", "People who start on step-down pathways.", direction="step_down"
            ),
            Metric(
                "diversions",
                "diversions",
                "People who start on step-up pathways, each with the probability that it keeps them out of hospital.",
                direction="step_up",
                is_by_success=True,
            ),
            Metric("starts", "starts", "People who start on any pathway."),
            Metric("admissions", "admissions to beds", "People who start in beds.", is_in_beds=True),
            Metric(
                "successes",
                "care that worked out",
                "People who start on any pathway, each with the probability of success.",
                is_by_success=True,
            ),
            Metric(
                "diversion_rate",
                "diversion rate",
                "Diversions ÷ people referred to step-up pathways.",
                per=_REFERRED,
                direction="step_up",
                is_by_success=True,
            ),
            Metric(
                "discharge_rate",
                "discharge rate",
                "People who start on step-down pathways ÷ people referred to them.",
                per=_REFERRED,
                direction="step_down",
            ),
            Metric("served_share", "served share", "People who start ÷ people referred.", per=_REFERRED),
            Metric(
                "bed_share",
                "bed share",
                "Bed days open of the bed type ÷ bed days open of every type, at the same sites.",
                Quantity.BED_DAYS,
                Per.BED_DAYS_OF_EVERY_TYPE,
                short_of=_BED_DAY,
            ),
            Metric(
                "served_share_gap",
                "served share gap",
                "The highest less the lowest served share of the members of for_each.",
                Quantity.SHARE_GAP,
            ),
            Metric(
                "delayed_days",
                "delayed days",
                "Days that people wait between ready and start.",
                Quantity.DAYS_WAITED,
                short_of=_DAY,
            ),
            Metric(
                "mean_wait_days",
                "mean wait days",
                "Days that people wait ÷ people referred (Little's law).",
                Quantity.DAYS_WAITED,
                _REFERRED,
                short_of=("day of waiting", "days of waiting"),
            ),
            Metric(
                "occupancy",
                "occupancy",
                "Person-days in beds ÷ bed days open and bought for one person.",
                Quantity.PERSON_DAYS,
                Per.BED_DAYS,
                short_of=_BED_DAY,
            ),
            Metric(
                "spend",
                "spend",
                "What is paid, in cash of the period; prices on waiting and going without are not in it.",
                Quantity.CASH,
            ),
        )
    }
)
"""Every metric by name, in the order of the docs."""


def metrics_with(**facts: object) -> frozenset[str]:
    """The names of the metrics of which these facts hold: `metrics_with(quantity=Quantity.STARTS, is_ratio=False)`."""
    return frozenset(
        name
        for name, metric in METRICS.items()
        if all(getattr(metric, fact) == value for fact, value in facts.items())
    )
