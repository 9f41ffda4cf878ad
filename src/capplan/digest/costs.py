"""What the plan costs beside today's capacity: by item, funder, provider and year, for each person; and budgets."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan import cells, wording
from capplan.cells import Content
from capplan.digest.sharing import shared_out
from capplan.funding import NOBODY, unfunded
from capplan.horizon import Horizon
from capplan.results.cost_items import COST_ITEMS, NOTIONAL, cost_item
from capplan.sections import Grid, Row, Section, grid, without_empty
from capplan.solved import Solved

ITEMS_SHOWN = 5
BUDGETS_SHOWN = 12
BUDGET_COLUMNS = (
    "funder",
    "year",
    "budget",
    "committed",
    "plan",
    "from the pool",
    "gap",
    "gap if nothing is done",
)
ONE_OFF = frozenset(name for name, item in COST_ITEMS.items() if not item.is_recurrent)
"""Items that are paid once; what schemes cost once is among their own."""
BESIDE = ("today", "plan", "difference")


def by_item(plan: Solved, at_most: int = ITEMS_SHOWN) -> Section:
    """Items that are paid, largest first; then those that nobody pays; each beside today's."""
    now = _items(plan)
    today = now * 0 if plan.today is None else _items(plan.today)
    items = pd.DataFrame({"plan": now, "today": today}).fillna(0.0)
    items = items[(items.abs() >= 0.5).any(axis="columns")]
    is_notional = items.index.isin(NOTIONAL)
    paid, notional = items[~is_notional].sort_values("plan", ascending=False), items[is_notional]
    n_shown = at_most if len(paid) > at_most + 1 else len(paid)
    rows = [_item_row(plan, cost_item(item), row) for item, row in paid.iloc[:n_shown].iterrows()]
    if len(paid) > n_shown:
        rest = paid.iloc[n_shown:].sum()
        rows.append(_item_row(plan, f"{len(paid) - n_shown} smaller items (see costs.csv)", rest))
    rows.append(_item_row(plan, "paid in all", paid.sum()))
    rows += [_item_row(plan, _notional_item(plan, str(item)), row) for item, row in notional.iterrows()]
    if len(notional):
        rows.append(_item_row(plan, "in all", items.sum()))
    columns = ("cost", "plan") if plan.today is None else ("cost", "today", "plan", "difference")
    return Section("What it costs over the plan", _item_lines(plan), grid(columns, rows))


def _items(plan: Solved) -> pd.Series:
    return plan.tables["costs"].groupby("item")["gbp"].sum()


def _notional_item(plan: Solved, item: str) -> str:
    """An item that is a price and no payment, unless a budget is to bear it."""
    is_funded = item in set(plan.instance.table("funding")["item"])
    return f"{cost_item(item)} ({'notional' if is_funded else 'nobody pays'})"


def _item_row(plan: Solved, item: str, row: pd.Series) -> Row:
    if plan.today is None:
        return item, cells.money(row["plan"])
    difference = cells.money_change(row["plan"] - row["today"])
    return item, cells.money(row["today"]), cells.money(row["plan"]), difference


def _item_lines(plan: Solved) -> tuple[str, ...]:
    rate = plan.instance.settings.discount_rate_per_year
    lines = []
    if plan.today is None and not plan.is_as_is:
        lines.append("Today's capacity gives no plan to compare with.")
    if rate:
        lines.append(f"Discounted at {wording.share(rate, 1)} a year: {wording.money(plan.objective)}.")
    return tuple(lines)


def by_funder(plan: Solved) -> Section | None:
    """What each funder pays over the plan, beside what it would pay with today's capacity."""
    table = plan.tables["budgets"]
    if table.empty:
        return None
    funders = table.groupby("funder")[["do_nothing_gbp", "plan_gbp"]].sum(min_count=1)
    funders.loc[NOBODY] = [float("nan") if plan.today is None else _unfunded(plan.today), _unfunded(plan)]
    rows = [_funder_row(str(funder), row) for funder, row in funders.iterrows() if (row.abs() >= 0.5).any()]
    columns = ("funder", "today", "plan", "difference")
    return Section("Who pays over the plan", (), grid(*without_empty(columns, rows)))


def _unfunded(plan: Solved) -> float:
    return unfunded(plan.tables["costs"])


def _funder_row(funder: str, row: pd.Series) -> Row:
    today, now = float(row["do_nothing_gbp"]), float(row["plan_gbp"])
    paid = cells.money(today), cells.money(now), cells.money_change(now - today)
    return funder or "nobody is named", *paid


