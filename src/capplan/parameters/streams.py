"""Equal streams of people are one stream in the model; afterwards every locality and hospital gets its part back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capplan.demand import Demand
from capplan.parameters.eligibility import Eligibility, Option

Member = tuple[int, int]
"""Positions of a locality and a hospital in the demand."""
PROPORTION_DIGITS = 10


@dataclass(frozen=True)
class Stream:
    """People of one pathway whom the model cannot tell apart.

    `locality`, `hospital` name the group; `members` are its (locality, hospital) positions in the demand.
    `referrals` [people] has a number for each period, `waiting` [people] is who waits at the start. `zones[package]`
    names the home-care zone of each package at home that its options are or lead to.
    """

    locality: str
    hospital: str
    pathway: str
    members: tuple[Member, ...]
    options: tuple[Option, ...]
    zones: dict[str, str]
    referrals: np.ndarray
    waiting: float

    @cached_property
    def key(self) -> tuple[str, str, str]:
        """The stream's name in the model: locality, hospital, pathway."""
        return self.locality, self.hospital, self.pathway


def people_of(stream: Stream, demand: Demand) -> tuple[str, str, str]:
    """Locality, hospital and pathway of a stream's first member."""
    i, h = stream.members[0]
    return demand.localities[i], demand.hospitals[h], stream.pathway


@dataclass(frozen=True)
class Zones:
    """Home-care zones: the localities in which the same teams give a package, on the same roads."""

    of: dict[tuple[str, str], str]
    members: dict[tuple[str, str], tuple[str, ...]]


def group_name(members: Sequence[str]) -> str:
    """Name of a group: its only member, or the first and how many more."""
    ordered = sorted(members)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]}+{len(ordered) - 1}"


def zones(
    packages: Iterable[str], localities: Sequence[str], served_by: Callable[[str, str], Hashable]
) -> Zones:
    """Groups the localities of each home package by who serves them there (`served_by(package, locality)`)."""
    of: dict[tuple[str, str], str] = {}
    members: dict[tuple[str, str], tuple[str, ...]] = {}
    for package in packages:
        groups: dict[Hashable, list[str]] = defaultdict(list)
        for locality in localities:
            groups[served_by(package, locality)].append(locality)
        for group in groups.values():
            name = group_name(group)
            members[name, package] = tuple(group)
            of.update({(package, locality): name for locality in group})
    return Zones(of, members)


def streams(
    demand: Demand,
    eligibility: Eligibility,
    at_home: Mapping[str, Sequence[str]],
    home_zones: Zones,
    told_apart_by: Callable[[str, str, str], Hashable],
    keeps_proportion: frozenset[str],
    is_aggregated: bool = True,
) -> tuple[Stream, ...]:
    """The streams of an instance, sorted by name.

    Two (locality, hospital) pairs of a pathway are one stream when they have the same options on the same terms, the
    same home-care zones, and count in the same targets (`told_apart_by`); localities merge only whole. `at_home` has
    the packages at home that each package is or leads to, whose zones have to be the same too. In pathways
    of `keeps_proportion`, where a limit holds for each locality, merged localities must also have referrals and
    waiting in a fixed proportion, from hospitals that the model tells apart too, so that the limit on the sum implies
    the limit on each.
    """
    merged: list[Stream] = []
    for p, pathway in enumerate(demand.pathways):
        looks = _looks(p, pathway, demand, eligibility, at_home, home_zones, told_apart_by, is_aggregated)
        for localities in _merge_localities(p, looks, demand, pathway in keeps_proportion):
            merged.extend(
                _stream(p, pairs, localities, demand, eligibility, at_home, home_zones)
                for pairs in _merge_pairs(localities, looks)
            )
    return tuple(sorted(merged, key=lambda stream: stream.key))


Looks = dict[int, dict[int, Hashable]]
"""What the model can tell of each hospital's people, by locality and hospital position."""


