"""The bounds on the queue: never above it, convex, and as high as they can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from capplan.queueing import Envelope, load_max_waiting, mean_queue

SIZES = {
    "care home": list(range(4, 13)),
    "ward": [0, 8, 12, 16, 24],
    "one size": [15],
    "list": list(range(0, 121, 10)),
}
UNITS = [
    (units, cv_squared, cap)
    for units in SIZES
    for cv_squared, cap in ((0.5, np.inf), (0.0, 9.0), (1.5, 60.0))
]


def allowed(sizes: list[int], cap: float) -> list[tuple[float, float]]:
    """Many (beds, load) at which the unit may run."""
    shares = 1 - np.geomspace(1, 1e-4, 120)
    return [(float(n), n * share) for n in sizes for share in shares if n * share <= cap]


def least_mixture(sizes: list[int], cv_squared: float, cap: float, beds: float, load: float) -> float:
    """The envelope from above: the cheapest mixture of many (beds, load) on the curves that averages to the point."""
    points = np.array(allowed(sizes, cap) + [(float(n), cap) for n in sizes if cap < n])
    queue = [float(mean_queue(n, a, cv_squared)) for n, a in points]
    equal = np.vstack([points.T, np.ones(len(points))])
    return float(linprog(queue, A_eq=equal, b_eq=[beds, load, 1.0]).fun)


@pytest.mark.parametrize(("units", "cv_squared", "cap"), UNITS)
def test_no_bound_is_above_the_queue_of_any_size(units: str, cv_squared: float, cap: float):
    sizes = SIZES[units]
    envelope = Envelope(sizes, cv_squared, cap)
    points = np.array(allowed(sizes, cap))
    queue = np.array([float(mean_queue(n, a, cv_squared)) for n, a in points])
    asked = [
        (beds, share * beds)
        for beds in np.linspace(sizes[0], sizes[-1], 9)
        for share in (0.1, 0.7, 0.9, 1.0, 1.2)
    ]
    for beds, load in asked:
        facet = envelope.facet(beds, load)
        assert np.all(facet.at(points[:, 0], points[:, 1]) <= queue * (1 + 1e-9) + 1e-9)


@pytest.mark.parametrize(("units", "cv_squared", "cap"), UNITS)
def test_the_envelope_is_the_cheapest_mixture_of_sizes(units: str, cv_squared: float, cap: float):
    sizes = SIZES[units]
    envelope = Envelope(sizes, cv_squared, cap)
    for beds in np.linspace(sizes[0], sizes[-1], 4):
        for share in (0.3, 0.85, 0.97):
            borne = np.interp(beds, [0, cap, 1e9], [0, cap, cap]) if np.isfinite(cap) else beds
            if borne > 0:
                above = least_mixture(sizes, cv_squared, cap, beds, share * borne)
                # Mixtures of the points looked at are dearer by up to 1 %.
                assert (
                    0.985 * above - 0.002 <= envelope.value(beds, share * borne) <= above * (1 + 1e-9) + 1e-9
                )


def test_one_size_alone_is_its_own_curve():
    envelope = Envelope([15], 0.5)
    for load in (3.0, 9.0, 13.0, 14.7, 14.95):
        assert envelope.value(15, load) == pytest.approx(float(mean_queue(15, load, 0.5)), rel=1e-3, abs=1e-3)


def test_it_is_tight_where_the_largest_unit_runs():
    envelope = Envelope(range(31), 0.5)
    for load in (20.0, 26.0, 29.0):
        assert envelope.value(30, load) == pytest.approx(float(mean_queue(30, load, 0.5)), rel=1e-3, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    first=st.tuples(st.floats(4, 12), st.floats(0, 0.99)),
    second=st.tuples(st.floats(4, 12), st.floats(0, 0.99)),
    share=st.floats(0, 1),
)
def test_it_is_convex(first, second, share):
    envelope = Envelope(SIZES["care home"], 0.5)
    ends = [np.array([beds, part * beds]) for beds, part in (first, second)]
    between = share * ends[0] + (1 - share) * ends[1]
    mean = share * envelope.value(*ends[0]) + (1 - share) * envelope.value(*ends[1])
    assert envelope.value(*between) <= mean * 1.001 + 0.001


def test_half_an_open_unit_has_half_the_queue_of_a_whole_one():
    envelope = Envelope(range(10, 21), 0.5)
    assert envelope.value(8, 7, is_open=0.5) == pytest.approx(envelope.value(16, 14) / 2)
    assert envelope.facet(8, 7, is_open=0.5) == envelope.facet(16, 14)
    assert envelope.value(0, 0, is_open=0) == 0.0
    assert envelope.value(0, 1, is_open=0) == np.inf


def test_a_unit_that_may_be_empty_never_has_a_bound_above_nobody():
    envelope = Envelope([0, *range(10, 21)], 0.5)
    for beds, load in ((5.0, 4.0), (12.0, 11.0), (20.0, 19.9)):
        assert envelope.facet(beds, load).at(0, 0) <= 1e-9


def test_fewer_sizes_can_only_raise_it():
    whole = Envelope(range(4, 31), 0.5)
    part = whole.within(10, 15)
    assert part.sizes.tolist() == [10, 11, 12, 13, 14, 15]
    for beds, load in ((10, 9.0), (12.5, 11.5), (15, 14.0)):
        assert part.value(beds, load) >= whole.value(beds, load) - 1e-3
        alone = Envelope(range(10, 16), 0.5)
        assert part.facet(beds, load) == alone.facet(beds, load)


def test_what_no_size_bears_has_no_end_and_a_steep_bound():
    envelope = Envelope([10, 20], 0.5, load_caps=load_max_waiting([10, 20], 0.2))
    assert envelope.value(10, load_max_waiting(10, 0.2)) < 1
    assert envelope.value(10, 9.0) == envelope.value(15, 15.0) == np.inf
    assert envelope.facet(10, 9.0).at(10, 9.0) > 1000


def test_a_service_level_makes_the_bound_on_small_sizes_no_lower():
    free, limited = Envelope([4, 8, 30], 0.5), Envelope([4, 8, 30], 0.5, load_max_waiting([4, 8, 30], 0.05))
    assert limited.value(6, 2.0) >= free.value(6, 2.0) - 1e-3


@pytest.mark.parametrize("sizes", [[], [3, 3], [5, 4], [-1, 2]])
def test_sizes_that_are_none_are_refused(sizes: list[int]):
    with pytest.raises(ValueError, match="increasing order"):
        Envelope(sizes, 0.5)


def test_an_interval_without_sizes_is_refused():
    with pytest.raises(ValueError, match="none of the sizes"):
        Envelope([4, 8], 0.5).within(5, 7)
