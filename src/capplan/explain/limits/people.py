"""Limits on people: targets, waits, going without, journeys, what suits whom, a steady opening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import ceil, inf
from typing import Any

import numpy as np
import pandas as pd

from capplan.explain.limits.limit import Kind, Limit, Step, chosen, spelled
from capplan.formulation.limits.targets import referred
from capplan.formulation.model import Model
from capplan.formulation.people.flow import eligibility_limit, opening_limit, wait_limit
from capplan.geography import travel_minutes
from capplan.instance import Instance
from capplan.parameters.eligibility import AT_HOME
from capplan.parameters.targets import TargetRow, target_rows
from capplan.results.metrics import METRICS, Quantity

KIND_OF_QUANTITY = {
    Quantity.CASH: Kind.SPENDING,
    Quantity.DAYS_WAITED: Kind.DELAYS,
    Quantity.PERSON_DAYS: Kind.SHARES,
    Quantity.BED_DAYS: Kind.SHARES,
    Quantity.SHARE_GAP: Kind.SHARES,
}
DEAREST = 10
"""What was never to be (to wait, to go without) gets the dearest price that there is, so many times."""


def target_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Every imposed target that may not be missed: its value."""
    more = _one_more(instance, m.data.horizon)
    by_target: dict[str, list[TargetRow]] = defaultdict(list)
    for key, row in m.target.items():
        if np.isnan(row.shortfall_gbp):
            m.target_shortfall[key].setub(0.0)
            by_target[row.target].append(row)
    lines = instance.targets.set_index("target", drop=False)
    for target, rows in by_target.items():
        line = lines.loc[target].to_dict()
        held = [(m.target_shortfall[row.key], abs(_per_unit(m, row, more[row.key]))) for row in rows]
        direction, kind = (
            (-1 if line["sense"] == "min" else 1),
            KIND_OF_QUANTITY.get(METRICS[line["metric"]].quantity, Kind.TARGETS),
        )
        weight = sum(per_unit for _, per_unit in held) if kind is Kind.TARGETS else 1.0
        value = float(line["value"])
        yield Limit(
            *("target", kind, "targets", chosen(line, ["target"]), "value", value, direction),
            weight=weight or 1.0,
            most=value if direction < 0 and line["value_is"] == "level" else inf,
            at_most=tuple(held),
            facts=line,
        )


def _one_more(instance: Instance, horizon: Any) -> dict[tuple[str, str, str], TargetRow]:
    """The rows of targets whose values are one more, by key."""
    written = instance.written["targets"]
    with_more = instance.replace(targets=written.assign(value=instance.targets["value"] + 1))
    return {row.key: row for row in target_rows(with_more, horizon)}


def _per_unit(m: Model, row: TargetRow, more: TargetRow) -> float:
    """What one unit of a target's value comes to in a window: people, days or £; for beds, of the most there may be."""
    levels = np.array(more.level) - np.array(row.level)
    if METRICS[row.metric].is_of_beds:
        beds = [
            u for s, b in m.UNITS if row.scope.has_unit(s, b) for u in (m.data.units[s, b].row["beds_max"],)
        ]
        return float(sum(beds) * sum(m.days[t] * level for t, level in zip(row.periods, levels, strict=True)))
    if METRICS[row.metric].quantity is Quantity.SHARE_GAP:
        return float(np.mean(levels))
    if row.is_ratio:
        return float(referred(m, row.scope, dict(zip(row.periods, levels, strict=True)))[1])
    return float(np.sum(more.amount) - np.sum(row.amount))


