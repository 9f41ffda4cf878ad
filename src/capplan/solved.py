"""Plans: where makers end and readers begin; a fresh plan and a saved run look the same to those who read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from capplan.instance import Instance
from capplan.results.status import Holds, Stopped
from capplan.solver_options import SolverOptions


class Solved(Protocol):
    """An instance with its plan: `capplan.plan.Plan` fresh from the solver, `capplan.runs.Run` from a folder."""

    @property
    def instance(self) -> Instance:
        """What was solved, after overrides."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The result tables by name (docs/results.md)."""

    @property
    def today(self) -> Solved | None:
        """The same with today's capacity fixed; None where this is that plan itself, or where there is none."""

    @property
    def answers(self) -> Mapping[str, pd.DataFrame]:
        """What was asked of it afterwards: `one_more`, `assumptions` (`capplan.explain`); nothing of a fresh plan."""

    @property
    def objective(self) -> float:
        """Discounted cost of the plan [£], the sum of `costs.gbp_discounted`."""

    @property
    def bound(self) -> float | None:
        """What no plan can cost less than [£ discounted]; None where nothing is proved."""

    @property
    def gap(self) -> float | None:
        """The share of the cost by which a plan may still be cheaper; None where nothing is proved."""

    @property
    def stopped(self) -> Stopped:
        """Why the search ended."""

    @property
    def is_as_is(self) -> bool:
        """Whether today's capacity was fixed."""

    @property
    def is_best_effort(self) -> bool:
        """Whether targets were missed as little as can be, before cost counted."""


@dataclass(frozen=True)
class Result:
    """What the solver said: why it stopped, what it holds, and how good the plan is proved to be [£, share]."""

    stopped: Stopped
    holds: Holds
    objective: float
    bound: float | None
    gap: float | None
    nodes: int = 0
    columns: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Plan:
    """A plan: the instance it was made for, what the solver said, and the result tables by name.

    `today` is the plan with today's capacity fixed, to compare with; None where this is that plan itself, or where
    nobody asked for it.
    `seconds` has the wall time of each stage.
    """

    instance: Instance
    result: Result
    tables: Mapping[str, pd.DataFrame]
    seconds: Mapping[str, float]
    options: SolverOptions
    is_as_is: bool = False
    is_best_effort: bool = False
    today: Plan | None = field(default=None, repr=False)

    @property
    def answers(self) -> Mapping[str, pd.DataFrame]:
        """What was asked of it afterwards: nothing yet."""
        return {}

    @property
    def objective(self) -> float:
        """Discounted cost of the plan [£], the sum of `costs.gbp_discounted`."""
        return self.result.objective

    @property
    def bound(self) -> float | None:
        """What no plan can cost less than [£ discounted]; None where nothing is proved."""
        return self.result.bound

    @property
    def gap(self) -> float | None:
        """The share of the cost by which a plan may still be cheaper; None where nothing is proved."""
        return self.result.gap

    @property
    def stopped(self) -> Stopped:
        """Why the search ended."""
        return self.result.stopped
