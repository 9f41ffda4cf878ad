"""What the plan costs by provider, once and every year, and for each discharge and admission avoided."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan import cells, wording
from capplan.digest.sharing import shared_out
from capplan.horizon import Horizon
from capplan.results.cost_items import COST_ITEMS, NOTIONAL
from capplan.sections import Grid, Section, grid, without_empty
from capplan.solved import Solved

ONE_OFF = frozenset(name for name, item in COST_ITEMS.items() if not item.is_recurrent)
"""Items that are paid once; what schemes cost once is among their own."""
BESIDE = ("today", "plan", "difference")


def paid_rows(plan: Solved) -> pd.DataFrame:
    """The rows of `costs` that somebody pays."""
    costs = plan.tables["costs"]
    return costs[~costs["item"].isin(NOTIONAL)]


def by_provider(plan: Solved) -> Section | None:
    """What each provider is paid over the plan, beside today's capacity."""
    now = _by(plan, "provider")
    if not any(now.index):
        return None
    return Section("Who is paid over the plan", (), _beside(plan, "provider", "nobody is named"))


def by_year(plan: Solved) -> Section:
    """What is paid in each financial year: running costs, once, in all, and in all with today's capacity."""
    once, running = _by_year(plan, is_one_off=True), _by_year(plan, is_one_off=False)
    years = list(Horizon.of(plan.instance.settings).share_of_year.items())
    before = None if plan.today is None else _by_year(plan.today)
    rows = [
        (
            cells.year(year, *((" (", cells.counted(share * 12, "month"), ")") if share < 1 - 1e-9 else ())),
            cells.money(running.get(year, 0.0)),
            cells.money(once.get(year, 0.0)),
            cells.money(running.get(year, 0.0) + once.get(year, 0.0)),
            cells.money(None if before is None else before.get(year, 0.0)),
        )
        for year, share in years
    ]
    columns = ("year", "running costs", "paid once", "in all", "today's capacity")
    return Section("By financial year", tuple(_full_year(plan)), grid(*without_empty(columns, rows)))


def per_person(plan: Solved) -> Section | None:
    """What is paid for each discharge and each admission avoided, beside today's capacity."""
    now = _each(plan)
    before = {} if plan.today is None else _each(plan.today)
    if not now:
        return None
    rows = [(name, cells.money(before.get(name)), cells.money(gbp)) for name, gbp in now.items()]
    line = (
        "What is paid is shared out over the people who use it: beds by days, teams and crews by hours, the rest by "
        "starts. Read the results as averages: one person more costs less, or more, than the average."
    )
    table = grid(*without_empty(("paid for", "today", "plan"), rows))
    return Section("For each discharge and admission avoided", (line,), table)


def _each(plan: Solved) -> dict[str, float]:
    """Paid on a direction, over its discharges or its admissions avoided (starts that succeed)."""
    directions = plan.instance.table("pathways").set_index("pathway")["direction"]
    shared = shared_out(plan, paid_rows(plan))
    spent = shared["gbp"].groupby(shared["pathway"].map(directions)).sum()
    starts = plan.tables["starts"]
    direction_of = starts["pathway"].map(directions)
    people = {"a discharge": ("step_down", "people"), "an admission avoided": ("step_up", "successes")}
    found = {}
    for name, (direction, column) in people.items():
        total = float(starts.loc[direction_of == direction, column].sum())
        if total > 0:
            found[name] = float(spent.get(direction, 0.0)) / total
    return found


def _by(plan: Solved, column: str) -> pd.Series:
    return paid_rows(plan).groupby(column)["gbp"].sum()


def _beside(plan: Solved, column: str, nobody: str) -> Grid:
    now = _by(plan, column)
    before = None if plan.today is None else _by(plan.today, column)
    keys = sorted(
        set(now.index) | set(() if before is None else before.index), key=lambda key: -now.get(key, 0.0)
    )
    rows = []
    for key in keys:
        then = float(now.get(key, 0.0))
        was = float("nan") if before is None else float(before.get(key, 0.0))
        rows.append((key or nobody, cells.money(was), cells.money(then), cells.money_change(then - was)))
    return grid(*without_empty((column, *BESIDE), rows))


def _by_year(plan: Solved, is_one_off: bool | None = None) -> pd.Series:
    horizon = Horizon.of(plan.instance.settings)
    rows = paid_rows(plan)
    if is_one_off is not None:
        rows = rows[rows["item"].isin(ONE_OFF) == is_one_off]
    years = rows["period"].map(dict(zip(horizon.periods, horizon.years, strict=True)))
    return rows["gbp"].groupby(years).sum()


def _full_year(plan: Solved) -> Iterator[str]:
    """What the decisions of the plan cost once, to the end of their year, and in a full year."""
    table = plan.tables["decisions"]
    if plan.is_as_is or table.empty:
        return
    once, part, full = (
        wording.money(float(table[f"{name}_gbp"].sum())) for name in ("one_off", "part_year", "full_year")
    )
    yield (
        f"What changes costs {once} once, {part} to the end of the financial year in which each change begins, and "
        f"{full} in a full year."
    )
