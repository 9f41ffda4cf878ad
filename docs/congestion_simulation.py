"""Units of beds simulated person by person: how good the formulas for congestion are.

Many copies of a unit run side by side: the next person of each arrives, takes the bed that is free first, and waits
until it is. That is one step of numpy for all copies, a hundred times as fast as a simulation by events (simpy, ciw);
the tests hold it against simpy, person by person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Kind = Literal["lognormal", "gamma"]

MEASURED = Path(__file__).parent / "congestion.json"
UNITS = ((5, 3.5), (10, 8.0), (20, 17.0), (40, 36.0), (80, 74.0))
KINDS: tuple[tuple[float, Kind], ...] = (
    (0.0, "gamma"),
    (0.3, "lognormal"),
    (0.65, "lognormal"),
    (1.0, "gamma"),
    (1.5, "lognormal"),
    (1.5, "gamma"),
    (4.0, "lognormal"),
)
STAYS, COPIES, ROUNDS, SEED = 400, 250, 8, 1
WARM_UP_STAYS = 40
"""Mean stays until people are counted: units start empty."""


@dataclass(frozen=True)
class Unit:
    """Beds, people in care if nobody waited, and stays of mean 1, so that `load` people arrive in a mean stay."""

    beds: int
    load: float
    cv_squared: float
    distribution: Kind = "lognormal"

    def stays(self, random: np.random.Generator, shape: tuple[int, int]) -> Numbers:
        """So many stays; gamma ones are exponential where cv² is 1."""
        if self.cv_squared == 0:
            return np.ones(shape)
        if self.distribution == "gamma":
            return random.gamma(1 / self.cv_squared, self.cv_squared, shape)
        variance = np.log1p(self.cv_squared)
        return random.lognormal(-variance / 2, np.sqrt(variance), shape)


@dataclass(frozen=True)
class Measured:
    """Mean number of people waiting, and its standard error."""

    people: float
    error: float


def people_waiting(unit: Unit, stays: int, copies: int, seed: int) -> Measured:
    """People waiting on average over so many mean stays of each copy: arrivals in a mean stay × mean wait (Little)."""
    random = np.random.default_rng(seed)
    not_counted = round(WARM_UP_STAYS * unit.load)
    shape = not_counted + round(stays * unit.load), copies
    gaps = random.exponential(1 / unit.load, shape)
    waits = waits_in_turn(unit.beds, gaps, unit.stays(random, shape))
    queue = unit.load * waits[not_counted:].mean(axis=0)
    return Measured(float(queue.mean()), float(queue.std(ddof=1) / np.sqrt(copies)))


def waits_in_turn(beds: int, gaps: Numbers, stays: Numbers) -> Numbers:
    """How long each person (row) of each copy (column) waits; `gaps` are the times since the one before arrived."""
    free_from = np.zeros((gaps.shape[1], beds))
    copy = np.arange(len(free_from))
    now = np.zeros(len(free_from))
    waits = np.empty_like(gaps)
    for person, (gap, stay) in enumerate(zip(gaps, stays, strict=True)):
        now += gap
        bed = free_from.argmin(axis=1)
        waits[person] = np.maximum(free_from[copy, bed] - now, 0.0)
        free_from[copy, bed] = now + waits[person] + stay
    return waits


def measure() -> dict[str, Any]:
    """The queue of every unit with every kind of stay, for docs/congestion.md."""
    return {
        "copies": COPIES * ROUNDS,
        "stays": STAYS,
        "kinds": [{"cv_squared": cv_squared, "distribution": name} for cv_squared, name in KINDS],
        "units": [
            {"beds": beds, "load": load, "queues": [_queue(Unit(beds, load, *kind)) for kind in KINDS]}
            for beds, load in UNITS
        ],
    }


def _queue(unit: Unit) -> dict[str, Any]:
    rounds = [people_waiting(unit, STAYS, COPIES, SEED + number) for number in range(ROUNDS)]
    people, error = (
        np.mean([one.people for one in rounds]),
        np.linalg.norm([one.error for one in rounds]) / ROUNDS,
    )
    kind = {"cv_squared": unit.cv_squared, "distribution": unit.distribution}
    return {**kind, "people": round(float(people), 4), "error": round(float(error), 4)}


if __name__ == "__main__":
    MEASURED.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
