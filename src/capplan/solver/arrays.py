"""The kinds of arrays that the solver's modules hand to each other: one number a column, or one a row."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Indices = np.ndarray[tuple[int], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Matrix = sp.csr_array
