"""Every number of every plan, and by how much it differs from the baseline's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, isnan

import pandas as pd

from capplan import cells, wording
from capplan.compare import targets
from capplan.compare.measures import GROUPS, NOT_KNOWN, Values
from capplan.compare.runs_compared import View
from capplan.solved import Solved

COLUMNS = (
    *("group", "key", "where", "unit", "run", "value"),
    *("difference", "difference_share", "is_no_difference"),
)
HALF_A_PENNY = 0.005
"""Money that differs by less is the same [£]."""
Row = tuple[str, str]


def differences(views: Sequence[View]) -> pd.DataFrame:
    """Every measure of every plan, beside the first one's (the baseline's).

    One row per (group, key, where, run), key a bed type, pathway, funder … and where a locality, team … (both empty:
    in all): unit, value, difference (value - the baseline's), difference_share (of the baseline's), is_no_difference
    [yes/no]: equal but for rounding, or money that the gaps of the two plans leave open (`left_open`). Empty value: not
    known, or no such thing in the plan.
    """
    rows = [row for measured in _all(views) for row in _rows(views, measured)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def left_open(baseline: Solved, plan: Solved) -> tuple[float, float]:
    """How much less, and how much more, a plan may cost than the baseline without a difference being proved [£].

    The least cost of a question lies between the bound and the cost of its plan. Two plans do not differ where
    neither's bound is above the other's cost: cost - baseline's cost is at most this plan's own cost - bound, and at
    least -(the baseline's cost - bound). Where nothing is proved the margin is 0.
    """
    return _unproved(baseline), _unproved(plan)


def _unproved(plan: Solved) -> float:
    return 0.0 if plan.bound is None else max(plan.objective - plan.bound, 0.0)


@dataclass(frozen=True)
class _Measured:
    """Numbers of one kind in each plan, None of a plan that has not the table they come from.

    `units` has those that differ from row to row.
    """

    group: str
    values: Sequence[Values | None]
    unit: str
    units: Mapping[Row, str] = field(default_factory=dict)
    absent: float = 0.0
    is_money: bool = False

    @property
    def keys(self) -> list[Row]:
        """Every key and place that a plan has, in the order of the baseline's, then of the others'."""
        return list(dict.fromkeys(key for numbers in self.values for key in numbers or {}))


def _all(views: Sequence[View]) -> Iterator[_Measured]:
    yield from _of_targets(views)
    for group in GROUPS:
        values = [group.of(view) if view.has(group.table) else None for view in views]
        yield _Measured(group.name, values, group.unit, {}, group.absent, group.is_money)


def _of_targets(views: Sequence[View]) -> Iterator[_Measured]:
    rows = targets.comparable(views)
    names = [view.run.name for view in views]
    counted = {name: targets.counts(of_run) for name, of_run in rows.items()}
    measured = {
        view.run.name: targets.numbers(view, rows[view.run.name]) for view in views if view.run.name in rows
    }
    for group in targets.COUNTED:
        yield _Measured(group, [counted[run][group] if run in counted else None for run in names], "targets")
    units: dict[Row, str] = {}
    lacks: dict[Row, str] = {}
    for name in reversed([run for run in names if run in rows]):  # the baseline has the last word
        units |= measured[name][1]
        lacks |= targets.shortfall_units(rows[name])
    for group in targets.MEASURED:
        values = [measured[run][0][group] if run in measured else None for run in names]
        units_of_group = {"target_shortfall": lacks, "target_is_met": {}}.get(group, units)
        yield _Measured(group, values, targets.MEASURED[group], units_of_group, NOT_KNOWN)


def _rows(views: Sequence[View], measured: _Measured) -> Iterator[tuple[object, ...]]:
    for key in measured.keys:
        numbers = [
            NOT_KNOWN if values is None else values.get(key, measured.absent) for values in measured.values
        ]
        if all(isnan(number) for number in numbers):
            continue
        unit = measured.units.get(key, measured.unit)
        for view, number in zip(views, numbers, strict=True):
            margin = (0.0, 0.0)
            if measured.is_money and view is not views[0]:
                margin = left_open(views[0].run.solved, view.run.solved)
            difference = _difference(
                numbers[0], number, *margin, least=HALF_A_PENNY if unit.startswith("£") else 0.0
            )
            yield (measured.group, *key, unit, view.run.name, number, *difference)


def _difference(
    before: float, now: float, less: float, more: float, *, least: float = 0.0
) -> tuple[float, float, bool]:
    """Difference, its share of what was before, and whether the margin leaves open that there is none."""
    difference = now - before
    if cells.is_same(before, now) or abs(difference) < least:
        nothing = NOT_KNOWN if isnan(before) else 0.0
        return nothing, nothing if before else NOT_KNOWN, True
    if isnan(difference):
        return NOT_KNOWN, NOT_KNOWN, False
    dust = wording.DUST * max(abs(before), abs(now), 1.0)
    is_open = isfinite(difference) and -less - dust <= difference <= more + dust
    return difference, difference / abs(before) if before else NOT_KNOWN, is_open
