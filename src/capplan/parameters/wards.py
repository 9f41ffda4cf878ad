"""The numbers of acute wards: whose care frees their beds, and how many bed days one start frees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from capplan.geography import hospitals_of
from capplan.instance import Instance, records
from capplan.parameters.eligibility import Option


@dataclass(frozen=True)
class Wards:
    """A row of `acute_beds`: wards of a hospital, or of a sub-region's hospitals, that can close.

    `hospitals` are those whose people free their beds.
    """

    row: Mapping[str, Any]
    hospitals: frozenset[str]

    @property
    def baseline_per_month(self) -> float:
        """Acute bed days a month that today's discharges and diversions free already [bed days/month]."""
        each = (
            (self.row["discharges_baseline_per_month"], self.row["bed_days_per_discharge"]),
            (self.row["diversions_baseline_per_month"], self.row["bed_days_per_diversion"]),
        )
        return float(sum(people * bed_days for people, bed_days in each if not np.isnan(people)))

    def freed_by(self, direction: str, option: Option) -> float:
        """Acute bed days that one start frees, less those of its failures [bed days/person]; may be negative.

        A direction without a baseline frees none: how much of it is new is not known.
        """
        failed = option.failure_acute_bed_days * (1 - option.success)
        if direction == "step_down" and not np.isnan(self.row["discharges_baseline_per_month"]):
            return float(self.row["bed_days_per_discharge"] - failed)
        if direction == "step_up" and not np.isnan(self.row["diversions_baseline_per_month"]):
            return float(self.row["bed_days_per_diversion"] * option.success - failed)
        return 0.0 if direction == "community" else -failed


def wards(instance: Instance) -> dict[str, Wards]:
    """The rows of `acute_beds` by hospital or sub-region, sorted."""
    rows = records(instance.acute_beds.sort_values("hospital"))
    return {row["hospital"]: Wards(row, hospitals_of(instance, row["hospital"])) for row in rows}
