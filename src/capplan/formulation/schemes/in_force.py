"""What of schemes is in force in a period, and what it changes, as terms in `go_live`."""

from __future__ import annotations

from collections.abc import Mapping

from capplan.formulation.model import Model
from capplan.formulation.terms import Terms
from capplan.parameters.streams import Stream
from capplan.rollouts import JointState, Key, State, Touch


def to_decide(m: Model, touch: Touch) -> Touch:
    """The part of a touch that the model decides on: without roll-outs that are live already."""
    return tuple((key, numbers) for key, numbers in touch if not m.rollout[key].is_live)


def live(m: Model, key: Key, t: int) -> Terms:
    """Whether a roll-out is live in period t: 0 or 1, as terms."""
    rollout = m.rollout[key]
    if rollout.is_live:
        return [], float(rollout.is_live_in(t, None))
    return [(1.0, m.go_live[*key, e]) for e in rollout.live_points(t)], 0.0


def state_active(m: Model, key: Key, numbers: tuple[int, ...], state: State, t: int) -> Terms:
    """Whether a roll-out's effects are in a state in period t: 0 or 1, as terms in `go_live`."""
    states = m.data.schemes.calendar.states_in(key, numbers, t)
    if state not in states:
        return [], 0.0
    if m.rollout[key].is_live:
        return [], 1.0
    if any(state):
        return [(1.0, m.go_live[*key, e]) for e in states[state]], 0.0
    others = [(-1.0, m.go_live[*key, e]) for other, points in states.items() if any(other) for e in points]
    return others, 1.0


def active(m: Model, touch: Touch, joint: JointState, t: int) -> Terms:
    """Whether the roll-outs of a touch are in a joint state in period t: 0 or 1, as terms.

    One roll-out that is still to decide needs no variable; of several, `joint_state` says which states meet.
    """
    fixed = [
        (key, numbers, s) for (key, numbers), s in zip(touch, joint, strict=True) if m.rollout[key].is_live
    ]
    if any(state_active(m, *each, t)[1] == 0 for each in fixed):
        return [], 0.0
    deciding = to_decide(m, touch)
    states = tuple(s for (key, _), s in zip(touch, joint, strict=True) if not m.rollout[key].is_live)
    if not deciding:
        return [], 1.0
    if len(deciding) == 1:
        return state_active(m, *deciding[0], states[0], t)
    g = m.joint_number[deciding]
    return [(1.0, m.joint_state[g, m.joint_states[g].index(states), t])], 0.0


def referrals(m: Model, stream: Stream, weights: Mapping[int, float]) -> Terms:
    """People of a stream who are referred in some periods, times a weight for each period, as terms in `go_live`."""
    constant = sum(weight * float(stream.referrals[t]) for t, weight in weights.items())
    pairs = []
    for (key, e), change in m.data.referral_changes.get(stream.key, {}).items():
        people = sum(weight * float(change[t]) for t, weight in weights.items())
        if people:
            pairs.append((people, m.go_live[*key, e]))
    return pairs, constant
