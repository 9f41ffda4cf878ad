"""Congestion: queues and probabilities of the table `beds` counted again, by Erlang's recursion, one bed at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.verify.beds import KEYS, beds_available
from capplan.verify.differences import above, below, not_zero, same_or_empty, unequal
from capplan.verify.evidence import Evidence, once
from capplan.verify.people.care import in_beds, paths_to
from capplan.verify.people.demand import STREAM
from capplan.verify.people.eligibility import OPTION, open_options
from capplan.verify.schemes.variants import stays_before

Key = tuple[str, str]
"""A list and its bed type."""
Stream = tuple[str, str, str]
FULLEST = 0.998
"""Highest average load of beds that people wait for, as a share of the beds."""
WHOLE = 1e-6
QUEUE_TOLERANCE = 1e-4
"""Near full beds a queue moves hundreds of times as much as the load does, which is known to a millionth."""
HARDLY_ANYBODY = 1e-4
"""A load that nobody queues for: people in care, less those in spot beds, are known to a millionth of their sum."""


@dataclass(frozen=True)
class Congested:
    """The lists of a run: `of_unit` has for each unit (site, bed_type) its list's key, `kinds` the list's bed type row.

    `beds`, `load` have a row a list and a column a period: whole beds and people they have to hold.
    """

    of_unit: pd.Series
    kinds: pd.DataFrame
    beds: pd.DataFrame
    load: pd.DataFrame

    def sums(self, by_unit: pd.DataFrame) -> pd.DataFrame:
        """Of the list's units."""
        rows = by_unit.reindex(self.of_unit.index, fill_value=0.0)
        return rows.groupby(self.of_unit.to_numpy()).sum()


@once
def congested(evidence: Evidence) -> Congested:
    """The lists, their beds and their loads."""
    types = evidence.instance.table("bed_types").set_index("bed_type")
    units = evidence.instance.table("site_beds").set_index(KEYS)
    kind = units.index.get_level_values("bed_type").map(types["congestion"])
    units = units[np.asarray(kind != "none", dtype=bool)]
    site, bed_type = (units.index.get_level_values(key) for key in KEYS)
    name = (
        units["waiting_list"].astype(object).where(units["waiting_list"].notna(), site.to_series(units.index))
    )
    of_unit = pd.Series(list(zip(name, bed_type, strict=True)), index=units.index, dtype=object)
    lists = sorted(set(of_unit))
    kinds = types.reindex([bed_type for _, bed_type in lists]).set_axis(pd.Index(lists, tupleize_cols=False))
    empty = Congested(of_unit, kinds, pd.DataFrame(), pd.DataFrame())
    usable = np.floor(empty.sums(beds_available(evidence)) + WHOLE)
    held = in_beds(evidence) / evidence.horizon.days
    people = empty.sums(held) - empty.sums(evidence.wide("beds", "spot_beds", *KEYS))
    taken = 1 - _share_refused(kinds)
    return Congested(of_unit, kinds, usable, people.div(taken.reindex(people.index), axis=0))


def _share_refused(kinds: pd.DataFrame) -> pd.Series:
    return kinds["refusal_probability_max"].where(kinds["congestion"] == "refuse", 0.0).astype(float)


def refused_per_start(evidence: Evidence) -> pd.Series:
    """People turned away for every one who starts a package: 0 where beds do not refuse."""
    types = evidence.instance.table("bed_types").set_index("bed_type")
    share = _share_refused(types)
    packages = evidence.instance.table("packages").set_index("package")
    of_package = packages["bed_type"].map(share / (1 - share))
    return of_package.astype(float).fillna(0.0)


def refused(evidence: Evidence) -> pd.DataFrame:
    """People turned away: rows (locality, hospital, pathway), columns periods."""
    starts = evidence.tables["starts"]
    turned_away = starts["people"] * starts["package"].map(refused_per_start(evidence)).fillna(0.0)
    return evidence.spread(starts.assign(refused=turned_away), "refused", *STREAM)


