"""Congestion: people queue for beds that are full by chance, or are turned away; small units need more empty beds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from capplan.formulation.components import constraint
from capplan.formulation.model import Model
from capplan.formulation.terms import total, weighted_sum
from capplan.parameters.waiting_lists import BedList, Key
from capplan.queueing import Facet

Pairs = list[tuple[float, Any]]
FIRST_LOADS = (0.6, 0.75, 0.85, 0.92, 0.97)
"""Loads of the largest size, as shares of its beds, at which the first facets of the queue are laid."""


def add_variables(m: Model) -> None:
    """`queue_by_chance` of lists with a price, `waiting_shared` where people wait for several, `list_is_open`."""
    m.bed_list = {key: one for key, one in m.data.bed_lists.items() if one.sizes}
    m.BED_LISTS = list(m.bed_list)
    m.PRICED_LISTS = [key for key, one in m.bed_list.items() if one.is_priced]
    m.FACETS = list(range(len(FIRST_LOADS)))
    m.first_facets = {key: _first_facets(m.bed_list[key]) for key in m.PRICED_LISTS}
    m.declare("queue_by_chance")
    _add_openings(m)
    _add_waiting(m)
    m.LIST_LINKS = sorted(_links(m))


def _first_facets(one: BedList) -> list[Facet]:
    most = one.load_max(one.sizes[-1])
    return [one.envelope.facet(one.sizes[-1], share * most) for share in FIRST_LOADS]


def _add_openings(m: Model) -> None:
    """A binary for each list and decision point; where a single unit has one already, that."""
    m.OWN_OPENINGS = [
        key for key, one in m.bed_list.items() if len(one.units) > 1 or one.units[0] not in m.SIZED_UNITS
    ]
    m.declare("list_is_open")
    for key in m.OWN_OPENINGS:
        for e in m.DECISIONS:
            beds = [m.beds_open[*unit, e] for unit in m.bed_list[key].units]
            m.list_is_open[*key, e].setlb(1.0 if any(variable.lb for variable in beds) else 0.0)
            m.list_is_open[*key, e].setub(0.0 if all(variable.ub == 0 for variable in beds) else 1.0)


def _add_waiting(m: Model) -> None:
    """People who wait for one list count there; those who wait for several are shared out by variables."""
    lists: dict[tuple[str, str, str], set[Key]] = defaultdict(set)
    of_unit = {unit: key for key in m.PRICED_LISTS for unit in m.bed_list[key].units}
    for stream in m.data.streams:
        for o in stream.options:
            unit = o.site, m.data.packages[o.course]["bed_type"]
            if unit in of_unit:
                lists[stream.key].add(of_unit[unit])
    groups: dict[tuple[Key, ...], list[Any]] = defaultdict(list)
    for stream in m.data.streams:
        if lists[stream.key]:
            groups[tuple(sorted(lists[stream.key]))].append(stream)
    m.waiting_alone = {key[0]: streams for key, streams in groups.items() if len(key) == 1}
    shared = [(keys, streams) for keys, streams in groups.items() if len(keys) > 1]
    m.sharing = dict(enumerate(shared))
    m.SHARING = list(m.sharing)
    m.SHARED_LISTS = [(sharing, *key) for sharing, (keys, _) in m.sharing.items() for key in keys]
    m.declare("waiting_shared")
    m.sharing_of = {key: [i for i, (keys, _) in m.sharing.items() if key in keys] for key in m.PRICED_LISTS}


def _links(m: Model) -> set[tuple[str, ...]]:
    """Streams and the lists on which they may start, as far as no scheme changes their referrals."""
    of_unit = {unit: key for key, one in m.bed_list.items() for unit in one.units}
    return {
        (*stream.key, *of_unit[unit])
        for stream in m.data.streams
        for o in stream.options
        if (unit := (o.site, m.data.packages[o.course]["bed_type"])) in of_unit
        and stream.key not in m.data.referral_changes
    }


def is_open(m: Model, key: Key, e: int) -> Any:
    """The binary that says whether any of a list's beds is open."""
    return m.list_is_open[*key, e] if key in m.OWN_OPENINGS else m.unit_is_open[*m.bed_list[key].units[0], e]


