"""Stays in care: totals, numbers by hand, and a second computation by numerical integration."""

from __future__ import annotations

from itertools import pairwise
from math import exp, inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from capplan.parameters.stays import (
    DISTRIBUTIONS,
    Stay,
    days_in_care,
    days_in_care_from_census,
    days_in_care_from_steady,
    trim,
)

STAYS = [
    Stay("exponential", 20.0),
    Stay("fixed", 35.0),
    Stay("lognormal", 35.0, 25.0),
    Stay("lognormal", 12.0, 60.0),
    Stay("gamma", 35.0, 25.0),
    Stay("gamma", 9.0, 14.0),
    Stay("gamma", 40.0, 0.5),
    Stay("lognormal", 300.0, 200.0),
]
WINDOWS = [(0.0, inf), (0.0, 7.0), (7.0, inf), (13.5, 41.25), (200.0, 207.0)]
MONTHS = np.array([0.0, 31.0, 59.0, 90.0, 120.0])
THIRTIES = np.arange(0.0, 151.0, 30.0)

every_stay = pytest.mark.parametrize("stay", STAYS, ids=str)
every_window = pytest.mark.parametrize("window", WINDOWS, ids=str)


def scipy_survival(stay: Stay):
    """The survival function from scipy.stats, parametrised apart from the code under test."""
    mean, sd = stay.stay_days, stay.stay_sd_days
    if stay.distribution == "fixed":
        return lambda x: float(x < mean)
    if stay.distribution == "exponential":
        return stats.expon(scale=mean).sf
    if stay.distribution == "gamma":
        return stats.gamma(a=(mean / sd) ** 2, scale=sd**2 / mean).sf
    sigma = sqrt(log(1 + (sd / mean) ** 2))
    return stats.lognorm(s=sigma, scale=mean / sqrt(1 + (sd / mean) ** 2)).sf


def integral(function, low, high, breaks):
    """∫ of a piecewise smooth function over [low, high], by Gauss quadrature between the breaks."""
    knots = sorted({low, high, *(b for b in breaks if low < b < high)})
    return sum(integrate.quad(function, a, b, epsabs=1e-10, limit=200)[0] for a, b in pairwise(knots))


def knots_of(stay: Stay) -> list[float]:
    """Where the survival function bends most."""
    return [stay.stay_days + k * stay.sd_days for k in (-8, -4, -2, -1, 0, 1, 2, 4, 8)]


def days_by_quadrature(stay, start, care, window):
    """Days in `care` [t0, t1) of one who starts at random in `start` [u0, u1).

    On day z of the stay the person is in period t if the start lay in [t0 - z, t1 - z): weigh survival by
    the share of u that does.
    """
    (u0, u1), (t0, t1), survives = start, care, scipy_survival(stay)

    def days(z):
        return survives(z) * max(0.0, min(u1, t1 - z) - max(u0, t0 - z)) / (u1 - u0)

    low, high = max(window[0], t0 - u1, 0.0), min(window[1], t1 - u0)
    return integral(days, low, high, [t0 - u0, t1 - u1, *knots_of(stay)]) if low < high else 0.0


def periods(edges):
    return list(pairwise(edges))


# By hand


def test_a_fixed_stay_of_35_days_fills_beds_in_three_months():
    """Start on day x of 30: 30 - x days this month; next month x + 5 days (x < 25) else 30; then x - 25."""
    kernel = days_in_care(Stay("fixed", 35.0), THIRTIES)
    next_month = (25**2 / 2 + 5 * 25 + 5 * 30) / 30
    assert kernel[0] == pytest.approx([15, next_month, (5**2 / 2) / 30, 0, 0])
    assert next_month == pytest.approx(19.583333333)
    assert kernel[0].sum() == pytest.approx(35)


def test_the_first_week_of_a_fixed_stay_rarely_reaches_the_next_month():
    """7 days if started on days 0 to 23; after that on average 3.5 this month and 3.5 the next."""
    kernel = days_in_care(Stay("fixed", 35.0), THIRTIES, to_day=7.0)
    assert kernel[0] == pytest.approx([(23 * 7 + 7 * 3.5) / 30, 7 * 3.5 / 30, 0, 0, 0])


