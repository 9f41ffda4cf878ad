"""Effects of schemes, one by one: filters that leave nothing, windows and changes that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few
from capplan.checks.schemes.touches import (
    at_effect,
    packages_of,
    people_of,
    sites,
    starts_of,
)
from capplan.errors import Problem, Severity
from capplan.rollouts import (
    BEDS_MAX,
    CARE_HOURS,
    HOURS,
    REFERRALS,
    STAY_DAYS,
    SUCCESS,
    UNMET,
    Effect,
)

PLACES = ("site", "kind", "provider", "package", "bed_type")
NOT_USED = {
    REFERRALS: (*PLACES, "resource"),
    UNMET: (*PLACES, "resource"),
    BEDS_MAX: ("hospital", "sub_region", "pathway", "package", "bed_type", "resource"),
    STAY_DAYS: ("resource",),
    SUCCESS: ("resource",),
}
"""Filters that the number which changes does not have."""


def effect_filter_not_used(facts: Facts) -> Iterator[Problem]:
    """A filter that the number which changes does not have."""
    effects = facts.table("scheme_effects")
    for changes, columns in NOT_USED.items():
        rows = effects[effects["effect"] == changes]
        for column in columns if len(rows) else ():
            yield from at_rows(
                facts,
                "scheme_effects",
                rows[rows[column].notna()],
                f"{changes} cannot be told apart by {column}",
                column=column,
                now=f"leave {column} empty",
            )


def effect_on_nothing(facts: Facts) -> Iterator[Problem]:
    """The filters of an effect leave nothing that it could change."""
    for effect in facts.rollouts.effects:
        if not _changes_something(facts, effect):
            yield at_effect(
                facts,
                effect,
                f"the filters of '{effect.scheme}' leave no {WHAT[effect.changes]}",
                "filters must hold together: look at them, and at scheme_localities",
            )


WHAT = {
    REFERRALS: "referrals to change",
    UNMET: "people who could go without",
    BEDS_MAX: "site",
    STAY_DAYS: "package that anybody could start",
    SUCCESS: "package that anybody could start",
    HOURS: "package that needs these roles",
    CARE_HOURS: "package that needs these shift types",
}


def _changes_something(facts: Facts, effect: Effect) -> bool:
    if effect.changes == BEDS_MAX:
        return any(
            effect in [other for _, other in facts.rollouts.of_site(site, locality)]
            for site, locality in facts.table("sites")[["site", "locality"]].itertuples(index=False)
        )
    if effect.changes in (REFERRALS, UNMET):
        return any(people_of(facts, effect, pathway).any() for pathway in facts.table("pathways")["pathway"])
    return any(
        starts_of(facts, effect, option, package).any()
        for option in facts.eligible
        for package in packages_of(facts, option)
    )


def effect_window_backwards(facts: Facts) -> Iterator[Problem]:
    """An effect ends before it begins."""
    effects = facts.table("scheme_effects")
    yield from at_rows(
        facts,
        "scheme_effects",
        effects[effects["to_month"] <= effects["from_month"]],
        "to_month = {to_month} is not after from_month = {from_month}",
        column="to_month",
        now="months count from the first effect: 0 to 3 are the first three",
    )


def effect_changes_nothing(facts: Facts) -> Iterator[Problem]:
    """An effect multiplies by 1 and adds 0."""
    effects = facts.table("scheme_effects")
    yield from at_rows(
        facts,
        "scheme_effects",
        effects[(effects["multiply"] == 1) & (effects["add"] == 0)],
        "multiplies {effect} by 1 and adds 0: nothing changes",
        column="multiply",
        now="give multiply or add",
        severity=Severity.WARNING,
    )


def effect_on_never(facts: Facts) -> Iterator[Problem]:
    """A scheme changes what going without costs where nobody may go without."""
    never = facts.table("pathways").set_index("pathway")["unmet_gbp"]
    never = never[np.isinf(never)]
    for effect in facts.rollouts.effects:
        barred = sorted(effect.scope.pathways & set(never.index))
        if effect.changes == UNMET and barred:
            yield at_effect(
                facts,
                effect,
                f"in {first_few(barred)} nobody may go without (unmet_gbp = never): there is no cost to change",
                "filter by pathway, or give a price in pathways",
            )


def effect_on_room_without_beds(facts: Facts) -> Iterator[Problem]:
    """A scheme enlarges a building whose units may not have more beds than fit already."""
    units = facts.table("site_beds")
    spot = units[["spot_bed_day_gbp", "spot_bed_month_gbp", "spot_bed_year_gbp"]].notna().any(axis=1)
    most = units["beds_max"].where(~spot, np.inf).groupby(units["site"]).sum()
    for effect in facts.rollouts.effects:
        if effect.changes != BEDS_MAX or (effect.multiply <= 1 and effect.add <= 0):
            continue
        enlarged = [
            site
            for site, locality, fit in sites(facts)
            if any(effect is other for _, other in facts.rollouts.of_site(site, locality))
            and most.get(site, 0.0) <= fit
        ]
        if enlarged:
            yield at_effect(
                facts,
                effect,
                f"more beds would fit into {first_few(enlarged)}, whose units may not have more than fit already",
                "raise beds_max of the units in site_beds",
                Severity.WARNING,
            )


def effect_adds_to_nobody(facts: Facts) -> Iterator[Problem]:
    """People are added to referrals of which there are none to share them by: told by `effect_on_nothing`, but for a
    roll-out of which only one locality is empty."""
    for effect in facts.rollouts.effects:
        if effect.changes != REFERRALS or effect.add == 0:
            continue
        people = sum(people_of(facts, effect, p) for p in facts.table("pathways")["pathway"])
        empty = [
            rollout.locality
            for rollout in facts.rollouts.of_scheme.get(effect.scheme, ())
            if rollout.locality in effect.scope.localities
            and not np.asarray(people)[facts.axes.localities.get_loc(rollout.locality)].any()
        ]
        if empty and np.any(people):
            yield at_effect(
                facts,
                effect,
                f"adds {wording.number(effect.add)} people a month to referrals of {first_few(empty)}, where there are "
                "none",
                "give a locality some referrals, or leave it out of scheme_localities or of the filters",
            )


RULES = (
    effect_filter_not_used,
    effect_on_nothing,
    effect_window_backwards,
    effect_changes_nothing,
    effect_on_never,
    effect_on_room_without_beds,
    effect_adds_to_nobody,
)