def refused_go_without(evidence: Evidence) -> Iterator[Problem]:
    """Whoever is turned away by full beds is among those who go without."""
    unmet = evidence.wide("waiting", "unmet", *STREAM)
    yield from below("waiting", "refused_go_without", "unmet", unmet, refused(evidence))


def service_level(evidence: Evidence) -> Iterator[Problem]:
    """No list has a load at which more people wait, or are refused, than agreed, or no bed is ever empty."""
    lists = congested(evidence)
    for column, congestion in (("wait_probability", "wait"), ("refusal_probability", "refuse")):
        shares = _probabilities(lists, congestion)
        most = lists.kinds[f"{column}_max"].astype(float).reindex(shares.index).fillna(1.0)
        limit = pd.DataFrame(dict.fromkeys(shares.columns, most), index=shares.index)
        yield from above(
            "beds", "service_level_limit", column, _named(shares), _named(limit), QUEUE_TOLERANCE
        )
    waits = lists.kinds.index[lists.kinds["congestion"] == "wait"]
    load, beds = lists.load.reindex(waits), lists.beds.reindex(waits)
    yield from above("beds", "service_level_limit", "load", _named(load), _named(FULLEST * beds), 10.0)


def probabilities(evidence: Evidence) -> Iterator[Problem]:
    """The probabilities of the table `beds` are those of the list's whole beds and load, empty where not asked."""
    lists = congested(evidence)
    for column, congestion in (("wait_probability", "wait"), ("refusal_probability", "refuse")):
        expected = _of_units(lists, _probabilities(lists, congestion))
        table = evidence.tables["beds"].set_index([*KEYS, "period"])[column]
        by_unit = expected.stack().rename_axis([*KEYS, "period"]) if len(expected) else table.iloc[:0]
        reported = table.reindex(by_unit.index)
        scale = QUEUE_TOLERANCE / 1e-6
        yield from unequal("beds", column, column, reported, by_unit, scale)
        others = table.drop(by_unit.index, errors="ignore")
        yield from not_zero("beds", column, column, others.to_frame(), others.notna().to_numpy()[:, None])


def queues(evidence: Evidence) -> Iterator[Problem]:
    """People queueing by chance are those of the queue's formula beyond the people who wait anyway, by list."""
    lists = congested(evidence)
    yield from _empty_elsewhere(evidence, lists, "people_queueing")
    waiting = lists.sums(evidence.wide("beds", "people_waiting", *KEYS))
    reported = lists.sums(evidence.wide("beds", "people_queueing", *KEYS))
    mixed = _cv_squared(evidence, lists)
    waits = lists.kinds.index[lists.kinds["congestion"] == "wait"]
    for key in waits:
        pairs = zip(lists.beds.loc[[key]].to_numpy()[0], lists.load.loc[[key]].to_numpy()[0], strict=True)
        queue = np.array([people_queueing(int(beds), load, mixed[key]) for beds, load in pairs])
        expected = np.maximum(queue - waiting.loc[[key]].to_numpy()[0], 0.0)
        row = reported.loc[[key]]
        # The slope of the queue near full beds: what a millionth of the load comes to.
        scale = float((queue**2 + queue).max() + 1) * 10
        yield from unequal(
            "beds", "queue_minimum", "people_queueing", _named(row), _named(row * 0 + expected), scale
        )
    others = reported.index.difference(waits)
    nobody = reported.reindex(others)
    yield from not_zero(
        "beds", "queue_minimum", "people_queueing", _named(nobody), np.ones(nobody.shape, dtype=bool)
    )


