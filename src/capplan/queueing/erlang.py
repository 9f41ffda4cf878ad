"""Erlang's formulas: how likely all beds are full where people arrive at random.

`servers` are beds, whole numbers of 0 or more; `load` is the people who would be in care if nobody ever waited or
was refused: arrivals a day × days of stay. Both may be arrays and are broadcast. The formulas hold for any
distribution of the stay with that mean (refusals) or for exponential stays (waiting).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

# Below this probability Poisson's sum is summed from its far end instead, where its own digits are lost.
SMALLEST_SUM = 1e-290
# Largest loads are found to this part of themselves, from below.
PRECISION = 1e-13


def erlang_b(servers: ArrayLike, load: ArrayLike) -> Numbers:
    """Probability that an arriving person finds all beds full, where who finds none goes elsewhere.

    B(n, a) = (aⁿ / n!) / Σ_{k ≤ n} aᵏ / k!: Erlang (1917); for any distribution of the stay by Sevastyanov (1957).
    Computed as Poisson's probability of n over that of n or fewer. 1 without beds, 0 without load.
    """
    from scipy.special import gammaincc, gammaln, xlogy

    n, a = broadcast(servers, load)
    with np.errstate(under="ignore"):
        at_most_n = gammaincc(n + 1, a)
        exactly_n = np.exp(xlogy(n, a) - a - gammaln(n + 1))
    is_far = at_most_n < SMALLEST_SUM
    refused = np.divide(exactly_n, at_most_n, out=np.ones_like(a), where=~is_far)
    if np.any(is_far):
        refused[is_far] = 1 / _sum_over_last_term(n[is_far], a[is_far])
    return plain(refused)


def erlang_c(servers: ArrayLike, load: ArrayLike) -> Numbers:
    """Probability that an arriving person has to wait, where all wait for a bed in turn; 1 for a load ≥ beds.

    C(n, a) = n B / (n − a (1 − B)), with B of `erlang_b`: Erlang (1917). Exact for exponential stays, close for
    others. Without beds and load nobody waits: 0.
    """
    n, a = broadcast(servers, load)
    refused = erlang_b(n, a)
    waits = np.divide(n * refused, n - a + a * refused, out=np.ones_like(a), where=a < n)
    return plain(np.where(a == 0, 0.0, waits))


def load_max_refusal(servers: ArrayLike, probability: float) -> Numbers:
    """The largest load at which no more than this share of the arriving people is refused, `erlang_b` ≤ share.

    Raises ValueError if the probability is not between 0 and 1.
    """
    (n,) = broadcast(servers)
    _check_probability(probability)
    # Of load × (1 − refused) no more than n can be in care, so that no larger load can do.
    return _largest_load(erlang_b, n, n / (1 - probability), probability)


def load_max_waiting(servers: ArrayLike, probability: float) -> Numbers:
    """The largest load at which no more than this share of the arriving people waits, `erlang_c` ≤ share.

    Raises ValueError if the probability is not between 0 and 1.
    """
    (n,) = broadcast(servers)
    _check_probability(probability)
    return _largest_load(erlang_c, n, n, probability)


def _largest_load(
    chance: Callable[[Numbers, Numbers], Numbers], n: Numbers, most: Numbers, probability: float
) -> Numbers:
    from scipy.optimize.elementwise import find_root

    load = np.zeros_like(n)
    has_beds = n > 0
    root = find_root(
        lambda a, n: chance(n, a) - probability,
        (load[has_beds], most[has_beds]),
        args=(n[has_beds],),
        tolerances={"xrtol": PRECISION, "xatol": 0.0, "frtol": 0.0, "fatol": 0.0},
    )
    load[has_beds] = root.x * (1 - 2 * PRECISION)
    return plain(load)


def _sum_over_last_term(n: Numbers, a: Numbers) -> Numbers:
    """Σ_{k ≤ n} aᵏ / k! over its last term, 1 + n/a (1 + (n−1)/a (1 + …)), for loads far above the beds."""
    total, term, k = np.ones_like(a), np.ones_like(a), n.copy()
    while np.any(term > np.finfo(float).eps * total):
        term = term * np.maximum(k, 0.0) / a
        total = total + term
        k = k - 1
    return total


def _check_probability(probability: float) -> None:
    if not 0 < probability < 1:
        raise ValueError(f"a probability is a number between 0 and 1, not {probability}")


def broadcast(*numbers: ArrayLike) -> list[Numbers]:
    """The numbers as arrays of one shape, free to be changed."""
    return [np.array(one, dtype=float) for one in np.broadcast_arrays(*numbers)]


def plain(numbers: Numbers) -> Numbers:
    """The array, or its number where it has no dimension."""
    number: Numbers = numbers[()]
    return number
