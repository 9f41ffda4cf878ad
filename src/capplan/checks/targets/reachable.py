"""Targets that ask for more than referrals or beds allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import problem
from capplan.checks.targets.filters import Chosen, choose, members
from capplan.errors import Problem, Severity
from capplan.horizon import Horizon
from capplan.parameters.eligible_rows import EligiblePackage
from capplan.results.metrics import METRICS, Quantity, metrics_with


def target_above_referrals(facts: Facts) -> Iterator[Problem]:
    """A target asks for more people than are referred while it holds and its packages suit and help."""
    yield from _first_of_members(facts, _above_referrals)


def _first_of_members(
    facts: Facts, problem_of: Callable[[Facts, int, Mapping[str, Any], Mapping[str, Any]], Problem | None]
) -> Iterator[Problem]:
    """The first problem that any member of each target has."""
    for row, target in _floors(facts):
        problems = (problem_of(facts, row, target, member) for member in members(facts, target))
        yield from islice(filter(None, problems), 1)


def _above_referrals(
    facts: Facts, row: int, target: Mapping[str, Any], member: Mapping[str, Any]
) -> Problem | None:
    left = choose(facts, member)
    held = periods_held(facts.horizon, target)
    referred, possible = _people(facts, left, str(target["metric"]), held)
    wanted = required(facts.horizon, target)[held].sum()
    if METRICS[target["metric"]].is_ratio:
        wanted = wanted / max(held.sum(), 1) * referred
    if wanted <= possible * (1 + 1e-9) + 1e-9 or not held.any():
        return None
    months = facts.horizon.months[held].sum()
    who = _member(target, member)
    return problem(
        "targets",
        f"'{target['target']}'{who} asks for {wording.figures(wanted / months)} people a month; "
        f"{wording.figures(referred / months)} a month are referred while it holds, of whom its packages can bring "
        f"at most {wording.figures(possible / months)}{_consequence(target)}",
        row=row,
        column="value",
        value=target["value"],
        now="look at the unit of the target, at referrals, and at share_max and success in eligibility",
        severity=Severity.WARNING,
    )


def target_above_beds(facts: Facts) -> Iterator[Problem]:
    """A target asks for more people in beds than all beds allowed can carry at their stays and occupancy."""
    yield from _first_of_members(facts, _above_beds)


def _above_beds(
    facts: Facts, row: int, target: Mapping[str, Any], member: Mapping[str, Any]
) -> Problem | None:
    left, held = choose(facts, member), periods_held(facts.horizon, target)
    options = [option for option in facts.eligible if left.starts(facts, option).any()]
    if not options or any(option.at_home for option in options) or not held.any():
        return None
    wanted = required(facts.horizon, target)[held].sum()
    if METRICS[target["metric"]].is_ratio:
        wanted = wanted / held.sum() * _people(facts, left, str(target["metric"]), held)[0]
    beds = _bed_types(facts, left, options)
    days, months = facts.horizon.days[held].sum(), facts.horizon.months[held].sum()
    people_per_day = beds["occupancy"] / beds["stay"] * _success(facts, left, options, str(target["metric"]))
    possible = (beds["beds"] * people_per_day).sum() * days
    if wanted <= possible * (1 + 1e-9) or people_per_day.max() == 0:
        return None
    best = beds.loc[people_per_day.idxmax()]
    needed = np.ceil(wanted / days / people_per_day.max() - 1e-9)
    return problem(
        "targets",
        f"'{target['target']}'{_member(target, member)} asks for {wording.figures(wanted / months)} people a month; "
        f"the most beds allowed ({wording.exact(beds['beds'].sum())}) carry {wording.figures(possible / months)} a "
        f"month at stays of {wording.exact(best['stay'])} days and occupancy {wording.share(best['occupancy'])}: "
        f"{wording.number(needed)} beds would be needed"
        f"{_consequence(target)}",
        row=row,
        column="value",
        value=target["value"],
        now="raise beds_max (or the limit on these beds), shorten stays, or lower the target",
        severity=Severity.WARNING,
    )


def _bed_types(facts: Facts, left: Chosen, options: list[EligiblePackage]) -> pd.DataFrame:
    """Bed types that the options use: most beds allowed, shortest stay [days], occupancy allowed."""
    packages = facts.table("packages").set_index("package")
    stay = packages.loc[sorted({option.package for option in options})].groupby("bed_type")["stay_days"].min()
    return pd.DataFrame(
        {
            "beds": {bed_type: _beds_allowed(facts, bed_type, left) for bed_type in stay.index},
            "stay": stay,
            "occupancy": facts.table("bed_types").set_index("bed_type")["occupancy_max"].reindex(stay.index),
        }
    )


def _success(facts: Facts, left: Chosen, options: list[EligiblePackage], metric: str) -> float:
    """Greatest probability with which a start counts."""
    if not METRICS[metric].is_by_success:
        return 1.0
    return float(max(facts.of_row("success", o)[left.starts(facts, o)].max() for o in options))


def _floors(facts: Facts) -> Iterator[tuple[int, dict[str, Any]]]:
    """Targets that ask for at least so many people or so large a share of them; row, columns.

    None where schemes may change who is referred, how long they stay or how many it helps.
    """
    effects = facts.table("scheme_effects")
    if ((effects["multiply"] != 1) | (effects["add"] != 0)).any():
        return
    targets = facts.table("targets")
    floors = targets[
        (targets["sense"] == "min")
        & targets["value"].notna()
        & targets["metric"].isin(metrics_with(quantity=Quantity.STARTS))
    ]
    fits = (floors["unit"] == "share") == floors["metric"].isin(metrics_with(is_ratio=True))
    has_level = (floors["value_is"] == "level") | floors["baseline"].notna()
    floors = floors[fits & has_level]
    yield from ((int(row), target) for row, target in floors.to_dict("index").items())


def periods_held(horizon: Horizon, target: Mapping[str, Any]) -> np.ndarray:
    """Periods whose first day lies within the target's dates: array (period)."""
    begins = pd.DatetimeIndex(horizon.starts[:-1])
    held = np.ones(len(begins), dtype=bool)
    if pd.notna(target["from"]):
        held &= begins >= pd.Timestamp(target["from"])
    if pd.notna(target["to"]):
        held &= begins <= pd.Timestamp(target["to"])
    return held


