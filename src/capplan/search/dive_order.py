"""In which order the whole numbers of a plan are dived through, and how they pass from quarters to months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from capplan.formulation.build import build
from capplan.formulation.components import Rounding
from capplan.formulation.model import Model, variables_rounded
from capplan.results.status import Stopped
from capplan.search.dive import Group, dive
from capplan.search.quarters import decision_key, in_quarters
from capplan.solver import highs
from capplan.solver.arrays import Floats, Indices
from capplan.solver.clock import Clock
from capplan.solver.compiled import Compiled, compile_model
from capplan.solver.outcome import Outcome

STOPPED_EARLY = frozenset({Stopped.TIME_LIMIT, Stopped.INTERRUPTED, Stopped.OTHER_LIMIT})
OPEN_FROM = (0.15, 0.01)
"""From which fraction up a site or unit is opened: the first that leads to a plan. One too many costs little, one too
few turns people away."""

ALWAYS_UP, ALWAYS_DOWN = 0.01, 1.0


def dive_in_order(model: Model, compiled: Compiled, relaxed: Outcome, clock: Clock) -> Outcome:
    """A plan by diving in the order of `Rounding`; holds NOTHING where none was found."""
    outcome = relaxed
    for open_from in OPEN_FROM:
        outcome = dive(compiled, relaxed, list(_groups(model, compiled, open_from)), lambda: clock.left)
        if outcome.values is not None or outcome.stopped in STOPPED_EARLY:
            break
    return outcome


def _groups(model: Model, compiled: Compiled, open_from: float) -> Iterator[Group]:
    """The whole-number columns in the order of the dive, which the model's page of names states."""
    for rounding in Rounding:
        from_fraction = open_from if rounding is Rounding.OPENINGS else 0.5
        yield Group(_columns(model, compiled, variables_rounded(rounding)), from_fraction)


def opening_columns(model: Model, compiled: Compiled) -> Indices:
    """The whole-number columns that open sites, units and lists, close wards, and let schemes go live."""
    first = (Rounding.GO_LIVES, Rounding.WARDS, Rounding.OPENINGS)
    return _columns(model, compiled, [name for rounding in first for name in variables_rounded(rounding)])


def _columns(model: Model, compiled: Compiled, names: Iterable[str]) -> Indices:
    columns = np.concatenate([compiled.columns_of(getattr(model, name).values()) for name in names])
    columns = columns[columns >= 0]
    return np.asarray(columns[compiled.is_integer[columns]])


def in_longer_periods(model: Model, compiled: Compiled) -> tuple[Any, Compiled] | None:
    """The model in quarters, built and compiled.

    None where its months do not allow that, or where the compiled model has a cost or rows that no building gives.
    """
    coarse = in_quarters(model.data.instance)
    if coarse is None or compiled.has_other_cost or compiled.extra_row_names:
        return None
    quarterly = build(coarse, is_aggregated=model.data.is_aggregated, misses_targets=model.misses_targets)
    return quarterly, compile_model(quarterly)


def transfer(
    coarse: Model, small: Compiled, values: Floats, model: Model, compiled: Compiled, with_wards: bool = True
) -> Compiled:
    """The model with its whole numbers fixed as they are in a plan of the coarse one; wards only where asked for."""
    wards = variables_rounded(Rounding.WARDS)
    known = {
        decision_key(coarse, small.variables[column]): round(values[column])
        for column in np.flatnonzero(small.is_integer)
        if with_wards or small.variables[column].parent_component().local_name not in wards
    }
    columns = np.flatnonzero(compiled.is_integer)
    keys = [decision_key(model, compiled.variables[column]) for column in columns]
    same = [(column, known[key]) for column, key in zip(columns, keys, strict=True) if key in known]
    chosen = np.array([column for column, _ in same])
    whole = np.clip(
        np.array([value for _, value in same], dtype=float),
        compiled.column_lower[chosen],
        compiled.column_upper[chosen],
    )
    is_free = compiled.is_integer.copy()
    is_free[chosen] = False
    return replace(compiled.with_bounds(chosen, whole, whole), is_integer=is_free)


def with_fewer_wards(model: Model, free: Compiled, clock: Clock) -> Outcome:
    """A plan with the wards that a relaxation closes, rounded down; in `free` everything but wards is fixed.

    By the month a little less may be freed than by the quarter, and a plan that closes a ward fewer is better than
    none.
    """
    relaxed = highs.solve(free.relaxed(), clock.left, lp_method="ipm")
    if relaxed.values is None:
        return relaxed
    closed, any_closed = (_columns(model, free, [name]) for name in variables_rounded(Rounding.WARDS))
    return dive(free, relaxed, [Group(any_closed, ALWAYS_UP), Group(closed, ALWAYS_DOWN)], lambda: clock.left)
