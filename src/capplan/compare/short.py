"""The comparison in a few sentences: one for each plan, and what a reader has to know besides."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from capplan import wording
from capplan.compare.comparison import Comparison
from capplan.compare.differences import left_open
from capplan.compare.lines import Line, Verdict, lines
from capplan.sections import Section

CHANCE = "Plans whose costs do not differ may still differ in places: each is one of several that cost about the same."


def in_short(comparison: Comparison) -> Section:
    """Cost, targets and people of each plan against the baseline's; then the notes."""
    told = [_told(comparison, n) for n in range(1, len(comparison.given))]
    cost = _only(comparison, "cost")
    is_open = any(cost.verdict(n) is Verdict.OPEN for n in range(1, len(comparison.given)))
    return Section(
        f"Compared with {comparison.baseline.name}",
        (*told, *([CHANCE] if is_open else []), *comparison.notes),
    )


def _only(comparison: Comparison, group: str) -> Line:
    return next(line for line in lines(comparison, group) if not (line.key or line.where))


def _told(comparison: Comparison, n: int) -> str:
    return f"{comparison.given[n].name} {'; '.join(_parts(comparison, n))}."


def _parts(comparison: Comparison, n: int) -> Iterator[str]:
    yield _cost(comparison, n)
    yield _targets(comparison, n)
    yield from filter(
        None, (_people(comparison, n, "starts", "start"), _people(comparison, n, "unmet", "go without"))
    )


def _cost(comparison: Comparison, n: int) -> str:
    line = _only(comparison, "cost")
    difference, verdict = line.differences[n], line.verdict(n)
    word = "more" if difference > 0 else "less"
    if verdict in (Verdict.SAME, Verdict.NOT_KNOWN):
        return "costs the same" if verdict is Verdict.SAME else "says nothing of costs"
    if verdict is Verdict.OPEN:
        less, more = left_open(comparison.baseline.solved, comparison.given[n].solved)
        open_gbp = wording.money(more if difference > 0 else less)
        return (
            f"costs no different: {wording.money(abs(difference))} {word}, and the gaps leave {open_gbp} open"
        )
    return f"costs {wording.money(abs(difference))} {word} ({line.change(n) or 'from nothing'})"


def _targets(comparison: Comparison, n: int) -> str:
    found = {line.group: line.values for line in lines(comparison, "targets_imposed", "targets_met")}
    if not found or isnan(found["targets_met"][n]):
        return "says nothing of targets"
    met, imposed = found["targets_met"][n], found["targets_imposed"][n]
    if not imposed:
        return "has no target imposed"
    told = f"meets {wording.number(met)} of {wording.count(imposed, 'imposed target')}"
    if (met, imposed) == (found["targets_met"][0], found["targets_imposed"][0]):
        return f"{told}, as {comparison.baseline.name} does"
    of = f"{wording.number(found['targets_met'][0])} of {wording.number(found['targets_imposed'][0])}"
    return f"{told} ({comparison.baseline.name} {of})"


def _people(comparison: Comparison, n: int, group: str, verb: str) -> str:
    found = [line for line in lines(comparison, group) if not (line.key or line.where)]
    if not found or found[0].verdict(n) in (Verdict.SAME, Verdict.NOT_KNOWN):
        return ""
    difference = found[0].differences[n]
    word = "more" if difference > 0 else "fewer"
    return f"{wording.visible(abs(difference))} {word} people {verb}"