def waiting_counted(evidence: Evidence) -> Iterator[Problem]:
    """People who wait anyway count on a list only where they may start, and nobody counts on two."""
    lists = congested(evidence)
    yield from _empty_elsewhere(evidence, lists, "people_waiting")
    counted = lists.sums(evidence.wide("beds", "people_waiting", *KEYS))
    priced = (lists.kinds["congestion"] == "wait") & (lists.kinds["queue_day_gbp"].fillna(0) > 0)
    nobody = counted[~priced.reindex(counted.index).to_numpy(bool)]
    yield from not_zero(
        "beds", "waiting_counted", "people_waiting", _named(nobody), np.ones(nobody.shape, dtype=bool)
    )
    may_start = _streams_of_lists(evidence, lists)
    at_end = evidence.wide("waiting", "waiting_at_end", *STREAM)
    mean = (at_end + evidence.before(at_end, evidence.waiting_at_opening)) / 2
    for group in _connected(may_start, list(counted.index[priced.reindex(counted.index).to_numpy(bool)])):
        streams = sorted(set().union(*(may_start[key] for key in group)))
        most = mean.reindex(pd.MultiIndex.from_tuples(streams, names=STREAM), fill_value=0.0).sum()
        total = counted.reindex(pd.Index(group, tupleize_cols=False)).sum()
        name = pd.Index([" + ".join(key[0] for key in group)], name="list")
        yield from above(
            "beds",
            "waiting_counted",
            "people_waiting",
            *(total.to_frame().T.set_axis(name), most.to_frame().T.set_axis(name)),
        )


def _empty_elsewhere(evidence: Evidence, lists: Congested, column: str) -> Iterator[Problem]:
    """A column that only units on a list fill in is empty at the others."""
    table = evidence.tables["beds"].set_index([*KEYS, "period"])[column]
    others = table[~table.index.droplevel("period").isin(lists.of_unit.index)]
    yield from same_or_empty("beds", column, column, others, others * np.nan)


def _connected(may_start: Mapping[Key, set[Stream]], keys: list[Key]) -> Iterator[list[Key]]:
    """Every list by itself, and all lists that people may choose between."""
    rest = [key for key in keys if may_start[key]]
    yield from ([key] for key in rest)
    while rest:
        group = [rest.pop(0)]
        for key in group:
            near = [other for other in rest if may_start[other] & may_start[key]]
            group.extend(near)
            rest = [other for other in rest if other not in near]
        if len(group) > 1:
            yield group


def _streams_of_lists(evidence: Evidence, lists: Congested) -> dict[Key, set[Stream]]:
    """Who may start on each list: (locality, hospital, pathway)."""
    options = _bed_options(evidence, lists)
    streams: dict[Key, set[Stream]] = {key: set() for key in lists.kinds.index}
    for row in options.itertuples(index=False):
        streams[row.list].add((row.locality, row.hospital, row.pathway))
    return streams


def _bed_options(evidence: Evidence, lists: Congested, *, onward: bool = False) -> pd.DataFrame:
    """Every option in a bed on a list: OPTION, `list`; what follows on there too: its `path`, `share` of starts."""
    every = open_options(evidence)[OPTION].assign(share=1.0)
    every["path"] = every["package"]
    pieces = [every]
    for package in evidence.instance.table("packages")["package"] if onward else ():
        for path, share in paths_to(evidence, package):
            first = every[every["package"] == path[0]]
            pieces.append(first.assign(package=package, share=share, path=">".join(path)))
    every = pd.concat(pieces)
    packages = evidence.instance.table("packages").set_index("package")["bed_type"]
    units = pd.MultiIndex.from_arrays([every["site"], every["package"].map(packages)], names=KEYS)
    of_unit = lists.of_unit.to_dict()
    keys = np.array([of_unit.get(unit) for unit in units] + [None], dtype=object)[:-1]
    return every.assign(list=keys)[[key is not None for key in keys]]


