"""Where the plan is tight, and what one unit more for a target costs."""

from __future__ import annotations

from capplan.digest import tight
from capplan.report.blocks import Part, part_of
from capplan.report.subject import Subject

ALL = 40


def where_it_is_tight(subject: Subject) -> Part | None:
    """Full beds, busy teams, limits and budgets that bind, targets that cost."""
    return part_of([tight.what_is_tight(subject.plan, ALL)], "Where it is tight")
