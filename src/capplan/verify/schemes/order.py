"""Schemes: the table `schemes` against the windows, order, pilots, limits and costs that the instance states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from capplan import wording
from capplan.errors import Problem
from capplan.verify.differences import not_multiple, unequal
from capplan.verify.evidence import Evidence, once

NEVER = 10**9
"""A period after all others: when what never goes live goes live."""


@once
def _live(evidence: Evidence) -> pd.DataFrame:
    """Whether each roll-out (scheme, locality) is live, by period."""
    return evidence.wide("schemes", "is_live", "scheme", "locality") > 0.5


@once
def went_live(evidence: Evidence) -> pd.Series:
    """Position of the period in which each roll-out goes live: -1 before the start, NEVER if it does not."""
    live = _live(evidence).to_numpy()
    first = np.where(live.any(axis=1), live.argmax(axis=1), NEVER) if live.size else np.array([], dtype=int)
    went = pd.Series(first, _live(evidence).index)
    already = went.index.get_level_values("scheme").map(_rows(evidence)["is_live"]).to_numpy(bool)
    return went.mask(already, -1)


def _rows(evidence: Evidence) -> pd.DataFrame:
    return evidence.instance.table("schemes").set_index("scheme")


def _places(evidence: Evidence, scheme: str) -> list[str]:
    """Localities of a scheme's roll-outs; "" of one that goes live everywhere at once."""
    if not _rows(evidence).at[scheme, "by_locality"]:
        return [""]
    own = evidence.instance.table("scheme_localities")
    named = own.loc[own["scheme"] == scheme, "locality"]
    return sorted(named if len(named) else evidence.instance.table("localities")["locality"])


def _listed(cell: Any) -> list[str]:
    return [] if pd.isna(cell) else sorted(str(cell).split(";"))


def _problem(rule: str, key: tuple[str, str], message: str) -> Problem:
    return Problem("schemes", rule, f"{', '.join(filter(None, key))}: {message}")


def scheme_rows(evidence: Evidence) -> Iterator[Problem]:
    """Every roll-out of every scheme has a row for each period, live or not."""
    wanted = {(scheme, place) for scheme in _rows(evidence).index for place in _places(evidence, scheme)}
    table = evidence.tables["schemes"]
    counts = table.groupby(["scheme", "locality"])["period"].nunique()
    for key in sorted(wanted ^ set(counts.index)):
        yield _problem("scheme_rows", key, "the rows are missing" if key in wanted else "no such roll-out")
    for key in counts.index[counts != len(evidence.horizon)]:
        yield _problem("scheme_rows", key, "not every period has a row")
    is_live = evidence.wide("schemes", "is_live", "scheme", "locality")
    yield from not_multiple("schemes", "is_live_whole", "is_live", is_live, 1.0)


def once_and_for_good(evidence: Evidence) -> Iterator[Problem]:
    """A scheme goes live once, and stays so until it ends."""
    periods = pd.DatetimeIndex(evidence.horizon.starts[:-1])
    for key, live in _live(evidence).iterrows():
        row, went = _rows(evidence).loc[key[0]], went_live(evidence)[key]
        t = np.arange(len(periods))
        expected = t >= went
        if pd.notna(row["ends"]):
            expected &= periods <= row["ends"]
        if pd.notna(row["lasts_periods"]) and not row["is_live"]:
            expected &= t < went + row["lasts_periods"]
        for period in live.index[live.to_numpy() != expected]:
            yield _problem("once_and_for_good", key, f"is_live is {live[period]} in {period}")


