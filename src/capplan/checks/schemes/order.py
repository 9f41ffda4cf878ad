"""Schemes: windows, order, pilots and ends that contradict one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.errors import Problem, Severity
from capplan.geography import names

BY_LOCALITY = ("go_lives_max_per_period", "pilot_locality", "pilot_periods")
NOT_DECIDED = ("earliest", "latest", "lasts_periods", "lag_periods", "ramp_periods")


def scheme_without_window(facts: Facts) -> Iterator[Problem]:
    """No decision point lies between the first and the last day on which a scheme may go live."""
    schemes = facts.table("schemes")
    row_of = dict(zip(schemes["scheme"], schemes.index, strict=True))
    for rollout in facts.rollouts.rollouts.values():
        if rollout.points or rollout.is_live:
            continue
        where = f" in '{rollout.locality}'" if rollout.locality else ""
        must = bool(rollout.row["mandatory"])
        yield problem(
            "schemes",
            f"'{rollout.scheme}' can never go live{where}: no decision point lies in its window and before its end"
            + (", and it is mandatory" if must else ""),
            row=int(row_of[rollout.scheme]),
            column="earliest",
            value=rollout.row["earliest"],
            now="widen the window (earliest, latest, ends), or let capacity_changes_every say more decision points",
            severity=Severity.ERROR if must else Severity.WARNING,
        )


def scheme_window_backwards(facts: Facts) -> Iterator[Problem]:
    """A scheme's last day to go live, or its end, comes before its first day."""
    schemes = facts.table("schemes")
    for column in ("latest", "ends"):
        yield from at_rows(
            facts,
            "schemes",
            schemes[schemes[column] < schemes["earliest"]],
            f"{column} of '{{scheme}}' is {{{column}:date}}, before its earliest day",
            column=column,
            now="correct one of the two dates",
        )


def scheme_ended_before_start(facts: Facts) -> Iterator[Problem]:
    """A scheme is live, and ended before the plan starts."""
    schemes = facts.table("schemes")
    yield from at_rows(
        facts,
        "schemes",
        schemes[schemes["is_live"] & (schemes["ends"] < facts.edges[0])],
        "'{scheme}' is live, and ends on {ends:date}, before the plan starts",
        column="ends",
        now="leave is_live and the scheme out, or correct ends",
        severity=Severity.WARNING,
    )


def scheme_live_already(facts: Facts) -> Iterator[Problem]:
    """What is live already has no window, no ramp and nothing to wait for."""
    schemes = facts.table("schemes")
    live = schemes[schemes["is_live"]]
    for column in (*NOT_DECIDED, "mandatory"):
        is_given = live[column].notna() & (live[column] != 0)
        yield from at_rows(
            facts,
            "schemes",
            live[is_given],
            f"'{{scheme}}' is live already, with its full effect: {column} is not used",
            column=column,
            now=f"leave {column} empty (ends says when it stops)",
            severity=Severity.WARNING,
        )


def scheme_requires_itself(facts: Facts) -> Iterator[Problem]:
    """Schemes that wait for one another in a circle never go live."""
    schemes = facts.table("schemes")
    required = {row["scheme"]: names(row["requires"]) for row in schemes.to_dict("records")}
    for row, scheme in zip(schemes.index, schemes["scheme"], strict=True):
        circle = _way_back(scheme, required)
        if circle:
            yield problem(
                "schemes",
                f"'{scheme}' waits for itself: {' requires '.join(circle)}",
                row=int(row),
                column="requires",
                value=";".join(sorted(required[scheme])),
                now="one of them must be able to go live first",
            )


def _way_back(scheme: str, required: Mapping[str, frozenset[str]]) -> list[str]:
    """A shortest way from a scheme over what it requires back to itself; empty where there is none."""
    ways = [[scheme, first] for first in sorted(required[scheme])]
    seen: set[str] = set()
    for way in ways:
        if way[-1] == scheme:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend([*way, following] for following in sorted(required.get(way[-1], frozenset())))
    return []


def scheme_requires_what_it_excludes(facts: Facts) -> Iterator[Problem]:
    """A scheme requires one that never ends and that it is never live with."""
    for number, row, other in _required(facts):
        if _exclude(row, other) and not _ends(other):
            yield problem(
                "schemes",
                f"'{row['scheme']}' requires '{other['scheme']}', which it is never live with and which never ends",
                row=number,
                column="requires",
                value=row["requires"],
                now="take it out of requires or out of excludes, or give the first an end",
            )


def _required(facts: Facts) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    """Rows of schemes, by number, each with the row of every scheme that it requires."""
    numbered = facts.table("schemes").to_dict("index")
    rows = {row["scheme"]: row for row in numbered.values()}
    for number, row in numbered.items():
        for other in sorted(names(row["requires"]) & set(rows)):
            yield int(number), row, rows[other]


