"""When capacity can be had: dates that run backwards or miss the plan."""

from __future__ import annotations

from collections.abc import Iterator

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.found import at_rows
from capplan.errors import Problem, Severity

AVAILABLE = ("site_beds", "staff", "shifts")


def available_window_backwards(facts: Facts) -> Iterator[Problem]:
    """available_to lies before available_from."""
    for table in AVAILABLE:
        rows = facts.table(table)
        yield from at_rows(
            facts,
            table,
            rows[rows["available_to"] < rows["available_from"]],
            "available from {available_from:date} to {available_to:date}: the end lies before the beginning",
            column="available_to",
            now="swap or correct the dates",
        )


def never_available(facts: Facts) -> Iterator[Problem]:
    """Something can be had only before or after the plan."""
    first, last = facts.edges
    for table in AVAILABLE:
        rows = facts.table(table)
        yield from at_rows(
            facts,
            table,
            rows[(rows["available_to"] < first) | (rows["available_from"] > last)],
            f"cannot be had during the plan ({wording.date(first)} to {wording.date(last)})",
            column="available_from",
            now="correct the dates, or leave the row out",
            severity=Severity.WARNING,
        )


def beds_before_available(facts: Facts) -> Iterator[Problem]:
    """Beds are open today at a unit that can be had only from a later day."""
    units = facts.table("site_beds")
    yield from at_rows(
        facts,
        "site_beds",
        units[(units["beds"] > 0) & (units["available_from"] > facts.edges[0])],
        "{beds} beds are open today at '{site}', but can be had only from {available_from:date}",
        column="available_from",
        now="leave available_from empty, or set beds to 0",
    )


RULES = (available_window_backwards, never_available, beds_before_available)
