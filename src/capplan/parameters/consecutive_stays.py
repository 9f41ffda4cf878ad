"""Courses of care: stays one after the other, and what people who started the first spend in a later one.

A person starts at day 0, goes through the stays `before`, of B = X1 + X2 + … days in all, and then stays Y days where
they are counted. On day x they are there with probability P(B <= x < B + Y) = E[S_Y(x - B); B <= x]. So everything
`capplan.parameters.stays` says of a single stay holds with its double integral G(z) replaced by E[G(z - B)].

The expectation is a sum over a fine lattice of days. Between two whole days G is smooth, so each cell of the lattice
passes its share of B on to its two ends and its middle such that its mean and mean square are kept (Simpson's idea,
with the distribution as the weight): exact for every quadratic, and in all far closer than a millionth of a stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from capplan.parameters import stays
from capplan.parameters.stays import Days, Stay

STEPS_PER_DAY = 16
"""Points of the lattice; a cell has two steps, so that cells end at whole days."""


@dataclass(frozen=True)
class Course:
    """Stays that come `before`, in their order, and the `stay` in which people are counted."""

    before: tuple[Stay, ...]
    stay: Stay

    def days_in_care(self, edges: ArrayLike, from_day: float = 0.0, to_day: float = inf) -> Days:
        """Expected days in the stay [days] in period t (column) of one whose course begins in period u (row)."""
        if not self.before:
            return stays.days_in_care(self.stay, edges, from_day, to_day)
        return _per_start(self._area(edges, from_day, to_day), edges)

    def days_from_steady(self, edges: ArrayLike, from_day: float = 0.0, to_day: float = inf) -> Days:
        """Expected person-days in the stay in each period, from one course begun a day throughout the past."""
        if not self.before:
            return stays.days_in_care_from_steady(self.stay, edges, from_day, to_day)
        whole = float(self.stay.remaining(from_day) - self.stay.remaining(to_day))
        return _from_steady(self._area(edges, from_day, to_day), edges, whole)

    def days_from_census(self, edges: ArrayLike, from_day: float = 0.0, to_day: float = inf) -> Days:
        """Expected days in the stay in each period, of a person found at the start in the first stay of the course."""
        if not self.before:
            return stays.days_in_care_from_census(self.stay, edges, from_day, to_day)
        everybody = self.days_from_steady(edges, from_day, to_day)
        return self._in_first(everybody - self._later.days_from_steady(edges, from_day, to_day))

    def starts(self, edges: ArrayLike) -> Days:
        """Expected starts of the stay in period t (column) by one whose course begins in period u (row)."""
        if not self.before:
            return np.eye(len(np.asarray(edges)) - 1)
        return _per_start(self._gone(edges), edges)

    def starts_from_steady(self, edges: ArrayLike) -> Days:
        """Expected starts of the stay in each period, from one course begun a day throughout the past."""
        if not self.before:
            return np.zeros(len(np.asarray(edges)) - 1)
        return _from_steady(self._gone(edges), edges, 1.0)

    def starts_from_census(self, edges: ArrayLike) -> Days:
        """Expected starts of the stay in each period, of a person found at the start in the first stay."""
        if not self.before:
            return np.zeros(len(np.asarray(edges)) - 1)
        return self._in_first(self.starts_from_steady(edges) - self._later.starts_from_steady(edges))

    @cached_property
    def _later(self) -> Course:
        """The course of those who are past its first stay."""
        return Course(self.before[1:], self.stay)

    def _in_first(self, amount: Days) -> Days:
        """One person's share of what all who are in the first stay come to: `stay_days` people at one start a day."""
        return np.maximum(amount, 0.0) / self.before[0].stay_days

    def _area(self, edges: ArrayLike, from_day: float, to_day: float) -> Days:
        return _expected(
            self.before, lambda z: stays.area_under_survival(self.stay, z, from_day, to_day), edges
        )

    def _gone(self, edges: ArrayLike) -> Days:
        """E[(z - B)+]: the integral of the share of people who have reached the stay."""
        return _expected(self.before, lambda z: np.maximum(z, 0.0), edges)


def _expected(before: tuple[Stay, ...], function: Callable[[Days], Days], edges: ArrayLike) -> Days:
    """E[function(z - B)] at every whole day z from 0 to the end of the horizon."""
    last = int(np.asarray(edges)[-1])
    lattice = np.arange(last * STEPS_PER_DAY + 1) / STEPS_PER_DAY
    # Fixed stays shift everything by their days, exactly; the lattice is for those that vary.
    shift = sum(stay.stay_days for stay in before if stay.sd_days == 0)
    weights = np.zeros(len(lattice))
    weights[0] = 1.0
    for stay in before:
        if stay.sd_days > 0:
            weights = _convolved(weights, _weights(stay, lattice))
    values = function(lattice - shift)
    upto = (day * STEPS_PER_DAY for day in range(last + 1))
    return np.array([weights[: n + 1] @ values[n::-1] for n in upto])


def _convolved(one: Days, other: Days) -> Days:
    """The weights of the sum of two stays, as far as the lattice goes, by way of their spectra."""
    length = _fast_length(len(one) + len(other) - 1)
    spectrum = np.fft.rfft(one, length) * np.fft.rfft(other, length)
    return np.asarray(np.fft.irfft(spectrum, length)[: len(one)])


def _fast_length(least: int) -> int:
    """The smallest number from `least` on that is a product of 2, 3 and 5, on which the Fourier transform is fast."""
    powers = range(least.bit_length())
    odd = (int(3**threes * 5**fives) for threes in powers for fives in powers)
    return min(factor << (-(-least // factor) - 1).bit_length() for factor in odd)


def _weights(stay: Stay, lattice: Days) -> Days:
    """Weights of the lattice that keep the share, the mean and the mean square of the stay in every cell."""
    start, end = lattice[:-1:2], lattice[2::2]
    share, first, second = (stay.moment_below(p, end) - stay.moment_below(p, start) for p in range(3))
    # Mean and mean square from the start of the cell, in steps.
    mean = (first - start * share) * STEPS_PER_DAY
    square = (second - 2 * start * first + start**2 * share) * STEPS_PER_DAY**2
    weights = np.zeros(len(lattice))
    weights[:-1:2] += (square - 3 * mean + 2 * share) / 2
    weights[1::2] += 2 * mean - square
    weights[2::2] += (square - mean) / 2
    return weights


def _per_start(area: Days, edges: ArrayLike) -> Days:
    """Second differences of the area over (period of the start, period), per person who starts in the first."""
    edges = np.asarray(edges, dtype=float)
    apart = (edges[None, :] - edges[:, None]).astype(int)
    at = np.where(apart > 0, area[np.maximum(apart, 0)], 0.0)
    return stays.without_round_off(stays.second_difference(at) / np.diff(edges)[:, None])


def _from_steady(area: Days, edges: ArrayLike, whole: float) -> Days:
    """What one start a day gives for ever (`whole` a day), less what those from the start onwards give."""
    edges = np.asarray(edges, dtype=float)
    return stays.without_round_off(whole * np.diff(edges) - np.diff(area[edges.astype(int)]))
