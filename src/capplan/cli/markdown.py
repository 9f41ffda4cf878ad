"""Sections as Markdown, for a wiki, a message or a report."""

from __future__ import annotations

from collections.abc import Sequence

from capplan.sections import Grid, Section

SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*<>[]|"})
"""What Markdown would read as its own; the text of an instance stays text."""


def as_markdown(sections: Sequence[Section]) -> str:
    """Headings, lists and tables, numbers on the right."""
    return "\n\n".join(part for section in sections for part in _parts(section)) + "\n"


def _parts(section: Section) -> list[str]:
    parts = [f"## {_text(section.heading)}"] if section.heading else []
    if section.lines:
        parts.append("\n".join(f"- {_text(line)}" for line in section.lines))
    if section.grid is not None:
        parts.append(_table(section.grid))
        if section.grid.more:
            parts.append(_text(section.grid.more))
    return parts


def _table(grid: Grid) -> str:
    rule = ["---:" if is_on_right else "---" for is_on_right in grid.are_on_right]
    rows = [
        [_text(cell) for cell in grid.columns],
        rule,
        *([_text(cell) for cell in row] for row in grid.texts()),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _text(text: str) -> str:
    return " ".join(text.split()).translate(SPECIAL)
