"""Access: how much care the people of each locality get, per 1,000 aged 65 and over."""

from __future__ import annotations

import pandas as pd

from capplan.digest import access
from capplan.digest.names import display_names
from capplan.report.blocks import Part, part_of
from capplan.report.charts import Measure, side_by_side
from capplan.report.subject import Subject

MEASURE = Measure("starts a year per 1,000 people aged 65 and over")


def by_locality(subject: Subject) -> Part | None:
    """A line for every locality, and a chart beside today's capacity."""
    plan = subject.plan
    section = access.by_locality(plan)
    if section is None:
        return None
    names = display_names(plan.instance)["localities"]
    series = {} if plan.today is None else {"today's capacity": plan.today}
    rows = [
        {"label": names[locality], "series": name, "amount": rate}
        for name, solved in (series | {"plan": plan}).items()
        for locality, rate in access.rates(solved)["rate"].dropna().items()
    ]
    chart = side_by_side(pd.DataFrame(rows), MEASURE, "Starts by locality", "locality") if rows else None
    return part_of([section], "Access by locality", chart)
