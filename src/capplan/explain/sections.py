"""An explanation for readers: as pages of text, as a table, and as data that an error can carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from capplan import errors, wording
from capplan.errors import CapplanError, Infeasible
from capplan.explain import similar_limits
from capplan.explain.conflict import Conflict
from capplan.explain.infeasible import Explanation, explain_infeasible
from capplan.explain.limits.limit import Change, Kind, Limit
from capplan.explain.mends import Mend
from capplan.explain.reasons import reasons, whole_lots
from capplan.explain.rules import Naming, changed, rule
from capplan.instance import Instance
from capplan.question import Question
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
TODAY_HAS_NO_PLAN = (
    "Today's capacity is fixed here and decides nothing, so that nothing of it can give way: people cannot be cared "
    "for with it as the instance says. What would be needed is a question for the plan (the same without do_nothing or "
    "--as-is)."
)


def sections(explanation: Explanation) -> tuple[Section, ...]:
    """The whole explanation."""
    return (*conflict_sections(explanation), *_mend_sections(explanation))


def conflict_sections(explanation: Explanation) -> tuple[Section, ...]:
    """One section for each conflict: the limits in it, and what else it rests on."""
    if not explanation.conflicts:
        return (
            Section(
                "Why there is no plan",
                ("No limits were found that conflict; where beds congest, the levels of service may.",),
            ),
        )
    naming = Naming(explanation.instance)
    several = len(explanation.conflicts) > 1
    return tuple(
        Section(
            f"These cannot all hold ({n} of {len(explanation.conflicts)})" if several else _heading(conflict),
            tuple(_conflict_lines(explanation, conflict, naming)),
        )
        for n, conflict in enumerate(explanation.conflicts, start=1)
    )


def _heading(conflict: Conflict) -> str:
    return "These cannot all hold" if len(conflict.limits) > 1 else "This cannot hold"


def _conflict_lines(explanation: Explanation, conflict: Conflict, naming: Naming) -> Iterator[str]:
    limits = sorted(
        (explanation.limits[g] for g in conflict.limits), key=lambda limit: list(KINDS).index(limit.kind)
    )
    needed = {change.limit.key: change for change in conflict.needed}
    for line in similar_limits.lines(limits):
        yield f"- {similar_limits.line_of(line, naming)}{similar_limits.would_do(line, needed, naming)}"
    if not conflict.is_minimal:
        yield "Time did not suffice to leave out those that are not needed for it."
    if conflict.is_whole:
        yield "Fractions of beds, posts or shifts would do; whole ones do not."
    if explanation.model is None:
        return
    sentences = reasons(explanation.model, [explanation.rows[row] for row, _ in conflict.rows], naming)
    sentences += whole_lots(explanation.model, naming) if conflict.is_whole else []
    if sentences:
        yield f"For {wording.listed(sentences, FEW, '; ')}."


def _mend_sections(explanation: Explanation) -> Iterator[Section]:
    if not explanation.mends:
        return
    naming = Naming(explanation.instance)
    helping = [mend for mend in explanation.mends if mend.changes]
    rows = [row for mend in helping for row in _rows(mend, naming)]
    lines = [_apart(helping)] if helping else []
    empty = [mend for mend in explanation.mends if not mend.changes and len(mend.kinds) == 1]
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
    yield _together(explanation, naming)


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


def _together(explanation: Explanation, naming: Naming) -> Section:
    heading = "Several kinds together"
    if explanation.together is None:
        line = (
            "People and pounds are not added up unasked: say what each is worth, "
            "such as --price targets=2000 --price beds=20000 (for each person, each bed)."
        )
        return Section(heading, (line,))
    if not explanation.together.changes:
        return Section(heading, ("These kinds are not enough, however far.",))
    rows = _rows(explanation.together, naming)
    return Section(heading, ("All of these, at the prices given.",), grid(COLUMNS, rows))


def _rows(mend: Mend, naming: Naming) -> list[tuple[str, ...]]:
    """A row a change; what gives way is named once."""
    return [
        (_kinds(mend) if n == 0 else "", changed(change.limit, change.value, naming), change.override)
        for n, change in enumerate(mend.changes)
    ]


def as_table(explanation: Explanation) -> pd.DataFrame:
    """One row a limit in conflict or a change: part, number, kind, table, column, says, from, to, override, is_checked.

    `part` is conflict, mend (of one kind) or together; `number` tells conflicts or mends apart. Values are in the
    cell's own unit.
    """
    naming = Naming(explanation.instance)
    rows = [
        _row("conflict", n, explanation.limits[g], rule(explanation.limits[g], naming))
        for n, conflict in enumerate(explanation.conflicts, start=1)
        for g in conflict.limits
    ]
    mends = [("mend", n, mend) for n, mend in enumerate(explanation.mends, start=1)]
    mends += [("together", 1, explanation.together)] if explanation.together is not None else []
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


def with_conflicts(error: Infeasible, question: Question) -> Infeasible:
    """The error with the conflicts of its question, sought now."""
    return Infeasible(str(error), conflicts_of(question))


def conflicts_of(question: Question) -> tuple[errors.Conflict, ...]:
    """What cannot all hold in a question without a plan; nothing where that is not found.

    At best effort no target is asked for. Today's capacity decides nothing, so that nothing of it could give way.
    """
    if question.is_as_is:
        return ()
    instance = _without_targets(question.posed) if question.best_effort else question.posed
    try:
        return as_data(explain_infeasible(instance, question.options, with_mends=False))
    except CapplanError:
        return ()  # what is told is that there is no plan


def as_data(explanation: Explanation) -> tuple[errors.Conflict, ...]:
    """The conflicts of an explanation without its model."""
    naming = Naming(explanation.instance)
    return tuple(
        errors.Conflict(
            tuple(_limit_as_data(explanation.limits[g], naming) for g in conflict.limits),
            (section.heading, *section.lines),
            conflict.is_minimal,
        )
        for conflict, section in zip(explanation.conflicts, conflict_sections(explanation), strict=False)
    )


def _limit_as_data(limit: Limit, naming: Naming) -> errors.ConflictingLimit:
    key = tuple((column, ";".join(values)) for column, values in limit.filters)
    return errors.ConflictingLimit(limit.kind.value, limit.table, limit.column, key, rule(limit, naming))


def _without_targets(instance: Instance) -> Instance:
    """A copy in which no target is imposed, as for a plan that may miss them all."""
    written = instance.written["targets"]
    no = pd.Series(False, index=written.index, dtype="boolean")
    return instance.trusted(targets=written.assign(is_imposed=no))