def beds(m: Model, key: Key, t: int) -> Pairs:
    """Beds open on a list, as (coefficient, variable) pairs."""
    return [(1.0, m.beds_open[*unit, m.epoch[t]]) for unit in m.bed_list[key].units]


def load(m: Model, key: Key, t: int) -> Pairs:
    """People whom a list's beds have to hold, spot beds apart; where some are refused, all who are offered."""
    one = m.bed_list[key]
    pairs: Pairs = []
    for unit in one.units:
        pairs.append((1 / float(m.days[t]) / one.share_taken, m.people_days[*unit, t]))
        if (*unit, t) in m.spot_beds:
            pairs.append((-1 / one.share_taken, m.spot_beds[*unit, t]))
    return pairs


def mean_waiting(m: Model, key: Key, t: int) -> tuple[Pairs, float]:
    """People who wait for a list anyway, on average over the period: pairs and a constant."""
    pairs, constant = _mean_waiting(m, m.waiting_alone.get(key, []), t)
    return pairs + [(1.0, m.waiting_shared[sharing, *key, t]) for sharing in m.sharing_of[key]], constant


def _mean_waiting(m: Model, streams: list[Any], t: int) -> tuple[Pairs, float]:
    pairs: Pairs = [(0.5, m.waiting[*stream.key, t]) for stream in streams]
    if t > 0:
        return pairs + [(0.5, m.waiting[*stream.key, t - 1]) for stream in streams], 0.0
    return pairs, sum(stream.waiting / 2 for stream in streams)


def _times(factor: float, pairs: Pairs) -> Iterator[tuple[float, Any]]:
    return ((factor * coefficient, variable) for coefficient, variable in pairs)


@constraint("PRICED_LISTS", "PERIODS", "FACETS", unit="people")
def queue_minimum(m: Model, q: str, b: str, t: int, facet: int) -> Any:
    """People queueing by chance are at least what the queue's envelope asks for, beyond those who wait anyway.

        queue_by_chance[q,b,t] + mean_waiting[q,b,t] + sum(waiting_shared[sharing,q,b,t]) >= alpha[q,b,facet] * sum(beds_open[s,b,e(t)]) + beta[q,b,facet] * sum(people_days[s,b,t] / days[t] - spot_beds[s,b,t]) + gamma[q,b,facet] * (list_is_open[q,b,e(t)] or unit_is_open[s,b,e(t)])

    A facet of the lower convex envelope of the queue over the sizes allowed. A few are laid at first, at the largest
    size; the search adds those that a relaxation breaks, splits the sizes of a list into intervals with envelopes of
    their own where the envelope is far from the queue, and prices the plan by the queue itself.

    People in care less spot beds are the list's load; mean_waiting averages the people of `waiting` at both ends of
    the period who may start on this list alone, and `waiting_shared` are those counted here who may start on several.
    A unit that has a binary of its own and shares its list with nobody needs no second one.
    """
    alpha, beta, gamma = m.first_facets[q, b][facet]
    waiting, constant = mean_waiting(m, (q, b), t)
    queue = weighted_sum([(1.0, m.queue_by_chance[q, b, t]), *waiting], constant)
    return queue >= weighted_sum(
        [
            *_times(alpha, beds(m, (q, b), t)),
            *_times(beta, load(m, (q, b), t)),
            (gamma, is_open(m, (q, b), m.epoch[t])),
        ]
    )


@constraint("SHARING", "PERIODS", unit="people")
def waiting_shared_limit(m: Model, sharing: int, t: int) -> Any:
    """People who may start on several lists count as waiting for no more than one of them.

        sum(waiting_shared[sharing,q,b,t]) <= sum(waiting[l,h,p,t-1] + waiting[l,h,p,t]) / 2

    Streams with the same lists are one group (`sharing`). Who waits because of the season or the start-up is not counted once
    more in a queue by chance.
    """
    keys, streams = m.sharing[sharing]
    waiting, constant = _mean_waiting(m, streams, t)
    shared = weighted_sum((1.0, m.waiting_shared[sharing, *key, t]) for key in keys)
    return shared <= weighted_sum(waiting, constant)


def load_chord(one: BedList, sizes: tuple[int, ...]) -> tuple[float, float]:
    """The line slope · beds + intercept above load_max at some sizes, through its ends or higher."""
    low, high = sizes[0], sizes[-1]
    at_low, at_high = one.load_max(low), one.load_max(high)
    slope = (at_high - at_low) / (high - low) if high > low else at_high / high
    return slope, max(one.load_max(size) - slope * size for size in sizes)


