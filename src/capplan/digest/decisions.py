"""What to commission where, from when, and by when to decide."""

from __future__ import annotations

import pandas as pd

from capplan import cells, wording
from capplan.digest.names import Names, display_names, name_of
from capplan.results.tables import ACUTE_WARD
from capplan.sections import Grid, Row, Section, grid, without_empty
from capplan.solved import Solved

SHOWN = 8
COLUMNS = ("decide by", "what", "where", "change", "from", "one-off", "full year")
EVERY = ("decide by", "what", "where", "with", "change", "from", "one-off", "part year", "full year")


def to_sign(plan: Solved) -> Section | None:
    """The decisions that weigh most (by what they cost in a full year), in the order in which they are due."""
    if plan.is_as_is:
        return None
    table = plan.tables["decisions"]
    if table.empty:
        lines = ("Nothing changes: today's capacity stays as it is.", *_schemes(plan))
        return Section("What to commission", lines)
    weight = table["full_year_gbp"].abs().fillna(0.0)
    heaviest = table.loc[weight.sort_values(ascending=False, kind="stable").index[:SHOWN]]
    rows = _rows(plan, heaviest.sort_values(["decide_by", "from", "what", "where"]))
    first = wording.date(min(table["decide_by"]))
    line = f"{wording.count(len(table), 'decision')}, the first by {first}."
    more = "" if len(table) <= SHOWN else f"… and {len(table) - SHOWN} smaller ones (see decisions.csv)"
    return Section(
        "What to commission", (line, *_schemes(plan)), Grid(COLUMNS, tuple(map(tuple, rows)), more)
    )


def every(plan: Solved) -> Grid:
    """Every decision in the order in which it is due, with whom, and its cost once, this year and in a full one."""
    table = plan.tables["decisions"].sort_values(["decide_by", "from", "what", "where"])
    part_year = map(cells.money_change, table["part_year_gbp"])
    rows = [
        (*row[:3], provider, *row[3:6], this_year, row[6])
        for row, provider, this_year in zip(_rows(plan, table), table["provider"], part_year, strict=True)
    ]
    return grid(*without_empty(EVERY, rows))


def _rows(plan: Solved, table: pd.DataFrame) -> list[Row]:
    names = display_names(plan.instance)
    return [
        (
            cells.date(row["decide_by"]),
            *what_and_where(names, row["what"], row["where"]),
            cells.change(row["change"]),
            cells.date(row["from"]),
            cells.money(row["one_off_gbp"]),
            cells.money_change(row["full_year_gbp"]),
        )
        for row in table.to_dict("records")
    ]


def _schemes(plan: Solved) -> list[str]:
    """Which schemes start when and where, and which of those that could start do not."""
    rows = plan.instance.table("schemes")
    choices = list(rows.loc[~rows["is_live"], "scheme"])
    names = display_names(plan.instance)
    table = plan.tables["decisions"]
    started = table[table["what"].isin(choices)].sort_values(["from", "what", "where"])
    starts = [
        _start(names, str(scheme), str(day), list(group["where"]))
        for (day, scheme), group in started.groupby(["from", "what"], sort=False)
    ]
    idle = [names["schemes"][scheme] for scheme in choices if scheme not in set(started["what"])]
    lines = [f"Schemes to start: {wording.listed(starts, SHOWN, '; ')}."] if starts else []
    return lines + ([f"Not started: {wording.listed(idle, SHOWN)}."] if idle else [])


def _start(names: Names, scheme: str, day: str, where: list[str]) -> str:
    places = wording.listed([names["localities"][locality] for locality in where if locality])
    return f"{names['schemes'][scheme]}{f' in {places}' if places else ''} from {wording.short_date(day)}"


def what_and_where(names: Names, what: str, where: str) -> tuple[str, str]:
    """What a decision is about and where, as people call them."""
    if what == ACUTE_WARD:
        return "acute ward", name_of(names, where, "hospitals")
    return name_of(names, what, "bed_types", "roles", "shift_types", "schemes"), (
        name_of(names, where, "sites", "localities") or "everywhere"
    )
