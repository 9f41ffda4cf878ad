"""People in a solved model, every locality and hospital apart again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan import modelling as pyo
from capplan.demand import Demand
from capplan.formulation.model import Model
from capplan.formulation.schemes.go_live import went_live
from capplan.parameters.loads import Load
from capplan.parameters.streams import Split, split
from capplan.results.rounding import SMALL
from capplan.results.tables import ACCESS, CASELOAD, STARTS, WAITING


def value(variable: pyo.VarData) -> float:
    """The variable's value in the plan; 0 for solver dust and for variables that the solver never saw."""
    number = float(variable.value or 0.0)
    return 0.0 if abs(number) < SMALL else number


@dataclass(frozen=True)
class People:
    """Starts, waiting and unmet need of a solved model, split over localities and hospitals.

    `starts` maps (locality, hospital, pathway, course, site) to people by period, `waiting` and `unmet` map
    (locality, hospital, pathway); `splits` holds how each stream was divided. Arrays have one number a period.
    `demand` is who is referred with the plan's schemes.
    """

    starts: dict[tuple[str, str, str, str, str], np.ndarray]
    waiting: dict[tuple[str, str, str], np.ndarray]
    unmet: dict[tuple[str, str, str], np.ndarray]
    splits: dict[tuple[str, str, str], Split]
    demand: Demand


def people(m: Model) -> People:
    """Reads the streams of a solved model and splits them (`capplan.parameters.streams.split`)."""
    demand = m.data.schemes.demand_when(went_live(m))
    flows = People({}, {}, {}, {}, demand)
    for stream in m.data.streams:
        by_option = {o: _series(m, m.starts, (*stream.key, o.course, o.site)) for o in stream.options}
        nobody = np.zeros(len(m.PERIODS))
        starts = sum(by_option.values(), start=nobody)
        refused = sum((m.data.refused_per_start[o.course] * n for o, n in by_option.items()), start=nobody)
        parts = split(stream, demand, starts, _series(m, m.unmet, stream.key) + refused)
        flows.splits[stream.key] = parts
        for n, (i, h) in enumerate(stream.members):
            key = demand.localities[i], demand.hospitals[h], stream.pathway
            flows.waiting[key], flows.unmet[key] = parts.waiting[n], parts.unmet[n]
            for o, total in by_option.items():
                flows.starts[*key, o.course, o.site] = parts.share_of_starts[n] * total
    return flows


def _series(m: Model, variable: pyo.Var, key: tuple[str, ...]) -> np.ndarray:
    return np.array([value(variable[*key, t]) for t in m.PERIODS])


def at_home(m: Model, flows: People) -> dict[str, dict[tuple[str, str], np.ndarray]]:
    """`caseload`: person-days at home of those who started in the plan; `onward_starts`: who comes to a later stage.

    Each by (locality, stage) and period, whatever was started where.
    """
    days, later = m.data.bed_days_per_start, m.data.onward_starts
    return {"caseload": _sums(m, flows, days), "onward_starts": _sums(m, flows, later)}


def caseload(m: Model, flows: People) -> dict[tuple[str, str], np.ndarray]:
    """People in care by (locality they live in, package) and period; locality "" where that is not known."""
    loads = m.data.bed_days_per_start
    days: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(len(m.PERIODS)))
    for (locality, stage), series in _sums(m, flows, loads).items():
        days[locality, m.data.stages[stage].package] += series
    for (locality, _, stage), count in m.data.census.items():
        days[locality, m.data.stages[stage].package] += count * loads[stage].per_census
    return {key: series / m.days for key, series in days.items()}


def _sums(m: Model, flows: People, loads: Mapping[str, Load]) -> dict[tuple[str, str], np.ndarray]:
    """What starts come to by (locality, stage) and period, for the stages that have a load."""
    starts: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(len(m.PERIODS)))
    for (locality, _, _, package, _), series in flows.starts.items():
        starts[locality, package] += series
    return {
        (locality, stage.key): series @ loads[stage.key].per_start
        for (locality, package), series in starts.items()
        for stage in m.data.courses[package]
        if stage.key in loads
    }


