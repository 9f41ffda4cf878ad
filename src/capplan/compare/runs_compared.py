"""What is compared: plans by name, with what was asked of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from capplan.compare.common_scope import CommonScope, rows_in_scope
from capplan.errors import UsageError
from capplan.horizon import Horizon
from capplan.solved import Solved

if TYPE_CHECKING:
    from capplan.runs import Run


@dataclass(frozen=True)
class ComparedRun:
    """A plan by name: `scenario` and `overrides` are what its instance was changed by, as run.json says."""

    name: str
    solved: Solved
    scenario: str | None = None
    overrides: tuple[str, ...] = ()

    @classmethod
    def saved(cls, name: str, run: Run) -> ComparedRun:
        """A saved run under a name."""
        scenario, overrides = run.info.get("scenario"), run.info.get("overrides") or ()
        return cls(name, run, scenario, tuple(str(text) for text in overrides))


@dataclass(frozen=True)
class View:
    """What of a plan lies in the scope that all plans share."""

    run: ComparedRun
    common_scope: CommonScope

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The result tables, rows of other days and places left out."""
        return rows_in_scope(self.run.solved, self.common_scope)

    def has(self, table: str) -> bool:
        """Whether the run knows a table; one of an older version may not."""
        return table in self.run.solved.tables

    @cached_property
    def days(self) -> Mapping[str, float]:
        """Days of each period that counts."""
        horizon = Horizon.of(self.run.solved.instance.settings)
        by_period = zip(horizon.periods, horizon.days, strict=True)
        return {period: float(days) for period, days in by_period if self.common_scope.has(period)}

    @property
    def last_period(self) -> str:
        """The last period that counts."""
        return max(self.days)

    @cached_property
    def locality_of_site(self) -> Mapping[str, str]:
        """Where each site stands."""
        sites = self.run.solved.instance.table("sites")
        return dict(zip(sites["site"], sites["locality"], strict=True))


def in_order(runs: Sequence[ComparedRun], baseline: str | None) -> tuple[ComparedRun, ...]:
    """The baseline first (left out: the first of them), then the others; UsageError where that makes no sense."""
    names = [run.name for run in runs]
    if len(runs) < 2:
        raise UsageError(f"a comparison needs two runs or more; given: {', '.join(names) or 'none'}")
    if len(set(names)) < len(names):
        raise UsageError(f"two runs have one name: {', '.join(names)}")
    if baseline is not None and baseline not in names:
        raise UsageError(f"no run is called '{baseline}'; there are {', '.join(names)}")
    first = names.index(baseline) if baseline is not None else 0
    return (runs[first], *runs[:first], *runs[first + 1 :])
