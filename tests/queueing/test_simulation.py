"""The queue by chance against units simulated person by person, and that simulation against another one."""

from __future__ import annotations

import numpy as np
import pytest
import simpy

from capplan.queueing import mean_queue
from docs.congestion_simulation import Numbers, Unit, people_waiting, waits_in_turn

# Stays of rehabilitation beds, equal ones, and in between. Beds, load, copies: the fuller the unit, the more.
UNITS = [
    (Unit(5, 3.5, 0.5), 1600),
    (Unit(10, 8.0, 0.25, "gamma"), 900),
    (Unit(15, 13.0, 0.36), 900),
    (Unit(20, 17.0, 0.65), 700),
    (Unit(40, 36.0, 0.5), 500),
    (Unit(40, 38.0, 0.65), 900),
    (Unit(80, 73.0, 0.65, "gamma"), 400),
    (Unit(80, 76.0, 0.5), 700),
    (Unit(80, 74.0, 0.0), 300),
]


@pytest.mark.parametrize(("unit", "copies"), UNITS, ids=str)
def test_the_queue_is_within_5_percent_or_a_fifth_of_a_person_of_a_simulation(unit: Unit, copies: int):
    measured = people_waiting(unit, 300, copies, seed=7)
    allowed = max(0.05 * measured.people, 0.2)

    assert measured.error < allowed / 3
    assert mean_queue(unit.beds, unit.load, unit.cv_squared) == pytest.approx(measured.people, abs=allowed)


def test_where_the_formula_is_exact_the_simulation_agrees():
    measured = people_waiting(Unit(10, 8.0, 1.0, "gamma"), 300, 900, seed=7)

    assert measured.error < 0.03
    assert mean_queue(10, 8.0, 1.0) == pytest.approx(measured.people, abs=3 * measured.error)


def by_events(beds: int, gaps: Numbers, stays: Numbers) -> list[float]:
    """The same unit in simpy, an event at a time."""
    environment, waits = simpy.Environment(), []
    unit = simpy.Resource(environment, capacity=beds)

    def person(stay: float):
        arrived = environment.now
        with unit.request() as bed:
            yield bed
            waits.append(environment.now - arrived)
            yield environment.timeout(stay)

    def arrivals():
        for gap, stay in zip(gaps, stays, strict=True):
            yield environment.timeout(gap)
            environment.process(person(stay))

    environment.process(arrivals())
    environment.run()
    return waits


@pytest.mark.parametrize(("beds", "load"), [(1, 0.7), (6, 5.4), (30, 29.0)])
def test_every_person_waits_as_long_as_in_a_simulation_by_events(beds: int, load: float):
    random = np.random.default_rng(beds)
    gaps, stays = random.exponential(1 / load, (1500, 1)), random.lognormal(0, 0.6, (1500, 1))

    waits = waits_in_turn(beds, gaps, stays)[:, 0]

    assert (waits > 0).sum() > 100
    assert waits == pytest.approx(by_events(beds, gaps[:, 0], stays[:, 0]))
