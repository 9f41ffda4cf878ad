"""Targets: what the table `targets` says is required, achieved and missed, counted again from the other tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.results.metrics import METRICS, Quantity
from capplan.results.tables import STARTS
from capplan.verify.differences import TOLERANCE, same_or_empty, unequal
from capplan.verify.evidence import Evidence, once
from capplan.verify.people.eligibility import matches
from capplan.verify.targets.achieved import Achieved, Line, counted
from capplan.wording import exact, precise

KEYS = ["target", "scope", "window"]
WORDS = ("metric", "sense", "unit")
MEMBERS = {
    "locality": ("localities", "locality"),
    "network": ("localities", "network"),
    "hospital": ("hospitals", "hospital"),
    "sub_region": ("hospitals", "sub_region"),
    "site": ("sites", "site"),
    "kind": ("sites", "kind"),
    "provider": ("sites", "provider"),
    "pathway": ("pathways", "pathway"),
    "package": ("packages", "package"),
    "bed_type": ("bed_types", "bed_type"),
}


@dataclass(frozen=True)
class Recomputed:
    """One row of the table `targets` as it should be.

    `wanted` and `done` are in people, days or £ also where the metric is a quotient: level × denominator against
    the numerator. `required` and `achieved` are as reported.
    """

    key: tuple[str, str, str]
    sense: str
    is_imposed: bool
    is_hard: bool
    required: float
    achieved: float
    wanted: float
    done: float
    baseline: float

    @property
    def shortfall(self) -> float:
        """What is missing, in people, days or £; 0 where the target is met; empty where no value is agreed."""
        missing = self.wanted - self.done if self.sense == "min" else self.done - self.wanted
        return missing if np.isnan(missing) else max(missing, 0.0)

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing, but for rounding."""
        return self.shortfall <= TOLERANCE * max(1.0, abs(self.wanted), abs(self.done))


def targets(evidence: Evidence) -> Iterator[Problem]:
    """Every target is there, with what it requires, achieves and misses."""
    rows = {row.key: row for row in recomputed(evidence)}
    table = evidence.tables["targets"].set_index(KEYS)
    for key in sorted(set(table.index) - set(rows)):
        yield Problem("targets", "target_rows", f"{', '.join(filter(None, key))}: no such target")
    for key in sorted(set(rows) - set(table.index)):
        yield Problem("targets", "target_rows", f"{', '.join(filter(None, key))}: the row is missing")
    table = table[np.array([key in rows for key in table.index], dtype=bool)]
    same = [rows[key] for key in table.index]
    scale = pd.Series([max(abs(row.wanted), abs(row.done)) for row in same], table.index, dtype=float)
    for column in ("is_imposed", "baseline", "required", "achieved", "shortfall"):
        expected = pd.Series([getattr(row, column) for row in same], table.index, dtype=float)
        largest = scale if column == "shortfall" else 0.0
        rule = f"target_{column}"
        yield from same_or_empty("targets", rule, column, table[column], expected, largest, TOLERANCE)


def words(evidence: Evidence) -> Iterator[Problem]:
    """What is counted, its sense and its unit are those of the target in the instance."""
    lines = evidence.instance.table("targets").set_index("target")[list(WORDS)]
    for row in evidence.tables["targets"].to_dict("records"):
        for column in WORDS if row["target"] in lines.index else ():
            wanted = str(lines.at[row["target"], column])
            if row[column] != wanted:
                where = ", ".join(filter(None, (row[key] for key in KEYS)))
                told = f"{column} is {row[column] or 'empty'}, and in the instance {wanted}"
                yield Problem("targets", f"target_{column}", f"{where}: {told}")


def successes(evidence: Evidence) -> Iterator[Problem]:
    """`successes` are the people who start, each with the probability that it works out."""
    key = list(STARTS.key)
    rows = Achieved(evidence).starts
    expected = (rows["people"] * rows["success"]).set_axis(pd.MultiIndex.from_frame(rows[key]))
    reported = evidence.tables["starts"].set_index(key)["successes"]
    yield from unequal("starts", "successes", "successes", reported, expected.groupby(level=key).sum())


