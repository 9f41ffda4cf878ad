"""Effects of schemes: the numbers that they may change, and by how much."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from capplan.geography import names
from capplan.instance import Instance
from capplan.scope import Scope, scope_of

REFERRALS, UNMET, BEDS_MAX = "referrals.people_per_month", "pathways.unmet_gbp", "sites.beds_max"
STAY_DAYS, HOURS, CARE_HOURS, SUCCESS = (
    "packages.stay_days",
    "package_hours.hours_per_week",
    "package_care.care_hours_per_day",
    "eligibility.success",
)
OF_STARTS = frozenset({STAY_DAYS, HOURS, CARE_HOURS, SUCCESS})
"""Effects on what happens to a person who starts: the state at the start rules the whole stay."""


@dataclass(frozen=True)
class Effect:
    """A row of `scheme_effects`: `changes` is the number that changes; `resources` empty means every one."""

    number: int
    scheme: str
    changes: str
    scope: Scope
    resources: frozenset[str]
    from_month: float
    to_month: float
    multiply: float
    add: float


def changed(base: float, steps: Iterable[tuple[Effect, float]]) -> float:
    """A number after effects that have come so far (0 to 1): factors multiply, then what they add is added."""
    factor, added = 1.0, 0.0
    for effect, fraction in steps:
        factor *= 1 + fraction * (effect.multiply - 1)
        added += fraction * effect.add
    return base * factor + added


def effect_of(number: int, row: Mapping[str, Any], instance: Instance) -> Effect:
    """The effect that a row says, by its number in the table."""
    return Effect(
        number,
        str(row["scheme"]),
        str(row["effect"]),
        scope_of({**row, "metric": ""}, instance),
        names(row["resource"]),
        float(row["from_month"]),
        math.inf if pd.isna(row["to_month"]) else float(row["to_month"]),
        float(row["multiply"]),
        float(row["add"]),
    )