def _cv_squared(evidence: Evidence, lists: Congested) -> dict[Key, float]:
    """Squared coefficient of variation of each list's stays: of its packages, weighted by the people referred.

    It is data: stays and referrals are those without the schemes on which the plan decides.
    """
    options = _bed_options(evidence, lists, onward=True).drop_duplicates(["list", *STREAM, "path"])
    people = evidence.referrals_as_today.sum(axis=1)
    streams = pd.MultiIndex.from_frame(options[STREAM])
    options["people"] = people.reindex(streams, fill_value=0.0).to_numpy() * options["share"]
    cv_squared = dict.fromkeys(lists.kinds.index, 1.0)
    stays = evidence.instance.table("packages").set_index("package")
    spread = 1 + _variance(stays) / stays["stay_days"] ** 2
    options["mean"] = stays_before(evidence, options.reset_index(drop=True))
    options["square"] = options["mean"] ** 2 * options["package"].map(spread)
    for key, rows in options.groupby("list"):
        is_used = rows["people"].sum() > 0
        own = rows if is_used else rows.drop_duplicates("package")
        weight = own["people"] if is_used else None
        first = np.average(own["mean"], weights=weight)
        second = np.average(own["square"], weights=weight)
        cv_squared[key] = max(second / first**2 - 1, 0.0)
    return cv_squared


def _variance(stays: pd.DataFrame) -> pd.Series:
    sd = stays["stay_sd_days"].astype(float)
    sd = sd.where(stays["stay_distribution"] != "exponential", stays["stay_days"])
    return sd.where(stays["stay_distribution"] != "fixed", 0.0) ** 2


def _probabilities(lists: Congested, congestion: str) -> pd.DataFrame:
    keys = lists.kinds.index[lists.kinds["congestion"] == congestion]
    beds, load = lists.beds.reindex(keys), lists.load.reindex(keys)
    count = share_waiting if congestion == "wait" else share_refused
    values = [
        [count(int(n), a) for n, a in zip(*pair, strict=True)]
        for pair in zip(beds.to_numpy(), load.to_numpy(), strict=True)
    ]
    return pd.DataFrame(np.array(values).reshape(beds.shape), index=keys, columns=beds.columns)


def _of_units(lists: Congested, by_list: pd.DataFrame) -> pd.DataFrame:
    units = lists.of_unit[lists.of_unit.isin(list(by_list.index))]
    rows = by_list.reindex(pd.Index(list(units), tupleize_cols=False))
    return rows.set_axis(units.index)


def _named(by_list: pd.DataFrame) -> pd.DataFrame:
    """With the list's name and bed type as keys, for messages."""
    index = pd.MultiIndex.from_tuples(list(by_list.index), names=["list", "bed_type"])
    return by_list.set_axis(index) if len(by_list) else by_list


def share_refused(beds: int, load: float) -> float:
    """Share of those who come that full beds turn away: Erlang's loss formula, one bed more at a time."""
    if load <= HARDLY_ANYBODY:
        return 0.0
    inverse = 1.0
    for bed in range(1, beds + 1):
        inverse = 1 + inverse * bed / load
    return 1 / inverse


def share_waiting(beds: int, load: float) -> float:
    """Share of those who come that have to wait: Erlang's delay formula, from the loss formula."""
    if load <= HARDLY_ANYBODY:
        return 0.0
    if load >= beds:
        return 1.0
    loss = share_refused(beds, load)
    return loss / (1 - load / beds * (1 - loss))


def people_queueing(beds: int, load: float, cv_squared: float) -> float:
    """People queueing by chance: Erlang's for exponential stays, interpolated (Cosmetatos) for others."""
    if load <= HARDLY_ANYBODY:
        return 0.0
    if load >= beds:
        return float("inf")
    busy = load / beds
    exponential = share_waiting(beds, load) * busy / (1 - busy)
    if cv_squared > 1 or exponential == 0:
        return (1 + cv_squared) / 2 * exponential
    gain = (1 - busy) * (beds - 1) * (sqrt(4 + 5 * beds) - 2) / (16 * beds * busy)
    fixed = exponential * (1 + gain) / 2
    return (1 + cv_squared) / ((1 - cv_squared) / fixed + 2 * cv_squared / exponential)
