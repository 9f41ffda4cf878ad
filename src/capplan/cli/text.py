"""Sections as text: in colour and fitted to a terminal, plain and never cut when piped, or as Markdown."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from capplan.sections import Grid, Section

WIDE = 100_000
"""Width of what is not a terminal: nothing is wrapped or cut [letters]."""
SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*<>[]|"})
"""What Markdown would read as its own; the text of an instance stays text."""


def show(sections: Sequence[Section]) -> None:
    """Prints sections on stdout, a blank line between them."""
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, highlight=False, width=WIDE)
    for n, section in enumerate(sections):
        click.echo(_section(console, section, is_first=n == 0), color=console.is_terminal)


def as_text(sections: Sequence[Section]) -> str:
    """Sections as plain text for a file: nothing wrapped or cut."""
    console = Console(file=io.StringIO(), highlight=False, width=WIDE)
    return "".join(f"{_section(console, section, is_first=n == 0)}\n" for n, section in enumerate(sections))


def _section(console: Console, section: Section, *, is_first: bool) -> str:
    with console.capture() as capture:
        if not is_first:
            console.print()
        if section.heading:
            console.print(Text(section.heading, style="bold cyan"))
        for line in section.lines:
            console.print(Padding(Text(line), (0, 0, 0, 2)) if section.heading else Text(line))
        if section.grid is not None:
            console.print(Padding(_table(section.grid), (0, 0, 0, 2), expand=False))
            if section.grid.more:
                console.print(Padding(Text(section.grid.more, style="dim"), (0, 0, 0, 2)))
    return "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n"))


def _table(grid: Grid) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column, is_on_right in zip(grid.columns, grid.are_on_right, strict=True):
        table.add_column(Text(column), justify="right" if is_on_right else "left", overflow="fold")
    for row in grid.texts():
        table.add_row(*(Text(cell) for cell in row))
    return table


def as_markdown(sections: Sequence[Section]) -> str:
    """Headings, lists and tables, numbers on the right."""
    return "\n\n".join(part for section in sections for part in _markdown_parts(section)) + "\n"


def _markdown_parts(section: Section) -> list[str]:
    parts = [f"## {_escaped(section.heading)}"] if section.heading else []
    if section.lines:
        parts.append("\n".join(f"- {_escaped(line)}" for line in section.lines))
    if section.grid is not None:
        parts.append(_markdown_table(section.grid))
        if section.grid.more:
            parts.append(_escaped(section.grid.more))
    return parts


def _markdown_table(grid: Grid) -> str:
    rule = ["---:" if is_on_right else "---" for is_on_right in grid.are_on_right]
    rows = [
        [_escaped(cell) for cell in grid.columns],
        rule,
        *([_escaped(cell) for cell in row] for row in grid.texts()),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(SPECIAL)
