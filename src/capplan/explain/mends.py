"""The least change that gives an instance a plan: each kind of limit alone, or several at the prices that are given."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor, log10

from capplan import checks
from capplan.errors import CapplanError, Severity
from capplan.explain.conflict import LEFT_OUT_FIRST, Conflict
from capplan.explain.elastic import Elastic
from capplan.explain.limits.limit import Change, Kind, Limit
from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.overrides import apply_overrides
from capplan.results.status import Holds, Stopped
from capplan.search.find_plan import find_plan
from capplan.solver.compiled import compile_model
from capplan.solver_options import SolverOptions

MOST_SETS = 6
"""So many sets of kinds are tried where no kind is enough alone."""
MORE = (1.0, 1.01, 1.05, 1.1, 1.25, 1.5, 2.0)
"""What a change is multiplied by until the instance has a plan: limits that a row multiplies by what is decided."""


@dataclass(frozen=True)
class Mend:
    """Changes that give the instance a plan; none where these kinds of limits cannot.

    `is_checked`: the changed instance was built anew and has a plan; None where the time did not suffice to say.
    `is_least`: no smaller change of these kinds would do (but for rounding).
    """

    kinds: tuple[Kind, ...]
    changes: tuple[Change, ...] = ()
    is_checked: bool | None = None
    is_least: bool = False

    @property
    def overrides(self) -> tuple[str, ...]:
        """The changes as `--set` takes them."""
        return tuple(change.override for change in self.changes)


def needed(elastic: Elastic, conflict: Conflict, options: SolverOptions) -> tuple[Change, ...]:
    """What the limits of each kind in a conflict would have to be, at the least, for the others in it to hold."""
    limits = elastic.limits
    free = [g for g in range(len(limits)) if g not in conflict.limits]
    changes: list[Change] = []
    for kind in dict.fromkeys(limits[g].kind for g in conflict.limits):
        weights = {
            g: limits[g].weight
            for g in conflict.limits
            if limits[g].kind is kind and not limits[g].is_stepped
        }
        outcome = elastic.run(weights, free, is_whole=not elastic.is_large, time_limit=options.time_limit)
        changes += [
            _rounded(limits[g], by) for g, by in sorted(elastic.changes(outcome).items()) if g in weights
        ]
    return tuple(changes)


def mends(
    elastic: Elastic, instance: Instance, conflicts: Sequence[Conflict], options: SolverOptions
) -> list[Mend]:
    """The least change of each kind of limit alone; where none is enough, of as few kinds together as can be."""
    first = {g for conflict in conflicts for g in conflict.limits}
    alone = [
        mend_by(elastic, instance, {kind: 1.0}, options, first)
        for kind in dict.fromkeys(limit.kind for limit in elastic.limits)
    ]
    if any(mend.changes for mend in alone):
        return alone
    kinds = dict.fromkeys(elastic.limits[g].kind for conflict in conflicts for g in conflict.limits)
    several = _enough_together(elastic, list(kinds), options)
    return alone + [_one_after_the_other(elastic, instance, each, options, first) for each in several]


def _enough_together(
    elastic: Elastic, wanted: Sequence[Kind], options: SolverOptions
) -> list[tuple[Kind, ...]]:
    """Sets of kinds of which none can be left out for there to be a plan, each with one of those that are wanted.

    Of large models only those with targets and without.
    """
    there = {limit.kind for limit in elastic.limits}
    in_order = [kind for kind in LEFT_OUT_FIRST if kind in there]
    if not _kinds_give_way(elastic, in_order, options):
        return []
    ends: list[Kind] = [Kind.TARGETS, *(kind for kind in wanted if kind is not Kind.TARGETS)]
    sets = []
    for kept in ends[: 2 if elastic.is_large else MOST_SETS]:
        others = [kind for kind in in_order if kind is not kept]
        # What is to be kept goes last; where that is no target, the targets go first.
        order = [*others, kept] if kept is Kind.TARGETS else [*reversed(others), kept]
        left = in_order
        for kind in order:
            fewer = [other for other in left if other is not kind]
            left = fewer if _kinds_give_way(elastic, fewer, options) else left
        sets.append(tuple(left))
    return list(dict.fromkeys(sets))


def _kinds_give_way(elastic: Elastic, kinds: Collection[Kind], options: SolverOptions) -> bool:
    """Whether there is a plan when all limits of these kinds may give way."""
    of_kinds = [g for g, limit in enumerate(elastic.limits) if limit.kind in kinds]
    linear = {g: 1.0 for g in of_kinds if not elastic.limits[g].is_stepped}
    stepped = [g for g in of_kinds if elastic.limits[g].is_stepped]
    return _gives_way(elastic, linear, stepped, _Concessions(), options)


def _one_after_the_other(
    elastic: Elastic,
    instance: Instance,
    kinds: Sequence[Kind],
    options: SolverOptions,
    first: Collection[int],
) -> Mend:
    """Of the first kind as little as can be, whatever the next ones take; of the next what is then the least."""
    held: dict[int, float] = {}
    changes: list[Change] = []
    for n, kind in enumerate(kinds):
        mend = mend_by(elastic, instance, {kind: 1.0}, options, first, kinds[n + 1 :], held)
        changes += mend.changes
        by_key = {elastic.limits[g].key: g for g in range(len(elastic.limits))}
        held |= {by_key[change.limit.key]: change.amount for change in mend.changes}
    return (
        _checked(Mend(tuple(kinds), tuple(changes), None, True), instance, options)
        if changes
        else Mend(tuple(kinds))
    )


def mend_by(
    elastic: Elastic,
    instance: Instance,
    prices: Mapping[Kind, float],
    options: SolverOptions,
    first: Collection[int] = (),
    later: Collection[Kind] = (),
    held: Mapping[int, float] | None = None,
) -> Mend:
    """The least change of the limits of some kinds, at a price for each kind's unit; all other limits hold.

    `first` are limits (positions) that conflict: what gives way in steps is looked for among those before others.
    Kinds that are to give way `later` do so for nothing, limits in `held` by so much; the mend is then not tried out.
    """
    kinds, limits, held = tuple(prices), elastic.limits, held or {}
    of_kinds = [g for g, limit in enumerate(limits) if limit.kind in prices]
    linear = {g: prices[limits[g].kind] * limits[g].weight for g in of_kinds if not limits[g].is_stepped}
    stepped = [g for g in of_kinds if limits[g].is_stepped]
    concessions = _Concessions(tuple(g for g, limit in enumerate(limits) if limit.kind in later), dict(held))
    if _gives_way(elastic, linear, [], concessions, options):
        changes, is_least = _least(elastic, linear, {}, concessions, options)
    else:
        reached = _fewest_steps(elastic, linear, stepped, first, concessions, options)
        if reached is None:
            return Mend(kinds)
        changes, is_least = _least(elastic, linear, reached, concessions, options)
    mend = Mend(kinds, tuple(changes), None, is_least)
    return mend if later or held else _checked(mend, instance, options)


@dataclass(frozen=True)
class _Concessions:
    """Limits that give way for nothing, and by how much others do already."""

    free: tuple[int, ...] = ()
    held: Mapping[int, float] = field(default_factory=dict)


def _gives_way(
    elastic: Elastic,
    linear: Mapping[int, float],
    stepped: Sequence[int],
    concessions: _Concessions,
    options: SolverOptions,
    reached: Mapping[int, int] | None = None,
) -> bool:
    """Whether there is a plan when these give way; large models are asked without whole numbers."""
    is_whole = not elastic.is_large
    outcome = elastic.run(
        dict.fromkeys(linear, 0.0),
        [*stepped, *concessions.free],
        is_whole=is_whole,
        reached=reached,
        held=concessions.held,
        gap=1.0,
        time_limit=options.time_limit,
    )
    return outcome.holds is not Holds.NOTHING


def _fewest_steps(
    elastic: Elastic,
    linear: Mapping[int, float],
    stepped: Sequence[int],
    first: Collection[int],
    concessions: _Concessions,
    options: SolverOptions,
) -> dict[int, int] | None:
    """How many steps each limit has to give way by, as few limits as can be; None where all of them do not help."""
    in_order = sorted(stepped, key=lambda g: (g not in first, g))
    reached = {g: len(elastic.limits[g].steps) for g in in_order}
    among = [g for g in in_order if g in first]
    if among and _gives_way(elastic, linear, among, concessions, options, reached):
        in_order = among
    elif not in_order or not _gives_way(elastic, linear, in_order, concessions, options, reached):
        return None
    kept = list(in_order)
    for g in reversed(in_order):
        others = [k for k in kept if k != g]
        if _gives_way(elastic, linear, others, concessions, options, reached):
            kept = others
    steps = {g: reached[g] for g in kept}
    for g in kept:
        steps[g] = _least_steps(elastic, linear, g, steps, concessions, options)
    return steps


def _least_steps(
    elastic: Elastic,
    linear: Mapping[int, float],
    g: int,
    reached: Mapping[int, int],
    concessions: _Concessions,
    options: SolverOptions,
) -> int:
    """Fewest steps of one limit with which there is a plan, by halving; the others as they are."""
    too_few, enough = 0, reached[g]
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if _gives_way(elastic, linear, list(reached), concessions, options, {**reached, g: middle}):
            enough = middle
        else:
            too_few = middle
    return enough


def _least(
    elastic: Elastic,
    linear: Mapping[int, float],
    reached: Mapping[int, int],
    concessions: _Concessions,
    options: SolverOptions,
) -> tuple[list[Change], bool]:
    """The least changes, and whether they are known to be: of large models by the relaxation, which asks for less."""
    free, limits, is_whole = [*reached, *concessions.free], elastic.limits, not elastic.is_large
    outcome = elastic.run(
        linear, free, is_whole=is_whole, reached=reached, held=concessions.held, time_limit=options.time_limit
    )
    is_least = outcome.stopped is Stopped.GAP_REACHED
    if outcome.holds is Holds.NOTHING:
        outcome = elastic.run(linear, free, reached=reached, held=concessions.held)
    amounts = elastic.changes(outcome)
    changes = [_rounded(limits[g], amount) for g, amount in sorted(amounts.items()) if g in linear]
    steps = [Change(limits[g], float(n), limits[g].steps[n - 1].value) for g, n in sorted(reached.items())]
    return [*changes, *steps], is_least


def _rounded(limit: Limit, amount: float) -> Change:
    """A change as people would make it: in whole steps, to few figures, and never too small."""
    if limit.instead is not None:
        return Change(limit, amount, limit.instead)
    if limit.step:
        amount = min(ceil(amount / limit.step - 1e-6) * limit.step, limit.most)
        return Change(limit, amount, float(limit.value + limit.direction * amount))
    quantum = _quantum(limit, amount)
    exact = (limit.value + limit.direction * amount) / quantum
    whole = floor(exact + 1e-6) if limit.direction < 0 else ceil(exact - 1e-6)
    value = round(whole * quantum, 10)
    return Change(limit, abs(value - limit.value), float(value))


def _quantum(limit: Limit, amount: float) -> float:
    """To what a new value is rounded: a pound, a tenth of a person or WTE, less where the change itself is small."""
    if limit.kind in (Kind.BUDGETS, Kind.SPENDING):
        return 1.0
    value = max(abs(limit.value), abs(limit.value + limit.direction * amount))
    size = 1.0 if value >= 100 else 0.1 if value >= 1 else 0.01
    return float(min(size, 10.0 ** floor(log10(amount))))


def _checked(mend: Mend, instance: Instance, options: SolverOptions) -> Mend:
    """The mend, or one with larger changes, with which the instance built anew has a plan."""
    for factor in MORE:
        larger = mend if factor == 1 else _larger(mend, factor)
        answer = has_plan(instance, larger.overrides, options)
        if answer is not False:
            return replace(larger, is_checked=answer, is_least=mend.is_least and factor == 1)
    return replace(mend, changes=(), is_checked=False, is_least=False)


def _larger(mend: Mend, factor: float) -> Mend:
    changes = tuple(
        change if change.limit.is_stepped else _rounded(change.limit, change.amount * factor)
        for change in mend.changes
    )
    return replace(mend, changes=changes)


def has_plan(instance: Instance, overrides: Sequence[str], options: SolverOptions) -> bool | None:
    """Whether the instance with these changes has a plan, as `solve` finds it; None where time does not suffice.

    Whether the changes break a rule of the checks is for `without_errors` to say.
    """
    try:
        m = build(apply_overrides(instance, overrides))
        any_plan = replace(options, gap=1.0)
        _, outcome = find_plan(m, compile_model(m), any_plan)
    except CapplanError:
        return False
    if outcome.holds is not Holds.NOTHING:
        return True
    return False if outcome.stopped is Stopped.INFEASIBLE else None


def without_errors(instance: Instance, mends: Sequence[Mend]) -> list[Mend]:
    """The mends, those without changes that break a rule of the checks: all at once, and one by one only if need be."""
    overrides = dict.fromkeys(override for mend in mends for override in mend.overrides)
    if not overrides or not _has_errors(instance, tuple(overrides)):
        return list(mends)
    return [
        replace(mend, changes=(), is_checked=False, is_least=False)
        if mend.changes and _has_errors(instance, mend.overrides)
        else mend
        for mend in mends
    ]


def _has_errors(instance: Instance, overrides: Sequence[str]) -> bool:
    try:
        problems = checks.check(apply_overrides(instance, overrides) if overrides else instance)
    except CapplanError:
        return True
    return any(problem.severity is Severity.ERROR for problem in problems)
