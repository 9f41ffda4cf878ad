"""Schemes: what goes live when, in which order, and what is in force in each period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capplan import modelling as pyo
from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.schemes.in_force import live, state_active, to_decide
from capplan.formulation.terms import total, weighted_sum
from capplan.geography import names
from capplan.rollouts import Key, Rollout, Touch


def add_variables(m: Model) -> None:
    """`go_live` by roll-out and decision point, and `joint_state` where several roll-outs change one number."""
    calendar = m.data.schemes.calendar
    m.rollout = dict(calendar.rollouts)
    m.ROLLOUTS = [key for key, rollout in m.rollout.items() if rollout.points]
    m.GO_LIVES = [(*key, e) for key in m.ROLLOUTS for e in m.rollout[key].points]
    m.declare("go_live")
    _add_order(m)
    m.MANDATORY = [key for key in m.ROLLOUTS if m.rollout[key].row["mandatory"]]
    m.LIMITED_GO_LIVES = [
        (j, e)
        for j, rollouts in calendar.of_scheme.items()
        if rollouts[0].row["go_lives_max_per_period"] >= 0
        for e in sorted({e for rollout in rollouts for e in rollout.points})
    ]
    _add_joints(m)


def _add_order(m: Model) -> None:
    """Who requires whom, who excludes whom, and who waits for a pilot: pairs of roll-outs."""
    m.ordered = sorted({(*key, *other) for key in m.ROLLOUTS for other in _required(m, m.rollout[key])})
    m.EXCLUDED = sorted(
        {(*sorted((key, other))[0], *sorted((key, other))[1]) for key, other in _excluding(m)}
    )
    m.AFTER_PILOT = [
        (*key, e) for key in m.ROLLOUTS if _pilot(m.rollout[key]) is not None for e in m.rollout[key].points
    ]
    m.ORDER_POINTS = [(*pair, e) for pair in m.ordered for e in m.rollout[pair[:2]].points]


def _counterparts(m: Model, rollout: Rollout, scheme: str) -> Iterator[Rollout]:
    """Roll-outs of another scheme in the same locality; all of them where one of the two is everywhere at once."""
    for other in m.data.schemes.calendar.of_scheme[scheme]:
        if not rollout.locality or not other.locality or rollout.locality == other.locality:
            yield other


def _required(m: Model, rollout: Rollout) -> list[Key]:
    """Roll-outs that must have gone live first and are not live already."""
    return [
        other.key
        for scheme in sorted(names(rollout.row["requires"]))
        for other in _counterparts(m, rollout, scheme)
        if not other.is_live
    ]


def _excluding(m: Model) -> Iterator[tuple[Key, Key]]:
    for key in m.ROLLOUTS:
        for scheme in sorted(names(m.rollout[key].row["excludes"])):
            for other in _counterparts(m, m.rollout[key], scheme):
                if other.can_be_live and other.key != key:
                    yield key, other.key


def _pilot(rollout: Rollout) -> Key | None:
    """The pilot that a roll-out waits for, if it is not the pilot itself."""
    pilot = rollout.row["pilot_locality"]
    is_one = rollout.locality and isinstance(pilot, str) and pilot != rollout.locality
    return (rollout.scheme, str(pilot)) if is_one else None


def _add_joints(m: Model) -> None:
    """Joint states of the roll-outs that change one number together, where two or more are still to decide."""
    m.touches = sorted({to_decide(m, touch) for touch in _touches(m)})
    m.joint_number = {touch: g for g, touch in enumerate(touch for touch in m.touches if len(touch) > 1)}
    m.joint_touch = {g: touch for touch, g in m.joint_number.items()}
    calendar = m.data.schemes.calendar
    m.joint_states = {g: calendar.joint_states(touch) for g, touch in m.joint_touch.items()}
    m.JOINT_STATES = [(joint, s) for joint, states in m.joint_states.items() for s in range(len(states))]
    m.declare("joint_state")
    for variable in m.joint_state.values():
        variable.setub(1.0)
    m.marginal = {
        (g, *key, s): (numbers, i, state)
        for g, touch in m.joint_touch.items()
        for i, (key, numbers) in enumerate(touch)
        for s, state in enumerate(sorted({joint[i] for joint in m.joint_states[g]}))
    }
    m.MARGINALS = list(m.marginal)


def _touches(m: Model) -> Iterator[Touch]:
    """Every touch of a number that is copied once a state."""
    schemes = m.data.schemes
    for stream in m.data.streams:
        people = m.data.people_of(stream)
        yield schemes.unmet_touch(people)
        yield from (group.touch for group in m.data.in_state.get(stream.key, ()))
    yield from (schemes.site_touch(site, row["locality"]) for site, row in m.data.sites.items())


def went_live(m: Model) -> dict[Key, int]:
    """Of a solved model: the period in which each roll-out goes live, of those that do."""
    return {
        key: e for key in m.ROLLOUTS for e in m.rollout[key].points if (m.go_live[*key, e].value or 0.0) > 0.5
    }


@constraint("ROLLOUTS", unit="go-lives")
def scheme_age_link(m: Model, j: str, l: str) -> Any:
    """A scheme goes live once or never.

        sum(go_live[j,l,e]) <= 1

    With at most one go-live, the scheme has exactly one age in every period, and what is copied once an age holds in
    exactly one copy.
    """
    return total(m.go_live[j, l, e] for e in m.rollout[j, l].points) <= 1


@constraint("MANDATORY", unit="go-lives")
def scheme_mandatory_minimum(m: Model, j: str, l: str) -> Any:
    """A mandatory scheme goes live within its window, in each of its localities.

        sum(go_live[j,l,e]) >= 1

    What has been promised is done, whatever it saves; the plan only chooses when.
    """
    return total(m.go_live[j, l, e] for e in m.rollout[j, l].points) >= 1


def _gone_live(m: Model, key: Key, until: int) -> list[tuple[float, Any]]:
    return [(1.0, m.go_live[*key, e]) for e in m.rollout[key].points if e <= until]


@constraint("ORDER_POINTS", unit="go-lives")
def scheme_order_link(m: Model, j: str, l: str, other_j: str, other_l: str, e: int) -> Any:
    """A scheme goes live only once what it requires is live, or has been.

        sum(go_live[j,l,e'] up to e) <= sum(go_live[j',l',e'] up to e)

    Of two schemes that go live locality by locality each locality waits for itself; whoever requires a scheme that
    goes live locality by locality as a whole waits for all of its localities.
    """
    later, first = _gone_live(m, (j, l), e), _gone_live(m, (other_j, other_l), e)
    return weighted_sum(later) <= weighted_sum(first)


@constraint("EXCLUDED", "PERIODS", unit="schemes")
def scheme_exclusion_link(m: Model, j: str, l: str, other_j: str, other_l: str, t: int) -> Any:
    """Schemes that exclude each other are never live in the same period and locality.

        sum(go_live[j,l,e] where live in t) + sum(go_live[j',l',e] where live in t) <= 1

    One may follow the other once that has ended.
    """
    one, other = live(m, (j, l), t), live(m, (other_j, other_l), t)
    if not one[0] and not other[0]:
        return pyo.Constraint.Skip
    return weighted_sum([*one[0], *other[0]]) <= 1 - one[1] - other[1]


@constraint("AFTER_PILOT", unit="go-lives")
def scheme_pilot_link(m: Model, j: str, l: str, e: int) -> Any:
    """No locality goes live before the pilot has run its time.

        sum(go_live[j,l,e'] up to e) <= sum(go_live[j,pilot_locality[j],e'] up to e - pilot_periods[j])

    What a pilot teaches comes too late for those who start beside it.
    """
    rollout = m.rollout[j, l]
    pilot = _pilot(rollout)
    ready = e - int(rollout.row["pilot_periods"])
    first = _gone_live(m, pilot, ready) if pilot is not None and pilot in m.rollout else []
    return weighted_sum(_gone_live(m, (j, l), e)) <= weighted_sum(first)


@constraint("LIMITED_GO_LIVES", unit="localities")
def go_live_limit(m: Model, j: str, e: int) -> Any:
    """No more localities go live at once than can be looked after.

        sum(go_live[j,l,e]) <= go_lives_max_per_period[j] * periods_until_next[e]

    The limit of a period counts for each period until the next decision point.
    """
    rollouts = m.data.schemes.calendar.of_scheme[j]
    go_lives = total(m.go_live[j, r.locality, e] for r in rollouts if e in r.points)
    return go_lives <= rollouts[0].row["go_lives_max_per_period"] * m.periods_until_next[e]


@constraint("MARGINALS", "PERIODS", unit="share")
def joint_state_balance(m: Model, joint: int, j: str, l: str, state: int, t: int) -> Any:
    """The joint states in which a roll-out is in one of its own states sum to that state.

        sum(joint_state[joint,state',t] where j is in state) == sum(go_live[j,l,e] where that leads to state in t)

    Each roll-out is in one state, so the joint state is their product, without multiplying variables. As nothing has
    happened is a state too, the right side can be 1 less the go-lives that lead elsewhere.
    """
    numbers, position, own = m.marginal[joint, j, l, state]
    states = enumerate(m.joint_states[joint])
    meeting = total(m.joint_state[joint, number, t] for number, all_of in states if all_of[position] == own)
    pairs, constant = state_active(m, (j, l), numbers, own, t)
    return meeting == weighted_sum(pairs, constant)