def targets_met(evidence: Evidence) -> Iterator[Problem]:
    """`is_met` says whether a target is met, and hard targets are."""
    is_met = evidence.tables["targets"].set_index(KEYS)["is_met"]
    for row in recomputed(evidence):
        if row.key not in is_met.index or np.isnan(row.shortfall):
            continue
        where = ", ".join(filter(None, row.key))
        if bool(is_met[row.key] == 1) != row.is_met:
            message = f"{where}: is_met is {exact(is_met[row.key])}, but {precise(row.shortfall)} are missing"
            yield Problem("targets", "target_is_met", message)
        if row.is_hard and not row.is_met and not (evidence.as_is or evidence.best_effort):
            message = f"{where}: the target is hard, and {precise(row.shortfall)} are missing"
            yield Problem("targets", "target_hard", message)


@once
def recomputed(evidence: Evidence) -> tuple[Recomputed, ...]:
    """Every row that the table `targets` should have."""
    facts = Achieved(evidence)
    rows: list[Recomputed] = []
    for line in evidence.instance.table("targets").to_dict("records"):
        if METRICS[line["metric"]].quantity is Quantity.SHARE_GAP:
            rows.extend(_gaps(facts, line))
        elif pd.isna(line["for_each"]):
            rows.extend(_rows(facts, line, ""))
        else:
            for member, narrowed in _member_lines(evidence, line):
                rows.extend(_rows(facts, narrowed, member))
    return tuple(rows)


def _rows(facts: Achieved, line: Line, scope: str) -> Iterator[Recomputed]:
    """One scope of a target in every window."""
    horizon = facts.evidence.horizon
    levels = _level(line, horizon)
    done, base = counted(facts, line)
    for window, periods in window_periods(line, horizon).items():
        key, level, part = (line["target"], scope, window), levels[periods], float(done[periods].sum())
        if METRICS[line["metric"]].is_ratio:
            whole = float(base[periods].sum())
            achieved = part / whole if whole > 0 else np.nan
            wanted = float((level * base[periods]).sum())
            yield _recomputed(line, key, float(level.mean()), achieved, wanted, part, line["baseline"])
        else:
            multiples = _multiples(line, horizon, periods)
            required = float((level * multiples).sum())
            baseline = line["baseline"] * multiples.sum()
            yield _recomputed(line, key, required, part, required, part, baseline)


def _gaps(facts: Achieved, line: Line) -> Iterator[Recomputed]:
    """The gap between the members of a target in every window."""
    members = [
        counted(facts, {**narrowed, "metric": "served_share"})
        for _, narrowed in _member_lines(facts.evidence, line)
    ]
    for window, periods in window_periods(line, facts.evidence.horizon).items():
        sums = [(served[periods].sum(), referred[periods].sum()) for served, referred in members]
        shares = [float(served / referred) for served, referred in sums if referred > 0]
        gap = max(shares) - min(shares) if shares else 0.0
        level = float(_level(line, facts.evidence.horizon)[periods].mean())
        yield _recomputed(line, (line["target"], "", window), level, gap, level, gap, line["baseline"])


def _recomputed(line: Line, key: tuple[str, str, str], *numbers: float) -> Recomputed:
    is_imposed = bool(line["is_imposed"]) and not bool(np.isnan(line["value"]))
    is_hard = is_imposed and bool(np.isnan(line["shortfall_gbp"]))
    return Recomputed(key, str(line["sense"]), is_imposed, is_hard, *numbers)


def _level(line: Line, horizon: Horizon) -> np.ndarray:
    """The value in each period: on the ramp the mean over its days; on top of the baseline where it is an increase."""
    value = float(line["value"])
    levels = np.full(len(horizon.dates), value)
    if not pd.isna(line["ramp_from"]):
        first = horizon.dates[0] if pd.isna(line["from"]) else pd.Timestamp(line["from"])
        noon = (horizon.dates - first).days + 0.5
        length = max((pd.Timestamp(line["ramp_until"]) - first).days, 1)
        low = float(line["ramp_from"])
        levels = np.interp(noon, [0.0, length], [low, value])
    added = float(line["baseline"]) if line["value_is"] == "increase" else 0.0
    mean: np.ndarray = horizon.sum_by_period(levels) / horizon.days + added
    return mean


