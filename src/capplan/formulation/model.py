"""The model's table of contents: sets, variables, families and objective, part by part."""

from __future__ import annotations

from types import ModuleType

from capplan import modelling as pyo
from capplan.formulation import (
    acute,
    beds,
    budgets,
    congestion,
    costs,
    crosscover,
    flow,
    gaps,
    limits,
    money,
    needs,
    scheme_effects,
    scheme_starts,
    schemes,
    shifts,
    staff,
    targets,
)
from capplan.formulation.family import Family, families
from capplan.geography import localities_of
from capplan.instance import Instance
from capplan.parameters.data import Data
from capplan.parameters.prepare import prepare

PARTS: tuple[ModuleType, ...] = (
    schemes,
    flow,
    scheme_starts,
    beds,
    congestion,
    needs,
    staff,
    shifts,
    crosscover,
    limits,
    targets,
    gaps,
    scheme_effects,
    acute,
    budgets,
)


def all_families() -> tuple[Family, ...]:
    """Every constraint family, part by part."""
    return tuple(family for part in PARTS for family in families(part))


def build(
    instance: Instance, *, is_aggregated: bool = True, misses_targets: bool = False
) -> pyo.ConcreteModel:
    """The Pyomo model of an instance.

    `is_aggregated` False keeps every locality and hospital apart (for comparison); `misses_targets` lets every
    imposed target be missed by its `target_shortfall`, priced or not.
    """
    m = sets(prepare(instance, is_aggregated=is_aggregated), misses_targets=misses_targets)
    add_variables(m)
    for family in all_families():
        if not family.is_lazy:
            family.add_to(m)
    money.add_objective(m)
    return m


def add_variables(m: pyo.ConcreteModel) -> None:
    """The variables of all parts, what they cost (`cost_terms`), and what of that each funder spends (`spent`)."""
    for part in PARTS:
        part.add_variables(m)
    m.cost_terms = costs.terms(m)
    m.spent = money.spent_by_funder(m)


def sets(data: Data, *, misses_targets: bool = False) -> pyo.ConcreteModel:
    """A model without variables: the data, the calendar and what every part reads."""
    m = pyo.ConcreteModel(name=data.instance.settings.title)
    horizon = data.horizon
    m.data = data
    m.misses_targets = misses_targets
    m.PERIODS = list(range(len(horizon)))
    m.DECISIONS = list(horizon.decision_points)
    m.decision_set = frozenset(m.DECISIONS)
    m.days, m.months, m.epoch = horizon.days, horizon.months, horizon.epoch
    m.previous = dict(zip(m.DECISIONS[1:], m.DECISIONS, strict=False))
    after = [*m.DECISIONS[1:], len(horizon)]
    m.periods_until_next = {e: n - e for e, n in zip(m.DECISIONS, after, strict=True)}
    m.area = _areas(data)
    m.people_at_most = {stream.key: data.people_at_most(stream) for stream in data.streams}
    return m


def _areas(data: Data) -> dict[str, frozenset[str]]:
    """Localities behind each name that costs are booked on: a locality, a network, or all."""
    called = {"all", *data.demand.localities, *(key[0] for key in (*data.teams, *data.crews))}
    return {name: localities_of(data.instance, name) for name in called}
