"""Scenarios by name, and their results side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from capplan.errors import CapplanError, Infeasible, InvalidInstance, UsageError
from capplan.instance import Instance
from capplan.schema.columns import Column, Kind
from capplan.schema.names import directory_of
from capplan.schema.text import Unreadable
from capplan.solved import Plan
from capplan.today import is_do_nothing

ALL = "all"
NUMBERS = ("objective", "cost_paid", "targets_imposed", "targets_met")


def scenario_keys(instance: Instance, names: Sequence[str]) -> tuple[str, ...]:
    """Keys of the scenarios named by key or display name, or of all; UsageError for one that is not there.

    Every instance has `do_nothing`, which is not one of `all`.
    """
    keys = instance.table("scenarios")["scenario"]
    if ALL in names and ALL not in set(keys):
        if keys.empty:
            raise UsageError(f"the instance has no scenarios; {instance.form.place('scenarios')} lists them")
        return tuple(keys)
    return tuple(dict.fromkeys(_key(instance, name) for name in names))


def _key(instance: Instance, name: str) -> str:
    if is_do_nothing(instance, name):
        return name
    column = Column("scenario", Kind.NAME, "The scenario.", refers_to=("scenarios",))
    try:
        return str(directory_of(column, instance.written, instance.form.place, {}).find(name))
    except Unreadable as reason:
        raise UsageError(f"scenario '{name}' {reason.why}; {reason.what_now}") from None


def comparison(found: Mapping[str, Plan | CapplanError]) -> pd.DataFrame:
    """One row per scenario: result, cost_gbp (discounted), paid_gbp [£], targets imposed and met [rows]."""
    rows = [_row(scenario, result) for scenario, result in found.items()]
    return pd.DataFrame(
        rows, columns=["scenario", "result", "cost_gbp", "paid_gbp", "targets_imposed", "targets_met"]
    )


def _row(scenario: str, result: Plan | CapplanError) -> tuple[str | float, ...]:
    if isinstance(result, CapplanError):
        return (scenario, _why(result), *[float("nan")] * len(NUMBERS))
    summary = result.tables["summary"].set_index("measure")["value"]
    return (scenario, result.result.holds.value, *(float(summary[name]) for name in NUMBERS))


def _why(error: CapplanError) -> str:
    if isinstance(error, Infeasible):
        return "infeasible"
    return "invalid" if isinstance(error, InvalidInstance) else "stopped without a plan"
