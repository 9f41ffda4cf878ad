"""Erlang's formulas against exact arithmetic and published units."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from capplan.queueing import erlang_b, erlang_c, load_max_refusal, load_max_waiting

# Monks, Worthington, Allen, Pitt, Stein and James (2016), BMC Health Services Research 16:530, Table 2: the
# share of people who find no bed, by simulation with Poisson arrivals and lognormal stays, to two digits.
MONKS = {
    "acute stroke unit": (8.355, {9: 0.19, 10: 0.14, 11: 0.09, 12: 0.06, 13: 0.04, 14: 0.02}),
    "rehabilitation unit": (9.718, {10: 0.20, 12: 0.11, 13: 0.08, 14: 0.05, 15: 0.03, 16: 0.02}),
}

# Arrivals a month × stay in days, beds: refused, waiting; fewest beds that refuse at most 5 % and 1 %.
UNITS = [
    (50, 35, 70, 0.0141, 0.075, 63, 72),
    (60, 35, 70, 0.082, 0.867, 75, 84),
    (60, 30, 70, 0.0202, 0.118, 65, 74),
    (15, 21, 15, 0.0438, 0.129, 15, 18),
    (25, 21, 15, 0.2519, 1.0, 23, 27),
    (25, 14, 15, 0.072, 0.250, 16, 20),
    (12, 28, 10, 0.2616, 1.0, 16, 19),
    (12, 21, 10, 0.1347, 0.476, 13, 16),
]
DAYS_PER_MONTH = 365 / 12


def exact_refusals(most: int, load: Fraction) -> list[Fraction]:
    """B(0), B(1), … by Erlang's recursion 1 / B(n) = 1 + n / (a B(n − 1)), in whole numbers."""
    refused = [Fraction(1)]
    for n in range(1, most + 1):
        refused.append(load * refused[-1] / (n + load * refused[-1]))
    return refused


def exact_waiting(n: int, load: Fraction, refused: Fraction) -> Fraction:
    return n * refused / (n - load * (1 - refused))


@pytest.mark.parametrize(
    "load", [Fraction(1, 100), Fraction(4, 5), Fraction(19, 2), Fraction(66), Fraction(230)]
)
def test_refusals_are_those_of_the_exact_recursion(load: Fraction):
    exact = [float(share) for share in exact_refusals(120, load)]
    assert erlang_b(np.arange(121), float(load)) == pytest.approx(exact, rel=1e-11, abs=1e-300)


@pytest.mark.parametrize(("beds", "load"), [(1, Fraction(1, 3)), (10, Fraction(19, 2)), (120, Fraction(119))])
def test_waiting_is_that_of_the_exact_recursion(beds: int, load: Fraction):
    exact = exact_waiting(beds, load, exact_refusals(beds, load)[-1])
    assert erlang_c(beds, float(load)) == pytest.approx(float(exact), rel=1e-11)


def recursion(beds: int, load: float) -> float:
    refused = 1.0
    for n in range(1, beds + 1):
        refused = load * refused / (n + load * refused)
    return refused


@pytest.mark.parametrize("beds", [1, 300, 1000, 2000])
@pytest.mark.parametrize("part", [0.3, 0.9, 0.999, 1.0, 1.3, 2.0, 50.0])
def test_two_thousand_beds_keep_their_digits_at_any_load(beds: int, part: float):
    assert erlang_b(beds, part * beds) == pytest.approx(recursion(beds, part * beds), rel=1e-10, abs=1e-290)


@pytest.mark.parametrize("unit", MONKS)
def test_refusals_of_published_units_are_within_a_hundredth(unit: str):
    load, published = MONKS[unit]
    assert erlang_b(list(published), load) == pytest.approx(list(published.values()), abs=0.01)


@pytest.mark.parametrize(("people", "stay_days", "beds", "refused", "waiting", "beds_5", "beds_1"), UNITS)
def test_units_of_one_county(people, stay_days, beds, refused, waiting, beds_5, beds_1):
    load = people * stay_days / DAYS_PER_MONTH
    assert erlang_b(beds, load) == pytest.approx(refused, abs=6e-4)
    assert erlang_c(beds, load) == pytest.approx(waiting, abs=6e-3)
    for share, fewest in ((0.05, beds_5), (0.01, beds_1)):
        assert int(np.argmax(erlang_b(np.arange(200), load) <= share)) == fewest
        assert load_max_refusal(fewest - 1, share) < load <= load_max_refusal(fewest, share)


def test_empty_units_and_nobody():
    assert erlang_b(0, [0.0, 3.0]) == pytest.approx([1.0, 1.0])
    assert erlang_c(0, [0.0, 3.0]).tolist() == [0.0, 1.0]
    assert erlang_b(5, 0.0) == erlang_c(5, 0.0) == 0.0
    assert erlang_c(5, [5.0, 7.0]).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("probability", [1e-4, 0.01, 0.05, 0.3, 0.9])
def test_the_largest_load_is_where_the_chance_is_what_is_allowed(probability: float):
    beds = np.array([1, 2, 10, 70, 500, 2000])
    for chance, load_max in ((erlang_b, load_max_refusal), (erlang_c, load_max_waiting)):
        load = load_max(beds, probability)
        assert np.all(chance(beds, load) <= probability)
        assert chance(beds, load * (1 + 1e-9)) == pytest.approx(np.full(6, probability), rel=1e-5)
        assert np.all(chance(beds, load * (1 + 1e-9)) > probability)


def test_no_beds_bear_no_load():
    assert load_max_refusal(0, 0.05) == load_max_waiting(0, 0.05) == 0.0


def test_a_larger_unit_bears_more_load_for_each_bed():
    beds = np.arange(1, 200)
    for load_max in (load_max_refusal, load_max_waiting):
        assert np.all(np.diff(load_max(beds, 0.05) / beds) > 0)


@pytest.mark.parametrize("probability", [0.0, 1.0, 1.5, float("nan")])
def test_a_chance_that_is_none_is_refused(probability: float):
    for load_max in (load_max_refusal, load_max_waiting):
        with pytest.raises(ValueError, match="between 0 and 1"):
            load_max(10, probability)