def _looks(
    p: int,
    pathway: str,
    demand: Demand,
    eligibility: Eligibility,
    at_home: Mapping[str, Sequence[str]],
    home_zones: Zones,
    told_apart_by: Callable[[str, str, str], Hashable],
    is_aggregated: bool,
) -> Looks:
    looks: Looks = {}
    flows = demand.referrals[:, :, p].sum(axis=2) + demand.waiting[:, :, p]
    for i, h in zip(*np.nonzero(flows), strict=True):
        locality, hospital = demand.localities[i], demand.hospitals[h]
        options = eligibility.options(locality, hospital, pathway)
        homes = tuple(home_zones.of[k, locality] for o in options for k in at_home[o.package])
        look: Hashable = (options, homes, told_apart_by(locality, hospital, pathway))
        looks.setdefault(int(i), {})[int(h)] = look if is_aggregated else (int(i), int(h))
    return looks


def _merge_localities(p: int, looks: Looks, demand: Demand, keep_proportion: bool) -> list[list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for i, by_hospital in looks.items():
        kinds: Hashable = frozenset(by_hospital.values())
        groups[_proportions(p, i, by_hospital, demand) if keep_proportion else kinds].append(i)
    return list(groups.values())


def _proportions(p: int, i: int, by_hospital: Mapping[int, Hashable], demand: Demand) -> Hashable:
    """Who is referred when, and who waits, as shares of a locality's people, by what the model can tell of them."""
    flows = {look: np.zeros(demand.referrals.shape[3] + 1) for look in by_hospital.values()}
    for h, look in by_hospital.items():
        flows[look] += np.append(demand.referrals[i, h, p], demand.waiting[i, h, p])
    whole = sum(flow.sum() for flow in flows.values())
    return frozenset((look, tuple(np.round(flow / whole, PROPORTION_DIGITS))) for look, flow in flows.items())


def _merge_pairs(localities: list[int], looks: Looks) -> list[list[Member]]:
    groups: dict[Hashable, list[Member]] = defaultdict(list)
    for i in localities:
        for h, look in looks[i].items():
            groups[look].append((i, h))
    return list(groups.values())


def _stream(
    p: int,
    pairs: list[Member],
    localities: list[int],
    demand: Demand,
    eligibility: Eligibility,
    at_home: Mapping[str, Sequence[str]],
    home_zones: Zones,
) -> Stream:
    i, h = pairs[0]
    pathway, locality = demand.pathways[p], demand.localities[i]
    options = eligibility.options(locality, demand.hospitals[h], pathway)
    rows, columns = np.array(pairs).T
    return Stream(
        group_name([demand.localities[i] for i in localities]),
        group_name(sorted({demand.hospitals[h] for _, h in pairs})),
        pathway,
        tuple(pairs),
        options,
        {k: home_zones.of[k, locality] for o in options for k in at_home[o.package]},
        demand.referrals[rows, columns, p].sum(axis=0),
        float(demand.waiting[rows, columns, p].sum()),
    )


@dataclass(frozen=True)
class Split:
    """What each member of a stream has in each period: arrays with the axes member, period [people]."""

    share_of_starts: np.ndarray
    unmet: np.ndarray
    waiting: np.ndarray


def split(stream: Stream, demand: Demand, starts: np.ndarray, unmet: np.ndarray) -> Split:
    """Shares a stream's starts and unmet need out over its members.

    Every member takes part in proportion to its previous waiting plus its referrals, which is unique and keeps every
    balance. `starts`, `unmet` [people] have one number a period.
    """
    p = demand.pathways.index(stream.pathway)
    rows, columns = np.array(stream.members).T
    referrals, waiting = demand.referrals[rows, columns, p], demand.waiting[rows, columns, p]
    shape = referrals.shape
    result = Split(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    for t in range(shape[1]):
        present = waiting + referrals[:, t]
        total = present.sum()
        share = present / total if total > 0 else np.full(shape[0], 1 / shape[0])
        result.share_of_starts[:, t] = share
        result.unmet[:, t] = share * unmet[t]
        waiting = np.maximum(present - share * (starts[t] + unmet[t]), 0.0)
        result.waiting[:, t] = waiting
    return result
