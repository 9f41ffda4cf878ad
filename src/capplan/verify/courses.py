"""Courses of care, counted a second way: what follows a stay, from pieces of the stays before it.

Every stay before is cut into pieces of a quarter of a day; a piece is two points that keep its probability, mean and
variance. Points of stays one after the other are added up. What a person who reaches a stay at day x spends there is
the area G2 of `capplan.verify.stays` at z - x, read off a fine grid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from capplan.verify.stays import areas, mean_days, survival

STEP = 0.25
"""Days of a piece."""
SMALLEST_SHARE = 1e-14


@dataclass(frozen=True)
class Following:
    """What a course gives in its last stay by period: days in care, or starts.

    `of_start[u, t]`: in period t, per person whose course begins at a random moment of period u. `of_steady[t]`: of
    one course begun a day throughout the past. `of_census[t]`: of a person found in the first stay at the start.
    """

    of_start: np.ndarray
    of_steady: np.ndarray
    of_census: np.ndarray


@dataclass(frozen=True)
class _Points:
    """A distribution of days as points and their probabilities; what lies beyond the horizon is left out."""

    days: np.ndarray
    share: np.ndarray


def days_following(
    packages: Sequence[pd.Series], edges: np.ndarray, from_day: float = 0.0, to_day: float = inf
) -> Following:
    """Days in care in the last of some packages (rows of `packages`), one after the other, within a window."""
    *before, last = packages
    grid = _grid(edges)
    once, twice = areas(last, grid, from_day, to_day)

    def area(z: np.ndarray) -> np.ndarray:
        return _between(z, once, twice)

    return _following(before, area, mean_days(last, from_day, to_day), edges)


def starts_following(packages: Sequence[pd.Series], edges: np.ndarray) -> Following:
    """Starts of the last of some packages (rows of `packages`) one after the other."""
    return _following(packages[:-1], lambda z: np.maximum(z, 0.0), 1.0, edges)


Area = Callable[[np.ndarray], np.ndarray]


def _following(before: Sequence[pd.Series], area: Area, whole: float, edges: np.ndarray) -> Following:
    at, length = _mean_area(before, area, edges), np.diff(edges)
    apart = (edges[None, :] - edges[:, None]).astype(int)
    there = np.where(apart > 0, at[np.maximum(apart, 0)], 0.0)
    corners = there[:-1, 1:] - there[1:, 1:] - there[:-1, :-1] + there[1:, :-1]
    steady = whole * length - np.diff(at[edges.astype(int)])
    # Who is in the first stay at the start: everybody of the past, less those who have left it.
    left_it = whole * length - np.diff(_mean_area(before[1:], area, edges)[edges.astype(int)])
    return Following(corners / length[:, None], steady, (steady - left_it) / before[0]["stay_days"])


def _mean_area(before: Sequence[pd.Series], area: Area, edges: np.ndarray) -> np.ndarray:
    """E[area(z - B)] at every whole day z."""
    points = _days_before(before, edges)
    return np.array([points.share @ area(day - points.days) for day in range(int(edges[-1]) + 1)])


def _days_before(before: Sequence[pd.Series], edges: np.ndarray) -> _Points:
    total = _Points(np.zeros(1), np.ones(1))
    for package in before:
        added = _points(package, _grid(edges))
        days = (total.days[:, None] + added.days[None, :]).ravel()
        share = (total.share[:, None] * added.share[None, :]).ravel()
        total = _thinned(days, share, edges[-1])
    return total


def _points(package: pd.Series, grid: np.ndarray) -> _Points:
    """Two points for each piece of a stay, from S and its integrals over the piece."""
    once, twice = areas(package, grid, 0.0, inf)
    above = survival(package, grid)
    share = above[:-1] - above[1:]
    area = np.diff(once)
    moment = STEP * area - (np.diff(twice) - STEP * once[:-1])
    return _two_points(grid[:-1], share, area - STEP * above[1:], 2 * moment - STEP**2 * above[1:])


def _two_points(start: np.ndarray, share: np.ndarray, first: np.ndarray, second: np.ndarray) -> _Points:
    """The start of each piece and a point within, such that share, mean and variance stay the same.

    `first` and `second` are the piece's part of the mean and the mean square, counted from its start.
    """
    some = share > SMALLEST_SHARE
    start, share, first, second = start[some], share[some], np.maximum(first[some], 0.0), second[some]
    is_apart = (first > 0) & (second > 0)
    within = np.divide(second, first, out=np.zeros_like(first), where=is_apart)
    at_point = np.divide(first**2, second, out=np.zeros_like(first), where=is_apart)
    return _Points(np.concatenate([start, start + within]), np.concatenate([share - at_point, at_point]))


def _thinned(days: np.ndarray, share: np.ndarray, last: float) -> _Points:
    """The same distribution with two points for each piece."""
    inside = days < last
    days, share = days[inside], share[inside]
    piece = np.floor(days / STEP).astype(int)
    within = days - piece * STEP
    sums = [np.bincount(piece, weights=share * within**power) for power in range(3)]
    return _two_points(np.arange(len(sums[0])) * STEP, *sums)


def _grid(edges: np.ndarray) -> np.ndarray:
    return np.arange(int(edges[-1]) / STEP + 1) * STEP


def _between(z: np.ndarray, once: np.ndarray, twice: np.ndarray) -> np.ndarray:
    """G2 at any days, by cubics that keep G2 and its slope G1 at the grid; 0 before day 0."""
    left = np.clip((z / STEP).astype(int), 0, len(once) - 2)
    x = z / STEP - left
    ends = twice[left] * (1 - x) ** 2 * (1 + 2 * x) + twice[left + 1] * x**2 * (3 - 2 * x)
    slopes = once[left] * x * (1 - x) ** 2 - once[left + 1] * x**2 * (1 - x)
    return np.where(z > 0, ends + STEP * slopes, 0.0)
