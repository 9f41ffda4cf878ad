"""Days in care by numerical integration: against numbers by hand and against the model's closed forms."""

from math import exp, inf

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from capplan.parameters import stays as closed
from capplan.verify.people.stays import days_in_care

MONTHS = np.cumsum([0, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]).astype(float)
WINDOWS = [(0.0, inf), (7.0, inf), (0.0, 14.0), (3.5, 20.25), (10.0, 3000.0), (400.0, inf)]
STAYS = [
    ("exponential", 35.0, None),
    ("exponential", 0.4, None),
    ("fixed", 35.5, None),
    ("lognormal", 21.0, 15.0),
    ("lognormal", 21.0, 60.0),
    ("lognormal", 21.0, 0.02),
    ("gamma", 24.0, 12.0),
    ("gamma", 24.0, 80.0),
]


def package(distribution: str, stay_days: float, sd: float | None = None) -> pd.Series:
    """A row of `packages`, as far as the stay goes."""
    return pd.Series({"stay_distribution": distribution, "stay_days": stay_days, "stay_sd_days": sd})


def test_a_week_in_care_is_half_in_the_week_of_the_start_and_half_in_the_next():
    days = days_in_care(package("fixed", 7.0), np.array([0.0, 7.0, 14.0, 21.0]))
    assert_allclose(days.of_start[0], [3.5, 3.5, 0.0], atol=1e-12)


def test_in_steady_care_those_from_before_and_those_who_start_now_add_up_to_starts_times_stay():
    days = days_in_care(package("fixed", 7.0), np.array([0.0, 7.0, 14.0]))
    assert_allclose(days.of_steady, [24.5, 0.0], atol=1e-12)
    assert days.of_steady[0] + 7 * days.of_start[0, 0] == pytest.approx(7 * 7)


def test_exponential_stays_follow_the_formula_by_hand():
    days = days_in_care(package("exponential", 10.0), np.array([0.0, 20.0, 40.0]))
    # 1 a day since ever: 10 people in care at the start, who leave at a tenth a day.
    assert days.of_steady[0] == pytest.approx(10 * 10 * (1 - exp(-2)))
    # (20 - 10 (1 - e^-2)) × 10 days over the first period, by 20 people.
    assert days.of_start[0, 0] == pytest.approx(10 - 5 * (1 - exp(-2)))


@pytest.mark.parametrize(("distribution", "stay_days", "sd"), STAYS)
@pytest.mark.parametrize(("from_day", "to_day"), WINDOWS)
def test_quadrature_and_closed_form_agree(
    distribution: str, stay_days: float, sd: float | None, from_day: float, to_day: float
):
    days = days_in_care(package(distribution, stay_days, sd), MONTHS, from_day, to_day)
    stay = closed.Stay(distribution, stay_days, sd)
    starts = closed.days_in_care(stay, MONTHS, from_day, to_day)
    steady = closed.days_in_care_from_steady(stay, MONTHS, from_day, to_day)
    assert_allclose(days.of_start, starts, rtol=0, atol=1e-8)
    assert_allclose(days.of_steady, steady, rtol=0, atol=1e-8)
