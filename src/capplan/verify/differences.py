"""How the numbers that a plan reports are compared with those recomputed, and what is said of a difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.wording import precise, precise_change

TOLERANCE = 1e-6
"""Of the largest term of a row (at least 1); for people in care of the row's sum over the horizon, because run
folders leave out the last millionth of a stay."""
EXACT = 1e-9
"""Of numbers that other tables say too, and nobody has to integrate again: tables have twelve digits."""
MOST_PER_RULE = 20

Wide: TypeAlias = pd.DataFrame | pd.Series


def unequal(
    table: str,
    rule: str,
    what: str,
    reported: Wide,
    expected: Wide,
    scale: Wide | float = 0.0,
    share: float = TOLERANCE,
) -> Iterator[Problem]:
    """Where `reported` is not `expected`: frames or series with the same kinds of keys; a missing row counts as 0.

    `scale` is the largest other term that went into the numbers: `share` of it is tolerated.
    """
    reported, expected, largest = _aligned(reported, expected, scale)
    tolerance = share * largest
    differs = ~(np.abs(reported.to_numpy() - expected.to_numpy()) <= tolerance)
    for key, has, should in _cells(differs, reported, expected):
        numbers = f"is {precise(has)}, recomputed {precise(should)}{_by(has - should)}"
        yield Problem(table, rule, f"{key}: {what} {numbers}")


def same_or_empty(
    table: str,
    rule: str,
    what: str,
    reported: pd.Series,
    expected: pd.Series,
    scale: Wide | float = 0.0,
    share: float = EXACT,
) -> Iterator[Problem]:
    """As `unequal`, where both may be empty."""
    for key in reported.index[reported.isna() != expected.isna()]:
        has, should = (
            precise(number) if pd.notna(number) else "empty" for number in (reported[key], expected[key])
        )
        where = ", ".join(filter(None, key if isinstance(key, tuple) else (key,)))
        yield Problem(table, rule, f"{where}: {what} is {has}, recomputed {should}")
    both = reported.notna() & expected.notna()
    if isinstance(scale, pd.Series):
        scale = scale[both]
    yield from unequal(table, rule, what, reported[both], expected[both], scale, share)


def above(
    table: str, rule: str, what: str, reported: Wide, most: Wide, scale: Wide | float = 0.0
) -> Iterator[Problem]:
    """Where `reported` exceeds `most`."""
    reported, most, largest = _aligned(reported, most, scale)
    differs = ~(reported.to_numpy() <= most.to_numpy() + TOLERANCE * largest)
    for key, has, should in _cells(differs, reported, most):
        numbers = f"is {precise(has)}, at most {precise(should)}{_by(has - should, ' over')}"
        yield Problem(table, rule, f"{key}: {what} {numbers}")


def below(
    table: str, rule: str, what: str, reported: Wide, least: Wide, scale: Wide | float = 0.0
) -> Iterator[Problem]:
    """Where `reported` is less than `least`."""
    reported, least, largest = _aligned(reported, least, scale)
    differs = ~(reported.to_numpy() >= least.to_numpy() - TOLERANCE * largest)
    for key, has, should in _cells(differs, reported, least):
        numbers = f"is {precise(has)}, at least {precise(should)}{_by(should - has, ' short')}"
        yield Problem(table, rule, f"{key}: {what} {numbers}")


def not_zero(table: str, rule: str, what: str, reported: Wide, where: np.ndarray) -> Iterator[Problem]:
    """Where `reported` is other than 0 although it must be 0 (`where` is true)."""
    values = reported.to_numpy()
    for key, has, _ in _cells(where & ~(np.abs(values) <= TOLERANCE), reported, reported):
        yield Problem(table, rule, f"{key}: {what} is {precise(has)}, must be 0")


def not_multiple(
    table: str, rule: str, what: str, reported: Wide, step: np.ndarray | float
) -> Iterator[Problem]:
    """Where `reported` is no whole multiple of `step`."""
    steps = np.asarray(reported.to_numpy() / step, dtype=float)
    for key, has, whole in _cells(
        ~(np.abs(steps - np.round(steps)) <= TOLERANCE), reported, reported * 0 + step
    ):
        yield Problem(table, rule, f"{key}: {what} is {precise(has)}, no multiple of {precise(whole)}")


def _by(difference: float, where: str = "") -> str:
    """How far apart two numbers are, in brackets; nothing where one of them is missing."""
    return "" if np.isnan(difference) else f" ({precise_change(difference)}{where})"


def shortened(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """At most `MOST_PER_RULE` problems of a rule, the last of which counts the rest."""
    kept: list[Problem] = []
    for (table, rule), group in groupby(problems, key=lambda p: (p.table, p.rule)):
        same = list(group)
        kept.extend(same[:MOST_PER_RULE])
        if len(same) > MOST_PER_RULE:
            kept.append(Problem(table, rule, f"and {len(same) - MOST_PER_RULE} more of the same kind"))
    return tuple(kept)


def _aligned(
    reported: Wide, expected: Wide, scale: Wide | float
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Both with the same rows and columns, and the largest term of each number, at least 1."""
    one, two = (
        frame.to_frame("") if isinstance(frame, pd.Series) else frame for frame in (reported, expected)
    )
    if not (one.index.equals(two.index) and one.columns.equals(two.columns)):
        # A row that is missing altogether counts as 0; a number that is missing is wrong.
        rows = one.index.union(two.index)
        one, two = (f.reindex(index=rows, columns=one.columns, fill_value=0.0) for f in (one, two))
    if isinstance(scale, pd.Series):
        scale = scale.reindex(one.index, fill_value=0.0).to_numpy()[:, None]
    elif isinstance(scale, pd.DataFrame):
        scale = scale.reindex(one.index, fill_value=0.0).to_numpy()
    largest: np.ndarray = np.ones(one.shape)
    one, two = one.astype(float), two.astype(float)
    for term in (one.to_numpy(), two.to_numpy(), np.asarray(scale, dtype=float)):
        largest = np.fmax(largest, np.where(np.isfinite(term), np.abs(term), 1.0))
    return one, two, largest


def _cells(differs: np.ndarray, reported: Wide, expected: Wide) -> Iterator[tuple[str, float, float]]:
    """Key, reported and expected value of every cell that differs."""
    one = reported.to_frame("") if isinstance(reported, pd.Series) else reported
    has, should = reported.to_numpy().reshape(one.shape), expected.to_numpy().reshape(one.shape)
    names = [name for name in one.index.names if name]
    for row, column in zip(*np.nonzero(differs.reshape(one.shape)), strict=True):
        key = one.index[row] if isinstance(one.index[row], tuple) else (one.index[row],)
        parts = [
            f"{name} {value}" if value else f"no {name}" for name, value in zip(names, key, strict=False)
        ]
        period = [str(one.columns[column])] if str(one.columns[column]) else []
        yield ", ".join([*parts, *period]), float(has[row, column]), float(should[row, column])
