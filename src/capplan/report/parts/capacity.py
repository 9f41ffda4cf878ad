"""Capacity: decisions to sign, what is then open over time, and acute beds that are freed."""

from __future__ import annotations

import pandas as pd

from capplan import cells, wording
from capplan.digest import capacity, decisions
from capplan.digest.names import Names, display_names, name_of
from capplan.horizon import Horizon
from capplan.report.blocks import Block, Part, Table, part_of
from capplan.report.charts import Measure, over_time
from capplan.report.subject import Subject
from capplan.sections import Row, grid
from capplan.solved import Solved

OPEN = {
    "beds": ("site", "bed_type", "beds_open", Measure("beds open"), "Beds open by site"),
    "staff": ("locality", "role", "wte", Measure("whole-time equivalents in post"), "Posts by team"),
    "shifts": ("locality", "shift_type", "shifts_on_duty", Measure("crews on duty"), "Crews on duty by team"),
}
"""Result table: where, what, number, its measure, caption."""
MOST_DATES = 6
TODAY = {"beds": ("site_beds", "beds"), "staff": ("staff", "wte"), "shifts": ("shifts", "shifts")}


def what_to_sign(subject: Subject) -> Part | None:
    """Every decision in the order in which it is due."""
    plan = subject.plan
    section = decisions.to_sign(plan)
    if section is None:
        return None
    grid = decisions.every(plan)
    table = Table("Every decision, in the order in which it is due", grid)
    return Part(section.heading, section.lines, (table,) if grid.rows else ())


def over_time_rows(plan: Solved, names: Names, table: str) -> pd.DataFrame:
    """A result table as rows of a chart (period, series, amount), added up by site or team."""
    where, what, amount, *_ = OPEN[table]
    frame = plan.tables[table]
    teams = frame[where].map(lambda key: place(names, key))
    series = teams if table == "beds" else teams + ", " + frame[what].map(lambda key: resource(names, key))
    return pd.DataFrame({"period": frame["period"], "series": series, "amount": frame[amount]})


def place(names: Names, key: str) -> str:
    """A site or team as people call it."""
    return "one team for all" if key == "all" else name_of(names, key, "sites", "localities")


def resource(names: Names, key: str) -> str:
    """A bed type, role or shift type as people call it."""
    return name_of(names, key, "bed_types", "roles", "shift_types")


def what_is_open(subject: Subject) -> Part | None:
    """Beds, posts and crews at the end beside today's, then over time by site and team."""
    plan = subject.plan
    names = display_names(plan.instance)
    blocks: list[Block | None] = []
    for table, (_, _, _, measure, caption) in OPEN.items():
        blocks.append(over_time(over_time_rows(plan, names, table), measure, caption, is_stacked=True))
        blocks.append(_changes(plan, names, table))
    return part_of([capacity.at_the_end(plan)], "Capacity over time", *blocks)


def _changes(plan: Solved, names: Names, table: str) -> Table | None:
    """Site or team and resource, today and at every date on which anything changes."""
    where, what, amount, _, caption = OPEN[table]
    wide = plan.tables[table].pivot_table(index=[where, what], columns="period", values=amount, sort=True)
    if wide.empty:
        return None
    source, before = TODAY[table]
    today = plan.instance.table(source).groupby([where, what])[before].sum()
    wide = wide[(wide.abs() > 0).any(axis="columns") | (today.reindex(wide.index).fillna(0.0) > 0)]
    dates = _dates_to_show(wide, Horizon.of(plan.instance.settings))
    rows: list[Row] = [
        (
            place(names, key[0]),
            resource(names, key[1]),
            cells.number(today.get(key, 0.0)),
            *map(cells.number, row),
        )
        for key, row in zip(wide.index, wide[dates].to_numpy(), strict=True)
    ]
    columns = ("site" if table == "beds" else "team", "what", "today", *map(wording.short_date, dates))
    return Table(f"{caption}, over time", grid(columns, rows))


def _dates_to_show(wide: pd.DataFrame, horizon: Horizon) -> list[str]:
    """Dates of changes; where there are many, those of decisions, or the first of each financial year, and the last."""
    is_new = wide.diff(axis="columns").abs().gt(1e-6).any()
    every = list(wide.columns)
    changes = [period for n, period in enumerate(every) if n == 0 or is_new[period]]
    decisions = [horizon.periods[t] for t in horizon.decision_points]
    years = [period for n, period in enumerate(every) if n == 0 or horizon.years[n] != horizon.years[n - 1]]
    choices = [changes, sorted({*decisions, every[-1]}), sorted({*years, every[-1]})]
    return next((dates for dates in choices if len(dates) <= MOST_DATES), choices[-1])


def beds_freed(subject: Subject) -> Part | None:
    """Wards that close, and acute beds freed beyond the baselines over time."""
    plan = subject.plan
    table = plan.tables.get("acute")
    if table is None or table.empty:
        return None
    names = display_names(plan.instance)
    rows = table.assign(
        series=table["hospital"].map(lambda key: name_of(names, key, "hospitals")), amount=table["beds_freed"]
    )
    chart = over_time(
        rows,
        Measure("acute beds freed, mean of the period"),
        "Acute beds freed beyond the baseline",
        is_stacked=False,
    )
    return part_of([capacity.wards(plan)], "Acute beds", chart)
