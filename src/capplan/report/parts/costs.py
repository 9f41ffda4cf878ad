"""Money: by item, funder, provider and year, beside today's capacity; once and every year; for each person."""

from __future__ import annotations

import pandas as pd

from capplan import cells
from capplan.digest import costs
from capplan.report.blocks import Chart, Part, part_of
from capplan.report.charts import Measure, over_time, side_by_side
from capplan.report.parts.targets import ALL
from capplan.report.subject import Subject
from capplan.results.cost_items import cost_item
from capplan.solved import Solved

POUNDS = Measure("paid", cells.money)
NOBODY = "nobody is named"


def what_it_costs(subject: Subject) -> Part | None:
    """What is paid, by whom and to whom, net against today's capacity."""
    plan = subject.plan
    sections = [
        costs.by_item(plan, ALL),
        costs.by_year(plan),
        costs.by_funder(plan),
        costs.budgets(plan, ALL),
        costs.by_provider(plan),
        costs.per_person(plan),
    ]
    return part_of(
        sections,
        "What it costs and who pays",
        _beside(plan, "funder", "Paid by funder"),
        _beside(plan, "provider", "Paid to provider"),
        _by_period(plan),
    )


def _beside(plan: Solved, column: str, caption: str) -> Chart | None:
    """Paid by funder or to provider, today's capacity beside the plan."""
    series = {} if plan.today is None else {"today's capacity": plan.today}
    rows = [
        {"label": key or NOBODY, "series": name, "amount": gbp}
        for name, solved in (series | {"plan": plan}).items()
        for key, gbp in costs.paid_rows(solved).groupby(column)["gbp"].sum().items()
    ]
    if not any(row["label"] != NOBODY for row in rows):
        return None
    return side_by_side(pd.DataFrame(rows), POUNDS, caption, column)


def _by_period(plan: Solved) -> Chart | None:
    paid = costs.paid_rows(plan)
    rows = pd.DataFrame(
        {"period": paid["period"], "series": paid["item"].map(cost_item), "amount": paid["gbp"]}
    )
    return over_time(rows, POUNDS, "Paid by item over time", is_stacked=True)