def wait_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Longest average waits, and pathways on which nobody may wait or go without."""
    for row in instance.pathways.sort_values("pathway").to_dict("records"):
        where = "pathways", chosen(row, ["pathway"])
        groups = [key for key in m.WAIT_GROUPS if key[1] == row["pathway"]]
        rows = tuple(
            (wait_limit.rows(m)[*key, t], sum(float(stream.referrals[t]) for stream in m.group[key]))
            for key in groups
            for t in m.PERIODS
        )
        if rows:
            yield Limit(
                "wait_days_max", Kind.WAITS, *where, "wait_days_max", float(row["wait_days_max"]), rows=rows
            )
        yield from _nevers(m, instance, row)


def _nevers(m: Model, instance: Instance, row: dict[str, Any]) -> Iterator[Limit]:
    where = "pathways", chosen(row, ["pathway"])
    for column, variables, kind in (
        ("delay_day_gbp", m.waiting, Kind.WAITS),
        ("unmet_gbp", m.unmet, Kind.WITHOUT),
    ):
        if np.isinf(row[column]):
            held = tuple(
                (variables[*s, t], 1.0) for s in m.STREAMS if s[2] == row["pathway"] for t in m.PERIODS
            )
            for variable, _ in held:
                variable.setub(0.0)
            yield Limit(
                *(column, kind, *where, column, inf),
                at_most=held,
                is_summed=True,
                instead=spelled(round(_dear(instance, column))),
            )


def _dear(instance: Instance, column: str) -> float:
    prices = instance.pathways[column]
    least = 1000.0 if column == "delay_day_gbp" else 10_000.0
    return float(DEAREST * max([least, *prices[np.isfinite(prices)]]))


def opening_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """In a steady opening the queue may not grow in the first period."""
    rows = tuple((row, 1.0) for row in opening_limit.rows(m).values())
    if rows:
        instead = "empty" if instance.census.empty else "census"
        yield Limit(
            *("opening", Kind.OPENING, "instance", (), "opening", "steady"), rows=rows, instead=instead
        )


def suitability_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Packages that suit no more than a share of a pathway's people."""
    rows: dict[int, list[tuple[Any, float]]] = defaultdict(list)
    for key in m.LIMITED_SHARES:
        _, people = m.limited[key]
        so_far = np.sum([stream.waiting + np.cumsum(stream.referrals) for _, stream in people], axis=0)
        rows[key[3]] += [(eligibility_limit.rows(m)[*key, t], float(so_far[t])) for t in m.PERIODS]
    for number, held in rows.items():
        line = instance.eligibility.loc[number].to_dict()
        filters = chosen(line, ["pathway", "package", "locality", "hospital", "site"])
        share = float(line["share_max"])
        where = "eligibility", filters, "share_max"
        yield Limit(
            "share_max", Kind.SUITABILITY, *where, share, most=1 - share, rows=tuple(held), facts=line
        )


def travel_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Longest journeys, of a pathway or of all: starts at sites beyond them."""
    minutes, longest = journeys(instance), longest_journeys(instance)
    beyond: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for stream in m.data.streams:
        everywhere, of_pathway = longest[stream.pathway]
        for o in stream.options:
            if _is_at_home(o.site):
                continue
            journey = float(minutes.at[m.data.people_of(stream)[0], o.site])
            if journey <= min(everywhere, of_pathway) or (
                np.isinf(journey) and np.isinf(min(everywhere, of_pathway))
            ):
                continue
            starts = [m.starts[*stream.key, o.course, o.site, t] for t in m.PERIODS]
            for start in starts:
                start.setub(0.0)
            if journey <= max(everywhere, of_pathway):
                cell = stream.pathway if of_pathway <= everywhere else ""
                beyond[cell][ceil(journey - 1e-9)] += starts
    for pathway, by_minutes in sorted(beyond.items()):
        steps = tuple(Step(float(more), tuple(by_minutes[more])) for more in sorted(by_minutes))
        table, filters = ("pathways", (("pathway", (pathway,)),)) if pathway else ("instance", ())
        value = longest[pathway][1] if pathway else longest[next(iter(longest))][0]
        column = "travel_minutes_max"
        yield Limit(column, Kind.TRAVEL, table, filters, column, value, steps=steps)


def journeys(instance: Instance) -> pd.DataFrame:
    """Minutes from locality to site, as in `travel_minutes`; infinite where nothing is known."""
    return travel_minutes(instance).fillna(np.inf)


def longest_journeys(instance: Instance) -> dict[str, tuple[float, float]]:
    """By pathway the longest journey to a site that the settings allow, and that the pathway allows [minutes]."""
    everywhere = float(instance.settings.travel_minutes_max or np.inf)
    by_pathway = instance.pathways.set_index("pathway")["travel_minutes_max"].fillna(np.inf)
    return {pathway: (everywhere, float(minutes)) for pathway, minutes in by_pathway.items()}


def _is_at_home(site: str) -> bool:
    """Whether a start needs no journey."""
    return site == AT_HOME
