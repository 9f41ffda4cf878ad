"""All numbers of a place's page: from its saved runs, its instance and the relaxations of its what-ifs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pandas import isna

import capplan
from capplan.digest.names import display_names
from capplan.errors import Severity
from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.overrides import apply_overrides
from capplan.solver import highs
from capplan.solver.compiled import compile_model, paused_garbage_collector
from capplan.sources import sources
from docs.places import questions
from docs.places.numbers import capacity_numbers, run_numbers
from docs.places.place import Place


def collect(place: Place, instance: Instance) -> dict[str, Any]:
    """Every number of the page. Raises SystemExit where a run is missing or is of another instance."""
    names = questions.names(place, instance)
    runs = {name: questions.saved(place, instance, name) for name in names}
    if missing := [name for name, run in runs.items() if run is None]:
        raise SystemExit(f"no run of this instance: {', '.join(missing)} (make places PLACE={place.name})")
    told = {name: run for name, run in runs.items() if run is not None}
    return {
        "fingerprint": instance.fingerprint,
        "gap": place.options.gap,
        "size": _size(instance),
        "names": _names(instance),
        "asks": {name: questions.asked(place, instance, name) for name in names},
        "document": _document(place, instance),
        "check": _warnings(instance),
        "sources": {kind: int(n) for kind, n in sources(instance)["kind"].value_counts().items()},
        "runs": {name: run_numbers(run) for name, run in told.items()},
        "capacity": {name: capacity_numbers(told[name], place.months) for name in place.detailed},
        "what_ifs": _what_ifs(place, instance),
    }


def _names(instance: Instance) -> Mapping[str, Mapping[str, str]]:
    """Display names by table and key; those of targets are not shown."""
    names = {table: dict(keys) for table, keys in display_names(instance).items() if table != "targets"}
    schemes = instance.table("schemes")
    return {
        **names,
        "schemes": dict(zip(schemes["scheme"], schemes["name"].fillna(schemes["scheme"]), strict=True)),
    }


def _size(instance: Instance) -> Mapping[str, int]:
    """How large the question is: rows of what a reader can picture, and periods."""
    tables = ("localities", "hospitals", "sites", "pathways", "packages")
    return {**{name: len(instance.table(name)) for name in tables}, "periods": instance.settings.periods}


def _warnings(instance: Instance) -> Mapping[str, str]:
    """What check warns of, by rule and value."""
    return {
        f"{p.rule}_{p.value}": f"{p.place} row {p.row}, {p.column}: {p.message}"
        for p in capplan.check(instance)
        if p.severity is Severity.WARNING
    }


def _document(place: Place, instance: Instance) -> dict[str, tuple[float | None, float | None]]:
    """Today's number and the target of each line: a year's people, or the share as it is; None where not given."""
    targets = instance.targets.set_index("target").loc[list(place.lines)]
    return {str(name): _line(row) for name, row in targets.iterrows()}


def _line(row: Any) -> tuple[float | None, float | None]:
    times = 12 if row["unit"] == "per_month" else 1
    before = None if isna(row["baseline"]) else times * row["baseline"]
    increase = before or 0.0 if row["value_is"] == "increase" else 0.0
    return before, None if isna(row["value"]) else increase + times * row["value"]


def _what_ifs(place: Place, instance: Instance) -> Mapping[str, float | None]:
    """What each change adds to the least cost [£], whole numbers let go; None where nothing is feasible."""
    if not place.what_ifs:
        return {}
    least = _relaxed_cost(place, instance)
    if least is None:
        raise SystemExit("the plan has no relaxation to compare with")
    costs = {
        name: _relaxed_cost(place, apply_overrides(instance, texts)) for name, texts in place.what_ifs.items()
    }
    return {name: None if cost is None else round(cost - least) for name, cost in costs.items()}


def _relaxed_cost(place: Place, instance: Instance) -> float | None:
    """The least cost where beds, posts and crews need not be whole numbers: exact, so small changes show."""
    with paused_garbage_collector():
        compiled = compile_model(build(instance)).relaxed()
        outcome = highs.solve(compiled, replace(place.options, time_limit=None), lp_method="ipm")
    return None if outcome.values is None else outcome.objective
