"""Effects of schemes that meet on one number: too many states to tell apart, numbers that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few
from capplan.checks.schemes.touches import (
    NEEDS,
    at_effect,
    packages_of,
    people_of,
    people_touches,
    sites,
    start_touches,
)
from capplan.errors import Problem
from capplan.parameters.eligible_rows import EligiblePackage
from capplan.results.metrics import Quantity, metrics_with
from capplan.rollouts import (
    BEDS_MAX,
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
MANY = 1000
"""Joint states up to which they are listed to count them."""
MOST_TAKEN = 0.999


def too_many_joint_states(facts: Facts) -> Iterator[Problem]:
    """More joint states of several schemes on one number than the model copies."""
    reported: set[tuple[str, ...]] = set()
    for what, touch in _touches(facts):
        schemes = tuple(sorted({key[0] for key, _ in touch}))
        if len(touch) < 2 or schemes in reported:
            continue
        states = facts.rollouts.joint_states_at_most(touch)
        if states > JOINT_STATES_AT_MOST and states <= MANY:
            states = len(facts.rollouts.joint_states(touch))
        if states > JOINT_STATES_AT_MOST:
            reported.add(schemes)
            yield at_effect(
                facts,
                facts.rollouts.effects[touch[0][1][0]],
                f"{first_few(schemes)} change {what} together, in {states} joint states; at most "
                f"{JOINT_STATES_AT_MOST} can be told apart",
                "shorten ramps (ramp_periods) and dips, narrow the filters, or let schemes exclude each other",
            )


def effect_out_of_range(facts: Facts) -> Iterator[Problem]:
    """Schemes, alone or together, make a number negative, a stay no stay, or a success more than certain."""
    seen: set[tuple[str, Touch]] = set()
    for what, touch, changes, low, high in _changed_numbers(facts):
        if (changes, touch) in seen or facts.rollouts.joint_states_at_most(touch) > MANY:
            continue
        seen.add((changes, touch))
        least, most = _extremes(facts, touch, low, high)
        wrong = (
            f"{wording.exact(least)}, below 0"
            if least < -1e-9
            else f"{wording.exact(most)}, above 1"
            if changes == SUCCESS and most > 1 + 1e-9
            else "0 days"
            if changes == STAY_DAYS and least <= 0
            else ""
        )
        if wrong:
            schemes = first_few(sorted({key[0] for key, _ in touch}))
            yield at_effect(
                facts,
                facts.rollouts.effects[touch[0][1][0]],
                f"{schemes}: {changes} of {what} would be {wrong}",
                "look at multiply and add, and at schemes that work on the same number",
            )


def _extremes(facts: Facts, touch: Touch, low: float, high: float) -> tuple[float, float]:
    """Least and most that a number between two bounds becomes, over the joint states of schemes."""
    effects = [facts.rollouts.effects[n] for _, numbers in touch for n in numbers]
    numbers_in_states = [
        changed(base, zip(effects, (f for state in joint for f in state), strict=True))
        for joint in facts.rollouts.joint_states(touch)
        for base in (low, high)
    ]
    return min(numbers_in_states), max(numbers_in_states)


def _changed_numbers(facts: Facts) -> Iterator[tuple[str, Touch, str, float, float]]:
    """What is changed in words, the touch of that number alone, the number, and its bounds without schemes."""
    if not facts.rollouts.effects:
        return
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


def _numbers_of(
    facts: Facts, option: EligiblePackage, package: str
) -> Iterator[tuple[str, str, float, float]]:
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
    seen: set[Touch] = set()
    for pathway, touch in people_touches(facts, REFERRALS):
        if touch in seen:
            continue
        seen.add(touch)
        share = sum(_most_taken(facts, key, ns) for key, ns in touch)
        if share > 1 + 1e-9:
            schemes = first_few(sorted({key[0] for key, _ in touch}))
            yield at_effect(
                facts,
                facts.rollouts.effects[touch[0][1][0]],
                f"{schemes} would take away {wording.share(share)} of the referrals of '{pathway}' in some period",
                "effects on referrals add up: look at multiply and add (people a month in all)",
            )


def gap_of_nobody(facts: Facts) -> Iterator[Problem]:
    """A gap between served shares is limited while schemes may take away all referrals of some people."""
    targets = facts.table("targets")
    gaps = targets[
        targets["metric"].isin(metrics_with(quantity=Quantity.SHARE_GAP))
        & targets["is_imposed"]
        & targets["value"].notna()
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


RULES = (
    too_many_joint_states,
    effect_out_of_range,
    referrals_below_zero,
    gap_of_nobody,
)