def test_an_exponential_stay_with_a_half_life_of_one_period_halves_every_period():
    """With q = exp(-30 / m) = 1/2: (30 m - m² (1 - q)) / 30 in its own period, then m² (1 - q)² qⁿ / 30."""
    mean = 30 / log(2)
    kernel = days_in_care(Stay("exponential", mean), THIRTIES)
    own, following = mean - mean**2 / 60, mean**2 / 120
    assert kernel[0] == pytest.approx([own, following, following / 2, following / 4, following / 8])


def test_steady_care_by_hand():
    """One start a day, 35 days each: ∫ (35 - y) dy over days 0 to 30, then over days 30 to 35."""
    assert days_in_care_from_steady(Stay("fixed", 35.0), [0, 30, 60, 90]) == pytest.approx([600, 12.5, 0])


def test_a_person_found_in_fixed_care_has_on_average_half_the_stay_left():
    assert days_in_care_from_census(Stay("fixed", 30.0), [0, 30, 60]) == pytest.approx([15, 0])


def test_a_person_found_in_exponential_care_stays_as_long_as_a_new_one():
    days = days_in_care_from_census(Stay("exponential", 20.0), [0, 10, 1000])
    assert days == pytest.approx([20 * (1 - exp(-0.5)), 20 * exp(-0.5)])


def test_survival_by_hand():
    stay = Stay("exponential", 20.0)
    assert stay.survival([-5, 0, 20]) == pytest.approx([1, 1, exp(-1)])
    assert stay.survival_integral([-5, 0, 20, inf]) == pytest.approx([0, 0, 20 * (1 - exp(-1)), 20])
    assert stay.survival_double_integral([-5, 0, 20]) == pytest.approx([0, 0, 400 * exp(-1)])
    fixed = Stay("fixed", 10.0)
    assert fixed.survival([9, 10]).tolist() == [1, 0]
    assert fixed.survival_integral([4, 25]).tolist() == [4, 10]
    assert fixed.survival_double_integral([4, 25]).tolist() == [8, 50 + 150]


# Against numerical integration


@every_stay
def test_survival_is_that_of_scipy(stay):
    x = np.array([0.1, 3.0, 20.0, 34.99, 36.0, 500.0])
    assert stay.survival(x) == pytest.approx([scipy_survival(stay)(v) for v in x], abs=1e-12)


@every_stay
@pytest.mark.parametrize("z", [0.5, 10.0, 41.0, 400.0])
def test_integrals_of_survival_agree_with_quadrature(stay, z):
    survives = scipy_survival(stay)
    once = integral(survives, 0.0, z, knots_of(stay))
    twice = integral(lambda x: (z - x) * survives(x), 0.0, z, knots_of(stay))
    assert stay.survival_integral(z) == pytest.approx(once, rel=1e-8)
    assert stay.survival_double_integral(z) == pytest.approx(twice, rel=1e-8)


@every_stay
@pytest.mark.parametrize("z", [0.0, 10.0, 41.0, 400.0])
def test_what_remains_makes_up_the_whole(stay, z):
    """F1 and what remains add up to the mean; F2(z) = mean z - E[X²]/2 + what remains."""
    mean_square = stay.stay_days**2 * (1 + stay.cv_squared)
    assert stay.survival_integral(z) + stay.remaining(z) == pytest.approx(stay.stay_days)
    whole = stay.stay_days * z - mean_square / 2
    assert stay.survival_double_integral(z) - stay.remaining_integral(z) == pytest.approx(whole, abs=1e-8)


@every_window
@every_stay
def test_days_in_care_agree_with_quadrature(stay, window):
    spans = periods(MONTHS)
    expected = [[days_by_quadrature(stay, u, t, window) for t in spans] for u in spans]
    assert days_in_care(stay, MONTHS, *window) == pytest.approx(np.array(expected), rel=1e-6, abs=2e-9)


