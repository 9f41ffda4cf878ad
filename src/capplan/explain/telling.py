"""An explanation as pages of text: what cannot all hold, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from capplan import wording
from capplan.explain import alike
from capplan.explain.because import reasons, whole_lots
from capplan.explain.conflict import Conflict
from capplan.explain.infeasible import Explanation
from capplan.explain.limit import Change, Kind, Limit
from capplan.explain.mends import Mend
from capplan.explain.rules import Naming, changed, rule
from capplan.sections import Section, grid

KINDS = {
    Kind.TARGETS: "targets",
    Kind.SPENDING: "targets on spending",
    Kind.DELAYS: "targets on delays",
    Kind.SHARES: "targets on shares",
    Kind.BUDGETS: "budgets",
    Kind.BEDS: "beds",
    Kind.SITES: "buildings",
    Kind.STAFF: "staff",
    Kind.SHIFTS: "shifts",
    Kind.HIRES: "recruitment",
    Kind.COVER: "cover",
    Kind.SUITABILITY: "whom care suits",
    Kind.WAITS: "waits",
    Kind.WITHOUT: "people who go without",
    Kind.TRAVEL: "journeys",
    Kind.DATES: "dates, lead and notice",
    Kind.SCHEMES: "schemes",
    Kind.OPENING: "the opening",
}
"""Kinds of limits in words."""
UNITS = {
    Kind.TARGETS: "person",
    Kind.SPENDING: "£",
    Kind.DELAYS: "unit",
    Kind.SHARES: "unit",
    Kind.BUDGETS: "£",
    Kind.BEDS: "bed",
    Kind.SITES: "building",
    Kind.STAFF: "WTE",
    Kind.SHIFTS: "shift",
    Kind.HIRES: "WTE a period",
    Kind.COVER: "shift",
    Kind.SUITABILITY: "share",
    Kind.WAITS: "day",
    Kind.WITHOUT: "person",
    Kind.TRAVEL: "minute",
    Kind.DATES: "period",
    Kind.SCHEMES: "scheme",
    Kind.OPENING: "person",
}
"""What a price of `--price` is for."""
COLUMNS = ("what gives way", "the least change", "with --set")
FEW = 8


def sections(explained: Explanation) -> tuple[Section, ...]:
    """The whole explanation."""
    return (*conflict_sections(explained), *_mend_sections(explained))


def conflict_sections(explained: Explanation) -> tuple[Section, ...]:
    """One section for each conflict: the limits in it, and what else it rests on."""
    if not explained.conflicts:
        return (
            Section(
                "Why there is no plan",
                ("No limits were found that conflict; where beds congest, the levels of service may.",),
            ),
        )
    naming = Naming(explained.instance)
    several = len(explained.conflicts) > 1
    return tuple(
        Section(
            f"These cannot all hold ({n} of {len(explained.conflicts)})" if several else _heading(conflict),
            tuple(_conflict(explained, conflict, naming)),
        )
        for n, conflict in enumerate(explained.conflicts, start=1)
    )


def _heading(conflict: Conflict) -> str:
    return "These cannot all hold" if len(conflict.limits) > 1 else "This cannot hold"


def _conflict(explained: Explanation, conflict: Conflict, naming: Naming) -> Iterator[str]:
    limits = sorted(
        (explained.limits[g] for g in conflict.limits), key=lambda limit: list(KINDS).index(limit.kind)
    )
    needed = {change.limit.key: change for change in conflict.needed}
    for own in alike.lines(limits):
        yield f"- {alike.told(own, naming)}{alike.would_do(own, needed, naming)}"
    if not conflict.is_minimal:
        yield "Time did not suffice to leave out those that are not needed for it."
    if conflict.is_whole:
        yield "Fractions of beds, posts or shifts would do; whole ones do not."
    if explained.model is None:
        return
    because = reasons(explained.model, [explained.rows[row] for row, _ in conflict.rows], naming)
    because += whole_lots(explained.model, naming) if conflict.is_whole else []
    if because:
        yield f"For {wording.listed(because, FEW, '; ')}."


def _mend_sections(explained: Explanation) -> Iterator[Section]:
    if not explained.mends:
        return
    naming = Naming(explained.instance)
    helping = [mend for mend in explained.mends if mend.changes]
    rows = [row for mend in helping for row in _rows(mend, naming)]
    lines = [_apart(helping)] if helping else []
    empty = [mend for mend in explained.mends if not mend.changes and len(mend.kinds) == 1]
    useless = [_kinds(mend) for mend in empty if mend.is_checked is None]
    if useless:
        lines.append(f"Not enough alone, however far: {wording.listed(useless, len(useless))}.")
    missed = [_kinds(mend) for mend in empty if mend.is_checked is False]
    if missed:
        lines.append(
            f"Enough, but no change that gives a plan was found: {wording.listed(missed, len(missed))}."
        )
    lines += _doubts(helping)
    table = grid(COLUMNS, rows) if rows else None
    yield Section("The least that would mend it, one kind of limit at a time", tuple(lines), table)
    yield _together(explained, naming)


def _apart(mends: Sequence[Mend]) -> str:
    if all(len(mend.changes) == 1 for mend in mends):
        return "Each line of the list is enough by itself."
    return "What stands under one heading is needed together, and enough by itself."


def _kinds(mend: Mend) -> str:
    return wording.listed([KINDS[kind] for kind in mend.kinds], len(mend.kinds))


def _doubts(mends: Sequence[Mend]) -> list[str]:
    unsure = [_kinds(mend) for mend in mends if mend.is_checked is None]
    more = [_kinds(mend) for mend in mends if mend.is_checked and not mend.is_least]
    lines = [f"Not tried out for want of time: {wording.listed(unsure, len(unsure))}."] if unsure else []
    return lines + ([f"Less may do: {wording.listed(more, len(more))}."] if more else [])


def _together(explained: Explanation, naming: Naming) -> Section:
    heading = "Several kinds together"
    if explained.together is None:
        line = (
            "People and pounds are not added up unasked: say what each is worth, "
            "such as --price targets=2000 --price beds=20000 (for each person, each bed)."
        )
        return Section(heading, (line,))
    if not explained.together.changes:
        return Section(heading, ("These kinds are not enough, however far.",))
    rows = _rows(explained.together, naming)
    return Section(heading, ("All of these, at the prices given.",), grid(COLUMNS, rows))


def _rows(mend: Mend, naming: Naming) -> list[tuple[str, ...]]:
    """A row a change; what gives way is named once."""
    return [
        (_kinds(mend) if n == 0 else "", changed(change.limit, change.value, naming), change.override)
        for n, change in enumerate(mend.changes)
    ]


def as_table(explained: Explanation) -> pd.DataFrame:
    """One row a limit in conflict or a change: part, number, kind, table, column, says, from, to, override, is_checked.

    `part` is conflict, mend (of one kind) or together; `number` tells conflicts or mends apart. Values are in the
    cell's own unit.
    """
    naming = Naming(explained.instance)
    rows = [
        _row("conflict", n, explained.limits[g], rule(explained.limits[g], naming))
        for n, conflict in enumerate(explained.conflicts, start=1)
        for g in conflict.limits
    ]
    mends = [("mend", n, mend) for n, mend in enumerate(explained.mends, start=1)]
    mends += [("together", 1, explained.together)] if explained.together is not None else []
    rows += [
        _row(part, n, change.limit, changed(change.limit, change.value, naming), change, mend)
        for part, n, mend in mends
        for change in mend.changes
    ]
    columns = [
        "part",
        "number",
        "kind",
        "table",
        "column",
        "says",
        "from",
        "to",
        "override",
        "is_checked",
        "is_least",
    ]
    return pd.DataFrame(rows, columns=columns)


def _row(
    part: str, number: int, limit: Limit, says: str, change: Change | None = None, mend: Mend | None = None
) -> dict[str, object]:
    return {
        "part": part,
        "number": number,
        "kind": limit.kind.value,
        "table": limit.table,
        "column": limit.column,
        "says": says,
        "from": limit.value,
        "to": None if change is None else change.value,
        "override": None if change is None else change.override,
        "is_checked": None if mend is None else mend.is_checked,
        "is_least": None if mend is None else mend.is_least,
    }
