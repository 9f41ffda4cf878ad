"""A Pyomo model as arrays: what the solvers' bridges, heuristics and re-solves work on."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from capplan import modelling as pyo
from capplan.solver.arrays import Flags, Floats, Indices, Matrix
from capplan.solver.reading import read


@contextmanager
def paused_garbage_collector() -> Iterator[None]:
    """Pause Python's cyclic garbage collector: a model of many objects is built in a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, eq=False)
class Compiled:
    """A linear model as arrays: minimise cost @ x + offset, row_lower <= A @ x <= row_upper, bounds on x.

    Columns follow `variables`; rows follow `constraints`, then `extra_row_names` (rows added as arrays).
    A model that maximises is held with its signs turned and sense = -1. Fixed variables are no columns:
    their values are folded in. Nothing changes in place; the with_... methods return changed copies.
    """

    model: pyo.ConcreteModel
    A: Matrix
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    cost: Floats
    offset: float
    sense: int
    is_integer: Flags
    variables: tuple[pyo.VarData, ...]
    constraints: tuple[pyo.ConstraintData, ...]
    extra_row_names: tuple[str, ...] = ()
    has_other_cost: bool = False

    @cached_property
    def column_names(self) -> list[str]:
        """The variables' names, by column."""
        return [variable.name for variable in self.variables]

    @cached_property
    def row_names(self) -> list[str]:
        """The constraints' names, then those of rows added as arrays."""
        return [constraint.name for constraint in self.constraints] + list(self.extra_row_names)

    @cached_property
    def _column_of(self) -> dict[int, int]:
        return {id(variable): column for column, variable in enumerate(self.variables)}

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {id(constraint): row for row, constraint in enumerate(self.constraints)}

    @property
    def is_settled(self) -> bool:
        """Do the bounds leave every integer column one value only?"""
        return bool((self.column_lower == self.column_upper)[self.is_integer].all())

    def columns_of(self, variables: Iterable[pyo.VarData | None]) -> Indices:
        """The columns of some variables, -1 for one that is fixed or occurs nowhere."""
        return np.array([self._column_of.get(id(variable), -1) for variable in variables], dtype=np.int64)

    def rows_of(self, constraints: Iterable[pyo.ConstraintData]) -> Indices:
        """The rows of some constraints, -1 for one that holds no variable or is not active."""
        return np.array([self._row_of.get(id(constraint), -1) for constraint in constraints], dtype=np.int64)

    def objective_at(self, values: Floats) -> float:
        """The objective in the model's own sense."""
        return self.sense * (float(self.cost @ values) + self.offset)

    def is_plan(self, values: Floats, tolerance: float = 1e-6) -> bool:
        """Do the values keep all bounds, rows and integrality?

        A row may be off by the share `tolerance` of its largest term, a column of its value.
        """
        if values.shape != self.cost.shape or np.isnan(values).any():
            return False
        slack = tolerance * np.maximum(1.0, np.abs(values))
        if (values < self.column_lower - slack).any() or (values > self.column_upper + slack).any():
            return False
        if (np.abs(values - np.round(values)) > tolerance)[self.is_integer].any():
            return False
        body = self.A @ values
        slack = tolerance * np.maximum(1.0, _largest_terms(self.A, values))
        return bool((body >= self.row_lower - slack).all() and (body <= self.row_upper + slack).all())

    def with_bounds(self, columns: Indices, lower: Floats | float, upper: Floats | float) -> Compiled:
        """A copy with other bounds for some columns."""
        column_lower, column_upper = self.column_lower.copy(), self.column_upper.copy()
        column_lower[columns], column_upper[columns] = lower, upper
        return replace(self, column_lower=column_lower, column_upper=column_upper)

    def with_cost(self, cost: Floats, offset: float = 0.0) -> Compiled:
        """A copy that minimises cost @ x + offset instead."""
        return replace(
            self, cost=np.asarray(cost, dtype=np.float64), offset=offset, sense=1, has_other_cost=True
        )

    def relaxed(self) -> Compiled:
        """A copy with every column continuous."""
        return replace(self, is_integer=np.zeros_like(self.is_integer))

    def with_whole(self, columns: Indices) -> Compiled:
        """A copy in which, of the integer columns, only some are."""
        is_integer = np.zeros_like(self.is_integer)
        is_integer[columns] = self.is_integer[columns]
        return replace(self, is_integer=is_integer)

    def with_integers_fixed(self, values: Floats) -> Compiled:
        """A copy, an LP, with the integer columns fixed at their rounded values: so it has duals."""
        columns = np.flatnonzero(self.is_integer)
        rounded = np.round(values[columns])
        return self.with_bounds(columns, rounded, rounded).relaxed()

    def with_rows(self, matrix: Matrix, lower: Floats, upper: Floats, names: Sequence[str] = ()) -> Compiled:
        """A copy with rows lower <= matrix @ x <= upper appended, named extra[0], extra[1], ...."""
        extra = sp.csr_array(matrix)
        first = len(self.extra_row_names)
        names = names or [f"extra[{first + row}]" for row in range(extra.shape[0])]
        return replace(
            self,
            A=sp.vstack([self.A, extra], format="csr"),
            row_lower=np.concatenate([self.row_lower, lower]),
            row_upper=np.concatenate([self.row_upper, upper]),
            extra_row_names=(*self.extra_row_names, *names),
        )


