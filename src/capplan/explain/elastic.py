"""A model whose limits can give way, each by one column: how much is the column's value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from types import TracebackType
from typing import Any

import numpy as np
import scipy.sparse as sp

from capplan.explain.limits.limit import Limit
from capplan.formulation.model import Model
from capplan.results.status import Holds, Stopped
from capplan.solver.arrays import Floats
from capplan.solver.compiled import Compiled, compile_model
from capplan.solver.highs import LpMethod, Session
from capplan.solver.outcome import Outcome
from capplan.solver_options import SolverOptions

LARGE = 10_000
"""Columns from which interior point beats simplex on a relaxation with its cost."""
FROM_LAST_BASIS = 2000
"""So many iterations of the simplex method are worth while from the basis of another question."""
PER_STEP = 10.0
"""How much of what a step frees one unit of its column lets through; any number finds the same conflicts."""
AT_MOST_OPEN = 1000.0
"""More beds than any site has."""


@dataclass
class _Parts:
    """What is added to a compiled model: entries (row, column, coefficient) and rows with their bounds."""

    compiled: Compiled
    n_columns: int
    entries: list[tuple[int, int, float]]
    lower: list[float]
    upper: list[float]

    def column(self) -> int:
        self.n_columns += 1
        return self.n_columns - 1

    def row(self, terms: Iterable[tuple[int, float]], lower: float = -np.inf, upper: float = np.inf) -> int:
        row = int(self.compiled.A.shape[0]) + len(self.lower)
        self.entries += [(row, column, coefficient) for column, coefficient in terms]
        self.lower.append(lower)
        self.upper.append(upper)
        return row


class Elastic:
    """One HiGHS with a model and its limits. To be closed: `with Elastic(...) as elastic`.

    `held_by[g]` are the rows that hold limit g: those of `rows`, `at_most` and `at_least`, in their order.
    """

    def __init__(self, model: Model, limits: Sequence[Limit], options: SolverOptions) -> None:
        self.limits = tuple(limits)
        constant = _without_variables(limits)
        self.compiled = compile_model(model)
        parts = _Parts(self.compiled, len(self.compiled.cost), [], [], [])
        self._z = [parts.column() for _ in limits]
        self.scale = np.array([_scale(limit) for limit in limits])
        self._upper = self.compiled.column_upper.copy()
        self._lower = self.compiled.column_lower.copy()
        self._steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.held_by = [self._hold(parts, g, limit, constant) for g, limit in enumerate(limits)]
        whole = self._assembled(parts)
        self.is_large = len(self.compiled.cost) >= LARGE
        self._is_integer = whole.is_integer.copy()
        self._integers = np.flatnonzero(whole.is_integer)
        self._session = Session(whole.relaxed(), replace(options, gap=1e-6))
        self._is_relaxed, self._unit = True, 1.0

    def __enter__(self) -> Elastic:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def _hold(self, parts: _Parts, g: int, limit: Limit, constant: Mapping[int, float]) -> list[int]:
        z, scale = self._z[g], float(self.scale[g])
        held = [self._hold_row(parts, row, z, scale * per_unit, constant) for row, per_unit in limit.rows]
        positions = self.compiled.columns_of(variable for variable, _ in (*limit.at_most, *limit.at_least))
        columns = positions.tolist()
        n = len(limit.at_most)
        bounded = [
            (c, per_unit) for c, (_, per_unit) in zip(columns[:n], limit.at_most, strict=True) if c >= 0
        ]
        if limit.is_summed:
            terms = [*bounded, (z, -scale)]
            held += [parts.row(terms, upper=float(sum(self._upper[c] for c, _ in bounded)))] * len(bounded)
        else:
            held += [
                parts.row([(c, 1.0), (z, -scale * per_unit)], upper=float(self._upper[c])) if c >= 0 else -1
                for c, (_, per_unit) in zip(columns[:n], limit.at_most, strict=True)
            ]
        for c, (_, per_unit) in zip(columns[n:], limit.at_least, strict=True):
            held.append(
                parts.row([(c, 1.0), (z, scale * per_unit)], lower=float(self._lower[c])) if c >= 0 else -1
            )
        self._free(columns[:n], self._upper, np.inf)
        self._free(columns[n:], self._lower, 0.0)
        for switch, variables in limit.shut:
            terms = [(int(c), 1.0) for c in self.compiled.columns_of(variables) if c >= 0]
            switched = int(self.compiled.columns_of([switch])[0])
            parts.row([*terms, (switched, -AT_MOST_OPEN)] if switched >= 0 else terms, upper=0.0)
        self._hold_steps(parts, g, limit)
        return held

    @staticmethod
    def _free(columns: Sequence[int], bounds: Floats, value: float) -> None:
        bounds[[c for c in columns if c >= 0]] = value

    def _hold_row(
        self, parts: _Parts, row: Any, z: int, per_unit: float, constant: Mapping[int, float]
    ) -> int:
        """Lets a row give way; one without variables stands as a row of the limit's column alone."""
        if id(row) in constant:
            body = constant[id(row)]
            if row.ub is not None:
                return parts.row([(z, -per_unit)], upper=float(row.ub) - body)
            return parts.row([(z, per_unit)], lower=float(row.lb) - body)
        position = int(self.compiled.rows_of([row])[0])
        if position >= 0:
            sign = -1.0 if np.isfinite(self.compiled.row_upper[position]) else 1.0
            parts.entries.append((position, z, sign * per_unit))
        return position

    def _hold_steps(self, parts: _Parts, g: int, limit: Limit) -> None:
        seen: set[int] = set()
        for n, step in enumerate(limit.steps):
            freed = [int(c) for c in self.compiled.columns_of(step.frees) if c >= 0]
            for variable, row, adds in step.early:
                of, position = (
                    int(self.compiled.columns_of([variable])[0]),
                    int(self.compiled.rows_of([row])[0]),
                )
                if of < 0 or position < 0:
                    continue
                early = parts.column()
                sign = -1.0 if np.isfinite(self.compiled.row_upper[position]) else 1.0
                parts.entries.append((position, early, sign * adds))
                parts.row([(early, 1.0), (of, -1.0)], upper=0.0)
                freed.append(early)
            for c in freed:
                if c not in seen:
                    seen.add(c)
                    self._steps[g].append((n, c))
                    parts.row([(c, 1.0), (self._z[g], -PER_STEP)], upper=0.0)
                    if c < len(self._upper):
                        self._upper[c] = np.inf

    def _assembled(self, parts: _Parts) -> Compiled:
        compiled = self.compiled
        n_rows, n_old = compiled.A.shape[0], len(compiled.cost)
        n_more, n_new = len(parts.lower), parts.n_columns - n_old
        rows, columns, numbers = (np.array(list(part)) for part in zip(*parts.entries, strict=True))
        more = sp.csr_array((numbers, (rows, columns)), shape=(n_rows + n_more, parts.n_columns))
        base = sp.csr_array(sp.block_array([[compiled.A, None], [None, sp.csr_array((n_more, n_new))]]))
        of_limits = np.zeros(n_new, dtype=np.bool_)
        of_limits[: len(self.limits)] = [limit.step > 0 for limit in self.limits]
        return replace(
            compiled,
            A=sp.csr_array(base + more),
            row_lower=np.concatenate([compiled.row_lower, parts.lower]),
            row_upper=np.concatenate([compiled.row_upper, parts.upper]),
            column_lower=np.concatenate([self._lower, np.zeros(n_new)]),
            column_upper=np.concatenate([self._upper, np.full(n_new, np.inf)]),
            cost=np.zeros(parts.n_columns),
            offset=0.0,
            sense=1,
            is_integer=np.concatenate([compiled.is_integer, of_limits]),
        )

    def run(
        self,
        prices: Mapping[int, float],
        free: Collection[int] = (),
        *,
        is_whole: bool = False,
        reached: Mapping[int, int] | None = None,
        held: Mapping[int, float] | None = None,
        gap: float = 1e-6,
        time_limit: float | None = None,
    ) -> Outcome:
        """Least total price at which the limits in `prices` give way [price per unit of the cell].

        Those in `free` give way for nothing, all others hold. `is_whole` keeps whole numbers whole. Every change stays
        within what makes sense. `reached` says how many of its steps a limit in `free` gives way by, `held` by how much
        others may for nothing.
        """
        most = {g: self.limits[g].most for g in prices}
        self._pose(prices, most, free, reached or {}, held or {}, is_whole=is_whole)
        if is_whole:
            return self._in_prices(self._session.run(time_limit=time_limit, gap=gap, lp_method=self._method))
        outcome = self._session.run(time_limit=time_limit, iterations=FROM_LAST_BASIS)
        return self._in_prices(self._anew(outcome, time_limit, len(prices)))

    def run_unbounded(
        self,
        prices: Mapping[int, float],
        free: Collection[int],
        *,
        is_whole: bool = False,
        gap: float = 1e-6,
        time_limit: float | None = None,
    ) -> Outcome:
        """The same, however far limits have to give way; of the relaxation INFEASIBLE says that the rest conflicts."""
        self._pose(prices, dict.fromkeys(prices, np.inf), free, {}, {}, is_whole=is_whole)
        if is_whole:
            return self._in_prices(self._session.run(time_limit=time_limit, gap=gap, lp_method=self._method))
        outcome = self._session.run(time_limit=time_limit, iterations=FROM_LAST_BASIS)
        if outcome.stopped is Stopped.OTHER_LIMIT and len(prices) > len(free):
            # Whether the many can all hold is answered sooner than how far they would have to give way.
            self._pose({}, {}, free, {}, {}, is_whole=False)
            self._session.forget()
            holds = self._session.run(time_limit=time_limit, lp_method=self._method)
            if holds.holds is not Holds.NOTHING:
                return holds
            self._pose(prices, dict.fromkeys(prices, np.inf), free, {}, {}, is_whole=False)
        return self._in_prices(self._anew(outcome, time_limit, len(prices)))

    @property
    def _method(self) -> LpMethod:
        return "ipm" if self.is_large else "choose"

    def _anew(self, outcome: Outcome, time_limit: float | None, n_priced: int) -> Outcome:
        """The answer from nothing, where going on from the last basis led nowhere.

        From there most take moments, but not where quite other limits are free than before. Where few have
        a price, presolve leaves little to the simplex method.
        """
        if outcome.stopped is not Stopped.OTHER_LIMIT:
            return outcome
        self._session.forget()
        method: LpMethod = "choose" if 2 * n_priced < len(self.limits) else self._method
        return self._session.run(time_limit=time_limit, lp_method=method)

    def _pose(
        self,
        prices: Mapping[int, float],
        most: Mapping[int, float],
        free: Collection[int],
        reached: Mapping[int, int],
        held: Mapping[int, float],
        *,
        is_whole: bool,
    ) -> None:
        """Puts prices and bounds into the model."""
        z = np.array(self._z)
        cost, upper = np.zeros(len(z)), np.zeros(len(z))
        upper[list(free)] = np.inf
        for g, amount in held.items():
            upper[g] = np.inf if self.limits[g].is_stepped else amount / self.scale[g]
        for g, price in prices.items():
            cost[g], upper[g] = price * self.scale[g], most[g] / self.scale[g]
        self._unit = float(cost.max(initial=0.0)) or 1.0
        self._session.change_costs(z, cost / self._unit)
        self._session.change_bounds(z, 0.0, upper)
        for g, steps in self._steps.items():
            last = reached.get(g, len(self.limits[g].steps))
            columns = np.array([c for _, c in steps])
            self._session.change_bounds(
                columns, 0.0, np.array([np.inf if n < last else 0.0 for n, _ in steps])
            )
        if self._is_relaxed == is_whole and len(self._integers):
            self._session.set_integrality(self._integers, is_whole)
        self._is_relaxed = not is_whole

    def worth_of_one_unit(self) -> Floats:
        """What the cost falls by for one unit more of each limit [£ per unit of the cell], whole numbers apart.

        Of the relaxation at its least cost, every limit as it stands; NaN where that is not found.
        """
        z, model = np.array(self._z), np.arange(len(self.compiled.cost))
        self._session.change_costs(model, self.compiled.cost)
        self._session.change_costs(z, 0.0)
        self._session.change_bounds(z, 0.0, 0.0)
        if not self._is_relaxed:
            self._session.set_integrality(self._integers, False)
            self._is_relaxed = True
        outcome = self._session.run(lp_method=self._method)
        self._session.change_costs(model, 0.0)
        if outcome.reduced_costs is None:
            return np.full(len(z), np.nan)
        return np.asarray(-outcome.reduced_costs[z] / self.scale)

    def _in_prices(self, outcome: Outcome) -> Outcome:
        """The outcome in the prices that were given, not in those that the solver saw."""
        objective, bound = outcome.objective, outcome.bound
        return replace(
            outcome,
            objective=None if objective is None else objective * self._unit,
            bound=None if bound is None else bound * self._unit,
        )

    def changes(self, outcome: Outcome) -> dict[int, float]:
        """By how much each limit gives way, of those that do [units of the cell, without direction]."""
        if outcome.holds is Holds.NOTHING or outcome.values is None:
            return {}
        amounts = outcome.values[self._z] * self.scale
        return {g: float(a) for g, a in enumerate(amounts) if a > 1e-7 * self.scale[g]}

    def supports(self, outcome: Outcome, prices: Mapping[int, float]) -> set[int]:
        """The limits that the proof of a least price rests on: what gives way has its price in the dual."""
        if outcome.reduced_costs is None:
            return set(prices)
        reduced = outcome.reduced_costs[self._z]
        cost = np.array([prices.get(g, 0.0) * self.scale[g] / self._unit for g in range(len(self.limits))])
        return {g for g in prices if cost[g] - reduced[g] > 1e-9 * max(cost[g], 1e-9)}


def _scale(limit: Limit) -> float:
    """What a unit of the limit's column is in units of its cell: so that columns are of like size."""
    if limit.step > 0:
        return limit.step
    value = limit.value
    is_number = isinstance(value, float) and isfinite(value) and value and not limit.is_summed
    return abs(float(value)) if is_number else 1.0


def _without_variables(limits: Sequence[Limit]) -> dict[int, float]:
    """Rows of limits in which nothing is left to decide, switched off, with what their bodies come to."""
    bodies = {}
    for limit in limits:
        for row, _ in limit.rows:
            body = row.body
            if not callable(body) or body.polynomial_degree() == 0:
                bodies[id(row)] = float(body()) if callable(body) else float(body)
                row.deactivate()
    return bodies
