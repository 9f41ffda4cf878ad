"""Acute beds that the plan frees, also where no ward closes."""

from __future__ import annotations

from capplan.digest import acute
from capplan.digest.names import display_names, name_of
from capplan.report.blocks import Part, part_of
from capplan.report.charts import Measure, over_time
from capplan.report.subject import Subject


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
    return part_of([acute.wards(plan)], "Acute beds", chart)
