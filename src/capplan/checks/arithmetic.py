"""Suspicious arithmetic: numbers that may be right and look like a slip of unit or of the pen."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.checks.targets.filters import choose
from capplan.checks.targets.reachable import periods_held, required
from capplan.checks.targets.values import SAME_THING
from capplan.checks.unusual import NEAR, WEEKS_PER_YEAR
from capplan.errors import Problem, Severity
from capplan.results.metrics import Quantity, metrics_with
from capplan.schema.tables import TARGET_FILTERS
from capplan.schema.tables.parts import DAYS_PER_YEAR
from capplan.wording import exact, figures

PER_YEAR = {"per_day": DAYS_PER_YEAR, "per_week": WEEKS_PER_YEAR, "per_month": 12.0, "per_year": 1.0}
SLIPS = {
    12.0: "the months of a year",
    WEEKS_PER_YEAR: "the weeks of a year",
    7.0: "the days of a week",
    WEEKS_PER_YEAR / 12: "the weeks of a month",
    DAYS_PER_YEAR / 12: "the days of a month",
    DAYS_PER_YEAR: "the days of a year",
}
"""Factors between two numbers that give away a slip of unit."""
DISAGREE = 0.005


def arithmetic_targets_disagree(facts: Facts) -> Iterator[Problem]:
    """Two targets on the same thing whose monthly, weekly or yearly numbers do not fit each other."""
    targets = facts.table("targets")
    first, last = facts.edges
    targets = targets.assign(start=targets["from"].fillna(first), end=targets["to"].fillna(last))
    targets = targets.fillna(dict.fromkeys(["for_each", *TARGET_FILTERS], ""))
    for _, group in targets.groupby([*SAME_THING, "sense"], sort=False):
        for later in range(1, len(group)):
            for earlier in range(later):
                yield from _disagreements(facts, group.iloc[earlier], group.iloc[later])


def _disagreements(facts: Facts, one: pd.Series, two: pd.Series) -> Iterator[Problem]:
    if max(one["start"], two["start"]) > min(one["end"], two["end"]):
        return
    for column in ("value", "baseline"):
        a, b = (target[column] * _per_year(facts, target) for target in (one, two))
        # Written so that an empty number, or 0, ends here.
        if not (a > 0 and b > 0) or abs(b / a - 1) <= DISAGREE:
            continue
        slip = _slip(b / a)
        if one["unit"] == two["unit"] and not slip:
            continue
        yield problem(
            "targets",
            f"{column} {exact(two[column])} {two['unit']} of '{two['target']}' and {exact(one[column])} "
            f"{one['unit']} of '{one['target']}' (row {one.name}) are the same thing, and one is "
            f"{figures(max(a / b, b / a))} times the other{slip}",
            row=int(two.name),
            column=column,
            value=two[column],
            now="correct one of them, or begin the note with 'accepted:'",
            severity=Severity.WARNING,
        )


def _per_year(facts: Facts, target: pd.Series) -> float:
    """How many of the target's units a year has."""
    if target["unit"] == "total":
        one = {**target.to_dict(), "value": 1.0, "value_is": "level", "ramp_from": None}
        months = facts.horizon.months[periods_held(facts.horizon, target)].sum()
        return float(required(facts.horizon, one).sum() / max(months, 1e-9) * 12)
    return PER_YEAR.get(str(target["unit"]), 1.0)


def _slip(ratio: float) -> str:
    for factor, what in SLIPS.items():
        if min(abs(ratio / factor - 1), abs(ratio * factor - 1)) <= NEAR:
            return f": looks like a unit slip ({figures(factor)}, {what})"
    return ""


def arithmetic_baseline_beyond_target(facts: Facts) -> Iterator[Problem]:
    """Today's number is better already than what is asked for."""
    targets = facts.table("targets")
    targets = targets[targets["value_is"] == "level"]
    for sense, words, beyond in (
        ("min", "at least", targets["baseline"] > targets["value"]),
        ("max", "at most", targets["baseline"] < targets["value"]),
    ):
        yield from at_rows(
            facts,
            "targets",
            targets[(targets["sense"] == sense) & beyond],
            f"'{{target}}' asks for {words} {{value}}, and the baseline is {{baseline}} already",
            column="baseline",
            now="look at the units of the two; an increase on the baseline is value_is = increase",
            severity=Severity.WARNING,
        )


def arithmetic_nobody_helped(facts: Facts) -> Iterator[Problem]:
    """A package that never succeeds, or a locality where nobody aged 65 or over lives."""
    eligibility, localities = facts.table("eligibility"), facts.table("localities")
    yield from at_rows(
        facts,
        "eligibility",
        eligibility[eligibility["success"] == 0],
        "'{package}' never helps people on '{pathway}' (success 0)",
        column="success",
        now="leave success empty if it is not known (it then counts as 1), or take the row out",
        severity=Severity.WARNING,
    )
    yield from at_rows(
        facts,
        "localities",
        localities[localities["population_65_plus"] == 0],
        "nobody aged 65 or over lives in '{locality}'",
        column="population_65_plus",
        now="leave it empty if it is not known",
        severity=Severity.WARNING,
    )


def arithmetic_target_twelve_times_referrals(facts: Facts) -> Iterator[Problem]:
    """A target is twelve times, or a twelfth of, the people referred: months taken for years."""
    targets = facts.table("targets")
    counts = targets[
        targets["metric"].isin(metrics_with(quantity=Quantity.STARTS, is_ratio=False))
        & (targets["value_is"] == "level")
        & targets["value"].notna()
    ]
    counts = counts[counts["unit"] != "share"]
    for row, target in counts.to_dict("index").items():
        held, left = periods_held(facts.horizon, target), choose(facts, target)
        pathways = left.pathways.index[left.pathways]
        people = sum(
            facts.people(pathway)[left.localities][:, left.hospitals][:, :, held].sum()
            for pathway in pathways
        )
        wanted = required(facts.horizon, {**target, "ramp_from": None})[held].sum()
        ratio = wanted / people if people else 0.0
        if abs(ratio / 12 - 1) <= NEAR or abs(ratio * 12 - 1) <= NEAR:
            yield problem(
                "targets",
                f"'{target['target']}' asks for {figures(wanted)} people, and {figures(people)} are referred "
                f"while it holds: looks like a unit slip (12, the months of a year)",
                row=int(row),
                column="value",
                value=target["value"],
                now="look at the units of the target and of referrals",
                severity=Severity.WARNING,
            )


RULES = (
    arithmetic_targets_disagree,
    arithmetic_baseline_beyond_target,
    arithmetic_nobody_helped,
    arithmetic_target_twelve_times_referrals,
)