@constraint("BED_LISTS", "PERIODS", unit="people")
def service_level_limit(m: Model, q: str, b: str, t: int) -> Any:
    """The load of a list stays within what its beds can carry at the service agreed.

        sum(people_days[s,b,t] / days[t] - spot_beds[s,b,t]) / (1 - refusal_probability_max[b]) <= slope[q,b] * sum(beds_open[s,b,e(t)]) + intercept[q,b] * (list_is_open[q,b,e(t)] or unit_is_open[s,b,e(t)])

    The highest load that keeps the probability of waiting (or of refusal: the load is then what is offered, of which
    that share is turned away) within what is agreed; where none is agreed, 0.998 of the beds. The straight line lies above it over all sizes; the search splits the
    sizes into intervals and holds the plan to the load allowed for its own number of beds.
    """
    slope, intercept = load_chord(m.bed_list[q, b], m.bed_list[q, b].sizes)
    allowed = [*_times(slope, beds(m, (q, b), t)), (intercept, is_open(m, (q, b), m.epoch[t]))]
    return weighted_sum(load(m, (q, b), t)) <= weighted_sum(allowed)


@constraint("OWN_OPENINGS", "DECISIONS", unit="beds")
def list_size_minimum(m: Model, q: str, b: str, e: int) -> Any:
    """A list that is open has at least the beds of its smallest unit.

        sum(beds_open[s,b,e]) >= smallest[q,b] * list_is_open[q,b,e]

    Without it a list could count as open, and its queue as that of a larger one, without a bed.
    """
    one = m.bed_list[q, b]
    return weighted_sum(beds(m, (q, b), e)) >= one.sizes[0] * m.list_is_open[q, b, e]


@constraint("OWN_OPENINGS", "DECISIONS", unit="beds")
def list_open_link(m: Model, q: str, b: str, e: int) -> Any:
    """Beds are open only on a list that is.

        sum(beds_open[s,b,e]) <= largest[q,b] * list_is_open[q,b,e]

    The other half of the sizes allowed.
    """
    one = m.bed_list[q, b]
    return weighted_sum(beds(m, (q, b), e)) <= one.sizes[-1] * m.list_is_open[q, b, e]


@constraint("LIST_LINKS", "PERIODS", unit="people", is_lazy=True)
def list_link(m: Model, l: str, h: str, p: str, q: str, b: str, t: int) -> Any:
    """Nobody starts on a list that has no bed.

        sum(starts[l,h,p,k,s,t]) <= referrals[l,h,p,t] * (list_is_open[q,b,e(t)] or unit_is_open[s,b,e(t)]) + waiting[l,h,p,t-1] + sum(days[t] / days_in_care[k,t,t] * spot_beds[s,b,t])

    Implied when the binary is whole: no more people start than are referred or waited, and where every bed is bought
    for one person, no more than fit into those. Where it is not, a relaxation could send everybody near by to a small
    part of a large unit, and have its economies of scale. Of several packages the one with fewest days counts.
    """
    stream, units = m.stream[l, h, p], set(m.bed_list[q, b].units)
    here = [o for o in stream.options if (o.site, m.data.packages[o.course]["bed_type"]) in units]
    starts = total(m.starts[l, h, p, o.course, o.site, t] for o in here)
    people = [(float(stream.referrals[t]), is_open(m, (q, b), m.epoch[t]))]
    own = sorted({(o.site, b) for o in here})
    people += [
        (_starts_per_bed(m, unit, t), m.spot_beds[*unit, t]) for unit in own if (*unit, t) in m.spot_beds
    ]
    if t == 0:
        return starts <= weighted_sum(people, stream.waiting)
    return starts <= weighted_sum([*people, (1.0, m.waiting[l, h, p, t - 1])])


def _starts_per_bed(m: Model, unit: Key, t: int) -> float:
    """Most people who may start in a bed in one period: days in the period ÷ fewest days that a start takes of it."""
    first = [k for k in m.packages_in[unit] if len(m.data.stages[k].path) == 1]
    return float(m.days[t] / min(m.data.bed_days_per_start[k].per_start[t, t] for k in first))