def compile_model(model: pyo.ConcreteModel) -> Compiled:
    """Compile a linear Pyomo model with at most one active objective.

    Raises Infeasible, naming them all, where constraints without a free variable do not hold, and ValueError
    for several objectives, what is not linear, or a domain that is neither continuous nor whole numbers.
    """
    with paused_garbage_collector():
        form = read(model)
        column_lower, column_upper, is_integer = _columns(form.variables)
        return Compiled(
            model=model,
            A=form.matrix,
            row_lower=form.row_lower,
            row_upper=form.row_upper,
            column_lower=column_lower,
            column_upper=column_upper,
            cost=form.cost,
            offset=form.offset,
            sense=form.sense,
            is_integer=is_integer,
            variables=form.variables,
            constraints=form.constraints,
        )


def current_values(compiled: Compiled) -> Floats:
    """The values that the Pyomo variables hold, by column; NaN where one has none."""
    values = (variable.value for variable in compiled.variables)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def load(compiled: Compiled, values: Floats) -> None:
    """Write values (by column) into the Pyomo variables.

    A variable that occurs nowhere keeps its value; if it has none it takes the one nearest 0 in its bounds.
    """
    for variable, value in zip(compiled.variables, values.tolist(), strict=True):
        variable.set_value(value, skip_validation=True)
    for variable in compiled.model.component_data_objects(pyo.Var, active=True):
        if variable.value is None:
            lower, upper = variable.bounds
            nearest = max(0.0 if lower is None else lower, 0.0)
            variable.set_value(nearest if upper is None else min(nearest, upper), skip_validation=True)


def _columns(variables: Sequence[pyo.VarData]) -> tuple[Floats, Floats, Flags]:
    bounds = [variable.bounds for variable in variables]
    lower = np.array([-np.inf if low is None else low for low, _ in bounds], dtype=np.float64)
    upper = np.array([np.inf if high is None else high for _, high in bounds], dtype=np.float64)
    step: dict[int, int] = {}
    is_integer = np.zeros(len(bounds), dtype=np.bool_)
    for column, variable in enumerate(variables):
        domain = variable.domain
        if id(domain) not in step:
            step[id(domain)] = _step(variable)
        is_integer[column] = step[id(domain)]
    return lower, upper, is_integer


def _step(variable: pyo.VarData) -> int:
    """0 for a continuous domain, 1 for whole numbers."""
    step = variable.domain.get_interval()[2]
    if step not in {0, 1}:
        raise ValueError(
            f"{variable.name}: {variable.domain} is neither a range of numbers nor of whole numbers"
        )
    return int(step)


def _largest_terms(matrix: Matrix, values: Floats) -> Floats:
    """The largest |coefficient x value| of each row, 0 for an empty row."""
    terms = abs(matrix) * np.abs(values)[np.newaxis, :]
    return np.asarray(sp.csr_array(terms).max(axis=1).todense(), dtype=np.float64).ravel()
