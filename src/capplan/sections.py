"""Pages of what is told: headings, lines and small tables of cells, for a terminal or a report to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capplan.cells import Cell, Content

Row = Sequence[Content]


@dataclass(frozen=True)
class Grid:
    """A small table of values with their kinds; `more` says what was left out below it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Content, ...], ...]
    more: str = ""

    @property
    def are_on_right(self) -> tuple[bool, ...]:
        """For each column whether it lines up on the right: whether all that stands in it is of kinds that do."""
        return tuple(_is_on_right([row[n] for row in self.rows if row[n]]) for n in range(len(self.columns)))

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The rows as people read them."""
        return tuple(tuple(map(str, row)) for row in self.rows)


@dataclass(frozen=True)
class Section:
    """A heading with lines and, maybe, a table below it."""

    heading: str
    lines: tuple[str, ...] = ()
    grid: Grid | None = None


def grid(columns: Sequence[str], rows: Iterable[Row], at_most: int | None = None, where: str = "") -> Grid:
    """The rows of a table, or the first of them, and how many more there are and where they stand."""
    every = tuple(map(tuple, rows))
    left_out = 0 if at_most is None else len(every) - at_most
    more = f"… and {left_out} more (see {where})" if left_out > 0 else ""
    return Grid(tuple(columns), every[:at_most], more)


def without_empty(columns: Sequence[str], rows: Sequence[Row]) -> tuple[list[str], list[list[Content]]]:
    """Columns and rows without the columns in which nothing stands."""
    kept = [n for n in range(len(columns)) if any(row[n] for row in rows)]
    return [columns[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _is_on_right(cells: Row) -> bool:
    return bool(cells) and all(isinstance(cell, Cell) and cell.kind.is_on_right for cell in cells)
