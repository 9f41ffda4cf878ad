"""Measures as lines of cells: one column a run, each beside its difference from the baseline; and display names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import isnan

from capplan import cells
from capplan.cells import Cell, Content
from capplan.compare.comparison import Comparison
from capplan.digest.names import Names, display_names, name_of
from capplan.digest.targets import SCOPES
from capplan.sections import Grid, grid

Labels = Callable[["Line"], tuple[Content, ...]]


class Verdict(Enum):
    """How a plan's number stands to the baseline's: the same, left open by the gaps, different; or not known."""

    SAME = "same"
    OPEN = "no difference"
    DIFFERENT = "different"
    NOT_KNOWN = ""


@dataclass(frozen=True)
class Line:
    """One measure of every plan: numbers in the order of the plans, the baseline's first.

    `differences` are those from the baseline, 0 where there is nothing but dust; `is_open[n]`: the gaps leave open
    whether that plan differs from it at all.
    """

    group: str
    key: str
    where: str
    unit: str
    values: tuple[float, ...]
    differences: tuple[float, ...]
    is_open: tuple[bool, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether every plan has none of it, or nothing is known."""
        return all(isnan(value) or cells.is_same(value, 0.0) for value in self.values)

    @property
    def is_same(self) -> bool:
        """Whether every plan has the baseline's number."""
        return all(self.verdict(n) is Verdict.SAME for n in range(1, len(self.values)))

    def verdict(self, n: int) -> Verdict:
        """How the number of the n-th plan stands to the baseline's."""
        if isnan(self.differences[n]):
            is_known = not (isnan(self.values[0]) and isnan(self.values[n]))
            return Verdict.NOT_KNOWN if is_known else Verdict.SAME
        if self.differences[n] == 0:
            return Verdict.SAME
        return Verdict.OPEN if self.is_open[n] else Verdict.DIFFERENT

    def amount(self, n: int) -> Cell:
        """The number of the n-th plan in its unit: £1.23m, 92%, 57 a month, 12."""
        per = self.unit[self.unit.index(" a ") :] if " a " in self.unit else ""
        return self._kinds[0](self.values[n], per)

    def difference(self, n: int) -> Content:
        """By how much the n-th plan differs from the baseline, or that it does not; empty where that is not known."""
        if self.verdict(n) is Verdict.DIFFERENT:
            return self._kinds[1](self.differences[n])
        return cells.word(self.verdict(n).value)

    def change(self, n: int) -> Content:
        """The difference in per cent of the baseline; empty where there is none to tell."""
        if self.verdict(n) is not Verdict.DIFFERENT or self.unit == "share" or not self.values[0]:
            return ""
        return cells.share_change(self.differences[n] / abs(self.values[0]))

    @property
    def _kinds(self) -> tuple[cells.Kind, cells.Kind]:
        """Of amounts, and of differences."""
        if self.unit.startswith("£"):
            return cells.money, cells.money_change
        return (cells.share, cells.points) if self.unit == "share" else (cells.number, cells.change)


def lines(comparison: Comparison, *groups: str) -> list[Line]:
    """The measures of some groups, in their order."""
    measures = comparison.measures
    kept = measures[measures["group"].isin(groups)]
    unordered = [
        Line(*names, *(tuple(rows[column]) for column in ("value", "difference", "is_no_difference")))
        for names, rows in kept.groupby(["group", "key", "where", "unit"], sort=False)
    ]
    return sorted(unordered, key=lambda line: groups.index(line.group))


def side_by_side(
    comparison: Comparison,
    shown: Iterable[Line],
    headings: Sequence[str],
    labels: Labels,
    at_most: int,
    cell: Callable[[Line, int], Content] = Line.amount,
) -> Grid | None:
    """Lines as a table, or None where there are none.

    Of two plans: each, the difference, and per cent; of more, every plan's number with the difference in brackets.
    """
    names = [run.name for run in comparison.runs]
    is_pair = len(names) == 2
    rows: list[tuple[Content, ...]] = []
    for line in shown:
        amounts = [cell(line, n) for n in range(len(names))]
        if is_pair:
            amounts += [line.difference(1), line.change(1)]
        else:
            amounts[1:] = [_with_difference(line, n, amounts[n]) for n in range(1, len(names))]
        rows.append((*labels(line), *amounts))
    if not rows:
        return None
    columns = (*headings, *names, *(("difference", "per cent") if is_pair else ()))
    return grid(columns, rows, at_most, "--format csv")


def _with_difference(line: Line, n: int, amount: Content) -> Content:
    """The amount of the n-th plan, with its difference in brackets where there is one."""
    difference = line.difference(n)
    if line.verdict(n) is Verdict.SAME or not difference:
        return amount
    return cells.with_note(amount, " (", difference, ")")


@dataclass(frozen=True)
class Naming:
    """Keys into names; a key that no plan has a name for stays as it is."""

    names: Names

    @classmethod
    def of(cls, comparison: Comparison) -> Naming:
        """The names of all plans' instances together."""
        every = [display_names(run.solved.instance) for run in reversed(comparison.runs)]
        return cls({table: {k: v for names in every for k, v in names[table].items()} for table in every[0]})

    def target(self, key: str) -> str:
        """A target."""
        return name_of(self.names, key, "targets")

    def scope(self, key: str) -> str:
        """A member of what a target is for each of."""
        return name_of(self.names, key, *SCOPES)

    def place(self, key: str) -> str:
        """A locality; networks and `all` have no name."""
        return name_of(self.names, key, "localities")

    def resource(self, key: str) -> str:
        """A bed type, role or shift type."""
        return name_of(self.names, key, "bed_types", "roles", "shift_types")

    def pathway(self, key: str) -> str:
        """A pathway."""
        return name_of(self.names, key, "pathways")

    def scheme(self, key: str) -> str:
        """A scheme."""
        return name_of(self.names, key, "schemes")

    def hospital(self, key: str) -> str:
        """A hospital or sub-region."""
        return name_of(self.names, key, "hospitals")
