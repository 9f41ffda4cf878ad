"""Which targets are met, in short and line by line; of today's capacity, what each line of activity comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from capplan import cells, wording
from capplan.cells import Content
from capplan.digest.names import Names, display_names, name_of
from capplan.digest.target_units import as_written, in_its_unit, is_ratio, short_by
from capplan.sections import Grid, Row, Section, grid, without_empty
from capplan.solved import Solved

SHOWN = 6
SCOPES = ("localities", "hospitals", "sites", "pathways", "packages", "bed_types")
COLUMNS = ("target", "where", "when", "today", "asked", "plan", "short by")
ACTIVITY_COLUMNS = ("target", "where", "baseline", "today's capacity gives", "asked in the end")
PROGRESS_COLUMNS = (
    "target",
    "where",
    "baseline",
    "today's capacity",
    "target in the end",
    "plan in the end",
    "met",
)


def targets(plan: Solved, at_most: int = SHOWN) -> Section:
    """Is every target met? Every miss at its worst, then the imposed targets that are met, at their last."""
    table = plan.tables["targets"]
    if table.empty:
        return Section("Targets", ("None: the plan is the cheapest way to serve the people referred.",))
    if plan.is_as_is:
        return _activities(plan, table, 3 * at_most)
    names = display_names(plan.instance)
    valued = table[table["required"].notna()]
    imposed, reported = valued[valued["is_imposed"]], valued[~valued["is_imposed"]]
    lines = (_verdict(imposed), " ".join([*_reported(reported, names["targets"]), *_unvalued(table)]))
    return Section("Targets", tuple(filter(None, lines)), _imposed(plan, imposed, names, at_most))


def _by_target(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield from rows.groupby("target", sort=False)


def _missed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["is_met"].astype(bool)]


def _verdict(imposed: pd.DataFrame) -> str:
    n, total = _missed(imposed)["target"].nunique(), imposed["target"].nunique()
    if not total:
        return "No target is imposed."
    if n:
        return f"{n} of {wording.count(total, 'imposed target')} {'is' if n == 1 else 'are'} missed."
    every = {1: "The one imposed target is", 2: "Both imposed targets are"}
    return f"{every.get(total, f'All {total} imposed targets are')} met."


def _reported(reported: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    if reported.empty:
        return []
    missed = [names[target] for target in _missed(reported)["target"].unique()]
    total = reported["target"].nunique()
    reached = f"Of {wording.count(total, 'target')} only reported, {total - len(missed)} would be met"
    return [f"{reached}; not {wording.listed(missed, 4, '; ')}." if missed else f"{reached}."]


def _unvalued(table: pd.DataFrame) -> list[str]:
    n = table.loc[table["required"].isna(), "target"].nunique()
    return [f"{wording.count(n, 'target has', 'targets have')} no value agreed yet."] if n else []


def _imposed(plan: Solved, imposed: pd.DataFrame, names: Names, at_most: int) -> Grid | None:
    rows = [_worst(plan, rows, names) for _, rows in _by_target(imposed)]
    rows.sort(key=lambda row: not row[-1])
    n_shown = max(at_most, sum(bool(row[-1]) for row in rows))
    return grid(*without_empty(COLUMNS, rows), n_shown, "targets.csv") if rows else None


def _worst(plan: Solved, rows: pd.DataFrame, names: Names) -> Row:
    """One target in its worst window, or where it is tightest in its last where it is met everywhere."""
    missed = _missed(rows)
    row = (missed.loc[missed["shortfall"].idxmax()] if len(missed) else _tightest(rows)).to_dict()
    often = (f", in {len(missed)} of {len(rows)}",) if len(missed) > 1 else ()
    short = short_by(row["metric"], float(missed["shortfall"].sum()), *often) if len(missed) else ""
    written = [in_its_unit(plan, row, row[column]) for column in ("today_gives", "required", "achieved")]
    return (
        name_of(names, row["target"], "targets"),
        name_of(names, row["scope"], *SCOPES),
        _when(row["window"]),
        *written,
        short,
    )


def _tightest(rows: pd.DataFrame) -> pd.Series:
    """Of the rows of the last window the one that is nearest to what is asked."""
    last = rows[rows["window"] == rows["window"].iloc[-1]]
    spare = (last["achieved"] - last["required"]).abs().fillna(float("inf"))
    return last.loc[spare.idxmin()]


def _when(window: str) -> Content:
    if window == "horizon":
        return "whole plan"
    return cells.date(window) if len(window) == len("2017-04-01") else cells.year(window)


def _activities(plan: Solved, table: pd.DataFrame, at_most: int) -> Section:
    """Each line of activity over all its windows, to hold against last year's; nothing is asked of today."""
    names = display_names(plan.instance)
    rows = [_activity(plan, group, names) for _, group in table.groupby(["target", "scope"], sort=False)]
    rows = [row for row in rows if row[2]] or rows  # those with a baseline, if any has one
    line = "What today's capacity gives, beside the baselines of the targets; nothing is asked of it."
    return Section("Activity", (line,), grid(*without_empty(ACTIVITY_COLUMNS, rows), at_most, "targets.csv"))


def _activity(plan: Solved, rows: pd.DataFrame, names: Names) -> Row:
    last: dict[str, Any] = rows.iloc[-1].to_dict()
    windows = () if is_ratio(last) else tuple(rows["window"])
    achieved = last["achieved"] if is_ratio(last) else float(rows["achieved"].sum())
    return (
        name_of(names, last["target"], "targets"),
        name_of(names, last["scope"], *SCOPES),
        as_written(last, last["baseline"]),
        in_its_unit(plan, last, achieved, windows),
        in_its_unit(plan, last, last["required"]),
    )


def line_by_line(plan: Solved) -> Section | None:
    """One row per target and scope at its last window, and whether it is met in all of them."""
    table = plan.tables["targets"]
    if table.empty:
        return None
    names = display_names(plan.instance)
    rows = [_progress(plan, group, names) for _, group in table.groupby(["target", "scope"], sort=False)]
    return Section("From baseline to plan, line by line", (), grid(*without_empty(PROGRESS_COLUMNS, rows)))


def met_of(plan: Solved) -> str:
    """How many of the imposed targets a plan meets in every window: 3 of 4; nothing where none is imposed."""
    table = plan.tables["targets"]
    imposed = table[table["is_imposed"].astype(bool) & table["required"].notna()]
    total = imposed["target"].nunique()
    missed = imposed.loc[~imposed["is_met"].astype(bool), "target"].nunique()
    return f"{total - missed} of {total}" if total else wording.NOTHING


def _progress(plan: Solved, rows: pd.DataFrame, names: Names) -> Row:
    last: dict[str, Any] = rows.iloc[-1].to_dict()
    written = [in_its_unit(plan, last, last[column]) for column in ("today_gives", "required", "achieved")]
    return (
        name_of(names, last["target"], "targets"),
        name_of(names, last["scope"], *SCOPES),
        as_written(last, last["baseline"]),
        *written,
        _met_in(rows),
    )


def _met_in(rows: pd.DataFrame) -> str:
    valued = rows[rows["is_met"].notna() & rows["required"].notna()]
    if valued.empty:
        return "no value agreed"
    n, only = (
        int(valued["is_met"].astype(bool).sum()),
        "" if valued["is_imposed"].any() else " (only reported)",
    )
    if n == len(valued):
        return f"yes{only}"
    return f"no{only}" if len(valued) == 1 else f"in {n} of {wording.number(len(valued))}{only}"
