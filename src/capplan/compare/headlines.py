"""The comparison in sentences: in short, what each plan differs by; then who gains and who pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

from capplan import wording
from capplan.compare.comparison import Comparison
from capplan.compare.differences import left_open
from capplan.compare.lines import Line, Naming, Verdict, lines, side_by_side
from capplan.sections import Section

CHANCE = "Plans whose costs do not differ may still differ in places: each is one of several that cost about the same."
SHOWN = 5
MANY = 24
NOBODY_NAMED = "nobody is named"


def in_short(comparison: Comparison) -> Section:
    """Cost, targets and people of each plan against the baseline's; then the notes."""
    sentences = [_sentence(comparison, n) for n in range(1, len(comparison.runs))]
    cost = _only(comparison, "cost")
    is_open = any(cost.verdict(n) is Verdict.OPEN for n in range(1, len(comparison.runs)))
    return Section(
        f"Compared with {comparison.baseline.name}",
        (*sentences, *([CHANCE] if is_open else []), *comparison.notes),
    )


def _only(comparison: Comparison, group: str) -> Line:
    return next(line for line in lines(comparison, group) if not (line.key or line.where))


def _sentence(comparison: Comparison, n: int) -> str:
    return f"{comparison.runs[n].name} {'; '.join(_parts(comparison, n))}."


def _parts(comparison: Comparison, n: int) -> Iterator[str]:
    yield _cost(comparison, n)
    yield _targets(comparison, n)
    yield from filter(
        None,
        (_people_more(comparison, n, "starts", "start"), _people_more(comparison, n, "unmet", "go without")),
    )


def _cost(comparison: Comparison, n: int) -> str:
    line = _only(comparison, "cost")
    difference, verdict = line.differences[n], line.verdict(n)
    word = "more" if difference > 0 else "less"
    if verdict in (Verdict.SAME, Verdict.NOT_KNOWN):
        return "costs the same" if verdict is Verdict.SAME else "says nothing of costs"
    if verdict is Verdict.OPEN:
        less, more = left_open(comparison.baseline.solved, comparison.runs[n].solved)
        open_gbp = wording.money(more if difference > 0 else less)
        return (
            f"costs no different: {wording.money(abs(difference))} {word}, and the gaps leave {open_gbp} open"
        )
    return f"costs {wording.money(abs(difference))} {word} ({line.change(n) or 'from nothing'})"


def _targets(comparison: Comparison, n: int) -> str:
    values = {line.group: line.values for line in lines(comparison, "targets_imposed", "targets_met")}
    if not values or isnan(values["targets_met"][n]):
        return "says nothing of targets"
    met, imposed = values["targets_met"][n], values["targets_imposed"][n]
    if not imposed:
        return "has no target imposed"
    sentence = f"meets {wording.number(met)} of {wording.count(imposed, 'imposed target')}"
    if (met, imposed) == (values["targets_met"][0], values["targets_imposed"][0]):
        return f"{sentence}, as {comparison.baseline.name} does"
    of = f"{wording.number(values['targets_met'][0])} of {wording.number(values['targets_imposed'][0])}"
    return f"{sentence} ({comparison.baseline.name} {of})"


def _people_more(comparison: Comparison, n: int, group: str, verb: str) -> str:
    totals = [line for line in lines(comparison, group) if not (line.key or line.where)]
    if not totals or totals[0].verdict(n) in (Verdict.SAME, Verdict.NOT_KNOWN):
        return ""
    difference = totals[0].differences[n]
    word = "more" if difference > 0 else "fewer"
    return f"{wording.visible(abs(difference))} {word} people {verb}"


def who_gains(comparison: Comparison, naming: Naming) -> tuple[Section, ...]:
    """A sentence for each plan, then funders and localities side by side."""
    paid = [line for line in lines(comparison, "cost_by_funder") if not line.is_nothing]
    gaps = [line for line in lines(comparison, "budget_gap") if not line.is_nothing]
    served = [line for line in lines(comparison, "served_share", "unmet") if line.where]
    is_funded = any(line.key for line in paid)
    payers = paid if is_funded else []
    every = (_gains_of(comparison, naming, payers, served, n) for n in range(1, len(comparison.runs)))
    sentences = [text for text in every if text]
    funders = side_by_side(comparison, [*paid, *gaps], ("funder", ""), _funder, MANY) if is_funded else None
    sections = [Section("Who gains and who pays", tuple(sentences), funders)] if funders or sentences else []
    places = _places(comparison, naming, served)
    return (*sections, places) if places else tuple(sections)


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


def _gains_of(
    comparison: Comparison, naming: Naming, paid: Sequence[Line], served: Sequence[Line], n: int
) -> str:
    def changes(candidates: Sequence[Line], sign: int) -> list[Line]:
        kept = [line for line in candidates if line.verdict(n) is Verdict.DIFFERENT]
        kept = [line for line in kept if line.differences[n] * sign > 0]
        return sorted(kept, key=lambda line: -abs(line.differences[n]))

    shares = [line for line in served if line.group == "served_share"]
    parts = {
        "pays more": [f"{line.key or NOBODY_NAMED} {line.difference(n)}" for line in changes(paid, 1)],
        "pays less": [f"{line.key or NOBODY_NAMED} {line.difference(n)}" for line in changes(paid, -1)],
        "more are served in": [_place(naming, line, n) for line in changes(shares, 1)],
        "fewer in": [_place(naming, line, n) for line in changes(shares, -1)],
    }
    phrases = [f"{what}: {wording.listed(who, SHOWN)}" for what, who in parts.items() if who]
    return f"{comparison.runs[n].name}: {'; '.join(phrases)}." if phrases else ""


def _place(naming: Naming, line: Line, n: int) -> str:
    return f"{naming.place(line.where)} ({line.difference(n)})"
