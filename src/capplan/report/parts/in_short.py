"""The plan in a paragraph of plain words with the numbers in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pandas as pd

from capplan import wording
from capplan.digest import how_good
from capplan.digest.capacity import amounts
from capplan.digest.decisions import what_and_where
from capplan.digest.names import Names, display_names
from capplan.horizon import Horizon
from capplan.report.blocks import Part
from capplan.report.subject import Subject
from capplan.results.cost_items import NOTIONAL
from capplan.solved import Solved

LARGEST = 4


def in_short(subject: Subject) -> Part:
    """What to commission and why: cost, targets, capacity, people, and what comes first."""
    plan = subject.plan
    paragraphs = (
        " ".join([_cost(plan), *_targets(plan)]),
        " ".join([_capacity(plan), _people(plan)]),
        " ".join([*_decisions(plan), *how_good(plan)]),
    )
    return Part("In short", paragraphs)


def paid(plan: Solved) -> float:
    """What somebody pays over the whole plan [£, cash]."""
    costs = plan.tables["costs"]
    return float(costs.loc[~costs["item"].isin(NOTIONAL), "gbp"].sum())


def _cost(plan: Solved) -> str:
    horizon = Horizon.of(plan.instance.settings)
    last = horizon.starts[-1] - datetime.timedelta(days=1)
    when = f"From {wording.date(horizon.periods[0])} to {wording.date(last.isoformat())}"
    costs = paid(plan)
    if plan.is_as_is:
        return f"{when} today's capacity costs {wording.money(costs)}."
    if plan.today is None:
        return (
            f"{when} the plan costs {wording.money(costs)}; today's capacity gives no plan to compare with."
        )
    before = paid(plan.today)
    more = "more" if costs >= before else "less"
    return (
        f"{when} the plan costs {wording.money(costs)}, {wording.money(abs(costs - before))} {more} "
        f"than today's capacity ({wording.money(before)})."
    )


def _targets(plan: Solved) -> Iterator[str]:
    table = plan.tables["targets"]
    imposed = table[table["is_imposed"].astype(bool) & table["required"].notna()]
    if imposed.empty or plan.is_as_is:
        return
    total, missed = (
        imposed["target"].nunique(),
        imposed.loc[~imposed["is_met"].astype(bool), "target"].nunique(),
    )
    every = {1: "its one imposed target", 2: "both imposed targets"}
    met = every.get(total, f"all {total} imposed targets")
    if missed:
        met = f"{total - missed} of {wording.count(total, 'imposed target')}"
    today = "" if plan.today is None else f" (today's capacity: {_met_today(imposed)} of {total})"
    yield f"It meets {met}{today}."


def _met_today(imposed: pd.DataFrame) -> str:
    """How many imposed targets today's capacity meets in every window."""
    signs = imposed["sense"].map({"min": 1.0, "max": -1.0})
    short = signs * (imposed["required"] - imposed["today_gives"])
    missed = imposed.loc[~(short <= 1e-6 * imposed["required"].abs().clip(lower=1.0)), "target"].nunique()
    met = imposed["target"].nunique() - missed
    return wording.number(met) if met else "none"


def _capacity(plan: Solved) -> str:
    end = wording.date(Horizon.of(plan.instance.settings).periods[-1])
    totals: dict[str, tuple[float, float]] = {}
    for _, before, then, unit in amounts(plan):
        now, later = totals.get(unit, (0.0, 0.0))
        totals[unit] = now + before, later + then
    sums = [f"{wording.number(then)} {unit}{_change(then - now)}" for unit, (now, then) in totals.items()]
    return f"Open from {end}: {wording.listed(sums)}." if sums else ""


def _change(difference: float) -> str:
    return f" ({wording.signed(difference)} on today)" if abs(difference) > wording.DUST else " (as today)"


def _people(plan: Solved) -> str:
    table = plan.tables["waiting"]
    sums = table[["referrals", "starts", "unmet"]].sum()
    at_end = table.loc[table["period"] == table["period"].max(), "waiting_at_end"].sum()
    before = ""
    if plan.today is not None:
        before = f" ({wording.number(plan.today.tables['waiting']['starts'].sum())} with today's capacity)"
    return (
        f"Of {wording.count(sums['referrals'], 'person', 'people')} referred, {wording.number(sums['starts'])} start "
        f"care{before}; {wording.number(sums['unmet'])} go without and {wording.number(at_end)} still wait at the end."
    )


def _decisions(plan: Solved) -> Iterator[str]:
    table = plan.tables["decisions"]
    if plan.is_as_is:
        return
    if table.empty:
        yield "Nothing has to be signed: today's capacity stays as it is."
        return
    first = wording.date(min(table["decide_by"]))
    due = wording.sentence(wording.count(len(table), "decision has", "decisions have"))
    yield f"{due} to be signed, the first by {first}. The largest: {wording.listed(_largest(plan), LARGEST, '; ')}."


def _largest(plan: Solved) -> list[str]:
    """What changes most, in a full year's cost, with all its places and dates together."""
    table, names = plan.tables["decisions"], display_names(plan.instance)
    weight = (
        table["full_year_gbp"].abs().groupby(table["what"]).sum().sort_values(ascending=False, kind="stable")
    )
    return [_all_of(plan, names, table[table["what"] == what]) for what in weight.index[:LARGEST]]


def _all_of(plan: Solved, names: Names, rows: pd.DataFrame) -> str:
    """+28 Rehab support worker (north, south and 2 more; from 1 May 2017; +£700,000 in a full year)."""
    named = [what_and_where(names, *pair) for pair in zip(rows["what"], rows["where"], strict=True)]
    places = wording.listed(list(dict.fromkeys(where for _, where in named)), 3)
    change, gbp = (float(rows[column].sum()) for column in ("change", "full_year_gbp"))
    first = rows["what"].iloc[0]
    facts = [
        places,
        f"from {wording.date(min(rows['from']))}",
        *(["for leavers too"] if _leave(plan, first) else []),
        f"{wording.signed(gbp, wording.money)} in a full year",
    ]
    if first in names["schemes"]:
        return f"{named[0][0]} ({'; '.join(facts)})"
    more = f"{wording.signed(change)} {named[0][0]}"
    what = more if abs(change) > wording.DUST else f"no more of {named[0][0]}, but at other places"
    return f"{what} ({'; '.join(facts)})"


def _leave(plan: Solved, what: str) -> bool:
    """Whether it is a role in which people leave, so that some recruits take the place of others."""
    roles = plan.instance.table("roles")
    return bool((roles.loc[roles["role"] == what, "turnover_per_year"] > 0).any())
