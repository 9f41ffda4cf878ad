"""Pages of text: headings, lines and small tables of finished cells, for a terminal or a report to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Grid:
    """A small table of finished text; `more` says what was left out below it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str = ""

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds numbers (money, shares), which line up on the right."""
        cells = [row[column] for row in self.rows if row[column]]
        return bool(cells) and all(_is_number(cell) for cell in cells)


@dataclass(frozen=True)
class Section:
    """A heading with lines and, maybe, a table below it."""

    heading: str
    lines: tuple[str, ...] = ()
    grid: Grid | None = None


def grid(columns: Sequence[str], rows: Sequence[Sequence[str]], at_most: int, where: str) -> Grid:
    """The first rows of a table, and how many more there are and where they stand."""
    left_out = len(rows) - at_most
    more = f"… and {left_out} more (see {where})" if left_out > 0 else ""
    return Grid(tuple(columns), tuple(tuple(row) for row in rows[:at_most]), more)


def without_empty(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows without the columns in which nothing stands."""
    kept = [n for n in range(len(columns)) if any(row[n] for row in rows)]
    return [columns[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _is_number(cell: str) -> bool:
    text = cell.split(" (", maxsplit=1)[0].lstrip("+-£").removesuffix(" points")
    text = text.partition(" a ")[0]
    if text in ("never", "not known", "same", "no difference") or cell.startswith("under "):
        return True
    return text[:1].isdigit() and not any(letter.isalpha() for letter in text.rstrip("m%"))
