"""The best linear bounds on the people queueing at a unit, over the sizes that it may have.

The queue is convex in the load for each size, and over the sizes it has economies of scale: a model that may mix
sizes (its relaxation) can be told no more than the lower convex envelope of the curves of all sizes. A facet of it is

    queue >= alpha * beds + beta * load + gamma * is_open

For a price beta of load, each size n has a least value of queue − beta × load, its intercept (minus the convex
conjugate of its curve); alpha and gamma are the line below these intercepts over the sizes, at the beds asked for;
and the envelope is the largest such bound over all prices. Intercepts are kept for a fixed list of prices. As a
function of the price they are concave, so that between two prices a straight line is still a valid bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from capplan.queueing.erlang import Numbers
from capplan.queueing.queues import mean_queue, mean_queue_slope

PRICES = np.concatenate([[0.0], np.geomspace(1e-4, 1e4, 380)])
"""Prices of load [people queueing per person in care]: 5 % apart, which keeps a curve to 0.04 % of itself."""
BUSY = np.concatenate([np.geomspace(1e-6, 0.1, 40), 1 - np.geomspace(0.89, 1e-6, 200)])
"""Load over beds where a curve is looked at first, closer together towards no load and full beds."""
TOLERANCE = 1e-4
"""Between two prices no better one is sought than this part of what any could give, or 1/100 of a thousandth."""
ROUNDS = 30


class Facet(NamedTuple):
    """A bound: queue >= alpha * beds + beta * load + gamma * is_open."""

    alpha: float
    beta: float
    gamma: float

    def at(self, beds: float, load: float, is_open: float = 1.0) -> float:
        """What the bound says there [people queueing]."""
        return self.alpha * beds + self.beta * load + self.gamma * is_open


class Envelope:
    """Lower convex envelope of `mean_queue` over beds and load, on the sizes that a unit may have.

    `sizes`: the numbers of beds it may have while it is open, increasing; 0 among them where nothing else in the model
    says whether it is open. `load_caps`: the largest load at any size, or at each (a service level); no size bears a
    load of its beds. The bounds hold at every size and load allowed, and at a closed unit (no beds, load or is_open).
    They are tight to 0.1 % of the envelope or 0.001 people, whichever is more, for queues that cost something to
    lengthen: slopes up to 10,000. Raises ValueError for sizes that do not increase from 0 or more.
    """

    def __init__(
        self, sizes: Sequence[int], cv_squared: float, load_caps: float | Sequence[float] = np.inf
    ) -> None:
        self.sizes = np.asarray(sizes, dtype=float)
        if not len(self.sizes) or self.sizes[0] < 0 or np.any(np.diff(self.sizes) <= 0):
            raise ValueError("sizes are one or more numbers of beds in increasing order, none below 0")
        self.load_caps = np.minimum(load_caps, np.nextafter(self.sizes, 0))
        self._keep(_capped(_intercepts(self.sizes, cv_squared), self.sizes, self.load_caps, cv_squared))

    def _keep(self, intercepts: Numbers) -> None:
        self._intercepts = intercepts
        corners = [_corners_below(self.sizes, row) for row in intercepts]
        self._lines = np.array(
            [
                np.interp(self.sizes, self.sizes[at], row[at])
                for at, row in zip(corners, intercepts, strict=True)
            ]
        )
        self._borne = _corners_below(self.sizes, -self.load_caps)

    def within(self, fewest: float, most: float) -> Envelope:
        """The envelope on the sizes from `fewest` to `most` alone. Raises ValueError if there are none."""
        kept = (self.sizes >= fewest) & (self.sizes <= most)
        if not kept.any():
            raise ValueError(f"none of the sizes is from {fewest} to {most}")
        part = object.__new__(Envelope)
        part.sizes, part.load_caps = self.sizes[kept], self.load_caps[kept]
        part._keep(self._intercepts[:, kept])
        return part

    def value(self, beds: float, load: float, is_open: float = 1.0) -> float:
        """The envelope [people queueing], which at a mixture of sizes (fractional beds) is below every curve.

        Infinite where no mixture of the sizes bears the load.
        """
        if load > self._load_borne(beds, is_open):
            return np.inf
        return self.facet(beds, load, is_open).at(beds, load, is_open)

    def facet(self, beds: float, load: float, is_open: float = 1.0) -> Facet:
        """The bound that is largest at this point; where no mixture of the sizes bears the load, a steep one."""
        if is_open <= 0:
            return Facet(0.0, 0.0, 0.0)
        x, a = beds / is_open, load / is_open
        best = int(np.argmax(PRICES * a + self._lines_at(x)))
        around = [self._best_between(low, x, a) for low in (best - 1, best) if 0 <= low < len(PRICES) - 1]
        return max(around, key=lambda facet: facet.at(x, a))

    def _load_borne(self, beds: float, is_open: float) -> float:
        if is_open <= 0:
            return 0.0
        at = self._borne
        return is_open * float(np.interp(beds / is_open, self.sizes[at], self.load_caps[at]))

    def _lines_at(self, x: float) -> Numbers:
        """For every price the line below the intercepts at x beds, which is straight between two sizes."""
        if len(self.sizes) == 1:
            return self._lines[:, 0]
        right = int(np.clip(np.searchsorted(self.sizes, x), 1, len(self.sizes) - 1))
        weight = (x - self.sizes[right - 1]) / (self.sizes[right] - self.sizes[right - 1])
        lines: Numbers = (1 - weight) * self._lines[:, right - 1] + weight * self._lines[:, right]
        return lines

    def _best_between(self, low: int, x: float, a: float) -> Facet:
        """The best bound between a price and the next: it is concave in the price, so that its tangents enclose it."""
        left, right = _Bound(0.0, *self._bound(low, 0.0, x, a)), _Bound(1.0, *self._bound(low, 1.0, x, a))
        for _ in range(ROUNDS):
            if left.rise <= 0:
                return left.facet
            if right.rise >= 0:
                return right.facet
            here, there = left.facet.at(x, a), right.facet.at(x, a)
            share = (there - here + left.rise * left.share - right.rise * right.share) / (
                left.rise - right.rise
            )
            most = here + left.rise * (share - left.share)
            if most - max(here, there) <= TOLERANCE * max(most, 0.1):
                break
            middle = _Bound(share, *self._bound(low, share, x, a))
            left, right = (middle, right) if middle.rise > 0 else (left, middle)
        return max(left.facet, right.facet, key=lambda facet: facet.at(x, a))

    def _bound(self, low: int, share: float, x: float, a: float) -> tuple[Facet, float]:
        """The bound at a price this share of the way to the next, and how much it gains by going all the way."""
        price_gain = PRICES[low + 1] - PRICES[low]
        gain = self._intercepts[low + 1] - self._intercepts[low]
        intercepts = self._intercepts[low] + share * gain
        beta = float(PRICES[low] + share * price_gain)
        if len(self.sizes) == 1:
            return Facet(0.0, beta, float(intercepts[0])), float(price_gain * a + gain[0])
        corners = _corners_below(self.sizes, intercepts)
        j = int(np.clip(np.searchsorted(self.sizes[corners], x), 1, len(corners) - 1))
        i, j = corners[j - 1], corners[j]
        step = self.sizes[j] - self.sizes[i]
        alpha = float((intercepts[j] - intercepts[i]) / step)
        facet = Facet(alpha, beta, float(intercepts[i] - alpha * self.sizes[i]))
        return facet, float(price_gain * a + gain[i] + (gain[j] - gain[i]) * (x - self.sizes[i]) / step)


class _Bound(NamedTuple):
    """A bound at a share of the way between two prices, and its derivative by that share."""

    share: float
    facet: Facet
    rise: float


def _intercepts(sizes: Numbers, cv_squared: float) -> Numbers:
    """The least of queue − price × load at each price (row) and size, or slightly less.

    A tangent of the curve has its slope for a price and an intercept of its own; intercepts are concave in the
    price, so that straight lines between those of tangents are not above them.
    """
    intercepts = np.zeros((len(PRICES), len(sizes)))
    wanted = np.log([*PRICES[1:], 2 * PRICES[-1]])
    for column, beds in enumerate(sizes):
        if beds > 0:
            looked_at = beds * BUSY
            slopes = np.maximum(mean_queue_slope(beds, looked_at, cv_squared), np.finfo(float).tiny)
            load = np.interp(wanted, np.log(slopes), looked_at)
            slope = np.array(mean_queue_slope(beds, load, cv_squared))
            intercept = mean_queue(beds, load, cv_squared) - slope * load
            intercepts[:, column] = np.interp(PRICES, [0.0, *slope], [0.0, *intercept])
    return intercepts


def _capped(intercepts: Numbers, sizes: Numbers, load_caps: Numbers, cv_squared: float) -> Numbers:
    """The intercepts where no more than so much load is allowed: beyond the slope there, those of the cap itself."""
    queue, slope = (of(sizes, load_caps, cv_squared) for of in (mean_queue, mean_queue_slope))
    is_capped = PRICES[:, None] >= slope
    at_cap = np.where(is_capped, queue, 0.0) - PRICES[:, None] * load_caps
    return np.where(is_capped, at_cap, intercepts)


def _corners_below(x: Numbers, y: Numbers) -> list[int]:
    """Positions of the corners of the convex curve below the points, x increasing (Andrew's monotone chain)."""
    across, up = x.tolist(), y.tolist()
    corners: list[int] = []
    for k in range(len(across)):
        while len(corners) > 1:
            i, j = corners[-2:]
            if (up[j] - up[i]) * (across[k] - across[i]) < (up[k] - up[i]) * (across[j] - across[i]):
                break
            corners.pop()
        corners.append(k)
    return corners
