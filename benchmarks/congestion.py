"""Plans where every unit congests: capplan's search against HiGHS alone on the textbook formulation, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from threading import Barrier

from benchmarks.gaps import CAPPLAN, PLAIN, Log, Point, Race, by_capplan, options_within, race
from benchmarks.gaps_report import best_bound, best_plan, excess, gap_to, own_gap, share, spread, state_at
from benchmarks.page import markdown
from benchmarks.plain_queues import with_plain_queues
from capplan.formulation.build import build
from capplan.generate import Size, generate
from capplan.instance import Instance
from capplan.solver import highs
from capplan.solver.compiled import compile_model, paused_garbage_collector

MOMENTS = (30, 60, 120, 180, 300, 600)
YEARLY = 12
KINDS: Mapping[str, Mapping[str, bool]] = {
    "congestion on every unit": {"congestion": True},
    "congestion, schemes, budgets and wards": {"congestion": True, "investment": True},
}
"""What is compared, with the options of the generator that it takes."""

Races = Mapping[str, Sequence[Race]]


def measure(
    seeds: int, seconds: float, size: Size = "county", on_race: Callable[[str], object] = lambda _: None
) -> Races:
    """A race for each kind and seed, one after the other; `on_race` is told of each before it begins."""
    races: dict[str, list[Race]] = {}
    for kind, with_what in KINDS.items():
        for seed in range(seeds):
            on_race(f"{size} with {kind}, seed {seed}, {seconds:g} s")
            instance = generate(size, seed, capacity_changes_every=YEARLY, **with_what)
            points = race(instance, seconds, {CAPPLAN: by_capplan, PLAIN: by_plain_queues})
            races.setdefault(kind, []).append(Race(YEARLY, seed, points))
    return races


def by_plain_queues(barrier: Barrier, instance: Instance, seconds: float) -> list[Point]:
    """How HiGHS gets on by itself, at its default settings, with a binary for each size and shared tangents.

    Streams of people are aggregated as in capplan, so that what differs is how congestion is put and solved.
    """
    barrier.wait()
    log = Log()
    with paused_garbage_collector():
        compiled = compile_model(with_plain_queues(build(instance)))
        log.add(highs.solve(compiled, options_within(seconds - log.seconds), on_progress=log.add))
    return log.points


def report(races: Races, seconds: float) -> str:
    """Two tables for each kind: gaps, and plans against the best one known."""
    parts = []
    moments = [*(moment for moment in MOMENTS if moment < seconds), seconds]
    for kind, own in races.items():
        parts += [f"### {kind.capitalize()}", gaps(own, moments), plans(own, moments)]
    return "\n\n".join(parts)


def gaps(races: Sequence[Race], moments: Sequence[float]) -> str:
    """Gaps that each search has proved by then: median (best to worst) over the seeds, and to the best bound known."""
    rows = []
    for moment in moments:
        states = {name: [state_at(race.points[name], moment) for race in races] for name in (CAPPLAN, PLAIN)}
        own = [spread([own_gap(state) for state in states[name]]) for name in states]
        to_best = [
            spread([gap_to(state.plan, best_bound(race)) for state, race in zip(found, races, strict=True)])
            for found in states.values()
        ]
        rows.append((f"{moment:g}", *own, *to_best))
    names = CAPPLAN, "HiGHS alone"
    return markdown(("after, s", *names, *(f"{name}, to best bound known" for name in names)), rows)


def plans(races: Sequence[Race], moments: Sequence[float]) -> str:
    """By how much each plan costs more than the best one known: median over the seeds, and on how many capplan leads.

    HiGHS's plans are charged what its tangents say, up to 2 % of a queue less than the queue costs.
    """
    rows = []
    for moment in moments:
        over = {
            name: [excess(state_at(race.points[name], moment).plan, best_plan(race)) for race in races]
            for name in (CAPPLAN, PLAIN)
        }
        leads = sum(ours < theirs for ours, theirs in zip(*over.values(), strict=True))
        rows.append(
            (f"{moment:g}", *(share(median(found)) for found in over.values()), f"{leads} of {len(races)}")
        )
    return markdown(("plan after, s, over best known", CAPPLAN, "HiGHS alone", "capplan leads"), rows)
