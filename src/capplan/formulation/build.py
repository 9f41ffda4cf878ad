"""The model's table of contents: sets, variables, families and objective, part by part."""

from __future__ import annotations

from types import ModuleType

from capplan.formulation import costs
from capplan.formulation.beds import units as beds
from capplan.formulation.beds import wards as acute
from capplan.formulation.components import Family, families
from capplan.formulation.costs import objective
from capplan.formulation.limits import budgets, gaps, targets
from capplan.formulation.limits import totals as limits
from capplan.formulation.model import Model
from capplan.formulation.people import congestion, flow
from capplan.formulation.schemes import effects as scheme_effects
from capplan.formulation.schemes import go_live as schemes
from capplan.formulation.schemes import starts as scheme_starts
from capplan.formulation.workforce import crosscover, needs, shifts, staff
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


def build(instance: Instance, *, is_aggregated: bool = True, misses_targets: bool = False) -> Model:
    """The Pyomo model of an instance.

    `is_aggregated` False keeps every locality and hospital apart (for comparison); `misses_targets` lets every
    imposed target be missed by its `target_shortfall`, priced or not.
    """
    m = sets(prepare(instance, is_aggregated=is_aggregated), misses_targets=misses_targets)
    add_variables(m)
    for family in all_families():
        if not family.is_lazy:
            family.add_to(m)
    objective.add_objective(m)
    return m


def add_variables(m: Model) -> None:
    """The variables of all parts, what they cost (`cost_terms`), and what of that each funder spends (`spent`)."""
    for part in PARTS:
        part.add_variables(m)
    m.cost_terms = costs.terms(m)
    m.spent = objective.spent_by_funder(m)


def sets(data: Data, *, misses_targets: bool = False) -> Model:
    """A model without variables: the data, the calendar and what every part reads."""
    m = Model(name=data.instance.settings.title)
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
