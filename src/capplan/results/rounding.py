"""Numbers to the digits that mean something: 2 WTE, and not 2.0000000000000013."""

from __future__ import annotations

import numpy as np
import pandas as pd

SMALL = 1e-9
"""Numbers below this are left over by the solver's arithmetic and count as 0 [people, beds, WTE, hours]."""
DIGITS = 12
"""Significant digits of a number in a result table; doubles have hardly 16, and sums lose some of them."""


def to_significant_digits(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its numbers to 12 significant digits, and those that are next to nothing as 0."""
    numbers = table.select_dtypes("float")
    return table.assign(**{name: _rounded(column.to_numpy()) for name, column in numbers.items()})


def significant(number: float) -> float:
    """One number to 12 significant digits."""
    return float(_rounded(np.array([number]))[0])


def _rounded(numbers: np.ndarray) -> np.ndarray:
    kept = np.where(np.abs(numbers) < SMALL, 0.0, numbers)
    size = np.floor(np.log10(np.abs(kept), out=np.zeros_like(kept), where=np.isfinite(kept) & (kept != 0)))
    # Dividing whole numbers by a power of ten gives the number nearest to the decimal; multiplying does not.
    tens = 10.0 ** np.clip(DIGITS - 1 - size, 0, 22)
    return np.where(np.isfinite(kept), np.round(kept * tens) / tens, kept)
