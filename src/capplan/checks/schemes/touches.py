"""Which effects of which schemes meet on one number: people, starts, sites."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.people.onward import all_after, following
from capplan.checks.problems import problem
from capplan.errors import Problem, Severity
from capplan.parameters.eligible_rows import EligiblePackage
from capplan.rollouts import (
    CARE_HOURS,
    EVERYWHERE,
    HOURS,
    REFERRALS,
    SUCCESS,
    Effect,
    Rollout,
    Touch,
    touch_of,
)

NEEDS = {HOURS: ("package_hours", "role"), CARE_HOURS: ("package_care", "shift_type")}
"""Where hours are: table and resource."""


def people_of(facts: Facts, effect: Effect, pathway: str) -> np.ndarray:
    """Where an effect changes something for a pathway's people: array (locality, hospital)."""
    axes, scope = facts.axes, effect.scope
    places = {rollout.locality for rollout in facts.rollouts.of_scheme.get(effect.scheme, ())}
    own = np.ones(len(axes.localities), bool) if EVERYWHERE in places else axes.localities.isin(list(places))
    locality = axes.localities.isin(list(scope.localities)) & own
    hospital = axes.hospitals.isin(list(scope.hospitals))
    waits = effect.changes != REFERRALS and pathway in set(facts.table("waiting")["pathway"])
    referred = (facts.people(pathway).sum(axis=2) > 0) | waits
    people: np.ndarray = referred & locality[:, None] & hospital & (pathway in scope.pathways)
    return people


def packages_of(facts: Facts, option: EligiblePackage) -> list[str]:
    """The package that people start so, and those that follow it."""
    later = all_after(option.package, following(facts)) - {option.package}
    return [option.package, *sorted(later)]


def starts_of(facts: Facts, effect: Effect, option: EligiblePackage, package: str) -> np.ndarray:
    """Where an effect changes something in a package of those who start so: array (locality, hospital, site)."""
    open_to = facts.open_to(option)
    is_later = package != option.package
    if package not in effect.scope.packages or not _has_hours(facts, effect, package):
        return np.zeros_like(open_to)
    if is_later and effect.changes == SUCCESS:
        return np.zeros_like(open_to)
    in_bed = facts.table("packages").set_index("package")["setting"][package] == "bed"
    places = [""] if option.at_home else list(facts.axes.sites)
    there = [effect.scope.has_start(package, site if in_bed else "") for site in places]
    starts: np.ndarray = (
        open_to & people_of(facts, effect, option.pathway)[:, :, None] & np.array(there, bool)
    )
    return starts


def _has_hours(facts: Facts, effect: Effect, package: str) -> bool:
    """Whether a package needs anything of what an effect on hours changes."""
    if effect.changes not in NEEDS:
        return True
    table, resource = NEEDS[effect.changes]
    rows = facts.table(table)
    needed = set(rows.loc[rows["package"] == package, resource])
    return bool(needed & effect.resources if effect.resources else needed)


def sites(facts: Facts) -> Iterator[tuple[str, str, float]]:
    """Sites with their localities and the beds that fit."""
    units = facts.table("site_beds").groupby("site")["beds_max"].sum()
    for row in facts.table("sites").to_dict("records"):
        most = units.get(row["site"], 0.0) if pd.isna(row["beds_max"]) else row["beds_max"]
        yield row["site"], row["locality"], float(most)


def people_touches(facts: Facts, changes: str) -> Iterator[tuple[str, Touch]]:
    """The different touches of a number of people, by pathway."""
    for pathway in facts.table("pathways")["pathway"]:
        masks = {
            pair: mask
            for pair in _pairs(facts, (changes,))
            if (mask := people_of(facts, pair[1], pathway) & _there(facts, pair[0])[:, None]).any()
        }
        yield from ((pathway, touch) for touch in _meeting(masks))


def start_touches(
    facts: Facts,
    option: EligiblePackage,
    packages: Collection[str],
    changes: Collection[str],
    resource: str = "",
) -> Iterator[Touch]:
    """The different touches of some numbers, in some packages, of those who start so."""
    masks = {}
    for rollout, effect in _pairs(facts, changes):
        if not resource or not effect.resources or resource in effect.resources:
            there = _there(facts, rollout)[:, None, None]
            mask = np.any([starts_of(facts, effect, option, k) & there for k in packages], axis=0)
            if mask.any():
                masks[rollout, effect] = mask
    yield from _meeting(masks)


def _pairs(facts: Facts, changes: Collection[str]) -> Iterator[tuple[Rollout, Effect]]:
    for effect in facts.rollouts.effects:
        if effect.changes in changes:
            for rollout in facts.rollouts.of_scheme.get(effect.scheme, ()):
                if rollout.can_be_live:
                    yield rollout, effect


def _there(facts: Facts, rollout: Rollout) -> np.ndarray:
    """Localities of a roll-out, as a mask."""
    localities = facts.axes.localities
    there: np.ndarray = (
        np.ones(len(localities), bool) if rollout.locality == EVERYWHERE else localities == rollout.locality
    )
    return there


def _meeting(masks: Mapping[Any, np.ndarray]) -> Iterator[Touch]:
    """The different sets of roll-outs and effects that meet in one cell."""
    if not masks:
        return
    pairs = list(masks)
    cells = np.stack([masks[pair].ravel() for pair in pairs], axis=1)
    for row in np.unique(cells[cells.any(axis=1)], axis=0):
        yield touch_of(pair for pair, here in zip(pairs, row, strict=True) if here)


def at_effect(
    facts: Facts, effect: Effect, message: str, now: str, severity: Severity = Severity.ERROR
) -> Problem:
    """A problem at an effect's row."""
    rows = facts.table("scheme_effects")
    return problem(
        "scheme_effects",
        message,
        row=int(rows.index[effect.number]),
        column="effect",
        value=effect.changes,
        now=now,
        severity=severity,
    )