def window(evidence: Evidence) -> Iterator[Problem]:
    """A scheme goes live at a decision point between its first and its last day."""
    periods = pd.DatetimeIndex(evidence.horizon.starts[:-1])
    own = evidence.instance.table("scheme_localities").set_index(["scheme", "locality"])["earliest"].dropna()
    for key, went in went_live(evidence).items():
        if not 0 <= went < NEVER:
            continue
        row, day = _rows(evidence).loc[key[0]], periods[went]
        if not evidence.is_decision[went]:
            yield _problem(
                "decision_points", key, f"goes live on {wording.cell(day)}, between two decision points"
            )
        earliest = own.get(key, row["earliest"])
        if (pd.notna(earliest) and day < earliest) or (pd.notna(row["latest"]) and day > row["latest"]):
            yield _problem("scheme_window", key, f"goes live on {wording.cell(day)}, outside its window")


def mandatory(evidence: Evidence) -> Iterator[Problem]:
    """A mandatory scheme goes live."""
    for key, went in went_live(evidence).items():
        if _rows(evidence).at[key[0], "mandatory"] and went == NEVER:
            yield _problem("scheme_mandatory", key, "is mandatory and never goes live")


def order(evidence: Evidence) -> Iterator[Problem]:
    """No scheme goes live before what it requires, in the same locality where both go by locality."""
    for key, other in _pairs(evidence, "requires"):
        went = went_live(evidence)
        if 0 <= went[key] < went[other]:
            name = " in ".join(filter(None, other))
            yield _problem("scheme_order", key, f"goes live before {name}, which it requires")


def exclusion(evidence: Evidence) -> Iterator[Problem]:
    """Schemes that exclude each other are never live in the same period and locality."""
    for key, other in _pairs(evidence, "excludes"):
        both = _live(evidence).loc[key].to_numpy() & _live(evidence).loc[other].to_numpy()
        if both.any() and key != other:
            yield _problem("scheme_exclusion", key, f"is live together with {other[0]}, which it excludes")


def _pairs(evidence: Evidence, column: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Roll-outs and those that they require or exclude."""
    rollouts = set(went_live(evidence).index)
    for scheme, cell in _rows(evidence)[column].items():
        for other in _listed(cell):
            for place in _places(evidence, scheme):
                for there in _places(evidence, other):
                    pair = (scheme, place), (other, there)
                    if (not place or not there or place == there) and rollouts.issuperset(pair):
                        yield pair


def pilot(evidence: Evidence) -> Iterator[Problem]:
    """No locality goes live before the pilot has run its time."""
    went = went_live(evidence)
    for key, point in went.items():
        row = _rows(evidence).loc[key[0]]
        first = (key[0], row["pilot_locality"])
        if not key[1] or first not in went.index or first == key or point == NEVER:
            continue
        if 0 <= point < went[first] + row["pilot_periods"]:
            yield _problem("scheme_pilot", key, f"goes live before the pilot in {first[1]} has run its time")


def go_live_limit(evidence: Evidence) -> Iterator[Problem]:
    """No more localities go live at once than allowed for the periods until the next decision."""
    points = [*evidence.horizon.decision_points, len(evidence.horizon)]
    until_next = dict(zip(points, np.diff(points), strict=False))
    went = went_live(evidence)
    for scheme, most in _rows(evidence)["go_lives_max_per_period"].dropna().items():
        counts = went[went.index.get_level_values("scheme") == scheme].value_counts()
        for point, count in counts.items():
            most_now = most * until_next.get(point, np.inf)
            if count > most_now:
                period, may = evidence.horizon.periods[point], wording.exact(most_now)
                message = f"{count} localities go live on {period}, at most {may} may"
                yield _problem("go_live_limit", (scheme, ""), message)


def amounts(evidence: Evidence) -> Iterator[Problem]:
    """What the table says a scheme costs is what `costs` says."""
    reported = evidence.wide("schemes", "gbp", "scheme", "locality")
    costs = evidence.tables["costs"]
    costs = costs[costs["item"] == "schemes"].rename(columns={"key": "scheme"})
    expected = evidence.spread(costs, "gbp", "scheme", "locality")
    yield from unequal("schemes", "scheme_gbp", "gbp", reported, expected)
