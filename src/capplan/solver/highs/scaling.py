"""Rows in a size that HiGHS bears."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from capplan.solver.arrays import Floats, Matrix

# HiGHS asks of every row that it holds to 1e-6 as it is written, but solves with rows that it has scaled: where
# coefficients are in thousands, it may end a search with "Solve error" at the very plan that it has proved.
_LARGEST_COEFFICIENT = 1000.0


def row_scale(matrix: Matrix) -> Floats:
    """What each row is multiplied by for HiGHS: 1, but for rows with large coefficients.

    Those by one over the square root of the largest, as HiGHS would scale a row that also has a 1; by a power of two,
    so that no digit changes.
    """
    rows = sp.csr_array(matrix)
    largest = np.zeros(rows.shape[0])
    np.maximum.at(largest, np.repeat(np.arange(len(largest)), np.diff(rows.indptr)), np.abs(rows.data))
    powers = np.round(np.log2(np.sqrt(np.maximum(largest, _LARGEST_COEFFICIENT))))
    return np.where(largest > _LARGEST_COEFFICIENT, np.exp2(-powers), 1.0)


def scaled(matrix: Matrix, scale: Floats) -> Matrix:
    """The rows times their scale; as they are where no scale differs from 1."""
    rows = sp.csr_array(matrix)
    return rows if (scale == 1).all() else sp.csr_array(sp.diags_array(scale) @ rows)
