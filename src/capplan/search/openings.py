"""Which units to keep open: closes them one by one, and opens others, as long as a relaxation gets cheaper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from capplan.formulation.model import Model
from capplan.formulation.people import congestion
from capplan.solver import highs
from capplan.solver.arrays import Floats, Indices
from capplan.solver.compiled import Compiled
from capplan.solver_options import SolverOptions

WORTH = 1e-5
"""By how much of its cost a plan has to get cheaper for a change of openings."""


class Openings:
    """Opening columns of a compiled model: of every list, and of the sites that are open while a list there is."""

    def __init__(self, model: Model, compiled: Compiled) -> None:
        self._lists = [
            compiled.columns_of(congestion.is_open(model, key, e) for e in model.DECISIONS)
            for key in model.BED_LISTS
        ]
        self._at_site: dict[int, list[int]] = {}
        for key in model.BED_LISTS:
            for site, _ in model.bed_list[key].units:
                self._add_site(model, compiled, key, site)

    def _add_site(self, model: Model, compiled: Compiled, key: tuple[str, str], site: str) -> None:
        on_lists = {unit for one in model.bed_list.values() for unit in one.units}
        if site not in model.SWITCHED_SITES or not set(model.units_at[site]) <= on_lists:
            return
        for e in model.DECISIONS:
            own, site_column = compiled.columns_of(
                [congestion.is_open(model, key, e), model.site_is_open[site, e]]
            )
            if own >= 0 and site_column >= 0:
                self._at_site.setdefault(int(site_column), []).append(int(own))

    @property
    def columns(self) -> Indices:
        """Every opening column."""
        columns = np.unique(np.concatenate([*self._lists, np.array(list(self._at_site), dtype=np.int64)]))
        return columns[columns >= 0]

    def consistent(self, values: Floats) -> Floats:
        """The values with sites open where a list there is, and nowhere else."""
        values = values.copy()
        for site, lists in self._at_site.items():
            values[site] = max(values[column] for column in lists)
        return values

    def changes(self, wish: Floats) -> Iterator[tuple[Indices, float]]:
        """Changes to try, columns and their new value, likeliest first.

        Lists that a relaxation (`wish`) hardly opens are closed: for good, or from or until a decision point. Then
        those that it opens most are opened.
        """
        ordered = sorted(self._lists, key=lambda columns: float(wish[columns].mean()))
        for columns in ordered:
            yield columns, 0.0
        for columns in ordered:
            for i in range(1, len(columns)):
                yield columns[:i], 0.0
                yield columns[i:], 0.0
        for columns in reversed(ordered):
            yield columns, 1.0


def better_openings(
    openings: Openings,
    compiled: Compiled,
    plan: Floats,
    wish: Floats,
    options_left: Callable[[], SolverOptions | None],
) -> Floats | None:
    """Openings (as values by column) under which the relaxation costs less than under a plan's; None if none is found.

    `wish` are a relaxation's own openings. `options_left` gives None when it is time to stop.
    """
    columns, now = openings.columns, openings.consistent(np.round(plan))
    options = options_left()
    if options is None:
        return None
    fixed = compiled.with_bounds(columns, now[columns], now[columns]).relaxed()
    with highs.Session(fixed, options) as session:
        best = first = session.run(lp_method="ipm").objective
        for changed, value in openings.changes(wish):
            options = options_left()
            if options is None or best is None:
                break
            tried = now.copy()
            tried[changed] = value
            tried = openings.consistent(np.clip(tried, compiled.column_lower, compiled.column_upper))
            if (tried[columns] == now[columns]).all():
                continue
            session.change_bounds(columns, tried[columns], tried[columns])
            cost = session.run(time_limit=options.time_limit).objective
            if cost is not None and cost < best * (1 - WORTH):
                best, now = cost, tried
    return None if best is None or first is None or best >= first else now
