"""Lists of people for beds that congest: which units share one, how its stays vary, what full beds do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from math import gcd, isnan
from typing import Any

import numpy as np
import pandas as pd

from capplan.queueing import Envelope, load_max_refusal, load_max_waiting

Key = tuple[str, str]
"""A list and its bed type; or a site and a bed type, a unit."""
Stays = tuple[float, float, float]
"""People referred who may start a package, its mean stay [days], the stay's squared coefficient of variation."""
NONE, REFUSE = "none", "refuse"
BUSIEST = 0.998
"""Highest average load of a list on which people wait, as a share of its beds: beyond, the queue has no end."""

WHOLE = 1e-6
"""How far below a whole number of beds still counts as that number."""


@dataclass(frozen=True)
class BedList:
    """The beds of one type that people queue for, or are refused, as for one large unit.

    `name` is the waiting list or, where a unit has its own, its site. `sizes` are the numbers of beds that the list
    may have while it is open; `cv_squared` is the stay's squared coefficient of variation. `queue_day_gbp` is NaN
    where the queue has no price, `probability_max` (of waiting or of refusal) NaN where no level is agreed.
    """

    name: str
    bed_type: str
    units: tuple[Key, ...]
    sizes: tuple[int, ...]
    cv_squared: float
    refuses: bool
    queue_day_gbp: float
    probability_max: float

    @property
    def key(self) -> Key:
        """The list's name in the model: list, bed type."""
        return self.name, self.bed_type

    @property
    def is_priced(self) -> bool:
        """Whether the queue costs anything."""
        return not self.refuses and self.queue_day_gbp > 0

    @property
    def share_taken(self) -> float:
        """Share of those offered to the list whom it takes."""
        return 1 - self.probability_max if self.refuses else 1.0

    @cached_property
    def envelope(self) -> Envelope:
        """The lower convex envelope of the queue over the sizes and the loads that they may have."""
        return Envelope(self.sizes, self.cv_squared, [self.load_max(size) for size in self.sizes])

    def load_max(self, beds: float) -> float:
        """Highest load that so many beds (whole ones count) may have at the service agreed."""
        return float(self._load_max[int(beds + WHOLE)])

    @cached_property
    def _load_max(self) -> np.ndarray:
        beds = np.arange(max(self.sizes, default=0) + 1)
        if self.refuses:
            return np.asarray(load_max_refusal(beds, self.probability_max), dtype=float)
        most = np.asarray(BUSIEST * beds)
        if isnan(self.probability_max):
            return most
        return np.asarray(np.minimum(most, load_max_waiting(beds, self.probability_max)))


def bed_lists(
    bed_types: pd.DataFrame,
    units: Mapping[Key, Any],
    room: Mapping[str, float],
    stays: Mapping[Key, Mapping[Hashable, Stays]],
) -> dict[Key, BedList]:
    """The lists of an instance by key, sorted.

    `units` are rows of `site_beds` by site and bed type, `room` has the beds that fit into each site. `stays` has for
    each unit who may start what there, by anything that tells whether two units mean the same people and package.
    """
    types = bed_types.set_index("bed_type").to_dict("index")
    members: dict[Key, list[Key]] = defaultdict(list)
    for (site, bed_type), row in units.items():
        if types[bed_type]["congestion"] != NONE:
            own = row["waiting_list"]
            members[site if pd.isna(own) else str(own), bed_type].append((site, bed_type))
    lists = {}
    for (name, bed_type), keys in sorted(members.items()):
        row = types[bed_type]
        refuses = row["congestion"] == REFUSE
        lists[name, bed_type] = BedList(
            name,
            bed_type,
            tuple(sorted(keys)),
            _sizes([units[key] for key in keys], [room[site] for site, _ in keys]),
            _cv_squared({who: stay for key in keys for who, stay in stays.get(key, {}).items()}.values()),
            refuses,
            float("nan") if refuses else float(row["queue_day_gbp"]),
            float(row["refusal_probability_max" if refuses else "wait_probability_max"]),
        )
    return lists


def _sizes(units: Iterable[Mapping[str, Any]], room: Iterable[float]) -> tuple[int, ...]:
    """Numbers of beds that some choice of the units' sizes may add up to, none excluded (a few too many, perhaps)."""
    steps, smallest, largest = [], [], 0
    for unit, most in zip(units, room, strict=True):
        step = int(unit["beds_step"])
        top = int(min(unit["beds_max"], most) // step * step)
        least = max(step, -(-int(np.ceil(unit["unit_beds_min"])) // step) * step)
        if top >= least:
            steps.append(step)
            smallest.append(least)
            largest += top
    return tuple(range(min(smallest), largest + 1, reduce(gcd, steps))) if steps else ()


def _cv_squared(stays: Iterable[Stays]) -> float:
    """Of the mixture of stays, weighted by people; all alike where nobody is referred, 1 where nobody can start."""
    rows = np.array(list(stays), dtype=float).reshape(-1, 3)
    if not len(rows):
        return 1.0
    if rows[:, 0].sum() == 0:
        rows = np.unique(rows, axis=0)
        rows[:, 0] = 1.0
    people, mean, cv_squared = rows.T
    share = people / people.sum()
    square = float(share @ (mean**2 * (1 + cv_squared)))
    return max(square / float(share @ mean) ** 2 - 1, 0.0)
