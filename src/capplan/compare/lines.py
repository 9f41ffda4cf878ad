"""Measures as lines of finished cells: one column a run, each beside its difference from the baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from capplan import wording
from capplan.compare.comparison import Comparison
from capplan.sections import Grid, grid

SAME, NO_DIFFERENCE = "same", "no difference"
Labels = Callable[["Line"], tuple[str, ...]]


@dataclass(frozen=True)
class Line:
    """One measure of every plan: numbers in the order of the plans, the baseline's first.

    `is_open[n]`: the gaps leave open whether that plan differs from the baseline at all.
    """

    group: str
    key: str
    where: str
    unit: str
    values: tuple[float, ...]
    is_open: tuple[bool, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether every plan has none of it, or nothing is known."""
        return all(
            isnan(value) or amount(self.unit, value).strip("-£") in ("0", "0%") for value in self.values
        )

    @property
    def is_same(self) -> bool:
        """Whether every plan has the baseline's number, as far as it is shown."""
        return all(self.difference(n) == SAME for n in range(1, len(self.values)))

    def amount(self, n: int) -> str:
        """The number of the n-th plan in words."""
        return amount(self.unit, self.values[n])

    def difference(self, n: int) -> str:
        """By how much the n-th plan differs from the baseline in words; empty where that is not known."""
        before, now = self.values[0], self.values[n]
        if isnan(before) and isnan(now):
            return SAME
        told = difference(self.unit, now - before)
        if told and not any(digit in told for digit in "123456789"):
            return SAME
        return NO_DIFFERENCE if self.is_open[n] else told

    def change(self, n: int) -> str:
        """The difference in per cent of the baseline; empty where there is none to tell."""
        before, now = self.values[0], self.values[n]
        if self.unit == "share" or self.difference(n) in (SAME, NO_DIFFERENCE, "") or not before:
            return ""
        return wording.signed(wording.share((now - before) / abs(before), 1))


def lines(comparison: Comparison, *groups: str) -> list[Line]:
    """The measures of some groups, in their order."""
    measures = comparison.measures
    kept = measures[measures["group"].isin(groups)]
    found = [
        Line(group, key, where, unit, tuple(rows["value"]), tuple(map(bool, rows["is_no_difference"])))
        for (group, key, where, unit), rows in kept.groupby(["group", "key", "where", "unit"], sort=False)
    ]
    return sorted(found, key=lambda line: groups.index(line.group))


def amount(unit: str, value: float) -> str:
    """A number in its unit: £1.23m, 92%, 57 a month, 12."""
    if isnan(value):
        return wording.NOTHING
    per = unit[unit.index(" a ") :] if " a " in unit else ""
    if unit.startswith("£"):
        return wording.money(value) + per
    return wording.share(value, 1) if unit == "share" else wording.number(value) + per


def difference(unit: str, value: float) -> str:
    """A difference in its unit: +£1.23m, -2 points, +12."""
    if isnan(value):
        return wording.NOTHING
    if unit == "share":
        return wording.points(value)
    return wording.signed(wording.money(value) if unit.startswith("£") else wording.number(value))


def side_by_side(
    comparison: Comparison,
    shown: Iterable[Line],
    headings: Sequence[str],
    labels: Labels,
    at_most: int,
    cell: Callable[[Line, int], str] = Line.amount,
) -> Grid | None:
    """Lines as a table, or None where there are none.

    Of two plans: each, the difference, and per cent; of more, every plan's number with the difference in brackets.
    """
    names = [given.name for given in comparison.given]
    is_pair = len(names) == 2
    rows = []
    for line in shown:
        cells = [cell(line, n) for n in range(len(names))]
        if is_pair:
            cells += [line.difference(1), line.change(1)]
        else:
            cells[1:] = [_with(cells[n], line.difference(n)) for n in range(1, len(names))]
        rows.append((*labels(line), *cells))
    if not rows:
        return None
    columns = (*headings, *names, *(("difference", "per cent") if is_pair else ()))
    return grid(columns, rows, at_most, "--format csv")


def _with(cell: str, difference: str) -> str:
    return f"{cell} ({difference})" if difference and difference != SAME else cell
