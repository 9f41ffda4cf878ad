"""Gaps: differences between served shares, where schemes change the referrals that they are shares of."""

from __future__ import annotations

from typing import Any

from capplan.formulation.components import constraint
from capplan.formulation.limits.targets import member_people
from capplan.formulation.model import Model

FEWEST = 1e-3
"""Share of a member's referrals below which schemes may not take them where a gap is limited (a check holds it)."""


def add_variables(m: Model) -> None:
    """`share_if_live`: the highest and lowest share of a gap, for each go-live that changes what they are shares of."""
    m.share_at_most = {key: _share_at_most(m, key) for key in m.highest_share}
    m.SHARES_IF_LIVE = sorted(
        {
            (which, *key, *go_live.index())
            for g, scope, window, member in m.GAP_MEMBERS
            for key in ((g, scope, window),)
            for _, go_live in member_people(m, key, member)[0]
            for which in ("highest", "lowest")
        }
    )
    m.declare("share_if_live")


def _share_at_most(m: Model, key: tuple[str, str, str]) -> float:
    """More than any member's served share can be: all who may ever start, over the fewest who may be referred."""
    row, largest = m.target[key], 1.0
    for i, member in enumerate(row.members):
        changes, people = member_people(m, key, i)
        fewer: dict[tuple[str, str], float] = {}
        for more, go_live in changes:
            rollout = go_live.index()[:2]
            fewer[rollout] = min(fewer.get(rollout, 0.0), more)
        fewest = people + sum(fewer.values())
        starting = sum(
            float(m.people_at_most[stream.key][row.periods[-1]])
            for stream in m.data.streams
            if member.has_people(*m.data.people_of(stream))
        )
        if people > 0:
            largest = max(largest, starting / max(fewest, people * FEWEST))
    return largest


def _share(m: Model, which: str, *key: str) -> Any:
    return (m.highest_share if which == "highest" else m.lowest_share)[key]


@constraint("SHARES_IF_LIVE", unit="share")
def share_if_live_link(m: Model, which: str, g: str, scope: str, window: str, j: str, l: str, e: int) -> Any:
    """The share that belongs to a go-live is 0 without it.

        share_if_live[which,g,scope,window,j,l,e] <= share_at_most[g,scope,window] * go_live[j,l,e]

    A gap compares shares of referrals that the scheme changes: share times go-live, without multiplying the two.
    """
    most = m.share_at_most[g, scope, window]
    return m.share_if_live[which, g, scope, window, j, l, e] <= most * m.go_live[j, l, e]


@constraint("SHARES_IF_LIVE", unit="share")
def share_if_live_limit(m: Model, which: str, g: str, scope: str, window: str, j: str, l: str, e: int) -> Any:
    """The share that belongs to a go-live is at most the share itself.

        share_if_live[which,g,scope,window,j,l,e] <= highest_share[g,scope,window] or lowest_share[g,scope,window]

    Without this the share that belongs to it could be more than there is.
    """
    return m.share_if_live[which, g, scope, window, j, l, e] <= _share(m, which, g, scope, window)


@constraint("SHARES_IF_LIVE", unit="share")
def share_if_live_minimum(
    m: Model, which: str, g: str, scope: str, window: str, j: str, l: str, e: int
) -> Any:
    """With the go-live, the share that belongs to it is all of the share.

        share_if_live[which,g,scope,window,j,l,e] >= (highest_share[g,scope,window] or lowest_share[g,scope,window]) - share_at_most[g,scope,window] * (1 - go_live[j,l,e])

    With the two limits nothing is left to choose.
    """
    spare = m.share_at_most[g, scope, window] * (1 - m.go_live[j, l, e])
    return m.share_if_live[which, g, scope, window, j, l, e] >= _share(m, which, g, scope, window) - spare
