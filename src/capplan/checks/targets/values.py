"""Values of targets: units that do not fit the metric, increases and ramps that are half given, bounds that cross."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.errors import Problem, Severity
from capplan.results.metrics import Quantity, metrics_with
from capplan.schema.tables import TARGET_FILTERS

SAME_THING = ["metric", "value_is", "for_each", *TARGET_FILTERS]


def _are(targets: pd.DataFrame, **facts: object) -> pd.Series:
    """Which targets have metrics with these facts, such as `is_share=True`."""
    return targets["metric"].isin(metrics_with(**facts))


def target_not_agreed(facts: Facts) -> Iterator[Problem]:
    """A target has no value: it is reported and asks for nothing."""
    targets = facts.table("targets")
    yield from at_rows(
        facts,
        "targets",
        targets[targets["value"].isna()],
        "'{target}' has no value: not agreed yet; the plan reports it and need not meet anything",
        column="value",
        severity=Severity.INFO,
    )


def target_unit(facts: Facts) -> Iterator[Problem]:
    """The unit does not fit the metric: shares are shares, waits are days, counts are rates or totals."""
    targets = facts.table("targets")
    unit, is_share, is_wait = (
        targets["unit"],
        _are(targets, is_share=True),
        _are(targets, unit="days a person"),
    )
    wrong = {
        "share": is_share & (unit != "share"),
        "per_month, per_year or total": ~is_share & (unit == "share"),
        "total (days)": is_wait & ~unit.isin(["total", "share"]),
    }
    for right, rows in wrong.items():
        yield from at_rows(
            facts,
            "targets",
            targets[rows],
            "{metric} cannot be written {unit}",
            column="unit",
            now=f"write it as {right}",
        )


def target_out_of_range(facts: Facts) -> Iterator[Problem]:
    """A share outside 0 to 1, or a count below 0."""
    targets = facts.table("targets")
    is_share = targets["unit"] == "share"
    for column in ("value", "ramp_from", "baseline"):
        number = targets[column] + targets["baseline"].where(
            (targets["value_is"] == "increase") & (column != "baseline"), 0.0
        )
        yield from at_rows(
            facts,
            "targets",
            targets.assign(number=number)[is_share & ((number < 0) | (number > 1 + 1e-9))],
            f"{column} makes the share of '{{target}}' {{number}}; shares lie between 0 and 1",
            column=column,
            now="write 0.92 or 92% for ninety-two per cent",
        )
        yield from at_rows(
            facts,
            "targets",
            targets.assign(number=number)[~is_share & (number < 0) & ~_are(targets, quantity=Quantity.CASH)],
            f"{column} makes '{{target}}' {{number}}, and nothing can be counted below 0",
            column=column,
            now="correct the number",
        )


def increase_without_baseline(facts: Facts) -> Iterator[Problem]:
    """An increase on a baseline that is not given."""
    targets = facts.table("targets")
    yield from at_rows(
        facts,
        "targets",
        targets[(targets["value_is"] == "increase") & targets["value"].notna() & targets["baseline"].isna()],
        "'{target}' is an increase of {value} on a baseline that is not given",
        column="baseline",
        now="give the baseline, or leave value empty until it is known (never 0)",
    )


def ramp_half_given(facts: Facts) -> Iterator[Problem]:
    """A ramp needs both where it begins and when it ends, and an end after its beginning."""
    targets = facts.table("targets")
    begins, ends = targets["ramp_from"].notna(), targets["ramp_until"].notna()
    for one_given, other_missing, column in ((begins, ~ends, "ramp_until"), (ends, ~begins, "ramp_from")):
        yield from at_rows(
            facts,
            "targets",
            targets[one_given & other_missing],
            f"the ramp of '{{target}}' has no {column}",
            column=column,
            now="give ramp_from (the value at the beginning) and ramp_until (when the full value is "
            "reached), or neither",
        )
    first, last = facts.edges
    begin = targets["from"].fillna(first)
    yield from at_rows(
        facts,
        "targets",
        targets[targets["ramp_until"] <= begin],
        "the ramp of '{target}' ends on {ramp_until:date}, not after its beginning",
        column="ramp_until",
        now="give a later day",
    )
    # Beyond the end of the plan a ramp may well go on; beyond the target's own last day it hardly means to.
    for end, severity in ((targets["to"], Severity.WARNING), (targets["to"].fillna(last), Severity.INFO)):
        late = (
            begins & (targets["ramp_until"] > end) & (targets["to"].notna() == (severity is Severity.WARNING))
        )
        yield from at_rows(
            facts,
            "targets",
            targets[late],
            "the ramp of '{target}' ends on {ramp_until:date}, after its last day: the full value is "
            "never asked for",
            column="ramp_until",
            now="end the ramp earlier, if the full value is to be reached in this plan",
            severity=severity,
        )


def bounds_cross(facts: Facts) -> Iterator[Problem]:
    """The least and the most that is asked of the same thing contradict each other."""
    targets = facts.table("targets")
    targets = targets[targets["value"].notna()]
    first, last = facts.edges
    together = targets.fillna(dict.fromkeys(["for_each", *TARGET_FILTERS], ""))
    for _, group in together.groupby([*SAME_THING, "unit"], sort=False):
        span = list(zip(group["from"].fillna(first), group["to"].fillna(last), strict=True))
        for one, two in combinations(range(len(group)), 2):
            least, most = (
                group.iloc[i] for i in sorted((one, two), key=lambda i: group["sense"].iloc[i] == "max")
            )
            meet = max(span[one][0], span[two][0]) <= min(span[one][1], span[two][1])
            if (
                least["sense"] == most["sense"]
                or not meet
                or least["value"] <= most["value"] + _other_base(least, most)
            ):
                continue
            hard = bool(least["is_imposed"] and most["is_imposed"])
            hard = hard and np.isnan(least["shortfall_gbp"]) and np.isnan(most["shortfall_gbp"])
            yield problem(
                "targets",
                f"'{least['target']}' asks for at least {wording.exact(least['value'])} and '{most['target']}' for at "
                f"most {wording.exact(most['value'])} of the same thing",
                row=max(int(least.name), int(most.name)),
                column="value",
                value=group.iloc[two]["value"],
                now="raise the maximum or lower the minimum",
                severity=Severity.ERROR if hard else Severity.WARNING,
            )


def _other_base(least: pd.Series, most: pd.Series) -> float:
    """How much higher the baseline lies on which the maximum counts, where both are increases."""
    if least["value_is"] == "level":
        return 0.0
    return float(np.nan_to_num(most["baseline"]) - np.nan_to_num(least["baseline"]))


RULES = (
    target_not_agreed,
    target_unit,
    target_out_of_range,
    increase_without_baseline,
    ramp_half_given,
    bounds_cross,
)
