"""Rows that are left out at first and added where a relaxation breaks them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp

from capplan.formulation.build import all_families
from capplan.formulation.model import Model
from capplan.modelling import generate_standard_repn
from capplan.solver.arrays import Floats, Indices
from capplan.solver.compiled import Compiled

BROKEN = 1e-3
"""By how much a relaxation must break a row before it is added, as a share of the row's largest coefficient."""


class LazyRows:
    """The rows (body <= bound) of a model's lazy families, as a matrix over its compiled columns."""

    def __init__(self, model: Model, compiled: Compiled) -> None:
        self._model, self._compiled = model, compiled
        self._added: set[int] = set()
        self._indices = [
            (family, index) for family in all_families() if family.is_lazy for index in family.indices(model)
        ]

    def __len__(self) -> int:
        return len(self._indices)

    @cached_property
    def _rows(self) -> tuple[Any, Floats]:
        columns, coefficients, lengths, upper = [], [], [0], []
        for family, index in self._indices:
            row = family.rule(self._model, *index)
            repn = generate_standard_repn(row.arg(0) - row.arg(1), compute_values=True)
            columns.append(self._compiled.columns_of(repn.linear_vars))
            coefficients.append(np.array(repn.linear_coefs, dtype=float))
            lengths.append(len(repn.linear_vars))
            upper.append(-float(repn.constant))
        arrays = np.concatenate(coefficients), np.concatenate(columns), np.cumsum(lengths)
        shape = (len(self._indices), len(self._compiled.cost))
        return sp.csr_array(arrays, shape=shape), np.array(upper)

    def broken(self, values: Floats) -> Indices:
        """Positions of the rows that the values break."""
        if not self._indices:
            return np.array([], dtype=np.int64)
        matrix, upper = self._rows
        largest = abs(matrix).max(axis=1).toarray().ravel()
        return np.flatnonzero(matrix @ values - upper > BROKEN * largest)

    def like(self, coarse: LazyRows, periods: int) -> Indices:
        """Positions of the rows whose row was added to a model in longer periods, of so many of these each."""
        there = {
            (family.name, *index) for family, index in (coarse._indices[row] for row in sorted(coarse._added))
        }
        return np.array(
            [
                row
                for row, (family, (*key, t)) in enumerate(self._indices)
                if (family.name, *key, t // periods) in there
            ],
            dtype=np.int64,
        )

    def added_to(self, compiled: Compiled, rows: Indices) -> Compiled:
        """The compiled model with those rows appended."""
        self._added.update(rows.tolist())
        matrix, upper = self._rows
        names = [
            f"{family.name}[{','.join(map(str, index))}]"
            for family, index in (self._indices[r] for r in rows)
        ]
        return compiled.with_rows(matrix[rows], np.full(len(rows), -np.inf), upper[rows], names)