def success_of_options(m: Model) -> dict[tuple[str, str, str, str, str], float]:
    """Probability of success by (locality, hospital, pathway, course, site)."""
    demand = m.data.demand
    return {
        (demand.localities[i], demand.hospitals[h], stream.pathway, o.course, o.site): o.success
        for stream in m.data.streams
        for i, h in stream.members
        for o in stream.options
    }


def starts_table(m: Model, flows: People) -> pd.DataFrame:
    """The rows of `results.tables.STARTS`, which states key, columns and units."""
    success = success_of_options(m)
    sums: dict[tuple[str, ...], np.ndarray] = defaultdict(lambda: np.zeros((2, len(m.PERIODS))))
    for option, series in flows.starts.items():
        *who, package, site = option
        sums[*who, m.data.stages[package].package, site] += np.array([series, series * success[option]])
    rows = [
        (*key, m.data.horizon.periods[t], people[t], successes[t])
        for key, (people, successes) in sums.items()
        for t in np.flatnonzero(people > SMALL)
    ]
    return STARTS.frame(rows).sort_values(list(STARTS.key), ignore_index=True)


def waiting_table(m: Model, flows: People) -> pd.DataFrame:
    """The rows of `results.tables.WAITING`, which states key, columns and units."""
    demand, frames = flows.demand, []
    starts: dict[tuple[str, ...], np.ndarray] = defaultdict(lambda: np.zeros(len(m.PERIODS)))
    for option, series in flows.starts.items():
        starts[option[:3]] += series
    for person in sorted(flows.waiting):
        l, hospital, pathway = person
        i, h = demand.localities.index(l), demand.hospitals.index(hospital)
        p = demand.pathways.index(pathway)
        referrals, at_end = demand.referrals[i, h, p], flows.waiting[person]
        before = np.append(demand.waiting[i, h, p], at_end[:-1])
        delayed = m.days * (before + at_end) / 2
        frames.append(
            pd.DataFrame(
                {
                    "locality": l,
                    "hospital": hospital,
                    "pathway": pathway,
                    "period": m.data.horizon.periods,
                    "referrals": referrals,
                    "starts": starts[person],
                    "unmet": flows.unmet[person],
                    "waiting_at_end": at_end,
                    "mean_wait_days": _ratio(delayed, referrals),
                    "delayed_days": delayed,
                }
            )
        )
    return WAITING.frame(pd.concat(frames) if frames else [])


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part, dtype=float), where=whole > 0))


def caseload_table(m: Model, flows: People) -> pd.DataFrame:
    """The rows of `results.tables.CASELOAD`, which states key, columns and units."""
    rows = [
        (*key, m.data.horizon.periods[t], float(series[t]))
        for key, series in sorted(caseload(m, flows).items())
        for t in m.PERIODS
    ]
    return CASELOAD.frame(rows)


def access_table(m: Model, waiting: pd.DataFrame) -> pd.DataFrame:
    """The rows of `results.tables.ACCESS`, which states key, columns and units."""
    sums = waiting.groupby(["locality", "pathway"], as_index=False)[["starts", "referrals"]].sum()
    population = m.data.instance.localities.set_index("locality")["population_65_plus"]
    thousands = sums["locality"].map(population).to_numpy(dtype=float) / 1000
    years = m.months.sum() / 12
    with np.errstate(divide="ignore", invalid="ignore"):
        per_1000 = sums["starts"].to_numpy() / thousands / years
    sums["starts_per_1000_65_plus"] = np.where(np.isfinite(per_1000), per_1000, np.nan)
    sums["served_share"] = _ratio(sums["starts"].to_numpy(), sums["referrals"].to_numpy())
    return ACCESS.frame(sums.drop(columns="referrals"))
