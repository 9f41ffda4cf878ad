"""Targets: the verdict, then baseline, target and plan line by line; and where the plan is tight."""

from __future__ import annotations

from capplan.digest import bottlenecks, targets
from capplan.digest.answers import one_more
from capplan.report.blocks import Part, Table, part_of
from capplan.report.subject import Subject

ALL = 1000


def which_are_met(subject: Subject) -> Part | None:
    """Which targets are met; a line for every target with its baseline, today's capacity, target and plan."""
    plan = subject.plan
    sections = [targets.targets(plan, ALL), None if plan.is_as_is else targets.line_by_line(plan)]
    return part_of(sections, "Activity" if plan.is_as_is else "Targets")


def where_it_is_tight(subject: Subject) -> Part | None:
    """Full beds, busy teams, limits and budgets that bind, targets that cost; then every unit and team."""
    plan = subject.plan
    grid = bottlenecks.every(plan)
    table = Table("Every full unit and every team used up", grid, is_folded=True) if grid.rows else None
    sections = [bottlenecks.what_is_tight(plan), one_more(plan)]
    return part_of(sections, "Where it is tight, and what one more would buy", table)
