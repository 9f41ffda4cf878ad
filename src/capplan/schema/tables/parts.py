"""Columns that many tables have: keys, names, filters, places, prices, dates."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Literal

from capplan.schema.columns import NETWORKS, REQUIRED, SUB_REGIONS, Column, Kind, type_of_default

SHORTEST_STAY_DAYS = 0.001
"""A minute and a half: shorter stays, which only schemes could make, count as this long."""
DAYS_PER_WEEK = 7.0
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
SITE_KINDS = ("community_hospital", "care_home", "nursing_home", "extra_care", "other")
DIRECTIONS = ("step_down", "step_up", "community")
DISTRIBUTIONS = ("exponential", "fixed", "lognormal", "gamma")
DAY_PATTERNS = ("all", "weekdays", "weekends", "saturday", "sunday_and_bank_holidays")
TARGET_FILTERS = (
    "locality",
    "network",
    "hospital",
    "sub_region",
    "site",
    "kind",
    "provider",
    "pathway",
    "package",
    "bed_type",
)
CONGESTION = ("none", "wait", "refuse")
SCHEME_EFFECTS = (
    "referrals.people_per_month",
    "packages.stay_days",
    "package_hours.hours_per_week",
    "package_care.care_hours_per_day",
    "eligibility.success",
    "pathways.unmet_gbp",
    "sites.beds_max",
)
NEVER = {"never": inf}


def key(name: str, help: str) -> Column:
    """The row's own name."""
    return Column(name, Kind.KEY, help, default=REQUIRED)


def ref(name: str, *tables: str, help: str, words: tuple[str, ...] = (), required: bool = True) -> Column:
    """A name of another table."""
    default = REQUIRED if required else None
    return Column(name, Kind.NAME, help, refers_to=tables, words=dict.fromkeys(words), default=default)


def only(
    name: str,
    *tables: str,
    choices: tuple[str, ...] = (),
    otherwise: str = "",
    help: str = "Only these",
) -> Column:
    """A filter, or another list of names."""
    nothing = otherwise or f"every {name.replace('_', ' ')}"
    description = f"{help} (one name or several, a;b); empty: {nothing}."
    return Column(name, Kind.NAMES, description, refers_to=tables, choices=choices)


def text(name: str, help: str, default: Literal["required"] | None = None) -> Column:
    """Free text."""
    return Column(name, Kind.TEXT, help, default=REQUIRED if default else None)


def name_text() -> Column:
    """The display name."""
    return text("name", "Display name; accepted wherever the key is.")


def provider() -> Column:
    """Who runs it."""
    return text("provider", "Who runs or supplies it.")


def latitude() -> Column:
    """North or south."""
    return Column("latitude", Kind.NUMBER, "Latitude (WGS 84).", "degrees", minimum=-90, maximum=90)


def longitude() -> Column:
    """East or west."""
    return Column("longitude", Kind.NUMBER, "Longitude (WGS 84).", "degrees", minimum=-180, maximum=180)


def amount(
    name: str,
    help: str,
    unit: str,
    default: type_of_default = None,
    *,
    variants: Mapping[str, float | None] | None = None,
    words: Mapping[str, float | None] | None = None,
) -> Column:
    """A number, 0 or more."""
    return Column(
        name, Kind.NUMBER, help, unit, default, minimum=0, variants=variants or {}, words=words or {}
    )


def choice(name: str, help: str, choices: tuple[str, ...], default: type_of_default = None) -> Column:
    """One of a few words."""
    return Column(name, Kind.CHOICE, help, default=default, choices=choices)


def yes_no(name: str, help: str, default: bool) -> Column:
    """Yes or no."""
    return Column(name, Kind.YES_NO, help, default=default)


def share(
    name: str,
    help: str,
    default: float | Literal["required"] | None = 0.0,
    minimum: float | None = 0.0,
    maximum: float = 1.0,
    above: float | None = None,
) -> Column:
    """A number from 0 to 1, or what the bounds say."""
    mark = REQUIRED if default == "required" else default
    return Column(name, Kind.NUMBER, help, "share", mark, minimum=minimum, maximum=maximum, above=above)


def available() -> tuple[Column, Column]:
    """The days between which something can be had."""
    return (
        Column(
            "available_from", Kind.DATE, "First day on which it can be had; empty: from the start.", "date"
        ),
        Column("available_to", Kind.DATE_TO, "Last day on which it can be had; empty: to the end.", "date"),
    )


def periods(name: str, help: str) -> Column:
    """A number of periods."""
    return Column(name, Kind.WHOLE, help, "periods", 0.0, minimum=0)


def day_window() -> tuple[Column, Column]:
    """A part of the stay."""
    return (
        Column(
            "from_day", Kind.NUMBER, "First day of the stay to which the row applies.", "days", 0.0, minimum=0
        ),
        Column(
            "to_day",
            Kind.NUMBER,
            "Day of the stay at which the row ends; empty: to the exit.",
            "days",
            above=0,
        ),
    )


def bed_price(name: str, help: str) -> Column:
    """A price of a bed by the day, week, month or year."""
    stem = name.removesuffix("day_gbp")
    variants = {f"{stem}week_gbp": 1 / DAYS_PER_WEEK, f"{stem}month_gbp": None, f"{stem}year_gbp": None}
    return Column(name, Kind.NUMBER, help, "£/bed-day", minimum=0, variants=variants)


def target_filters() -> tuple[Column, ...]:
    """The filters of TARGET_FILTERS, as targets and the effects of schemes have them."""
    return (
        only("locality", "localities", NETWORKS),
        only("network", NETWORKS),
        only("hospital", "hospitals"),
        only("sub_region", SUB_REGIONS),
        only("site", "sites"),
        only("kind", choices=SITE_KINDS),
        only("provider"),
        only("pathway", "pathways"),
        only("package", "packages"),
        only("bed_type", "bed_types"),
    )
