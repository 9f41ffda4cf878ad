"""Intervals of the sizes of congested lists, each with an envelope of the queue of its own, and the facets found."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from capplan.parameters.waiting_lists import BedList
from capplan.queueing import Envelope, Facet, mean_queue, mean_queue_slope
from capplan.search.queues import Queues
from capplan.solver.arrays import Indices

Interval = tuple[int, int]
"""Fewest and most beds."""
SLIGHT = 1e-6
"""Queues are not bounded closer than this [people], or than this share of themselves."""


@dataclass
class Intervals:
    """The intervals of each group of lines (a list at a decision point), and the facets found for them.

    A group with one interval needs no further columns: its binary says whether the list is open.
    """

    queues: Queues
    of_group: dict[int, list[Interval]] = field(default_factory=dict)
    facets: dict[tuple[int, Interval], dict[int, list[Facet]]] = field(default_factory=dict)
    _envelopes: dict[tuple[int, Interval], Envelope] = field(default_factory=dict)

    def lines(self, group: int) -> Indices:
        """The lines of a group."""
        return np.flatnonzero(self.queues.group == group)

    def list_of(self, group: int) -> BedList:
        """The list of a group."""
        return self.queues.lists[int(self.lines(group)[0])]

    def intervals(self, group: int) -> list[Interval]:
        """The group's intervals in order; at first all sizes in one."""
        sizes = self.list_of(group).sizes
        return self.of_group.get(group, [(sizes[0], sizes[-1])])

    def split(self, group: int, beds: int) -> bool:
        """Gives a number of beds an interval of its own; False where it has one already."""
        sizes = np.array(self.list_of(group).sizes)
        before = self.intervals(group)
        hit = [i for i, (low, high) in enumerate(before) if low <= beds <= high and low < high]
        if not hit:
            return False
        low, high = before[hit[0]]
        own = sizes[(sizes >= low) & (sizes <= high)]
        parts = (own[own < beds], own[own == beds], own[own > beds])
        split = [(int(part[0]), int(part[-1])) for part in parts if len(part)]
        self.of_group[group] = [*before[: hit[0]], *split, *before[hit[0] + 1 :]]
        return True

    def facet(self, group: int, interval: Interval, beds: float, load: float, is_open: float) -> Facet:
        """The best bound of the queue at a point of an interval; exact where it is one size."""
        one = self.list_of(group)
        low, high = interval
        if low == high:
            load = min(load / is_open, one.load_max(low))
            slope = float(mean_queue_slope(low, load, one.cv_squared))
            return Facet(0.0, slope, float(mean_queue(low, load, one.cv_squared)) - slope * load)
        key = group, interval
        if key not in self._envelopes:
            self._envelopes[key] = one.envelope.within(low, high)
        return self._envelopes[key].facet(beds, load, is_open)

    def learn(self, coarse: Intervals, line_of: Indices) -> None:
        """Takes over the facets of a model in longer periods; `line_of`: the line there of every line here, or -1."""
        known = {
            line: (key, facets) for key, lines in coarse.facets.items() for line, facets in lines.items()
        }
        for line, there in enumerate(line_of.tolist()):
            if there in known:
                (_, interval), facets = known[there]
                key = int(self.queues.group[line]), interval
                self.facets.setdefault(key, {}).setdefault(line, []).extend(facets)

    def add(
        self, line: int, interval: Interval, beds: float, load: float, is_open: float, queue: float
    ) -> bool:
        """Keeps the best bound at a point where the model has a smaller queue; False where the queue is no smaller."""
        if is_open < SLIGHT:
            return False
        group = int(self.queues.group[line])
        facet = self.facet(group, interval, beds, load, is_open)
        asked = facet.at(beds, load, is_open)
        if asked <= queue + SLIGHT * max(1.0, asked):
            return False
        self.facets.setdefault((group, interval), {}).setdefault(line, []).append(facet)
        return True
