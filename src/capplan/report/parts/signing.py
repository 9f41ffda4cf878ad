"""Decisions: what to sign, with whom, by when, and what it costs once, this year and in a full year."""

from __future__ import annotations

from capplan.digest import decisions
from capplan.report.blocks import Part, Table
from capplan.report.subject import Subject


def what_to_sign(subject: Subject) -> Part | None:
    """Every decision in the order in which it is due."""
    plan = subject.plan
    section = decisions.to_sign(plan)
    if section is None:
        return None
    grid = decisions.every(plan)
    table = Table("Every decision, in the order in which it is due", grid)
    return Part(section.heading, section.lines, (table,) if grid.rows else ())
