"""Limits that are alike, such as the beds of one type at several sites: told on one line, and weighed together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from capplan import wording
from capplan.explain.limits.limit import Change, Filters, Limit
from capplan.explain.rules import Naming, amount, rule

SHOWN = 4
"""So many places are named on a line."""
Key = tuple[str, Filters, str]
"""A cell: table, filters, column."""
Line = Callable[[Sequence[Limit], Naming], str]


@dataclass(frozen=True)
class SimilarLimits:
    """How limits of one name are told together.

    `by` are the filters that they have in common, `line` the line for several, `unit` what their sum is counted in
    (singular, plural), empty where values do not add up. `from_n` is from how many on they are told together.
    """

    by: tuple[str, ...]
    line: Line
    unit: tuple[str, str] = ("", "")
    from_n: int = 2


def likeness(limit: Limit) -> tuple[str, ...]:
    """What limits that are told on one line have in common; of those told alone, what none else has."""
    if limit.what not in SIMILAR:
        return limit.what, limit.table, str(limit.filters)
    return limit.what, limit.table, *(limit.named(column) for column in SIMILAR[limit.what].by)


def lines(limits: Sequence[Limit]) -> list[list[Limit]]:
    """The limits by the line on which they are told, in their order."""
    by_line: dict[tuple[str, ...], list[Limit]] = {}
    for limit in limits:
        by_line.setdefault(likeness(limit), []).append(limit)
    return [
        line
        for together in by_line.values()
        for line in ([together] if len(together) >= _from_n(together[0]) else [[limit] for limit in together])
    ]


def line_of(limits: Sequence[Limit], naming: Naming) -> str:
    """The rule of one limit, or of several that are alike, with the values they have."""
    if len(limits) == 1:
        return rule(limits[0], naming)
    return SIMILAR[limits[0].what].line(limits, naming)


def would_do(limits: Sequence[Limit], needed: Mapping[Key, Change], naming: Naming) -> str:
    """What the limits of a line would have to be for the others of their conflict to hold; empty where not known."""
    changes = [needed[limit.key] for limit in limits if limit.key in needed]
    if not changes or changes[0].limit.instead is not None:
        return ""
    limit = limits[0]
    if len(limits) == 1:
        what = "could be held" if limit.what == "target" else "would do"
        return f" ({amount(limit, changes[0].value, naming)} {what})"
    unit = SIMILAR[limit.what].unit
    if not unit[0]:
        return ""
    total = sum(member.value for member in limits) + limit.direction * sum(
        change.amount for change in changes
    )
    return f" ({wording.count(total, *unit)} would do)"


def _from_n(limit: Limit) -> int:
    return SIMILAR[limit.what].from_n if limit.what in SIMILAR else 2


def _summed(
    least: str, unit: tuple[str, str], resource: Callable[[Limit, Naming], str], more: str = ""
) -> Line:
    """At most 15 beds (Step-up bed) at Warminster (10) and Savernake (5)."""

    def line(limits: Sequence[Limit], naming: Naming) -> str:
        places = [f"{_place(limit, naming)} ({wording.number(limit.value)})" for limit in limits]
        total = wording.count(sum(limit.value for limit in limits), *unit)
        at = "at" if limits[0].table == "site_beds" else "for"
        added = more.format(period=naming.period)
        return f"{least} {total}{added} ({resource(limits[0], naming)}) {at} {wording.listed(places, SHOWN)}"

    return line


def _place(limit: Limit, naming: Naming) -> str:
    site = limit.named("site")
    return naming.of(site, "sites") if site else naming.team(limit.named("locality"))


def _bed_type(limit: Limit, naming: Naming) -> str:
    return naming.bed_type(limit.named("bed_type"))


def _role(limit: Limit, naming: Naming) -> str:
    return naming.of(limit.named("role"), "roles")


def _crew(limit: Limit, naming: Naming) -> str:
    return naming.of(limit.named("shift_type"), "shift_types")


def _listing(before: str, column: str, table: str) -> Line:
    """Nobody may wait from one month to the next: Crisis and End of life."""

    def line(limits: Sequence[Limit], naming: Naming) -> str:
        names = [naming.of(limit.named(column), table) for limit in limits]
        words = {"period": naming.period, "range": _range(limits, naming)}
        return f"{before.format(**words)}{wording.listed(names, SHOWN, '; ')}"

    return line


def _suits(limits: Sequence[Limit], naming: Naming) -> str:
    """Rehab at home suits at most 20% to 40% of Discharge and Crisis."""
    pathways = [naming.of(limit.named("pathway"), "pathways") for limit in limits]
    package = naming.of(limits[0].named("package"), "packages")
    shown = wording.listed(list(dict.fromkeys(pathways)), SHOWN, "; ")
    return f"{package} suits at most {_range(limits, naming)} of {shown}"


def _range(limits: Sequence[Limit], naming: Naming) -> str:
    """1 to 3 months; 2 days, where all are alike."""
    low, high = min(limits, key=lambda limit: limit.value), max(limits, key=lambda limit: limit.value)
    first, last = amount(low, low.value, naming), amount(high, high.value, naming)
    return last if first == last else f"{first} to {last}"


def _capacity(after: str) -> Line:
    """24 units of beds (at Warminster, Savernake and 22 more) take 1 to 3 months to open."""
    kinds = {"site_beds": "units of beds (at", "staff": "teams (for", "shifts": "crews (for"}

    def line(limits: Sequence[Limit], naming: Naming) -> str:
        places = list(dict.fromkeys(_place(limit, naming) for limit in limits))
        what = kinds[limits[0].table]
        shown = wording.listed(places, SHOWN)
        return f"{wording.number(len(limits))} {what} {shown}) {after.format(range=_range(limits, naming))}"

    return line


BEDS, WTE, SHIFTS = ("bed", "beds"), ("WTE", "WTE"), ("shift", "shifts")
SIMILAR: Mapping[str, SimilarLimits] = {
    "beds_max": SimilarLimits(("bed_type",), _summed("at most", BEDS, _bed_type), BEDS),
    "beds_min": SimilarLimits(("bed_type",), _summed("at least", BEDS, _bed_type), BEDS),
    "wte_max": SimilarLimits(("role",), _summed("at most", WTE, _role), WTE),
    "wte_min": SimilarLimits(("role",), _summed("at least", WTE, _role), WTE),
    "hires_max_per_period": SimilarLimits(
        ("role",), _summed("at most", WTE, _role, " recruited a {period}"), WTE
    ),
    "shifts_max": SimilarLimits(("shift_type",), _summed("at most", SHIFTS, _crew), SHIFTS),
    "shifts_min": SimilarLimits(("shift_type",), _summed("at least", SHIFTS, _crew), SHIFTS),
    "site_beds_max": SimilarLimits(
        (), _listing("buildings hold at most {range}: ", "site", "sites"), from_n=3
    ),
    "can_open": SimilarLimits((), _listing("closed, and may not open: ", "site", "sites"), from_n=3),
    "lead_periods": SimilarLimits((), _capacity("take {range} to open"), from_n=3),
    "notice_periods": SimilarLimits((), _capacity("have {range} of notice"), from_n=3),
    "available_from": SimilarLimits((), _capacity("are available from {range}"), from_n=3),
    "wait_days_max": SimilarLimits(
        (), _listing("people wait at most {range} on average: ", "pathway", "pathways"), from_n=3
    ),
    "delay_day_gbp": SimilarLimits(
        (), _listing("nobody may wait from one {period} to the next: ", "pathway", "pathways")
    ),
    "unmet_gbp": SimilarLimits((), _listing("everybody must start: ", "pathway", "pathways")),
    "travel_minutes_max": SimilarLimits(
        (), _listing("a journey to a site takes at most {range}: ", "pathway", "pathways"), from_n=3
    ),
    "share_max": SimilarLimits(("package",), _suits, from_n=3),
}
"""Limits of which several are told on one line, by their name."""
