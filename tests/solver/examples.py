"""Small models whose answers can be worked out by hand, and one that keeps a solver busy."""

import random
from typing import Any

import pyomo.environ as pyo

from capplan.solver_options import SolverOptions

EXACT = SolverOptions(gap=0.0, threads=1)


def beds_and_shifts() -> Any:
    """Care for 10 people at least cost: a bed (3 people, £7) or a shift (1 person, £3), at most 3 beds.

    Three beds and one shift: 3 x 7 + 3 = £24. As an LP the same: a bed is £2.33 a person, a shift £3.
    """
    m = pyo.ConcreteModel()
    m.beds = pyo.Var(domain=pyo.NonNegativeIntegers, bounds=(0, 3))
    m.shifts = pyo.Var(domain=pyo.NonNegativeReals)
    m.care_minimum = pyo.Constraint(expr=3 * m.beds + m.shifts >= 10)
    m.cost = pyo.Objective(expr=7 * m.beds + 3 * m.shifts)
    return m


def knapsack(weights: list[int], values: list[int], room: int) -> Any:
    """Which things to take, for most value."""
    m = pyo.ConcreteModel()
    m.take = pyo.Var(range(len(weights)), domain=pyo.Binary)
    m.room_limit = pyo.Constraint(expr=sum(w * m.take[i] for i, w in enumerate(weights)) <= room)
    m.value = pyo.Objective(expr=sum(v * m.take[i] for i, v in enumerate(values)), sense=pyo.maximize)
    return m


def hard(things: int = 300, limits: int = 60) -> Any:
    """A multi-dimensional knapsack, to be minimised, that takes a solver hours to prove."""
    dice = random.Random(1)
    m = pyo.ConcreteModel()
    m.take = pyo.Var(range(things), domain=pyo.NonNegativeIntegers, bounds=(0, 3))
    weights = [[dice.randint(1, 50) for _ in range(things)] for _ in range(limits)]
    m.room_limit = pyo.Constraint(
        range(limits), rule=lambda m, i: sum(w * m.take[j] for j, w in enumerate(weights[i])) <= 8 * things
    )
    m.cost = pyo.Objective(expr=-sum(dice.randint(10, 60) * m.take[j] for j in range(things)))
    return m