def test_days_in_care_agree_with_a_plain_sum_over_starts_and_days():
    """A second way, without the geometry: every start and every moment of care on a grid of 1/20 day."""
    stay, edges, step = Stay("gamma", 9.0, 6.0), np.array([0.0, 10.0, 25.0, 30.0]), 0.05
    moments = np.arange(step / 2, edges[-1], step)
    period = np.searchsorted(edges, moments, side="right") - 1
    elapsed = moments[None, :] - moments[:, None]
    in_care = np.where((elapsed >= 2) & (elapsed < 15), scipy_survival(stay)(elapsed), 0.0)
    member = period[:, None] == np.arange(3)
    expected = member.T @ in_care @ member * step**2 / np.diff(edges)[:, None]
    assert days_in_care(stay, edges, 2.0, 15.0) == pytest.approx(expected, abs=2e-2)


@every_window
@every_stay
def test_care_from_a_census_agrees_with_quadrature(stay, window):
    """Of people found at age x, S(x + y) / S(x) are there on day y; the age has density S(x) / mean."""
    survives = scipy_survival(stay)
    for (t0, t1), days in zip(periods(MONTHS), days_in_care_from_census(stay, MONTHS, *window), strict=True):
        # Age at moment y is z = x + y: survival counts once for each y in the period that is at most z.
        expected = integral(
            lambda z, t0=t0, t1=t1: survives(z) * max(0.0, min(z, t1) - t0),
            window[0],
            min(window[1], 1e8),
            [t0, t1, *10.0 ** np.arange(2, 8, 0.5), *knots_of(stay)],
        )
        assert days == pytest.approx(expected / stay.stay_days, rel=1e-6, abs=2e-9)


@pytest.mark.parametrize("distribution", ["lognormal", "gamma"])
@pytest.mark.parametrize("sd", [35e-3, 35e-5, 35e-9, 0.0])
def test_a_tiny_spread_is_all_but_fixed(distribution, sd):
    """A spread moves each entry by no more than about sd² / length of the period."""
    kernel = days_in_care(Stay(distribution, 35.0, sd), MONTHS)
    assert kernel == pytest.approx(days_in_care(Stay("fixed", 35.0), MONTHS), abs=sd**2 / 28 + 1e-11)


def test_a_spread_of_a_thousandth_shows_where_a_fixed_stay_just_ends():
    """Stay 35 ± 0.035: those above 35 can reach the period after next, E[((X - 35)⁺)²] / 2 / 35 days each."""
    edges = np.array([0.0, 35.0, 70.0, 105.0])
    for distribution in ("lognormal", "gamma"):
        kernel = days_in_care(Stay(distribution, 35.0, 0.035), edges)
        assert kernel[0, 2] == pytest.approx(0.035**2 / 4 / 35, rel=2e-3)


# Ten years


@every_window
@every_stay
def test_entries_depend_on_the_distance_alone_even_after_ten_years(stay, window):
    """In equal periods every row is the first one shifted; cancellation would show as a difference."""
    kernel = days_in_care(stay, np.arange(0.0, 3650.1, 30.4), *window)
    for row in range(len(kernel)):
        assert kernel[row, row:] == pytest.approx(kernel[0, : len(kernel) - row], rel=1e-7, abs=2e-9)
        assert not kernel[row, :row].any()


def test_daily_entries_of_a_very_long_stay_keep_their_digits():
    """Exponential by hand: m² (1 - q)² qⁿ, q = exp(-1 / m)."""
    kernel = days_in_care(Stay("exponential", 3000.0), np.arange(0.0, 401.0))
    by_hand = (3000 * np.expm1(-1 / 3000)) ** 2 * np.exp(-np.arange(399) / 3000)
    assert kernel[0, 1:] == pytest.approx(by_hand, rel=5e-10)


def test_a_day_in_ten_years_keeps_its_digits():
    stay = Stay("lognormal", 365.0, 365.0)
    kernel = days_in_care(stay, [0.0, 1.0, 3650.0, 3651.0])
    expected = days_by_quadrature(stay, (0.0, 1.0), (3650.0, 3651.0), (0.0, inf))
    assert kernel[0, 2] == pytest.approx(expected, rel=1e-7)


