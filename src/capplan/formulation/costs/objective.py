"""Money: what the costs come to in cash and today's pounds, for whom, and the objective, their discounted sum."""

from __future__ import annotations

from itertools import chain
from typing import Any

from capplan import modelling as pyo
from capplan.formulation.model import Model
from capplan.formulation.terms import OF_STAGE, Term, Terms, weighted_sum
from capplan.funding import Funding, Shares
from capplan.parameters.targets import TargetRow
from capplan.results.cost_items import NOTIONAL


def cash_factor(m: Model, t: int) -> float:
    """What a pound of the price year costs in period t: (1 + price_rise_per_year) ** years since the start."""
    return float((1 + m.data.instance.settings.price_rise_per_year) ** m.data.horizon.years_since_start[t])


def discount_factor(m: Model, t: int) -> float:
    """What a pound in period t is worth today: 1 / (1 + discount_rate_per_year) ** years since the start."""
    return float(
        (1 + m.data.instance.settings.discount_rate_per_year) ** -m.data.horizon.years_since_start[t]
    )


def spend(m: Model, row: TargetRow) -> Terms:
    """Cash cost that counts towards a spend target: pairs and a constant [£], without what is notional."""
    spent = _Sum()
    for item, terms in m.cost_terms.items():
        for term in terms if item not in NOTIONAL else ():
            if term.t in row.periods and _is_spent_in(m, term, row):
                spent.add(term, cash_factor(m, term.t))
    return spent.terms


def _is_spent_in(m: Model, term: Term, row: TargetRow) -> bool:
    scope = row.scope
    if scope.providers and term.provider not in scope.providers:
        return False
    if scope.sites is not None and term.site not in scope.sites:
        return False
    # What is booked nowhere, like a ward that closes, counts only where every locality does.
    return bool((_localities(m, term) or m.area["all"]) <= scope.localities)


def _localities(m: Model, term: Term) -> frozenset[str]:
    """Localities on which the costs table books a term; a wider team's area."""
    if term.shared_as in OF_STAGE:
        zone, stage = term.shared_by
        return frozenset(m.data.zones.members[zone, m.data.stages[stage].package])
    if term.shared_by:
        members = m.stream[term.shared_by].members
        return frozenset(m.data.demand.localities[i] for i, _ in members)
    return frozenset(m.area[term.locality]) if term.locality else frozenset()


def spent_by_funder(m: Model) -> dict[tuple[str, str], Terms]:
    """What each funder spends in a year on what it funds: pairs and a constant [£, cash], by (funder, year).

    What is notional counts where `funding` names it; funders who spend nothing in a year of a budget are there too.
    """
    spent = {key: _Sum() for key in m.budget}
    funded = m.data.funding.rows if spent else {}
    for item, terms in m.cost_terms.items():
        for term in terms if item in funded else ():
            factor, year = cash_factor(m, term.t), m.data.horizon.years[term.t]
            for funder, share in _payers(m, item, term):
                if (funder, year) in spent:
                    spent[funder, year].add(term, factor * share)
    return {key: total.terms for key, total in spent.items()}


def _payers(m: Model, item: str, term: Term) -> Shares:
    """Who pays for a term of an item; the members of a stream or zone are told apart where this tells them apart."""
    localities = _localities(m, term)
    if term.shared_by:
        localities = frozenset({min(localities)})
    funding: Funding = m.data.funding
    return funding.shares(item, term.key, localities, term.site)


def add_objective(m: Model) -> None:
    """Least discounted cost over all contributors; what does not depend on decisions counts too."""
    cost = _Sum()
    factor = [cash_factor(m, t) * discount_factor(m, t) for t in m.PERIODS]
    for term in chain.from_iterable(m.cost_terms.values()):
        cost.add(term, factor[term.t])
    m.cost = pyo.Objective(expr=weighted_sum(*cost.terms), sense=pyo.minimize)


class _Sum:
    """Costs added up: one coefficient for every variable, in the order in which they come, and a constant."""

    def __init__(self) -> None:
        self._variables: dict[int, Any] = {}
        self._gbp: dict[int, float] = {}
        self._constant = 0.0

    def add(self, term: Term, factor: float) -> None:
        """Adds a cost times a factor."""
        self._constant += factor * term.constant
        for gbp, variable in term.gbp:
            if gbp:
                key = id(variable)
                self._variables[key] = variable
                self._gbp[key] = self._gbp.get(key, 0.0) + factor * gbp

    @property
    def terms(self) -> Terms:
        """Pairs and the constant."""
        return list(zip(self._gbp.values(), self._variables.values(), strict=True)), self._constant
