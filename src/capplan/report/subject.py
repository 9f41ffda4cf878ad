"""What a report is about: a plan with its name, and what was noted when it was saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from capplan.results.tables import TABLES
from capplan.solved import Solved

if TYPE_CHECKING:
    from capplan.runs import Run


@dataclass(frozen=True)
class Subject:
    """One plan of a report: what it is called, the plan, and what run.json says of it (nothing of a fresh plan)."""

    name: str
    plan: Solved
    info: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def saved(cls, name: str, run: Run) -> Subject:
        """A saved run under a name; what a run of an older version does not have is empty."""
        today = run.today_tables
        whole = replace(run, tables=_whole(run.tables), today_tables=None if today is None else _whole(today))
        return cls(name, whole, run.info)

    @property
    def title(self) -> str:
        """The title of the instance, with what sets this plan apart."""
        scenario = self.info.get("scenario")
        kinds = [
            *(["today's capacity, fixed"] if self.plan.is_as_is else []),
            *(["best effort"] if self.plan.is_best_effort else []),
            *([f"scenario {scenario}"] if scenario else []),
        ]
        title = self.plan.instance.settings.title
        return f"{title} ({', '.join(kinds)})" if kinds else title


def _whole(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Every result table with all of its columns: those that are missing have no rows, or nothing in them."""
    return {name: table.completed(tables.get(name, pd.DataFrame())) for name, table in TABLES.items()}
