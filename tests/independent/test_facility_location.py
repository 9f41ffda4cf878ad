"""Where a planning question is a classical location problem, the plan costs what the textbook formulation costs.

In a plan of one 30-day month with a steady opening and stays of exactly 30 days, every person who starts fills one
bed for the month: people are demand, localities customers, sites warehouses and the journey is the price of
assignment.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from capplan.errors import Infeasible
from capplan.instance import Instance
from capplan.plan import solve
from capplan.solved import Plan
from tests.independent.optima import EXACT

CUSTOMERS, WAREHOUSES = 6, 4
APRIL = 30


@dataclass(frozen=True)
class Location:
    """Customers with a demand, warehouses with a capacity, what a warehouse, a unit of its room and a journey cost."""

    demand: np.ndarray
    room: np.ndarray
    open_gbp: np.ndarray
    unit_gbp: float
    minutes: np.ndarray
    gbp_per_minute: float = 1.0
    minutes_max: float = inf

    @property
    def assignment_gbp(self) -> np.ndarray:
        return np.asarray(self.gbp_per_minute * self.minutes)


def random_location(seed: int, unit_gbp: float) -> Location:
    random = np.random.default_rng(seed)
    places = random.uniform(0, 60, (CUSTOMERS + WAREHOUSES, 2))
    minutes = np.linalg.norm(places[:CUSTOMERS, None] - places[None, CUSTOMERS:], axis=2).round()
    demand = random.integers(2, 9, CUSTOMERS).astype(float)
    room = random.integers(8, 20, WAREHOUSES).astype(float)
    room[0] += max(demand.sum() - room.sum(), 0)
    return Location(demand, room, random.integers(50, 400, WAREHOUSES).astype(float), unit_gbp, minutes)


def as_instance(problem: Location) -> Instance:
    """The location problem in the tables of a planning question."""
    customers, warehouses = range(len(problem.demand)), range(len(problem.room))
    limit = {} if np.isinf(problem.minutes_max) else {"travel_minutes_max": problem.minutes_max}
    return Instance.from_frames(
        {
            "title": "Location",
            "start": "2017-04-01",
            "periods": 1,
            "change_gbp": 0,
            "travel_gbp_per_minute": problem.gbp_per_minute,
            **limit,
        },
        localities=[{"locality": f"customer_{i}"} for i in customers],
        sites=[
            {
                "site": f"warehouse_{j}",
                "locality": "customer_0",
                "open_gbp_per_month": problem.open_gbp[j],
                "is_open": False,
            }
            for j in warehouses
        ],
        travel=[
            {"locality": f"customer_{i}", "site": f"warehouse_{j}", "minutes": problem.minutes[i, j]}
            for i in customers
            for j in warehouses
        ],
        bed_types=[{"bed_type": "bed", "occupancy_max": 1}],
        site_beds=[
            {
                "site": f"warehouse_{j}",
                "bed_type": "bed",
                "beds_max": problem.room[j],
                "bed_day_gbp": problem.unit_gbp / APRIL,
            }
            for j in warehouses
        ],
        pathways=[
            {
                "pathway": "served",
                "direction": "step_down",
                "delay_day_gbp": "never",
                "unmet_gbp": "never",
            }
        ],
        packages=[
            {
                "package": "stay",
                "setting": "bed",
                "bed_type": "bed",
                "stay_days": APRIL,
                "stay_distribution": "fixed",
            }
        ],
        eligibility=[{"pathway": "served", "package": "stay"}],
        referrals=[
            {"locality": f"customer_{i}", "pathway": "served", "people_per_month": problem.demand[i]}
            for i in customers
        ],
    )


def textbook_cost(problem: Location) -> float:
    """Least cost of the textbook formulation: columns x[i,j] (people), n[j] (units of room), y[j] (open)."""
    people, room = problem.demand, problem.room
    customers, warehouses = len(people), len(room)
    pairs = customers * warehouses
    cost = [*problem.assignment_gbp.ravel(), *[problem.unit_gbp] * warehouses, *problem.open_gbp]
    x_high = np.where(problem.minutes <= problem.minutes_max, people[:, None], 0.0)
    high = [*x_high.ravel(), *room, *[1.0] * warehouses]
    each, none = np.eye(warehouses), np.zeros((warehouses, warehouses))
    served = np.kron(np.eye(customers), np.ones(warehouses))
    carried = np.kron(np.ones(customers), each)
    rows = [
        LinearConstraint(np.hstack([served, np.zeros((customers, 2 * warehouses))]), people, people),
        LinearConstraint(np.hstack([carried, -each, none]), -inf, 0),
        LinearConstraint(np.hstack([np.zeros((warehouses, pairs)), each, -np.diag(room)]), -inf, 0),
    ]
    is_whole = [0] * pairs + [1] * (2 * warehouses)
    options = {"mip_rel_gap": 1e-9}
    found = milp(cost, integrality=is_whole, bounds=Bounds(0, high), constraints=rows, options=options)
    return float(found.fun) if found.status == 0 else inf


def planned(problem: Location) -> Plan:
    return solve(as_instance(problem), options=EXACT)


@pytest.mark.parametrize("seed", range(5))
def test_beds_for_nothing_are_the_capacitated_facility_location_problem(seed: int):
    problem = random_location(seed, unit_gbp=0)
    assert planned(problem).objective == pytest.approx(textbook_cost(problem), rel=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_beds_at_a_price_are_the_modular_facility_location_problem(seed: int):
    problem = random_location(seed, unit_gbp=40)
    people = problem.demand + 0.3  # whole beds for people who are none
    problem = Location(people, problem.room + 3, problem.open_gbp, problem.unit_gbp, problem.minutes)
    assert planned(problem).objective == pytest.approx(textbook_cost(problem), rel=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_a_longest_journey_and_buildings_alone_are_the_set_covering_problem(seed: int):
    drawn = random_location(seed, unit_gbp=0)
    everybody = np.full(WAREHOUSES, drawn.demand.sum())
    nearest = drawn.minutes.min(axis=1).max()
    problem = Location(drawn.demand, everybody, drawn.open_gbp, 0, drawn.minutes, 0, nearest)
    covers = drawn.minutes <= nearest
    choices = (np.array([bool(c >> j & 1) for j in range(WAREHOUSES)]) for c in range(2**WAREHOUSES))
    least = min(drawn.open_gbp[chosen].sum() for chosen in choices if covers[:, chosen].any(axis=1).all())
    assert planned(problem).objective == pytest.approx(least, rel=1e-7)


def test_a_customer_whom_no_warehouse_reaches_leaves_no_plan():
    drawn = random_location(0, unit_gbp=0)
    too_near = drawn.minutes.min(axis=1).max() - 1
    problem = Location(drawn.demand, drawn.room, drawn.open_gbp, 0, drawn.minutes, 1, too_near)
    assert textbook_cost(problem) == inf
    with pytest.raises(Infeasible):
        planned(problem)


def test_where_buildings_cost_nothing_everybody_goes_to_the_nearest_with_room_for_all():
    drawn = random_location(1, unit_gbp=0)
    everybody = np.full(WAREHOUSES, drawn.demand.sum())
    problem = Location(drawn.demand, everybody, np.zeros(WAREHOUSES), 0, drawn.minutes)
    assert planned(problem).objective == pytest.approx(float(drawn.demand @ drawn.minutes.min(axis=1)))