def _multiples(line: Line, horizon: Horizon, periods: list[int]) -> np.ndarray:
    """How many of the target's days, weeks, months, years or totals fall into each period of the window."""
    months, kind = horizon.months, _kind_of_window(line)
    whole = {"each": months, "year": 12.0, "horizon": months[periods].sum()}[kind]
    by_unit = {
        "per_day": horizon.days,
        "per_week": horizon.days / 7,
        "per_month": months,
        "per_year": months / 12,
        "total": months / whole,
    }
    return np.asarray(by_unit[str(line["unit"])])[periods]


def _kind_of_window(line: Line) -> str:
    if not pd.isna(line["window"]):
        return str(line["window"])
    return {"per_year": "year", "total": "horizon"}.get(str(line["unit"]), "each")


def window_periods(line: Line, horizon: Horizon) -> dict[str, list[int]]:
    """Windows of a target by name, with the periods whose first day lies between `from` and `to`."""
    starts = pd.DatetimeIndex(horizon.starts[:-1])
    inside = np.ones(len(horizon), dtype=bool)
    if not pd.isna(line["from"]):
        inside &= starts >= pd.Timestamp(line["from"])
    if not pd.isna(line["to"]):
        inside &= starts <= pd.Timestamp(line["to"])
    kind = _kind_of_window(line)
    names = {"each": horizon.periods, "year": horizon.years, "horizon": ("horizon",) * len(horizon)}[kind]
    windows: dict[str, list[int]] = {}
    for t in np.flatnonzero(inside):
        windows.setdefault(names[t], []).append(int(t))
    return windows


def _member_lines(evidence: Evidence, line: Line) -> list[tuple[str, Line]]:
    """The target once for every member of `for_each` that its own filters leave, and who has anything to count."""
    dimension = str(line["for_each"])
    table, column = MEMBERS[dimension]
    everyone = sorted(evidence.instance.table(table)[column].dropna().unique())
    own = line[dimension]
    kept = [name for name in everyone if pd.isna(own) or name in str(own).split(";")]
    narrowed = [(name, {**line, dimension: name}) for name in kept]
    return [(name, one) for name, one in narrowed if _counts_something(evidence.instance, one)]


def _counts_something(instance: Instance, line: Line) -> bool:
    """Whether the filters of a target leave a site where it counts beds, else people, packages and sites."""
    metric = METRICS[str(line["metric"])]
    of_beds = metric.quantity in (Quantity.PERSON_DAYS, Quantity.BED_DAYS)
    localities = _left(instance, "localities", line, ("locality", "network"))
    sites = instance.table("sites")
    columns = ("site", "kind") if metric.quantity is Quantity.CASH else ("site", "kind", "provider")
    asked = (*columns, "locality", "network") if of_beds else columns
    if any(not pd.isna(line[column]) for column in asked):
        sites = _left(instance, "sites", line, columns)
        if of_beds:
            sites = sites[sites["locality"].isin(localities["locality"])]
        if sites.empty:
            return False
    if of_beds:
        return True
    named = any(not pd.isna(line[column]) for column in ("hospital", "sub_region"))
    hospitals = _left(instance, "hospitals", line, ("hospital", "sub_region"))
    pathways = _left(instance, "pathways", line, ("pathway",))
    if metric.direction is not None:
        pathways = pathways[pathways["direction"] == metric.direction]
    packages = _left(instance, "packages", line, ("package", "bed_type"))
    if metric.is_in_beds:
        packages = packages[packages["setting"] == "bed"]
    some = (localities, pathways, packages, *((hospitals,) if named else ()))
    return not any(rows.empty for rows in some)


def _left(instance: Instance, table: str, line: Line, columns: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a table of the instance that a target's filters leave."""
    rows = instance.table(table)
    for column in columns:
        rows = rows[matches(instance, rows, column, line[column])]
    return rows
