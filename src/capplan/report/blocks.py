"""What a report is made of: parts with lines of text, tables and charts, all finished but for their looks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capplan.sections import Grid, Section


@dataclass(frozen=True)
class Table:
    """A table with its caption and lines above it; one that is folded is opened by whoever wants it."""

    caption: str
    grid: Grid
    lines: tuple[str, ...] = ()
    is_folded: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture in Vega-Lite whose rows stand in the data set `rows`.

    `says` is the text in its place for whoever does not see it, `series` its names with their colours (each can be
    hidden), `grid` the numbers in it.
    """

    caption: str
    says: str
    spec: Mapping[str, Any]
    series: tuple[tuple[str, str], ...]
    grid: Grid


Block = Table | Chart


@dataclass(frozen=True)
class Part:
    """A part of the report: a heading, lines of text, then tables and charts."""

    heading: str
    lines: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def slug(self) -> str:
        """The heading as it stands in a link."""
        return re.sub(r"[^a-z0-9]+", "-", self.heading.lower()).strip("-")


def part_of(sections: Sequence[Section | None], heading: str, *blocks: Block | None) -> Part | None:
    """Sections of the digest under one heading, their tables before the other blocks; None where there is nothing.

    The lines of the first section, and of those without a table, begin the part; others stand with their tables.
    """
    present = [section for section in sections if section is not None]
    first = [section for n, section in enumerate(present) if n == 0 or section.grid is None]
    lines = tuple(line for section in first for line in section.lines)
    tables = [
        Table(section.heading, section.grid, () if section in first else section.lines)
        for section in present
        if section.grid is not None
    ]
    others = [block for block in blocks if block is not None]
    return Part(heading, lines, (*tables, *others)) if lines or tables or others else None
