"""People in care: how the stay of a person who starts in one period spreads over this and later periods.

A stay is a random number of days X with survival function S(x) = P(X > x). A person who starts at a uniformly
random moment of period u = [u0, u1) spends in period t = [t0, t1), on average,

    days_in_care[u,t] = (G(t1-u0) - G(t1-u1) - G(t0-u0) + G(t0-u1)) / (u1-u0)

days in care, where G integrates S twice from 0 and is 0 for z <= 0. A window [from_day, to_day) in days since
the start counts only that part of each stay: S is set to 0 outside it. Periods are given by their `edges`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, log, log1p, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Days = NDArray[np.float64]

DISTRIBUTIONS = ("exponential", "fixed", "lognormal", "gamma")
# Below this sd / mean double precision loses the shape of a gamma stay, and it is as good as fixed.
SMALLEST_SPREAD = 1e-7
# Entries smaller than this many days are round-off; HiGHS would drop such coefficients anyway.
SMALLEST_DAYS = 1e-9


@dataclass(frozen=True)
class Stay:
    """How long people stay in care: mean `stay_days`, standard deviation `stay_sd_days` (lognormal, gamma).

    Raises ValueError if the distribution is unknown, `stay_days` is not a positive number, or a lognormal or
    gamma stay has no `stay_sd_days` or a negative one.
    """

    distribution: str
    stay_days: float
    stay_sd_days: float | None = None

    def __post_init__(self) -> None:
        if self.distribution not in DISTRIBUTIONS:
            raise ValueError(f"distribution {self.distribution!r} is not one of {', '.join(DISTRIBUTIONS)}")
        if not (isfinite(self.stay_days) and self.stay_days > 0):
            raise ValueError(f"stay_days must be a number above 0, not {self.stay_days}")
        if not (isfinite(self.sd_days) and self.sd_days >= 0):
            raise ValueError(f"stay_sd_days must be a number of 0 or more, not {self.sd_days}")

    @property
    def sd_days(self) -> float:
        """Standard deviation [days]: the mean if exponential, 0 if fixed, else `stay_sd_days`."""
        if self.distribution == "exponential":
            return self.stay_days
        if self.distribution == "fixed":
            return 0.0
        if self.stay_sd_days is None:
            raise ValueError(f"a {self.distribution} stay needs stay_sd_days")
        return self.stay_sd_days

    @property
    def cv_squared(self) -> float:
        """Squared coefficient of variation, sd² / mean²: 0 if fixed, 1 if exponential."""
        return (self.sd_days / self.stay_days) ** 2

    def survival(self, x: ArrayLike) -> Days:
        """S(x) = P(X > x) for each x [days]: 1 at 0 and before."""
        return self._share_above(0, _not_negative(x))

    def survival_integral(self, z: ArrayLike) -> Days:
        """F1(z) = ∫₀ᶻ S = E[min(X, z)] [days]: 0 for z <= 0, `stay_days` at infinity."""
        z = _not_negative(z)
        return self.stay_days * self._share_below(1, z) + _times(z, self._share_above(0, z))

    def survival_double_integral(self, z: ArrayLike) -> Days:
        """F2(z) = ∫₀ᶻ F1 = z E[X; X<z] - E[X²; X<z] / 2 + z² S(z) / 2 [days²]: 0 for z <= 0."""
        z = _not_negative(z)
        mean_below = self.stay_days * self._share_below(1, z)
        square_below = self._mean_square * self._share_below(2, z)
        return _times(z, mean_below) - square_below / 2 + _times(z**2, self._share_above(0, z)) / 2

    def remaining(self, z: ArrayLike) -> Days:
        """∫_z^∞ S = E[(X - z)⁺] [days] for z >= 0: `stay_days` - F1(z), without the loss of digits."""
        z = _not_negative(z)
        return self.stay_days * self._share_above(1, z) - _times(z, self._share_above(0, z))

    def remaining_integral(self, z: ArrayLike) -> Days:
        """∫_z^∞ E[(X - y)⁺] dy = E[((X - z)⁺)²] / 2 [days²] for z >= 0."""
        z = _not_negative(z)
        square_above = self._mean_square * self._share_above(2, z)
        mean_above = self.stay_days * self._share_above(1, z)
        return square_above / 2 - _times(z, mean_above) + _times(z**2, self._share_above(0, z)) / 2

    def moment_below(self, power: int, z: ArrayLike) -> Days:
        """E[X^power; X <= z] [days^power] for a power of 0, 1 or 2 and each z >= 0."""
        whole = (1.0, self.stay_days, self._mean_square)[power]
        return whole * self._share_below(power, _not_negative(z))

    @property
    def _mean_square(self) -> float:
        return self.stay_days**2 + self.sd_days**2

    @property
    def _is_fixed(self) -> bool:
        return self.sd_days < SMALLEST_SPREAD * self.stay_days

    def _share_below(self, power: int, z: Days) -> Days:
        """E[X^power; X <= z] / E[X^power]."""
        if self._is_fixed:
            return np.asarray(z >= self.stay_days, dtype=float)
        from scipy.special import gammainc, ndtr

        if self.distribution == "lognormal":
            return np.asarray(ndtr(self._normal_score(power, z)))
        return np.asarray(gammainc(1 / self.cv_squared + power, z / self._gamma_scale))

    def _share_above(self, power: int, z: Days) -> Days:
        """E[X^power; X > z] / E[X^power]; not as 1 - below, which has no digits left far out."""
        if self._is_fixed:
            return np.asarray(z < self.stay_days, dtype=float)
        from scipy.special import gammaincc, ndtr

        if self.distribution == "lognormal":
            return np.asarray(ndtr(-self._normal_score(power, z)))
        return np.asarray(gammaincc(1 / self.cv_squared + power, z / self._gamma_scale))

    def _normal_score(self, power: int, z: Days) -> Days:
        """Standard normal score of z under the lognormal weighted by X^power (a shift of its log mean)."""
        log_variance = log1p(self.cv_squared)
        log_mean = log(self.stay_days) - log_variance / 2
        log_z = np.log(z, out=np.full_like(z, -inf), where=z > 0)
        return (log_z - log_mean - power * log_variance) / sqrt(log_variance)

    @property
    def _gamma_scale(self) -> float:
        """Scale [days] of the gamma distribution, of which the exponential is the one with cv² = 1."""
        return self.stay_days * self.cv_squared


def days_in_care(stay: Stay, edges: ArrayLike, from_day: float = 0.0, to_day: float = inf) -> Days:
    """Expected days in care [days] in period t (column) of one who starts in period u (row), shape (T, T).

    The start is uniform over period u; only the part of the stay in [from_day, to_day) counts. Over a long
    enough horizon a row sums to the window's part of `stay_days`. Raises ValueError if edges do not increase
    or the window does not run forward from day 0 or later.
    """
    edges = _checked_edges(edges)
    _check_window(from_day, to_day)
    apart = edges[None, :] - edges[:, None]
    early, late = (
        area_under_survival(stay, apart, from_day, to_day),
        _tail_integral(stay, apart, from_day, to_day),
    )
    # The two differ by a straight line, so their second differences are equal; the smaller keeps more digits.
    days = np.where(early[:-1, 1:] < late[1:, :-1], second_difference(early), second_difference(late))
    days /= np.diff(edges)[:, None]
    return without_round_off(np.triu(days))


def days_in_care_from_steady(
    stay: Stay, edges: ArrayLike, from_day: float = 0.0, to_day: float = inf
) -> Days:
    """Expected person-days in care in each period from one start a day throughout the past, shape (T,).

    Starts before day 0 only, and of each stay only the part in [from_day, to_day). Raises ValueError if edges
    do not increase from 0 or the window does not run forward from day 0 or later.
    """
    edges = _checked_edges(edges)
    if edges[0] != 0:
        raise ValueError(f"edges must begin at 0, the start of the horizon, not {edges[0]}")
    _check_window(from_day, to_day)
    return without_round_off(-np.diff(_tail_integral(stay, edges, from_day, to_day)))


def days_in_care_from_census(
    stay: Stay, edges: ArrayLike, from_day: float = 0.0, to_day: float = inf
) -> Days:
    """Expected days in care [days] in each period of a person found in care at the start, shape (T,).

    Found at a random moment of steady care, so that the days since the person's start have density
    S(x) / `stay_days`: one start a day keeps `stay_days` people in care, of whom this is one. Only the part
    of the stay in [from_day, to_day) counts. Raises ValueError as `days_in_care_from_steady`.
    """
    return days_in_care_from_steady(stay, edges, from_day, to_day) / stay.stay_days


def trim(kernel: Days, stay_days: float, tolerance: float = 1e-6) -> Days:
    """The kernel [days] without the far tail of each row, shape unchanged.

    Once the rest of a row adds up to less than `tolerance` of its total (or the round-off of `stay_days`),
    the rest becomes 0 and the last entry kept takes its days. Row sums stay the same.
    """
    rest_of_row = np.cumsum(kernel[:, ::-1], axis=1)[:, ::-1]
    total = rest_of_row[:, :1]
    worth_keeping = np.minimum(np.maximum(tolerance * total, np.finfo(float).eps * stay_days), total)
    is_kept = rest_of_row >= worth_keeping
    is_last = is_kept & ~np.pad(is_kept[:, 1:], ((0, 0), (0, 1)))
    return np.where(is_last, rest_of_row, np.where(is_kept, kernel, 0.0))


def area_under_survival(stay: Stay, z: Days, from_day: float, to_day: float) -> Days:
    """G(z) = ∫₀ᶻ∫₀ʸ of the survival within the window [days²]: 0 for z <= 0, small near 0, grows with z."""
    inside = np.clip(z, from_day, to_day)
    before = stay.survival_integral(from_day)
    within = stay.survival_double_integral(inside) - stay.survival_double_integral(from_day)
    beyond = (stay.survival_integral(to_day) - before) * np.maximum(z - to_day, 0)
    return within - before * (inside - from_day) + beyond


def _tail_integral(stay: Stay, z: Days, from_day: float, to_day: float) -> Days:
    """∫_z^∞∫_y^∞ of the survival within the window: large near 0, vanishes for great z."""
    inside = np.clip(z, from_day, to_day)
    after = stay.remaining(to_day)
    after_days = after * (to_day - inside) if isfinite(to_day) else 0.0
    within = stay.remaining_integral(inside) - stay.remaining_integral(to_day) - after_days
    return within + (stay.remaining(from_day) - after) * np.maximum(from_day - z, 0)


def second_difference(values: Days) -> Days:
    """Of a table over (edge of u, edge of t), one entry for each (u, t)."""
    return values[:-1, 1:] - values[1:, 1:] - values[:-1, :-1] + values[1:, :-1]


def without_round_off(days: Days) -> Days:
    """The days with round-off set to 0."""
    return np.where(days < SMALLEST_DAYS, 0.0, days)


def _not_negative(z: ArrayLike) -> Days:
    days: Days = np.maximum(np.asarray(z, dtype=float), 0.0)
    return days


def _times(z: Days, factor: Days) -> Days:
    """z × factor, where 0 wins over infinity."""
    return np.multiply(z, factor, out=np.zeros_like(factor), where=factor > 0)


def _checked_edges(edges: ArrayLike) -> Days:
    edges = np.asarray(edges, dtype=float)
    if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0):
        raise ValueError("edges must be two or more days in increasing order")
    return edges


def _check_window(from_day: float, to_day: float) -> None:
    if not 0 <= from_day <= to_day or from_day == inf:
        raise ValueError(f"a window needs 0 <= from_day <= to_day, not {from_day} to {to_day}")
