"""Plans side by side: numbers, differences from a baseline, and what separates them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from capplan.compare.differences import differences
from capplan.compare.drivers import COLUMNS, changed_cells
from capplan.compare.given import Given, View, in_order
from capplan.compare.ground import Ground, common_ground
from capplan.compare.notes import notes


@dataclass(frozen=True)
class Comparison:
    """Plans compared on the ground that they share; the first of `given` is the baseline.

    `measures` is described in `differences`, `drivers` in `changed_cells`; `notes` say what was left out, what is not
    converted and what is not proved.
    """

    given: tuple[Given, ...]
    ground: Ground
    measures: pd.DataFrame
    drivers: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def baseline(self) -> Given:
        """What the others are held against."""
        return self.given[0]

    @property
    def others(self) -> tuple[Given, ...]:
        """Every plan but the baseline."""
        return self.given[1:]


def compare(given: Sequence[Given], baseline: str | None = None) -> Comparison:
    """Plans side by side against a baseline (left out: the first).

    Raises UsageError for fewer than two plans, names that are not unique, a baseline that is none of them, and plans
    that have no time or no locality in common.
    """
    ordered = in_order(given, baseline)
    ground = common_ground({one.name: one.solved for one in ordered})
    views = [View(one, ground) for one in ordered]
    changed = [changed_cells(ordered[0], other) for other in ordered[1:]]
    drivers = pd.concat(changed, ignore_index=True) if changed else pd.DataFrame(columns=list(COLUMNS))
    return Comparison(ordered, ground, differences(views), drivers, tuple(notes(views)))
