"""Where the plan is tight, and what one unit more for a target costs."""

from __future__ import annotations

from capplan.digest import tight
from capplan.report.blocks import Part, Table, part_of
from capplan.report.subject import Subject


def where_it_is_tight(subject: Subject) -> Part | None:
    """Full beds, busy teams, limits and budgets that bind, targets that cost; then every unit and team."""
    plan = subject.plan
    grid = tight.every(plan)
    table = Table("Every full unit and every team used up", grid, is_folded=True) if grid.rows else None
    return part_of([tight.what_is_tight(plan)], "Where it is tight", table)
