"""Days in care, integrated numerically: the second route to what the model has in closed form.

A stay that begins at day 0 is still on at day x with probability S(x). G1(z) = ∫₀ᶻ S and G2(z) = ∫₀ᶻ G1 (with S
cut to a window of the stay) are summed piece by piece by Gauss-Legendre quadrature at every whole day; periods
begin and end on whole days, so that all expected days in care are differences of G2.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, log, sqrt

import numpy as np
import pandas as pd

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
# Gamma stays with much variation fall steeply at first: pieces of the first day halve towards 0.
FIRST_DAY = 2.0 ** -np.arange(1, 48)
AROUND_THE_MEAN = np.arange(-10, 10.5, 0.5)


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
