"""Assumptions: which numbers have a source, how much money rests on the others, and what could change the answer."""

from __future__ import annotations

import pandas as pd

from capplan import cells
from capplan.digest import assumptions
from capplan.report.blocks import Part, Table, part_of
from capplan.report.subject import Subject
from capplan.sections import grid


def what_it_rests_on(subject: Subject) -> Part | None:
    """Sources in sum, the five assumptions on which most money hangs, ranges, and every number."""
    plan = subject.plan
    return part_of(
        [assumptions.what_it_rests_on(plan), assumptions.the_five(plan)],
        "Assumptions and sources",
        _ranges(plan.instance.written["ranges"]),
        Table("Every number and its source", assumptions.every_number(plan), is_folded=True),
    )


def _ranges(rows: pd.DataFrame) -> Table | None:
    if rows.empty:
        return None
    numbers = [
        (row["value"], cells.number(row["low"]), cells.number(row["high"]), _source_text(row.get("source")))
        for row in rows.to_dict("records")
    ]
    return Table(
        "Numbers that could be otherwise",
        grid(("number", "low", "high", "source"), numbers),
        is_folded=True,
    )


def _source_text(source: object) -> str:
    return "" if source is None or pd.isna(source) else str(source)
