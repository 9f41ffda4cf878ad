"""How large a generated instance is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from capplan.errors import UsageError

Size = Literal["small", "county", "region"]


@dataclass(frozen=True)
class GeneratorOptions:
    """Numbers of places and periods, and of periods between the points at which capacity may change.

    With `congestion` people queue at every unit of beds when chance has filled it. With `investment` there are ten
    schemes to go live with or not, budgets of two funders, and acute wards that may close.

    Raises UsageError where an instance of that shape cannot be made.
    """

    localities: int
    hospitals: int
    sites: int
    periods: int
    capacity_changes_every: int = 3
    congestion: bool = False
    investment: bool = False

    def __post_init__(self) -> None:
        smallest = {"localities": 1, "hospitals": 1, "sites": 2, "periods": 1, "capacity_changes_every": 1}
        for option, least in smallest.items():
            if getattr(self, option) < least:
                raise UsageError(f"{option} must be {least} or more, not {getattr(self, option)}")
        if self.hospitals > self.localities:
            raise UsageError(
                f"{self.hospitals} hospitals need as many localities to stand in, not {self.localities}"
            )


SIZES: dict[str, GeneratorOptions] = {
    "small": GeneratorOptions(localities=4, hospitals=1, sites=4, periods=12),
    "county": GeneratorOptions(localities=20, hospitals=3, sites=15, periods=36),
    "region": GeneratorOptions(localities=60, hospitals=8, sites=40, periods=36),
}

CONGESTED: dict[str, dict[str, int]] = {
    "small": {},
    "county": {"sites": 20, "capacity_changes_every": 12},
    "region": {"capacity_changes_every": 12},
}
"""What else a size has with congestion: a county 30 units, and decisions by the year, as they are planned with it."""


def options_for(size: str, **overrides: int) -> GeneratorOptions:
    """The options of a size, and what congestion changes there, with some of them replaced.

    Raises UsageError for a size or an option that does not exist, or a shape that cannot be made.
    """
    if size not in SIZES:
        raise UsageError(f"no such size: {size}; choose {', '.join(SIZES)}")
    known = SIZES[size].__dataclass_fields__
    unknown = sorted(set(overrides) - set(known))
    if unknown:
        raise UsageError(f"no such option: {', '.join(unknown)}; there are {', '.join(known)}")
    changes: dict[str, Any] = {**(CONGESTED[size] if overrides.get("congestion") else {}), **overrides}
    return replace(SIZES[size], **changes)
