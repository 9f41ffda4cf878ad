"""Values with their kinds, until they are shown: a cell becomes text, or a number of a workbook, at the edge only."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from numbers import Real
from typing import Any

from capplan import wording


@dataclass(frozen=True)
class Kind:
    """What values of one kind have in common; called with a value it makes a cell.

    `write` gives the text, `in_full` the one that tells alike values apart (empty: `write`). `is_on_right`: columns of
    the kind line up on the right, as numbers do. `excel`: how a workbook shows the value (`wording.EXCEL_FORMATS`);
    empty: as its text.
    """

    name: str
    write: Callable[[Any], str]
    is_on_right: bool = True
    excel: str = ""
    in_full: Callable[[Any], str] | None = None

    def __call__(self, value: Any, *note: Content) -> Cell:
        """A cell of the kind, with what is said right behind it: `number(0.9, " a day")`."""
        return Cell(value, self, note)


@dataclass(frozen=True)
class Cell:
    """A value (None or NaN: not known), its kind, and what is said right behind it, which may be cells too.

    True where anything stands in it, a 0 as well.
    """

    value: Any
    kind: Kind
    note: tuple[Content, ...] = ()

    def __bool__(self) -> bool:
        return bool(str(self))

    def __str__(self) -> str:
        """The cell as people read it; empty where its value is not known."""
        return self._written(self.kind.write)

    @property
    def excel(self) -> str:
        """How a workbook shows the value (`wording.EXCEL_FORMATS`); empty where the cell's text stands there."""
        if self.note or not self or (isinstance(self.value, Real) and not math.isfinite(self.value)):
            return ""
        if not self.kind.excel.startswith("number"):
            return self.kind.excel
        size = ("whole", "number", "small")[wording.decimals(self.value)]
        return self.kind.excel.replace("number", size)

    def in_full(self) -> str:
        """The cell with as many digits as tell it from a cell that reads alike."""
        return self._written(self.kind.in_full or self.kind.write)

    def _written(self, write: Callable[[Any], str]) -> str:
        return "" if is_unknown(self.value) else "".join(map(str, (write(self.value), *self.note)))


Content = Cell | str
"""What stands in a table; plain text is a cell of text."""

text = Kind("text", str, is_on_right=False)
word = Kind("word", str)
"""Words in the place of a number: same, no difference."""
date = Kind("date", wording.short_date, is_on_right=False, excel="date")
year = Kind("year", str)
"""A financial year, 2017/18."""
money = Kind("money", wording.money, excel="money", in_full=wording.pence)
pounds = Kind("money", wording.pounds, excel="money", in_full=wording.pence)
money_change = Kind("money", partial(wording.signed, write=wording.money), excel="money_change")
number = Kind("number", wording.number, excel="number", in_full=wording.precise)
change = Kind("number", wording.signed, excel="number_change")
exact = Kind("number", wording.exact)
exact_change = Kind("number", partial(wording.signed, write=wording.exact))
count = Kind("number", wording.number, is_on_right=False, in_full=wording.precise)
"""A number whose note says of what: 5 people."""
share = Kind("share", partial(wording.share, digits=1), excel="share", in_full=wording.per_cent)
whole_share = Kind("share", wording.share, excel="percent")
fine_share = Kind("share", partial(wording.share, digits=2), excel="chance")
share_change = Kind(
    "share", partial(wording.signed, write=partial(wording.share, digits=1)), excel="share_change"
)
points = Kind("share", wording.points)


def said(*pieces: Content) -> Cell:
    """A few words with numbers among them, which are text on the whole: 5 to 10."""
    return text("", *pieces)


def counted(n: float, one: str, many: str = "", *note: Content) -> Cell:
    """1 person, 5 people (as `wording.count`)."""
    return count(n, f" {wording.plural(n, one, many)}", *note)


def with_note(content: Content, *note: Content) -> Cell:
    """The same with more said right behind it."""
    return (
        replace(content, note=(*content.note, *note)) if isinstance(content, Cell) else text(content, *note)
    )


def told_apart(*contents: Content) -> list[str]:
    """The texts of cells; all in full where two of different values would read alike."""
    pairs = combinations([content for content in contents if isinstance(content, Cell)], 2)
    if any(str(one) == str(other) and not is_same(one.value, other.value) for one, other in pairs):
        return [content.in_full() if isinstance(content, Cell) else content for content in contents]
    return [str(content) for content in contents]


def is_unknown(value: object) -> bool:
    """Whether a value is not known."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def is_same(one: float, other: float) -> bool:
    """Whether two numbers are the same but for dust, a millionth of them (of 1 at least); so are two not known."""
    if is_unknown(one) or is_unknown(other):
        return is_unknown(one) and is_unknown(other)
    size = max(abs(one), abs(other), 1.0)
    return one == other or (math.isfinite(size) and abs(one - other) <= wording.DUST * size)
