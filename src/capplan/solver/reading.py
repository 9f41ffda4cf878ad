"""A linear Pyomo model read as arrays, in half the time that Pyomo's general walker of expressions takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import numpy as np
import scipy.sparse as sp

from capplan import modelling as pyo
from capplan.errors import Infeasible
from capplan.modelling import (
    EqualityExpression,
    InequalityExpression,
    LinearExpression,
    MonomialTermExpression,
    NegationExpression,
    SumExpression,
    generate_standard_repn,
    native_numeric_types,
)
from capplan.solver.arrays import Flags, Floats, Matrix
from capplan.wording import exact

# What arithmetic may leave over in a constraint whose variables are all fixed.
_TOLERANCE = 1e-6
_KNOWN = {pyo.Block, pyo.Constraint, pyo.Expression, pyo.Objective, pyo.Param, pyo.Set, pyo.Suffix, pyo.Var}


@dataclass(frozen=True, eq=False)
class Form:
    """A model in arrays: minimise cost @ x + offset, row_lower <= matrix @ x <= row_upper.

    Rows follow `constraints`, in the order of the model; columns follow `variables`, component by component as
    the objective and then the constraints first use them. A model that maximises has its signs turned and
    sense = -1.
    """

    matrix: Matrix
    row_lower: Floats
    row_upper: Floats
    cost: Floats
    offset: float
    sense: int
    variables: tuple[Any, ...]
    constraints: tuple[Any, ...]


def read(model: pyo.ConcreteModel) -> Form:
    """Reads the active constraints and the active objective, if there is one; fixed variables are folded in.

    Constraints without a free variable are checked and left out. Raises Infeasible, naming them all, where such
    constraints do not hold, and ValueError for several objectives, parts that are no constraints (ordered sets,
    disjunctions), what is not linear, and numbers that are missing or infinite.
    """
    _refuse_unknown_parts(model)
    terms = _Terms()
    objective = _objective(model)
    terms.add_body(0.0 if objective is None else objective.expr)
    constraints = list(model.component_data_objects(pyo.Constraint, active=True))
    bounds = np.array([(0.0, 0.0), *map(terms.add_row, constraints)], dtype=np.float64)
    matrix, constant, variables = _free_part(terms)
    lower, upper = bounds[:, 0] - constant, bounds[:, 1] - constant
    _refuse_odd_numbers(matrix, lower, upper, constraints)
    rows = np.diff(matrix.indptr) > 0
    rows[0] = False
    empty = ~rows[1:]
    if empty.any():
        _check_constants(empty, bounds[1:], constant[1:], constraints)
    sense = 1 if objective is None else int(objective.sense)
    return Form(
        matrix=matrix[np.flatnonzero(rows)],
        row_lower=lower[rows],
        row_upper=upper[rows],
        cost=sense * matrix[[0]].toarray()[0],
        offset=sense * float(constant[0]),
        sense=sense,
        variables=variables,
        constraints=tuple(c for c, kept in zip(constraints, rows[1:].tolist(), strict=True) if kept),
    )


@dataclass(eq=False)
class _Terms:
    """Terms of all rows in the order they are met: (coefficient, variable) pairs, and constants by row.

    `turns` lists the numbers of terms after which the sign turns: what is on the right of a row, or after a minus.
    """

    pairs: list[tuple[float, pyo.VarData]] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    sign: float = 1.0
    ends: list[int] = field(default_factory=lambda: [0])
    constant_rows: list[int] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)

    def add_row(self, constraint: pyo.ConstraintData) -> tuple[float, float]:
        """Adds a constraint's body as the next row; its bounds, on the sides that Pyomo gives it."""
        expression = constraint.expr
        kind = expression.__class__
        if kind is not InequalityExpression and kind is not EqualityExpression:
            low, body, high = constraint.to_bounded_expression(evaluate_bounds=True)
            self.add_body(body)
            return -np.inf if low is None else low, np.inf if high is None else high
        left, right = expression.args
        if not _may_vary(right):
            self.add_body(left)
            bound = pyo.value(right)
            return (bound if kind is EqualityExpression else -np.inf), bound
        if not _may_vary(left):
            self.add_body(right)
            bound = pyo.value(left)
            return bound, (bound if kind is EqualityExpression else np.inf)
        self.add_body(left, minus=right)
        return (0.0 if kind is EqualityExpression else -np.inf), 0.0

    def add_body(self, expression: Any, minus: Any = None) -> None:
        """Adds an expression, less another, as the next row."""
        self._add(expression)
        if minus is not None:
            self._subtract(minus)
        self.ends.append(len(self.pairs))

    def _add(self, part: Any) -> None:
        kind = part.__class__
        if kind is LinearExpression or kind is SumExpression:
            append = self.pairs.append
            for arg in part.args:
                if arg.__class__ is MonomialTermExpression:
                    append(arg.args)
                else:
                    self._add(arg)
        elif kind in native_numeric_types:
            self._add_constant(part)
        elif kind is MonomialTermExpression:
            self.pairs.append(part.args)
        elif kind is NegationExpression:
            self._subtract(part.args[0])
        elif part.is_variable_type():
            self.pairs.append((1.0, part))
        else:
            self._add_other(part)

    def _subtract(self, part: Any) -> None:
        self._turn()
        self._add(part)
        self._turn()

    def _turn(self) -> None:
        self.turns.append(len(self.pairs))
        self.sign = -self.sign

    def _add_constant(self, number: float) -> None:
        if number:
            self.constant_rows.append(len(self.ends) - 1)
            self.constants.append(self.sign * number)

    def _add_other(self, part: Any) -> None:
        """Parameters, named expressions, products: rare, so left to Pyomo."""
        terms = generate_standard_repn(part, compute_values=True)
        if not terms.is_linear():
            raise ValueError(f"not linear: {part}")
        self.pairs.extend(zip(terms.linear_coefs, terms.linear_vars, strict=True))
        self._add_constant(pyo.value(terms.constant))

    def coefficients(self) -> Floats:
        """The coefficient of every term, its sign included."""
        turns = np.bincount(np.array(self.turns, dtype=np.int64), minlength=len(self.pairs))
        signs = 1.0 - 2.0 * (np.cumsum(turns[: len(self.pairs)]) % 2)
        try:
            sizes = np.fromiter(map(itemgetter(0), self.pairs), np.float64, len(self.pairs))
        except (TypeError, ValueError):  # parameters among the numbers
            sizes = np.array([pyo.value(size) for size, _ in self.pairs], dtype=np.float64)
        return np.asarray(sizes * signs, dtype=np.float64)

    def row_constants(self) -> Floats:
        """The constant of every row's body."""
        rows = np.array(self.constant_rows, dtype=np.int64)
        constants = np.array(self.constants, dtype=np.float64)
        return np.bincount(rows, constants, minlength=len(self.ends) - 1).astype(np.float64)


