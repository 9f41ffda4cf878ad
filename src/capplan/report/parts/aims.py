"""Targets: the verdict, then baseline, target and plan line by line."""

from __future__ import annotations

from capplan.digest import aims, progress
from capplan.report.blocks import Part, part_of
from capplan.report.subject import Subject

ALL = 1000


def targets(subject: Subject) -> Part | None:
    """Which targets are met; a line for every target with its baseline, today's capacity, target and plan."""
    plan = subject.plan
    found = [aims.targets(plan, ALL), None if plan.is_as_is else progress.line_by_line(plan)]
    return part_of(found, "Activity" if plan.is_as_is else "Targets")
