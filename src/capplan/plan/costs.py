"""The `costs` table: what every cost contributor comes to in the plan, by who supplies it and where."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.formulation.costs.objective import cash_factor, discount_factor
from capplan.formulation.model import Model
from capplan.formulation.terms import OF_STAGE, Term
from capplan.funding import NOWHERE
from capplan.plan.people import People, at_home
from capplan.results.tables import COSTS


def costs_table(m: Model, flows: People) -> pd.DataFrame:
    """The rows of `results.tables.COSTS`, which states key, columns and units."""
    homes = at_home(m, flows)
    rows = []
    for item, terms in m.cost_terms.items():
        for term in terms:
            gbp = sum(price * (variable.value or 0.0) for price, variable in term.gbp) + term.constant
            if gbp:
                gbp *= cash_factor(m, term.t)
                discount, period = discount_factor(m, term.t), m.data.horizon.periods[term.t]
                for locality, share in _shares(m, term, flows, homes):
                    area = m.area[locality] if locality else NOWHERE
                    for funder, part in m.data.funding.shares(item, term.key, area, term.site):
                        place = term.key, funder, term.provider, locality, term.site, period
                        rows.append((item, *place, gbp * share * part, gbp * share * part * discount))
    table = pd.DataFrame(rows, columns=COSTS.names)
    return COSTS.frame(table.groupby(list(COSTS.key), as_index=False)[["gbp", "gbp_discounted"]].sum())


def _shares(
    m: Model, term: Term, flows: People, homes: dict[str, dict[tuple[str, str], np.ndarray]]
) -> Iterator[tuple[str, float]]:
    """Localities on which a term is booked, and their shares of it."""
    if not term.shared_by:
        yield term.locality, 1.0
        return
    if term.shared_as in OF_STAGE:
        zone, stage = term.shared_by
        names = list(m.data.zones.members[zone, m.data.stages[stage].package])
        in_stage = homes[term.shared_as]
        weights = np.array([in_stage[l, stage][term.t] if (l, stage) in in_stage else 0.0 for l in names])
    else:
        names = [m.data.demand.localities[i] for i, _ in m.stream[term.shared_by].members]
        weights = _weights(m, term, flows)
    total = weights.sum()
    weights = weights / total if total > 0 else np.full(len(names), 1 / len(names))
    for name, weight in zip(names, weights, strict=True):
        if weight > 0:
            yield name, float(weight)


def _weights(m: Model, term: Term, flows: People) -> np.ndarray:
    locality, hospital, pathway = term.shared_by
    parts = flows.splits[locality, hospital, pathway]
    if term.shared_as == "waiting":
        return np.asarray(parts.waiting[:, term.t])
    if term.shared_as == "waiting_before" and term.t > 0:
        return np.asarray(parts.waiting[:, term.t - 1])
    if term.shared_as == "waiting_before":
        demand = m.data.demand
        rows, columns = np.array(m.stream[term.shared_by].members).T
        return np.asarray(demand.waiting[rows, columns, demand.pathways.index(pathway)])
    return np.asarray(parts.share_of_starts[:, term.t])
