"""Courses of care: numbers by hand, sums of stays whose distribution is known, and totals whatever the stays are."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from capplan.parameters.consecutive_stays import Course
from capplan.parameters.stays import DISTRIBUTIONS, Stay
from tests.parameters.test_stays import scipy_survival
from tests.strategies import examples

THIRTIES = np.arange(0.0, 121.0, 30.0)
MONTHS = np.array([0.0, 31.0, 59.0, 90.0, 120.0])
TEN, TWENTY = Stay("fixed", 10.0), Stay("fixed", 20.0)
EXACT = 1e-6


def gamma(shape: float, scale: float) -> Stay:
    """A gamma stay; stays of one scale add up to a gamma stay whose shape is the sum."""
    return Stay("gamma", shape * scale, shape**0.5 * scale)


def days_by_quadrature(present, edges: np.ndarray) -> np.ndarray:
    """Days in period t (column) of one who starts at random in u (row) and is there on day x with `present(x)`."""

    def days(u: tuple[float, float], t: tuple[float, float]) -> float:
        def there(x: float) -> float:
            return present(x) * max(0.0, min(u[1], t[1] - x) - max(u[0], t[0] - x)) / (u[1] - u[0])

        knots = sorted({0.0, *(max(b - a, 0.0) for a in u for b in t)})
        return sum(integrate.quad(there, a, b, epsabs=1e-10, limit=200)[0] for a, b in pairwise(knots))

    return np.array([[days(u, t) for t in pairwise(edges)] for u in pairwise(edges)])


# By hand


def test_ten_days_in_a_bed_and_then_twenty_at_home():
    """Started on day a of 30: at home from a + 10 to a + 30, so 20 - a of the days fall in the first month."""
    at_home = Course((TEN,), TWENTY).days_in_care(THIRTIES)
    assert at_home[0] == pytest.approx([200 / 30, 20 - 200 / 30, 0, 0])
    assert at_home[1] == pytest.approx([0, 200 / 30, 20 - 200 / 30, 0])


def test_a_third_package_begins_when_two_fixed_stays_are_over():
    """Started on day a of 30: in the third from a + 30, which is in the next month."""
    third = Course((TEN, TWENTY), Stay("fixed", 15.0))
    assert third.days_in_care(THIRTIES)[0] == pytest.approx([0, 15 - 15**2 / 60, 15**2 / 60, 0])
    assert third.starts(THIRTIES)[0] == pytest.approx([0, 1, 0, 0])


def test_a_window_counts_from_the_start_of_the_next_package():
    """The first five days at home: days a + 10 to a + 15; started before day 15 all in this month."""
    first_days = Course((TEN,), TWENTY).days_in_care(THIRTIES, 0.0, 5.0)
    assert first_days[0, 0] == pytest.approx((15 * 5 + 5 * 2.5) / 30)
    assert first_days[0].sum() == pytest.approx(5)


def test_the_next_package_starts_when_the_stay_ends():
    """Started on day a of 30: out of the bed on day a + 10; two thirds of them in this month."""
    assert Course((TEN,), TWENTY).starts(THIRTIES)[0] == pytest.approx([2 / 3, 1 / 3, 0, 0])


def test_who_is_in_a_bed_at_the_start_comes_home_within_ten_days():
    """Found in a bed: out at a random moment of days 0 to 10, 20 days at home from then, 5 of 20 after day 25."""
    course = Course((TEN,), TWENTY)
    assert course.starts_from_census(THIRTIES) == pytest.approx([1, 0, 0, 0])
    assert course.days_from_census([0, 10, 25, 60]) == pytest.approx([5, 15 - 25 / 20, 25 / 20])


def test_one_start_a_day_since_ever_keeps_twenty_at_home():
    """By day 30 those who started in the month have all taken over: only the others count as steady."""
    course = Course((TEN,), TWENTY)
    from_before = course.days_from_steady(THIRTIES)
    since = 30 * course.days_in_care(THIRTIES)[0]
    assert from_before + since == pytest.approx([600, since[1], 0, 0])
    assert course.starts_from_steady(THIRTIES) == pytest.approx([10, 0, 0, 0])


# Sums of stays that are known


@pytest.mark.parametrize(
    "shapes", [(1.0, 1.0), (2.5, 0.5), (0.3, 1.5), (1.0, 2.0, 1.0), (0.4, 0.7, 2.0)], ids=str
)
def test_gamma_stays_of_one_scale_one_after_the_other(shapes: tuple[float, ...]):
    scale = 9.0
    before, own = sum(shapes[:-1]), shapes[-1]

    def present(x: float) -> float:
        return stats.gamma.sf(x, before + own, scale=scale) - stats.gamma.sf(x, before, scale=scale)

    course = Course(tuple(gamma(shape, scale) for shape in shapes[:-1]), gamma(own, scale))
    assert course.days_in_care(MONTHS) == pytest.approx(days_by_quadrature(present, MONTHS), abs=EXACT)


@pytest.mark.parametrize(
    "first", [Stay("lognormal", 21.0, 15.0), Stay("lognormal", 12.0, 30.0), gamma(4.0, 6.0)], ids=str
)
def test_a_fixed_stay_follows(first: Stay):
    """At home on day x: out of the bed in the 12.4 days before."""
    survives = scipy_survival(first)
    course = Course((first,), Stay("fixed", 12.4))
    there = days_by_quadrature(lambda x: survives(max(x - 12.4, 0.0)) - survives(x), MONTHS)
    assert course.days_in_care(MONTHS) == pytest.approx(there, abs=EXACT)


@pytest.mark.parametrize(
    "then", [Stay("lognormal", 21.0, 15.0), Stay("exponential", 6.0), gamma(0.5, 40.0)], ids=str
)
def test_a_fixed_stay_comes_first(then: Stay):
    survives = scipy_survival(then)
    course = Course((Stay("fixed", 7.3),), then)
    there = days_by_quadrature(lambda x: survives(x - 7.3) if x >= 7.3 else 0.0, MONTHS)
    assert course.days_in_care(MONTHS) == pytest.approx(there, abs=1e-5)


def test_exponential_stays_from_a_census_are_as_good_as_new():
    """Out of care at rate 1/20, at home 10 days on average: there on day x with 2 (e^-x/20 - e^-x/10) / 2."""
    course = Course((Stay("exponential", 20.0),), Stay("exponential", 10.0))

    def there(x: float) -> float:
        return (np.exp(-x / 20) - np.exp(-x / 10)) / 20 / (1 / 10 - 1 / 20)

    by_hand = [integrate.quad(there, a, b)[0] for a, b in pairwise(MONTHS)]
    assert course.days_from_census(MONTHS) == pytest.approx(by_hand, abs=EXACT)
    started = np.diff(1 - np.exp(-MONTHS / 20))
    assert course.starts_from_census(MONTHS) == pytest.approx(started, abs=EXACT)


# Whatever the stays are

# No wider than exponential: of lognormal stays with more spread, over 1e-5 may lie beyond the end of LONG.
A_STAY = st.builds(
    lambda distribution, mean, spread: Stay(distribution, mean, mean * spread),
    st.sampled_from(DISTRIBUTIONS),
    st.floats(1.0, 40.0),
    st.floats(0.2, 1.0),
)
LONG = np.array([0.0, 30.0, 61.0, 2500.0])


@settings(max_examples=examples(20))
@given(st.lists(A_STAY, min_size=1, max_size=2), A_STAY)
def test_days_in_the_next_package_add_up_to_its_stay(before: list[Stay], stay: Stay):
    course = Course(tuple(before), stay)
    days, starts = course.days_in_care(LONG), course.starts(LONG)
    assert days[0].sum() == pytest.approx(stay.stay_days, rel=1e-5)
    assert starts[0].sum() == pytest.approx(1, rel=1e-5)
    assert (days >= 0).all()
    assert (starts >= 0).all()
    week = course.days_in_care(LONG, 0.0, 7.0)[0].sum()
    assert week + course.days_in_care(LONG, 7.0, inf)[0].sum() == pytest.approx(stay.stay_days, rel=1e-5)
    assert course.starts_from_census(LONG).sum() == pytest.approx(1, rel=1e-5)
    assert course.days_from_census(LONG).sum() == pytest.approx(stay.stay_days, rel=1e-5)


@settings(max_examples=examples(20))
@given(st.lists(A_STAY, min_size=1, max_size=2), A_STAY)
def test_a_steady_past_and_steady_starts_keep_a_steady_number_there(before: list[Stay], stay: Stay):
    course = Course(tuple(before), stay)
    lengths = np.diff(MONTHS)
    there = course.days_from_steady(MONTHS) + lengths @ course.days_in_care(MONTHS)
    assert there == pytest.approx(stay.stay_days * lengths, rel=1e-9)
    started = course.starts_from_steady(MONTHS) + lengths @ course.starts(MONTHS)
    assert started == pytest.approx(lengths, rel=1e-9)


@settings(max_examples=examples(10))
@given(A_STAY, A_STAY)
def test_cutting_every_period_in_two_keeps_the_days(first: Stay, stay: Stay):
    course = Course((first,), stay)
    edges = np.array([0.0, 30.0, 60.0, 92.0])
    halved = np.sort(np.concatenate([edges, (edges[:-1] + edges[1:]) / 2]))
    together = course.days_in_care(halved).reshape(3, 2, 3, 2).sum(axis=3).mean(axis=1)
    assert together == pytest.approx(course.days_in_care(edges), rel=1e-9, abs=1e-9)
