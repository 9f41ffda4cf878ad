"""Shifts: numbers that no plan could start from, cover that crews cannot give, days that nobody covers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few, problem
from capplan.errors import Problem, Severity

DAYS_OF = {
    "all": {"weekdays", "Saturdays", "Sundays and bank holidays"},
    "weekdays": {"weekdays"},
    "weekends": {"Saturdays", "Sundays and bank holidays"},
    "saturday": {"Saturdays"},
    "sunday_and_bank_holidays": {"Sundays and bank holidays"},
}
HOURS_PER_DAY = 24


def shift_price_missing(facts: Facts) -> Iterator[Problem]:
    """Crews may be on duty and have no price, so that they would cost nothing."""
    crews = facts.table("shifts")
    free = crews["shift_gbp"].isna() & crews["shift_hour_gbp"].isna()
    yield from at_rows(
        facts,
        "shifts",
        crews[free & ((crews["shifts_max"] > 0) | (crews["shifts"] > 0))],
        "up to {shifts_max} '{shift_type}' shifts may be on duty in '{locality}' and have no price",
        column="shift_gbp",
        now="give shift_gbp or shift_hour_gbp; 0 if they cost nothing",
    )


def shifts_above_maximum(facts: Facts) -> Iterator[Problem]:
    """More shifts are on duty today than shifts_max allows."""
    crews = facts.table("shifts")
    yield from at_rows(
        facts,
        "shifts",
        crews[crews["shifts"] > crews["shifts_max"]],
        "{shifts} '{shift_type}' shifts are on duty in '{locality}', more than shifts_max = {shifts_max}",
        column="shifts",
        now="raise shifts_max to {shifts} (the plan may still drop them) or correct shifts",
    )


def shifts_below_minimum(facts: Facts) -> Iterator[Problem]:
    """Fewer shifts are on duty than shifts_min asks for: impossible where adding takes time, else news."""
    crews = facts.table("shifts")
    below = crews[(crews["shifts"] < crews["shifts_min"]) & ~(crews["available_from"] > facts.edges[0])]
    late = below["lead_periods"] > 0
    yield from at_rows(
        facts,
        "shifts",
        below[late],
        "shifts_min = {shifts_min}, but {shifts} are on duty in '{locality}' and none can be added "
        "before {lead_periods} periods have passed",
        column="shifts_min",
        now="lower shifts_min, or set lead_periods to 0",
    )
    yield from at_rows(
        facts,
        "shifts",
        below[~late],
        "shifts_min = {shifts_min} adds shifts to the {shifts} in '{locality}' on the plan's first day",
        column="shifts_min",
        severity=Severity.INFO,
    )


def shift_bounds_cross(facts: Facts) -> Iterator[Problem]:
    """shifts_min is more than shifts_max."""
    crews = facts.table("shifts")
    yield from at_rows(
        facts,
        "shifts",
        crews[crews["shifts_min"] > crews["shifts_max"]],
        "shifts_min = {shifts_min} is more than shifts_max = {shifts_max} in '{locality}'",
        column="shifts_min",
        now="raise shifts_max (empty means today's number) or lower shifts_min",
    )


def shift_type_unused(facts: Facts) -> Iterator[Problem]:
    """Crews of a shift type that no package needs and no cover asks for."""
    crews = facts.table("shifts")
    needed = pd.concat([facts.table("package_care")["shift_type"], facts.table("cover")["shift_type"]])
    yield from at_rows(
        facts,
        "shifts",
        crews[~crews["shift_type"].isin(needed)],
        "no package needs '{shift_type}' and no cover asks for it: the crews in '{locality}' would have "
        "nothing to do",
        column="shift_type",
        now="add rows to package_care, or take the crews out",
        severity=Severity.WARNING,
    )


def cover_network_and_locality(facts: Facts) -> Iterator[Problem]:
    """A cover names both a network and a locality outside it."""
    rows = facts.table("cover")
    network = rows["locality"].map(facts.table("localities").set_index("locality")["network"])
    yield from at_rows(
        facts,
        "cover",
        rows[rows["network"].notna() & rows["locality"].notna() & (network != rows["network"])],
        "'{locality}' is not in the network '{network}'",
        column="locality",
        now="name one of the two, or a locality of the network",
    )


def cover_above_maximum(facts: Facts) -> Iterator[Problem]:
    """More crews must be on duty than shifts_max of the crews there allows."""
    rows, crews = facts.table("cover"), facts.table("shifts")
    everywhere = facts.areas["all"]
    for row in rows.itertuples():
        area = next((facts.areas[name] for name in (row.locality, row.network) if pd.notna(name)), everywhere)
        there = crews[crews["shift_type"] == row.shift_type]
        there = there[[bool(facts.areas[name] & area) for name in there["locality"]]]
        most = there["shifts_max"].sum()
        if row.on_duty_min > most:
            yield problem(
                "cover",
                f"{wording.exact(row.on_duty_min)} '{row.shift_type}' crews must be on duty, and at most "
                f"{wording.exact(most)} can be",
                row=int(row.Index),
                column="on_duty_min",
                value=row.on_duty_min,
                now="raise shifts_max of the crews in shifts, or lower on_duty_min",
            )


def _shift_types_by_package(facts: Facts) -> Iterator[tuple[str, pd.DataFrame]]:
    """For each package the shift types it uses, with days, start and hours; index: row of its first need."""
    care = facts.table("package_care")
    care = care[care["care_hours_per_day"] > 0].drop_duplicates(["package", "shift_type"])
    types = facts.table("shift_types").set_index("shift_type")
    for package, rows in care.groupby("package"):
        yield str(package), rows[["shift_type"]].join(types[["days", "start", "hours"]], on="shift_type")


def days_without_shifts(facts: Facts) -> Iterator[Problem]:
    """The shift types that a package uses leave days of the week uncovered."""
    for package, rows in _shift_types_by_package(facts):
        missing = sorted(DAYS_OF["all"] - set().union(*(DAYS_OF[days] for days in rows["days"])))
        if missing:
            yield problem(
                "package_care",
                f"nobody is on duty for '{package}' on {first_few(missing)}; its care hours are given on the "
                f"other days",
                row=int(rows.index[0]),
                column="shift_type",
                value=rows["shift_type"].iloc[0],
                severity=Severity.INFO,
            )


def shifts_overlap(facts: Facts) -> Iterator[Problem]:
    """Shift types that a package uses are on duty at the same hours of the same days."""
    for package, rows in _shift_types_by_package(facts):
        pairs = [(one, two) for one, two in combinations(rows.itertuples(), 2) if _meet(one, two)]
        if pairs:
            more = f" (and {len(pairs) - 1} more pairs)" if len(pairs) > 1 else ""
            one, two = pairs[0]
            yield problem(
                "package_care",
                f"'{one.shift_type}' and '{two.shift_type}'{more} are on duty for '{package}' at the same "
                "hours; each gives its own care hours",
                row=int(two.Index),
                column="shift_type",
                value=two.shift_type,
                severity=Severity.INFO,
            )


def _meet(one: Any, two: Any) -> bool:
    """Whether two shift types share a day and meet on the clock."""
    return bool(DAYS_OF[one.days] & DAYS_OF[two.days]) and _hours_in_common(
        _clock(one.start), one.hours, _clock(two.start), two.hours
    )


def _hours_in_common(start: float, hours: float, other: float, other_hours: float) -> bool:
    """Whether two shifts meet on the clock (those over midnight wrap round)."""
    gap = (other - start) % HOURS_PER_DAY
    return bool(gap < hours or HOURS_PER_DAY - gap < other_hours)


def _clock(time: str) -> float:
    hours, minutes = str(time).split(":")[:2]
    return int(hours) + int(minutes) / 60


RULES = (
    shift_price_missing,
    shifts_above_maximum,
    shifts_below_minimum,
    shift_bounds_cross,
    shift_type_unused,
    cover_network_and_locality,
    cover_above_maximum,
    days_without_shifts,
    shifts_overlap,
)
