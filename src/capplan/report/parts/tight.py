"""Where the plan is tight, and what one unit more would buy."""

from __future__ import annotations

from capplan.digest import tight
from capplan.digest.answers import one_more
from capplan.report.blocks import Part, Table, part_of
from capplan.report.subject import Subject


def where_it_is_tight(subject: Subject) -> Part | None:
    """Full beds, busy teams, limits and budgets that bind, targets that cost; then every unit and team."""
    plan = subject.plan
    grid = tight.every(plan)
    table = Table("Every full unit and every team used up", grid, is_folded=True) if grid.rows else None
    sections = [tight.what_is_tight(plan), one_more(plan)]
    return part_of(sections, "Where it is tight, and what one more would buy", table)