def budgets(plan: Solved, at_most: int = BUDGETS_SHOWN) -> Section | None:
    """Every budget, year by year: what is committed, what the plan spends, and the gap (committed + plan - budget)."""
    table = plan.tables["budgets"]
    with_budget = table[table["budget_gbp"].notna()]
    if with_budget.empty:
        return None
    rows = [tuple(_budget_cells(row)) for row in with_budget.to_dict("records")]
    return Section(
        "Budgets",
        tuple(_budget_lines(with_budget)),
        grid(*without_empty(BUDGET_COLUMNS, rows), at_most, "budgets.csv"),
    )


def _budget_cells(row: dict[str, object]) -> Iterator[Content]:
    yield from (str(row["funder"]), cells.year(row["year"]))
    for column in (
        "budget_gbp",
        "committed_gbp",
        "plan_gbp",
        "transferred_gbp",
        "gap_gbp",
        "do_nothing_gap_gbp",
    ):
        gbp = float(str(row[column]))
        is_nothing = column in ("committed_gbp", "transferred_gbp") and round(gbp) == 0
        yield "" if is_nothing else cells.money(gbp)


def _budget_lines(with_budget: pd.DataFrame) -> Iterator[str]:
    yield f"Gap = committed + plan - budget: in all {wording.money(float(with_budget['gap_gbp'].sum()))}."
    if with_budget["do_nothing_gap_gbp"].notna().all():
        gap = wording.money(float(with_budget["do_nothing_gap_gbp"].sum()))
        yield f"With today's capacity and schemes as they are it would be {gap}."


def paid_rows(plan: Solved) -> pd.DataFrame:
    """The rows of `costs` that somebody pays."""
    costs = plan.tables["costs"]
    return costs[~costs["item"].isin(NOTIONAL)]


def by_provider(plan: Solved) -> Section | None:
    """What each provider is paid over the plan, beside today's capacity."""
    now = _paid_by(plan, "provider")
    if not any(now.index):
        return None
    return Section("Who is paid over the plan", (), _beside_today(plan, "provider", "nobody is named"))


def by_year(plan: Solved) -> Section:
    """What is paid in each financial year: running costs, once, in all, and in all with today's capacity."""
    once, running = _paid_by_year(plan, is_one_off=True), _paid_by_year(plan, is_one_off=False)
    years = list(Horizon.of(plan.instance.settings).share_of_year.items())
    before = None if plan.today is None else _paid_by_year(plan.today)
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
    now = _gbp_each_person(plan)
    before = {} if plan.today is None else _gbp_each_person(plan.today)
    if not now:
        return None
    rows = [(name, cells.money(before.get(name)), cells.money(gbp)) for name, gbp in now.items()]
    line = (
        "What is paid is shared out over the people who use it: beds by days, teams and crews by hours, the rest by "
        "starts. Read the results as averages: one person more costs less, or more, than the average."
    )
    table = grid(*without_empty(("paid for", "today", "plan"), rows))
    return Section("For each discharge and admission avoided", (line,), table)


def _gbp_each_person(plan: Solved) -> dict[str, float]:
    """Paid on a direction, over its discharges or its admissions avoided (starts that succeed)."""
    directions = plan.instance.table("pathways").set_index("pathway")["direction"]
    shared = shared_out(plan, paid_rows(plan))
    spent = shared["gbp"].groupby(shared["pathway"].map(directions)).sum()
    starts = plan.tables["starts"]
    direction_of = starts["pathway"].map(directions)
    people = {"a discharge": ("step_down", "people"), "an admission avoided": ("step_up", "successes")}
    gbp_each = {}
    for name, (direction, column) in people.items():
        total = float(starts.loc[direction_of == direction, column].sum())
        if total > 0:
            gbp_each[name] = float(spent.get(direction, 0.0)) / total
    return gbp_each


def _paid_by(plan: Solved, column: str) -> pd.Series:
    return paid_rows(plan).groupby(column)["gbp"].sum()


def _beside_today(plan: Solved, column: str, nobody: str) -> Grid:
    now = _paid_by(plan, column)
    before = None if plan.today is None else _paid_by(plan.today, column)
    keys = sorted(
        set(now.index) | set(() if before is None else before.index), key=lambda key: -now.get(key, 0.0)
    )
    rows = []
    for key in keys:
        then = float(now.get(key, 0.0))
        was = float("nan") if before is None else float(before.get(key, 0.0))
        rows.append((key or nobody, cells.money(was), cells.money(then), cells.money_change(then - was)))
    return grid(*without_empty((column, *BESIDE), rows))


def _paid_by_year(plan: Solved, is_one_off: bool | None = None) -> pd.Series:
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
