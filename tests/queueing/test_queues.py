"""People waiting by chance: special cases with a formula of their own, and relations."""

from __future__ import annotations

import numpy as np
import pytest

from capplan.queueing import mean_queue, mean_queue_slope

SPREADS = [0.0, 0.3, 0.65, 1.0, 1.5, 4.0]
SIZES = [1, 2, 3, 10, 40, 300, 2000]


@pytest.mark.parametrize("cv_squared", SPREADS)
def test_one_bed_is_pollaczek_and_khinchine(cv_squared: float):
    load = np.array([0.01, 0.5, 0.9, 0.999])
    exact = load**2 / (1 - load) * (1 + cv_squared) / 2
    assert mean_queue(1, load, cv_squared) == pytest.approx(exact, rel=1e-9)


def test_two_beds_and_exponential_stays_are_exact():
    # Lq of M/M/2 is a³ / (4 − a²).
    assert mean_queue(2, [0.5, 1.0, 1.9], 1.0) == pytest.approx([0.125 / 3.75, 1 / 3, 6.859 / 0.39])


def test_equal_stays_are_cosmetatos():
    # n = 10, a = 8: Lq of M/M/10 is 1.6367; k = 0.2 × 9 × (√54 − 2) / (16 × 10 × 0.8).
    k = 0.2 * 9 * (54**0.5 - 2) / 128
    assert mean_queue(10, 8.0, 0.0) == pytest.approx(1.6367 / 2 * (1 + k), rel=1e-4)
    # Their harmonic mean by weights at cv² = 0.5: 1.5 / (0.5 / Lq_equal + 1 / Lq).
    both = mean_queue(10, 8.0, 0.0), mean_queue(10, 8.0, 1.0)
    assert mean_queue(10, 8.0, 0.5) == pytest.approx(1.5 / (0.5 / both[0] + 1 / both[1]))


def test_beyond_exponential_stays_the_queue_grows_in_proportion():
    assert mean_queue(30, 27.0, 3.0) == pytest.approx(2 * mean_queue(30, 27.0, 1.0))
    assert mean_queue(30, 27.0, 1 - 1e-9) == pytest.approx(mean_queue(30, 27.0, 1.0))


def test_a_full_unit_has_an_endless_queue_and_an_empty_one_none():
    assert mean_queue(10, [0.0, 10.0, 12.0], 0.5).tolist() == [0.0, np.inf, np.inf]
    assert mean_queue_slope(10, [0.0, 10.0, 12.0], 0.5).tolist() == [0.0, np.inf, np.inf]
    assert mean_queue(0, [0.0, 1.0], 0.5).tolist() == [0.0, np.inf]


@pytest.mark.parametrize("cv_squared", SPREADS)
@pytest.mark.parametrize("beds", SIZES)
def test_the_slope_is_the_derivative(beds: int, cv_squared: float):
    load = beds * np.array([0.6, 0.9, 0.97])
    step = 1e-6 * load
    rise = mean_queue(beds, load + step, cv_squared) - mean_queue(beds, load - step, cv_squared)
    assert mean_queue_slope(beds, load, cv_squared) == pytest.approx(rise / (2 * step), rel=1e-5, abs=1e-12)


@pytest.mark.parametrize("cv_squared", SPREADS)
@pytest.mark.parametrize("beds", SIZES)
def test_the_queue_is_convex_in_the_load(beds: int, cv_squared: float):
    slope = mean_queue_slope(beds, beds * np.linspace(0, 1, 2001)[:-1], cv_squared)
    assert np.all(np.diff(slope) >= -1e-12 * slope[1:])


@pytest.mark.parametrize("cv_squared", SPREADS)
def test_stays_that_differ_more_make_longer_queues_and_beds_shorter_ones(cv_squared: float):
    beds = np.arange(61, 90)
    queue = mean_queue(beds, 60.0, cv_squared)
    assert np.all(np.diff(queue) < 0)
    assert np.all(mean_queue(beds, 60.0, cv_squared + 0.2) > queue)


def test_two_units_under_one_list_have_a_shorter_queue():
    assert mean_queue(20, 17.0, 0.5) < 2 * mean_queue(10, 8.5, 0.5)
