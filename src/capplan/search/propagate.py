"""What some fixed numbers leave to the others: bounds that follow from one row at a time (fix and propagate).

Savelsbergh (1994), Preprocessing and probing techniques for mixed integer programming problems, section 1.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from capplan.solver.arrays import Floats
from capplan.solver.compiled import Compiled

ROUNDS = 10
"""Chains of consequences are followed so far; what lies beyond is left to the solver."""
TOLERANCE = 1e-6


class Propagation:
    """The rows of a model that hold whole numbers, ready to be asked again and again."""

    def __init__(self, compiled: Compiled) -> None:
        matrix = sp.csr_array(compiled.A)
        touches = np.asarray((matrix != 0).astype(float) @ compiled.is_integer.astype(float)) > 0
        self._is_integer = compiled.is_integer
        rows = matrix[np.flatnonzero(touches)].tocoo()
        self._row, self._column, self._factor = rows.row, rows.col, rows.data
        self._row_lower, self._row_upper = compiled.row_lower[touches], compiled.row_upper[touches]
        self._size = int(touches.sum())

    def tightened(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats] | None:
        """The bounds by column that follow; None where no plan keeps them."""
        for _ in range(ROUNDS):
            low, high = self._step(lower, upper)
            low, high = np.maximum(lower, low), np.minimum(upper, high)
            whole = self._is_integer
            low[whole], high[whole] = np.ceil(low[whole] - TOLERANCE), np.floor(high[whole] + TOLERANCE)
            if (low > high + TOLERANCE * np.maximum(1.0, np.abs(high))).any():
                return None
            moved = (low > lower + TOLERANCE) | (high < upper - TOLERANCE)
            lower, upper = low, np.maximum(low, high)
            if not moved.any():
                break
        return lower, upper

    def _step(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Bounds that each row by itself leaves to each of its columns."""
        low, high = lower.copy(), upper.copy()
        least = np.where(self._factor > 0, lower[self._column], upper[self._column]) * self._factor
        most = np.where(self._factor > 0, upper[self._column], lower[self._column]) * self._factor
        room = self._row_upper[self._row] - self._others(least)
        need = self._row_lower[self._row] - self._others(most)
        with np.errstate(invalid="ignore"):
            by_room, by_need = room / self._factor, need / self._factor
        positive = self._factor > 0
        _tighten(np.minimum, high, self._column, np.where(positive, by_room, by_need))
        _tighten(np.maximum, low, self._column, np.where(positive, by_need, by_room))
        return low, high

    def _others(self, terms: Floats) -> Floats:
        """For each entry the sum of the other terms of its row; infinite where one of them is."""
        is_infinite = np.isinf(terms)
        finite = np.where(is_infinite, 0.0, terms)
        total = np.bincount(self._row, weights=finite, minlength=self._size)[self._row] - finite
        infinite = np.bincount(self._row, weights=is_infinite, minlength=self._size)[self._row] - is_infinite
        sign = np.bincount(
            self._row, weights=np.where(is_infinite, np.sign(terms), 0.0), minlength=self._size
        )
        return np.where(infinite > 0, np.inf * np.where(sign[self._row] < 0, -1.0, 1.0), total)


def _tighten(better: np.ufunc, bounds: Floats, columns: np.ndarray, implied: Floats) -> None:
    """Puts the better of the old and each finite new bound in place."""
    known = np.isfinite(implied)
    better.at(bounds, columns[known], implied[known])