def scheme_mandatory_excluded(facts: Facts) -> Iterator[Problem]:
    """Two schemes that must both go live, never end, and are never live together."""
    schemes = facts.table("schemes")
    must = schemes[(schemes["mandatory"] | schemes["is_live"])].to_dict("records")
    index = dict(zip(schemes["scheme"], schemes.index, strict=True))
    for n, row in enumerate(must):
        for other in must[:n]:
            if _exclude(row, other) and not _ends(row) and not _ends(other):
                yield problem(
                    "schemes",
                    f"'{other['scheme']}' and '{row['scheme']}' are both mandatory or live, and exclude each other",
                    row=int(index[row["scheme"]]),
                    column="excludes",
                    value=row["excludes"],
                    now="let one of them end, or be a choice",
                )


def _exclude(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return other["scheme"] in names(row["excludes"]) or row["scheme"] in names(other["excludes"])


def _ends(row: Mapping[str, Any]) -> bool:
    return bool(pd.notna(row["ends"]) or pd.notna(row["lasts_periods"]))


def scheme_requires_elsewhere(facts: Facts) -> Iterator[Problem]:
    """A locality waits for a scheme in which it cannot take part."""
    places = {j: {r.locality for r in rollouts} for j, rollouts in facts.rollouts.of_scheme.items()}
    for number, row, other in _required(facts):
        own, there = places.get(row["scheme"], set()), places.get(other["scheme"], set())
        missing = sorted(own - there) if "" not in own | there else []
        if missing:
            yield problem(
                "schemes",
                f"'{row['scheme']}' requires '{other['scheme']}', in which {', '.join(missing)} cannot take part",
                row=number,
                column="requires",
                value=row["requires"],
                now="add the localities to the other scheme's scheme_localities, or take them out of this one's",
            )


def scheme_pilot_elsewhere(facts: Facts) -> Iterator[Problem]:
    """The pilot is in a locality that cannot take part."""
    schemes = facts.table("schemes")
    piloted = schemes[schemes["by_locality"] & schemes["pilot_locality"].notna()]
    places = {j: {r.locality for r in rollouts} for j, rollouts in facts.rollouts.of_scheme.items()}
    pairs = zip(piloted["scheme"], piloted["pilot_locality"], strict=True)
    elsewhere = pd.Series([pilot not in places[j] for j, pilot in pairs], piloted.index, dtype=bool)
    yield from at_rows(
        facts,
        "schemes",
        piloted[elsewhere],
        "the pilot of '{scheme}' is in '{pilot_locality}', which has no row in scheme_localities",
        column="pilot_locality",
        now="add the row, or choose another pilot",
    )


def scheme_pilot_without_locality(facts: Facts) -> Iterator[Problem]:
    """A pilot runs for some periods, and nothing says where."""
    schemes = facts.table("schemes")
    yield from at_rows(
        facts,
        "schemes",
        schemes[schemes["by_locality"] & schemes["pilot_locality"].isna() & (schemes["pilot_periods"] > 0)],
        "the pilot of '{scheme}' runs for {pilot_periods} periods, and pilot_locality does not say where",
        column="pilot_periods",
        now="name the locality that goes first",
    )


def scheme_not_by_locality(facts: Facts) -> Iterator[Problem]:
    """Columns for a scheme that goes live locality by locality, of one that goes live everywhere at once."""
    schemes = facts.table("schemes")
    whole = schemes[~schemes["by_locality"]]
    for column in BY_LOCALITY:
        is_given = whole[column].notna() & (whole[column] != 0)
        yield from at_rows(
            facts,
            "schemes",
            whole[is_given],
            f"'{{scheme}}' goes live everywhere at once: {column} says nothing",
            column=column,
            now=f"say by_locality = yes, or leave {column} empty",
        )
    rows = facts.table("scheme_localities")
    yield from at_rows(
        facts,
        "scheme_localities",
        rows[rows["scheme"].isin(whole["scheme"])],
        "'{scheme}' goes live everywhere at once, not in '{locality}' alone",
        column="scheme",
        now="say by_locality = yes in schemes, or leave its rows out here",
    )


def scheme_says_nothing(facts: Facts) -> Iterator[Problem]:
    """A scheme without a cost and without an effect."""
    schemes = facts.table("schemes")
    free = (schemes["one_off_gbp"] == 0) & (schemes["month_gbp"] == 0)
    needed = {name for cell in schemes["requires"] for name in names(cell)}
    idle = ~schemes["scheme"].isin({*facts.table("scheme_effects")["scheme"], *needed})
    yield from at_rows(
        facts,
        "schemes",
        schemes[free & idle],
        "'{scheme}' costs nothing and changes nothing",
        column="scheme",
        now="give its costs, and its effects in scheme_effects",
        severity=Severity.WARNING,
    )


RULES = (
    scheme_without_window,
    scheme_window_backwards,
    scheme_ended_before_start,
    scheme_live_already,
    scheme_requires_itself,
    scheme_requires_what_it_excludes,
    scheme_mandatory_excluded,
    scheme_requires_elsewhere,
    scheme_pilot_elsewhere,
    scheme_pilot_without_locality,
    scheme_not_by_locality,
    scheme_says_nothing,
)
