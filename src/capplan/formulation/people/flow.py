"""People: they are referred, wait, start a package or go without."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from capplan.formulation.components import constraint
from capplan.formulation.model import Key, Model
from capplan.formulation.schemes.in_force import referrals
from capplan.formulation.terms import added, scaled, total, weighted_sum
from capplan.parameters.data import Data
from capplan.parameters.streams import Stream


def add_variables(m: Model) -> None:
    """`starts`, `waiting`, `unmet` of streams, the sums of starts by place, and the sets that index them."""
    data: Data = m.data
    m.STREAMS = [stream.key for stream in data.streams]
    m.stream = {stream.key: stream for stream in data.streams}
    m.OPTIONS = [(*s.key, o.course, o.site) for s in data.streams for o in s.options]
    m.declare("starts", "waiting", "unmet")
    _fix_never(m)
    _add_places(m)
    _add_groups(m)


def _fix_never(m: Model) -> None:
    """Nobody waits, or goes without, where the pathway says `never`."""
    for s in m.STREAMS:
        pathway = m.data.pathways[s[2]]
        for t in m.PERIODS:
            if np.isinf(pathway["delay_day_gbp"]):
                m.waiting[*s, t].fix(0.0)
            if np.isinf(pathway["unmet_gbp"]):
                m.unmet[*s, t].fix(0.0)


def _add_places(m: Model) -> None:
    """Starts by site or home-care zone and package: `starting_at`, `starting_home` list who.

    A package that follows on is there under the key of its stage, with those who start its course.
    """
    starting_at: dict[Key, list[tuple[str, ...]]] = defaultdict(list)
    starting_home: dict[Key, list[tuple[str, ...]]] = defaultdict(list)
    for stream in m.data.streams:
        for o in stream.options:
            for stage in m.data.courses[o.course]:
                start = *stream.key, o.course, o.site
                if stage.package in stream.zones:
                    starting_home[stream.zones[stage.package], stage.key].append(start)
                else:
                    starting_at[o.site, stage.key].append(start)
    m.starting_at, m.starting_home = dict(starting_at), dict(starting_home)
    m.SITE_PACKAGES, m.HOME_PACKAGES = sorted(starting_at), sorted(starting_home)
    m.declare("starts_at", "starts_home")


def _add_groups(m: Model) -> None:
    """The streams of one group of localities, over which limits on waits and shares are written."""
    groups: dict[Key, list[Stream]] = defaultdict(list)
    for stream in m.data.streams:
        groups[stream.locality, stream.pathway].append(stream)
    m.group = dict(groups)
    m.WAIT_GROUPS = [k for k in sorted(groups) if not np.isnan(m.data.pathways[k[1]]["wait_days_max"])]
    steady = m.data.instance.settings.opening == "steady"
    m.OPENING_GROUPS = [k for k in sorted(groups) if steady]
    m.limited = _limited_shares(groups)
    m.LIMITED_SHARES = sorted(m.limited)
    m.declare("starts_so_far")


def _limited_shares(
    groups: dict[Key, list[Stream]],
) -> dict[tuple[str, str, str, int], tuple[list[tuple[str, ...]], list[tuple[float, Stream]]]]:
    """By group, package and eligibility row with a share_max: the options it covers and the people they stand for."""
    limited: dict[tuple[str, str, str, int], tuple[list[tuple[str, ...]], list[tuple[float, Stream]]]] = {}
    for (locality, pathway), streams in groups.items():
        for stream in streams:
            for row in sorted({o.row for o in stream.options if o.row}):
                own = [o for o in stream.options if o.row == row]
                key = locality, pathway, own[0].package, row
                options, people = limited.setdefault(key, ([], []))
                options.extend((*stream.key, o.course, o.site) for o in own)
                people.append((own[0].share_max, stream))
    return limited


@constraint("STREAMS", "PERIODS", unit="people")
def waiting_balance(m: Model, l: str, h: str, p: str, t: int) -> Any:
    """Whoever was waiting or is referred starts a package, goes without, or waits on.

        waiting[l,h,p,t] == waiting[l,h,p,t-1] + referrals[l,h,p,t] - sum((1 + refused_per_start[k]) * starts[l,h,p,k,s,t]) - unmet[l,h,p,t]

    Nobody is lost and nobody is counted twice; before the first period, people in the table `waiting` wait. Where
    full beds refuse people, those refused go without, and the results count them among the unmet.
    """
    stream = m.stream[l, h, p]
    refused = m.data.refused_per_start
    starts = weighted_sum(
        (1 + refused[o.course], m.starts[l, h, p, o.course, o.site, t]) for o in stream.options
    )
    waiting_before = m.waiting[l, h, p, t - 1] if t > 0 else stream.waiting
    referred = weighted_sum(*referrals(m, stream, {t: 1.0}))
    return m.waiting[l, h, p, t] == waiting_before + referred - starts - m.unmet[l, h, p, t]


@constraint("WAIT_GROUPS", "PERIODS", unit="person-days")
def wait_limit(m: Model, l: str, p: str, t: int) -> Any:
    """The average wait stays within the longest that the pathway allows.

        sum(waiting[l,h,p,t]) * days[t] <= wait_days_max[p] * sum(referrals[l,h,p,t])

    By Little's law the queue over the daily referrals is the wait; it is held over the hospitals together.
    """
    streams = m.group[l, p]
    longest = {t: float(m.data.pathways[p]["wait_days_max"])}
    waiting = weighted_sum((m.days[t], m.waiting[*stream.key, t]) for stream in streams)
    return waiting <= weighted_sum(*added(referrals(m, stream, longest) for stream in streams))


@constraint("OPENING_GROUPS", unit="people")
def opening_limit(m: Model, l: str, p: str) -> Any:
    """In a steady opening the queue does not grow in the first period.

        sum(waiting[l,h,p,0]) <= sum(waiting before the start)

    The people in care at the start are derived from the first period's starts; a place that cannot keep up with its
    first period was never steady, and needs a census.
    """
    streams = m.group[l, p]
    return total(m.waiting[*stream.key, 0] for stream in streams) <= sum(stream.waiting for stream in streams)


@constraint("LIMITED_SHARES", "PERIODS", unit="people")
def starts_so_far_balance(m: Model, l: str, p: str, k: str, a: int, t: int) -> Any:
    """Starts so far are those of earlier periods and of this one.

        starts_so_far[l,p,k,a,t] == starts_so_far[l,p,k,a,t-1] + sum(starts[l,h,p,k,s,t])

    A running total keeps the limit on shares sparse: two entries a period instead of all earlier starts.
    """
    options, _ = m.limited[l, p, k, a]
    before = m.starts_so_far[l, p, k, a, t - 1] if t > 0 else 0.0
    return m.starts_so_far[l, p, k, a, t] == before + total(m.starts[*o, t] for o in options)


@constraint("LIMITED_SHARES", "PERIODS", unit="people")
def eligibility_limit(m: Model, l: str, p: str, k: str, a: int, t: int) -> Any:
    """A package takes no more of a pathway's people than it suits.

        starts_so_far[l,p,k,a,t] <= share_max[a] * (waiting before the start + referrals[l,h,p,u] for u <= t)

    Counted from the start of the plan, so that people who wait keep their claim to the package.
    """
    _, people = m.limited[l, p, k, a]
    so_far = dict.fromkeys(range(t + 1), 1.0)
    suited, waiting = added(scaled(referrals(m, stream, so_far), share) for share, stream in people)
    waiting += sum(share * stream.waiting for share, stream in people)
    return m.starts_so_far[l, p, k, a, t] <= weighted_sum(suited, waiting)


@constraint("SITE_PACKAGES", "PERIODS", unit="people")
def starts_at_balance(m: Model, s: str, k: str, t: int) -> Any:
    """Starts at a site are those of all streams that go there.

        starts_at[s,k,t] == sum(starts[l,h,p,k,s,t])

    Summed first and multiplied by the stay afterwards: half the nonzeros. Where k follows on, these are the starts
    of the package that leads to it; the days in care say who comes to k, and when.
    """
    return m.starts_at[s, k, t] == total(m.starts[*o, t] for o in m.starting_at[s, k])


@constraint("HOME_PACKAGES", "PERIODS", unit="people")
def starts_home_balance(m: Model, z: str, k: str, t: int) -> Any:
    """Starts at home in a zone are those of all streams that live there.

        starts_home[z,k,t] == sum(starts[l,h,p,k,"",t])

    A zone is a group of localities that the same teams serve on the same roads. Where k follows on, these are the
    starts of the package that leads to it, wherever it is given.
    """
    return m.starts_home[z, k, t] == total(m.starts[*o, t] for o in m.starting_home[z, k])