def test_what_is_nothing_is_exactly_nothing():
    edges = np.arange(0.0, 3650.1, 30.4)
    for stay in (
        Stay("fixed", 35.0),
        Stay("exponential", 5.0),
        Stay("gamma", 40.0, 0.5),
        Stay("lognormal", 12.0, 3.0),
    ):
        assert not np.triu(days_in_care(stay, edges), 10).any()
    assert not days_in_care(STAYS[0], edges, 7.0, 7.0).any()
    assert not days_in_care_from_steady(STAYS[0], edges, 7.0, 7.0).any()


# Relations


@every_stay
@pytest.mark.parametrize(("low", "high"), [*WINDOWS, (0.0, 30.0)])
def test_a_person_spends_the_stay_or_the_windows_part_of_it_in_care(stay, low, high):
    edges = np.append(MONTHS, 1e5)
    of_stay = integral(scipy_survival(stay), low, min(high, 1e5), [300.0, 1000.0, 10000.0, *knots_of(stay)])
    assert days_in_care(stay, edges, low, high)[:4].sum(axis=1) == pytest.approx(of_stay, rel=1e-6, abs=1e-8)


stays = st.builds(
    Stay,
    st.sampled_from(DISTRIBUTIONS),
    st.floats(0.5, 500.0),
    st.floats(0.0, 500.0),
)
horizons = st.lists(st.floats(0.5, 92.0), min_size=2, max_size=8).map(lambda days: np.cumsum([0.0, *days]))
few = settings(max_examples=60, deadline=None)


