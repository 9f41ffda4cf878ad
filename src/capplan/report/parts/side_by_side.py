"""Several plans side by side, and compared as `capplan compare` does: what differs, why, who gains and who pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from capplan import cells, wording
from capplan.cells import Cell, Content
from capplan.compare import ComparedRun, compare, sections
from capplan.digest import costs
from capplan.digest.capacity import amounts
from capplan.digest.targets import met_of
from capplan.errors import UsageError
from capplan.report.blocks import Chart, Part, Table, part_of
from capplan.report.charts import Measure, side_by_side
from capplan.report.subject import Subject
from capplan.results.cost_items import cost_item
from capplan.sections import grid
from capplan.solved import Solved

PEOPLE = {"referrals": "people referred", "starts": "people who start", "unmet": "people who go without"}


def plans_side_by_side(subjects: Sequence[Subject]) -> Part:
    """One line a measure, one column a plan; then cost by item, capacity at the end and people as charts."""
    rows = [(name, *(cell_of(subject.plan) for subject in subjects)) for name, cell_of in MEASURES.items()]
    rows += [(name, *numbers) for name, numbers in _capacity(subjects) if any(numbers)]
    table = Table("The plans side by side", grid(("measure", *(subject.name for subject in subjects)), rows))
    charts = (_cost(subjects), _open(subjects), _people(subjects))
    return Part(
        "Side by side", tuple(_notes(subjects)), (table, *(chart for chart in charts if chart is not None))
    )


def _notes(subjects: Sequence[Subject]) -> list[str]:
    """What makes plans hard to compare: other horizons, other price years."""
    settings = [subject.plan.instance.settings for subject in subjects]
    notes = []
    if len({(setting.start, setting.period, setting.periods) for setting in settings}) > 1:
        notes.append("These plans do not cover the same time: sums over a plan are of different length.")
    years = sorted({setting.price_year for setting in settings if setting.price_year})
    if len(years) > 1:
        notes.append(f"Prices are of different years ({wording.listed(years)}) and are not converted.")
    return notes


def _sum(column: str) -> Callable[[Solved], Cell]:
    return lambda plan: cells.number(float(plan.tables["waiting"][column].sum()))


def _at_the_end(plan: Solved) -> Cell:
    waiting = plan.tables["waiting"]
    return cells.number(waiting.loc[waiting["period"] == waiting["period"].max(), "waiting_at_end"].sum())


MEASURES: dict[str, Callable[[Solved], Content]] = {
    "paid over the plan": lambda plan: cells.money(float(costs.paid_rows(plan)["gbp"].sum())),
    "discounted, notional costs too": lambda plan: cells.money(plan.objective),
    "could be cheaper by at most": lambda plan: cells.fine_share(plan.gap),
    "imposed targets met": met_of,
    "people referred": _sum("referrals"),
    "people who start": _sum("starts"),
    "people who go without": _sum("unmet"),
    "people waiting at the end": _at_the_end,
}
"""The lines of the table, with how a plan tells each."""


def _capacity(subjects: Sequence[Subject]) -> list[tuple[str, list[Cell]]]:
    """For each type of bed, role and shift the number at the end of each plan."""
    capacities = [
        {(name, unit): then for name, _, then, unit in amounts(subject.plan)} for subject in subjects
    ]
    keys = dict.fromkeys(key for capacity in capacities for key in capacity)
    return [
        (f"{name}, {unit} at the end", [cells.number(capacity.get((name, unit))) for capacity in capacities])
        for name, unit in keys
    ]


def _cost(subjects: Sequence[Subject]) -> Chart | None:
    rows = [
        {"label": cost_item(str(item)), "series": subject.name, "amount": gbp}
        for subject in subjects
        for item, gbp in costs.paid_rows(subject.plan).groupby("item")["gbp"].sum().items()
        if abs(gbp) >= 0.5
    ]
    return side_by_side(
        pd.DataFrame(rows), Measure("paid", cells.money), "Paid by item, plan by plan", "item"
    )


def _open(subjects: Sequence[Subject]) -> Chart | None:
    rows = [
        {"label": f"{name}, {unit}", "series": subject.name, "amount": then}
        for subject in subjects
        for name, _, then, unit in amounts(subject.plan)
    ]
    measure = Measure("open or in post at the end")
    return side_by_side(pd.DataFrame(rows), measure, "Capacity at the end, plan by plan", "capacity")


def _people(subjects: Sequence[Subject]) -> Chart | None:
    rows = [
        {"label": name, "series": subject.name, "amount": float(subject.plan.tables["waiting"][column].sum())}
        for subject in subjects
        for column, name in PEOPLE.items()
    ]
    return side_by_side(pd.DataFrame(rows), Measure("people"), "People, plan by plan", "people")


def what_differs(subjects: Sequence[Subject]) -> Part | None:
    """The comparison with the first plan; where the plans share no time or place, that is said."""
    runs = [
        ComparedRun(
            subject.name,
            subject.plan,
            subject.info.get("scenario"),
            tuple(subject.info.get("overrides") or ()),
        )
        for subject in subjects
    ]
    try:
        differences = sections(compare(runs))
    except UsageError as error:
        return Part("What differs", (str(error),))
    return part_of(differences, "What differs")
