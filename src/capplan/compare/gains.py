"""Who gains and who pays: funders by what they spend, localities by who is served and who goes without."""

from __future__ import annotations

from collections.abc import Sequence

from capplan import wording
from capplan.compare.comparison import Comparison
from capplan.compare.lines import Line, Verdict, lines, side_by_side
from capplan.compare.naming import Naming
from capplan.sections import Section

SHOWN = 5
MANY = 24
NOBODY_NAMED = "nobody is named"


def who_gains(comparison: Comparison, naming: Naming) -> tuple[Section, ...]:
    """A sentence for each plan, then funders and localities side by side."""
    paid = [line for line in lines(comparison, "cost_by_funder") if not line.is_nothing]
    gaps = [line for line in lines(comparison, "budget_gap") if not line.is_nothing]
    served = [line for line in lines(comparison, "served_share", "unmet") if line.where]
    is_funded = any(line.key for line in paid)
    payers = paid if is_funded else []
    every = (_told(comparison, naming, payers, served, n) for n in range(1, len(comparison.given)))
    told = [text for text in every if text]
    funders = side_by_side(comparison, [*paid, *gaps], ("funder", ""), _funder, MANY) if is_funded else None
    found = [Section("Who gains and who pays", tuple(told), funders)] if funders or told else []
    places = _places(comparison, naming, served)
    return (*found, places) if places else tuple(found)


def _places(comparison: Comparison, naming: Naming, served: Sequence[Line]) -> Section | None:
    """Localities in which the plans differ, those with most people won or lost first."""
    differing = [line for line in served if not line.is_same]
    weight: dict[str, float] = {}
    for line in differing:
        people = 0.0 if line.group == "served_share" else max(line.values) - min(line.values)
        weight[line.where] = max(weight.get(line.where, 0.0), people)
    shown = sorted(differing, key=lambda line: (-weight[line.where], line.where))

    def labels(line: Line) -> tuple[str, ...]:
        return naming.place(line.where), "are served" if line.group == "served_share" else "go without"

    table = side_by_side(comparison, shown, ("locality", "people who"), labels, MANY)
    return None if table is None else Section("People by locality", (), table)


def _funder(line: Line) -> tuple[str, ...]:
    what = "pays" if line.group == "cost_by_funder" else f"gap {line.where}"
    return line.key or NOBODY_NAMED, what


def _told(
    comparison: Comparison, naming: Naming, paid: Sequence[Line], served: Sequence[Line], n: int
) -> str:
    def changes(found: Sequence[Line], sign: int) -> list[Line]:
        kept = [line for line in found if line.verdict(n) is Verdict.DIFFERENT]
        kept = [line for line in kept if line.differences[n] * sign > 0]
        return sorted(kept, key=lambda line: -abs(line.differences[n]))

    shares = [line for line in served if line.group == "served_share"]
    parts = {
        "pays more": [f"{line.key or NOBODY_NAMED} {line.difference(n)}" for line in changes(paid, 1)],
        "pays less": [f"{line.key or NOBODY_NAMED} {line.difference(n)}" for line in changes(paid, -1)],
        "more are served in": [_place(naming, line, n) for line in changes(shares, 1)],
        "fewer in": [_place(naming, line, n) for line in changes(shares, -1)],
    }
    told = [f"{what}: {wording.listed(who, SHOWN)}" for what, who in parts.items() if who]
    return f"{comparison.given[n].name}: {'; '.join(told)}." if told else ""


def _place(naming: Naming, line: Line, n: int) -> str:
    return f"{naming.place(line.where)} ({line.difference(n)})"
