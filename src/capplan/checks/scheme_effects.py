"""Effects of schemes: filters that leave nothing, numbers that cannot be, states too many to tell apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capplan.checks.facts import Facts
from capplan.checks.found import at_rows, found, names, number
from capplan.checks.reach import Option
from capplan.checks.touched import (
    NEEDS,
    packages_of,
    people_of,
    people_touches,
    sites,
    start_touches,
    starts_of,
)
from capplan.errors import Problem, Severity
from capplan.rollouts import (
    BEDS_MAX,
    CARE_HOURS,
    HOURS,
    OF_STARTS,
    REFERRALS,
    STAY_DAYS,
    SUCCESS,
    UNMET,
    Effect,
    Touch,
    changed,
    touch_of,
)

JOINT_STATES_AT_MOST = 8
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
        for column in columns:
            yield from at_rows(
                facts,
                "scheme_effects",
                effects[(effects["effect"] == changes) & effects[column].notna()],
                f"{changes} cannot be told apart by {column}",
                column=column,
                now=f"leave {column} empty",
            )


def effect_on_nothing(facts: Facts) -> Iterator[Problem]:
    """The filters of an effect leave nothing that it could change."""
    for effect in facts.rollouts.effects:
        if not _changes_something(facts, effect):
            yield _at(
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
        "to_month = {to_month:g} is not after from_month = {from_month:g}",
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
            yield _at(
                facts,
                effect,
                f"in {names(barred)} nobody may go without (unmet_gbp = never): there is no cost to change",
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
            for site, locality, room in sites(facts)
            if any(effect is other for _, other in facts.rollouts.of_site(site, locality))
            and most.get(site, 0.0) <= room
        ]
        if enlarged:
            yield _at(
                facts,
                effect,
                f"more beds would fit into {names(enlarged)}, whose units may not have more than fit already",
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
            yield _at(
                facts,
                effect,
                f"adds {effect.add:g} people a month to referrals of {names(empty)}, where there are none",
                "give a locality some referrals, or leave it out of scheme_localities or of the filters",
            )


def too_many_joint_states(facts: Facts) -> Iterator[Problem]:
    """More joint states of several schemes on one number than the model copies."""
    told: set[tuple[str, ...]] = set()
    for what, touch in _touches(facts):
        schemes = tuple(sorted({key[0] for key, _ in touch}))
        if len(touch) < 2 or schemes in told:
            continue
        states = facts.rollouts.joint_states_at_most(touch)
        if states > JOINT_STATES_AT_MOST and states <= MANY:
            states = len(facts.rollouts.joint_states(touch))
        if states > JOINT_STATES_AT_MOST:
            told.add(schemes)
            yield _at(
                facts,
                facts.rollouts.effects[touch[0][1][0]],
                f"{names(schemes)} change {what} together, in {states} joint states; at most "
                f"{JOINT_STATES_AT_MOST} can be told apart",
                "shorten ramps (ramp_periods) and dips, narrow the filters, or let schemes exclude each other",
            )


MANY = 1000
"""Joint states up to which they are listed to count them."""


def effect_out_of_range(facts: Facts) -> Iterator[Problem]:
    """Schemes, alone or together, make a number negative, a stay no stay, or a success more than certain."""
    told: set[tuple[str, Touch]] = set()
    for what, touch, changes, low, high in _changed_numbers(facts):
        if (changes, touch) in told or facts.rollouts.joint_states_at_most(touch) > MANY:
            continue
        told.add((changes, touch))
        least, most = _extremes(facts, touch, low, high)
        wrong = (
            f"{number(least)}, below 0"
            if least < -1e-9
            else f"{number(most)}, above 1"
            if changes == SUCCESS and most > 1 + 1e-9
            else "0 days"
            if changes == STAY_DAYS and least <= 0
            else ""
        )
        if wrong:
            schemes = names(sorted({key[0] for key, _ in touch}))
            yield _at(
                facts,
                facts.rollouts.effects[touch[0][1][0]],
                f"{schemes}: {changes} of {what} would be {wrong}",
                "look at multiply and add, and at schemes that work on the same number",
            )


def _extremes(facts: Facts, touch: Touch, low: float, high: float) -> tuple[float, float]:
    """Least and most that a number between two bounds becomes, over the joint states of schemes."""
    effects = [facts.rollouts.effects[n] for _, numbers in touch for n in numbers]
    found_values = [
        changed(base, zip(effects, (f for state in joint for f in state), strict=True))
        for joint in facts.rollouts.joint_states(touch)
        for base in (low, high)
    ]
    return min(found_values), max(found_values)


def _changed_numbers(facts: Facts) -> Iterator[tuple[str, Touch, str, float, float]]:
    """What is changed in words, the touch of that number alone, the number, and its bounds without schemes."""
    for site, locality, most in sites(facts):
        touch = touch_of(facts.rollouts.of_site(site, locality))
        if touch:
            yield f"'{site}'", touch, BEDS_MAX, most, most
    unmet = facts.table("pathways").set_index("pathway")["unmet_gbp"]
    for pathway, touch in people_touches(facts, UNMET):
        if np.isfinite(unmet[pathway]):
            yield f"'{pathway}'", touch, UNMET, unmet[pathway], unmet[pathway]
    for option in facts.eligible:
        for package in packages_of(facts, option):
            for changes, resource, low, high in _numbers_of(facts, option, package):
                for touch in start_touches(facts, option, (package,), (changes,), resource):
                    yield f"'{package}'", touch, changes, low, high


def _numbers_of(facts: Facts, option: Option, package: str) -> Iterator[tuple[str, str, float, float]]:
    """The numbers in a package of those who start so: what, whose hours, least and most over its rows."""
    row = facts.table("packages").set_index("package").loc[package]
    yield STAY_DAYS, "", float(row["stay_days"]), float(row["stay_days"])
    success = facts.of_row("success", option)[facts.open_to(option)]
    if success.size and package == option.package:
        yield SUCCESS, "", float(success.min()), float(success.max())
    for changes, (table, resource) in NEEDS.items():
        rows = facts.table(table)
        for name, own in rows[rows["package"] == package].groupby(resource):
            amount = own[changes.split(".")[1]]
            yield changes, str(name), float(amount.min()), float(amount.max())


def referrals_below_zero(facts: Facts) -> Iterator[Problem]:
    """Schemes together take away more people than are referred."""
    told: set[Touch] = set()
    for pathway, touch in people_touches(facts, REFERRALS):
        if touch in told:
            continue
        told.add(touch)
        share = sum(_most_taken(facts, key, ns) for key, ns in touch)
        if share > 1 + 1e-9:
            schemes = names(sorted({key[0] for key, _ in touch}))
            yield _at(
                facts,
                facts.rollouts.effects[touch[0][1][0]],
                f"{schemes} would take away {share:.0%} of the referrals of '{pathway}' in some period",
                "effects on referrals add up: look at multiply and add (people a month in all)",
            )


def gap_of_nobody(facts: Facts) -> Iterator[Problem]:
    """A gap between served shares is limited while schemes may take away all referrals of some people."""
    targets = facts.table("targets")
    gaps = targets[
        (targets["metric"] == "served_share_gap") & targets["is_imposed"] & targets["value"].notna()
    ]
    if len(gaps) and any(
        sum(_most_taken(facts, key, numbers) for key, numbers in touch) > MOST_TAKEN
        for _, touch in people_touches(facts, REFERRALS)
    ):
        yield from at_rows(
            facts,
            "targets",
            gaps,
            "'{target}' compares shares of referrals that schemes may take away altogether",
            column="metric",
            now="let a scheme leave some referrals, or report the gap (is_imposed = no)",
        )


MOST_TAKEN = 0.999


def _most_taken(facts: Facts, key: tuple[str, str], numbers: tuple[int, ...]) -> float:
    """Largest share of the referrals that one roll-out takes away in any of its states; below 0 where it adds some."""
    effects = [facts.rollouts.effects[n] for n in numbers]
    taken = [1 - effect.multiply - _added(facts, effect, key[1]) for effect in effects]
    states = (state for joint in facts.rollouts.joint_states(((key, numbers),)) for state in joint)
    return max(sum(f * share for f, share in zip(state, taken, strict=True)) for state in states)


def _added(facts: Facts, effect: Effect, locality: str) -> float:
    """What an effect adds, as a share of the fewest people who are referred in a period."""
    people = _referred(facts, effect, locality)
    return effect.add / float(people[people > 0].min()) if effect.add and (people > 0).any() else 0.0


def _referred(facts: Facts, effect: Effect, locality: str) -> np.ndarray:
    """People a month whose referrals a roll-out's effect changes, by period."""
    people = np.zeros(len(facts.horizon))
    own = facts.axes.localities == locality if locality else np.ones(len(facts.axes.localities), bool)
    for pathway in facts.table("pathways")["pathway"]:
        mask = people_of(facts, effect, pathway) & own[:, None]
        people += facts.people(pathway)[mask].sum(axis=0)
    return np.asarray(people / facts.horizon.months)


def _touches(facts: Facts) -> Iterator[tuple[str, Touch]]:
    """What is copied once a joint state, in words, with what changes it."""
    for site, locality, _ in sites(facts):
        yield f"beds_max of '{site}'", touch_of(facts.rollouts.of_site(site, locality))
    for pathway, touch in people_touches(facts, UNMET):
        yield f"unmet_gbp of '{pathway}'", touch
    for option in facts.eligible:
        for touch in start_touches(facts, option, packages_of(facts, option), sorted(OF_STARTS)):
            yield f"'{option.package}' for '{option.pathway}'", touch


def _at(facts: Facts, effect: Effect, message: str, now: str, severity: Severity = Severity.ERROR) -> Problem:
    rows = facts.table("scheme_effects")
    return found(
        "scheme_effects",
        message,
        row=int(rows.index[effect.number]),
        column="effect",
        value=effect.changes,
        now=now,
        severity=severity,
    )


RULES = (
    effect_filter_not_used,
    effect_on_nothing,
    effect_window_backwards,
    effect_changes_nothing,
    effect_on_never,
    effect_on_room_without_beds,
    effect_adds_to_nobody,
    too_many_joint_states,
    effect_out_of_range,
    referrals_below_zero,
    gap_of_nobody,
)