def _may_vary(part: Any) -> bool:
    return part.__class__ not in native_numeric_types and bool(part.is_potentially_variable())


def _refuse_unknown_parts(model: pyo.ConcreteModel) -> None:
    unknown = model.collect_ctypes(active=True) - _KNOWN
    if unknown:
        names = ", ".join(sorted(kind.__name__ for kind in unknown))
        raise ValueError(f"cannot be read as rows and columns: {names}")


def _objective(model: pyo.ConcreteModel) -> pyo.Objective | None:
    objectives = list(model.component_data_objects(pyo.Objective, active=True))
    if len(objectives) > 1:
        raise ValueError(f"one active objective is needed, not {len(objectives)}")
    return objectives[0] if objectives else None


def _free_part(terms: _Terms) -> tuple[Matrix, Floats, tuple[pyo.VarData, ...]]:
    """Matrix of the free variables that occur, constant of each row with fixed variables in it, the variables."""
    matrix, variables = _matrix(terms)
    is_fixed = np.fromiter((variable.fixed for variable in variables), np.bool_, len(variables))
    values = np.zeros(len(variables))
    for column in np.flatnonzero(is_fixed).tolist():
        values[column] = pyo.value(variables[column])
    constant = np.asarray(terms.row_constants() + matrix @ values, dtype=np.float64)
    is_free = ~is_fixed & (np.bincount(matrix.indices, minlength=len(variables)) > 0)
    if is_free.all():
        return matrix, constant, tuple(variables)
    columns = np.flatnonzero(is_free).tolist()
    return matrix[:, columns], constant, tuple(variables[column] for column in columns)


def _matrix(terms: _Terms) -> tuple[Matrix, list[pyo.VarData]]:
    """All terms as a sparse matrix, and the variables by column, with those of their components that do not occur."""
    used = list(map(itemgetter(1), terms.pairs))
    variables = _by_component(dict(zip(map(id, used), used, strict=True)).values())
    column_of = dict(zip(map(id, variables), range(len(variables)), strict=True))
    columns = np.fromiter(map(column_of.__getitem__, map(id, used)), np.int32, len(used))
    shape = len(terms.ends) - 1, len(variables)
    matrix = sp.csr_array((terms.coefficients(), columns, np.array(terms.ends, dtype=np.int32)), shape=shape)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix, variables


def _by_component(used: Iterable[pyo.VarData]) -> list[pyo.VarData]:
    """The variables of the components that are used: components by first use, each in its own order."""
    members: dict[int, pyo.VarData] = {}
    for variable in used:
        if id(variable) not in members:
            members.update((id(member), member) for member in variable.parent_component().values())
    return list(members.values())


def _refuse_odd_numbers(
    matrix: Matrix, lower: Floats, upper: Floats, constraints: Sequence[pyo.ConstraintData]
) -> None:
    """Raises ValueError for a coefficient or bound that is no number, or a bound at the wrong infinity."""
    is_odd = np.isnan(lower) | np.isnan(upper) | (lower == np.inf) | (upper == -np.inf)
    if not np.isfinite(matrix.data).all():
        odd_terms = np.flatnonzero(~np.isfinite(matrix.data))
        is_odd[np.searchsorted(matrix.indptr, odd_terms, side="right") - 1] = True
    if is_odd.any():
        names = ["the objective", *(constraint.name for constraint in constraints)]
        odd = ", ".join(names[row] for row in np.flatnonzero(is_odd).tolist())
        raise ValueError(f"numbers that are missing or not finite in {odd}")


def _check_constants(
    empty: Flags, bounds: Floats, constant: Floats, constraints: Sequence[pyo.ConstraintData]
) -> None:
    """Raises Infeasible, naming them all, where constraints without a free variable do not hold."""
    excess = np.maximum(bounds[:, 0] - constant, constant - bounds[:, 1]) / np.maximum(1.0, np.abs(constant))
    wrong = np.flatnonzero(empty & (excess > _TOLERANCE)).tolist()
    if wrong:
        said = (_what_fails(constraints[row], constant[row], *bounds[row]) for row in wrong)
        raise Infeasible("cannot hold, whatever is decided: " + "; ".join(said))


def _what_fails(constraint: pyo.ConstraintData, body: float, low: float, high: float) -> str:
    bound = f"at least {exact(low)}" if body < low else f"at most {exact(high)}"
    return f"{constraint.name} is {exact(body)} and has to be {bound}"