def required(horizon: Horizon, target: Mapping[str, Any]) -> np.ndarray:
    """What the target asks for in each period, as if spread evenly: people or a share; array (period)."""
    held, value = periods_held(horizon, target), _value(horizon, target)
    months = horizon.months * held
    window = target["window"] if pd.notna(target["window"]) else "horizon"
    per = {
        "per_day": horizon.days,
        "per_week": horizon.days / 7,
        "per_month": horizon.months,
        "per_year": horizon.months / 12,
        "share": np.ones(len(horizon)),
        "total": {
            "each": np.ones(len(horizon)),
            "year": horizon.months / 12,
            "horizon": months / max(months.sum(), 1e-9),
        }[str(window)],
    }[str(target["unit"])]
    amounts: np.ndarray = value * per * held
    return amounts


def _value(horizon: Horizon, target: Mapping[str, Any]) -> np.ndarray:
    """The value in each period, the ramp and the baseline of an increase included."""
    base = float(target["baseline"]) if target["value_is"] == "increase" else 0.0
    value = float(target["value"]) + base
    if pd.isna(target["ramp_from"]) or pd.isna(target["ramp_until"]):
        return np.full(len(horizon), value)
    begin = horizon.dates[0] if pd.isna(target["from"]) else pd.Timestamp(target["from"])
    low = float(target["ramp_from"]) + base
    risen = (horizon.dates - begin) / (pd.Timestamp(target["ramp_until"]) - begin)
    per_day = low + (value - low) * np.clip(risen.to_numpy(dtype=float), 0, 1)
    value_by_period: np.ndarray = horizon.sum_by_period(per_day) / horizon.days
    return value_by_period


def _people(facts: Facts, left: Chosen, metric: str, held: np.ndarray) -> tuple[float, float]:
    """People referred whom the filters leave, and the most that packages can bring, those waiting included.

    The packages with the greatest success come first, each up to its share_max.
    """
    referred = possible = 0.0
    waiting = facts.table("waiting")
    for pathway in left.pathways.index[left.pathways]:
        people = facts.people(pathway)[left.localities][:, left.hospitals][:, :, held].sum(axis=2)
        best = best_share(facts, left, pathway, metric)[left.localities][:, left.hospitals]
        referred += people.sum()
        possible += (people * best).sum()
        possible += waiting.loc[waiting["pathway"] == pathway, "people"].sum() * best.max(initial=0.0)
    return referred, possible


def best_share(facts: Facts, left: Chosen, pathway: str, metric: str) -> np.ndarray:
    """Greatest share of the people referred that the metric can count: array (locality, hospital)."""
    shape = (len(facts.axes.localities), len(facts.axes.hospitals))
    shares, successes = [np.zeros(shape)], [np.zeros(shape)]
    for option in facts.eligible:
        if option.pathway == pathway:
            able = left.starts(facts, option)
            shares.append((facts.of_row("share_max", option) * able).max(axis=2, initial=0.0))
            successes.append((facts.of_row("success", option) * able).max(axis=2, initial=0.0))
    share, success = np.stack(shares), np.stack(successes)
    if not METRICS[metric].is_by_success:
        return np.asarray(np.minimum(share.sum(axis=0), 1.0))
    order = np.argsort(-success, axis=0, kind="stable")
    taken = np.minimum(np.take_along_axis(share, order, axis=0).cumsum(axis=0), 1.0)
    each = np.diff(taken, axis=0, prepend=0.0)
    best: np.ndarray = (each * np.take_along_axis(success, order, axis=0)).sum(axis=0)
    return best


def _beds_allowed(facts: Facts, bed_type: str, left: Chosen) -> float:
    """Most beds of a type at the sites that the filters leave, no more than a limit on all of them allows."""
    most = facts.beds_possible
    mine = most[most.index.get_level_values("bed_type") == bed_type]
    beds = mine[mine.index.get_level_values("site").isin(facts.axes.sites[left.sites])].sum()
    limits = facts.table("limits")
    whole = limits[["locality", "network", "site", "kind", "provider", "from", "to"]].isna().all(axis=1)
    on_all = limits.loc[whole & (limits["resource"] == bed_type), "max"].min()
    units = facts.table("site_beds")
    spot_prices = units.loc[
        units["bed_type"] == bed_type, [f"spot_bed_{unit}_gbp" for unit in ("day", "month", "year")]
    ]
    return float(beds if spot_prices.notna().any(axis=None) else np.fmin(beds, on_all))


def _member(target: Mapping[str, Any], member: Mapping[str, Any]) -> str:
    return "" if pd.isna(target["for_each"]) else f" for {member[str(target['for_each'])]}"


def _consequence(target: Mapping[str, Any]) -> str:
    hard = target["is_imposed"] and pd.isna(target["shortfall_gbp"])
    return "; it is imposed without a price of shortfall, so that there may be no plan at all" if hard else ""


RULES = (target_above_referrals, target_above_beds)
