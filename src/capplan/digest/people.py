"""People referred, started, waiting and going without: by pathway, and how much care each locality gets."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas as pd

from capplan import cells, wording
from capplan.digest.names import display_names
from capplan.horizon import Horizon
from capplan.sections import Row, Section, grid, without_empty
from capplan.solved import Solved

SHOWN = 10
PATHWAY_COLUMNS = ("pathway", "referred", "start", "go without", "days waited", "waiting at the end")
LOCALITY_COLUMNS = (
    "locality",
    "aged 65 and over",
    "referred",
    "start",
    "share served",
    "go without",
    "starts per 1,000",
    "today",
)


def by_pathway(plan: Solved, at_most: int = SHOWN) -> Section | None:
    """One row per pathway, with the starts of today's capacity beside the plan's."""
    now = _sums_by_pathway(plan)
    if now.empty:
        return None
    names = display_names(plan.instance)["pathways"]
    today = None if plan.today is None else _sums_by_pathway(plan.today)["starts"]
    rows = [_pathway_row(names[str(pathway)], row, today) for pathway, row in now.iterrows()]
    columns = (
        PATHWAY_COLUMNS if today is None else (*PATHWAY_COLUMNS[:2], "start today", *PATHWAY_COLUMNS[2:])
    )
    return Section("People", (_opening(plan), _end(plan)), grid(columns, rows, at_most, "waiting.csv"))


def _sums_by_pathway(plan: Solved) -> pd.DataFrame:
    table = plan.tables["waiting"]
    sums = table.groupby("pathway")[["referrals", "starts", "unmet", "delayed_days"]].sum()
    last = table[table["period"] == table["period"].max()]
    return sums.assign(at_end=last.groupby("pathway")["waiting_at_end"].sum())


def _pathway_row(name: str, row: pd.Series, today: pd.Series | None) -> Row:
    counts = [cells.number(row[column]) for column in ("starts", "unmet", "delayed_days", "at_end")]
    before = [] if today is None else [cells.number(today.get(row.name, 0.0))]
    return (name, cells.number(row["referrals"]), *before, *counts)


def _opening(plan: Solved) -> str:
    """Who is in care when the plan begins."""
    settings = plan.instance.settings
    start = wording.date(settings.start.isoformat())
    if settings.opening == "empty":
        return f"Nobody is in care on {start} (opening = empty)."
    if settings.opening == "census":
        people = wording.count(
            float(plan.instance.table("census")["people"].sum()), "person is", "people are"
        )
        return f"{people} in care on {start}, from the table census."
    return (
        f"Before {start} people are assumed to have started care as in the first period (opening = steady)."
    )


def _end(plan: Solved) -> str:
    """Who is still in care or waiting at the end of the last period."""
    horizon = Horizon.of(plan.instance.settings)
    last = horizon.periods[-1]
    caseload, waiting = plan.tables["caseload"], plan.tables["waiting"]
    in_care = caseload.loc[caseload["period"] == last, "people_in_care"].sum()
    at_end = waiting.loc[waiting["period"] == last, "waiting_at_end"].sum()
    day = wording.date((horizon.starts[-1] - datetime.timedelta(days=1)).isoformat())
    return (
        f"In the last period {wording.count(in_care, 'person is', 'people are')} in care on average, and "
        f"{wording.count(at_end, 'person waits', 'people wait')} on {day}; "
        "what they need after that is not in this plan."
    )


def by_locality(plan: Solved) -> Section | None:
    """One row per locality: people referred, served and not, and starts a year per 1,000 people aged 65 and over."""
    now = rates(plan)
    if now.empty:
        return None
    names = display_names(plan.instance)["localities"]
    today = None if plan.today is None else rates(plan.today)["rate"]
    rows = [_locality_row(names[str(key)], row, today) for key, row in now.iterrows()]
    return Section(
        "Access by locality", tuple(_spread(now, names)), grid(*without_empty(LOCALITY_COLUMNS, rows))
    )


def rates(plan: Solved) -> pd.DataFrame:
    """By locality: population_65_plus, referrals, starts, unmet [people], rate [starts a year per 1,000 aged 65+],
    by name.
    """
    waiting, access = plan.tables["waiting"], plan.tables["access"]
    sums = waiting[waiting["locality"] != ""].groupby("locality")[["referrals", "starts", "unmet"]].sum()
    population = plan.instance.table("localities").set_index("locality")["population_65_plus"]
    rate = access.groupby("locality")["starts_per_1000_65_plus"].sum(min_count=1)
    names = display_names(plan.instance)["localities"]
    by_locality = sums.assign(population=population.reindex(sums.index), rate=rate.reindex(sums.index))
    return by_locality.loc[sorted(by_locality.index, key=lambda key: names[key].casefold())]


def _locality_row(name: str, row: pd.Series, today: pd.Series | None) -> Row:
    served = row["starts"] / row["referrals"] if row["referrals"] > 0 else float("nan")
    return (
        name,
        cells.number(row["population"]),
        cells.number(row["referrals"]),
        cells.number(row["starts"]),
        cells.whole_share(served),
        cells.number(row["unmet"]),
        cells.number(row["rate"]),
        cells.number(None if today is None else today.get(row.name)),
    )


def _spread(now: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Where most and where least is given."""
    sorted_rates = now["rate"].dropna().sort_values()
    if len(sorted_rates) < 2:
        return []
    ends = [
        f"{names[str(key)]} ({wording.number(sorted_rates[key])})"
        for key in (sorted_rates.index[-1], sorted_rates.index[0])
    ]
    return [f"Starts a year per 1,000 people aged 65 and over: most in {ends[0]}, fewest in {ends[1]}."]