@few
@given(stays, horizons, st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_adjoining_windows_add_up(stay, edges, one_day, another_day):
    first, second = sorted((one_day, another_day))
    windows = [(0.0, first), (first, second), (second, inf)]
    for days in (days_in_care, days_in_care_from_steady, days_in_care_from_census):
        total = sum(days(stay, edges, *window) for window in windows)
        assert total == pytest.approx(days(stay, edges), rel=1e-7, abs=1e-7)


@few
@given(stays, horizons, st.data())
def test_merging_two_periods_adds_care_and_averages_starts(stay, edges, data):
    k = data.draw(st.integers(1, len(edges) - 2))
    weighted = days_in_care(stay, edges) * np.diff(edges)[:, None]
    for axis in (0, 1):
        weighted = np.add.reduceat(weighted, np.delete(np.arange(len(edges) - 1), k), axis=axis)
    merged_edges = np.delete(edges, k)
    merged = days_in_care(stay, merged_edges)
    assert merged == pytest.approx(weighted / np.diff(merged_edges)[:, None], rel=1e-7, abs=1e-7)


@few
@given(stays, horizons, st.floats(1.0, 3.0), st.floats(0.0, 50.0))
def test_proportionally_longer_stays_never_take_fewer_days(stay, edges, factor, from_day):
    longer = Stay(stay.distribution, stay.stay_days * factor, stay.sd_days * factor)
    for days in (days_in_care, days_in_care_from_steady):
        assert (days(longer, edges, from_day) >= days(stay, edges, from_day) - 1e-7).all()


@few
@given(stays, horizons)
def test_entries_are_between_nothing_and_the_whole_period(stay, edges):
    kernel = days_in_care(stay, edges)
    assert (kernel >= 0).all()
    assert (kernel <= np.diff(edges) + 1e-9).all()
    assert (kernel.sum(axis=1) <= stay.stay_days + 1e-7).all()


@few
@given(stays, horizons)
def test_steady_care_and_new_starts_keep_the_number_in_care_steady(stay, edges):
    """One start a day before and after the beginning: stay_days people in care in every period (Little)."""
    lengths = np.diff(edges)
    in_care = days_in_care_from_steady(stay, edges) + lengths @ days_in_care(stay, edges)
    assert in_care == pytest.approx(stay.stay_days * lengths, rel=1e-7, abs=1e-6)


@every_window
@pytest.mark.parametrize("stay", [s for s in STAYS if s.cv_squared < 3], ids=str)
def test_steady_care_is_the_sum_over_a_long_past(stay, window):
    past = np.arange(-6000.0, 0.0, 30.0)
    edges = np.concatenate([past, MONTHS])
    kernel = days_in_care(stay, edges, *window)[: len(past), len(past) :]
    assert days_in_care_from_steady(stay, MONTHS, *window) == pytest.approx(
        30 * kernel.sum(axis=0), rel=1e-5, abs=1e-5
    )


@every_window
@every_stay
def test_a_census_as_large_as_steady_care_is_steady_care(stay, window):
    from_census = stay.stay_days * days_in_care_from_census(stay, MONTHS, *window)
    assert from_census == pytest.approx(days_in_care_from_steady(stay, MONTHS, *window))


# Trimming


def test_trim_gives_the_tail_to_the_last_entry_kept():
    kernel = np.array([[0.0, 8.0, 1.5, 0.4, 0.1], [0.0, 0.0, 8.0, 1.5, 0.4], [0.0, 0.0, 0.0, 0.0, 0.0]])
    expected = [[0.0, 8.0, 2.0, 0.0, 0.0], [0.0, 0.0, 8.0, 1.9, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]]
    assert trim(kernel, 10.0, 0.06) == pytest.approx(np.array(expected))
    assert trim(kernel, 10.0, 0.001) == pytest.approx(kernel)


def test_trim_without_tolerance_cuts_no_more_than_the_round_off_of_the_stay():
    kernel = np.array([[4.0, 0.5, 1e-10, 1e-16], [0.0, 0.0, 1e-16, 1e-16]])
    assert trim(kernel, 10.0, 0.0).astype(bool).tolist() == [
        [True, True, True, False],
        [False, False, True, False],
    ]


@every_window
@every_stay
def test_trim_keeps_totals_and_only_shortens(stay, window):
    kernel = days_in_care(stay, np.arange(0.0, 3650.1, 30.4), *window)
    trimmed = trim(kernel, stay.stay_days)
    assert trimmed.sum(axis=1) == pytest.approx(kernel.sum(axis=1), rel=1e-12)
    changed = np.abs(trimmed - kernel).sum(axis=1)
    assert (changed <= 2e-6 * kernel.sum(axis=1) + 1e-12).all()
    assert np.count_nonzero(trimmed) <= np.count_nonzero(kernel)


def test_trim_saves_most_of_a_long_horizon():
    kernel = days_in_care(Stay("exponential", 20.0), np.arange(0.0, 3650.1, 30.4))
    per_row = np.count_nonzero(trim(kernel, 20.0), axis=1)
    assert per_row.max() == 1 + np.ceil(20 * log(kernel[0, 1] * 1e6 / 20 / (1 - exp(-1.52))) / 30.4)


# What is refused


@pytest.mark.parametrize(
    ("distribution", "stay_days", "stay_sd_days"),
    [
        ("weibull", 20.0, 5.0),
        ("exponential", 0.0, None),
        ("fixed", -1.0, None),
        ("fixed", float("nan"), None),
        ("gamma", inf, 5.0),
        ("gamma", 20.0, None),
        ("lognormal", 20.0, None),
        ("lognormal", 20.0, -1.0),
    ],
)
def test_a_stay_that_makes_no_sense_is_refused(distribution, stay_days, stay_sd_days):
    with pytest.raises(ValueError, match=r"distribution|stay_days|stay_sd_days"):
        Stay(distribution, stay_days, stay_sd_days)


def test_cv_squared_is_one_if_exponential_and_none_if_fixed():
    assert Stay("exponential", 20.0).cv_squared == 1
    assert Stay("fixed", 20.0).cv_squared == 0
    assert Stay("gamma", 20.0, 10.0).cv_squared == 0.25


@pytest.mark.parametrize("window", [(-1.0, 5.0), (5.0, 4.0), (inf, inf)])
def test_a_window_must_run_forward_from_the_start(window):
    for days in (days_in_care, days_in_care_from_steady):
        with pytest.raises(ValueError, match="window"):
            days(STAYS[0], MONTHS, *window)


@pytest.mark.parametrize("edges", [[0.0], [0.0, 5.0, 5.0], [5.0, 0.0]])
def test_edges_must_increase(edges):
    with pytest.raises(ValueError, match="edges"):
        days_in_care(STAYS[0], edges)


def test_care_from_before_the_horizon_is_counted_from_day_0():
    with pytest.raises(ValueError, match="edges"):
        days_in_care_from_steady(STAYS[0], [1.0, 5.0])
