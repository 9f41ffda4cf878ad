"""The tables of the comparison of searches: gaps after some seconds, seconds to some gaps, early plans."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.gaps import CADENCES, CAPPLAN, PLAIN, Point, Race
from benchmarks.page import markdown, times
from capplan.solver.outcome import relative_gap

SECONDS = (10, 30, 60, 120)
LEVELS = (0.2, 0.1, 0.05, 0.03, 0.02, 0.015, 0.01, 0.005)
EARLY = 30
SEARCHES = (CAPPLAN, PLAIN)


def report(races: Sequence[Race], seconds: float) -> str:
    """All tables, the cadences one after the other."""
    parts = []
    for every, name in CADENCES.items():
        own = [race for race in races if race.every == every]
        if own:
            tables = seconds_to_gaps(own, seconds), gaps_after_seconds(own, seconds), early_plans(own)
            parts += [f"### {name.capitalize()}", *tables]
    return "\n\n".join(parts)


def seconds_to_gaps(races: Sequence[Race], seconds: float) -> str:
    """For each gap the seconds to it, the median over the seeds, and how many got there."""
    rows = []
    for level in LEVELS:
        taken = {name: [seconds_to(race.points[name], level) for race in races] for name in SEARCHES}
        middle = {name: median(taken[name]) for name in SEARCHES}
        reached = [
            f"{_seconds(middle[name], seconds)} ({sum(map(math.isfinite, taken[name]))} of {len(races)})"
            for name in SEARCHES
        ]
        rows.append((share(level), _ratio(middle[CAPPLAN], middle[PLAIN], seconds), *reached))
    head = (
        "gap",
        "ratio",
        "capplan: s (seeds that got there)",
        "plain formulation: s (seeds that got there)",
    )
    return markdown(head, rows)


def gaps_after_seconds(races: Sequence[Race], seconds: float) -> str:
    """Gaps after some seconds: median (best to worst) over the seeds, by own bound and by the best one known."""
    rows = []
    for moment in (moment for moment in SECONDS if moment <= seconds):
        own = [spread([own_gap(state_at(race.points[name], moment)) for race in races]) for name in SEARCHES]
        best = [
            spread([gap_to(state_at(race.points[name], moment).plan, best_bound(race)) for race in races])
            for name in SEARCHES
        ]
        rows.append((moment, *own, *best))
    head = (
        "after, s",
        "capplan",
        "plain formulation",
        "capplan, to best bound known",
        "plain formulation, to best bound known",
    )
    return markdown(head, rows)


def early_plans(races: Sequence[Race]) -> str:
    """By how much each search's plan after 30 s costs more than the best plan known for the instance."""
    rows = [
        (
            f"seed {race.seed}",
            *(share(excess(state_at(race.points[name], EARLY).plan, best_plan(race))) for name in SEARCHES),
        )
        for race in races
    ]
    head = (f"plan after {EARLY} s over best known", "capplan", "plain formulation")
    return markdown(head, rows)


def state_at(points: Sequence[Point], seconds: float) -> Point:
    """What was known by then."""
    return [point for point in points if point.seconds <= seconds][-1]


def seconds_to(points: Sequence[Point], level: float) -> float:
    """Seconds until the search's own gap was that small; infinite where it never was."""
    return next((point.seconds for point in points if own_gap(point) <= level), math.inf)


def best_plan(race: Race) -> float | None:
    """The cheapest plan that either search found."""
    return _over_both(race, min, lambda point: point.plan)


def best_bound(race: Race) -> float | None:
    """The highest bound that either search proved."""
    return _over_both(race, max, lambda point: point.bound)


def _over_both(race: Race, best: Callable[..., float], what: Callable[[Point], float | None]) -> float | None:
    known = [number for points in race.points.values() if (number := what(points[-1])) is not None]
    return best(known) if known else None


def own_gap(point: Point) -> float:
    """The gap that the search itself knows of; infinite without plan or bound."""
    return gap_to(point.plan, point.bound)


def gap_to(plan: float | None, bound: float | None) -> float:
    """The gap between a plan and a bound; infinite where one is not known."""
    gap = relative_gap(plan, bound)
    return math.inf if gap is None else gap


def excess(plan: float | None, best: float | None) -> float:
    """By how much of it a plan costs more than the best; infinite without a plan."""
    return math.inf if plan is None or best is None else plan / best - 1


def spread(gaps: Sequence[float]) -> str:
    """Median (best to worst)."""
    return f"{share(median(gaps))} ({share(min(gaps))} to {share(max(gaps))})"


def share(number: float) -> str:
    """In per cent."""
    return f"{100 * number:.2f} %" if math.isfinite(number) else "none"


def _seconds(number: float, limit: float) -> str:
    return f"{number:.1f}" if math.isfinite(number) else f"> {limit:g}"


def _ratio(ours: float, plain: float, limit: float) -> str:
    """How many times as long the plain formulation took; a bound where one of them did not get there."""
    if math.isinf(ours) and math.isinf(plain):
        return "–"
    sign = "> " if math.isinf(plain) else "< " if math.isinf(ours) else ""
    return sign + times(min(plain, limit) / min(ours, limit))
