"""The questions that are solved for a place: its plan, today's capacity, its scenarios, and a few more."""

from __future__ import annotations

import capplan
from capplan import plan
from capplan.errors import Infeasible, InvalidInstance, UsageError
from capplan.instance import Instance
from capplan.question import Question
from capplan.runs import Run
from capplan.solved import Plan
from docs.places.place import AS_IS, BASE, Place

ASKS = frozenset({"scenarios", "ranges"})
"""Tables that ask further questions, and say nothing about the one at hand."""
WORDS = r"note|(.+_)?source"
"""Columns that are only read by people."""


def names(place: Place, instance: Instance) -> tuple[str, ...]:
    """Every run of the place: today's capacity, the plan, each scenario, and what else its page tells of."""
    return (AS_IS, BASE, *instance.scenarios["scenario"], *place.others)


def asked(place: Place, instance: Instance, name: str) -> str:
    """What a run asks, in words."""
    if name in (AS_IS, BASE):
        return {AS_IS: "Today's capacity", BASE: "The plan"}[name]
    scenarios = instance.scenarios.set_index("scenario")["name"]
    return str(scenarios[name]) if name in scenarios.index else "; ".join(place.others[name])


def question(place: Place, instance: Instance, name: str) -> Question:
    """What a run asks, and how closely it is to be answered."""
    scenario = name if name in set(instance.scenarios["scenario"]) else None
    changes = place.others.get(name, ())
    return Question(instance, changes, scenario, as_is=name == AS_IS, options=place.options_of(name))


def answer(place: Place, instance: Instance, name: str) -> Plan:
    """Solves a run and saves it; best effort where the targets cannot all be met. Raises SystemExit on bad data."""
    asks = question(place, instance, name)
    try:
        solved = _plan(asks)
    except InvalidInstance as error:
        raise SystemExit("\n".join(f"{name}: {problem}" for problem in error.problems)) from None
    place.runs_folder.mkdir(parents=True, exist_ok=True)
    capplan.write_run(solved, place.runs_folder / name, overrides=asks.changes, scenario=asks.scenario)
    return solved


def saved(place: Place, instance: Instance, name: str) -> Run | None:
    """The run that was saved for this very question, or None."""
    try:
        run = capplan.read_run(place.runs_folder / name)
    except UsageError:
        return None
    return run if _is_same(run.instance, question(place, instance, name).posed) else None


def _is_same(one: Instance, other: Instance) -> bool:
    """Whether two instances ask the same: other scenarios and ranges, and the words of a source, change no plan."""
    return _bare(one).fingerprint == _bare(other).fingerprint


def _bare(instance: Instance) -> Instance:
    kept = {
        name: table.loc[:, ~table.columns.str.fullmatch(WORDS)] for name, table in instance.written.items()
    }
    return instance.trusted(
        **{name: table.iloc[:0] if name in ASKS else table for name, table in kept.items()}
    )


def _plan(asks: Question) -> Plan:
    try:
        return plan.answer(asks)
    except Infeasible:
        return plan.answer(asks.at_best_effort())
