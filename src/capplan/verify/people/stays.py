"""Days in care and what follows a stay, integrated numerically: the second route to the model's closed forms.

A stay that begins at day 0 is still on at day x with probability S(x). G1(z) = ∫₀ᶻ S and G2(z) = ∫₀ᶻ G1 (with S
cut to a window of the stay) are summed piece by piece by Gauss-Legendre quadrature at every whole day; periods
begin and end on whole days, so that all expected days in care are differences of G2.

Of stays one after the other, every stay before is cut into pieces of a quarter of a day; a piece is two points that
keep its probability, mean and variance. Points of stays one after the other are added up. What a person who reaches a
stay at day x spends there is G2 at z - x, read off a fine grid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, log, sqrt

import numpy as np
import pandas as pd

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
# Gamma stays with much variation fall steeply at first: pieces of the first day halve towards 0.
FIRST_DAY = 2.0 ** -np.arange(1, 48)
AROUND_THE_MEAN = np.arange(-10, 10.5, 0.5)
STEP = 0.25
"""Days of a piece."""
SMALLEST_SHARE = 1e-14


@dataclass(frozen=True)
class DaysInCare:
    """Expected days in care by period, of the part of a stay within a window.

    `of_start[u, t]`: in period t, per person who starts at a random moment of period u.
    `of_steady[t]`: in period t, of one start a day throughout the past.
    """

    of_start: np.ndarray
    of_steady: np.ndarray


def days_in_care(
    package: pd.Series, edges: np.ndarray, from_day: float = 0.0, to_day: float = inf
) -> DaysInCare:
    """The days in care of a row of `packages`, for periods given by their edges [days since the start]."""
    _, twice = areas(package, np.arange(int(edges[-1]) + 1.0), from_day, to_day)
    apart = (edges[None, :] - edges[:, None]).astype(int)
    area = np.where(apart > 0, twice[np.maximum(apart, 0)], 0.0)
    corners = area[:-1, 1:] - area[1:, 1:] - area[:-1, :-1] + area[1:, :-1]
    length = np.diff(edges)
    whole = mean_days(package, from_day, to_day)
    steady = whole * length - np.diff(twice[edges.astype(int)])
    return DaysInCare(corners / length[:, None], steady)


def areas(
    package: pd.Series, grid: np.ndarray, from_day: float, to_day: float
) -> tuple[np.ndarray, np.ndarray]:
    """G1 and G2 at the days of a grid that begins at 0."""
    cuts = np.union1d(grid, _where_it_bends(package, from_day, to_day, grid[-1]))
    left, right = cuts[:-1], cuts[1:]
    half = (right - left) / 2
    points = left[:, None] + half[:, None] * (NODES + 1)
    in_window = (points >= from_day) & (points < to_day)
    on = np.where(in_window, survival(package, points), 0.0) * WEIGHTS * half[:, None]
    once = np.concatenate([[0.0], np.cumsum(on.sum(axis=1))])
    gained = once[:-1] * (right - left) + (on * (right[:, None] - points)).sum(axis=1)
    twice = np.concatenate([[0.0], np.cumsum(gained)])
    days = np.searchsorted(cuts, grid)
    return once[days], twice[days]


def _where_it_bends(package: pd.Series, from_day: float, to_day: float, last: float) -> np.ndarray:
    """Days at which the survival function jumps or falls steeply, as far as they lie before the last."""
    spread = _sd(package) * AROUND_THE_MEAN
    bends = np.concatenate([FIRST_DAY, [from_day, to_day], package["stay_days"] + spread])
    return bends[(bends > 0) & (bends < last)]


def survival(package: pd.Series, x: np.ndarray) -> np.ndarray:
    """Probability that a stay lasts longer than x days."""
    mean, sd = package["stay_days"], _sd(package)
    if sd == 0:
        return np.asarray(x < mean, dtype=float)
    from scipy.special import gammaincc, ndtr

    if package["stay_distribution"] == "lognormal":
        shape = sqrt(log(1 + (sd / mean) ** 2))
        median = mean / sqrt(1 + (sd / mean) ** 2)
        with np.errstate(divide="ignore"):  # the logarithm of day 0: every stay lasts longer
            return np.asarray(ndtr(-np.log(np.maximum(x, 0.0) / median) / shape))
    return np.asarray(gammaincc((mean / sd) ** 2, np.maximum(x, 0.0) / (sd**2 / mean)))


def _sd(package: pd.Series) -> float:
    if package["stay_distribution"] == "exponential":
        return float(package["stay_days"])
    return 0.0 if package["stay_distribution"] == "fixed" else float(package["stay_sd_days"])


def mean_days(package: pd.Series, from_day: float, to_day: float) -> float:
    """The expected days of a stay within a window, beyond the horizon too."""
    return _mean_days_until(package, to_day) - _mean_days_until(package, from_day)


def _mean_days_until(package: pd.Series, day: float) -> float:
    if not isfinite(day):
        return float(package["stay_days"])
    return float(areas(package, np.arange(np.ceil(day) + 1.0), 0.0, day)[0][-1])


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
