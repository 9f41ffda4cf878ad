"""People waiting for a bed by chance, where the average load would fit: M/G/n queues.

`servers` and `load` as in `erlang`; `cv_squared` is the squared coefficient of variation of the stay, sd² / mean²: 0
if all stay equally long, 1 if stays are exponential, above 1 for a mixture of short and very long stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from capplan.queueing.erlang import Numbers, broadcast, erlang_b, erlang_c, plain


def mean_queue(servers: ArrayLike, load: ArrayLike, cv_squared: float) -> Numbers:
    """Average number of people who wait because the beds are full by chance; infinite for a load ≥ beds.

    Exponential stays: Lq = C a / (n − a), exact, with C of `erlang_c`. Other stays are interpolated between these and
    stays that are all equal: see `_part_of_exponential`. 0 without load, with or without beds.
    """
    n, a = broadcast(servers, load)
    exponential = np.divide(erlang_c(n, a) * a, n - a, out=np.full_like(a, np.inf), where=a < n)
    waiting = exponential * _part_of_exponential(n, a, cv_squared)
    return plain(np.where(a == 0, 0.0, waiting))


def mean_queue_slope(servers: ArrayLike, load: ArrayLike, cv_squared: float) -> Numbers:
    """Derivative of `mean_queue` by the load: further people waiting per further person in care.

    The product rule on Lq and on the part of it, with ∂B/∂a = B (n/a − 1 + B) (Jagerman 1974). Infinite for a
    load ≥ beds.
    """
    n, a = broadcast(servers, load)
    slope = np.where(a < n, 0.0, np.inf)
    is_busy = (a > 0) & (a < n)
    slope[is_busy] = _slope(n[is_busy], a[is_busy], cv_squared)
    return plain(slope)


def _slope(n: Numbers, a: Numbers, cv_squared: float) -> Numbers:
    refused, waits = erlang_b(n, a), erlang_c(n, a)
    refused_slope = refused * (n / a - 1 + refused)
    free = n - a + a * refused
    waits_slope = (n * refused_slope + waits * (1 - refused - a * refused_slope)) / free
    exponential = waits * a / (n - a)
    exponential_slope = (waits_slope * a + waits * n / (n - a)) / (n - a)
    part, part_slope = _part_of_exponential(n, a, cv_squared), _part_slope(n, a, cv_squared)
    product: Numbers = exponential_slope * part + exponential * part_slope
    return product


def _part_of_exponential(n: Numbers, a: Numbers, cv_squared: float) -> Numbers:
    """The queue over the queue of exponential stays.

    Equal stays: (1 + k) / 2 with k of `_light_traffic` (Cosmetatos, INFOR 13, 1975). Up to cv² = 1 the
    interpolation (1 + cv²) / ((1 − cv²) / Lq_equal + 2 cv² / Lq) (Kimura, Management Science 32, 1986, for Poisson
    arrivals). Above 1 (1 + cv²) / 2 (Allen, Probability, Statistics, and Queueing Theory, 1978: Allen–Cunneen),
    which is where the other ends.
    """
    if cv_squared >= 1:
        return np.full_like(a, (1 + cv_squared) / 2)
    k = _light_traffic(n, a)
    part: Numbers = (1 + cv_squared) / 2 * (1 + k) / (1 + cv_squared * k)
    return part


def _part_slope(n: Numbers, a: Numbers, cv_squared: float) -> Numbers:
    if cv_squared >= 1:
        return np.zeros_like(a)
    k = _light_traffic(n, a)
    k_slope = -_size_factor(n) * n / a**2
    slope: Numbers = (1 + cv_squared) / 2 * (1 - cv_squared) / (1 + cv_squared * k) ** 2 * k_slope
    return slope


def _light_traffic(n: Numbers, a: Numbers) -> Numbers:
    """Cosmetatos' k = (1 − ρ)(n − 1)(√(4 + 5n) − 2) / (16 n ρ), with ρ = a / n: what is gained by equal stays falls
    with free beds.
    """
    free_over_busy = np.divide(n - a, a, out=np.zeros_like(a), where=a > 0)
    return _size_factor(n) * np.maximum(free_over_busy, 0.0)


def _size_factor(n: Numbers) -> Numbers:
    most = np.maximum(n, 1.0)
    factor: Numbers = (most - 1) * (np.sqrt(4 + 5 * most) - 2) / (16 * most)
    return factor
