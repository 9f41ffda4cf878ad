"""A mixed-integer programme in the making, and a ledger of what its columns cost whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

Term = tuple[float, int]


@dataclass
class Programme:
    """Columns with costs and bounds, and rows of (coefficient, column)."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    is_whole: list[bool] = field(default_factory=list)
    rows: list[tuple[list[Term], float, float]] = field(default_factory=list)
    constant: float = 0.0

    def column(self, *, low: float = 0.0, high: float = inf, whole: bool = False) -> int:
        self.cost.append(0.0)
        self.low.append(low)
        self.high.append(high)
        self.is_whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: Iterable[Term], low: float = -inf, high: float = inf) -> None:
        self.rows.append((list(terms), low, high))

    def least_cost(self) -> float:
        """Cost of the best plan, infinite where there is none."""
        matrix = sp.lil_array((len(self.rows), len(self.cost)))
        for i, (terms, _, _) in enumerate(self.rows):
            for coefficient, column in terms:
                matrix[i, column] += coefficient
        found = milp(
            self.cost,
            integrality=np.array(self.is_whole, dtype=int),
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(
                matrix.tocsr(), [low for _, low, _ in self.rows], [high for _, _, high in self.rows]
            ),
            options={"mip_rel_gap": 1e-9},
        )
        assert found.status in (0, 2), found.message
        return found.fun + self.constant if found.status == 0 else inf


@dataclass(frozen=True)
class Account:
    """What a cost is for: item and key of the table `costs`, the localities it stands for, the site."""

    item: str
    key: str
    area: frozenset[str] = frozenset()
    site: str = ""


@dataclass(frozen=True)
class Bill:
    """Cash in a period: £ for each unit of a column; without a column a fixed amount."""

    account: Account
    t: int
    gbp: float
    column: int | None
