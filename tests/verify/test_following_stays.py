"""Courses of care from pieces of stays: against numbers by hand and against the model's computation."""

from math import inf

import numpy as np
import pytest
from numpy.testing import assert_allclose

from capplan.parameters.consecutive_stays import Course
from capplan.parameters.stays import Stay
from capplan.verify.people.stays import days_following, starts_following
from tests.verify.test_stays import MONTHS, package

COURSES = [
    [("exponential", 35.0, None), ("exponential", 12.0, None)],
    [("fixed", 10.0, None), ("lognormal", 21.0, 15.0)],
    [("lognormal", 21.0, 60.0), ("fixed", 10.5, None)],
    [("gamma", 24.0, 12.0), ("gamma", 24.0, 40.0)],
    [("gamma", 20.0, 40.0), ("exponential", 3.0, None)],
    [("gamma", 14.0, 7.0), ("fixed", 5.25, None), ("lognormal", 30.0, 20.0)],
]


def test_ten_days_in_a_bed_and_then_twenty_at_home():
    edges = np.array([0.0, 30.0, 60.0])
    following = [package("fixed", 10.0), package("fixed", 20.0)]
    days, starts = days_following(following, edges), starts_following(following, edges)
    assert_allclose(days.of_start[0], [200 / 30, 20 - 200 / 30], atol=1e-9)
    assert_allclose(starts.of_start[0], [2 / 3, 1 / 3], atol=1e-9)
    assert_allclose(days.of_census, [20 - 0, 0], atol=1e-9)


@pytest.mark.parametrize("stays", COURSES, ids=str)
@pytest.mark.parametrize("window", [(0.0, inf), (0.0, 7.0), (3.5, 20.25)], ids=str)
def test_pieces_and_lattice_agree(stays: list[tuple[str, float, float | None]], window: tuple[float, float]):
    following = days_following([package(*stay) for stay in stays], MONTHS, *window)
    *before, last = (Stay(*stay) for stay in stays)
    course = Course(tuple(before), last)
    assert_allclose(following.of_start, course.days_in_care(MONTHS, *window), rtol=0, atol=2e-6)
    assert_allclose(following.of_steady, course.days_from_steady(MONTHS, *window), rtol=0, atol=1e-4)
    assert_allclose(following.of_census, course.days_from_census(MONTHS, *window), rtol=0, atol=2e-6)
    started = starts_following([package(*stay) for stay in stays], MONTHS)
    assert_allclose(started.of_start, course.starts(MONTHS), rtol=0, atol=2e-6)
    assert_allclose(started.of_census, course.starts_from_census(MONTHS), rtol=0, atol=2e-6)
